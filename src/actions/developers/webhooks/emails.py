"""E-mails about endpoints of webhooks, in five languages."""

from actions.kit.email import Email, Text

ENDPOINT_DISABLED = Email(
    "endpoint_disabled",
    en=Text(
        "A webhook of {account} was disabled",
        (
            "Hello {name},",
            "The webhook of {account} at {host} was disabled, because it no longer took what was sent to it.",
            "Nothing is sent to it now. Enable it again once it works.",
        ),
    ),
    es=Text(
        "Se desactivó un webhook de {account}",
        (
            "Hola, {name}:",
            "El webhook de {account} en {host} se desactivó porque ya no aceptaba lo que se le enviaba.",
            "Ahora no se le envía nada. Actívalo de nuevo cuando funcione.",
        ),
    ),
    fr=Text(
        "Un webhook de {account} a été désactivé",
        (
            "Bonjour {name},",
            "Le webhook de {account} à l’adresse {host} a été désactivé, car il n’acceptait plus les envois.",
            "Rien ne lui est plus envoyé. Réactivez-le dès qu’il fonctionne.",
        ),
    ),
    ar=Text(
        "تم تعطيل webhook في {account}",
        (
            "مرحبًا {name}،",
            "تم تعطيل webhook الخاص بـ {account} على {host} لأنه لم يعد يقبل ما يُرسل إليه.",
            "لا يُرسل إليه شيء الآن. فعّله من جديد عندما يعمل.",
        ),
    ),
    pt=Text(
        "Um webhook de {account} foi desativado",
        (
            "Olá, {name},",
            "O webhook de {account} em {host} foi desativado porque não aceitava mais o que lhe era enviado.",
            "Nada é enviado a ele agora. Ative-o de novo quando funcionar.",
        ),
    ),
)

ENDPOINT_TAKEN = Email(
    "endpoint_taken",
    en=Text(
        "{by} is now responsible for your webhook in {account}",
        (
            "Hello {name},",
            "{by} changed the webhook of {account} at {host}, which you were responsible for.",
            "From now on it sends what {by} can see.",
        ),
    ),
    es=Text(
        "{by} es ahora responsable de tu webhook en {account}",
        (
            "Hola, {name}:",
            "{by} cambió el webhook de {account} en {host}, del que eras responsable.",
            "A partir de ahora envía lo que {by} puede ver.",
        ),
    ),
    fr=Text(
        "{by} est désormais responsable de votre webhook dans {account}",
        (
            "Bonjour {name},",
            "{by} a modifié le webhook de {account} à l’adresse {host}, dont vous étiez responsable.",
            "Désormais, il envoie ce que {by} peut voir.",
        ),
    ),
    ar=Text(
        "أصبح {by} مسؤولًا عن webhook الخاص بك في {account}",
        (
            "مرحبًا {name}،",
            "غيّر {by} إعدادات webhook الخاص بـ {account} على {host}، وكنت مسؤولًا عنه.",
            "من الآن فصاعدًا يرسل ما يمكن لـ {by} رؤيته.",
        ),
    ),
    pt=Text(
        "{by} agora é responsável pelo seu webhook em {account}",
        (
            "Olá, {name},",
            "{by} alterou o webhook de {account} em {host}, pelo qual você era responsável.",
            "A partir de agora, ele envia o que {by} pode ver.",
        ),
    ),
)

EMAILS = (ENDPOINT_DISABLED, ENDPOINT_TAKEN)
