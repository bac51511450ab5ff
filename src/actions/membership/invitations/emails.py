"""E-mails about invitations, in five languages."""

from actions.kit.email import Email, Text

INVITATION = Email(
    "invitation",
    link="/link#invitation=",
    en=Text(
        "{inviter} invites you to {account}",
        (
            "Hello {name},",
            "{inviter} invites you to work in the collaborators center of {account}.",
            "The link is valid for seven days and for this e-mail address only.",
        ),
        "View the invitation",
    ),
    es=Text(
        "{inviter} te invita a {account}",
        (
            "Hola, {name}:",
            "{inviter} te invita a trabajar en la central de colaboradores de {account}.",
            "El enlace es válido durante siete días y solo para esta dirección.",
        ),
        "Ver la invitación",
    ),
    fr=Text(
        "{inviter} vous invite à rejoindre {account}",
        (
            "Bonjour {name},",
            "{inviter} vous invite à travailler dans l’espace collaborateurs de {account}.",
            "Le lien est valable sept jours, et pour cette adresse seulement.",
        ),
        "Voir l’invitation",
    ),
    ar=Text(
        "{inviter} يدعوك إلى {account}",
        (
            "مرحبًا {name}،",
            "{inviter} يدعوك إلى العمل في مركز العاملين الخاص بـ {account}.",
            "الرابط صالح لمدة سبعة أيام، ولهذا العنوان وحده.",
        ),
        "عرض الدعوة",
    ),
    pt=Text(
        "{inviter} convida você para {account}",
        (
            "Olá, {name},",
            "{inviter} convida você para trabalhar na central de colaboradores de {account}.",
            "O link é válido por sete dias e só para este endereço.",
        ),
        "Ver o convite",
    ),
)

INVITATION_TO_NEWCOMER = Email(
    "invitation_to_newcomer",
    link="/link#invitation=",
    en=Text(
        "You are invited to {account}",
        (
            "Hello,",
            "You are invited to work in the collaborators center of {account}.",
            "The link is valid for seven days and for this e-mail address only.",
        ),
        "View the invitation",
    ),
    es=Text(
        "Te invitan a {account}",
        (
            "Hola:",
            "Te invitan a trabajar en la central de colaboradores de {account}.",
            "El enlace es válido durante siete días y solo para esta dirección.",
        ),
        "Ver la invitación",
    ),
    fr=Text(
        "Une invitation à rejoindre {account}",
        (
            "Bonjour,",
            "On vous invite à travailler dans l’espace collaborateurs de {account}.",
            "Le lien est valable sept jours, et pour cette adresse seulement.",
        ),
        "Voir l’invitation",
    ),
    ar=Text(
        "دعوة إلى {account}",
        (
            "مرحبًا،",
            "أنت مدعو إلى العمل في مركز العاملين الخاص بـ {account}.",
            "الرابط صالح لمدة سبعة أيام، ولهذا العنوان وحده.",
        ),
        "عرض الدعوة",
    ),
    pt=Text(
        "Convite para {account}",
        (
            "Olá,",
            "Você recebeu um convite para trabalhar na central de colaboradores de {account}.",
            "O link é válido por sete dias e só para este endereço.",
        ),
        "Ver o convite",
    ),
)

INVITATION_DECLINED = Email(
    "invitation_declined",
    en=Text(
        "{invited} declined your invitation",
        ("Hello {name},", "{invited} declined your invitation to work in {account}."),
    ),
    es=Text(
        "{invited} rechazó tu invitación",
        ("Hola, {name}:", "{invited} rechazó tu invitación a trabajar en {account}."),
    ),
    fr=Text(
        "{invited} a décliné votre invitation",
        ("Bonjour {name},", "{invited} a décliné votre invitation à travailler dans {account}."),
    ),
    ar=Text(
        "اعتذر {invited} عن دعوتك",
        ("مرحبًا {name}،", "اعتذر {invited} عن دعوتك إلى العمل في {account}."),
    ),
    pt=Text(
        "{invited} recusou seu convite",
        ("Olá, {name},", "{invited} recusou seu convite para trabalhar em {account}."),
    ),
)

EMAILS = (INVITATION, INVITATION_TO_NEWCOMER, INVITATION_DECLINED)
