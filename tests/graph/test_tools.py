"""Tools: settings that are checked, versioned, logged, and behind a grant."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import visiting
from models import database

PIXELS = [Grant.MANAGE_TRACKING_PIXEL]
SETTINGS = """id version changedAt changedBy { name } pixels { platform pixelId label events value
  fixed { amount currency } payments }
  history { totalCount nodes { version at by { name } changes { field before after } } }"""
READ = f"query($id: ID!) {{ account {{ tools {{ trackingPixels(product: $id) {{ {SETTINGS} }} }} }} }}"
SAVE = f"""mutation($input: SaveTrackingPixelsInput!) {{ saveTrackingPixels(input: $input) {{
  errors {{ code field message }} trackingPixels {{ {SETTINGS} }} }} }}"""
RESTORE = """mutation($input: RestoreTrackingPixelsInput!) { restoreTrackingPixels(input: $input) {
  errors { code field } trackingPixels { version pixels { pixelId } } } }"""
META = {"platform": "META", "pixelId": "123456789012345"}
GOOGLE = {"platform": "GOOGLE_ADS", "pixelId": "AW-123456789", "label": "abc"}


@dataclass
class At:
    client: Client
    account: dict[str, Any]
    product: str
    token: str
    name: str

    async def read(self, product: str | None = None) -> Any:
        found = await self.client.ask(
            READ, {"id": product or self.product}, token=self.token, account=self.account
        )
        return found["account"]["tools"]["trackingPixels"]

    async def save(self, expected: int, *pixels: dict[str, Any], **more: Any) -> Any:
        values = {"product": self.product, "pixels": list(pixels), "expectedVersion": expected} | more
        found = await self.client.ask(SAVE, {"input": values}, token=self.token, account=self.account)
        return found["saveTrackingPixels"]

    async def restore(self, version: int, expected: int) -> Any:
        values = {"product": self.product, "version": version, "expectedVersion": expected}
        found = await self.client.ask(RESTORE, {"input": values}, token=self.token, account=self.account)
        return found["restoreTrackingPixels"]


async def holder(client: Client, *grants: Grant) -> At:
    account = await make.account()
    product = await make.product(account)
    collaborator = await make.collaborator(account, await make.profile(account, [*PIXELS, *grants]))
    user = await database.read("SELECT name FROM users WHERE id = ?", (collaborator["user_id"],))
    token = await Client.collaborator(collaborator)
    return At(client, account, f"product_{product['id']}", token, user[0]["name"])


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[At]:
    async with visiting() as client:
        yield await holder(client)


def codes(payload: Any) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["field"]) for error in payload["errors"]]


async def test_settings_that_nobody_saved_are_the_defaults(at: At) -> None:
    found = await at.read()

    assert (found["version"], found["changedAt"], found["changedBy"]) == (0, None, None)
    assert found["pixels"] == []
    assert found["history"] == {"totalCount": 0, "nodes": []}


async def test_what_is_saved_is_read_back_with_who_saved_it(at: At) -> None:
    fixed = META | {"value": "FIXED", "fixed": {"amount": "10.50", "currency": "BRL"}, "events": ["SALE"]}

    saved = await at.save(0, GOOGLE, fixed, idempotencyKey="once")
    again = await at.save(0, GOOGLE, fixed, idempotencyKey="once")

    assert codes(saved) == codes(again) == []
    found = await at.read()
    assert found == saved["trackingPixels"] == again["trackingPixels"]
    assert (found["version"], found["changedBy"]["name"]) == (1, at.name)
    assert found["pixels"] == [
        GOOGLE
        | {
            "events": ["VIEW", "LEAD", "CHECKOUT", "SALE"],
            "value": "PRICE",
            "fixed": None,
            "payments": "ALL",
        },
        fixed | {"label": None, "payments": "ALL"},
    ]


async def test_the_history_says_what_each_version_changed(at: At) -> None:
    await at.save(0, META)
    await at.save(1, META, GOOGLE)
    await at.save(2)

    history = (await at.read())["history"]
    assert history["totalCount"] == 3
    assert [node["version"] for node in history["nodes"]] == [3, 2, 1]
    (change,) = history["nodes"][0]["changes"]
    assert change["field"] == "TrackingPixels.pixels"
    assert "AW-123456789" in change["before"]
    assert change["after"] == "[]"


async def test_of_two_who_read_the_same_version_one_saves(at: At) -> None:
    saved = await asyncio.gather(*(at.save(0, META | {"label": str(number)}) for number in range(10)))

    assert sorted(str(codes(item)) for item in saved) == [
        *["[('VERSION_CONFLICT', ['expectedVersion'])]"] * 9,
        "[]",
    ]
    assert {item["trackingPixels"]["version"] for item in saved} == {1}  # the newest, for whoever lost too
    assert (await at.read())["history"]["totalCount"] == 1


async def test_an_earlier_version_is_saved_anew(at: At) -> None:
    await at.save(0, META)
    await at.save(1, GOOGLE)

    restored = await at.restore(1, 2)

    assert codes(restored) == []
    assert restored["trackingPixels"] == {"version": 3, "pixels": [{"pixelId": META["pixelId"]}]}
    assert [codes(await at.restore(number, 3)) for number in (0, 4, -1)] == [[("NOT_FOUND", ["version"])]] * 3
    assert codes(await at.restore(1, 2)) == [("VERSION_CONFLICT", ["expectedVersion"])]


async def test_everything_that_is_wrong_is_said_at_once_by_its_path(at: At) -> None:
    wrong = [
        META | {"pixelId": "12"},
        GOOGLE | {"pixelId": "AW-12", "label": "x" * 61, "events": []},
        META | {"value": "FIXED"},
        META | {"value": "PRICE", "fixed": {"amount": "-1", "currency": "BRL"}},
        META | {"value": "FIXED", "fixed": {"amount": "1.001", "currency": "BRL"}},
        META | {"value": "FIXED", "fixed": {"amount": "1", "currency": "real"}},
        META | {"label": "a\nb"},
    ]

    saved = await at.save(0, *wrong)

    assert sorted(codes(saved)) == sorted(
        ("BAD_INPUT", ["pixels", *path])
        for path in (
            ["0", "pixelId"],
            ["1", "label"], ["1", "events"], ["1", "pixelId"],
            ["2", "fixed"],
            ["3", "fixed", "amount"], ["3", "fixed"],
            ["4", "fixed", "amount"],
            ["5", "fixed", "currency"],
            ["6", "label"],
        )
    )  # fmt: skip
    assert saved["trackingPixels"]["version"] == 0
    assert (await at.read())["version"] == 0


async def test_at_most_ten_pixels_and_twenty_errors(at: At) -> None:
    assert codes(await at.save(0, *[META] * 11)) == [("BAD_INPUT", ["pixels"])]
    assert len(codes(await at.save(0, *[META | {"pixelId": "1"}] * 30))) == 20


async def test_earnings_are_published_by_who_may_see_them(at: At) -> None:
    net = META | {"value": "NET"}
    seeing = await holder(at.client, Grant.VIEW_COMMISSIONS_REPORT)

    assert codes(await at.save(0, net)) == [("NOT_HELD", ["pixels", "0", "value"])]
    assert codes(await seeing.save(0, net)) == []


async def test_a_product_elsewhere_and_one_that_never_was_answer_alike(at: At) -> None:
    other = await holder(at.client)
    nowhere = [other.product, f"product_{database.new_id()}", "nothing", f"sale_{at.product.split('_')[1]}"]

    for product in nowhere:
        assert await at.read(product) is None
        saved = await at.save(0, META, product=product)
        assert (codes(saved), saved["trackingPixels"]) == ([("NOT_FOUND", ["product"])], None)
    assert (await other.read())["version"] == 0


async def test_without_the_grant_there_are_no_settings_and_nothing_is_saved(at: At) -> None:
    collaborator = await make.collaborator(at.account, await make.profile(at.account, [Grant.VIEW_PRODUCTS]))
    token = await Client.collaborator(collaborator)
    saving = {"input": {"product": at.product, "pixels": [META], "expectedVersion": 0}}

    for query, variables in ((READ, {"id": at.product}), (SAVE, saving)):
        errors = await at.client.errors(query, variables, token=token, account=at.account)
        assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert (await at.read())["version"] == 0


async def test_the_log_says_what_was_saved_and_what_was_refused(at: At) -> None:
    await at.save(0, META)
    await at.save(0, META)

    rows = await database.read(
        "SELECT act, object_type, object_id, refusal, let_by, changes FROM audit_entries"
        " WHERE account_id = ? ORDER BY sequence",
        (at.account["id"],),
    )
    assert [(row["act"], row["object_type"], row["refusal"], row["let_by"]) for row in rows] == [
        ("saveTrackingPixels", "TrackingPixels", None, "MANAGE_TRACKING_PIXEL"),
        ("saveTrackingPixels", "TrackingPixels", "VERSION_CONFLICT", "MANAGE_TRACKING_PIXEL"),
    ]
    assert {row["object_id"] for row in rows} == {at.product.removeprefix("product_")}
    assert "TrackingPixels.pixels" in str(rows[0]["changes"])


async def test_settings_and_their_history_are_two_statements(at: At) -> None:
    await at.save(0, META)
    await at.read()

    with database.observed() as statements:
        await at.read()

    assert (
        len([text for text in statements if "tool_versions" in text]) == 3
    )  # the newest, the page, the count
