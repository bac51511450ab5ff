"""Who sees personal data of buyers masked, and what revealing it leaves behind."""

from typing import Any

import pytest

import make
from authz.grant import Grant
from center import DONE, UNKNOWN, Center, center
from client import Client
from models.vocabulary import Role

BUYER = """query($reference: String!) { account { revealOnRecord sale(reference: $reference) {
  buyer { name email emailMasked phone phoneMasked document address { street city country } } } } }"""
REVEAL = """mutation($input: RevealBuyerInput!) { revealBuyer(input: $input) {
  buyer { email phone document address { street } } errors { code field } } }"""
EVENTS = "query($reference: String!) { account { sale(reference: $reference) { history { change %s } } } }"
FULL = {
    "name": "Maria",
    "email": "maria@example.com",
    "emailMasked": "m…@e…",
    "phone": "+5511999990042",
    "phoneMasked": "…42",
    "document": "12345678909",
    "address": {"street": "Rua A 1", "city": "Santos", "country": "BR"},
}
MASKED = FULL | {
    "email": "m…@e…",
    "phone": "…42",
    "document": "…09",
    "address": {"street": None, "city": "Santos", "country": "BR"},
}


@pytest.fixture
async def at(client: Client) -> Center:
    """A sale of the user's, with everything that is known of a buyer."""
    found = await center(client)
    await make.sale(
        found.account,
        assignee=found.collaborators["user"],
        reference="S1",
        buyer_name="Maria",
        buyer_email="maria@example.com",
        buyer_phone="+5511999990042",
        buyer_document="12345678909",
        buyer_address='{"street": "Rua A 1", "city": "Santos", "country": "BR", "zip_code": "1"}',
    )
    return found


async def buyer(at: Center, who: str) -> Any:
    data = await at.ask(who, BUYER, reference="S1")
    return data["account"]["sale"]["buyer"]


async def revealed(at: Center, who: str, **values: Any) -> str:
    """What came of a call: DONE, the code of the refusal, or UNKNOWN."""
    words = {"reference": "S1", "fields": ["EMAIL"], "reason": "Because of a call"} | values
    text = "mutation($input: RevealBuyerInput!) { revealBuyer(input: $input) { errors { code } } }"
    body = (await at.client.post(text, {"input": words}, token=at.tokens[who], account=at.account)).json()
    if "data" not in body:
        return UNKNOWN
    errors = body["data"]["revealBuyer"]["errors"]
    return errors[0]["code"] if errors else DONE


async def on_record(at: Center) -> None:
    assert await at.outcome("owner", "setRevealOnRecord", enabled=True) == DONE


async def test_buyers_are_shown_in_full_unless_the_owner_says_otherwise(at: Center) -> None:
    assert [await buyer(at, who) for who in ("owner", "admin", "user")] == [FULL] * 3


async def test_on_record_everyone_but_the_owner_sees_them_masked(at: Center) -> None:
    await on_record(at)

    assert await buyer(at, "owner") == FULL
    assert [await buyer(at, who) for who in ("admin", "lead", "user")] == [MASKED] * 3
    assert (await at.ask("user", "{ account { revealOnRecord } }"))["account"] == {"revealOnRecord": True}
    assert await at.outcome("owner", "setRevealOnRecord", enabled=False) == DONE
    assert await buyer(at, "user") == FULL


async def test_what_is_masked_is_not_found_by_its_parts(at: Center) -> None:
    texts = ("maria@e", "example.com", "MARIA@example.com", "+5511", "0042", "+5511999990042", "12345678909")

    async def found(who: str) -> list[str]:
        document = "query($part: String!) { account { sales(filter: {text: $part}) { totalCount } } }"
        counts = {text: await at.ask(who, document, part=text) for text in texts}
        return [text for text, result in counts.items() if result["account"]["sales"]["totalCount"]]

    assert await found("user") == list(texts)
    await on_record(at)

    assert await found("owner") == list(texts)
    assert [await found(who) for who in ("admin", "user")] == [["MARIA@example.com"]] * 2


async def test_a_token_sees_them_masked_too(at: Center) -> None:
    await on_record(at)
    token = (
        await at.client.ask(
            'mutation { createAccessToken(input: {name: "t", grants: [SEARCH_SALES, CHANGE_BUYER_EMAIL],'
            " days: 1}) { secret errors { code } } }",
            token=at.tokens["user"],
            account=at.account,
        )
    )["createAccessToken"]["secret"]
    found = await at.client.ask(
        '{ account { sale(reference: "S1") { buyer { email } } } }', token=token, account=at.account
    )

    assert found["account"]["sale"]["buyer"] == {"email": "m…@e…"}


async def test_both_executors_mask_alike(at: Center) -> None:
    await on_record(at)
    sale = '{ %s account { sale(reference: "S1") { buyer { email phone address { street } } } } }'
    compiled = await at.ask("user", sale % "")
    # introspection beside rows is left to the standard executor
    interpreted = await at.ask("user", sale % "__schema { queryType { name } }")

    assert compiled["account"]["sale"]["buyer"] == {
        "email": "m…@e…",
        "phone": "…42",
        "address": {"street": None},
    }
    assert interpreted["account"] == compiled["account"]


async def test_who_may_see_it_can_reveal_it_and_leaves_a_record(at: Center) -> None:
    await on_record(at)
    data = await at.ask(
        "user",
        REVEAL,
        input={"reference": "S1", "fields": ["EMAIL", "ADDRESS"], "reason": "  Called about access  "},
    )

    assert data["revealBuyer"] == {
        "buyer": {
            "email": "maria@example.com",
            "phone": None,
            "document": None,
            "address": {"street": "Rua A 1"},
        },
        "errors": [],
    }
    assert await at.changes() == {
        "RevealBuyerInput.fields": (None, ["EMAIL", "ADDRESS"]),
        "RevealBuyerInput.reason": (None, "Called about access"),
    }
    assert "maria@example.com" not in str(await at.log())
    history = (await at.ask("admin", EVENTS % "buyerReveal { reason } changedBy", reference="S1"))["account"]
    last = history["sale"]["history"][-1]
    assert last["change"] == "BUYER_REVEALED"
    assert last["buyerReveal"] == {"reason": "Called about access"}


async def test_each_field_needs_its_grant(at: Center) -> None:
    profile = await make.profile(at.account, [Grant.SEARCH_SALES, Grant.SEND_RECEIPTS])
    token = await Client.collaborator(await make.collaborator(at.account, profile, Role.ADMIN))
    at.tokens["finance"] = token

    assert [
        await revealed(at, "finance", fields=[name]) for name in ("DOCUMENT", "ADDRESS", "EMAIL", "PHONE")
    ] == [
        *(DONE, DONE),
        *(UNKNOWN, UNKNOWN),
    ]


async def test_a_refused_reveal_shows_nothing(at: Center) -> None:
    logged = len(await at.log())

    assert await revealed(at, "user", reason="why") == "BAD_INPUT"
    assert await revealed(at, "user", fields=[]) == "BAD_INPUT"
    assert await revealed(at, "small", fields=["EMAIL"]) == UNKNOWN
    assert [entry["refusal"] for entry in (await at.log())[logged:]] == ["BAD_INPUT", "BAD_INPUT"]
    values = {"reference": "S1", "fields": ["EMAIL"], "reason": "Because of a call"}
    unreached = await at.ask("lead", REVEAL, input=values | {"reference": "none"})
    assert unreached["revealBuyer"] == {
        "buyer": None,
        "errors": [{"code": "NOT_FOUND", "field": ["reference"]}],
    }


async def test_only_so_many_buyers_are_revealed_in_a_day(at: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actions.commerce.sales.reveal.MOST_A_DAY", 2)
    found = [await revealed(at, "user") for _ in range(3)]

    assert found == [DONE, DONE, "RATE_LIMITED"]
    assert await revealed(at, "admin") == DONE


async def test_the_log_and_the_history_are_masked_as_the_sale_is(at: Center) -> None:
    assert await at.outcome("owner", "changeBuyerEmail", reference="S1", email="new@example.com") == DONE
    await on_record(at)
    log = (
        '{ account { auditLog(filter: {act: ["changeBuyerEmail"]}) { nodes { changes { before after } } } } }'
    )
    masked, full = ("m…@e…", "n…@e…"), ("maria@example.com", "new@example.com")

    for who, (before, after) in (("admin", masked), ("owner", full)):
        data = await at.ask(who, log)
        assert data["account"]["auditLog"]["nodes"][0]["changes"] == [{"before": before, "after": after}]
        data = await at.ask(who, EVENTS % "emailChange { before after }", reference="S1")
        assert data["account"]["sale"]["history"][-1]["emailChange"] == {"before": before, "after": after}
