"""Notices: who gets them of what, by which channel, and that they name nothing out of their reader's reach."""

from typing import Any

from actions.notices.clock import DIGESTS
from authz.grant import Grant
from centrals.application import handler_of
from centrals.mail.compose import QueuedEmail, compose
from centrals.mail.prepare import preparing
from centrals.mail_settings import MailSettings
from centrals.work.worker import Worker
from client import SETTINGS
from models import database
from opportunities import code, manual, of
from small_shop import Shop, moment

ABOUT = "id kind readAt sale { reference } opportunity { kind } subscription { code }"
NOWHERE = "notice_019c0000-0000-7000-8000-000000000000"


async def notices(shop: Shop, who: str, conditions: str = "", fields: str = ABOUT) -> list[dict[str, Any]]:
    chosen = f"(filter: {{ {conditions} }})" if conditions else ""
    return list((await shop.read(who, f"notices{chosen} {{ nodes {{ {fields} }} }}"))["nodes"])


async def chooses(shop: Shop, who: str, kind: str, *channels: str) -> None:
    assert await shop.code(who, "chooseNotices", kind=kind, channels=list(channels)) is None


async def assigned(shop: Shop, *references: str, to: str = "ana") -> None:
    values = {"references": list(references), "assigneeId": shop.person(to)}
    assert await shop.code("owner", "assignSales", **values) is None


async def digests(shop: Shop, at: str) -> list[QueuedEmail]:
    """The e-mails that wait when the clock has done what is due."""
    await Worker((DIGESTS,)).work_once(moment(at))
    return [
        QueuedEmail(row["digest_id"], row["kind"], row["recipient"], row["locale"], row, 0)
        for row in await shop.mails("notice_digest")
    ]


async def text(queued: QueuedEmail) -> str | None:
    """The e-mail as the worker sends it; None if there is nothing that it may name."""
    complete = await preparing(lambda: handler_of(SETTINGS))(queued)
    if complete is None:
        return None
    body = compose(complete, MailSettings(), SETTINGS.public_url).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_whoever_gets_something_is_notified_and_not_whoever_gives_it(shop: Shop) -> None:
    await assigned(shop, "S08", "S09")
    slip = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "bia", "assignOpportunity", slip, assigneeId=shop.person("bia")) is None
    codes = (await shop.read("owner", "subscriptions { nodes { code } }"))["nodes"]
    values = {"code": codes[0]["code"], "assigneeId": shop.person("bia")}
    assert await shop.code("owner", "assignSubscription", **values) is None

    found = await notices(shop, "ana")
    assert sorted(notice["sale"]["reference"] for notice in found) == ["S08", "S09"]
    assert {notice["kind"] for notice in found} == {"ASSIGNMENT"}
    # Bia took the slip herself
    assert [notice["subscription"] for notice in await notices(shop, "bia")] == [codes[0]]
    assert await notices(shop, "owner") == await notices(shop, "caio") == []
    slip = await of(shop, "EXPIRED_SLIP")
    reminder = {"remindAt": "2026-07-26T15:00:00Z"}
    assert await code(shop, "bia", "postponeOpportunity", slip, **reminder) is None
    shop.clock.set("07-26 12:00")
    await Worker().work_once(moment("07-26 12:00"))
    (reminder,) = await notices(shop, "bia", "kind: REMINDER")
    assert reminder["opportunity"] == {"kind": "EXPIRED_SLIP"}
    values = {
        "people": [{"personId": shop.person("caio"), "dailyCap": 5}],
        "rules": [{"name": "All", "targets": ["SALES"], "method": "ROUND_ROBIN"}],
    }
    assert await shop.code("owner", "saveDistribution", expectedVersion=0, **values) is None
    ordered = {"order_date": shop.clock.now + 1, "approved_date": shop.clock.now + 1}
    await shop.receive("S12", "PURCHASE_APPROVED", "APPROVED", transaction="D1", **ordered)
    await Worker().work_once(moment("07-26 12:05"))
    assert [notice["sale"]["reference"] for notice in await notices(shop, "caio")] == ["D1"]


async def test_a_note_mentions_those_who_see_it_and_all_others_are_as_unknown(shop: Shop) -> None:
    slip = await of(shop, "EXPIRED_SLIP")

    async def mentions(*people: str, who: str = "ana") -> Any:
        values = {"expectedVersion": slip["version"], "text": "@Bia, please call", "mentions": people}
        return (await shop.act(who, "noteOpportunity", id=slip["id"], **values))["errors"]

    unseen = await mentions(shop.person("bia"), shop.person("caio"))
    unknown = await mentions(shop.person("bia"), NOWHERE.replace("notice", "person"))
    await shop.give("bia", Grant.SEARCH_SALES)
    lacking = await mentions(shop.person("bia"))
    await shop.give("bia", Grant.VIEW_PURCHASE_RECOVERY_REPORT)
    (many,) = await mentions(*[shop.person("bia")] * 11)

    assert unseen == unknown
    assert [(error["code"], error["field"]) for error in unseen] == [("NOT_FOUND", ["mentions", "1"])]
    assert [(error["code"], error["field"]) for error in lacking] == [("NOT_FOUND", ["mentions", "0"])]
    assert (many["code"], many["field"]) == ("BAD_INPUT", ["mentions"])
    assert await notices(shop, "bia", fields="id") == []
    assert (await of(shop, "EXPIRED_SLIP"))["version"] == slip["version"]
    assert await mentions(shop.person("bia"), shop.person("ana"), shop.person("bia")) == []
    (found,) = await notices(shop, "bia", fields="kind opportunity { notes { nodes { text } } }")
    notes = {"notes": {"nodes": [{"text": "@Bia, please call"}]}}
    assert found == {"kind": "MENTION", "opportunity": notes}
    assert await notices(shop, "ana") == []  # she mentioned herself
    suspended = {"collaboratorId": shop.collaborator("bia")}
    assert await shop.code("owner", "suspendCollaborator", **suspended) is None
    slip = await of(shop, "EXPIRED_SLIP")
    assert [error["code"] for error in await mentions(shop.person("bia"))] == ["NOT_FOUND"]


async def test_every_note_mentions_those_within_whose_reach_the_row_is(shop: Shop) -> None:
    slip = await of(shop, "EXPIRED_SLIP")
    bia, caio = [shop.person("bia")], [shop.person("caio")]
    acts: dict[str, dict[str, Any]] = {
        "postponeOpportunity": {"remindAt": "2026-08-01T12:00:00Z"},
        "loseOpportunity": {"reason": "PRICE"},
        "winOpportunity": {},
        "cancelOpportunity": {},
    }

    for name, values in acts.items():
        slip = await of(shop, "EXPIRED_SLIP")
        assert await code(shop, "ana", name, slip, note="@Bia", mentions=caio, **values) == "NOT_FOUND", name
        assert await code(shop, "ana", name, slip, mentions=bia, **values) == "BAD_INPUT", name
        assert (await of(shop, "EXPIRED_SLIP"))["version"] == slip["version"], name
        assert await code(shop, "ana", name, slip, note="@Bia", mentions=bia, **values) is None, name
    requests: dict[str, dict[str, Any]] = {
        "cancelSubscription": {"code": "K1", "reason": "PRICE", "tellSubscriber": False},
        "requestRefund": {"reference": "S07", "reason": "REGRET"},
    }
    for name, request in requests.items():
        if name == "requestRefund":
            shop.clock.set("07-05 12:00")  # inside the warranty of S07
        for mentions, note in ((caio, "@Bia, too dear"), (bia, None)):
            refused = await shop.code("ana", name, **request, mentions=mentions, note=note)
            assert refused == ("BAD_INPUT" if note is None else "NOT_FOUND"), name
        assert await shop.code("ana", name, **request, mentions=bia, note="@Bia, too dear") is None, name

    assert await notices(shop, "caio") == []
    found = await notices(
        shop, "bia", fields="kind sale { reference } opportunity { kind } subscription { code }"
    )
    nothing = {"kind": "MENTION", "sale": None, "opportunity": None, "subscription": None}
    assert found == [
        nothing | {"subscription": {"code": "K1"}},
        *[nothing | {"opportunity": {"kind": "EXPIRED_SLIP"}}] * len(acts),
        nothing | {"sale": {"reference": "S07"}},
    ]


async def test_a_notice_exists_while_its_row_is_within_reach(shop: Shop) -> None:
    await assigned(shop, "S08", "S09")
    (first, second) = await notices(shop, "ana", "unread: true")
    query = f'{{ node(id: "{first["id"]}") {{ id }} }}'
    assert (await shop.post("ana", query)).json()["data"]["node"] == {"id": first["id"]}
    assert (await shop.post("owner", query)).json()["data"]["node"] is None

    others = [
        await shop.code("owner", "markNotices", ids=[first["id"]]),
        await shop.code("ana", "markNotices", ids=[first["id"], NOWHERE]),
        await shop.code("ana", "markNotices", ids=[]),
    ]
    assert others == ["NOT_FOUND", "NOT_FOUND", "BAD_INPUT"]
    assert len(await notices(shop, "ana", "unread: true")) == 2
    assert await shop.code("ana", "markNotices", ids=[first["id"]]) is None
    assert [notice["id"] for notice in await notices(shop, "ana", "unread: true")] == [second["id"]]
    assert await shop.code("ana", "markNotices", ids=[first["id"]], unread=True) is None

    await assigned(shop, first["sale"]["reference"], to="caio")
    assert [notice["id"] for notice in await notices(shop, "ana")] == [second["id"]]
    assert (await shop.post("ana", query)).json()["data"]["node"] is None
    await shop.give("ana", Grant.VIEW_PURCHASE_RECOVERY_REPORT)
    assert (await shop.read("ana", "notices { totalCount }"))["totalCount"] == 0
    assert await shop.is_unknown("ana", "notices { nodes { sale { reference } } }")


async def test_an_email_names_once_what_its_recipient_sees_as_it_is_sent(shop: Shop) -> None:
    await chooses(shop, "ana", "ASSIGNMENT", "EMAIL")
    await chooses(shop, "ana", "MENTION", "LIVE", "EMAIL")
    await chooses(shop, "bia", "ASSIGNMENT")
    choices = {"ASSIGNMENT": ["EMAIL"], "REMINDER": ["LIVE"], "MENTION": ["LIVE", "EMAIL"]}
    found = await shop.read("ana", "noticeChoices { kind channels }")
    assert {choice["kind"]: choice["channels"] for choice in found} == choices
    await assigned(shop, "S08", "S09")
    await assigned(shop, "S11", to="bia")
    slip = await of(shop, "EXPIRED_SLIP")
    person = [shop.person("ana")]
    assert await code(shop, "owner", "noteOpportunity", slip, text="@Ana", mentions=person) is None

    assert await digests(shop, "07-26 06:59") == []
    (queued,) = await digests(shop, "07-26 07:00")
    assert await digests(shop, "07-28 07:00") == [queued]  # nothing is new, and nothing is named twice
    assert queued.recipient == shop.email("ana")
    assert await notices(shop, "bia") == []
    sent = await text(queued)
    assert sent is not None
    for line in ("Assigned to you: S08", "Assigned to you: S09", "Someone mentioned you: Breno Sá"):
        assert line in sent
    await assigned(shop, "S09", to="caio")
    left = await text(queued)
    assert left is not None
    assert ("S08" in left, "S09" in left) == (True, False)
    await shop.give("ana", Grant.VIEW_PURCHASE_RECOVERY_REPORT)
    assert "S08" not in str(await text(queued))
    await shop.give("ana", Grant.VIEW_REVENUE_REPORT)
    assert await text(queued) is None


async def test_nothing_is_sent_after_the_membership_or_during_a_suspension(shop: Shop) -> None:
    for who in ("ana", "caio"):
        await chooses(shop, who, "ASSIGNMENT", "EMAIL")
    await assigned(shop, "S03")
    await assigned(shop, "S05", to="caio")
    queued = await digests(shop, "07-26 07:00")
    assert None not in [await text(mail) for mail in queued]
    assert await shop.code("owner", "suspendCollaborator", collaboratorId=shop.collaborator("ana")) is None
    assert await shop.code("owner", "removeCollaborator", collaboratorId=shop.collaborator("caio")) is None

    assert [await text(mail) for mail in queued] == [None, None]
    rows = await database.read(
        "SELECT (SELECT COUNT(*) FROM notices WHERE user_id = ?) + (SELECT COUNT(*) FROM notice_choices"
        " WHERE user_id = ?) AS n",
        (shop.users["caio"], shop.users["caio"]),
    )
    assert rows[0]["n"] == 0
    entries = await shop.log("chooseNotices")
    assert [(change["field"], change["after"]) for change in entries[0]["changes"]] == [
        ("NoticeChoice.kind", "ASSIGNMENT"),
        ("NoticeChoice.channels", ["EMAIL"]),
    ]
    own = await manual(shop)
    assert await code(shop, "bia", "assignOpportunity", own, assigneeId=shop.person("bia")) is None
    assert await notices(shop, "bia") == []
