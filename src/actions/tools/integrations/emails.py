"""E-mails about integrations, in five languages."""

from actions.kit.email import Email, Text

INTEGRATION_DISABLED = Email(
    "integration_disabled",
    en=Text(
        "An integration of {account} was disabled",
        (
            "Hello {name},",
            "The integration of {account} at {host} was disabled, because it no longer took what was sent.",
            "Nothing is sent to it now. Enable it again once it works.",
        ),
    ),
    es=Text(
        "Se desactivó una integración de {account}",
        (
            "Hola, {name}:",
            "La integración de {account} en {host} se desactivó porque ya no aceptaba lo que se le enviaba.",
            "Ahora no se le envía nada. Actívala de nuevo cuando funcione.",
        ),
    ),
    fr=Text(
        "Une intégration de {account} a été désactivée",
        (
            "Bonjour {name},",
            "L’intégration de {account} à {host} a été désactivée : elle n’acceptait plus les envois.",
            "Rien ne lui est plus envoyé. Réactivez-la dès qu’elle fonctionne.",
        ),
    ),
    ar=Text(
        "تم تعطيل تكامل في {account}",
        (
            "مرحبًا {name}،",
            "تم تعطيل تكامل {account} على {host} لأنه لم يعد يقبل ما يُرسل إليه.",
            "لا يُرسل إليه شيء الآن. فعّله من جديد عندما يعمل.",
        ),
    ),
    pt=Text(
        "Uma integração de {account} foi desativada",
        (
            "Olá, {name},",
            "A integração de {account} em {host} foi desativada porque não aceitava mais o que era enviado.",
            "Nada é enviado a ela agora. Ative-a de novo quando funcionar.",
        ),
    ),
)

EMAILS = (INTEGRATION_DISABLED,)
