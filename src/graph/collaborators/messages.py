"""What refusals say of collaborators: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_collaborator": (
        "There is no such collaborator.",
        "No existe ese colaborador.",
        "Ce collaborateur n’existe pas.",
        "لا يوجد متعاون كهذا.",
        "Esse colaborador não existe.",
    ),
    "own_collaborator": (
        "You may not do this to yourself.",
        "No puedes hacer esto contigo.",
        "Vous ne pouvez pas faire cela pour vous-même.",
        "لا يمكنك القيام بذلك لنفسك.",
        "Você não pode fazer isso consigo.",
    ),
    "admin_collaborator": (
        "Only the owner may do this to an admin.",
        "Solo el dueño puede hacer esto con un administrador.",
        "Seul le propriétaire peut faire cela avec un administrateur.",
        "المالك وحده يمكنه القيام بذلك مع مشرف.",
        "Só o proprietário pode fazer isso com um administrador.",
    ),
    "not_removable": (
        "You may remove only users whose profile has fewer grants than your own.",
        "Solo puedes quitar a usuarios cuyo perfil abre menos que el tuyo.",
        "Vous ne pouvez retirer que des utilisateurs dont le profil ouvre moins que le vôtre.",
        "يمكنك إزالة المستخدمين الذين يفتح بروفايلهم أقل من بروفايلك فقط.",
        "Você só pode remover usuários cujo perfil abre menos que o seu.",
    ),
    "access_ends_before_it_starts": (
        "The access must end after it begins.",
        "El acceso debe terminar después de empezar.",
        "L’accès doit finir après son début.",
        "يجب أن ينتهي الوصول بعد بدايته.",
        "O acesso deve terminar depois de começar.",
    ),
    "source_code_shape": (
        "A source code has 1 to 100 letters, digits, hyphens or underscores.",
        "Un código de origen tiene de 1 a 100 letras, cifras, guiones o guiones bajos.",
        "Un code de source compte de 1 à 100 lettres, chiffres, tirets ou tirets bas.",
        "يتكون رمز المصدر من 1 إلى 100 من الحروف أو الأرقام أو الشرطات أو الشرطات السفلية.",
        "Um código de origem tem de 1 a 100 letras, algarismos, hífens ou sublinhados.",
    ),
    "too_many_source_codes": (
        "A person has at most {most} source codes.",
        "Una persona tiene como máximo {most} códigos de origen.",
        "Une personne a au plus {most} codes de source.",
        "لكل شخص {most} رمز مصدر على الأكثر.",
        "Uma pessoa tem no máximo {most} códigos de origem.",
    ),
    "source_code_taken": (
        "This source code belongs to someone else.",
        "Este código de origen está ocupado.",
        "Ce code de source est pris.",
        "رمز المصدر هذا مستخدم.",
        "Este código de origem está ocupado.",
    ),
}
