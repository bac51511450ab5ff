"""E-mail addresses: what counts as one."""

import re

from actions.session import normalised_email

_ADDRESS = re.compile(r'[^\s@<>()\[\],:;"\\]+@[^\s@<>()\[\],:;"\\]+\.[^\s@<>()\[\],:;"\\.]{2,}')


def address_of(email: str) -> str | None:
    """An address as it is stored, or None for what is no address that an e-mail could be sent to."""
    address = normalised_email(email)
    if not (address.isprintable() and len(address) <= 254 and _ADDRESS.fullmatch(address)):
        return None
    local, _, domain = address.rpartition("@")
    try:
        domain.encode("idna")
    except UnicodeError:
        return None
    # few servers take a local part beyond ASCII
    sound = local.isascii() and len(local) <= 64 and not local.startswith(".") and not local.endswith(".")
    return address if sound and ".." not in local else None
