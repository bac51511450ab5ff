"""Personal data with most of it left out: enough to recognize what one knows, not enough to learn it."""

_SHOWN_DIGITS = 2


def masked_email(address: str | None) -> str | None:
    """The first letters of an address and of its domain: `maria@example.com` is `m…@e…`."""
    if not address:
        return None
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain[:1]}…"


def masked_number(number: str | None) -> str | None:
    """The last two characters of a phone or document number: `+55 11 99999-0042` is `…42`."""
    if not number:
        return None
    return f"…{number[-_SHOWN_DIGITS:]}" if len(number) > 2 * _SHOWN_DIGITS else "…"
