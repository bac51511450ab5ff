"""What refusals say of profiles: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "not_a_legal_entity": (
        "Only the account of a company with a valid tax number can do this.",
        "Solo la cuenta de una empresa, con su número fiscal válido, puede hacer esto.",
        "Seul le compte d’une entreprise, avec son numéro fiscal valide, peut faire cela.",
        "لا يمكن القيام بذلك إلا لحساب شركة برقم ضريبي صالح.",
        "Só a conta de uma empresa, com número fiscal válido, pode fazer isso.",
    ),
    "no_such_profile": (
        "There is no such profile.",
        "No existe ese perfil.",
        "Ce profil n’existe pas.",
        "لا يوجد بروفايل كهذا.",
        "Esse perfil não existe.",
    ),
    "profile_in_use": (
        "The profile is in use. Choose a replacement for the people who have it.",
        "El perfil está en uso. Indica otro para quienes lo tienen.",
        "Le profil est utilisé. Indiquez-en un autre pour les personnes qui l’ont.",
        "البروفايل مستخدم. حدّد بروفايلًا آخر لمن لديهم هذا البروفايل.",
        "O perfil está em uso. Indique outro para quem o tem.",
    ),
    "profile_name_taken": (
        "Another profile of the account has this name.",
        "Otro perfil de la cuenta tiene este nombre.",
        "Un autre profil du compte porte ce nom.",
        "يحمل بروفايل آخر في الحساب هذا الاسم.",
        "Outro perfil da conta tem este nome.",
    ),
    "name_of_length": (
        "A name has 1 to {most} characters.",
        "Un nombre tiene de 1 a {most} caracteres.",
        "Un nom compte de 1 à {most} caractères.",
        "يتكون الاسم من 1 إلى {most} حرف.",
        "Um nome tem de 1 a {most} caracteres.",
    ),
}
