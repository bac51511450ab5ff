"""The e-mail with a scheduled report, in five languages."""

from actions.kit.email import Email, Text

SCHEDULED_REPORT = Email(
    "scheduled_report",
    en=Text(
        "{report}, {first} to {last}: {account}",
        (
            "Hello {name},",
            "Here is “{report}” of {account} from {first} to {last}, as far as you can see it.",
        ),
        "Open the report",
    ),
    es=Text(
        "{report}, del {first} al {last}: {account}",
        (
            "Hola, {name}:",
            "Aquí tienes «{report}» de {account} del {first} al {last}, hasta donde puedes verlo.",
        ),
        "Abrir el informe",
    ),
    fr=Text(
        "{report}, du {first} au {last} : {account}",
        (
            "Bonjour {name},",
            "Voici « {report} » de {account} du {first} au {last}, tel que vous pouvez le voir.",
        ),
        "Ouvrir le rapport",
    ),
    ar=Text(
        "{report}، من {first} إلى {last}: {account}",
        ("مرحبًا {name}،", "إليك «{report}» في {account} من {first} إلى {last} بقدر ما يمكنك رؤيته."),
        "فتح التقرير",
    ),
    pt=Text(
        "{report}, de {first} a {last}: {account}",
        ("Olá, {name},", "Aqui está “{report}” de {account} de {first} a {last}, até onde você pode ver."),
        "Abrir o relatório",
    ),
    below="page",
)
"""The report is read when the e-mail is sent, since the recipient's access at that time counts."""

EMAILS = (SCHEDULED_REPORT,)
