"""E-mails about targets, in five languages."""

from actions.kit.email import Email, Text

TARGET_WAITS = Email(
    "target_waits",
    en=Text(
        "{account}: confirm where data are sent",
        (
            "Hello {name},",
            "{by} wants “{tool}” of {account} to send data to {host}, and cannot see all of these data.",
            "Nothing is sent until you confirm the address. If you do not expect this, refuse it.",
        ),
    ),
    es=Text(
        "{account}: confirma adónde se envían datos",
        (
            "Hola, {name}:",
            "{by} quiere que «{tool}» de {account} envíe datos a {host}, y no puede ver todos esos datos.",
            "No se envía nada hasta que confirmes la dirección. Si no lo esperabas, recházala.",
        ),
    ),
    fr=Text(
        "{account} : confirmez où des données sont envoyées",
        (
            "Bonjour {name},",
            "{by} veut que « {tool} » de {account} envoie à {host} des données que {by} ne peut pas voir.",
            "Rien n’est envoyé tant que vous n’avez pas confirmé l’adresse. Sinon, refusez-la.",
        ),
    ),
    ar=Text(
        "{account}: أكّد الجهة التي تُرسل إليها البيانات",
        (
            "مرحبًا {name}،",
            "يريد {by} أن يرسل «{tool}» في {account} بيانات إلى {host}، ولا يمكنه رؤية كل هذه البيانات.",
            "لا يُرسل شيء حتى تؤكد العنوان. إذا لم تكن تتوقع ذلك، فارفضه.",
        ),
    ),
    pt=Text(
        "{account}: confirme para onde os dados são enviados",
        (
            "Olá, {name},",
            "{by} quer que “{tool}” de {account} envie dados para {host}, e não pode ver todos esses dados.",
            "Nada é enviado até você confirmar o endereço. Se não esperava por isso, recuse-o.",
        ),
    ),
)

EMAILS = (TARGET_WAITS,)
