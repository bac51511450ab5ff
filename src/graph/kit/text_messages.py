"""Messages about names, passwords and searches: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "name_character": (
        "A name cannot contain the character {character}.",
        "Un nombre no puede contener el carácter {character}.",
        "Un nom ne peut pas contenir le caractère {character}.",
        "لا يمكن أن يحتوي الاسم على المحرف {character}.",
        "Um nome não pode conter o caractere {character}.",
    ),
    "name_invisible": (
        "A name needs at least one visible character.",
        "Un nombre necesita al menos un carácter visible.",
        "Un nom doit contenir au moins un caractère visible.",
        "يجب أن يحتوي الاسم على محرف مرئي واحد على الأقل.",
        "Um nome precisa de pelo menos um caractere visível.",
    ),
    "password_character": (
        "A password cannot contain the character {character}.",
        "Una contraseña no puede contener el carácter {character}.",
        "Un mot de passe ne peut pas contenir le caractère {character}.",
        "لا يمكن أن تحتوي كلمة المرور على المحرف {character}.",
        "Uma senha não pode conter o caractere {character}.",
    ),
    "nothing_to_search": (
        "A search text needs at least one visible character.",
        "Un texto de búsqueda necesita al menos un carácter visible.",
        "Un texte de recherche doit contenir au moins un caractère visible.",
        "يجب أن يحتوي نص البحث على محرف مرئي واحد على الأقل.",
        "Um texto de busca precisa de pelo menos um caractere visível.",
    ),
    "too_many_of": (
        "At most {most} are allowed.",
        "Puede haber como máximo {most}.",
        "Il peut y en avoir au plus {most}.",
        "الحد الأقصى هو {most}.",
        "Pode haver no máximo {most}.",
    ),
}
