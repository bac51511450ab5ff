"""E-mails about closing and reopening an account, in five languages."""

from actions.kit.email import Email, Text

ACCOUNT_CLOSED = Email(
    "account_closed",
    en=Text(
        "The account {account} was closed",
        (
            "Hello {name},",
            "The account {account} was closed. From now on, only you can enter it.",
            "You can still export its data or reopen the account.",
        ),
    ),
    es=Text(
        "La cuenta {account} se ha cerrado",
        (
            "Hola, {name}:",
            "la cuenta {account} se ha cerrado. Desde ahora nadie más que tú puede entrar en ella.",
            "Todavía puedes exportar sus datos o volver a abrirla.",
        ),
    ),
    fr=Text(
        "Le compte {account} a été fermé",
        (
            "Bonjour {name},",
            "le compte {account} a été fermé. Désormais, personne d’autre que vous ne peut y entrer.",
            "Vous pouvez encore exporter ses données, ou le rouvrir.",
        ),
    ),
    ar=Text(
        "أُغلق الحساب {account}",
        (
            "مرحبًا {name}،",
            "أُغلق الحساب {account}. لا يمكن لأحد غيرك دخوله من الآن.",
            "ما زال بإمكانك تصدير بياناته أو فتحه من جديد.",
        ),
    ),
    pt=Text(
        "A conta {account} foi encerrada",
        (
            "Olá, {name},",
            "a conta {account} foi encerrada. A partir de agora, só você pode entrar nela.",
            "Você ainda pode exportar os dados ou reabri-la.",
        ),
    ),
)

ACCOUNT_REOPENED = Email(
    "account_reopened",
    en=Text(
        "The account {account} was reopened",
        ("Hello {name},", "The account {account} was reopened with all of its collaborators."),
    ),
    es=Text(
        "La cuenta {account} vuelve a estar abierta",
        (
            "Hola, {name}:",
            "la cuenta {account} se ha vuelto a abrir, con todas las personas que trabajaban en ella.",
        ),
    ),
    fr=Text(
        "Le compte {account} est de nouveau ouvert",
        (
            "Bonjour {name},",
            "le compte {account} a été rouvert, avec toutes les personnes qui y travaillaient.",
        ),
    ),
    ar=Text(
        "الحساب {account} مفتوح من جديد",
        ("مرحبًا {name}،", "فُتح الحساب {account} من جديد، مع كل من كان يعمل فيه."),
    ),
    pt=Text(
        "A conta {account} está aberta de novo",
        ("Olá, {name},", "a conta {account} foi reaberta, com todas as pessoas que trabalhavam nela."),
    ),
)

EMAILS = (ACCOUNT_CLOSED, ACCOUNT_REOPENED)
