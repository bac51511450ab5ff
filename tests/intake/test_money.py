"""Amounts are exact, in every currency, or they are refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.values.fields import Fields
from intake.values.money import currency_of, minor_units
from intake.values.reading import Malformed, decoded


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("100", "BRL", 10_000),
        ("118.32", "BRL", 11_832),
        ("0.1", "BRL", 10),
        ("2626.56", "BRL", 262_656),
        ("95.0", "USD", 9_500),
        ("1e2", "USD", 10_000),
        ("0", "USD", 0),
        ("1500", "JPY", 1_500),
        ("1500.0", "JPY", 1_500),
        ("12.345", "KWD", 12_345),
        ("12.5", "KWD", 12_500),
        ("92233720368547758.07", "BRL", 2**63 - 1),
    ],
)
def test_an_amount_is_its_minor_units_exactly(text: str, currency: str, amount: int) -> None:
    assert minor_units(decoded(text.encode()), currency) == (amount, True)


@given(st.integers(0, 2**63 - 1), st.sampled_from(["JPY", "BRL", "KWD"]))
def test_every_amount_comes_back(amount: int, currency: str) -> None:
    exponent = {"JPY": 0, "BRL": 2, "KWD": 3}[currency]
    text = str(Decimal(amount).scaleb(-exponent))

    assert minor_units(decoded(text.encode()), currency) == (amount, True)


@pytest.mark.parametrize(
    "text",
    [
        *("1e400", "-1e400", "1e-400", "92233720368547758.08", "9223372036854775808", "1" * 400, "1e18"),
        *("true", "false", "[]", "{}", '"NaN"', '"Infinity"', '"1e5"', '" 1 "', '"٣"', '"1,5"', '"0x10"'),
    ],
)
def test_an_amount_that_is_no_amount_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        minor_units(decoded(text.encode()), "BRL")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999999999999999999999", "01", "1."])
def test_a_number_that_json_does_not_know_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        decoded(text.encode())


def test_an_amount_with_more_decimals_than_its_currency_is_rounded_half_to_even() -> None:
    results = [
        ("1.005", "BRL", 100),
        ("104.2375", "USD", 10_424),
        ("100.5", "JPY", 100),
        ("0.0001", "KWD", 0),
    ]
    results += [("0.125", "BRL", 12), ("0.135", "BRL", 14), ("-0.125", "BRL", -12), ("4523.47", "CLP", 4_523)]

    for text, currency, amount in results:
        assert minor_units(decoded(text.encode()), currency) == (amount, False)


def test_the_marketplaces_binary_noise_is_no_rounding() -> None:
    assert minor_units(decoded(b"922.2199999999999"), "BRL") == (92_222, True)
    assert minor_units(decoded(b"74.78000000000002"), "BRL") == (7_478, True)


def test_a_currency_is_three_letters() -> None:
    assert currency_of("brl") == "BRL"
    for wrong in [None, "", "R$", "BRLX", "٣٣٣", 986, True]:
        with pytest.raises(Malformed):
            currency_of(wrong)


def test_an_amount_without_a_currency_has_that_of_the_sale_or_is_left_out() -> None:
    doubts: list[str] = []
    prices = Fields(
        {"a": {"value": 1}, "b": {"value": None}, "c": {}, "d": 2, "e": {"value": "x"}}, "p.", doubts
    )

    assert prices.money("a", "EUR") == (100, "EUR")
    assert prices.money("d", "EUR") == (200, "EUR")
    assert prices.money("a") is None
    assert [prices.money(key) for key in "bcz"] == [None, None, None]
    assert prices.money("e", "EUR") is None
    assert [doubt.split(".")[:2] for doubt in doubts] == [
        ["p", key] for key in ("a", "currency is missing; the sale's counts", "a", "e", "e")
    ]
