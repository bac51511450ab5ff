"""Text by Unicode's own definitions: what is the same, what comes first, what is found, what is refused."""

import random
import time
import unicodedata
from pathlib import Path

import pytest
from pyuca.collator import Collator_10_0_0

from models import text
from models.collation import sort_key
from models.text import UnfitText, folded, name, needle, password, password_spellings, tidied


@pytest.mark.parametrize(
    ("item", "other"),
    [
        ("Équipe", "equipe"),
        ("STRASSE", "straße"),
        ("naïve", "naive"),
        ("\uff21\uff22\uff23", "abc"),
        ("\ufb01n", "fin"),
        ("I\u015f\u0131l", "ISIL"),
        ("\u0130stanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("Ægir", "aegir"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("O\u2019Brien", "O'Brien"),
        ("São   João ", "sao joao"),
        ("co\u00adop", "coop"),
        ("\u0645\u062d\u0640\u0645\u062f", "\u0645\u062d\u0645\u062f"),
    ],
)
def test_what_a_person_calls_the_same_folds_to_the_same(item: str, other: str) -> None:
    assert folded(item) == folded(other)
    assert folded(folded(item)) == folded(item)


@pytest.mark.parametrize(("item", "other"), [("หน", "หนี"), ("कि", "की"), ("Ana", "Anna"), ("a.b", "ab")])
def test_what_a_person_calls_different_folds_to_different_texts(item: str, other: str) -> None:
    assert folded(item) != folded(other)


@pytest.mark.parametrize(
    "text", ["", "   ", "\0", "\u0301", "\u0301\u0300 \u200d", "\u2800", "\u3164", "\ud800"]
)
def test_what_shows_nothing_is_no_search(text: str) -> None:
    with pytest.raises(UnfitText, match="nothing"):
        needle(text, 100)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Ana \t Lu\u0301cia\n", "Ana Lúcia"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("👩\u200d💻 Dev", "👩\u200d💻 Dev"),
        ("\U0001fae8", "\U0001fae8"),  # of a Unicode that is newer than the oldest Python here
        ("🏳️\u200d🌈", "🏳️\u200d🌈"),
    ],
)
def test_a_name_is_stored_in_one_form(text: str, stored: str) -> None:
    assert name(text, 200) == stored


@pytest.mark.parametrize(
    ("text", "rule", "character"),
    [
        ("", "length", ""),
        (" \n", "length", ""),
        ("a" * 201, "length", ""),
        ("Ana\u202eB", "character", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("Ana\u200b", "character", "U+200B ZERO WIDTH SPACE"),
        ("Ana\u200d", "character", "U+200D ZERO WIDTH JOINER"),
        ("Ana\u200d\u200dB", "character", "U+200D ZERO WIDTH JOINER"),
        ("\u0301Ana", "character", "U+0301 COMBINING ACUTE ACCENT"),
        ("Ana\x07", "character", "U+0007"),
        ("Ana\0", "character", "U+0000"),
        ("Ana\ue000", "character", "U+E000"),
        ("Ana\uffff", "character", "U+FFFF"),
        ("\ud800", "character", "U+D800"),
        ("\u2800\u2800", "invisible", ""),
        ("\u3164", "invisible", ""),
    ],
)
def test_what_is_no_name_is_refused_for_its_rule(text: str, rule: str, character: str) -> None:
    with pytest.raises(UnfitText) as refused:
        name(text, 200)

    assert (refused.value.rule, refused.value.character) == (rule, character)


def test_a_marketplaces_name_is_tidied_not_refused() -> None:
    assert tidied(" Ana\0 \u202eLu\u0301cia\u200b ", 200) == "Ana Lúcia"
    assert tidied("abc def", 4) == "abc"
    assert tidied("\u200b\u0301", 200) is None


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        ("Zoe Zé Élise ana eva Ana Álvaro", "Álvaro ana Ana Élise eva Zé Zoe"),
        ("Zebra Água ábaco", "ábaco Água Zebra"),
        ("Zürich Zurich zu Zu", "zu Zu Zurich Zürich"),
        ("9 10 a Œuvre oedipe", "10 9 a oedipe Œuvre"),
        ("Яна Анна Ёлка Ели", "Анна Ели Ёлка Яна"),
    ],
)
def test_names_sort_as_a_person_sorts_them(names: str, ordered: str) -> None:
    assert sorted(names.split(), key=sort_key) == ordered.split()


def test_a_key_is_what_the_algorithm_says_and_its_ascii_digits_sort_alike_in_every_database() -> None:
    collator, chance = Collator_10_0_0(), random.Random(1)
    signs = "aAáÁbBßzZ éÉ-\u0301øo1😀中아\u200dœ"
    words = ["".join(chance.choice(signs) for _ in range(chance.randint(0, 6))) for _ in range(300)]

    def levels(word: str) -> tuple[tuple[int, ...], ...]:
        elements = collator.collation_elements(unicodedata.normalize("NFD", word))
        return tuple(tuple(element[level] for element in elements if element[level]) for level in range(3))

    assert sorted(words, key=lambda word: (levels(word), word)) == sorted(
        words, key=lambda word: (sort_key(word), word)
    )
    assert set("".join(map(sort_key, words))) <= set("0123456789abcdef")


def test_a_password_is_one_however_its_keyboard_composes_it() -> None:
    typed = "Élise et la pluie"

    assert password(unicodedata.normalize("NFD", typed)) == unicodedata.normalize("NFC", typed)
    assert password("a\u00a0b") == "a b"
    assert password_spellings("correct horse") == ("correct horse",)
    assert password_spellings("tab\there") == ("tab\there",)
    assert password_spellings(unicodedata.normalize("NFD", typed))[0] == unicodedata.normalize("NFC", typed)
    with pytest.raises(UnfitText) as refused:
        password("zero\u200bwidth")
    assert refused.value.character == "U+200B ZERO WIDTH SPACE"


def test_whatever_a_normal_form_puts_in_order_is_a_mark() -> None:
    ordered = [
        character
        for character in map(chr, range(0x110000))
        if unicodedata.combining(unicodedata.normalize("NFKD", character)[0])
    ]

    assert len(ordered) > 900
    assert [character for character in ordered if not text.is_mark(character)] == []


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0f73", "\uff9e\u0316", "\u0344\u0345"])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_no_text_takes_long_to_be_put_into_a_normal_form(form: text.Form, marks: str) -> None:
    long = "a" + marks * (100_000 // len(marks))
    started = time.process_time()

    plain = text.normalized(form, long)

    assert time.process_time() - started < 2  # in a run of 100,000 marks, Python alone takes 10 to 20 seconds
    assert len(plain) <= 1 + 2 * text.MOST_MARKS
    few = "a" + marks * 15
    assert text.normalized(form, few * 100) == unicodedata.normalize(form, few * 100)


def test_long_texts_without_runs_of_marks_keep_every_character() -> None:
    for long in ("👩\u200d🚀" * 500, "¿¡…—" * 500, "ｶﾞ" * 500, "क्षि" * 500, "e\u0301" * 500, "!?" * 500):
        assert text.normalized("NFC", long) == unicodedata.normalize("NFC", long)


def test_a_name_of_marks_is_too_long_instead_of_being_cut() -> None:
    for marks in (1_000, 100_000):
        with pytest.raises(UnfitText, match="length"):
            name("a" + "\u0301\u0316" * marks, 300)


def test_normal_forms_are_made_in_one_place() -> None:
    source = Path(text.__file__).parent.parent
    files = {file.name: file.read_text().count("unicodedata.normalize(") for file in source.rglob("*.py")}

    assert {name: count for name, count in files.items() if count} == {"text.py": 1}
