"""Messages inside what automation tools put around them: sent to the door, and imported."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import body, page, rest_item, webhook

from intake.endpoint.receive import receive
from intake.files.history import import_files

HEADER = {"X-Hotmart-HotTok": SECRET, "content-type": "application/json"}


def _flat(tree: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(tree, dict):
        return {path: tree}
    return {
        name: value
        for key, inner in tree.items()
        for name, value in _flat(inner, f"{path}__{key}" if path else key).items()
    }


def wrapped(message: dict[str, Any]) -> dict[str, Any]:
    """The message as each tool hands it on or keeps it."""
    text = json.dumps(message)
    site = {
        "uuid": "1", "type": "web", "token_id": "t", "ip": "192.0.2.1", "method": "POST", "content": text,
        "headers": {"x-hotmart-hottok": [SECRET], "content-type": ["application/json"]}, "query": None,
    }  # fmt: skip
    trigger = {"event": {"method": "POST", "path": "/", "query": {}, "headers": HEADER, "body": message}}
    return {
        "n8n": [{"headers": HEADER, "params": {}, "query": {}, "body": message, "webhookUrl": "x"}],
        "n8n, one item": {"headers": HEADER, "params": {}, "query": {}, "body": message},
        "n8n, its own items": [{"json": {"headers": HEADER, "body": message}, "pairedItem": {"item": 0}}],
        "n8n, raw body": {"headers": HEADER, "body": text},
        "zapier, raw": {"raw_body": text, "headers": HEADER, "querystring": ""},
        "zapier, flat": _flat(message) | {"headers__X-Hotmart-Hottok": SECRET},
        "zapier, in an array": [message | {"hottok": SECRET}],
        "make, passed through": {
            "value": text,
            "__IMTHEADERS__": [{"name": "X-HOTMART-HOTTOK", "value": SECRET}],
        },
        "make, with headers": message | {"__IMTHEADERS__": [{"name": "x-hotmart-hottok", "value": SECRET}]},
        "pipedream, event": trigger,
        "pipedream, steps": {"steps": {"trigger": trigger}},
        "pipedream, body alone": {"body": message, "headers": HEADER},
        "webhook.site": site,
        "webhook.site, list": {"data": [site], "total": 1, "per_page": 50, "current_page": 1},
        "requestbin": {"method": "POST", "headers": HEADER, "body": text, "raw": text},
        "an API gateway": {
            "headers": HEADER,
            "isBase64Encoded": True,
            "body": base64.b64encode(text.encode()).decode(),
        },
        "raw headers": {"rawHeaders": ["Host", "h", "X-HOTMART-HOTTOK", SECRET], "body": message},
        "HAR": {
            "log": {
                "entries": [
                    {
                        "request": {
                            "headers": [{"name": "X-Hotmart-Hottok", "value": SECRET}],
                            "postData": {"mimeType": "application/json", "text": text},
                        }
                    }
                ]
            }
        },
        "text of text": json.dumps({"payload": text, "hottok": SECRET}),
    }


TOOLS = list(wrapped({}))
SIMPLE = {"data__affiliates": None, "data__commissions": None}


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def unwatched(_done: int, _all: int) -> None:
    """Nobody looks."""


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_wrapped_message_is_taken_in_as_the_message_inside(tool: str, tmp_path: Path) -> None:
    message = webhook(buyer__name=f"{SECRET} Prado", **SIMPLE)
    plain, sent, imported = await account(), await account(), await account()
    file = tmp_path / "wrapped.json"
    file.write_bytes(body(wrapped(message)[tool]))

    await receive(plain["intake_id"], SECRET, body(message))
    receipt = await receive(sent["intake_id"], SECRET, body(wrapped(message)[tool]))
    summary = await import_files(imported["id"], [file], unwatched)

    assert (receipt.status, receipt.code) == (200, "SALE")
    assert (summary.sales, summary.malformed) == (1, 0)
    sales = [(await state(item))["sales"] for item in (plain, sent, imported)]
    assert sales[1] == sales[0]
    assert sales[2] == sales[0]
    for seller in (sent, imported):
        everything = repr([await rows(seller, table) for table in ("intake_events", "sale_events", "sales")])
        assert SECRET not in everything
    again = await receive(sent["intake_id"], SECRET, body(message))
    assert again.code == "KNOWN"


@pytest.mark.parametrize("tool", [name for name in TOOLS if name not in ("text of text",)])
async def test_the_secret_of_a_wrapper_opens_the_door_where_no_header_does(tool: str) -> None:
    seller, other = await account(), await account(intake_secret_digest="0" * 64)
    message = webhook(**SIMPLE)

    refused = await receive(other["intake_id"], None, body(wrapped(message)[tool]))
    receipt = await receive(seller["intake_id"], None, body(wrapped(message)[tool]))

    assert (refused.status, receipt.code) == (401, "SALE")
    assert await rows(other, "intake_events") == []


async def test_a_secret_is_looked_for_among_a_number_of_values_only() -> None:
    seller = await account()
    request = {"headers": {"x-hotmart-hottok": SECRET}, "body": webhook(**SIMPLE)}

    far, near = [
        await receive(seller["intake_id"], None, body({"more": [0] * count, "request": request}))
        for count in (6_000, 4_000)
    ]

    assert (far.status, near.code) == (401, "SALE")


async def test_several_messages_in_one_request_are_each_taken_in() -> None:
    seller = await account()
    envelope = [
        {"headers": {}, "body": item} for item in (webhook(), webhook("SWITCH_PLAN"), {"a": 1}, webhook())
    ]

    receipt = await receive(seller["intake_id"], SECRET, body(envelope))
    again = await receive(seller["intake_id"], SECRET, body(envelope))

    assert (receipt.status, receipt.code) == (200, "SALE")
    assert receipt.messages == {"SALE": 2, "OTHER": 1, "MALFORMED": 1}
    assert (again.code, again.messages) == ("KNOWN", {"KNOWN": 3, "MALFORMED": 1})
    stored = await rows(seller, "intake_events")
    assert sorted(row["outcome"] for row in stored) == ["MALFORMED", "OTHER", "SALE", "SALE"]


async def test_a_request_of_too_many_messages_is_refused_whole() -> None:
    seller = await account()

    receipt = await receive(seller["intake_id"], SECRET, body([webhook(id=str(n)) for n in range(501)]))

    assert (receipt.status, receipt.code) == (400, "MALFORMED")
    assert len(await rows(seller, "intake_events")) == 1


async def test_wrappers_without_end_are_malformed() -> None:
    seller = await account()
    message: Any = webhook()
    for _ in range(30):
        message = {"body": message}

    receipt = await receive(seller["intake_id"], SECRET, body(message))

    assert (receipt.status, receipt.code) == (400, "MALFORMED")
    assert await rows(seller, "sales") == []


@pytest.mark.parametrize("missing", ["event", "id"])
async def test_a_message_that_lacks_what_is_primary_is_no_wrapper(missing: str, tmp_path: Path) -> None:
    seller, imported = await account(), await account()
    message = webhook()
    del message[missing]
    (tmp_path / "cut.json").write_bytes(body(message))

    receipt = await receive(seller["intake_id"], SECRET, body(message))
    summary = await import_files(imported["id"], [tmp_path / "cut.json"], unwatched)

    assert (receipt.code, summary.malformed, summary.sales) == ("MALFORMED", 1, 0)
    (row,) = await rows(seller, "intake_events")
    assert row["reference"] == message["data"]["purchase"]["transaction"]
    assert row["kind"] == message.get("event")


async def test_a_page_of_the_history_that_a_tool_fetched_goes_in(tmp_path: Path) -> None:
    seller = await account()
    file = tmp_path / "fetched.json"
    file.write_bytes(body([{"json": {"statusCode": 200, "body": page(rest_item(), rest_item())}}]))

    summary = await import_files(seller["id"], [file], unwatched)

    assert (summary.sales, summary.malformed) == (2, 0)
