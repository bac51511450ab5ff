"""The calendar of a person's reminders, as part of `Account`."""

import strawberry

from actions.calendar import feed
from authz.gates import Needs, gated, needs
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.noun import AccountPart
from graph.kit.payload import Payload
from graph.kit.scalars import DateTime


@gated(Needs(grant=feed.GRANT))
@strawberry.type
class CalendarFeed:
    """The address at which calendar programs read your reminders. It is shown when it is created, and never
    again."""

    created_at: DateTime
    """When it was created."""


@strawberry.type
class CalendarOfAccount(AccountPart):
    """The viewer's own calendar."""

    @needs(feed.GRANT)
    async def calendar_feed(self) -> CalendarFeed | None:
        """Your calendar of reminders in this central; null if you have none."""
        found = await feed.own_calendar_feed(self.viewer)
        return None if found is None else CalendarFeed(created_at=DateTime(found["created_at"]))


@strawberry.type
class CreateCalendarFeedPayload(Payload):
    """The result of `createCalendarFeed`."""

    url: str | None = None
    """The secret address, for a calendar program; null if the mutation was refused. It is shown once."""


@strawberry.type
class RevokeCalendarFeedPayload(Payload):
    """The result of `revokeCalendarFeed`."""

    revoked: bool = False
    """Whether the address no longer works."""


@strawberry.type
class CalendarMutations:
    """Mutations of a person's own calendar."""

    @mutation(feed.CREATE_CALENDAR_FEED)
    async def create_calendar_feed(self, info: Info) -> CreateCalendarFeedPayload:
        """Creates the address at which calendar programs read your reminders, as iCalendar.

        Whoever knows it reads what is within your reach at that time, up to 1,000 reminders, until you revoke
        it or can no longer enter the central. Your earlier address no longer works. What a personal access
        token creates shows what the token can see, and ends with it.
        """
        token = await feed.create_calendar_feed(info.context.call)
        public = info.context.serving.public_url
        return CreateCalendarFeedPayload(url=f"{public}{feed.CALENDAR_PATH}{token}{feed.CALENDAR_ENDING}")

    @mutation(feed.REVOKE_CALENDAR_FEED)
    async def revoke_calendar_feed(self, info: Info) -> RevokeCalendarFeedPayload:
        """Revokes the address of your calendar. NOT_FOUND: you have none."""
        await feed.revoke_calendar_feed(info.context.call)
        return RevokeCalendarFeedPayload(revoked=True)
