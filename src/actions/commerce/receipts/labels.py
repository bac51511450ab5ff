"""The labels and the note of receipts, in the languages in which accounts write to their buyers."""

import msgspec


class Labels(msgspec.Struct, frozen=True):
    """The labels of a receipt in one language, and how numbers are written in it."""

    title: str
    number: str
    issued: str
    seller: str
    tax_number: str
    buyer: str
    document: str
    address: str
    product: str
    offer: str
    price: str
    paid: str
    installments: str
    paid_on: str
    paid_back_on: str
    paid_back: str
    note: str
    separators: dict[int, str]
    """What stands for the comma between thousands and for the decimal point."""
    direction: str = "ltr"


def _separators(thousands: str, decimals: str) -> dict[int, str]:
    return str.maketrans({",": thousands, ".": decimals})


LABELS = {
    "en": Labels(
        title="Receipt of payment",
        number="Number",
        issued="Issued on",
        seller="Seller",
        tax_number="Tax number",
        buyer="Buyer",
        document="Document",
        address="Address",
        product="Product",
        offer="Offer",
        price="Price",
        paid="Total paid",
        installments="Installments",
        paid_on="Paid on",
        paid_back_on="Paid back on",
        paid_back="Amount paid back",
        note="This is a receipt of payment. It is not a fiscal document and does not replace an invoice.",
        separators=_separators(",", "."),
    ),
    "es": Labels(
        title="Recibo de pago",
        number="Número",
        issued="Emitido el",
        seller="Vendedor",
        tax_number="Número fiscal",
        buyer="Comprador",
        document="Documento",
        address="Dirección",
        product="Producto",
        offer="Oferta",
        price="Precio",
        paid="Total pagado",
        installments="Cuotas",
        paid_on="Pagado el",
        paid_back_on="Reembolsado el",
        paid_back="Importe reembolsado",
        note="Este es un recibo de pago. No es un documento fiscal ni sustituye a una factura.",
        separators=_separators(".", ","),
    ),
    "fr": Labels(
        title="Reçu de paiement",
        number="Numéro",
        issued="Émis le",
        seller="Vendeur",
        tax_number="Numéro fiscal",
        buyer="Acheteur",
        document="Pièce d’identité",
        address="Adresse",
        product="Produit",
        offer="Offre",
        price="Prix",
        paid="Total payé",
        installments="Mensualités",
        paid_on="Payé le",
        paid_back_on="Remboursé le",
        paid_back="Montant remboursé",
        note="Ceci est un reçu de paiement. Ce n’est ni un document fiscal ni une facture.",
        separators=_separators("\u202f", ","),
    ),
    "ar": Labels(
        title="إيصال دفع",
        number="الرقم",
        issued="تاريخ الإصدار",
        seller="البائع",
        tax_number="الرقم الضريبي",
        buyer="المشتري",
        document="رقم الوثيقة",
        address="العنوان",
        product="المنتج",
        offer="العرض",
        price="السعر",
        paid="المبلغ الإجمالي المدفوع",
        installments="الأقساط",
        paid_on="تاريخ الدفع",
        paid_back_on="تاريخ رد المبلغ",
        paid_back="المبلغ المردود",
        note="هذا إيصال دفع. وهو ليس مستندًا ضريبيًا ولا يحل محل الفاتورة.",
        separators=_separators(",", "."),
        direction="rtl",
    ),
    "pt": Labels(
        title="Recibo de pagamento",
        number="Número",
        issued="Emitido em",
        seller="Vendedor",
        tax_number="Número fiscal",
        buyer="Comprador",
        document="Documento",
        address="Endereço",
        product="Produto",
        offer="Oferta",
        price="Preço",
        paid="Total pago",
        installments="Parcelas",
        paid_on="Pago em",
        paid_back_on="Devolvido em",
        paid_back="Valor devolvido",
        note="Este é um recibo de pagamento. Não é um documento fiscal e não substitui a nota fiscal.",
        separators=_separators(".", ","),
    ),
}
