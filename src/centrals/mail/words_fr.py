"""What e-mails say in French."""

from typing import Any

FOOTER = "Ce message a été envoyé par {host}. Si vous ne l’attendiez pas, vous pouvez l’ignorer."
TEXTS: dict[str, tuple[Any, ...]] = {
    "verify_email": (
        "Confirmez votre adresse e-mail",
        ("Bonjour,", "confirmez que cette adresse est la vôtre. Le lien est valable 48 heures."),
        "Confirmer mon adresse",
    ),
    "already_registered": (
        "Vous êtes déjà inscrit",
        (
            "Bonjour,",
            "on a voulu, peut-être vous, s’inscrire à cette adresse. C’est déjà fait : connectez-vous.",
            "Si vous avez oublié votre mot de passe, demandez-en un nouveau.",
        ),
        "Se connecter",
    ),
    "reset_password": (
        "Choisissez un nouveau mot de passe",
        (
            "Bonjour,",
            "quelqu’un, peut-être vous, a demandé un mot de passe. Le lien sert une fois, et peu de temps.",
            "Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.",
        ),
        "Choisir un mot de passe",
    ),
    "password_changed": (
        "Votre mot de passe a changé",
        (
            "Bonjour,",
            "votre mot de passe vient de changer, et vos autres sessions ont été fermées.",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe.",
        ),
    ),
    "invitation": (
        "{inviter} vous invite à rejoindre {account}",
        (
            "Bonjour {name},",
            "{inviter} vous invite à travailler dans l’espace collaborateurs de {account}.",
            "Le lien est valable sept jours, et pour cette adresse seulement.",
        ),
        "Voir l’invitation",
    ),
    "invitation_to_newcomer": (
        "Vous êtes invité à rejoindre {account}",
        (
            "Bonjour,",
            "Vous êtes invité à travailler dans l’espace collaborateurs de {account}.",
            "Le lien est valable sept jours, et pour cette adresse seulement.",
        ),
        "Voir l’invitation",
    ),
    "invitation_declined": (
        "{invited} a décliné votre invitation",
        ("Bonjour {name},", "{invited} a décliné votre invitation à travailler dans {account}."),
    ),
    "collaborator_removed": (
        "Vous ne travaillez plus dans {account}",
        ("Bonjour {name},", "votre place dans l’espace collaborateurs de {account} a pris fin."),
    ),
    "transfer_offered": (
        "{owner} vous propose le compte {account}",
        (
            "Bonjour {name},",
            "{owner} veut vous céder le compte {account}. Vous en seriez dès lors propriétaire.",
            "Connectez-vous pour accepter ou refuser. L’offre est valable sept jours.",
        ),
        "Se connecter",
    ),
    "transfer_accepted": (
        "Le compte {account} a un nouveau propriétaire",
        ("Bonjour {name},", "la cession du compte {account} est terminée. Propriétaire : {owner}."),
    ),
    "account_closed": (
        "Le compte {account} a été fermé",
        (
            "Bonjour {name},",
            "le compte {account} a été fermé. Désormais, vous seul pouvez y entrer.",
            "Vous pouvez encore exporter ses données, ou le rouvrir.",
        ),
    ),
    "account_reopened": (
        "Le compte {account} est de nouveau ouvert",
        ("Bonjour {name},", "le compte {account} a été rouvert, avec tous ceux qui y travaillaient."),
    ),
    "buyer_email_changed": (
        "Un acheteur de {account} a une nouvelle adresse e-mail",
        (
            "Bonjour {name},",
            "{by} a modifié l’adresse e-mail de l’acheteur de la vente {reference}.",
            "C’était {before}, c’est maintenant {after}.",
        ),
    ),
    "buyer_email_moved": (
        "L’adresse e-mail de votre achat a été modifiée",
        (
            "Bonjour,",
            "votre achat {reference} chez {account} a désormais une autre adresse e-mail.",
            "Si vous ne l’avez pas demandé, prévenez le vendeur.",
        ),
    ),
}
