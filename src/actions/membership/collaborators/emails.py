"""E-mails about the end of a collaboration, in five languages."""

from actions.kit.email import Email, Text

COLLABORATOR_REMOVED = Email(
    "collaborator_removed",
    en=Text(
        "You no longer work in {account}",
        ("Hello {name},", "You were removed from the collaborators center of {account}."),
    ),
    es=Text(
        "Ya no trabajas en {account}",
        ("Hola, {name}:", "has dejado de formar parte de la central de colaboradores de {account}."),
    ),
    fr=Text(
        "Vous ne travaillez plus dans {account}",
        ("Bonjour {name},", "vous ne faites plus partie de l’espace collaborateurs de {account}."),
    ),
    ar=Text(
        "لم تعد تعمل في {account}",
        ("مرحبًا {name}،", "لم تعد ضمن مركز العاملين الخاص بـ {account}."),
    ),
    pt=Text(
        "Você não trabalha mais em {account}",
        ("Olá, {name},", "você não faz mais parte da central de colaboradores de {account}."),
    ),
)

EMAILS = (COLLABORATOR_REMOVED,)
