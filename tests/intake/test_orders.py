"""The same events end in the same state: in every order, with repeats, one by one and in bulk."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_state import SECRET, account, state
from payloads import body, page, rest_item, unwatched, webhook

from extent import extent
from intake.endpoint.receive import receive
from intake.files import history
from intake.files.history import import_files
from intake.hotmart.event import hotmart_event
from intake.messages.arrival import arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import store_arrivals
from intake.values.reading import decoded
from models.vocabulary import IntakeChannel

KINDS = [
    ("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED"),
    ("PURCHASE_APPROVED", "APPROVED"),
    ("PURCHASE_COMPLETE", "COMPLETED"),
    ("PURCHASE_DELAYED", "DELAYED"),
    ("PURCHASE_PROTEST", "DISPUTE"),
    ("PURCHASE_REFUNDED", "REFUNDED"),
    ("PURCHASE_CHARGEBACK", None),
    ("CLUB_FIRST_ACCESS", None),
    ("PURCHASE_APPROVED", "NEVER_HEARD_OF"),
]
SALES = ["HP1", "HP2", "HP3"]
PRODUCTS = [7, 8]
PRICES = [None, {"value": 10, "currency_value": "BRL"}, {"value": 2.5, "currency_value": "USD"}]
SHARES = [None, [], [{"source": "PRODUCER", "value": 9, "currency_value": "USD"}]]

READ_AT = 3
"""When the pages were read: between the times of the messages."""

CODES = ["S1", "S2"]
PAGES = [
    {"name": "Monthly", "periodicity": "MONTHLY", "max_charge_cycles": 2},
    {"name": "Y", "periodicity": "ANNUAL"},
]

times = st.integers(0, 4)
perhaps = st.sampled_from([None, "one", "two"])


@st.composite
def webhooks(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind, status = draw(st.sampled_from(KINDS))
    scant = draw(st.sampled_from([{}, {}, {"data__product": None}, {"purchase__price": None}]))
    return webhook(
        kind,
        status,
        purchase__full_price=None,
        id=f"e{draw(st.permutations(range(9)))[0]}-{number}",
        creation_date=draw(times),
        purchase__transaction=draw(st.sampled_from(SALES)),
        purchase__original_offer_price=draw(st.sampled_from(PRICES)),
        purchase__offer={"code": draw(perhaps)},
        purchase__origin={"sck": draw(perhaps)},
        purchase__order_date=draw(st.none() | times),
        purchase__approved_date=draw(st.none() | times),
        product__id=draw(st.sampled_from(PRODUCTS)),
        product__name=draw(perhaps),
        product__ucode=draw(perhaps),
        product__support_email=draw(perhaps),
        buyer__email=draw(perhaps),
        data__commissions=draw(st.sampled_from(SHARES)),
        data__subscription=draw(subscriptions()),
        purchase__recurrence_number=draw(st.sampled_from([None, 1, 2])),
        purchase__date_next_charge=draw(st.none() | times),
        **scant,
    )


@st.composite
def subscriptions(draw: st.DrawFn) -> dict[str, Any] | None:
    """What a purchase's message says about its subscription."""
    status = draw(st.sampled_from([None, "ACTIVE", "DELAYED", "OVERDUE", "CANCELLED_BY_CUSTOMER", "NEW"]))
    plan = draw(st.sampled_from([None, "Monthly", "Y"]))
    code = draw(st.sampled_from([None, *CODES]))
    return code and {"subscriber": {"code": code}, "status": status, "plan": {"name": plan}}


@st.composite
def notices(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A message about a subscription outside of its payments."""
    code, at = draw(st.sampled_from(CODES)), draw(times)
    who: dict[str, Any] = {
        "subscriber": {"code": code, "name": draw(perhaps), "email": f"{code}@example.com"}
    }
    kind, data = draw(
        st.sampled_from(
            [
                (
                    "SUBSCRIPTION_CANCELLATION",
                    {"cancellation_date": draw(times), "actual_recurrence_value": 5},
                ),
                ("UPDATE_SUBSCRIPTION_CHARGE_DATE", {"subscription": {"new_charge_day": 1 + draw(times)}}),
                ("SWITCH_PLAN", {"plans": [{"name": "Monthly", "current": True}, {"name": "Y"}]}),
            ]
        )
    )
    product = {"id": draw(st.sampled_from(PRODUCTS)), "name": draw(perhaps)}
    data = who | {"product": product} | data
    return {"id": f"n{number}", "creation_date": at, "event": kind, "version": "2.0.0", "data": data}


@st.composite
def rest_items(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return rest_item(
        draw(st.sampled_from(["APPROVED", "COMPLETE", "REFUNDED"])),
        purchase__transaction=f"{draw(st.sampled_from(SALES))}",
        purchase__order_date=number % 5,
        product__id=draw(st.sampled_from(PRODUCTS)),
        product__name=draw(perhaps),
        purchase__approved_date=draw(st.none() | times),
    )


@st.composite
def other_items(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """Items of the pages that say nothing of a status."""
    named = {"transaction": draw(st.sampled_from(SALES)), "product": {"id": draw(st.sampled_from(PRODUCTS))}}
    more = [
        {"commissions": [{"source": "PRODUCER", "commission": {"value": number, "currency_value": "EUR"}}]},
        {"users": [{"role": "BUYER", "user": {"name": f"Buyer {number}", "documents": [{"value": "1"}]}}]},
        {"base": {"value": 1, "currency_code": "EUR"}, "coupon": {"code": f"c{number}", "value": 1}},
        {
            "subscriber_code": draw(st.sampled_from(CODES)),
            "status": draw(st.sampled_from(["ACTIVE", "CANCELLED"])),
        },
        {"status": "COMPLETE", "price": {"value": number, "currency_code": "EUR"}, "recurrency_number": 1},
    ]
    return named | draw(st.sampled_from(more))


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    results = [draw(webhooks(number)) for number in range(draw(st.integers(1, 7)))]
    items = [draw(rest_items(number)) for number in range(draw(st.integers(0, 4)))]
    results += [draw(notices(number)) for number in range(draw(st.integers(0, 3)))]
    items += [draw(plans(number)) for number in range(draw(st.integers(0, 1)))]
    return [*results, *items, *(draw(other_items(number)) for number in range(draw(st.integers(0, 3))))]


@st.composite
def plans(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """An item of a page of plans."""
    page_of = {"code": f"plan{number}", "product_id": str(draw(st.sampled_from(PRODUCTS)))}
    return page_of | draw(st.sampled_from(PAGES))


def _as_read(tree: Any) -> Any:
    return hotmart_event(tree, READ_AT)


async def one_by_one(events: list[dict[str, Any]]) -> dict[str, Any]:
    seller = await account()
    for event in events:
        if "event" in event:
            await receive(seller["intake_id"], SECRET, body(event))
        else:
            arrival = arrival_of(decoded(body(event)), Secrets(), _as_read)
            await store_arrivals(seller["id"], [arrival], IntakeChannel.IMPORT)
    return await state(seller)


async def in_bulk(events: list[dict[str, Any]], files: int, batch: int = 500) -> dict[str, Any]:
    seller = await account()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(files):
            path = Path(folder) / f"{number}.json"
            path.write_text(json.dumps(events[number::files]))
            paths.append(path)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(history, "BATCH", batch)
            await import_files(seller["id"], paths, unwatched, as_of=READ_AT)
    return await state(seller)


@settings(max_examples=extent(4, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(events=histories(), seed=st.integers(0, 99))
async def test_every_order_and_every_way_in_ends_in_one_state(
    database_url: str, events: list[dict[str, Any]], seed: int
) -> None:
    shuffle = random.Random(seed)
    expected = await one_by_one(events)

    again = [*events, *events[:3]]
    shuffle.shuffle(again)

    assert await one_by_one(again) == expected
    assert await in_bulk(again, files=1) == expected
    assert await in_bulk(again, files=3) == expected
    assert await in_bulk(again, files=1, batch=seed % 3 + 1) == expected
    assert await one_by_one(sorted(events, key=json.dumps, reverse=True)) == expected


@settings(max_examples=extent(4, 15), deadline=None, suppress_health_check=list(HealthCheck))
@given(events=histories(), cut=st.integers(0, 10))
async def test_a_batch_after_a_message_ends_as_messages_alone(
    database_url: str, events: list[dict[str, Any]], cut: int
) -> None:
    seller = await account()
    for event in events[:cut]:
        if "event" in event:
            await receive(seller["intake_id"], SECRET, body(event))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        path.write_text("\n".join(json.dumps(event) for event in events))
        await import_files(seller["id"], [path], unwatched, as_of=READ_AT)

    assert await state(seller) == await one_by_one(events)


async def test_a_page_is_its_items(database_url: str) -> None:
    items = [rest_item("APPROVED"), rest_item("REFUNDED")]

    assert await in_bulk([page(*items)], files=1) == await one_by_one(items)
