"""Addresses outside that the server sends to: https, without credentials, and never in a private network.

An address is checked when it is saved, and again at every connection: a name can resolve to something else by
then, so what was resolved and checked is what is connected to.
"""

import asyncio
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from authz.refusal import ErrorCode, Refusal

LONGEST_URL = 2_000
RESOLVE_SECONDS = 5.0
_EMBEDDING = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64: the last 32 bits are an IPv4 address
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("2002::/16"),  # 6to4
    ipaddress.ip_network("2001::/32"),  # Teredo
    ipaddress.ip_network("::/96"),  # IPv4 in IPv6, as it once was
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddress(Exception):
    """A name resolves to an address inside a private network."""


class UnknownHost(Exception):
    """A name does not resolve."""


def is_public(address: Address) -> bool:
    """Whether an address is one of the Internet. What embeds another address in IPv6 is none."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _EMBEDDING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The addresses of a host. Raises `PrivateAddress` if any is private, and `UnknownHost`."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise UnknownHost from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and any(
        not is_public(ipaddress.ip_address(text.partition("%")[0])) for text in addresses
    ):
        raise PrivateAddress
    return addresses


def parsed_url(text: str, *, allow_private: bool) -> SplitResult | None:
    """The parts of an address that can be sent to; None for any other. Where private ones are allowed, so is
    http."""
    if (
        len(text) > LONGEST_URL
        or not text.isascii()
        or not text.isprintable()
        or set(text) & set(' "<>\\^`{|}')
    ):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    schemes = ("https", "http") if allow_private else ("https",)
    if (
        parts.scheme not in schemes
        or not parts.hostname
        or "@" in parts.netloc
        or parts.fragment
        or port == 0
    ):
        return None
    return parts


async def require_outside(text: str, *, allow_private: bool, field: tuple[str, ...] = ("url",)) -> str:
    """An address that can be sent to. Refuses any other with BAD_URL or PRIVATE_ADDRESS."""
    parts = parsed_url(text, allow_private=allow_private)
    if parts is None or parts.hostname is None:
        raise Refusal(ErrorCode.BAD_URL, "bad_outside_url", field)
    try:
        await resolve(parts.hostname, parts.port or 443, allow_private=allow_private)
    except PrivateAddress as error:
        raise Refusal(ErrorCode.PRIVATE_ADDRESS, "private_address", field) from error
    except UnknownHost as error:
        raise Refusal(ErrorCode.BAD_URL, "unknown_host", field) from error
    return text
