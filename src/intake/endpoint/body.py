"""The body of a message as UTF-8: decompressed within limits, whatever its encoding was."""

import zlib

GZIP = b"\x1f\x8b"
_PIECE = 65_536
# the rest of the body is copied for each, and a megabyte has room for 50,000 empty ones
_MOST_MEMBERS = 100

# only these: some of Python's other codecs take quadratic time
_CHARSETS = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32": "utf-32",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# JSON begins with an ASCII character, so its zero bytes show the width and byte order of the others
_ZEROS = (
    ((False, True, True, True), "utf-32-le"),
    ((True, True, True, False), "utf-32-be"),
    ((False, True), "utf-16-le"),
    ((True, False), "utf-16-be"),
)


class BadBody(Exception):
    """A body that cannot be decompressed. The text says why."""


class TooLarge(BadBody):
    """A body that is larger than allowed after decompression."""


def unpacked(body: bytes, encodings: str, limit: int) -> bytes:
    """The decompressed body. Its `Content-Encoding` or its first bytes say how it is compressed.

    Raises `LookupError` for an encoding that is not supported.
    """
    names = [name for name in (part.strip().lower() for part in encodings.split(",")) if name]
    names = [name.removeprefix("x-") for name in names if name != "identity"]
    if len(names) > 1 or any(name not in ("gzip", "deflate") for name in names):
        raise LookupError(encodings)
    if body.startswith(GZIP):
        return _inflated(body, 16 + zlib.MAX_WBITS, limit)
    if names == ["deflate"] and body:
        wrapped = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflated(body, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, limit)
    return body  # some gateways decompress a body and leave the header


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    found = bytearray()
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(window)
        try:
            while not inflater.eof:
                piece = inflater.decompress(body, _PIECE)
                body = inflater.unconsumed_tail
                found += piece
                if len(found) > limit:
                    raise TooLarge(f"A message holds at most {limit} bytes.")
                if not piece and not body and not inflater.eof:
                    raise BadBody("The compressed body ends before its end.")
        except zlib.error:
            raise BadBody("The body is not compressed as its headers say.") from None
        body = inflater.unused_data
        if not body.startswith(GZIP):
            return bytes(found)
    raise BadBody(f"The compressed body has more than {_MOST_MEMBERS} members.")


def utf8(body: bytes, charset: str = "") -> bytes:
    """The body as UTF-8 without a byte order mark. A body that does not match its encoding stays as it is."""
    name = _encoding(body, charset)
    if name == "utf-8":
        return body
    try:
        return body.decode(name).encode("utf-8", "replace")
    except UnicodeDecodeError:
        return body


def _encoding(body: bytes, charset: str) -> str:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    for zeros, name in _ZEROS:
        if len(body) >= len(zeros) and tuple(byte == 0 for byte in body[: len(zeros)]) == zeros:
            return name
    return _CHARSETS.get(charset.strip("\"' ").lower(), "utf-8")
