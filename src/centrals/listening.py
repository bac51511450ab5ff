"""Whether the server can listen where the settings say."""

import errno
import socket
from typing import Any


def require_port(host: str, port: int, prefix: str = "") -> None:
    """Raise `ValueError` with a sentence unless a server can listen there.

    `prefix` is that of the variables.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{prefix}HOST: {host!r} is not a host name or address of this machine.") from error
    missing, free = None, False
    for family, kind, protocol, _, address in found:
        try:
            _try(socket.socket(family, kind, protocol), address)
        except OSError as error:
            if error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                raise ValueError(_reason(error, host, port, prefix)) from error
            missing = error
        else:
            free = True
    if missing is not None and not free:
        raise ValueError(_reason(missing, host, port, prefix)) from missing


def _try(probe: socket.socket, address: Any) -> None:
    with probe:
        # like the server: a port whose last connections are closing is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if probe.family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind(address)
        probe.listen(1)


def _reason(error: OSError, host: str, port: int, prefix: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{prefix}PORT: {host}:{port} is in use by another process; set {prefix}PORT to another port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{prefix}HOST: {host!r} is not an address of this machine."
    if error.errno == errno.EACCES:
        return f"{prefix}PORT: this user is not allowed to listen on port {port}."
    return f"{prefix}PORT: {host}:{port} is not available: {error.strerror}."
