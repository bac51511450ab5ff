"""The calendar of one's reminders, read back as calendar programs read it, by nobody who lost access."""

import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from icalendar import Calendar

import make
from actions.kit.rates import rates
from authz.grant import Grant
from graph.export.calendar import READS_A_MINUTE
from models import database
from opportunities import code, manual, of
from small_shop import Shop

RECOVERY = Grant.VIEW_PURCHASE_RECOVERY_REPORT
CREATE = "mutation { createCalendarFeed { url errors { code } } }"
REVOKE = "mutation { revokeCalendarFeed { revoked errors { code } } }"


async def created(shop: Shop, who: str) -> str:
    """The path of a new calendar."""
    payload = (await shop.post(who, CREATE)).json()["data"]["createCalendarFeed"]
    assert payload["errors"] == []
    assert payload["url"].startswith("http://127.0.0.1:8000/calendar/")
    return urlsplit(payload["url"]).path


async def fetched(shop: Shop, path: str) -> httpx.Response:
    return await shop.client.http.get(path)


async def titles(shop: Shop, path: str) -> list[str]:
    response = await fetched(shop, path)
    assert response.status_code == 200
    return [str(event["summary"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


async def postponed(shop: Shop, who: str, opportunity: dict[str, Any], until: str) -> None:
    assert await code(shop, who, "postponeOpportunity", opportunity, remindAt=until) is None


async def test_a_calendar_has_the_reminders_within_reach_when_it_is_read(shop: Shop) -> None:
    slip = await of(shop, "EXPIRED_SLIP")
    ana, owner = await created(shop, "ana"), await created(shop, "owner")
    assert await titles(shop, ana) == []
    await postponed(shop, "ana", slip, "2026-07-27T15:00:00Z")
    await postponed(shop, "bia", await manual(shop), "2026-07-26T15:30:00Z")

    response = await fetched(shop, ana)
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    (alarm,) = calendar.walk("VALARM")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-store"
    assert event["dtstart"].dt == datetime(2026, 7, 27, 15, tzinfo=UTC)
    assert event["duration"].dt == timedelta(minutes=15)
    assert event["uid"] == f"{slip['id']}@127.0.0.1"
    assert event["summary"] == alarm["description"] == "Breno Sá"
    assert event["sequence"] == slip["version"] + 1
    assert await titles(shop, owner) == ["Bulk order", "Breno Sá"]
    assert await shop.code("owner", "setTeamPrivacy", teamId=shop.team_id, privacy="SHARED") is None
    assert await titles(shop, ana) == ["Bulk order", "Breno Sá"]
    slip = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "owner", "assignOpportunity", slip, assigneeId=shop.person("caio")) is None
    assert await titles(shop, ana) == ["Bulk order"]
    with database.observed() as statements:
        await titles(shop, ana)
    # the limit, whose calendar it is, who they are now, and their reminders
    assert len([text for text in statements if "rate_counts" not in text]) == 3, statements


async def test_what_is_unknown_replaced_revoked_or_of_someone_without_access_is_alike(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    first = await created(shop, "ana")
    second = await created(shop, "ana")
    stored = await database.read(
        "SELECT digest FROM calendar_feeds WHERE account_id = ?", (shop.account["id"],)
    )
    unknown = [
        await fetched(shop, path)
        for path in ("/calendar/unknown.ics", first, second.removesuffix(".ics"), "/calendar/.ics")
    ]
    assert len(stored) == 1
    assert str(stored[0]["digest"]) not in second
    assert await titles(shop, second) == []
    revoked = (await shop.post("ana", REVOKE)).json()["data"]["revokeCalendarFeed"]
    again = (await shop.post("ana", REVOKE)).json()["data"]["revokeCalendarFeed"]
    assert (revoked, again) == (
        {"revoked": True, "errors": []},
        {"revoked": False, "errors": [{"code": "NOT_FOUND"}]},
    )
    unknown.append(await fetched(shop, second))

    third = await created(shop, "ana")
    assert (await shop.read("ana", "calendarFeed { createdAt }"))["createdAt"].startswith("2026-07-25")
    person = {"collaboratorId": shop.collaborator("ana")}
    await shop.give("ana", Grant.SEARCH_SALES)
    unknown.append(await fetched(shop, third))
    assert await shop.is_unknown("ana", "calendarFeed { createdAt }")
    assert "errors" in (await shop.post("ana", CREATE)).json()
    await shop.give("ana", RECOVERY)
    assert await titles(shop, third) == []
    assert await shop.code("owner", "suspendCollaborator", **person) is None
    unknown.append(await fetched(shop, third))
    assert await shop.code("owner", "restoreCollaborator", **person) is None
    assert await titles(shop, third) == []
    assert await shop.code("owner", "removeCollaborator", **person) is None
    unknown.append(await fetched(shop, third))

    assert {(answer.status_code, answer.content) for answer in unknown} == {(404, b"")}
    assert len({str(sorted(_plain(answer).items())) for answer in unknown}) == 1
    secrets = [path.removeprefix("/calendar/").removesuffix(".ics") for path in (first, second, third)]
    for entry in await shop.log():
        assert not any(secret in str(entry) for secret in secrets)
    lines = [str(record.__dict__) for record in caplog.records if record.name.startswith("centrals")]
    assert any("/calendar/{token}.ics" in line for line in lines)
    assert not any(secret in line for line in lines for secret in secrets)
    assert [entry["act"] for entry in await shop.log()].count("createCalendarFeed") == 3


def _plain(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


async def test_what_a_token_creates_shows_what_it_can_see_and_ends_with_it(shop: Shop) -> None:
    holder = {"user_id": shop.users["ana"], "id": shop.collaborators["ana"]}
    shop.clock.at(time.time_ns() // 1_000_000)  # tokens expire by the machine's own time
    token = await make.access_token(shop.account, holder, [RECOVERY], [])
    body = (await shop.client.post(CREATE, token=token, account=shop.account)).json()
    path = urlsplit(body["data"]["createCalendarFeed"]["url"]).path
    slip = await of(shop, "EXPIRED_SLIP")
    shop.clock.set("07-25 12:00")
    await postponed(shop, "ana", slip, "2026-07-27T15:00:00Z")
    assert await titles(shop, path) == ["Breno Sá"]

    (own,) = (await shop.read("owner", "accessTokens { nodes { id } }"))["nodes"]
    assert await shop.code("owner", "revokeAccessToken", id=own["id"]) is None
    assert (await fetched(shop, path)).status_code == 404


async def test_a_network_reads_only_so_often_whatever_it_asks_for(shop: Shop) -> None:
    path = await created(shop, "ana")
    await rates()._database.reset()
    statuses = [(await fetched(shop, "/calendar/unknown.ics")).status_code for _ in range(READS_A_MINUTE)]
    refused = await fetched(shop, path)

    assert set(statuses) == {404}
    assert (refused.status_code, refused.content) == (429, b"")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    await rates()._database.reset()
