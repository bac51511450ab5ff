"""E-mail addresses: how one is stored and compared, and what counts as one."""

import contextlib
import re
import unicodedata

from authz.refusal import ErrorCode, Refusal

LONGEST_EMAIL = 254
_ADDRESS = re.compile(r'[^\s@<>()\[\],:;"\\]+@[^\s@<>()\[\],:;"\\]+\.[^\s@<>()\[\],:;"\\.]{2,}')
_HOST = re.compile(rb"[a-z0-9.-]+")


def normalised_email(email: str) -> str:
    """An address as it is stored and compared: NFKC, case-folded, without spaces around it.

    Its domain stands in letters between full stops, also where it was told as `xn--`.
    """
    address = unicodedata.normalize("NFKC", email).strip().casefold()
    local, at, domain = address.rpartition("@")
    domain = domain.replace("\u3002", ".")
    if "xn--" in domain:
        with contextlib.suppress(UnicodeError):
            domain = domain.encode("ascii").decode("idna")
    return f"{local}{at}{domain}"


def address_of(email: str) -> str | None:
    """An address as it is stored, or None for what is no address that an e-mail could be sent to."""
    address = normalised_email(email)
    if not (address.isprintable() and len(address) <= LONGEST_EMAIL and _ADDRESS.fullmatch(address)):
        return None
    if _is_read_in_two_ways(email):
        return None
    local, _, domain = address.rpartition("@")
    try:
        host = domain.encode("idna")
    except UnicodeError:
        return None
    # few servers take a local part beyond ASCII
    sound = local.isascii() and len(local) <= 64 and not local.startswith(".") and not local.endswith(".")
    return address if sound and ".." not in local and _HOST.fullmatch(host) else None


def _is_read_in_two_ways(email: str) -> bool:
    """Whether it holds letters, as ß, that some mail servers read as others: it would reach someone else."""
    spelt = unicodedata.normalize("NFKC", email)
    return spelt.lower() != spelt.casefold()


def checked_email(email: str) -> str:
    """An address as it is stored; refuses with BAD_EMAIL what cannot be one."""
    address = address_of(email)
    if address is None:
        raise Refusal(ErrorCode.BAD_EMAIL, "bad_email", ("email",))
    return address
