"""A sale is a pure function of the set of its events."""

import random

from intake.events.event import HistoryEvent
from intake.events.facts import Facts, Share, facts_of, facts_text
from intake.sales.fold import fold
from models.vocabulary import CommissionSource, SaleStatus

PRODUCER, COPRODUCER = CommissionSource.PRODUCER, CommissionSource.COPRODUCER


def event(status: SaleStatus, at: int, key: str = "k", **facts: object) -> HistoryEvent:
    values = {"product_reference": "1", "price": 100, "currency": "BRL"} | facts
    return HistoryEvent(key, at, status, Facts(status=status, **values))


def test_the_status_is_the_last_events() -> None:
    history = [
        event(SaleStatus.REFUNDED, 30),
        event(SaleStatus.WAITING_PAYMENT, 10),
        event(SaleStatus.APPROVED, 20),
    ]

    assert fold(history).columns.status is SaleStatus.REFUNDED


def test_at_the_same_time_the_status_decides_and_then_the_id() -> None:
    assert (
        fold([event(SaleStatus.COMPLETE, 5), event(SaleStatus.APPROVED, 5)]).columns.status
        is SaleStatus.COMPLETE
    )
    twins = [
        event(SaleStatus.APPROVED, 5, "b", device="new"),
        event(SaleStatus.APPROVED, 5, "a", device="old"),
    ]
    assert fold(twins).columns.device == "new"


def test_of_each_fact_the_latest_telling_counts() -> None:
    history = [
        event(SaleStatus.APPROVED, 10, buyer_name="Ana", buyer_phone="1"),
        event(SaleStatus.COMPLETE, 20, buyer_name="Ana Prado"),
    ]

    columns = fold(history).columns

    assert (columns.buyer_name, columns.buyer_phone) == ("Ana Prado", "1")
    assert columns.buyer_folded == "ana prado"


def test_amount_and_currency_come_from_one_event() -> None:
    history = [
        event(SaleStatus.APPROVED, 10, full_price=118, full_currency="BRL"),
        event(SaleStatus.COMPLETE, 20, price=90, currency="USD"),
    ]

    columns = fold(history).columns

    assert (columns.price, columns.currency) == (90, "USD")
    assert (columns.full_price, columns.full_currency) == (118, "BRL")


def test_without_interest_the_full_price_is_the_price() -> None:
    columns = fold([event(SaleStatus.APPROVED, 10)]).columns

    assert (columns.full_price, columns.full_currency, columns.instalments) == (100, "BRL", 1)


def test_the_net_is_the_producers_share_in_the_prices_currency() -> None:
    shares = (
        Share(PRODUCER, 7, "USD"),
        Share(PRODUCER, 50, "BRL"),
        Share(COPRODUCER, 20, "BRL"),
        Share(PRODUCER, 5, "BRL"),
    )

    columns = fold([event(SaleStatus.APPROVED, 10, commissions=shares)]).columns
    other = fold([event(SaleStatus.APPROVED, 10, commissions=shares[:1])]).columns
    none = fold([event(SaleStatus.APPROVED, 10)]).columns

    assert (columns.net, columns.net_currency) == (55, "BRL")
    assert (other.net, other.net_currency) == (7, "USD")
    assert (none.net, none.net_currency) == (None, None)


def test_untold_dates_are_those_of_the_events() -> None:
    history = [
        event(SaleStatus.REFUNDED, 50, "r2"),
        event(SaleStatus.COMPLETE, 30),
        event(SaleStatus.REFUNDED, 40, "r1"),
        event(SaleStatus.WAITING_PAYMENT, 10),
    ]

    columns = fold(history).columns

    assert (columns.ordered_at, columns.approved_at, columns.refunded_at) == (10, 30, 40)


def test_told_dates_go_before_the_times_of_events() -> None:
    columns = fold([event(SaleStatus.REFUNDED, 50, ordered_at=1, approved_at=2, refunded_at=3)]).columns

    assert (columns.ordered_at, columns.approved_at, columns.refunded_at) == (1, 2, 3)


def test_every_order_folds_to_the_same_sale() -> None:
    history = [
        event(status, at, f"{status.value}-{at}-{offer}", device=device, offer_code=offer)
        for status in (SaleStatus.APPROVED, SaleStatus.DISPUTE, SaleStatus.REFUNDED)
        for at, device, offer in [(10, "a", None), (20, None, "x"), (10, "b", "y")]
    ]
    expected = fold(history)
    shuffle = random.Random(7)

    for _ in range(50):
        shuffle.shuffle(history)
        assert fold(history) == expected


def test_facts_survive_being_stored() -> None:
    facts = Facts(
        status=SaleStatus.APPROVED, price=2**63 - 1, commissions=(Share(PRODUCER, -3, "BRL", "Ana"),)
    )

    assert facts_of(facts_text(facts)) == facts
