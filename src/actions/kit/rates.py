"""Whose requests count together in rate limits."""

import ipaddress
from functools import lru_cache

_UNKNOWN = "unknown"
_PREFIX = 64  # what one subscriber has of IPv6


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """The network that an address counts as: itself, or of an IPv6 address its first 64 bits."""
    if address is None:
        return _UNKNOWN
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _PREFIX), strict=False).network_address)
