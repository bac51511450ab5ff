"""What refusals say of personal access tokens: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "which_central": (
        "Name the central that the token is for, or select it with X-Central.",
        "Indica la central a la que va el token, o entra en ella.",
        "Indiquez la centrale du jeton, ou placez-vous-y.",
        "حدّد المركز الذي يخصه الرمز أو ادخل إليه.",
        "Indique a central do token, ou entre nela.",
    ),
    "days": (
        "A token is valid for 1 to {most} days.",
        "Un token vale de 1 a {most} días.",
        "Un jeton est valable de 1 à {most} jours.",
        "يصلح الرمز من 1 إلى {most} يومًا.",
        "Um token vale de 1 a {most} dias.",
    ),
    "not_held": (
        "You do not have this yourself: {names}.",
        "Tú no tienes esto: {names}.",
        "Vous n’avez pas vous-même ceci : {names}.",
        "أنت نفسك لا تملك هذا: {names}.",
        "Você mesmo não tem isto: {names}.",
    ),
    "too_many_tokens": (
        "There are {most} tokens already. End one first.",
        "Ya hay {most} tokens. Termina uno antes.",
        "Il y a déjà {most} jetons. Mettez fin à l’un d’eux.",
        "يوجد بالفعل {most} رمزًا. أنهِ أحدها أولًا.",
        "Já há {most} tokens. Encerre um antes.",
    ),
    "no_such_token": (
        "There is no such token.",
        "No existe ese token.",
        "Ce jeton n’existe pas.",
        "لا يوجد رمز كهذا.",
        "Esse token não existe.",
    ),
}
