"""What a person decided of a sale, as the fold reads it of an event: it lies over what messages tell."""

import msgspec


class Author(msgspec.Struct, frozen=True):
    """Who caused an event, by the name of that day."""

    user_id: str | None = None
    name: str | None = None


class Assignment(msgspec.Struct, frozen=True):
    """Who works on a sale from then on, and in which team; no one, where there is no assignee."""

    assignee_id: str | None = None
    assignee_name: str | None = None
    """The new assignee's name; null if the assignment was removed."""
    team_id: str | None = None
    team_name: str | None = None
    """The name of the team in which the sale was assigned; null for none."""


class Credit(msgspec.Struct, frozen=True):
    """The seat and the team that a sale counts for from then on."""

    seat_id: str | None = None
    team_id: str | None = None


class PersonChange(msgspec.Struct, frozen=True):
    """The facts of an event with the source `PERSON` that decide columns of the sale; null decides nothing.

    A field with the name and type of one of the facts that messages tell, as `buyer_email`, is folded as that
    fact. Only these are: `actions.kit.event` declares which events have them.
    """

    assignment: Assignment | None = None
    credit: Credit | None = None
    buyer_email: str | None = None


_decoder = msgspec.json.Decoder(PersonChange)


def change_of(text: str | bytes) -> PersonChange:
    """The change that a `sale_events` row holds."""
    return _decoder.decode(text)
