"""Checks of what people set of products and offers."""

import ipaddress
from urllib.parse import urlsplit

from actions.kit.email_address import address_of
from actions.kit.refusals import Field, bad_url
from authz.refusal import ErrorCode, Refusal

LONGEST_URL = 2000
LONGEST_CODE = 64
_PRIVATE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".arpa")


def checked_url(url: str, field: Field) -> str:
    """A public web address. Refuses any other with BAD_URL."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "https" and parts.username is None and parts.password is None
        fits = fits and _is_public(parts.hostname or "") and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise bad_url(field)
    return url


def _is_public(host: str) -> bool:
    """Whether a host name can be reached from outside: no address and no name of a private network."""
    name = f".{host.rstrip('.').lower()}"
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        last = name.rpartition(".")[2]
        # 127.1 and 0x7f.1 are addresses too
        return "." in name[1:] and not last[:1].isdigit() and not name.endswith(_PRIVATE)


def checked_support_email(email: str, field: Field) -> str:
    """An address that buyers write to. Refuses an invalid one with BAD_EMAIL."""
    address = address_of(email)
    if address is None:
        raise Refusal(ErrorCode.BAD_EMAIL, "bad_email", field)
    return address


def checked_code(code: str, field: Field) -> str:
    """A reference or a code: letters, digits and a few signs. Refuses any other with BAD_INPUT."""
    code = code.strip()
    if not 1 <= len(code) <= LONGEST_CODE or not all(sign.isalnum() or sign in "-_." for sign in code):
        raise Refusal(ErrorCode.BAD_INPUT, "product_code", field, most=LONGEST_CODE)
    if not code.isascii():
        raise Refusal(ErrorCode.BAD_INPUT, "product_code", field, most=LONGEST_CODE)
    return code
