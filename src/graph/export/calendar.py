"""The address at which calendar programs read a person's reminders: `GET /calendar/{token}.ics`."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event
from limits import RateLimitItemPerMinute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.calendar.feed import CALENDAR_ENDING, CALENDAR_PATH, reader_of, reminders
from actions.kit.rates import network_of, rates
from authz.viewer import Central
from graph.http.handler import GraphQLHandler
from telemetry.request import note_caller

READS_A_MINUTE = 60
"""How often a network can read calendars, whether or not there are any at the addresses."""
_RATE = RateLimitItemPerMinute(READS_A_MINUTE)
_LENGTH = timedelta(minutes=15)
_READ_AGAIN = timedelta(hours=1)
_HEADERS = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}


def calendar_route(handler: GraphQLHandler) -> Route:
    """The route. An unknown address, a revoked one, and that of someone who lost access respond alike."""
    host = urlsplit(handler.serving.public_url).hostname or "centrals"

    async def answer(request: Request) -> Response:
        network = network_of(request.client.host if request.client else None)
        if not await rates().hit(_RATE, "calendar", network):
            seconds = await rates().seconds_left(_RATE, "calendar", network)
            return Response(None, 429, {**_HEADERS, "retry-after": str(seconds)})
        name = request.path_params["name"]
        token = name.removesuffix(CALENDAR_ENDING)
        viewer = await reader_of(token) if token != name else None
        if viewer is None or viewer.central is None or viewer.user_id is None:
            return Response(None, 404, _HEADERS)
        note_caller(viewer.user_id, viewer.central.account_id)
        rows = await reminders(viewer)
        content = await asyncio.to_thread(_written, viewer.central, host, rows)
        return Response(content, 200, _HEADERS, "text/calendar; charset=utf-8")

    return Route(CALENDAR_PATH + "{name}", answer, methods=["GET"])


def _written(central: Central, host: str, rows: Any) -> bytes:
    """The calendar of some reminders."""
    calendar = Calendar()
    calendar.add("prodid", "-//Centrals//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", central.account_name)
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"value": "DURATION"})
    for row in rows:
        event = Event()
        event.add("uid", f"opportunity_{row['id']}@{host}")
        event.add("dtstamp", _moment(row["touched_at"]))
        event.add("sequence", row["version"])
        event.add("dtstart", _moment(row["remind_at"]))
        event.add("duration", _LENGTH)
        event.add("summary", row["title"])
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", row["title"])
        alarm.add("trigger", timedelta(0))
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
