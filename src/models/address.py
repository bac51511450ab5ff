"""A postal address as JSON columns store it, in the same form from the message to the API."""

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
    """The text for a JSON column."""
    return msgspec.json.encode(address).decode()


def address_of(stored: str | bytes | dict[str, object]) -> Address:
    """The address in a JSON column, which one database returns as text and the other decoded."""
    if isinstance(stored, dict):
        return msgspec.convert(stored, Address)
    return _decoder.decode(stored)


def place_of(address: Address) -> Address:
    """The address without what leads to the door."""
    return Address(city=address.city, state=address.state, country=address.country)
