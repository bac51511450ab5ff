"""Subscriptions, written as the fold of their payments and messages says."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from intake.events.notice import SubscriptionFacts
from intake.subscriptions.charge import charge_in
from intake.subscriptions.fold import FoldedSubscription, amount_of, fold
from intake.subscriptions.outgoing import formerly, note_turns
from intake.subscriptions.points import points_of
from intake.subscriptions.requests import (
    Cancellation,
    OwnRequest,
    cancellation_of,
    closing,
    settled,
    write_requests,
)
from intake.subscriptions.sources import Payment, PlanFacts, Said
from intake.subscriptions.turns import Turn, stored_turns, turns_of, write_turns
from intake.values.searched import searched
from models import database
from models.changes import ChangeKind, note
from models.product_vocabulary import PlanPeriod
from models.statement import Statement, one_of
from models.tables.subscription import (
    CancellationReason,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)
from models.vocabulary import OWN_SOURCES, EventSource, SaleStatus

BATCH = 500
_PAYMENT = (
    "subscription_id, reference, status, product_id, ordered_at, recurrence, approved_at, ended_at, price,"
    " currency, subscription_plan, buyer_name, buyer_email, buyer_phone, buyer_document, buyer_country,"
    " charge, assignee_id, team_id, credit_id, credit_team_id"
)
_decoder = msgspec.json.Decoder(SubscriptionFacts)
_MESSAGES = ", ".join(f"'{source.value}'" for source in EventSource if source not in OWN_SOURCES)
_BY_HAND = ("assignee_id", "team_id", "credit_id", "credit_team_id")
"""What a person decides, where a person has decided it."""


class Stored(msgspec.Struct):
    """What is stored of a subscription that is folded again."""

    payments: list[Payment] = []
    said: list[Said] = []
    requests: list[OwnRequest] = []
    turns: list[Turn] = []
    assigned: tuple[Any, Any] = (None, None)
    """The assignee and team of its newest payment with an assignee."""
    credited: tuple[Any, Any] = (None, None)
    """The credit of its newest payment with one."""
    unlinked: bool = False
    """Whether messages do not have its id yet."""

    @property
    def product(self) -> str | None:
        """The reference of the product that the newest message names."""
        newest = sorted(self.said, key=lambda said: (said.happened_at, said.key), reverse=True)
        return next((said.facts.product_reference for said in newest if said.facts.product_reference), None)


async def subscription_ids(account_id: str, codes: Iterable[str]) -> dict[str, str]:
    """The ids of subscriptions by their codes, new ones for those that are not known yet."""
    wanted = sorted(codes)
    if not wanted:
        return {}
    chosen = one_of("code", wanted)
    rows = await database.read(
        f"SELECT id, code FROM subscriptions WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    known = {row["code"]: str(row["id"]) for row in rows}
    return {code: known.get(code) or database.new_id() for code in wanted}


async def settle_subscriptions(account_id: str, subscriptions: Mapping[str, str]) -> None:
    """Fold subscriptions again, given their ids by code, from all that is stored of them.

    What nothing is stored of any more is removed.
    """
    codes = iter(sorted(subscriptions))
    while batch := list(islice(codes, BATCH)):
        await _settle(account_id, {code: subscriptions[code] for code in batch})


async def _settle(account_id: str, ids: Mapping[str, str]) -> None:
    stored = await _stored(account_id, ids)
    products = await _products(account_id, stored)
    timezone, plans = await _plans(account_id, set(products.values()))
    rows, requests, bare, turns, replaced, newest = [], [], {}, {}, [], []
    for code, of in stored.items():
        product = products.get(code)
        if product is None:
            continue
        facts = fold(of.payments, of.said, plans.get(product, {}), timezone)
        if facts.bare_value is not None:
            bare[code] = product
        points = points_of(sorted(of.payments, key=lambda payment: payment.place), of.said, facts.max_charges)
        if (turned := turns_of(points, facts.started_at)) != of.turns:
            turns[ids[code]] = turned
            replaced += [ids[code]] if of.turns else []
        judged = [(request, *settled(request, closing(request, points, of.said))) for request in of.requests]
        requests += judged
        newest.append((ids[code], facts, points[-1].at))
        canceled = cancellation_of(facts.status, facts.ended_at, facts.ended_by, of.requests)
        rows.append((code, ids[code], product, of, facts, canceled))
    currencies = await _currencies(account_id, set(bare.values())) if bare else {}
    values = [_row(account_id, *row, currencies) for row in rows]
    note_turns(account_id, await formerly(account_id, ids.values()), newest)
    await database.write_later(_upsert(), values)
    await write_turns(account_id, turns, replaced)
    await write_requests(account_id, requests)
    note(account_id, ChangeKind.SUBSCRIPTION, [ids[code] for code, *_ in rows])
    linked = [(ids[code], account_id, code) for code, *_ in rows if stored[code].unlinked]
    await database.write_later(
        "UPDATE subscription_events SET subscription_id = ? WHERE account_id = ? AND code = ?", linked
    )
    await _remove(account_id, [ids[code] for code in stored.keys() - products.keys()])


async def _stored(account_id: str, ids: Mapping[str, str]) -> dict[str, Stored]:
    stored = {code: Stored() for code in ids}
    by_id = {subscription_id: stored[code] for code, subscription_id in ids.items()}
    chosen = one_of("subscription_id", list(by_id))
    payments = await database.read(
        Statement(f"SELECT {_PAYMENT} FROM sales WHERE account_id = ? AND ", (account_id,))
        + chosen
        + " ORDER BY ordered_at, reference"
    )
    for row in payments:
        of = by_id[str(row["subscription_id"])]
        of.payments.append(_payment(row))
        if row["assignee_id"] is not None:
            of.assigned = row["assignee_id"], row["team_id"]
        if row["credit_id"] is not None:
            of.credited = row["credit_id"], row["credit_team_id"]
    codes = one_of("code", list(ids))
    said = await database.read(
        "SELECT code, key, kind, source, happened_at, subscription_id, CAST(facts AS TEXT) AS facts"
        f" FROM subscription_events WHERE account_id = ? AND {codes.text} AND source IN ({_MESSAGES})",
        (account_id, *codes.params),
    )
    for row in said:
        of = stored[row["code"]]
        of.unlinked |= row["subscription_id"] is None
        of.said.append(
            Said(
                row["key"],
                row["kind"],
                EventSource(row["source"]),
                row["happened_at"],
                _decoder.decode(row["facts"]),
            )
        )
    requests = await database.read(
        "SELECT id, subscription_id, kind, requested_at, day, reason, note, status, closed_at, own_status,"
        f" own_closed_at FROM subscription_requests WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    for row in requests:
        by_id[str(row["subscription_id"])].requests.append(_request(row))
    for subscription_id, turns in (await stored_turns(account_id, chosen)).items():
        by_id[subscription_id].turns = turns
    return stored


def _payment(row: Any) -> Payment:
    return Payment(
        reference=row["reference"],
        status=SaleStatus(row["status"]),
        product_id=str(row["product_id"]),
        ordered_at=row["ordered_at"],
        recurrence=row["recurrence"],
        approved_at=row["approved_at"],
        ended_at=row["ended_at"],
        price=row["price"],
        currency=row["currency"],
        plan=row["subscription_plan"],
        buyer_name=row["buyer_name"],
        buyer_email=row["buyer_email"],
        buyer_phone=row["buyer_phone"],
        buyer_document=row["buyer_document"],
        buyer_country=row["buyer_country"],
        charge=charge_in(row["charge"]),
    )


def _request(row: Any) -> OwnRequest:
    return OwnRequest(
        id=str(row["id"]),
        kind=SubscriptionRequestKind(row["kind"]),
        requested_at=row["requested_at"],
        day=row["day"],
        reason=None if row["reason"] is None else CancellationReason(row["reason"]),
        note=row["note"],
        own_status=SubscriptionRequestStatus(row["own_status"]),
        own_closed_at=row["own_closed_at"],
        status=SubscriptionRequestStatus(row["status"]),
        closed_at=row["closed_at"],
    )


async def _products(account_id: str, stored: Mapping[str, Stored]) -> dict[str, str]:
    """The product of each subscription: that of its newest payment, or the one that a message names.

    A subscription without either has nothing that is known of it.
    """
    found = {code: of.payments[-1].product_id for code, of in stored.items() if of.payments}
    named = {code: name for code, of in stored.items() if code not in found and (name := of.product)}
    if named:
        chosen = one_of("reference", sorted(set(named.values())))
        rows = await database.read(
            f"SELECT id, reference FROM products WHERE account_id = ? AND {chosen.text}",
            (account_id, *chosen.params),
        )
        ids = {row["reference"]: str(row["id"]) for row in rows}
        found |= {code: ids[name] for code, name in named.items() if name in ids}
    return found


async def _plans(account_id: str, products: set[str]) -> tuple[str, dict[str, dict[str, PlanFacts]]]:
    """The account's time zone, and the plans of products by name."""
    chosen = one_of("p.product_id", sorted(products))
    rows = await database.read(
        "SELECT a.timezone, p.product_id, p.name, p.period, p.max_charges FROM accounts a"
        f" LEFT JOIN plans p ON p.account_id = a.id AND {chosen.text} WHERE a.id = ? ORDER BY p.code",
        (*chosen.params, account_id),
    )
    plans: dict[str, dict[str, PlanFacts]] = {}
    for row in rows:
        if row["period"] is not None:
            facts = PlanFacts(PlanPeriod(row["period"]), row["max_charges"])
            plans.setdefault(str(row["product_id"]), {}).setdefault(row["name"], facts)
    return rows[0]["timezone"], plans


async def _currencies(account_id: str, products: set[str]) -> dict[str, str]:
    """The currency of each product's offers, if all of them have the same."""
    chosen = one_of("product_id", sorted(products))
    rows = await database.read(
        "SELECT product_id, MIN(currency) AS currency FROM offers"
        f" WHERE account_id = ? AND {chosen.text} AND currency IS NOT NULL"
        " GROUP BY product_id HAVING COUNT(DISTINCT currency) = 1",
        (account_id, *chosen.params),
    )
    return {str(row["product_id"]): row["currency"] for row in rows}


_COLUMNS = (
    *("id", "account_id", "code", "product_id", "created_at", "subscriber_folded"),
    *("reason", "note", "cancelled_by_request", *_BY_HAND, *FoldedSubscription.__struct_fields__),
)
_FIRST = ("id", "account_id", "code", "created_at")


def _upsert() -> str:
    decided = [
        f"{name} = CASE WHEN subscriptions.assigned_at IS NULL THEN excluded.{name}"
        f" ELSE subscriptions.{name} END"
        for name in _BY_HAND
    ]
    folded = [f"{name} = excluded.{name}" for name in _COLUMNS if name not in (*_FIRST, *_BY_HAND)]
    return (
        f"{database.insertion('subscriptions', _COLUMNS)} ON CONFLICT (account_id, code)"
        f" DO UPDATE SET {', '.join((*folded, *decided))}"
    )


def _row(
    account_id: str,
    code: str,
    subscription_id: str,
    product: str,
    of: Stored,
    facts: FoldedSubscription,
    canceled: Cancellation,
    currencies: Mapping[str, str],
) -> Sequence[Any]:
    """The stored values of a subscription, in the order of `_COLUMNS`."""
    if facts.bare_value is not None and (currency := currencies.get(product)) is not None:
        price = amount_of(facts.bare_value, currency)
        facts = msgspec.structs.replace(facts, price=price, currency=None if price is None else currency)
    facts = msgspec.structs.replace(facts, ended_by=canceled.ended_by)
    return (
        *(subscription_id, account_id, code, product, database.now(), searched(facts.subscriber_name)),
        *(canceled.reason and canceled.reason.value, canceled.note, canceled.request_id),
        *(*of.assigned, *of.credited),
        *(getattr(value, "value", value) for value in msgspec.structs.astuple(facts)),
    )


async def _remove(account_id: str, ids: Sequence[str]) -> None:
    """Remove subscriptions of which no payment and no message is left, with what people did about them."""
    if not ids:
        return
    of, own = one_of("subscription_id", ids), one_of("id", ids)
    tables = ("subscription_turns", "subscription_requests", "subscription_events")
    for table, chosen in (*((table, of) for table in tables), ("subscriptions", own)):
        by_people = f" AND source NOT IN ({_MESSAGES})" if table == "subscription_events" else ""
        await database.write(
            f"DELETE FROM {table} WHERE account_id = ? AND {chosen.text}{by_people}",
            (account_id, *chosen.params),
        )


async def unpriced_subscriptions(account_id: str, products: Iterable[str]) -> dict[str, str]:
    """The subscriptions to products, by reference, whose price waits for the currency of their offers."""
    chosen = one_of("p.reference", sorted(products))
    rows = await database.read(
        "SELECT s.id, s.code FROM products p JOIN subscriptions s ON s.account_id = p.account_id"
        " AND s.product_id = p.id AND s.bare_value IS NOT NULL"
        f" WHERE p.account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    return {row["code"]: str(row["id"]) for row in rows}


async def unpriced_at_offers(account_id: str, offer_ids: Iterable[str]) -> dict[str, str]:
    """The subscriptions to the products of offers whose price has the currency of their offers, or none."""
    ids = sorted(offer_ids)
    if not ids:
        return {}
    chosen = one_of("o.id", ids)
    rows = await database.read(
        "SELECT s.id, s.code FROM offers o JOIN subscriptions s ON s.account_id = o.account_id"
        " AND s.product_id = o.product_id AND s.bare_value IS NOT NULL"
        f" WHERE o.account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    return {row["code"]: str(row["id"]) for row in rows}


async def replanned_subscriptions(account_id: str, products: Iterable[str]) -> dict[str, str]:
    """The subscriptions whose plan a page describes otherwise than they were folded."""
    named = sorted(products)
    by_reference, by_ucode = one_of("q.reference", named), one_of("q.ucode", named)
    rows = await database.read(
        "SELECT s.id, s.code FROM products q"
        " JOIN plans p ON p.account_id = q.account_id AND p.product_id = q.id"
        " JOIN subscriptions s ON s.account_id = p.account_id AND s.product_id = p.product_id"
        " AND s.plan = p.name"
        f" WHERE q.account_id = ? AND ({by_reference.text} OR {by_ucode.text})"
        " AND (s.period IS NULL OR s.period <> p.period OR COALESCE(s.max_charges, 0) <>"
        " COALESCE(p.max_charges, s.max_charges, 0))",
        (account_id, *by_reference.params, *by_ucode.params),
    )
    return {row["code"]: str(row["id"]) for row in rows}
