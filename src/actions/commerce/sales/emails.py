"""E-mails about changes to sales, in five languages."""

from actions.kit.email import Email, Text

BUYER_EMAIL_CHANGED = Email(
    "buyer_email_changed",
    en=Text(
        "The e-mail address of a buyer was changed in {account}",
        (
            "Hello {name},",
            "{by} changed the e-mail address of the buyer of the sale {reference}.",
            "It was {before} and is now {after}.",
        ),
    ),
    es=Text(
        "Se cambió el correo de un comprador en {account}",
        (
            "Hola, {name}:",
            "{by} cambió el correo electrónico del comprador de la venta {reference}.",
            "Era {before} y ahora es {after}.",
        ),
    ),
    fr=Text(
        "L’adresse e-mail d’un acheteur a été modifiée dans {account}",
        (
            "Bonjour {name},",
            "{by} a modifié l’adresse e-mail de l’acheteur de la vente {reference}.",
            "L’ancienne était {before}, la nouvelle est {after}.",
        ),
    ),
    ar=Text(
        "تم تغيير البريد الإلكتروني لأحد المشترين في {account}",
        (
            "مرحبًا {name}،",
            "غيّر {by} البريد الإلكتروني لمشتري عملية البيع {reference}.",
            "كان {before} وأصبح الآن {after}.",
        ),
    ),
    pt=Text(
        "O e-mail de um comprador foi alterado em {account}",
        (
            "Olá, {name},",
            "{by} alterou o e-mail do comprador da venda {reference}.",
            "Era {before} e agora é {after}.",
        ),
    ),
)

BUYER_EMAIL_MOVED = Email(
    "buyer_email_moved",
    en=Text(
        "The e-mail address of your purchase was changed",
        (
            "Hello,",
            "The e-mail address of your purchase of {product}, reference {reference}, was changed.",
            "If you did not ask for this, contact the seller.",
        ),
    ),
    es=Text(
        "Se cambió el correo electrónico de tu compra",
        (
            "Hola:",
            "tu compra de {product}, con la referencia {reference}, tiene ahora otro correo electrónico.",
            "Si no lo pediste, avisa a quien te vendió el producto.",
        ),
    ),
    fr=Text(
        "L’adresse e-mail de votre achat a été modifiée",
        (
            "Bonjour,",
            "votre achat de {product}, référence {reference}, a désormais une autre adresse e-mail.",
            "Si vous ne l’avez pas demandé, prévenez le vendeur.",
        ),
    ),
    ar=Text(
        "تم تغيير البريد الإلكتروني لعملية شرائك",
        (
            "مرحبًا،",
            "أصبح لعملية شراء {product}، رقم {reference}، بريد إلكتروني آخر.",
            "إذا لم تطلب ذلك، فأبلغ البائع.",
        ),
    ),
    pt=Text(
        "O e-mail da sua compra foi alterado",
        (
            "Olá,",
            "sua compra de {product}, referência {reference}, tem agora outro e-mail.",
            "Se você não pediu isso, avise quem vendeu o produto.",
        ),
    ),
)

PURCHASE_ACCESS = Email(
    "purchase_access",
    en=Text(
        "Your access to {product}",
        (
            "Hello,",
            "You bought {product} from {account}. The reference of your purchase is {reference}.",
            "If you need help, write to {support}.",
        ),
        "Open the product",
    ),
    es=Text(
        "Tu acceso a {product}",
        (
            "Hola:",
            "compraste {product} en {account}. La referencia de tu compra es {reference}.",
            "Si necesitas ayuda, escribe a {support}.",
        ),
        "Abrir el producto",
    ),
    fr=Text(
        "Votre accès à {product}",
        (
            "Bonjour,",
            "vous avez acheté {product} chez {account}. La référence de votre achat est {reference}.",
            "Si vous avez besoin d’aide, écrivez à {support}.",
        ),
        "Ouvrir le produit",
    ),
    ar=Text(
        "وصولك إلى {product}",
        (
            "مرحبًا،",
            "لقد اشتريت {product} من {account}. رقم عملية الشراء هو {reference}.",
            "إذا احتجت إلى مساعدة، فاكتب إلى {support}.",
        ),
        "فتح المنتج",
    ),
    pt=Text(
        "Seu acesso a {product}",
        (
            "Olá,",
            "você comprou {product} de {account}. A referência da sua compra é {reference}.",
            "Se precisar de ajuda, escreva para {support}.",
        ),
        "Abrir o produto",
    ),
    outside="access",
    optional=frozenset({"support"}),
)

PAYMENT_SLIP = Email(
    "payment_slip",
    en=Text(
        "How to pay for {product}",
        (
            "Hello,",
            "You can pay for {product}, purchase {reference} from {account}, with this code or address:",
            "{slip}",
            "If you have already paid, ignore this message.",
        ),
    ),
    es=Text(
        "Cómo pagar {product}",
        (
            "Hola:",
            "puedes pagar {product}, compra {reference} en {account}, con este código o enlace:",
            "{slip}",
            "Si ya pagaste, ignora este mensaje.",
        ),
    ),
    fr=Text(
        "Comment payer {product}",
        (
            "Bonjour,",
            "vous pouvez payer {product}, achat {reference} chez {account}, avec ce code ou cette adresse :",
            "{slip}",
            "Si vous avez déjà payé, ignorez ce message.",
        ),
    ),
    ar=Text(
        "كيف تدفع مقابل {product}",
        (
            "مرحبًا،",
            "يمكنك الدفع مقابل {product}، عملية الشراء {reference} لدى {account}، بهذا الرمز أو العنوان:",
            "{slip}",
            "إذا كنت قد دفعت بالفعل، فتجاهل هذه الرسالة.",
        ),
    ),
    pt=Text(
        "Como pagar {product}",
        (
            "Olá,",
            "você pode pagar {product}, compra {reference} em {account}, com este código ou endereço:",
            "{slip}",
            "Se você já pagou, ignore esta mensagem.",
        ),
    ),
)

EMAILS = (BUYER_EMAIL_CHANGED, BUYER_EMAIL_MOVED, PURCHASE_ACCESS, PAYMENT_SLIP)
