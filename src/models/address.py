"""A postal address, as it is stored in JSON columns: one spelling from the message to the API."""

import msgspec


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """A buyer's address, as far as the marketplace sends it."""

    street: str | None = None
    number: str | None = None
    complement: str | None = None
    neighborhood: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country: str | None = None


_decoder = msgspec.json.Decoder(Address)


def stored_address(address: Address) -> str:
    """The text that a JSON column holds."""
    return msgspec.json.encode(address).decode()


def address_of(stored: str | bytes | dict[str, object]) -> Address:
    """The address in a JSON column: one database gives its text, the other may have read it."""
    if isinstance(stored, dict):
        return msgspec.convert(stored, Address)
    return _decoder.decode(stored)
