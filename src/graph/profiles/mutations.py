"""Making profiles, changing them, and taking them away."""

import strawberry

from actions.profiles import profile
from actions.profiles.profile import Pattern
from authz import reach
from authz.gates import owner_only
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.payload import Outcome, answered, named, only
from graph.profiles.catalog import Preset
from graph.profiles.types import Profile

_KEY = "A key of your own: repeated within a day with the same input, the act is done once."


@strawberry.input(one_of=True)
class ProfileSource:
    """What a profile is made of: one of these."""

    grants: list[Grant] | None = strawberry.UNSET
    """These grants; none is a profile that opens nothing yet."""
    preset: Preset | None = strawberry.UNSET
    """Those of a preset, which the profile remembers."""
    profile_id: strawberry.ID | None = strawberry.UNSET
    """Those of another profile of the account, and the preset that it remembers."""


@strawberry.input
class CreateProfileInput:
    """What the profile is called and what it is made of."""

    name: str
    """Its name, of 1 to 100 characters, unlike that of any other profile of the account."""
    source: ProfileSource
    """What it is made of."""
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class EditProfileInput:
    """What is changed of a profile; what is left out stays."""

    profile_id: strawberry.ID
    """Which profile."""
    name: str | None = None
    """Its new name."""
    grants: list[Grant] | None = None
    """All that it opens from now on."""
    expected_version: int
    """The `version` of the profile that you saw: if it has another by now, nothing is changed."""
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class DeleteProfileInput:
    """Which profile is taken away, and what its holders get."""

    profile_id: strawberry.ID
    """Which profile."""
    replacement_id: strawberry.ID | None = None
    """The profile that its collaborators and invitations get; needed while there are any."""
    idempotency_key: str | None = strawberry.field(default=None, description=_KEY)


@strawberry.type
class ProfileOutcome(Outcome):
    """What came of an act on a profile."""

    @owner_only()
    async def profile(self, info: Info) -> Profile | None:
        """The profile as it stands now."""
        found: Profile | None = await only(Profile, reach.profiles(info.context.viewer), self.done_id)
        return found


@strawberry.type
class CreateProfilePayload(ProfileOutcome):
    """What came of making a profile."""


@strawberry.type
class EditProfilePayload(ProfileOutcome):
    """What came of changing a profile."""


@strawberry.type
class DeleteProfilePayload(Outcome):
    """What came of taking a profile away."""

    profile_id: strawberry.ID
    """The id that was given; where there are no errors, it is no one's any more."""


@strawberry.type
class ProfileMutations:
    """Mutations of profiles: the owner's alone."""

    @owner_only()
    async def create_profile(self, info: Info, input: CreateProfileInput) -> CreateProfilePayload:  # noqa: A002
        """Make a profile from grants, from a preset, or as a copy of another.

        Errors: NOT_A_LEGAL_ENTITY where the account is no company's; NAME_TAKEN; BAD_INPUT for the name;
        TOO_MANY from the 201st on; NOT_FOUND for a profile to copy that is not there; IDEMPOTENCY_CONFLICT.

        Args:
            input: What it is called and made of.
        """
        source = input.source
        pattern = Pattern(
            grants=tuple(source.grants or ()),
            preset=source.preset.value if source.preset else None,
            profile_id=named(source.profile_id, Profile) if isinstance(source.profile_id, str) else None,
        )
        context = info.context
        act = profile.create_profile(
            context.caller,
            name=input.name,
            pattern=pattern,
            key=input.idempotency_key,
            lifted=context.serving.allow_natural_persons,
        )
        return await answered(CreateProfilePayload(), act, context)

    @owner_only()
    async def edit_profile(self, info: Info, input: EditProfileInput) -> EditProfilePayload:  # noqa: A002
        """Give a profile another name or other grants. Its holders hold them from their next request on.

        `Profile.changes` says what it would change. Errors: NOT_FOUND; NAME_TAKEN; BAD_INPUT for the name;
        VERSION_CONFLICT; IDEMPOTENCY_CONFLICT.

        Args:
            input: What is changed.
        """
        act = profile.edit_profile(
            info.context.caller,
            profile_id=named(input.profile_id, Profile),
            name=input.name,
            grants=input.grants,
            expected=input.expected_version,
            key=input.idempotency_key,
        )
        return await answered(EditProfilePayload(), act, info.context)

    @owner_only()
    async def delete_profile(self, info: Info, input: DeleteProfileInput) -> DeleteProfilePayload:  # noqa: A002
        """Take a profile away.

        Errors: NOT_FOUND; PROFILE_IN_USE while collaborators or open invitations hold it and no replacement
        is named; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which profile, and what its holders get.
        """
        replacement = input.replacement_id
        act = profile.delete_profile(
            info.context.caller,
            profile_id=named(input.profile_id, Profile),
            replacement_id=named(replacement, Profile) if replacement is not None else None,
            key=input.idempotency_key,
        )
        return await answered(DeleteProfilePayload(profile_id=input.profile_id), act, info.context)
