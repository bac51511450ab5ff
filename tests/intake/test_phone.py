"""A number and the code beside it become one that can be dialed."""

import pytest

from intake.values.phone import country_of_currency, dialed


@pytest.mark.parametrize(
    ("number", "code", "country", "expected"),
    [
        ("999990000", "11", "BR", "+5511999990000"),
        ("99999-0000", "(011)", "BR", "+5511999990000"),
        ("11999990000", "55", "BR", "+5511999990000"),
        ("5511999990000", "55", "BR", "+5511999990000"),
        ("11999990000", "11", "BR", "+5511999990000"),
        ("999990000", "5511", "BR", "+5511999990000"),
        ("999990000", "55", "BR", "+5555999990000"),
        ("11999990000", "+55", None, "+5511999990000"),
        ("612345678", "34", "ES", "+34612345678"),
        ("612345678", "34", None, "+34612345678"),
        ("999990000", "11", None, "11999990000"),
        ("+55 11 90000-0001", "55", "BR", "+55 11 90000-0001"),
        ("0034612345678", "34", "ES", "0034612345678"),
        ("999990000", None, "BR", "999990000"),
        (None, "55", "BR", None),
        ("none", "55", "BR", "none"),
        ("9" * 20, "55", "BR", "9" * 20),
    ],
)
def test_a_number_with_its_code(
    number: str | None, code: str | None, country: str | None, expected: str | None
) -> None:
    assert dialed(number, code, country) == expected


def test_a_currency_names_its_country_where_only_one_pays_in_it() -> None:
    results = {code: country_of_currency(code) for code in ("BRL", "MXN", "USD", "EUR", "XOF")}

    assert results == {"BRL": "BR", "MXN": "MX", "USD": None, "EUR": None, "XOF": None}
    assert country_of_currency(None) is None
