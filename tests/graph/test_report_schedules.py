"""Scheduled reports: for whom, when, with whose figures, and how they end."""

import asyncio
from email.message import EmailMessage
from typing import Any

from actions.schedules.clock import SCHEDULED_REPORTS
from actions.schedules.times import days_before, next_time
from authz.grant import Grant
from centrals.application import handler_of
from centrals.mail.compose import QueuedEmail, compose
from centrals.mail.prepare import preparing
from centrals.mail_settings import MailSettings
from centrals.work.worker import Worker
from client import SETTINGS
from models.tables.schedule import ReportFrequency
from small_shop import Shop, moment

MINE = "reportSchedules { nodes { id report frequency recipient nextAt createdBy { name } } }"
DUE = "07-01 06:00"


async def scheduled(shop: Shop, who: str, **more: Any) -> str:
    chosen = {"report": "revenueByProduct", "frequency": "MONTHLY"} | more
    done = await shop.act(who, "scheduleReport", "schedule { id }", **chosen)
    assert done["errors"] == []
    return str(done["schedule"]["id"])


async def due(shop: Shop, at: str = DUE) -> list[QueuedEmail]:
    """The e-mails that are waiting when the clock has done what is due."""
    await Worker((SCHEDULED_REPORTS,)).work_once(moment(at))
    found = [row for row in await shop.mails("scheduled_report") if row["account_id"] == shop.account["id"]]
    return [
        QueuedEmail(row["schedule_id"], row["kind"], row["recipient"], row["locale"], row, 0) for row in found
    ]


async def sent(queued: QueuedEmail) -> EmailMessage | None:
    """The e-mail as the worker sends it; None if there is nothing that it may show."""
    complete = await preparing(lambda: handler_of(SETTINGS))(queued)
    return None if complete is None else compose(complete, MailSettings(), SETTINGS.public_url)


def parts(message: EmailMessage | None) -> dict[str, str]:
    assert message is not None
    return {
        part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()
    } | {
        "subject": message["Subject"],
        "leave": message["List-Unsubscribe"].strip("<>"),
    }


async def test_each_recipient_gets_what_their_own_reach_shows(shop: Shop) -> None:
    shop.clock.set("06-28 12:00")
    await scheduled(shop, "owner")
    await scheduled(shop, "owner", personId=shop.person("caio"))

    found = {mail.recipient: parts(await sent(mail)) for mail in await due(shop)}

    assert set(found) == {shop.email("owner"), shop.email("caio")}
    whole, own = found[shop.email("owner")], found[shop.email("caio")]
    assert whole["subject"].startswith("Revenue by product, 2026-06-01 to 2026-06-30: ")
    assert "2,000.00" in whole["text/html"]
    assert "2,000.00" not in own["text/html"]
    assert "50.00" in own["text/html"]
    for mail, page in ((whole, "/export/report?"), (own, "/graphql")):
        assert bytes(mail["image/png"]).startswith(b"\x89PNG")  # type: ignore[arg-type]
        assert 'src="cid:chart"' in mail["text/html"]
        assert f'href="http://127.0.0.1:8000{page}' in mail["text/html"]
        assert mail["leave"] in mail["text/plain"]
    assert await due(shop, "07-31 23:00") == await due(shop)  # once for each month


async def test_nothing_is_sent_of_what_the_recipient_no_longer_sees(shop: Shop) -> None:
    shop.clock.set("06-28 12:00")
    await scheduled(shop, "ana")
    (queued,) = await due(shop)

    assert await sent(queued) is not None
    await shop.give("ana", Grant.VIEW_REVENUE_REPORT)
    assert await sent(queued) is None
    await shop.give("ana", Grant.VIEW_REVENUE_BY_PRODUCT_REPORT)
    assert await sent(queued) is not None
    assert await shop.code("owner", "cancelReportSchedule", id=(await own(shop, "ana"))[0]["id"]) is None
    assert await sent(queued) is None


async def own(shop: Shop, who: str) -> list[dict[str, Any]]:
    return list((await shop.read(who, MINE))["nodes"])


async def test_a_schedule_ends_with_the_membership(shop: Shop) -> None:
    await scheduled(shop, "owner", personId=shop.person("caio"))
    await scheduled(shop, "owner")
    assert await shop.code("owner", "removeCollaborator", collaboratorId=shop.collaborator("caio")) is None

    assert [row["recipient"] for row in await own(shop, "owner")] == ["Olga"]


async def test_people_list_and_end_their_own_schedules_and_the_owner_everyones(shop: Shop) -> None:
    shop.clock.set("07-25 12:00")
    first = await scheduled(shop, "ana", frequency="WEEKLY")
    again = await scheduled(shop, "ana", frequency="WEEKLY")
    other = await scheduled(shop, "caio")

    assert again == first
    assert await own(shop, "ana") == [
        {
            "id": first,
            "report": "revenueByProduct",
            "frequency": "WEEKLY",
            "recipient": "Ana",
            "nextAt": "2026-07-27T09:00:00Z",
            "createdBy": {"name": "Ana"},
        }
    ]
    assert {row["id"] for row in await own(shop, "owner")} == {first, other}
    assert await shop.code("ana", "cancelReportSchedule", id=other) == "NOT_FOUND"
    assert await shop.code("caio", "cancelReportSchedule", id=other) is None
    assert await own(shop, "caio") == []
    assert [entry["act"] for entry in await shop.log()][-2:] == [
        "cancelReportSchedule",
        "cancelReportSchedule",
    ]


async def test_a_report_that_one_lacks_is_one_that_is_not_there(shop: Shop) -> None:
    await shop.give("ana", Grant.VIEW_REVENUE_REPORT)
    codes = [
        await shop.code("ana", "scheduleReport", report=report, frequency="WEEKLY")
        for report in ("paymentMethods", "nothing", "annualSummary", "revenue")
    ]

    assert codes == ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", None]
    for who in ("caio", "bia"):
        answer = await shop.code(
            who, "scheduleReport", report="revenue", frequency="WEEKLY", personId=shop.person("ana")
        )
        assert answer not in (None, "NOT_FOUND")  # there is no such input for them


async def test_the_link_ends_a_schedule_by_its_button_alone(shop: Shop) -> None:
    shop.clock.set("06-28 12:00")
    await scheduled(shop, "ana")
    (queued,) = await due(shop)
    link = parts(await sent(queued))["leave"].removeprefix(SETTINGS.public_url)

    looked_at = await shop.client.http.get(link, headers={"accept-language": "ar"})
    forged = await shop.client.http.post(link[:-3] + "AAA")
    assert (looked_at.status_code, forged.status_code) == (200, 404)
    assert 'dir="rtl"' in looked_at.text
    assert len(await own(shop, "ana")) == 1
    ended = await shop.client.http.post(link, data={"List-Unsubscribe": "One-Click"})
    again = await shop.client.http.post(link)

    assert (ended.status_code, again.status_code) == (200, 404)
    assert await own(shop, "ana") == []
    (entry,) = await shop.log("cancelReportSchedule")
    assert (entry["user_name"], entry["let_by"]) == ("Ana", None)


async def test_a_link_that_is_clicked_twice_at_once_is_logged_once(shop: Shop) -> None:
    shop.clock.set("06-28 12:00")
    await scheduled(shop, "ana")
    (queued,) = await due(shop)
    link = parts(await sent(queued))["leave"].removeprefix(SETTINGS.public_url)

    async with asyncio.timeout(30):
        found = await asyncio.gather(*(shop.client.http.post(link) for _ in range(6)))

    assert sorted(response.status_code for response in found) == [200, *[404] * 5]
    assert len(await shop.log("cancelReportSchedule")) == 1


def test_reports_are_due_at_six_in_the_morning_of_the_account() -> None:
    zone, weekly, monthly = "Europe/Madrid", ReportFrequency.WEEKLY, ReportFrequency.MONTHLY
    before_change, hour = 1_774_310_400_000, 3_600_000  # 2026-03-24 00:00 UTC; clocks change on 03-29

    week = next_time(weekly, zone, before_change)
    month = next_time(monthly, zone, before_change)

    assert week == 1_774_828_800_000 + 4 * hour  # Monday, 2026-03-30, 06:00 in summer
    assert next_time(weekly, zone, week) == week + 7 * 24 * hour
    assert month == 1_775_001_600_000 + 4 * hour  # 2026-04-01, 06:00 in summer
    assert [day.isoformat() for day in days_before(weekly, zone, week)] == ["2026-03-23", "2026-03-30"]
    assert [day.isoformat() for day in days_before(monthly, zone, month)] == ["2026-03-01", "2026-04-01"]
