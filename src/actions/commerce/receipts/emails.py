"""The e-mails that bring a receipt, in five languages."""

from actions.kit.email import Email, Text

RECEIPT = Email(
    "receipt",
    en=Text(
        "Your receipt {number} from {account}",
        ("Hello,", "Here is the receipt of your payment for {product}, purchase {reference} from {account}."),
    ),
    es=Text(
        "Tu recibo {number} de {account}",
        ("Hola:", "este es el recibo de tu pago de {product}, compra {reference} en {account}."),
    ),
    fr=Text(
        "Votre reçu {number} de {account}",
        ("Bonjour,", "voici le reçu de votre paiement pour {product}, achat {reference} chez {account}."),
    ),
    ar=Text(
        "إيصالك {number} من {account}",
        ("مرحبًا،", "هذا إيصال دفعك مقابل {product}، عملية الشراء {reference} لدى {account}."),
    ),
    pt=Text(
        "Seu recibo {number} de {account}",
        ("Olá,", "este é o recibo do seu pagamento de {product}, compra {reference} em {account}."),
    ),
    document=True,
)

RECEIPT_COPY = Email(
    "receipt_copy",
    en=Text(
        "Copy of the receipt {number} from {account}",
        ("Hello,", "Here is a copy of the receipt for {product}, purchase {reference} from {account}."),
    ),
    es=Text(
        "Copia del recibo {number} de {account}",
        ("Hola:", "esta es una copia del recibo de {product}, compra {reference} en {account}."),
    ),
    fr=Text(
        "Copie du reçu {number} de {account}",
        ("Bonjour,", "voici une copie du reçu pour {product}, achat {reference} chez {account}."),
    ),
    ar=Text(
        "نسخة من الإيصال {number} من {account}",
        ("مرحبًا،", "هذه نسخة من إيصال {product}، عملية الشراء {reference} لدى {account}."),
    ),
    pt=Text(
        "Cópia do recibo {number} de {account}",
        ("Olá,", "esta é uma cópia do recibo de {product}, compra {reference} em {account}."),
    ),
    document=True,
)

EMAILS = (RECEIPT, RECEIPT_COPY)
