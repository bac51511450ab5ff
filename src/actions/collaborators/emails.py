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
        ("Hola, {name}:", "tu puesto en la central de colaboradores de {account} ha terminado."),
    ),
    fr=Text(
        "Vous ne travaillez plus dans {account}",
        ("Bonjour {name},", "votre place dans l’espace collaborateurs de {account} a pris fin."),
    ),
    ar=Text(
        "لم تعد تعمل في {account}",
        ("مرحبًا {name}،", "انتهى مقعدك في مركز العاملين الخاص بـ {account}."),
    ),
    pt=Text(
        "Você não trabalha mais em {account}",
        ("Olá, {name},", "seu lugar na central de colaboradores de {account} foi encerrado."),
    ),
)

EMAILS = (COLLABORATOR_REMOVED,)
