"""Withdrawals of the shop: requested, approved, settled, and never more than there is."""

import asyncio
import time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import make
from authz.grant import Grant
from books import figures, require_sums
from extent import extent
from small_shop import UNKNOWN, Shop

IBAN, OTHER_IBAN = "DE89370400440532013000", "PT50000201231234567890154"
WITHDRAWAL = (
    "withdrawal { id status amount { amount } destination { kind ending holder } requestedBy { name }"
    " decidedBy { name } refusalReason bankReference failure history { status source by { name } } }"
)


async def with_bank(shop: Shop, iban: str = IBAN, at: str | None = "07-23 12:00") -> None:
    """The owner sets the bank account at a time, or now."""
    present = shop.clock.now
    if at is not None:
        shop.clock.set(at)
    version = await shop.read("owner", "ownerDetails { version }")
    values = {"holder": "Aurora Cursos Ltda", "number": {"iban": iban}, "expectedVersion": version["version"]}
    assert await shop.code("owner", "setBankDetails", **values) is None
    shop.clock.at(present)


async def withdraw(shop: Shop, amount: str, who: str = "ana", currency: str = "BRL") -> dict[str, Any]:
    """A withdrawal that is not refused."""
    payload = await shop.act(who, "makeWithdrawal", WITHDRAWAL, amount=money(amount, currency))
    assert not payload["errors"], payload
    return dict(payload["withdrawal"])


def money(amount: str, currency: str = "BRL") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


async def limited(shop: Shop, amount: str) -> None:
    """The owner approves what is above an amount."""
    version = await shop.read("owner", "version")
    values = {"withdrawalsAbove": [money(amount)], "expectedVersion": version}
    assert await shop.code("owner", "setApprovalRules", **values) is None


async def test_a_withdrawal_holds_its_amount_and_what_is_owed_is_repaid_first(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    withdrawal = await withdraw(shop, "1000.00")
    assert withdrawal["destination"] == {"kind": "IBAN", "ending": "3000", "holder": "A. C. L."}
    assert (await figures(shop))["available"] == "322.00"
    assert (await figures(shop))["held"] == "1000.00"

    await shop.receive("S02", "PURCHASE_CHARGEBACK", "CHARGEBACK")
    owing = {"pending": "45.00", "disputed": "720.00", "held": "1000.00", "owed": "110.00"}
    assert await figures(shop) == owing
    shop.clock.set("08-01 09:00")
    assert await figures(shop) == {"disputed": "720.00", "held": "1000.00", "owed": "65.00"}

    outcome = {"failed": {"reason": "The account is closed"}}
    payload = await shop.act("owner", "settleWithdrawal", WITHDRAWAL, id=withdrawal["id"], outcome=outcome)
    assert payload["withdrawal"]["status"] == "FAILED"
    assert payload["withdrawal"]["failure"] == "The account is closed"
    assert await figures(shop) == {"available": "935.00", "disputed": "720.00"}
    await require_sums(shop)


async def test_a_withdrawal_is_settled_once_and_everyone_concerned_is_told(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    found = await withdraw(shop, "100.00")
    assert [mail["ending"] for mail in await shop.mails("withdrawal_requested")] == ["3000"]
    outcome = {"paid": {"bankReference": "TED 4711"}}

    payload = await shop.act("owner", "settleWithdrawal", WITHDRAWAL, id=found["id"], outcome=outcome)

    settled = payload["withdrawal"]
    assert (settled["status"], settled["bankReference"]) == ("PAID", "TED 4711")
    assert [(event["status"], event["by"]["name"]) for event in settled["history"]] == [
        ("REQUESTED", "Ana"),
        ("PAID", "Olga"),
    ]
    assert [mail["recipient"] for mail in await shop.mails("withdrawal_paid")] == [shop.email("ana")]
    assert await shop.code("owner", "settleWithdrawal", id=found["id"], outcome=outcome) == "WRONG_STATE"
    assert await shop.code("owner", "cancelWithdrawal", id=found["id"]) == "WRONG_STATE"
    assert (await figures(shop))["paidOut"] == "100.00"
    listed = await shop.read("ana", 'withdrawals(filter: {status: PAID, currency: "BRL"}) { totalCount }')
    assert listed == {"totalCount": 1}
    entry = (await shop.log("settleWithdrawal"))[0]
    assert (entry["let_by"], entry["object_type"]) == ("OWNER", "Withdrawal")


async def test_above_the_limit_the_owner_decides_also_when_an_amount_is_split(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    await limited(shop, "500.00")
    assert (await withdraw(shop, "300.00"))["status"] == "REQUESTED"
    split = await withdraw(shop, "300.00")
    assert split["status"] == "AWAITING_APPROVAL"
    assert (await withdraw(shop, "600.00", "owner"))["status"] == "REQUESTED"
    assert len(await shop.mails("withdrawal_waits")) == 1
    assert await shop.code("ana", "approveWithdrawal", id=split["id"]) == UNKNOWN

    approved = await shop.act("owner", "approveWithdrawal", WITHDRAWAL, id=split["id"])
    assert approved["withdrawal"]["status"] == "REQUESTED"
    assert approved["withdrawal"]["decidedBy"] == {"name": "Olga"}
    assert (await figures(shop))["held"] == "1200.00"

    refusable = await withdraw(shop, "100.00")
    assert refusable["status"] == "REQUESTED"  # what the owner approved does not count
    refusable = await withdraw(shop, "20.00", "ana")
    values = {"id": refusable["id"], "reason": "Next week"}
    assert await shop.code("owner", "refuseWithdrawal", **values) == "WRONG_STATE"


async def test_a_refused_or_expired_withdrawal_returns_and_lost_access_cannot_be_approved(
    shop: Shop,
) -> None:
    await with_bank(shop)
    await figures(shop)
    await limited(shop, "1.00")
    refused = await withdraw(shop, "10.00")
    payload = await shop.act("owner", "refuseWithdrawal", WITHDRAWAL, id=refused["id"], reason="Next week")
    assert payload["withdrawal"]["refusalReason"] == "Next week"
    assert [mail["reason"] for mail in await shop.mails("withdrawal_refused")] == ["Next week"]

    waiting = await withdraw(shop, "20.00")
    await shop.give("ana", Grant.SEARCH_SALES)
    assert await shop.code("owner", "approveWithdrawal", id=waiting["id"]) == "FORBIDDEN"
    shop.clock.passes(days=7)
    found = await figures(shop)
    assert "held" not in found
    (row,) = (
        await shop.read("owner", "withdrawals(first: 1) { nodes { status history { source status } } }")
    )["nodes"]
    assert row["status"] == "CANCELLED"
    assert row["history"][-1] == {"source": "CLOCK", "status": "CANCELLED"}
    assert len(await shop.mails("withdrawal_canceled")) == 1
    await require_sums(shop)


async def test_who_can_cancel_and_until_when(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    mine, later = await withdraw(shop, "10.00"), await withdraw(shop, "20.00")
    assert await shop.code("bia", "cancelWithdrawal", id=mine["id"]) == "FORBIDDEN"
    assert await shop.code("ana", "cancelWithdrawal", id=mine["id"]) is None
    shop.clock.passes(minutes=11)
    assert await shop.code("ana", "cancelWithdrawal", id=later["id"]) == "FORBIDDEN"
    assert (await figures(shop))["held"] == "20.00"
    assert await shop.code("owner", "cancelWithdrawal", id=later["id"]) is None
    assert "held" not in await figures(shop)
    assert await shop.code("ana", "cancelWithdrawal", id=later["id"]) == "WRONG_STATE"


async def test_each_refusal_has_its_code_and_changes_nothing(shop: Shop) -> None:
    before = await figures(shop)

    async def code(amount: str, currency: str = "BRL", who: str = "ana") -> str | None:
        return await shop.code(who, "makeWithdrawal", amount=money(amount, currency))

    assert await code("10.00") == "NO_DESTINATION"
    await with_bank(shop, at=None)
    assert await code("10.00") == "DESTINATION_TOO_NEW"
    await with_bank(shop, OTHER_IBAN)
    version = await shop.read("owner", "version")
    values = {"minimum": [money("50.00")], "expectedVersion": version}
    assert await shop.code("owner", "setWithdrawalRules", **values) is None
    for amount, currency, expected in (
        ("0.00", "BRL", "BAD_INPUT"),
        ("-1.00", "BRL", "BAD_INPUT"),
        ("10.001", "BRL", "BAD_INPUT"),
        ("10.00", "XYZ", "BAD_INPUT"),
        ("49.99", "BRL", "BELOW_MINIMUM"),
        ("1322.01", "BRL", "NOT_ENOUGH"),
        ("36.01", "EUR", "NOT_ENOUGH"),
        ("1.00", "USD", "NOT_ENOUGH"),
    ):
        assert await code(amount, currency) == expected, (amount, currency)
    refused = await shop.act("ana", "makeWithdrawal", amount=money("1322.01"))
    assert refused["errors"][0]["message"] == "1322.00 BRL are available."
    assert await figures(shop) == before
    assert (await shop.read("owner", "withdrawals { totalCount }"))["totalCount"] == 0
    await shop.give("ana", *(set(Grant) - {Grant.MAKE_WITHDRAWAL}))
    assert await code("100.00") == UNKNOWN
    assert not [mail for mail in await shop.mails() if mail["kind"].startswith("withdrawal")]


async def test_a_changed_destination_cancels_what_is_open_and_nobody_but_the_owner_reads_the_number(
    shop: Shop,
) -> None:
    await with_bank(shop)
    before = await figures(shop)
    open_one = await withdraw(shop, "100.00")
    await with_bank(shop, at=None)  # the same number again
    assert (await figures(shop))["held"] == "100.00"

    await with_bank(shop, OTHER_IBAN, at=None)

    assert await figures(shop) == before
    assert [mail["recipient"] for mail in await shop.mails("destination_changed")] == [shop.email("ana")]
    assert await shop.code("ana", "makeWithdrawal", amount=money("1.00")) == "DESTINATION_TOO_NEW"
    shown = await shop.read("ana", "payoutDestination { kind ending holder usableFrom }")
    assert shown["ending"] == "0154"
    whole = await shop.post(
        "ana",
        "{ account { payoutDestination { ending } withdrawals { nodes { id destination { ending } } } } }",
    )
    log = await shop.log()
    for number in (IBAN, OTHER_IBAN):
        assert number not in whole.text
        assert number not in str(log)
        assert number not in str(await shop.mails())
    assert await shop.is_unknown("ana", "ownerDetails { bank { number } }")
    assert (await shop.read("owner", "withdrawals { nodes { id status } }"))["nodes"] == [
        {"id": open_one["id"], "status": "CANCELLED"}
    ]


async def test_earlier_payouts_are_entered_once_and_payout_days_move_shares(shop: Shop) -> None:
    await figures(shop)
    assert await shop.code("owner", "openBalance", paidOut=money("2000.00")) == "NOT_ENOUGH"
    assert await shop.code("owner", "openBalance", paidOut=money("1300.00")) is None
    assert await shop.code("owner", "openBalance", paidOut=money("1.00")) == "WRONG_STATE"
    assert await figures(shop) == {
        "available": "22.00",
        "pending": "45.00",
        "disputed": "720.00",
        "paidOut": "1300.00",
    }

    async def terms(days: int) -> None:
        version = await shop.read("owner", "version")
        values = {"days": [{"currency": "BRL", "days": days}], "expectedVersion": version}
        assert await shop.code("owner", "setPayoutTerms", **values) is None

    await terms(7)
    assert (await figures(shop))["available"] == "67.00"
    await terms(60)  # what was paid out too early is owed
    found = await figures(shop)
    assert (found["owed"], found["pending"]) == ("1300.00", "1367.00")
    assert (await shop.read("owner", "balances { payoutDays }"))[0] == {"payoutDays": 60}
    assert await shop.code("ana", "setPayoutTerms", days=[], expectedVersion=1) == UNKNOWN
    await require_sums(shop)


async def test_of_two_withdrawals_at_once_one_is_made(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    for who in ("bia", "owner"):
        await shop.token(who)  # which takes a moment of another time
    for _ in range(extent(3, 50)):
        codes = await asyncio.gather(
            *(shop.code(who, "makeWithdrawal", amount=money("800.00")) for who in ("bia", "owner"))
        )
        assert sorted(codes, key=str) == ["NOT_ENOUGH", None]
        assert (await figures(shop))["available"] == "522.00"
        (open_one,) = (await shop.read("owner", "withdrawals(first: 1) { nodes { id } }"))["nodes"]
        assert await shop.code("owner", "cancelWithdrawal", id=open_one["id"]) is None
        shop.clock.passes(hours=3)
    await require_sums(shop)


async def test_the_books_add_up_after_every_step_in_any_order(shop: Shop) -> None:
    await with_bank(shop)
    sales = ("S01", "S02", "S06", "S08", "S12", "S14")
    statuses = ("APPROVED", "COMPLETE", "REFUNDED", "CHARGEBACK", "PROTESTED")
    step = st.one_of(
        st.tuples(st.sampled_from(sales), st.sampled_from(statuses)),
        st.tuples(st.sampled_from(("make", "paid", "failed", "cancel")), st.integers(1, 900)),
    )
    found: list[list[Any]] = []

    @settings(
        max_examples=extent(4, 60), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(step, min_size=4, max_size=10))
    def collect(steps: list[Any]) -> None:
        found.append(steps)

    collect()
    kinds = {"PROTESTED": "PURCHASE_PROTEST"}
    for steps in found:
        for what, value in steps:
            shop.clock.passes(minutes=1)
            if what in sales:
                await shop.receive(what, kinds.get(value, f"PURCHASE_{value}"), value)
            elif what == "make":
                await shop.code("owner", "makeWithdrawal", amount=money(f"{value}.00"))
            else:
                await _end(shop, what)
            await require_sums(shop)


async def _end(shop: Shop, how: str) -> None:
    """End the oldest open withdrawal, if there is one."""
    rows = (await shop.read("owner", "withdrawals(filter: {status: REQUESTED}) { nodes { id } }"))["nodes"]
    if not rows:
        return
    row_id = rows[-1]["id"]
    if how == "cancel":
        assert await shop.code("owner", "cancelWithdrawal", id=row_id) is None
    else:
        outcome = {
            "paid": {"paid": {"bankReference": "B"}},
            "failed": {"failed": {"reason": "No such account"}},
        }
        assert await shop.code("owner", "settleWithdrawal", id=row_id, outcome=outcome[how]) is None


async def test_the_table_of_who_does_what_to_a_withdrawal_in_each_state(shop: Shop) -> None:
    await with_bank(shop)
    await figures(shop)
    await limited(shop, "500.00")
    await shop.give("caio", *(set(Grant) - {Grant.MAKE_WITHDRAWAL}))
    role = {"collaboratorId": shop.collaborator("bia"), "role": "ADMIN"}
    stranger = await make.user()
    other = await make.account(stranger)
    paid = {"outcome": {"paid": {"bankReference": "TED 1"}}}
    acts: dict[str, dict[str, Any]] = {
        "cancelWithdrawal": {},
        "approveWithdrawal": {},
        "refuseWithdrawal": {"reason": "Not now, please"},
        "settleWithdrawal": paid,
    }
    ends = {
        "CANCELLED": ("cancelWithdrawal", {}),
        "REFUSED": ("refuseWithdrawal", acts["refuseWithdrawal"]),
        "PAID": ("settleWithdrawal", paid),
        "FAILED": ("settleWithdrawal", {"outcome": {"failed": {"reason": "No account"}}}),
    }
    # what each act is refused with, for the owner, by state
    done = ("WRONG_STATE",) * 4
    owners = {
        "AWAITING_APPROVAL": (None, None, None, "WRONG_STATE"),
        "REQUESTED": (None, "WRONG_STATE", "WRONG_STATE", None),
        **dict.fromkeys(ends, done),
    }

    for state in extent(("AWAITING_APPROVAL", "REQUESTED", "PAID"), tuple(owners)):
        expected = owners[state]
        for number, (name, values) in enumerate(acts.items()):
            amount = "501.00" if state in ("AWAITING_APPROVAL", "REFUSED") else "100.00"
            found = await withdraw(shop, amount)
            if state in ends:
                end, how = ends[state]
                assert await shop.code("owner", end, id=found["id"], **how) is None, state
            before = await _state(shop, found["id"])
            assert before["status"] == state
            # only who requested a withdrawal cancels it, like the owner, and all else is the owner's
            is_open, cancels = state in ("AWAITING_APPROVAL", "REQUESTED"), name == "cancelWithdrawal"
            others = (
                {"bia": "FORBIDDEN" if is_open else "WRONG_STATE"}
                if cancels
                else {"ana": UNKNOWN, "bia": UNKNOWN}
            )
            for who, wanted in (others | {"caio": UNKNOWN}).items():
                assert await shop.code(who, name, id=found["id"], **values) == wanted, (who, name, state)
            assert await _by_stranger(shop, stranger, other, name, found["id"], **values) == "NOT_FOUND"
            assert await _state(shop, found["id"]) == before, (name, state)
            assert await shop.code("owner", name, id=found["id"], **values) == expected[number], (name, state)
            if (await _state(shop, found["id"]))["status"] in ("AWAITING_APPROVAL", "REQUESTED"):
                assert await shop.code("ana", "cancelWithdrawal", id=found["id"]) is None
        if state == "AWAITING_APPROVAL":  # an admin is refused what a lead is
            assert await shop.code("owner", "changeRole", **role) is None
        shop.clock.passes(hours=25)
    await require_sums(shop)


async def _state(shop: Shop, withdrawal_id: str) -> dict[str, Any]:
    rows = (await shop.read("owner", "withdrawals(first: 50) { nodes { id status history { status } } }"))[
        "nodes"
    ]
    return next(dict(row) for row in rows if row["id"] == withdrawal_id)


async def _by_stranger(
    shop: Shop,
    stranger: dict[str, Any],
    account: dict[str, Any],
    name: str,
    withdrawal_id: str,
    **values: Any,
) -> str:
    """What the owner of another account is refused with, in that account."""
    present = shop.clock.now
    shop.clock.at(time.time_ns() // 1_000_000)
    token = await make.session(stranger)
    kind = name[0].upper() + name[1:]
    text = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    caller = {"token": token, "account": account}
    found = await shop.client.ask(text, {"input": {"id": withdrawal_id, **values}}, **caller)
    shop.clock.at(present)
    return str(found[name]["errors"][0]["code"])
