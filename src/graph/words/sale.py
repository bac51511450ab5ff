"""What refusals say of sales and their assignment: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_sale": (
        "There is no such sale.",
        "No existe esa venta.",
        "Cette vente n’existe pas.",
        "لا توجد عملية بيع كهذه.",
        "Essa venda não existe.",
    ),
    "no_such_assignee": (
        "There is no such person to assign to.",
        "No existe esa persona a quien asignar.",
        "Il n’existe pas de telle personne à qui affecter.",
        "لا يوجد شخص كهذا للإسناد إليه.",
        "Essa pessoa não existe para atribuição.",
    ),
    "no_such_team": (
        "The assignee is in no such team.",
        "La persona asignada no está en ese equipo.",
        "La personne affectée n’est dans aucune équipe de ce nom.",
        "الشخص المُسند إليه ليس في هذا الفريق.",
        "A pessoa atribuída não está nessa equipe.",
    ),
    "not_assignable": (
        "You see this sale, but may assign only those of the members of the teams that you lead.",
        "Ves esta venta, pero solo puedes asignar las de los miembros de los equipos que diriges.",
        "Vous voyez cette vente, mais vous ne pouvez affecter que celles des membres de vos équipes.",
        "يمكنك رؤية عملية البيع هذه، لكن يمكنك إسناد عمليات أعضاء الفرق التي تقودها فقط.",
        "Você vê esta venda, mas só pode atribuir as dos membros das equipes que lidera.",
    ),
    "lead_cannot_unassign": (
        "A team lead assigns to a member of a team; only the owner and admins take an assignment away.",
        "Un jefe de equipo asigna a un miembro; solo el dueño y los administradores la quitan.",
        "Un chef d’équipe affecte à un membre ; seuls le propriétaire et les administrateurs désaffectent.",
        "قائد الفريق يُسند إلى عضو في الفريق؛ المالك والمشرفون فقط يلغون الإسناد.",
        "Um líder atribui a um membro; só o proprietário e os administradores retiram a atribuição.",
    ),
    "too_many_sales": (
        "From 1 to {most} sales are assigned at once.",
        "Se asignan de 1 a {most} ventas a la vez.",
        "On affecte de 1 à {most} achats à la fois.",
        "يُسند من 1 إلى {most} عملية بيع في المرة الواحدة.",
        "Atribuem-se de 1 a {most} vendas por vez.",
    ),
    "no_currency": (
        "A currency is an ISO 4217 code of three letters.",
        "Una moneda es un código ISO 4217 de tres letras.",
        "Une devise est un code ISO 4217 de trois lettres.",
        "العملة رمز ISO 4217 من ثلاثة أحرف.",
        "Uma moeda é um código ISO 4217 de três letras.",
    ),
    "amount_too_large": (
        "The amount is too large.",
        "El importe es demasiado grande.",
        "Le montant est trop grand.",
        "المبلغ كبير جدًا.",
        "O valor é grande demais.",
    ),
    "amount_needs_currency": (
        "A filter or an order by amount needs a currency.",
        "Un filtro o un orden por importe necesita una moneda.",
        "Un filtre ou un tri par montant demande une devise.",
        "التصفية أو الترتيب حسب المبلغ يتطلب عملة.",
        "Um filtro ou uma ordem por valor precisa de uma moeda.",
    ),
    "text_length": (
        "A text to search for has 1 to {most} characters.",
        "Un texto a buscar tiene de 1 a {most} caracteres.",
        "Un texte à chercher compte de 1 à {most} caractères.",
        "يتكون نص البحث من 1 إلى {most} حرف.",
        "Um texto a buscar tem de 1 a {most} caracteres.",
    ),
}
