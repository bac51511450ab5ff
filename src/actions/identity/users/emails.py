"""E-mails about people about their own sign-in, in five languages."""

from actions.kit.email import Email, Text

VERIFY_EMAIL = Email(
    "verify_email",
    link="/link#verify=",
    en=Text(
        "Confirm your e-mail address",
        ("Hello,", "Please confirm that this is your e-mail address. The link is valid for 48 hours."),
        "Confirm my address",
    ),
    es=Text(
        "Confirma tu dirección de correo",
        ("Hola:", "confirma que esta dirección es tuya. El enlace es válido durante 48 horas."),
        "Confirmar mi dirección",
    ),
    fr=Text(
        "Confirmez votre adresse e-mail",
        ("Bonjour,", "confirmez que cette adresse est la vôtre. Le lien est valable 48 heures."),
        "Confirmer mon adresse",
    ),
    ar=Text(
        "أكّد عنوان بريدك الإلكتروني",
        ("مرحبًا،", "يرجى تأكيد أن هذا العنوان لك. الرابط صالح لمدة 48 ساعة."),
        "تأكيد عنواني",
    ),
    pt=Text(
        "Confirme seu endereço de e-mail",
        ("Olá,", "confirme que este endereço é seu. O link é válido por 48 horas."),
        "Confirmar meu endereço",
    ),
)

ALREADY_REGISTERED = Email(
    "already_registered",
    link="/graphql",
    en=Text(
        "You have already signed up",
        (
            "Hello,",
            (
                "Someone, perhaps you, tried to sign up with this e-mail address. You have already "
                "signed up: just sign in."
            ),
            "If you forgot your password, you can choose a new one.",
        ),
        "Sign in",
    ),
    es=Text(
        "Ya tienes un usuario",
        (
            "Hola:",
            (
                "alguien, quizá tú, intentó registrarse con esta dirección. Ya tienes un usuario: solo "
                "inicia sesión."
            ),
            "Si has olvidado tu contraseña, pide una nueva.",
        ),
        "Iniciar sesión",
    ),
    fr=Text(
        "Vous avez déjà un utilisateur",
        (
            "Bonjour,",
            (
                "quelqu’un, peut-être vous, a voulu s’inscrire avec cette adresse. Vous avez déjà un "
                "utilisateur : connectez-vous."
            ),
            "Si vous avez oublié votre mot de passe, demandez-en un nouveau.",
        ),
        "Se connecter",
    ),
    ar=Text(
        "لديك مستخدم بالفعل",
        (
            "مرحبًا،",
            "حاول شخص ما، ربما أنت، التسجيل بهذا العنوان. لديك مستخدم بالفعل: ما عليك إلا تسجيل الدخول.",
            "إذا نسيت كلمة المرور فاطلب كلمة جديدة.",
        ),
        "تسجيل الدخول",
    ),
    pt=Text(
        "Você já tem um usuário",
        (
            "Olá,",
            (
                "alguém, talvez você, tentou se cadastrar com este endereço. Você já tem um usuário: "
                "basta entrar."
            ),
            "Se esqueceu sua senha, peça uma nova.",
        ),
        "Entrar",
    ),
)

RESET_PASSWORD = Email(
    "reset_password",
    link="/link#reset=",
    en=Text(
        "Choose a new password",
        (
            "Hello,",
            "Someone, perhaps you, asked to reset your password. The link works once and expires soon.",
            "If it was not you, ignore this message. Your password stays the same.",
        ),
        "Choose a password",
    ),
    es=Text(
        "Elige una contraseña nueva",
        (
            "Hola:",
            "alguien, quizá tú, pidió una contraseña nueva. El enlace sirve una vez y por poco tiempo.",
            "Si no fuiste tú, no hagas nada: tu contraseña sigue igual.",
        ),
        "Elegir contraseña",
    ),
    fr=Text(
        "Choisissez un nouveau mot de passe",
        (
            "Bonjour,",
            (
                "quelqu’un, peut-être vous, a demandé un nouveau mot de passe. Le lien sert une seule "
                "fois et expire bientôt."
            ),
            "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.",
        ),
        "Choisir un mot de passe",
    ),
    ar=Text(
        "اختر كلمة مرور جديدة",
        (
            "مرحبًا،",
            "طلب شخص ما، ربما أنت، كلمة مرور جديدة. يعمل الرابط مرة واحدة وتنتهي صلاحيته قريبًا.",
            "إذا لم تكن أنت فلا تفعل شيئًا: كلمة مرورك تبقى كما هي.",
        ),
        "اختيار كلمة مرور",
    ),
    pt=Text(
        "Escolha uma nova senha",
        (
            "Olá,",
            "alguém, talvez você, pediu uma nova senha. O link serve uma só vez e expira em breve.",
            "Se não foi você, não faça nada: sua senha continua a mesma.",
        ),
        "Escolher uma senha",
    ),
)

PASSWORD_CHANGED = Email(
    "password_changed",
    en=Text(
        "Your password was changed",
        (
            "Hello,",
            "Your password was changed, and your other sessions were ended.",
            "If it was not you, reset your password now.",
        ),
    ),
    es=Text(
        "Tu contraseña ha cambiado",
        (
            "Hola:",
            "tu contraseña acaba de cambiar y tus otras sesiones se han cerrado.",
            "Si no fuiste tú, pide enseguida una contraseña nueva.",
        ),
    ),
    fr=Text(
        "Votre mot de passe a changé",
        (
            "Bonjour,",
            "votre mot de passe vient de changer, et vos autres sessions ont été fermées.",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe.",
        ),
    ),
    ar=Text(
        "تغيّرت كلمة مرورك",
        (
            "مرحبًا،",
            "تغيّرت كلمة مرورك الآن، وأُنهيت جلساتك الأخرى.",
            "إذا لم تكن أنت فاطلب كلمة مرور جديدة فورًا.",
        ),
    ),
    pt=Text(
        "Sua senha foi alterada",
        (
            "Olá,",
            "sua senha acaba de ser alterada, e suas outras sessões foram encerradas.",
            "Se não foi você, peça imediatamente uma nova senha.",
        ),
    ),
)

EMAILS = (VERIFY_EMAIL, ALREADY_REGISTERED, RESET_PASSWORD, PASSWORD_CHANGED)
