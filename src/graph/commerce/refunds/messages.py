"""What refusals say of refund requests: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_refund_request": (
        "There is no such refund request.",
        "No existe esa solicitud de reembolso.",
        "Cette demande de remboursement n’existe pas.",
        "لا يوجد طلب استرداد كهذا.",
        "Esse pedido de reembolso não existe.",
    ),
    "refund_note": (
        "The text has {least} to {most} characters.",
        "El texto tiene de {least} a {most} caracteres.",
        "Le texte compte de {least} à {most} caractères.",
        "يتكون النص من {least} إلى {most} حرف.",
        "O texto tem de {least} a {most} caracteres.",
    ),
    "refund_of_another_seller": (
        "You promoted this sale as an affiliate. Only its seller can request the refund.",
        "Promocionaste esta venta como afiliado. Solo quien la vende puede solicitar el reembolso.",
        "Vous avez promu cette vente comme affilié. Seul son vendeur peut demander le remboursement.",
        "روّجت لعملية البيع هذه بصفتك مسوّقًا بالعمولة. البائع وحده يمكنه طلب الاسترداد.",
        "Você promoveu esta venda como afiliado. Só quem a vende pode pedir o reembolso.",
    ),
    "too_many_refund_requests": (
        "You can request {most} refunds a day.",
        "Puedes solicitar {most} reembolsos al día.",
        "Vous pouvez demander {most} remboursements par jour.",
        "يمكنك طلب {most} عملية استرداد يوميًا.",
        "Você pode pedir {most} reembolsos por dia.",
    ),
    "not_your_refund_request": (
        (
            "Only the person who requested the refund, a lead of the sale’s assignee, the owner and admins "
            "can withdraw the request."
        ),
        (
            "Solo pueden retirar la solicitud quien la hizo, un jefe de equipo de la persona asignada, el "
            "dueño y los administradores."
        ),
        (
            "Seuls la personne qui a fait la demande, un chef d’équipe de la personne affectée, le "
            "propriétaire et les administrateurs peuvent la retirer."
        ),
        "لا يمكن سحب الطلب إلا لمن قدّمه أو لقائد فريق الشخص المُسند إليه أو للمالك والمشرفين.",
        (
            "Só podem retirar o pedido quem o fez, um líder da pessoa atribuída, o proprietário e os "
            "administradores."
        ),
    ),
    "requester_lost_access": (
        "The person who requested the refund could not request it now: their access has changed.",
        "Quien solicitó el reembolso ya no podría solicitarlo: su acceso ha cambiado.",
        "La personne qui a demandé le remboursement ne pourrait plus le faire : son accès a changé.",
        "لم يعد بإمكان من طلب الاسترداد أن يطلبه الآن، فقد تغيّر وصوله.",
        "Quem pediu o reembolso já não poderia pedi-lo: o seu acesso mudou.",
    ),
    "limits_once": (
        "A limit is set at most once for each currency, for at most {most} currencies.",
        "Cada moneda tiene como máximo un límite, y hay como máximo {most} monedas.",
        "Chaque devise a au plus une limite, et il y a au plus {most} devises.",
        "لكل عملة حد واحد على الأكثر، ولعدد {most} من العملات على الأكثر.",
        "Cada moeda tem no máximo um limite, e há no máximo {most} moedas.",
    ),
    "limit_amount": (
        "A limit is not negative and has at most {decimals} decimals.",
        "Un límite no es negativo y tiene como máximo {decimals} decimales.",
        "Une limite n’est pas négative et compte au plus {decimals} décimales.",
        "الحد ليس سالبًا وله {decimals} منازل عشرية على الأكثر.",
        "Um limite não é negativo e tem no máximo {decimals} casas decimais.",
    ),
}
