"""E-mails about API credentials, in five languages."""

from actions.kit.email import Email, Text

NEW_CREDENTIAL = Email(
    "credential_made",
    en=Text(
        "New API credential in {account}",
        (
            "Hello {name},",
            "{by} created the API credential “{credential}” in {account}.",
            "Machines can act with it on behalf of {by}. If you do not expect this, revoke it.",
        ),
    ),
    es=Text(
        "Nueva credencial de API en {account}",
        (
            "Hola, {name}:",
            "{by} creó la credencial de API «{credential}» en {account}.",
            "Con ella, las máquinas pueden actuar en nombre de {by}. Si no lo esperabas, revócala.",
        ),
    ),
    fr=Text(
        "Nouvel identifiant d’API dans {account}",
        (
            "Bonjour {name},",
            "{by} a créé l’identifiant d’API « {credential} » dans {account}.",
            "Des machines peuvent agir avec lui au nom de {by}. Si cela vous surprend, révoquez-le.",
        ),
    ),
    ar=Text(
        "بيانات اعتماد جديدة لواجهة API في {account}",
        (
            "مرحبًا {name}،",
            "أنشأ {by} بيانات اعتماد API باسم «{credential}» في {account}.",
            "يمكن للأجهزة أن تعمل بها نيابةً عن {by}. إذا لم تكن تتوقع ذلك، فألغِها.",
        ),
    ),
    pt=Text(
        "Nova credencial de API em {account}",
        (
            "Olá, {name},",
            "{by} criou a credencial de API “{credential}” em {account}.",
            "Com ela, máquinas podem agir em nome de {by}. Se você não esperava por isso, revogue-a.",
        ),
    ),
)

EMAILS = (NEW_CREDENTIAL,)
