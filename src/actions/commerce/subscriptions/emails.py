"""E-mails to subscribers, in five languages."""

from actions.kit.email import Email, Text

SUBSCRIPTION_CANCEL_REQUEST = Email(
    "subscription_cancel_asked",
    en=Text(
        "The end of your subscription to {product} was requested",
        (
            "Hello,",
            "{account} requested that your subscription to {product} is canceled.",
            (
                "It stays as it is until the marketplace confirms this. If you did not ask for it, reply to "
                "this e-mail."
            ),
        ),
    ),
    es=Text(
        "Se solicitó el fin de tu suscripción a {product}",
        (
            "Hola:",
            "{account} solicitó que se cancele tu suscripción a {product}.",
            "Sigue igual hasta que la plataforma lo confirme. Si no lo pediste, responde a este correo.",
        ),
    ),
    fr=Text(
        "La fin de votre abonnement à {product} a été demandée",
        (
            "Bonjour,",
            "{account} a demandé l’annulation de votre abonnement à {product}.",
            (
                "Rien ne change avant que la plateforme ne le confirme. Si vous ne l’avez pas demandé, "
                "répondez à cet e-mail."
            ),
        ),
    ),
    ar=Text(
        "طُلب إنهاء اشتراكك في {product}",
        (
            "مرحبًا،",
            "طلب {account} إلغاء اشتراكك في {product}.",
            "يبقى الاشتراك كما هو حتى تؤكد المنصة ذلك. إذا لم تطلبه، فأجب عن هذه الرسالة.",
        ),
    ),
    pt=Text(
        "O fim da sua assinatura de {product} foi solicitado",
        (
            "Olá,",
            "{account} solicitou o cancelamento da sua assinatura de {product}.",
            "Nada muda até a plataforma confirmar. Se você não pediu isso, responda a este e-mail.",
        ),
    ),
)

SUBSCRIPTION_OVERDUE = Email(
    "subscription_overdue",
    en=Text(
        "A payment of your subscription to {product} is overdue",
        (
            "Hello,",
            "a payment of your subscription to {product} from {account} could not be collected.",
            (
                "The reference of the payment is {reference}. Please check your payment details at the "
                "marketplace."
            ),
            "If you need help, write to {support}.",
        ),
    ),
    es=Text(
        "Hay un pago pendiente de tu suscripción a {product}",
        (
            "Hola:",
            "no se pudo cobrar un pago de tu suscripción a {product} de {account}.",
            "La referencia del pago es {reference}. Revisa tus datos de pago en la plataforma.",
            "Si necesitas ayuda, escribe a {support}.",
        ),
    ),
    fr=Text(
        "Un paiement de votre abonnement à {product} est en retard",
        (
            "Bonjour,",
            "un paiement de votre abonnement à {product} chez {account} n’a pas pu être prélevé.",
            (
                "La référence du paiement est {reference}. Vérifiez vos informations de paiement sur la "
                "plateforme."
            ),
            "Si vous avez besoin d’aide, écrivez à {support}.",
        ),
    ),
    ar=Text(
        "دفعة من اشتراكك في {product} متأخرة",
        (
            "مرحبًا،",
            "تعذّر تحصيل دفعة من اشتراكك في {product} لدى {account}.",
            "رقم الدفعة هو {reference}. يُرجى التحقق من بيانات الدفع في المنصة.",
            "إذا احتجت إلى مساعدة، فاكتب إلى {support}.",
        ),
    ),
    pt=Text(
        "Um pagamento da sua assinatura de {product} está atrasado",
        (
            "Olá,",
            "não foi possível cobrar um pagamento da sua assinatura de {product} de {account}.",
            "A referência do pagamento é {reference}. Confira seus dados de pagamento na plataforma.",
            "Se precisar de ajuda, escreva para {support}.",
        ),
    ),
)

EMAILS = (SUBSCRIPTION_CANCEL_REQUEST, SUBSCRIPTION_OVERDUE)
