"""The words of Hotmart's sales reports, in the languages that they come in: headers, statuses, methods.

There are two reports of some sixty columns each: the older one (`Nome do Produto;…;Valor do frete bruto`) and
the newer, detailed one (`Código da transação;…`). Both are read by one list of columns.
"""

import re
import unicodedata
from collections.abc import Mapping

from models.text import normalized

_GENDERS = re.compile(r"\((?:a|o|s|as|os|es)\)")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """A header or word without capitals, accents, punctuation and gendered endings."""
    letters = normalized("NFKD", text).casefold()
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub(" ", _GENDERS.sub("", letters)).strip()


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    return {plain(word): name for name, spellings in words.items() for word in spellings.split("|")}


COLUMNS = _by_word(
    {
        "transaction": "Código da transação|Transação|Código de la transacción|Transacción"
        "|Transaction code|Transaction|Transaction ID",
        "status": "Status da transação|Status|Estatus de la transacción|Estado de la transacción|Estatus"
        "|Transaction status",
        "order_date": "Data da transação|Data de Venda|Data da venda|Fecha de la transacción|Fecha de venta"
        "|Transaction date|Sale date|Purchase date",
        "approved_date": "Confirmação do pagamento|Data de Confirmação|Confirmación del pago"
        "|Fecha de confirmación|Payment confirmation|Confirmation date",
        "product_code": "Código do produto|Código del producto|Product code|Product ID",
        "product_name": "Produto|Nome do Produto|Producto|Nombre del producto|Product|Product name",
        "offer_code": "Código do preço|Código de Oferta|Código da oferta|Código del precio"
        "|Código de la oferta|Price code|Offer code",
        "offer_name": "Nome deste preço|Nombre de este precio|Name of this price|Price name",
        "coupon": "Código de cupom|Cupom|Código de cupón|Código del cupón|Cupón|Coupon code|Coupon",
        "purchase_currency": "Moeda de compra|Moneda de compra|Purchase currency",
        "payout_currency": "Moeda de recebimento|Moneda de recibimiento|Moneda de recepción"
        "|Moneda en la que recibirás los valores|Payout currency|Receipt currency",
        "fee_currency": "Moeda das taxas|Moneda de las tasas|Moneda de las tarifas|Fee currency"
        "|Fees currency",
        "price": "Valor de compra sem impostos|Valor de compra sin impuestos"
        "|Purchase value without taxes|Purchase value excluding taxes",
        "product_price": "Preço do Produto|Precio del producto|Product price",
        "full_price": "Valor de compra com impostos|Valor de compra con impuestos"
        "|Purchase value with taxes|Purchase value including taxes",
        "total_price": "Preço Total|Precio total|Total price",
        "original_price": "Preço Original|Precio original|Original price",
        "gross": "Faturamento bruto (sem impostos)|Facturación bruta (sin impuestos)"
        "|Gross revenue (without taxes)|Gross revenue (excluding taxes)",
        "net": "Faturamento líquido|Facturación neta|Net revenue|Net earnings",
        "producer_net": "Faturamento líquido do(a) Produtor(a)|Facturación neta del Productor(a)"
        "|Producer net revenue|Net revenue of the producer|Creator net revenue",
        "affiliate_share": "Comissão do(a) Afiliado(a)|Comisión del Afiliado(a)|Affiliate commission",
        "coproducer_share": "Faturamento do(a) Coprodutor(a)|Facturación del Coproductor(a)"
        "|Coproducer revenue|Co-producer revenue",
        "fee": "Taxa de processamento|Tasa de procesamiento|Tarifa de procesamiento|Processing fee",
        "streaming_fee": "Taxa de streaming|Tasa de streaming|Tarifa de streaming|Streaming fee",
        "other_fees": "Outras taxas|Otras tasas|Otras tarifas|Other fees",
        "role": "Venda feita como|Venta hecha como|Venta realizada como|Sale made as|Sold as",
        "producer": "Produtor(a)|Nome do Produtor|Productor(a)|Nombre del productor|Producer|Producer name"
        "|Creator",
        "affiliate_name": "Nome do(a) Afiliado(a)|Nombre del Afiliado(a)|Affiliate name",
        "affiliate_code": "Código da Afiliação|Código de afiliación|Código de la afiliación|Affiliation code",
        "src": "Código SRC|Origem|Origen|SRC code|Origin",
        "sck": "Código SCK|SCK code",
        "checkout_origin": "Origem de Checkout|Origen de checkout|Origen del checkout|Checkout origin",
        "method": "Método de pagamento|Tipo de Pagamento|Método de pago|Tipo de pago|Payment method"
        "|Payment type",
        "installments": "Quantidade total de parcelas|Número da Parcela|Cantidad total de cuotas"
        "|Número de la cuota|Número de cuotas|Total number of installments|Installments"
        "|Number of installments",
        "recurrence": "Quantidade de cobranças|Recorrência|Cantidad de cobros|Recurrencia"
        "|Number of charges|Recurrence",
        "subscriber": "Código do assinante|Código del suscriptor|Subscriber code",
        "refusal": "Motivo de Recusa de Cartão|Motivo de rechazo de la tarjeta|Motivo de rechazo de tarjeta"
        "|Card refusal reason|Reason for card refusal",
        "tool": "Ferramenta de venda|Herramienta de venta|Sales tool",
        "parent": "Transação do Produto Principal|Transacción del producto principal"
        "|Main product transaction",
        "name": "Comprador(a)|Nome|Nome do Comprador|Nombre|Nombre del comprador|Buyer|Buyer name|Name",
        "email": "Email do(a) Comprador(a)|Email|E-mail|Email del Comprador(a)|Buyer email|Buyer's email",
        "document": "Documento|Document",
        "area_code": "DDD|Código de área|Area code",
        "phone": "Telefone|Teléfono|Phone|Telephone|Phone number",
        "zipcode": "Código postal|CEP|ZIP code|Postal code",
        "city": "Cidade|Ciudad|City",
        "state": "Estado / Província|Estado|Estado / Provincia|State / Province|State",
        "neighborhood": "Bairro|Barrio|Neighborhood|District",
        "country": "País|Country",
        "street": "Endereço|Dirección|Address",
        "number": "Número|Number",
        "complement": "Complemento|Complement",
    }
)
"""The name of a column by its normalized header. Other headers are ignored."""

CURRENCY = frozenset(map(plain, ("Moeda", "Moneda", "Currency")))
"""The header of the older report's columns that contain the currency of the following columns."""

NEEDED = {
    "transaction": "Código da transação (or Transação, Transacción, Transaction code)",
    "status": "Status da transação (or Status, Estatus, Transaction status)",
}

STATUSES = _by_word(
    {
        "APPROVED": "Aprovado|Aprovada|Aprobado|Aprobada|Approved",
        "COMPLETE": "Completo|Completa|Completado|Completada|Complete|Completed|Concluído|Concluída",
        "CANCELLED": "Cancelado|Cancelada|Canceled|Cancelled",
        "REFUNDED": "Reembolsado|Reembolsada|Estornado|Estornada|Devuelto|Refunded",
        "PARTIALLY_REFUNDED": "Reembolso parcial|Parcialmente reembolsado|Parcialmente reembolsada"
        "|Reembolsado parcialmente|Reembolsada parcialmente|Partially refunded|Partial refund",
        "CHARGEBACK": "Chargeback|Contracargo|Contestado|Contestada",
        "DISPUTE": "Reclamado|Reclamada|Em disputa|En disputa|Disputa|Protestado|Protestada|Claimed"
        "|Protested|Dispute|Disputed|In dispute",
        "EXPIRED": "Expirado|Expirada|Expired|Caducado|Caducada",
        "OVERDUE": "Atrasado|Atrasada|Vencido|Vencida|Overdue|Delayed|Late",
        "WAITING_PAYMENT": "Aguardando pagamento|Aguardando|Pendente|Boleto impresso|Boleto gerado"
        "|Pix gerado|Esperando pago|A la espera del pago|Pendiente|Pendiente de pago"
        "|Solicitud de pago generada|Boleto generado|Waiting payment|Waiting for payment"
        "|Awaiting payment|Pending|Pending payment|Payment slip generated|Billet printed",
        "UNDER_ANALYSIS": "Em análise|Sob análise|En análisis|Bajo análisis|Under analysis|In analysis"
        "|Under review",
        "STARTED": "Iniciado|Iniciada|Started|Initiated",
        "PRE_ORDER": "Pré-venda|Pré-reserva|Preventa|Pre-order",
        "BLOCKED": "Bloqueado|Bloqueada|Blocked",
        "NO_FUNDS": "Sem saldo|Sem fundos|Saldo insuficiente|Sin saldo|Sin fondos|Fondos insuficientes"
        "|No funds|Insufficient funds",
        "PROCESSING": "Processando|Processando transação|Em processamento|Procesando|En proceso|Processing"
        "|Processing transaction",
    }
)

METHODS = _by_word(
    {
        "CREDIT_CARD": "Cartão de crédito|Cartão|Tarjeta de crédito|Tarjeta|Credit card|Card",
        "DEBIT_CARD": "Cartão de débito|Tarjeta de débito|Debit card",
        "PIX": "Pix",
        "BILLET": "Boleto|Boleto bancário|Boleto bancario|Bank slip|Payment slip|Billet",
        "BANK_TRANSFER": "Transferência bancária|Transferencia bancaria|Transferência|Transferencia"
        "|Bank transfer",
        "CASH_PAYMENT": "Dinheiro|Efectivo|Pago en efectivo|Pagamento em dinheiro|Cash|Cash payment|OXXO",
        "PAYPAL": "PayPal|PayPal internacional",
        "GOOGLE_PAY": "Google Pay",
        "APPLE_PAY": "Apple Pay",
        "SAMSUNG_PAY": "Samsung Pay",
        "WALLET": "Saldo Hotmart|Hotmart balance|Carteira digital|Billetera digital|Wallet|PicPay|Nubank",
        "FINANCED_INSTALLMENT": "Parcelado Hotmart|Hotmart installments|Financiado Hotmart",
        "HYBRID": "Híbrido|Pagamento híbrido|Pago híbrido|Hybrid|Dois cartões|Two cards",
    }
)

ROLES = _by_word(
    {
        "PRODUCER": "Produtor(a)|Productor(a)|Producer|Creator",
        "AFFILIATE": "Afiliado(a)|Affiliate",
        "COPRODUCER": "Coprodutor(a)|Co-produtor(a)|Coproductor(a)|Coproducer|Co-producer",
    }
)

NONE = frozenset({"", "(none)", "null", "-"})
"""The texts of cells without a value."""

COUNTRIES = _by_word(
    {
        "AO": "Angola",
        "AR": "Argentina",
        "AT": "Áustria|Austria",
        "AU": "Austrália|Australia",
        "BE": "Bélgica|Belgium",
        "BO": "Bolívia|Bolivia",
        "BR": "Brasil|Brazil",
        "CA": "Canadá|Canada",
        "CH": "Suíça|Suiza|Switzerland",
        "CL": "Chile",
        "CO": "Colômbia|Colombia",
        "CR": "Costa Rica",
        "CV": "Cabo Verde|Cape Verde",
        "DE": "Alemanha|Alemania|Germany",
        "DK": "Dinamarca|Denmark",
        "DO": "República Dominicana|Dominican Republic",
        "EC": "Equador|Ecuador",
        "ES": "Espanha|España|Spain",
        "FI": "Finlândia|Finlandia|Finland",
        "FR": "França|Francia|France",
        "GB": "Reino Unido|United Kingdom",
        "GT": "Guatemala",
        "HN": "Honduras",
        "IE": "Irlanda|Ireland",
        "IL": "Israel",
        "IN": "Índia|India",
        "IT": "Itália|Italia|Italy",
        "JP": "Japão|Japón|Japan",
        "LU": "Luxemburgo|Luxembourg",
        "MA": "Marrocos|Marruecos|Morocco",
        "MX": "México|Mexico",
        "MZ": "Moçambique|Mozambique",
        "NI": "Nicarágua|Nicaragua",
        "NL": "Países Baixos|Países Bajos|Holanda|Netherlands",
        "NO": "Noruega|Norway",
        "NZ": "Nova Zelândia|Nueva Zelanda|New Zealand",
        "PA": "Panamá|Panama",
        "PE": "Peru|Perú",
        "PL": "Polônia|Polonia|Poland",
        "PR": "Porto Rico|Puerto Rico",
        "PT": "Portugal",
        "PY": "Paraguai|Paraguay",
        "SE": "Suécia|Suecia|Sweden",
        "SV": "El Salvador",
        "US": "Estados Unidos|Estados Unidos da América|Estados Unidos de América|United States"
        "|United States of America",
        "UY": "Uruguai|Uruguay",
        "VE": "Venezuela",
        "ZA": "África do Sul|Sudáfrica|South Africa",
    }
)
"""ISO 3166 codes of the countries that most buyers live in. Other countries' names are left out."""
