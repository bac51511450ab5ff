"""What refusals say of opportunities: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "merged_with_itself": (
        "An opportunity cannot be merged with itself.",
        "Una oportunidad no puede fusionarse consigo misma.",
        "Une opportunité ne peut pas être fusionnée avec elle-même.",
        "لا يمكن دمج فرصة مع نفسها.",
        "Uma oportunidade não pode ser mesclada com ela mesma.",
    ),
    "no_such_opportunity": (
        "There is no such opportunity.",
        "No existe esa oportunidad.",
        "Cette opportunité n’existe pas.",
        "لا توجد فرصة كهذه.",
        "Essa oportunidade não existe.",
    ),
    "not_your_opportunity": (
        (
            "You can see this opportunity, but only its assignee, a lead of their team, the owner and "
            "admins work on it."
        ),
        (
            "Puedes ver esta oportunidad, pero solo trabajan en ella la persona asignada, un jefe de su "
            "equipo, el dueño y los administradores."
        ),
        (
            "Vous voyez cette opportunité, mais seuls la personne affectée, un chef de son équipe, le "
            "propriétaire et les administrateurs y travaillent."
        ),
        "يمكنك رؤية هذه الفرصة، لكن لا يعمل عليها إلا من أُسندت إليه أو قائد فريقه أو المالك والمشرفون.",
        (
            "Você pode ver esta oportunidade, mas só trabalham nela a pessoa atribuída, um líder da sua "
            "equipe, o proprietário e os administradores."
        ),
    ),
    "opportunity_not_assignable": (
        "You can see this opportunity, but you can assign only those of members of the teams that you lead.",
        "Puedes ver esta oportunidad, pero solo puedes asignar las de los miembros de tus equipos.",
        "Vous voyez cette opportunité, mais vous ne pouvez affecter que celles des membres de vos équipes.",
        "يمكنك رؤية هذه الفرصة، لكن لا يمكنك إلا إسناد فرص أعضاء الفرق التي تقودها.",
        "Você pode ver esta oportunidade, mas só pode atribuir as dos membros das equipes que lidera.",
    ),
    "lead_cannot_unassign_opportunity": (
        "Only the owner and admins can leave opportunities unassigned.",
        "Solo el dueño y los administradores pueden dejar oportunidades sin asignar.",
        "Seuls le propriétaire et les administrateurs peuvent laisser des opportunités sans affectation.",
        "المالك والمشرفون وحدهم يمكنهم ترك الفرص بلا إسناد.",
        "Só o proprietário e os administradores podem deixar oportunidades sem atribuição.",
    ),
    "too_many_opportunities": (
        "You can assign 1 to {most} opportunities at once.",
        "Puedes asignar de 1 a {most} oportunidades a la vez.",
        "Vous pouvez affecter de 1 à {most} opportunités à la fois.",
        "يمكنك إسناد من 1 إلى {most} فرصة في المرة الواحدة.",
        "Você pode atribuir de 1 a {most} oportunidades por vez.",
    ),
    "no_such_product_here": (
        "The account has no such product.",
        "La cuenta no tiene ese producto.",
        "Le compte n’a pas ce produit.",
        "لا يوجد منتج كهذا في الحساب.",
        "A conta não tem esse produto.",
    ),
    "no_such_step": (
        "The pipeline has no such step.",
        "El proceso no tiene ese paso.",
        "Le pipeline n’a pas cette étape.",
        "لا توجد خطوة كهذه في مسار العمل.",
        "O funil não tem essa etapa.",
    ),
    "opportunity_note": (
        "A note has 1 to {most} characters.",
        "Una nota tiene de 1 a {most} caracteres.",
        "Une note compte de 1 à {most} caractères.",
        "تتكون الملاحظة من 1 إلى {most} حرف.",
        "Uma nota tem de 1 a {most} caracteres.",
    ),
    "remind_too_late": (
        "An opportunity can be postponed for two years at most.",
        "Una oportunidad se puede aplazar dos años como máximo.",
        "Une opportunité peut être reportée de deux ans au plus.",
        "يمكن تأجيل الفرصة لمدة عامين على الأكثر.",
        "Uma oportunidade pode ser adiada por no máximo dois anos.",
    ),
    "sale_of_another_product": (
        "The sale is of another product than the opportunity.",
        "La venta es de otro producto que la oportunidad.",
        "La vente concerne un autre produit que l’opportunité.",
        "عملية البيع لمنتج آخر غير منتج الفرصة.",
        "A venda é de outro produto que não o da oportunidade.",
    ),
    "opportunity_title": (
        "A title has 1 to {most} characters.",
        "Un título tiene de 1 a {most} caracteres.",
        "Un titre compte de 1 à {most} caractères.",
        "يتكون العنوان من 1 إلى {most} حرف.",
        "Um título tem de 1 a {most} caracteres.",
    ),
    "probability": (
        "A probability is a number from 0 to 100.",
        "Una probabilidad es un número de 0 a 100.",
        "Une probabilité est un nombre de 0 à 100.",
        "الاحتمال عدد من 0 إلى 100.",
        "Uma probabilidade é um número de 0 a 100.",
    ),
    "opportunity_amount": (
        "An amount is not negative and has at most {decimals} decimals.",
        "Un importe no es negativo y tiene como máximo {decimals} decimales.",
        "Un montant n’est pas négatif et compte au plus {decimals} décimales.",
        "المبلغ ليس سالبًا وله {decimals} منازل عشرية على الأكثر.",
        "Um valor não é negativo e tem no máximo {decimals} casas decimais.",
    ),
    "pipeline_length": (
        "A pipeline has {least} to {most} steps.",
        "Un proceso tiene de {least} a {most} pasos.",
        "Un pipeline compte de {least} à {most} étapes.",
        "يتكون مسار العمل من {least} إلى {most} خطوات.",
        "Um funil tem de {least} a {most} etapas.",
    ),
    "step_name": (
        "The name of a step has 1 to {most} characters.",
        "El nombre de un paso tiene de 1 a {most} caracteres.",
        "Le nom d’une étape compte de 1 à {most} caractères.",
        "يتكون اسم الخطوة من 1 إلى {most} حرف.",
        "O nome de uma etapa tem de 1 a {most} caracteres.",
    ),
    "step_twice": (
        "Two steps are the same.",
        "Dos pasos son iguales.",
        "Deux étapes sont identiques.",
        "هناك خطوتان متطابقتان.",
        "Duas etapas são iguais.",
    ),
}
