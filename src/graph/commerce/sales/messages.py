"""What refusals say of sales and their assignment: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "reveal_reason": (
        "A reason has {least} to {most} characters.",
        "Un motivo tiene de {least} a {most} caracteres.",
        "Un motif compte de {least} à {most} caractères.",
        "يتكون السبب من {least} إلى {most} حرف.",
        "Um motivo tem de {least} a {most} caracteres.",
    ),
    "nothing_to_reveal": (
        "Choose at least one field to reveal.",
        "Elige al menos un dato que mostrar.",
        "Choisissez au moins une donnée à afficher.",
        "اختر حقلاً واحدًا على الأقل لعرضه.",
        "Escolha pelo menos um dado para mostrar.",
    ),
    "too_many_reveals": (
        "You can reveal the personal data of {most} buyers a day.",
        "Puedes mostrar los datos personales de {most} compradores al día.",
        "Vous pouvez afficher les données personnelles de {most} acheteurs par jour.",
        "يمكنك عرض البيانات الشخصية لعدد {most} من المشترين يوميًا.",
        "Você pode mostrar os dados pessoais de {most} compradores por dia.",
    ),
    "no_such_sale": (
        "There is no such sale.",
        "No existe esa venta.",
        "Cette vente n’existe pas.",
        "لا توجد عملية بيع كهذه.",
        "Essa venda não existe.",
    ),
    "no_such_assignee": (
        "There is no such person that you can assign sales to.",
        "No existe esa persona a la que puedas asignar ventas.",
        "Il n’y a pas de telle personne à qui vous pouvez affecter des ventes.",
        "لا يوجد شخص كهذا يمكنك إسناد المبيعات إليه.",
        "Não existe essa pessoa a quem você possa atribuir vendas.",
    ),
    "assignee_inactive": (
        "This person is suspended or outside their access dates, so no sales can be assigned to them now.",
        "Esta persona no puede entrar ahora (suspensión o fechas de acceso): no se le pueden asignar ventas.",
        "Cette personne ne peut pas entrer (suspension ou dates d’accès) : on ne peut rien lui affecter.",
        (
            "لا يمكن لهذا الشخص الدخول الآن، لتعليق وصوله أو لأن الوقت خارج تواريخ وصوله، فلا يمكن إسناد "
            "مبيعات إليه."
        ),
        (
            "Esta pessoa não pode entrar agora (suspensão ou datas de acesso): não é possível atribuir "
            "vendas a ela."
        ),
    ),
    "no_such_team": (
        "The assignee is not in this team.",
        "La persona asignada no está en ese equipo.",
        "La personne n’est pas dans cette équipe.",
        "هذا الشخص ليس في هذا الفريق.",
        "A pessoa não está nessa equipe.",
    ),
    "not_assignable": (
        "You can see this sale, but you can assign only sales of members of the teams that you lead.",
        "Puedes ver esta venta, pero solo puedes asignar las de los miembros de los equipos que diriges.",
        "Vous voyez cette vente, mais vous ne pouvez affecter que celles des membres de vos équipes.",
        "يمكنك رؤية عملية البيع هذه، لكن لا يمكنك إلا إسناد مبيعات أعضاء الفرق التي تقودها.",
        "Você pode ver esta venda, mas só pode atribuir as dos membros das equipes que lidera.",
    ),
    "lead_cannot_unassign": (
        (
            "Team leads can assign sales only to members of a team. Only the owner and admins can "
            "unassign sales."
        ),
        (
            "Los jefes de equipo solo pueden asignar a miembros de un equipo; solo el dueño y los "
            "administradores pueden quitar la asignación."
        ),
        (
            "Un chef d’équipe ne peut affecter qu’à un membre d’une équipe ; seuls le propriétaire et "
            "les administrateurs peuvent retirer l’affectation."
        ),
        "لا يمكن لقائد الفريق الإسناد إلا إلى عضو في فريق؛ والمالك والمشرفون وحدهم يمكنهم إلغاء الإسناد.",
        (
            "Os líderes só podem atribuir a membros de uma equipe; só o proprietário e os "
            "administradores podem retirar a atribuição."
        ),
    ),
    "too_many_sales": (
        "You can assign 1 to {most} sales at once.",
        "Puedes asignar de 1 a {most} ventas a la vez.",
        "Vous pouvez affecter de 1 à {most} ventes à la fois.",
        "يمكنك إسناد من 1 إلى {most} عملية بيع في المرة الواحدة.",
        "Você pode atribuir de 1 a {most} vendas por vez.",
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
        "Filtering or sorting by amount requires a currency.",
        "Para filtrar u ordenar por importe hace falta una moneda.",
        "Pour filtrer ou trier par montant, il faut une devise.",
        "التصفية أو الترتيب حسب المبلغ يتطلب عملة.",
        "Para filtrar ou ordenar por valor é preciso uma moeda.",
    ),
    "text_length": (
        "A search text has 1 to {most} characters.",
        "Un texto de búsqueda tiene de 1 a {most} caracteres.",
        "Un texte de recherche compte de 1 à {most} caractères.",
        "يتكون نص البحث من 1 إلى {most} حرف.",
        "Um texto de busca tem de 1 a {most} caracteres.",
    ),
    "too_many_email_changes": (
        "The buyer’s e-mail address was already changed {most} times within 30 days.",
        "La dirección de correo de quien compró ya se cambió {most} veces en 30 días.",
        "L’adresse e-mail de l’acheteur a déjà été modifiée {most} fois en 30 jours.",
        "سبق تغيير البريد الإلكتروني للمشتري {most} مرات خلال 30 يومًا.",
        "O e-mail do comprador já foi alterado {most} vezes em 30 dias.",
    ),
    "too_many_slips": (
        "Payment slips of this sale were already sent or requested {most} times within 24 hours.",
        "Ya se enviaron o solicitaron {most} veces en 24 horas medios de pago de esta venta.",
        "Des bulletins de paiement de cette vente ont déjà été envoyés ou demandés {most} fois en 24 heures.",
        "أُرسلت قسائم الدفع لعملية البيع هذه أو طُلبت بالفعل {most} مرات خلال 24 ساعة.",
        "Boletos ou códigos desta venda já foram enviados ou pedidos {most} vezes em 24 horas.",
    ),
    "too_many_notifications": (
        "Events of this sale were already sent again {most} times within 24 hours.",
        "Ya se volvieron a enviar {most} veces en 24 horas eventos de esta venta.",
        "Des événements de cette vente ont déjà été renvoyés {most} fois en 24 heures.",
        "أُعيد إرسال أحداث عملية البيع هذه بالفعل {most} مرات خلال 24 ساعة.",
        "Eventos desta venda já foram reenviados {most} vezes em 24 horas.",
    ),
    "nothing_to_send": (
        "No system takes these events.",
        "Ningún sistema recibe estos eventos.",
        "Aucun système ne reçoit ces événements.",
        "لا يوجد نظام يستقبل هذه الأحداث.",
        "Nenhum sistema recebe estes eventos.",
    ),
    "no_such_event": (
        "The sale never had such an event.",
        "La venta nunca tuvo un evento así.",
        "La vente n’a jamais eu un tel événement.",
        "لم يكن لعملية البيع حدث كهذا.",
        "A venda nunca teve um evento assim.",
    ),
}
