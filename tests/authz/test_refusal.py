"""A refusal: a code, a sentence, and the field that it is about."""

import pytest

from authz.refusal import ErrorCode, Refusal


def test_a_refusal_carries_its_code_its_sentence_its_field_and_its_words():
    refusal = Refusal(ErrorCode.BAD_INPUT, "At most {most}.", ("input", "name"), most=100)

    assert refusal.code is ErrorCode.BAD_INPUT
    assert refusal.message == "At most {most}."
    assert refusal.field == ("input", "name")
    assert refusal.words == {"most": 100}


def test_a_refusal_may_be_about_no_field():
    refusal = Refusal(ErrorCode.NOT_FOUND, "There is no such sale.")

    assert refusal.field is None
    assert refusal.words == {}


@pytest.mark.parametrize("code", ErrorCode)
def test_a_code_is_spelled_as_it_is_named(code):
    assert code.value == code.name
