"""E-mail addresses as acts take them; what one is, `models.text` says."""

from authz.refusal import ErrorCode, Refusal
from models.text import LONGEST_EMAIL, address_of, normalised_email


def checked_email(email: str) -> str:
    """An address as it is stored; refuses with BAD_EMAIL what cannot be one."""
    address = address_of(email)
    if address is None:
        raise Refusal(ErrorCode.BAD_EMAIL, "bad_email", ("email",))
    return address


__all__ = ["LONGEST_EMAIL", "address_of", "checked_email", "normalised_email"]
