"""E-mails about a change of one's e-mail address, in five languages."""

from actions.kit.email import Email, Text

CONFIRM_ADDRESS = Email(
    "confirm_new_address",
    link="/link#email=",
    en=Text(
        "Confirm your new e-mail address",
        (
            "Hello,",
            (
                "Someone, perhaps you, wants to sign in with this address from now on. The link "
                "is valid for 24 hours."
            ),
            "If it was not you, ignore this message.",
        ),
        "Confirm my new address",
    ),
    es=Text(
        "Confirma tu nueva dirección de correo",
        (
            "Hola:",
            (
                "Alguien, quizá tú, quiere iniciar sesión con esta dirección a partir de ahora. "
                "El enlace es válido durante 24 horas."
            ),
            "Si no fuiste tú, ignora este mensaje.",
        ),
        "Confirmar mi nueva dirección",
    ),
    fr=Text(
        "Confirmez votre nouvelle adresse e-mail",
        (
            "Bonjour,",
            (
                "Quelqu’un, peut-être vous, veut se connecter avec cette adresse désormais. Le "
                "lien est valable 24 heures."
            ),
            "Si ce n’était pas vous, ignorez ce message.",
        ),
        "Confirmer ma nouvelle adresse",
    ),
    ar=Text(
        "أكّد عنوان بريدك الجديد",
        (
            "مرحبًا،",
            "يريد شخص ما، ربما أنت، تسجيل الدخول بهذا العنوان من الآن. الرابط صالح لمدة 24 ساعة.",
            "إذا لم تكن أنت فتجاهل هذه الرسالة.",
        ),
        "تأكيد عنواني الجديد",
    ),
    pt=Text(
        "Confirme seu novo endereço de e-mail",
        (
            "Olá,",
            (
                "Alguém, talvez você, quer entrar com este endereço de agora em diante. O link é "
                "válido por 24 horas."
            ),
            "Se não foi você, ignore esta mensagem.",
        ),
        "Confirmar meu novo endereço",
    ),
)

CHANGE_REQUESTED = Email(
    "address_change_requested",
    link="/link#undo-email=",
    en=Text(
        "Your e-mail address is about to change",
        (
            "Hello,",
            (
                "Someone, perhaps you, asked to change the e-mail address that you sign in with. "
                "It changes once the new address is confirmed."
            ),
            "If it was not you, stop the change now, and then change your password.",
        ),
        "Stop the change",
    ),
    es=Text(
        "Tu dirección de correo va a cambiar",
        (
            "Hola:",
            (
                "Alguien, quizá tú, pidió cambiar la dirección de correo de tu usuario. Cambiará "
                "cuando se confirme la nueva."
            ),
            "Si no fuiste tú, detenlo ahora y después cambia tu contraseña.",
        ),
        "Detener el cambio",
    ),
    fr=Text(
        "Votre adresse e-mail va changer",
        (
            "Bonjour,",
            (
                "Quelqu’un, peut-être vous, a demandé à changer l’adresse e-mail de votre "
                "utilisateur. Elle changera quand la nouvelle sera confirmée."
            ),
            "Si ce n’était pas vous, arrêtez-le maintenant, puis changez votre mot de passe.",
        ),
        "Arrêter le changement",
    ),
    ar=Text(
        "عنوان بريدك على وشك التغيير",
        (
            "مرحبًا،",
            "طلب شخص ما، ربما أنت، تغيير عنوان بريد حسابك. سيتغير عند تأكيد العنوان الجديد.",
            "إذا لم تكن أنت فأوقف ذلك الآن ثم غيّر كلمة مرورك.",
        ),
        "إيقاف التغيير",
    ),
    pt=Text(
        "Seu endereço de e-mail vai mudar",
        (
            "Olá,",
            (
                "Alguém, talvez você, pediu para mudar o endereço de e-mail do seu usuário. Ele "
                "muda quando o novo for confirmado."
            ),
            "Se não foi você, interrompa agora e depois troque sua senha.",
        ),
        "Interromper a mudança",
    ),
)

CHANGED_OLD = Email(
    "address_changed_from",
    link="/link#undo-email=",
    en=Text(
        "Your e-mail address was changed",
        (
            "Hello,",
            "You now sign in with another address. This one is no longer used.",
            "If it was not you, undo it within 7 days. All sessions end, and you choose a new password.",
        ),
        "Undo the change",
    ),
    es=Text(
        "Tu dirección de correo ha cambiado",
        (
            "Hola:",
            "Tu usuario inicia sesión ahora con otra dirección. Esta ya no se usa.",
            "Si no fuiste tú, deshazlo en 7 días. Se cierran todas las sesiones y eliges otra contraseña.",
        ),
        "Deshacer el cambio",
    ),
    fr=Text(
        "Votre adresse e-mail a changé",
        (
            "Bonjour,",
            ("Votre utilisateur se connecte désormais avec une autre adresse. Celle-ci n’est plus utilisée."),
            (
                "Si ce n’était pas vous, annulez-le sous 7 jours. Toutes les sessions se ferment "
                "et vous choisissez un nouveau mot de passe."
            ),
        ),
        "Annuler le changement",
    ),
    ar=Text(
        "تغيّر عنوان بريدك",
        (
            "مرحبًا،",
            "يسجّل حسابك الدخول الآن بعنوان آخر. لم يعد هذا العنوان مستخدمًا.",
            "إذا لم تكن أنت فتراجع عنه خلال 7 أيام. تنتهي كل الجلسات وتختار كلمة مرور جديدة.",
        ),
        "التراجع عن التغيير",
    ),
    pt=Text(
        "Seu endereço de e-mail mudou",
        (
            "Olá,",
            "Seu usuário agora entra com outro endereço. Este não é mais usado.",
            (
                "Se não foi você, desfaça em até 7 dias. Todas as sessões são encerradas e você "
                "escolhe uma nova senha."
            ),
        ),
        "Desfazer a mudança",
    ),
)

CHANGED_NEW = Email(
    "address_changed_to",
    en=Text(
        "This is your new e-mail address",
        (
            "Hello,",
            "You sign in with this address from now on. Your other sessions have ended.",
        ),
    ),
    es=Text(
        "Esta es tu nueva dirección de correo",
        (
            "Hola:",
            (
                "A partir de ahora, tu usuario inicia sesión con esta dirección. Tus otras "
                "sesiones se han cerrado."
            ),
        ),
    ),
    fr=Text(
        "Voici votre nouvelle adresse e-mail",
        (
            "Bonjour,",
            (
                "Votre utilisateur se connecte désormais avec cette adresse. Vos autres sessions "
                "ont été fermées."
            ),
        ),
    ),
    ar=Text(
        "هذا عنوان بريدك الجديد",
        (
            "مرحبًا،",
            "يسجّل حسابك الدخول بهذا العنوان من الآن. أُنهيت جلساتك الأخرى.",
        ),
    ),
    pt=Text(
        "Este é o seu novo endereço de e-mail",
        (
            "Olá,",
            (
                "De agora em diante, seu usuário entra com este endereço. Suas outras sessões "
                "foram encerradas."
            ),
        ),
    ),
)

EMAILS = (CONFIRM_ADDRESS, CHANGE_REQUESTED, CHANGED_OLD, CHANGED_NEW)
