"""The e-mail with what is new for a person, in five languages."""

from actions.kit.email import Email, Text
from models.tables.notice import NoticeKind

NOTICE_DIGEST = Email(
    "notice_digest",
    en=Text(
        "What is new for you: {account}",
        ("Hello {name},", "This is new for you in {account}, as far as you can see it now:"),
        "Open Centrals",
    ),
    es=Text(
        "Novedades para ti: {account}",
        ("Hola, {name}:", "Esto es nuevo para ti en {account}, hasta donde puedes verlo ahora:"),
        "Abrir Centrals",
    ),
    fr=Text(
        "Vos nouveautés : {account}",
        (
            "Bonjour {name},",
            "Voici ce qui est nouveau pour vous dans {account}, tel que vous pouvez le voir maintenant :",
        ),
        "Ouvrir Centrals",
    ),
    ar=Text(
        "الجديد لك: {account}",
        ("مرحبًا {name}،", "هذا هو الجديد لك في {account} بقدر ما يمكنك رؤيته الآن:"),
        "فتح Centrals",
    ),
    pt=Text(
        "Novidades para você: {account}",
        ("Olá, {name},", "Isto é novo para você em {account}, até onde você pode ver agora:"),
        "Abrir o Centrals",
    ),
    link="/graphql",
)
"""The notices are read when the e-mail is sent, since the recipient's access at that time counts."""

EMAILS = (NOTICE_DIGEST,)

LINES: dict[NoticeKind, dict[str, str]] = {
    NoticeKind.ASSIGNMENT: {
        "en": "Assigned to you: {title}",
        "es": "Asignado a ti: {title}",
        "fr": "Vous a été affecté : {title}",
        "ar": "أُسند إليك: {title}",
        "pt": "Atribuído a você: {title}",
    },
    NoticeKind.REMINDER: {
        "en": "Reminder: {title}",
        "es": "Recordatorio: {title}",
        "fr": "Rappel : {title}",
        "ar": "تذكير: {title}",
        "pt": "Lembrete: {title}",
    },
    NoticeKind.MENTION: {
        "en": "Someone mentioned you: {title}",
        "es": "Alguien te mencionó: {title}",
        "fr": "Quelqu’un vous a mentionné : {title}",
        "ar": "ذكرك أحدهم: {title}",
        "pt": "Alguém mencionou você: {title}",
    },
}
"""The line of each notice."""
MORE = {
    "en": "And more, in your list of notices.",
    "es": "Y más, en tu lista de avisos.",
    "fr": "Et d’autres, dans la liste de vos avis.",
    "ar": "والمزيد في قائمة إشعاراتك.",
    "pt": "E mais, na sua lista de avisos.",
}
"""The last line, if there are more notices than the e-mail names."""
