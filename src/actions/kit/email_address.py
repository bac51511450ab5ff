"""E-mail addresses in the input of mutations. `models.text` has the rules."""

from authz.refusal import ErrorCode, Refusal
from models.text import LONGEST_EMAIL, address_of, normalised_email


def checked_email(email: str, field: tuple[str, ...] = ("email",)) -> str:
    """An address as it is stored. Refuses an invalid one with BAD_EMAIL."""
    address = address_of(email)
    if address is None:
        raise Refusal(ErrorCode.BAD_EMAIL, "bad_email", field)
    return address


__all__ = ["LONGEST_EMAIL", "address_of", "checked_email", "normalised_email"]
