"""What a person changed of a sale, as an event of its history holds it: it lies over what messages tell."""

import msgspec


class Author(msgspec.Struct, frozen=True):
    """Who made a change, by the name of that day."""

    user_id: str | None = None
    name: str | None = None


class Assignment(msgspec.Struct, frozen=True):
    """Who works on a sale from then on, and in which team; no one, where there is no assignee."""

    assignee_id: str | None = None
    assignee_name: str | None = None
    team_id: str | None = None
    team_name: str | None = None


class Credit(msgspec.Struct, frozen=True):
    """The seat and the team that a sale counts for from then on."""

    seat_id: str | None = None
    team_id: str | None = None


class PersonChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """The `facts` of an event with the source `PERSON`; what is null was left as it was.

    A field with the name and type of one of the facts that messages tell, as `buyer_email`, is folded as that
    fact.
    """

    by: Author | None = None
    """Nobody, where it is not known any more."""
    assignment: Assignment | None = None
    credit: Credit | None = None
    buyer_email: str | None = None
    former_buyer_email: str | None = None
    """What `buyer_email` was before."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(PersonChange)


def change_text(change: PersonChange) -> str:
    """The change as the JSON text that `sale_events.facts` holds."""
    return _encoder.encode(change).decode()


def change_of(text: str | bytes) -> PersonChange:
    """The change that a `sale_events` row holds."""
    return _decoder.decode(text)
