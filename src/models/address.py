"""A postal address as JSON columns store it, in the same form from the message to the API."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from models.text import folded

LONGEST_PLACE = 200
_BATCH = 1_000


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


def compared(place: str | None) -> str | None:
    """A state or city in the form in which different spellings are the same."""
    return folded(place)[:LONGEST_PLACE] or None if place else None


def place_of(address: Address) -> Address:
    """The address without what leads to the door."""
    return Address(city=address.city, state=address.state, country=address.country)


async def refill_places(
    run: Callable[[str, Sequence[Any]], Awaitable[Any]], mark: Callable[[int], str]
) -> None:
    """Compute the places of all sales as they are compared, for a migration."""
    last = "00000000-0000-0000-0000-000000000000"
    settings = f"buyer_state = {mark(1)}, buyer_city = {mark(2)}"
    while True:
        rows = await run(
            "SELECT id, CAST(buyer_address AS TEXT) AS address FROM sales WHERE buyer_address IS NOT NULL"
            f" AND id > {mark(1)} ORDER BY id LIMIT {_BATCH}",
            [last],
        )
        if not rows:
            return
        for row in rows:
            address = address_of(row["address"])
            if address.state or address.city:
                places = (compared(address.state), compared(address.city))
                await run(f"UPDATE sales SET {settings} WHERE id = {mark(3)}", [*places, str(row["id"])])
        last = str(rows[-1]["id"])
