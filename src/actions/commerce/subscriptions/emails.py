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
            "You can pay it with this payment slip: {slip}",
            "If you need help, write to {support}.",
        ),
    ),
    es=Text(
        "Hay un pago pendiente de tu suscripción a {product}",
        (
            "Hola:",
            "no se pudo cobrar un pago de tu suscripción a {product} de {account}.",
            "La referencia del pago es {reference}. Revisa tus datos de pago en la plataforma.",
            "Puedes pagarlo con este recibo de pago: {slip}",
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
            "Vous pouvez le régler avec ce bordereau de paiement : {slip}",
            "Si vous avez besoin d’aide, écrivez à {support}.",
        ),
    ),
    ar=Text(
        "دفعة من اشتراكك في {product} متأخرة",
        (
            "مرحبًا،",
            "تعذّر تحصيل دفعة من اشتراكك في {product} لدى {account}.",
            "رقم الدفعة هو {reference}. يُرجى التحقق من بيانات الدفع في المنصة.",
            "يمكنك الدفع بقسيمة الدفع هذه: {slip}",
            "إذا احتجت إلى مساعدة، فاكتب إلى {support}.",
        ),
    ),
    pt=Text(
        "Um pagamento da sua assinatura de {product} está atrasado",
        (
            "Olá,",
            "não foi possível cobrar um pagamento da sua assinatura de {product} de {account}.",
            "A referência do pagamento é {reference}. Confira seus dados de pagamento na plataforma.",
            "Você pode pagar com este boleto: {slip}",
            "Se precisar de ajuda, escreva para {support}.",
        ),
    ),
    optional=frozenset({"slip", "support"}),
)

SUBSCRIPTION_RENEWAL = Email(
    "subscription_renewal",
    en=Text(
        "Your subscription to {product} will be charged on {day}",
        (
            "Hello,",
            "the next payment of your subscription to {product} from {account} is due on {day}.",
            "The amount is {amount}.",
            "If you need help, write to {support}.",
        ),
    ),
    es=Text(
        "Tu suscripción a {product} se cobrará el {day}",
        (
            "Hola:",
            "el próximo pago de tu suscripción a {product} de {account} vence el {day}.",
            "El importe es {amount}.",
            "Si necesitas ayuda, escribe a {support}.",
        ),
    ),
    fr=Text(
        "Votre abonnement à {product} sera prélevé le {day}",
        (
            "Bonjour,",
            "le prochain paiement de votre abonnement à {product} chez {account} est dû le {day}.",
            "Le montant est de {amount}.",
            "Si vous avez besoin d’aide, écrivez à {support}.",
        ),
    ),
    ar=Text(
        "سيُحصَّل اشتراكك في {product} يوم {day}",
        (
            "مرحبًا،",
            "الدفعة التالية من اشتراكك في {product} لدى {account} مستحقة يوم {day}.",
            "المبلغ هو {amount}.",
            "إذا احتجت إلى مساعدة، فاكتب إلى {support}.",
        ),
    ),
    pt=Text(
        "Sua assinatura de {product} será cobrada em {day}",
        (
            "Olá,",
            "o próximo pagamento da sua assinatura de {product} de {account} vence em {day}.",
            "O valor é {amount}.",
            "Se precisar de ajuda, escreva para {support}.",
        ),
    ),
    optional=frozenset({"amount", "support"}),
)

SUBSCRIPTION_WIN_BACK = Email(
    "subscription_winback",
    en=Text(
        "Come back to {product}",
        (
            "Hello,",
            "your subscription to {product} from {account} has ended. You can subscribe again.",
            "If you do not want such e-mails from {account}, open {leave}",
        ),
        "Subscribe again",
    ),
    es=Text(
        "Vuelve a {product}",
        (
            "Hola:",
            "tu suscripción a {product} de {account} terminó. Puedes suscribirte de nuevo.",
            "Si no quieres recibir estos correos de {account}, abre {leave}",
        ),
        "Suscribirme de nuevo",
    ),
    fr=Text(
        "Revenez à {product}",
        (
            "Bonjour,",
            "votre abonnement à {product} chez {account} a pris fin. Vous pouvez vous abonner à nouveau.",
            "Si vous ne voulez plus recevoir ces e-mails de {account}, ouvrez {leave}",
        ),
        "M’abonner à nouveau",
    ),
    ar=Text(
        "عُد إلى {product}",
        (
            "مرحبًا،",
            "انتهى اشتراكك في {product} لدى {account}. يمكنك الاشتراك من جديد.",
            "إذا لم ترغب في هذه الرسائل من {account}، فافتح {leave}",
        ),
        "الاشتراك من جديد",
    ),
    pt=Text(
        "Volte para {product}",
        (
            "Olá,",
            "sua assinatura de {product} de {account} terminou. Você pode assinar de novo.",
            "Se não quiser mais receber estes e-mails de {account}, abra {leave}",
        ),
        "Assinar de novo",
    ),
    outside="checkout",
    optional=frozenset({"leave"}),
)

EMAILS = (
    SUBSCRIPTION_CANCEL_REQUEST,
    SUBSCRIPTION_OVERDUE,
    SUBSCRIPTION_RENEWAL,
    SUBSCRIPTION_WIN_BACK,
)
