"""Mutations of profiles: create, edit and delete them."""

import strawberry

from actions.membership.profiles import profile
from actions.membership.profiles.profile import Pattern
from authz import reach
from authz.gates import owner_only
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.membership.profiles.catalog import Preset
from graph.membership.profiles.types import Profile


@strawberry.input(one_of=True)
class ProfileSource:
    """Where a profile's grants come from: exactly one of these."""

    grants: list[Grant] | None = strawberry.UNSET
    """These grants. An empty list creates a profile that opens nothing yet."""
    preset: Preset | None = strawberry.UNSET
    """The grants of a preset, which becomes the profile's `preset`."""
    profile_id: strawberry.ID | None = strawberry.UNSET
    """The grants and the `preset` of another profile of the account."""


@strawberry.input
class CreateProfileInput(RepeatableInput):
    """The name and the grants of a new profile."""

    name: str
    """The profile's name, of 1 to 100 characters. No two profiles of an account have the same name."""
    source: ProfileSource
    """Where the profile's grants come from."""


@strawberry.input
class UpdateProfileInput(RepeatableInput):
    """A profile and what changes in it. Omitted fields stay as they are."""

    profile_id: strawberry.ID
    """The profile."""
    name: str | None = None
    """The profile's new name."""
    grants: list[Grant] | None = None
    """All grants of the profile from now on."""
    expected_version: int
    """The `version` of the profile that you read. If it has changed since, nothing is changed."""


@strawberry.input
class DeleteProfileInput(RepeatableInput):
    """A profile to delete, and its replacement."""

    profile_id: strawberry.ID
    """The profile to delete."""
    replacement_id: strawberry.ID | None = None
    """The profile that its collaborators and invitations receive; required while there are any."""


@strawberry.type
class ProfilePayload(Payload):
    """The result of a mutation of a profile."""

    @owner_only()
    async def profile(self, info: Info) -> Profile | None:
        """The profile as it is now; null if the mutation was refused."""
        return await self.row(Profile, reach.profiles(info.context.viewer))


@strawberry.type
class CreateProfilePayload(ProfilePayload):
    """The result of `createProfile`."""


@strawberry.type
class UpdateProfilePayload(ProfilePayload):
    """The result of `updateProfile`."""


@strawberry.type
class DeleteProfilePayload(Payload):
    """The result of `deleteProfile`."""

    profile_id: strawberry.ID
    """The id from the input. Without errors, the profile no longer exists."""


@strawberry.type
class ProfileMutations:
    """Mutations of profiles."""

    @mutation(profile.CREATE_PROFILE)
    async def create_profile(self, info: Info, input: CreateProfileInput) -> CreateProfilePayload:  # noqa: A002
        """Creates a profile from grants, from a preset, or as a copy of another profile.

        NOT_A_LEGAL_ENTITY: the account does not belong to a company. NOT_FOUND: the profile to copy does not
        exist. TOO_MANY: the account has 200 profiles.

        Args:
            input: The profile's name and grants.
        """
        source, context = input.source, info.context
        pattern = Pattern(
            grants=tuple(source.grants or ()),
            preset=source.preset.value if source.preset else None,
            profile_id=named(source.profile_id, Profile) if isinstance(source.profile_id, str) else None,
        )
        allowed = context.serving.allow_natural_persons
        created = await profile.create_profile(
            context.call, input.name, pattern, allow_natural_persons=allowed
        )
        return CreateProfilePayload(object_id=created)

    @mutation(profile.UPDATE_PROFILE)
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:  # noqa: A002
        """Updates the name or the grants of a profile. The change applies from its collaborators' next
        request on.

        `Profile.changes` shows the effects of a change of grants beforehand.

        Args:
            input: The profile and what changes in it.
        """
        changed = await profile.update_profile(
            info.context.call,
            named(input.profile_id, Profile),
            name=input.name,
            grants=input.grants,
            expected=input.expected_version,
        )
        return UpdateProfilePayload(object_id=changed)

    @mutation(profile.DELETE_PROFILE)
    async def delete_profile(self, info: Info, input: DeleteProfileInput) -> DeleteProfilePayload:  # noqa: A002
        """Deletes a profile. Its collaborators and invitations receive the replacement.

        PROFILE_IN_USE: collaborators or pending invitations have the profile, and no replacement is given.

        Args:
            input: The profile to delete, and its replacement.
        """
        replacement = input.replacement_id
        deleted = await profile.delete_profile(
            info.context.call,
            named(input.profile_id, Profile),
            named(replacement, Profile) if replacement is not None else None,
        )
        return DeleteProfilePayload(object_id=deleted, profile_id=input.profile_id)
