"""A person's own notices, as part of `Account`, and what they do with them."""

import strawberry

from actions.notices import own
from authz.gates import in_central
from authz.viewer import Viewer
from engine.rows.connection import Connection
from graph.kit.context import Info
from graph.kit.listed import listed
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.noun import AccountPart
from graph.kit.payload import Payload, RepeatableInput
from graph.notices.types import Notice, NoticeChoice, find_notices
from models.tables.notice import NoticeChannel, NoticeKind


async def _choices(viewer: Viewer) -> list[NoticeChoice]:
    found = await own.choices(viewer)
    return [NoticeChoice(kind=kind, channels=list(channels)) for kind, channels in found.items()]


@strawberry.type
class NoticesOfAccount(AccountPart):
    """The viewer's own notices."""

    notices: Connection[Notice] | None = listed(find_notices, in_central())
    """What you were notified of and can still see, newest first."""

    @in_central()
    async def notice_choices(self) -> list[NoticeChoice]:
        """How you get each kind of notices: live, unless you chose something else."""
        return await _choices(self.viewer)


@strawberry.input
class ChooseNoticesInput(RepeatableInput):
    """A kind of notices, and how you want to get them."""

    kind: NoticeKind
    """The kind of notices."""
    channels: list[NoticeChannel]
    """How you want to get them from now on. If empty, you get none of them."""


@strawberry.input
class MarkNoticesInput(RepeatableInput):
    """Some of your notices, and whether you read them."""

    ids: list[strawberry.ID]
    """The ids of the notices, from 1 to 100."""
    unread: bool = False
    """True to mark them as not read."""


@strawberry.type
class ChooseNoticesPayload(Payload):
    """The result of `chooseNotices`."""

    @in_central()
    async def choices(self, info: Info) -> list[NoticeChoice]:
        """How you get each kind of notices now."""
        return await _choices(info.context.viewer)


@strawberry.type
class MarkNoticesPayload(Payload):
    """The result of `markNotices`."""

    ids: list[strawberry.ID]
    """The ids from the input."""


@strawberry.type
class NoticeMutations:
    """Mutations of a person's own notices."""

    @mutation(own.CHOOSE_NOTICES)
    async def choose_notices(self, info: Info, input: ChooseNoticesInput) -> ChooseNoticesPayload:  # noqa: A002
        """Chooses how you get one kind of notices of this central from now on.

        Args:
            input: The kind of notices, and the channels.
        """
        await own.choose_notices(info.context.call, input.kind, input.channels)
        return ChooseNoticesPayload()

    @mutation(own.MARK_NOTICES)
    async def mark_notices(self, info: Info, input: MarkNoticesInput) -> MarkNoticesPayload:  # noqa: A002
        """Marks some of your notices as read or not: either all of them or none.

        BAD_INPUT: there are no ids, or more than 100.

        Args:
            input: The notices, and whether you read them.
        """
        ids = [named(notice_id, Notice) for notice_id in input.ids]
        await own.mark_notices(info.context.call, ids, unread=input.unread)
        return MarkNoticesPayload(ids=input.ids)
