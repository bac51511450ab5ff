"""What `email_changes` adds to the API."""

from graph.identity.email_changes.mutations import EmailChangeMutations
from graph.kit.noun import Noun

_WORDS = {
    "address_taken": (
        "Another user has this e-mail address.",
        "Otro usuario tiene esa dirección de correo.",
        "Un autre utilisateur a cette adresse e-mail.",
        "عنوان البريد هذا لمستخدم آخر.",
        "Outro usuário tem este endereço de e-mail.",
    ),
}

NOUN = Noun(mutations=(EmailChangeMutations,), messages=_WORDS)
