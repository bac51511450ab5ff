"""The words by which sales are found: which there are, and what a text finds among them."""

import pytest

from models.sales.words import LONGEST_WORD, SaleField, searched_words, words_of

ACCOUNT = "01a21e90-f050-75f2-ac15-a795c00012ab"


def found(text: str, field: SaleField, value: str) -> bool:
    values = [value if each is field else ("" if each is SaleField.REFERENCE else None) for each in SaleField]
    words = words_of(ACCOUNT, *values).split()
    searched = searched_words(text, field)
    return bool(searched) and all(
        any(word.startswith(f"12ab{field}{wanted}") for word in words) for wanted in searched
    )


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("lim", SaleField.NAME, "ana maria lima"),
        ("Lima ANA", SaleField.NAME, "ana maria lima"),
        ("ávila", SaleField.NAME, "joao d'avila"),
        ("d'a", SaleField.NAME, "joao d'avila"),
        ("jose", SaleField.NAME, "maria-jose"),
        ("明", SaleField.NAME, "李明"),
        ("🌸", SaleField.NAME, "ana 🌸"),
        ("ana.lima7@EXAMPLE.com", SaleField.EMAIL, "Ana.Lima7@example.com"),
        ("@example", SaleField.EMAIL, "ana.lima7@example.com"),
        ("lima", SaleField.EMAIL, "ana.lima7@example.com"),
        ("98765", SaleField.PHONE, "+55 11 98765-4321"),
        ("(11) 98765-4321", SaleField.PHONE, "+5511987654321"),
        ("4321", SaleField.PHONE, "+5511987654321"),
        ("12345678909", SaleField.DOCUMENT, "123.456.789-09"),
        ("123.456.789-09", SaleField.DOCUMENT, "12345678909"),
        ("177", SaleField.REFERENCE, "HP17715690036014"),
        ("hp177", SaleField.REFERENCE, "HP17715690036014"),
    ],
)
def test_a_text_is_found_where_each_of_its_words_begins_a_word(
    text: str, field: SaleField, value: str
) -> None:
    assert found(text, field, value)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("ima", SaleField.NAME, "ana lima"),
        ("ana costa", SaleField.NAME, "ana lima"),
        ("%", SaleField.NAME, "ana 50%"),
        ("_", SaleField.NAME, "m_x"),
        ("xample", SaleField.EMAIL, "ana@example.com"),
        ("321", SaleField.PHONE, "+5511987654321"),
        ("5690", SaleField.REFERENCE, "HP17715690036014"),
    ],
)
def test_a_text_is_not_found_inside_a_word(text: str, field: SaleField, value: str) -> None:
    assert not found(text, field, value)


def test_a_text_of_any_length_adds_a_limited_number_of_words() -> None:
    hostile = "a1" * 5_000 + " b" * 5_000 + "明" * 5_000

    words = words_of(ACCOUNT, hostile, hostile, hostile, hostile, hostile).split()

    assert len(words) < 5 * 16 * 8
    assert max(map(len, words)) == LONGEST_WORD + len("12abn")


def test_words_never_contain_what_an_index_or_a_pattern_reads_as_a_sign() -> None:
    signs = "".join(map(chr, range(33, 127)))

    words = words_of(ACCOUNT, signs, signs.lower(), signs, signs, signs)

    assert words.replace(" ", "").isalnum()
    assert all(word.isalnum() for field in SaleField for word in searched_words(signs, field))
