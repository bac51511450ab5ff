"""What is done to the seats of collaborators: profile, role, suspension, dates, source codes."""

from enum import Enum

import strawberry

from actions.collaborators import seat
from authz import reach
from authz.gates import OwnerOnly, admin_only, needs, owner_only
from authz.grant import Grant
from graph.collaborators.types import Collaborator, Person
from graph.kit.context import Info
from graph.kit.payload import Outcome, answered, named, only
from graph.kit.scalars import DateTime
from graph.profiles.types import Profile
from models.words import Role

KEY = "A key of your own: repeated within a day with the same input, the act is done once."
WHO = "Whose seat: the id of a collaborator, or of the person in it."


@strawberry.enum
class NewRole(Enum):
    """A role that you may give."""

    ADMIN = strawberry.enum_value("ADMIN", directives=[OwnerOnly()])
    """Sees all of the account."""
    TEAM_LEAD = "TEAM_LEAD"
    """Sees the teams led, while teams are on."""
    USER = "USER"
    """Sees his own, and what privacy shares."""


@strawberry.input
class GiveProfileInput:
    """Who gets which profile."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    profile_id: strawberry.ID
    """One of `profiles`."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class ChangeRoleInput:
    """Who gets which role."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    role: NewRole
    """The role from now on."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SuspendCollaboratorInput:
    """Who is kept out."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class RestoreCollaboratorInput:
    """Who is let in again."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetSeatDatesInput:
    """From when until when a seat can be entered."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    starts_at: DateTime | None = None
    """When it begins; without it, it has always been open."""
    ends_at: DateTime | None = None
    """When it ends; without it, it does not."""
    expected_version: int
    """The `version` of the seat that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input
class SetSourceCodesInput:
    """Which source codes are whose."""

    collaborator_id: strawberry.ID = strawberry.field(description=WHO)
    codes: list[str]
    """All of them, in place of those before: at most 50, each of 1 to 100 letters, digits, `-` and `_`."""
    expected_version: int
    """The `version` of the seat that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type
class SeatOutcome(Outcome):
    """What came of an act on a seat."""

    @admin_only()
    async def person(self, info: Info) -> Person | None:
        """The person in the seat, as it stands now."""
        found: Person | None = await only(Person, reach.people(info.context.viewer), self.done_id)
        return found

    @needs(Grant.ACCESS_COLLABORATORS_CENTER)
    async def collaborator(self, info: Info) -> Collaborator | None:
        """The collaborator, as the seat stands now."""
        within = reach.collaborators(info.context.viewer)
        found: Collaborator | None = await only(Collaborator, within, self.done_id)
        return found


@strawberry.type
class GiveProfilePayload(SeatOutcome):
    """What came of giving a profile."""


@strawberry.type
class ChangeRolePayload(SeatOutcome):
    """What came of changing a role."""


@strawberry.type
class SuspendCollaboratorPayload(SeatOutcome):
    """What came of keeping someone out."""


@strawberry.type
class RestoreCollaboratorPayload(SeatOutcome):
    """What came of letting someone in again."""


@strawberry.type
class SetSeatDatesPayload(SeatOutcome):
    """What came of setting the dates of a seat."""


@strawberry.type
class SetSourceCodesPayload(SeatOutcome):
    """What came of setting source codes."""


def seat_named(global_id: str) -> str:
    """The row of a seat, by the id of its collaborator or of its person."""
    return named(global_id, Collaborator, Person)


@strawberry.type
class SeatMutations:
    """Mutations of seats."""

    @owner_only()
    async def give_profile(self, info: Info, input: GiveProfileInput) -> GiveProfilePayload:  # noqa: A002
        """Give a collaborator another profile, which holds from the next request on.

        Errors: NOT_FOUND for a collaborator or a profile that is not there; IDEMPOTENCY_CONFLICT.

        Args:
            input: Who gets which.
        """
        act = seat.give_profile(
            info.context.caller,
            collaborator_id=seat_named(input.collaborator_id),
            profile_id=named(input.profile_id, Profile),
            key=input.idempotency_key,
        )
        return await answered(GiveProfilePayload(), act, info.context)

    @admin_only()
    async def change_role(self, info: Info, input: ChangeRoleInput) -> ChangeRolePayload:  # noqa: A002
        """Give a collaborator another role. Who is no TEAM_LEAD any more leads no team any more.

        Errors: NOT_FOUND; FORBIDDEN for your own seat and, unless you are the owner, for an admin's;
        IDEMPOTENCY_CONFLICT.

        Args:
            input: Who gets which.
        """
        act = seat.change_role(
            info.context.caller,
            collaborator_id=seat_named(input.collaborator_id),
            role=Role(input.role.value),
            key=input.idempotency_key,
        )
        return await answered(ChangeRolePayload(), act, info.context)

    @admin_only()
    async def suspend_collaborator(
        self,
        info: Info,
        input: SuspendCollaboratorInput,  # noqa: A002
    ) -> SuspendCollaboratorPayload:
        """Keep a collaborator out of the central; what is assigned to the seat stays.

        Errors: NOT_FOUND; FORBIDDEN for your own seat and, unless you are the owner, for an admin's;
        IDEMPOTENCY_CONFLICT.

        Args:
            input: Who.
        """
        act = seat.suspend_collaborator(
            info.context.caller, collaborator_id=seat_named(input.collaborator_id), key=input.idempotency_key
        )
        return await answered(SuspendCollaboratorPayload(), act, info.context)

    @admin_only()
    async def restore_collaborator(
        self,
        info: Info,
        input: RestoreCollaboratorInput,  # noqa: A002
    ) -> RestoreCollaboratorPayload:
        """Let a suspended collaborator in again.

        Errors: NOT_FOUND; FORBIDDEN for your own seat and, unless you are the owner, for an admin's;
        IDEMPOTENCY_CONFLICT.

        Args:
            input: Who.
        """
        act = seat.restore_collaborator(
            info.context.caller, collaborator_id=seat_named(input.collaborator_id), key=input.idempotency_key
        )
        return await answered(RestoreCollaboratorPayload(), act, info.context)

    @admin_only()
    async def set_seat_dates(self, info: Info, input: SetSeatDatesInput) -> SetSeatDatesPayload:  # noqa: A002
        """Say from when until when a seat can be entered.

        Errors: NOT_FOUND; BAD_INPUT where it ends before it begins; FORBIDDEN for your own seat and, unless
        you are the owner, for an admin's; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whose, from when, until when.
        """
        act = seat.set_seat_dates(
            info.context.caller,
            collaborator_id=seat_named(input.collaborator_id),
            starts_at=input.starts_at,
            ends_at=input.ends_at,
            expected=input.expected_version,
            key=input.idempotency_key,
        )
        return await answered(SetSeatDatesPayload(), act, info.context)

    @admin_only()
    async def set_source_codes(self, info: Info, input: SetSourceCodesInput) -> SetSourceCodesPayload:  # noqa: A002
        """Say which source codes are a collaborator's: a sale that arrives with one is assigned to him.

        A code counts where it stands in `sck` or `src` between characters that no code holds; of several,
        the first, `sck` before `src`. What was ever assigned by hand is left alone. Errors: NOT_FOUND;
        BAD_INPUT for what is no code; CODE_TAKEN for one that is another's; FORBIDDEN for your own seat and,
        unless you are the owner, for an admin's; VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: Whose, and which.
        """
        act = seat.set_source_codes(
            info.context.caller,
            collaborator_id=seat_named(input.collaborator_id),
            codes=input.codes,
            expected=input.expected_version,
            key=input.idempotency_key,
        )
        return await answered(SetSourceCodesPayload(), act, info.context)
