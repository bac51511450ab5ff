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
        "You cannot do this to yourself.",
        "No puedes hacerte esto a ti.",
        "Vous ne pouvez pas vous appliquer cela à vous-même.",
        "لا يمكنك القيام بذلك لنفسك.",
        "Você não pode fazer isso com você.",
    ),
    "admin_collaborator": (
        "Only the owner can do this to an admin.",
        "Solo el dueño puede hacer esto con un administrador.",
        "Seul le propriétaire peut faire cela à un administrateur.",
        "المالك وحده يمكنه القيام بذلك مع مشرف.",
        "Só o proprietário pode fazer isso com um administrador.",
    ),
    "not_removable": (
        "You can remove only users with a profile that you could assign yourself.",
        "Solo puedes quitar a usuarios con un perfil que tú puedas asignar.",
        "Vous ne pouvez retirer que des utilisateurs dont vous pourriez attribuer le profil.",
        "لا يمكنك إزالة إلا المستخدمين الذين يمكنك تعيين بروفايلهم.",
        "Você só pode remover usuários com um perfil que você poderia atribuir.",
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
        "Une personne peut avoir au plus {most} codes de source.",
        "لكل شخص {most} رمز مصدر على الأكثر.",
        "Uma pessoa tem no máximo {most} códigos de origem.",
    ),
    "source_code_taken": (
        "This source code belongs to someone else.",
        "Este código de origen ya es de otra persona.",
        "Ce code de source appartient à quelqu’un d’autre.",
        "رمز المصدر هذا لشخص آخر.",
        "Este código de origem já é de outra pessoa.",
    ),
}
