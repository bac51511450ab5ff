"""E-mails about handing an account over, in five languages."""

from actions.kit.email import Email, Text

TRANSFER_OFFERED = Email(
    "transfer_offered",
    link="/graphql",
    en=Text(
        "{owner} offers you the account {account}",
        (
            "Hello {name},",
            "{owner} wants to transfer the account {account} to you. If you accept, you become its owner.",
            "Sign in to accept or decline. The offer is valid for seven days.",
        ),
        "Sign in",
    ),
    es=Text(
        "{owner} te ofrece la cuenta {account}",
        (
            "Hola, {name}:",
            "{owner} quiere transferirte la cuenta {account}. Si aceptas, la cuenta será tuya.",
            "Inicia sesión para aceptar o rechazar. La oferta es válida durante siete días.",
        ),
        "Iniciar sesión",
    ),
    fr=Text(
        "{owner} vous propose le compte {account}",
        (
            "Bonjour {name},",
            (
                "{owner} veut vous transférer le compte {account}. Si vous acceptez, vous en devenez "
                "propriétaire."
            ),
            "Connectez-vous pour accepter ou refuser. L’offre est valable sept jours.",
        ),
        "Se connecter",
    ),
    ar=Text(
        "{owner} يعرض عليك الحساب {account}",
        (
            "مرحبًا {name}،",
            "{owner} يريد نقل الحساب {account} إليك. إذا قبلت، يصبح الحساب لك.",
            "سجّل الدخول للقبول أو الرفض. العرض صالح لمدة سبعة أيام.",
        ),
        "تسجيل الدخول",
    ),
    pt=Text(
        "{owner} oferece a você a conta {account}",
        (
            "Olá, {name},",
            "{owner} quer transferir a conta {account} para você. Se você aceitar, a conta será sua.",
            "Entre para aceitar ou recusar. A oferta é válida por sete dias.",
        ),
        "Entrar",
    ),
)

TRANSFER_ACCEPTED = Email(
    "transfer_accepted",
    en=Text(
        "The account {account} has a new owner",
        ("Hello {name},", "The transfer of the account {account} is complete. Its new owner is {owner}."),
    ),
    es=Text(
        "La cuenta {account} tiene un nuevo dueño",
        ("Hola, {name}:", "la transferencia de la cuenta {account} se ha completado. Ahora es de {owner}."),
    ),
    fr=Text(
        "Le compte {account} a un nouveau propriétaire",
        (
            "Bonjour {name},",
            "le transfert du compte {account} est terminé. Il appartient désormais à {owner}.",
        ),
    ),
    ar=Text(
        "للحساب {account} مالك جديد",
        ("مرحبًا {name}،", "اكتمل نقل الحساب {account}. مالكه الآن {owner}."),
    ),
    pt=Text(
        "A conta {account} tem um novo proprietário",
        ("Olá, {name},", "a transferência da conta {account} foi concluída. Agora ela é de {owner}."),
    ),
)

EMAILS = (TRANSFER_OFFERED, TRANSFER_ACCEPTED)
