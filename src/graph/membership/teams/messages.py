"""What refusals say of teams: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "edition_without_teams": (
        "Teams are part of the EXPERT edition.",
        "Los equipos son parte de la edición EXPERT.",
        "Les équipes font partie de l’édition EXPERT.",
        "الفرق جزء من إصدار EXPERT.",
        "As equipes fazem parte da edição EXPERT.",
    ),
    "teams_are_off": (
        "Teams are off.",
        "Los equipos están desactivados.",
        "Les équipes sont désactivées.",
        "الفرق غير مفعّلة.",
        "As equipes estão desativadas.",
    ),
    "no_team": (
        "There is no such team.",
        "No existe ese equipo.",
        "Cette équipe n’existe pas.",
        "لا يوجد فريق كهذا.",
        "Essa equipe não existe.",
    ),
    "team_name_taken": (
        "Another team of the account has this name.",
        "Otro equipo de la cuenta tiene este nombre.",
        "Une autre équipe du compte porte ce nom.",
        "يحمل فريق آخر في الحساب هذا الاسم.",
        "Outra equipe da conta tem este nome.",
    ),
    "no_such_member": (
        "The person is not a member of the team.",
        "La persona no es miembro del equipo.",
        "La personne n’est pas membre de l’équipe.",
        "هذا الشخص ليس عضوًا في الفريق.",
        "A pessoa não é membro da equipe.",
    ),
    "too_many_members": (
        "You can set at most {most} members at once.",
        "Puedes indicar como máximo {most} miembros a la vez.",
        "Vous pouvez indiquer au plus {most} membres à la fois.",
        "يمكنك تحديد {most} عضوًا على الأكثر في المرة الواحدة.",
        "Você pode indicar no máximo {most} membros por vez.",
    ),
    "not_a_lead": (
        "Only a collaborator with the role TEAM_LEAD can lead a team.",
        "Solo quien tiene el rol TEAM_LEAD puede dirigir un equipo.",
        "Seule une personne qui a le rôle TEAM_LEAD peut diriger une équipe.",
        "لا يمكن أن يقود الفريق إلا من له الدور TEAM_LEAD.",
        "Só quem tem o papel TEAM_LEAD pode liderar uma equipe.",
    ),
}
