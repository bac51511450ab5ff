"""A person's decision about a sale, as the fold reads it from an event. It takes precedence over messages."""

import msgspec


class Author(msgspec.Struct, frozen=True):
    """The person who caused an event, with their name at that time."""

    user_id: str | None = None
    name: str | None = None


class Assignment(msgspec.Struct, frozen=True):
    """The collaborator whom the sale is assigned to from then on, and the team.

    No assignee means unassigned.
    """

    assignee_id: str | None = None
    assignee_name: str | None = None
    """The new assignee's name; null if the assignment was removed."""
    team_id: str | None = None
    team_name: str | None = None
    """The name of the team in which the sale was assigned; null for none."""


class Credit(msgspec.Struct, frozen=True):
    """The collaborator and the team that a sale is credited to from then on."""

    collaborator_id: str | None = msgspec.field(default=None, name="seat_id")  # the stored name
    team_id: str | None = None


class PersonChange(msgspec.Struct, frozen=True):
    """The facts of an event with the source `PERSON` that decide columns of the sale. Null decides nothing.

    A field with the name and type of a fact from messages, such as `buyer_email`, is folded as that fact.
    `actions.kit.event` declares which events have such facts; no other event has.
    """

    assignment: Assignment | None = None
    credit: Credit | None = None
    buyer_email: str | None = None


_decoder = msgspec.json.Decoder(PersonChange)


def change_of(text: str | bytes) -> PersonChange:
    """The change stored in a `sale_events` row."""
    return _decoder.decode(text)
