"""A receipt written out, as text and as HTML for the screen, an e-mail or a printer.

Jinja escapes every value. Styles are inline, since e-mail programs drop all others.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from actions.commerce.receipts.labels import LABELS, Labels
from actions.commerce.receipts.receipt import Amount, Receipt
from models.address import Address
from models.currency import exponent_of

_environment = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_BODY = _environment.from_string(
    """\
<div dir="{{ labels.direction }}" style="max-width:560px;color:#000;background:#fff">
<h1 style="font-size:20px;margin:0 0 16px">{{ labels.title }}</h1>
<table style="width:100%;border-collapse:collapse;page-break-inside:avoid">
{% for label, value in lines %}
<tr><th scope="row" style="text-align:start;vertical-align:top;font-weight:normal;color:#444;\
padding:4px 12px 4px 0;white-space:nowrap">{{ label }}</th>
<td style="width:100%;padding:4px 0;border-bottom:1px solid #ddd"><bdi>{{ value }}</bdi></td></tr>
{% endfor %}
</table>
<p style="font-size:13px">{{ labels.note }}</p>
{% for line in footer %}
<p style="font-size:13px;margin:4px 0"><bdi>{{ line }}</bdi></p>
{% endfor %}
</div>
"""
)
_PAGE = _environment.from_string(
    """\
<!doctype html>
<html lang="{{ locale }}" dir="{{ labels.direction }}">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body style="margin:24px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#000;background:#fff">
{{ body }}</body>
</html>
"""
)


def html_of(receipt: Receipt) -> str:
    """The receipt as an HTML page of its own."""
    labels = _labels(receipt)
    title = f"{labels.title} {receipt.number}"
    return _PAGE.render(labels=labels, locale=_locale(receipt), title=title, body=_body(receipt))


def part_of(receipt: Receipt) -> str:
    """The receipt as HTML inside of another page, such as an e-mail."""
    return str(_body(receipt))


def text_of(receipt: Receipt) -> str:
    """The receipt as plain text."""
    labels = _labels(receipt)
    lines = [f"{label}: {value}" for label, value in _lines(receipt, labels)]
    return "\n".join([labels.title, "", *lines, "", labels.note, *_footer(receipt)])


def _body(receipt: Receipt) -> Markup:
    labels = _labels(receipt)
    body = _BODY.render(labels=labels, lines=list(_lines(receipt, labels)), footer=_footer(receipt))
    return Markup(body)  # noqa: S704 - escaped by the template


def _lines(receipt: Receipt, labels: Labels) -> Iterator[tuple[str, str]]:
    """The labels and values of what the receipt says, without what is not known."""
    lines = (
        (labels.number, receipt.number),
        (labels.issued, _day(receipt, receipt.issued_at)),
        (labels.seller, receipt.seller),
        (labels.address, receipt.seller_address),
        (labels.tax_number, receipt.tax_number),
        (labels.buyer, receipt.buyer),
        (labels.document, receipt.document),
        (labels.address, receipt.address and _address(receipt.address)),
        (labels.product, receipt.product),
        (labels.offer, receipt.offer),
        (labels.price, _amount(receipt.price, labels)),
        (labels.paid, _amount(receipt.full_price, labels)),
        (labels.installments, str(receipt.installments)),
        (labels.paid_on, _day(receipt, receipt.paid_at)),
        *_refund(receipt, labels),
    )
    return ((label, value) for label, value in lines if value)


def _refund(receipt: Receipt, labels: Labels) -> Iterator[tuple[str, str | None]]:
    if receipt.refunded_at is not None:
        yield labels.paid_back_on, _day(receipt, receipt.refunded_at)
    if receipt.refunded_amount is not None:
        yield labels.paid_back, _amount(receipt.refunded_amount, labels)
    elif receipt.refunded:
        yield labels.paid_back, _amount(receipt.price, labels)


def _footer(receipt: Receipt) -> list[str]:
    return (receipt.footer or "").splitlines()


def _locale(receipt: Receipt) -> str:
    return receipt.locale if receipt.locale in LABELS else "en"


def _labels(receipt: Receipt) -> Labels:
    return LABELS[_locale(receipt)]


def _day(receipt: Receipt, moment: int) -> str:
    """The day in the account's time zone, in the one form that is read alike everywhere."""
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(receipt.timezone)).date().isoformat()


def _amount(amount: Amount, labels: Labels) -> str:
    decimals = exponent_of(amount.currency)
    plain = f"{Decimal(amount.minor).scaleb(-decimals):,.{decimals}f}"
    return f"{plain.translate(labels.separators)} {amount.currency}"


def _address(address: Address) -> str:
    street = " ".join(part for part in (address.street, address.number, address.complement) if part)
    rest = (address.neighborhood, address.city, address.state, address.zip_code, address.country)
    return ", ".join(part for part in (street, *rest) if part)
