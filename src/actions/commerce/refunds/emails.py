"""E-mails about refund requests, in five languages."""

from actions.kit.email import Email, Text

APPROVAL_WAITS = Email(
    "approval_waits",
    en=Text(
        "A refund of {amount} waits for your approval in {account}",
        (
            "Hello {name},",
            "{by} requested a refund of {amount} for the sale {reference}.",
            "This is above one of your limits, so the request waits for your approval. It expires in 7 days.",
        ),
    ),
    es=Text(
        "Un reembolso de {amount} espera tu aprobación en {account}",
        (
            "Hola, {name}:",
            "{by} solicitó un reembolso de {amount} para la venta {reference}.",
            "Esto supera uno de tus límites, así que la solicitud espera tu aprobación. Caduca en 7 días.",
        ),
    ),
    fr=Text(
        "Un remboursement de {amount} attend votre approbation dans {account}",
        (
            "Bonjour {name},",
            "{by} a demandé un remboursement de {amount} pour la vente {reference}.",
            "Cela dépasse l’une de vos limites : la demande attend votre approbation et expire dans 7 jours.",
        ),
    ),
    ar=Text(
        "استرداد بقيمة {amount} ينتظر موافقتك في {account}",
        (
            "مرحبًا {name}،",
            "طلب {by} استرداد {amount} لعملية البيع {reference}.",
            "يتجاوز ذلك أحد الحدود التي وضعتها، لذا ينتظر الطلب موافقتك. تنتهي صلاحيته خلال 7 أيام.",
        ),
    ),
    pt=Text(
        "Um reembolso de {amount} aguarda a sua aprovação em {account}",
        (
            "Olá, {name},",
            "{by} pediu um reembolso de {amount} para a venda {reference}.",
            "Isso está acima de um dos seus limites: o pedido aguarda a sua aprovação e expira em 7 dias.",
        ),
    ),
)

EMAILS = (APPROVAL_WAITS,)
