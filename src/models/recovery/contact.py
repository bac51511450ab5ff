"""The contact of an opportunity, by whom the same person is recognized in other messages."""

import re

from models.text import normalised_email

_LONGEST = 600
_LEAST_DIGITS = 6
_NOT_DIGITS = re.compile(r"[^0-9]")
EMAIL, PHONE, DOCUMENT, SALE = "e:", "p:", "d:", "s:"
"""How a contact begins: an e-mail address, a phone number, a document, or the buyer of a single sale."""


def contact_of_attempt(email: str | None, phone: str | None) -> str | None:
    """Who gave up at a checkout: their e-mail address, else the digits of their phone number."""
    if email:
        return EMAIL + normalised_email(email)[:_LONGEST]
    digits = _NOT_DIGITS.sub("", phone or "")
    return PHONE + digits if len(digits) >= _LEAST_DIGITS else None


def contact_of_sale(email: str | None, document: str | None, reference: str) -> str:
    """Who bought or nearly did: the address as it is compared, else the document, else this sale's buyer."""
    if email:
        return EMAIL + email
    return DOCUMENT + document if document else SALE + reference
