"""What refusals say of personal access tokens: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "which_central": (
        "Name the central that the token is for, or select it with X-Central.",
        "Indica la central para la que es el token, o selecciónala con X-Central.",
        "Indiquez la centrale du jeton, ou sélectionnez-la avec X-Central.",
        "حدّد المركز الذي يخصه الرمز، أو اختره باستخدام X-Central.",
        "Indique a central do token, ou selecione-a com X-Central.",
    ),
    "days": (
        "A token is valid for 1 to {most} days.",
        "Un token es válido de 1 a {most} días.",
        "Un jeton est valable de 1 à {most} jours.",
        "يصلح الرمز من 1 إلى {most} يومًا.",
        "Um token é válido por 1 a {most} dias.",
    ),
    "not_held": (
        "You do not have this: {names}.",
        "No tienes esto: {names}.",
        "Vous n’avez pas ceci : {names}.",
        "ليس لديك هذا: {names}.",
        "Você não tem isto: {names}.",
    ),
    "never_of_tokens": (
        "No token can have this: {names}.",
        "Ningún token puede tener esto: {names}.",
        "Aucun jeton ne peut avoir ceci : {names}.",
        "لا يمكن لأي رمز أن يملك هذا: {names}.",
        "Nenhum token pode ter isto: {names}.",
    ),
    "too_many_tokens": (
        "There are already {most} tokens. Revoke one first.",
        "Ya hay {most} tokens. Revoca uno antes.",
        "Il y a déjà {most} jetons. Révoquez-en un d’abord.",
        "يوجد بالفعل {most} رمزًا. ألغِ أحدها أولًا.",
        "Já há {most} tokens. Revogue um antes.",
    ),
    "no_such_token": (
        "There is no such token.",
        "No existe ese token.",
        "Ce jeton n’existe pas.",
        "لا يوجد رمز كهذا.",
        "Esse token não existe.",
    ),
}
