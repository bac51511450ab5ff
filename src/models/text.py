"""Text: how every kind of it is stored, compared, sorted and searched. This page has all the rules.

Names of people, accounts, teams, profiles, tokens (`name`)
    Stored in NFC, each run of white space one space, none around. Refused: control characters, characters
    that turn the direction of writing, private-use and invisible characters (joiners between two visible
    characters are allowed: Persian, Hindi and emoji need them), and names that show nothing.
Names that a marketplace sends (`tidied`)
    The same, but what a name may not hold is left out instead of refused.
The same name (`folded`)
    Two names of one kind are the same if they fold to the same text: `Équipe` and `equipe`, `STRASSE` and
    `straße`, `ﬁn` and `fin`, full-width and ordinary letters, the dotless i and `I`, one space and three.
Sorted (`sort_key`)
    By the Unicode Collation Algorithm (UTS 10) with its default table: accents count after letters, case
    after accents, so `ábaco` stands before `Água` and `ana` before `Ana`.
Searched (`needle`)
    A text holds a searched one if its folded form holds the folded search. Nothing to search for, such as a
    lone accent, is no search.
E-mail addresses (`normalised_email`, `address_of`)
    Stored and compared in NFKC, case-folded; the domain in letters, by IDNA 2008 (UTS 46).
Passwords (`password`, `password_spellings`)
    Compared as PRECIS OpaqueString (RFC 8265) has them: NFC, and every kind of space is a space.
Codes of origins and offers (`code`)
    Stored and compared in NFC. Capitals count.
Normal forms (`normalized`)
    In long texts, at most 30 marks follow each other, as in Unicode's Stream-Safe Text Format (UAX 15): no
    language needs more, and Python takes a time quadratic in their number to put them in order.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import idna
from precis_i18n import get_profile

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
LONGEST_EMAIL = 254
LONGEST_FOLDED = 600
_JOINERS = frozenset("\u200c\u200d")
# letters in the scripts that are written without them, though their category is that of letters and symbols
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_MARKS_IN_WORDS = (0, 9)  # the canonical combining classes of vowel signs and viramas, which are no accents
# letters that Unicode does not take apart though UTS 10 sorts them with their plain letters, the dotless i,
# and what word processors make of an apostrophe, a hyphen and quotation marks
_PLAIN = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ł": "l",
        "ı": "i",
        **dict.fromkeys("‘’‛ʻʼ′", "'"),
        **dict.fromkeys("‐‒–—−", "-"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys((chr(code_point) for code_point in (0x034F, 0x0640, *range(0xFE00, 0xFE10))), ""),
    }
)
MOST_MARKS = 30
_LONG = 2_000
# marks count as no letters, but for two that are written beside theirs, and become marks in NFKC
_MANY_MARKS = re.compile(r"(?:[^\w\s]|[\uff9e\uff9f]){31}")
_LONGEST_READ = 4 * LONGEST_EMAIL
_ADDRESS = re.compile(r'[^\s@<>()\[\],:;"\\]+@[^\s@<>()\[\],:;"\\]+\.[^\s@<>()\[\],:;"\\.]{2,}')
_OPAQUE = get_profile("OpaqueString")


class UnfitText(ValueError):
    """A text that is not valid for its purpose. `rule` says why, and `character` which character is wrong."""

    def __init__(self, rule: str, character: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.character = character_name(character) if character else ""


def character_name(character: str) -> str:
    """A character in a form that people can look up: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def normalized(form: Form, text: str) -> str:
    """A text in a normal form, in a time linear in its length."""
    return unicodedata.normalize(form, _stream_safe(text))


def _stream_safe(text: str) -> str:
    """A text without the marks that follow 30 others, if it is long."""
    if len(text) < _LONG or text.isascii() or not _MANY_MARKS.search(text):
        return text
    found, marks = [], 0
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= MOST_MARKS:
            found.append(character)
    return "".join(found)


def is_mark(character: str) -> bool:
    """Whether a character belongs to the one before it, in some normal form."""
    return unicodedata.category(character)[0] == "M" or character in "\uff9e\uff9f"


def name(text: str, longest: int) -> str:
    """A name as it is stored; raises `UnfitText` for `length`, `character` or `invisible`."""
    if len(text) > 4 * longest + 100:  # even in a normal form and with single spaces, it is too long
        raise UnfitText("length")
    plain = " ".join(normalized("NFC", text).split())
    for place, character in enumerate(plain):
        if _is_unfit(plain, place, character):
            raise UnfitText("character", character)
    if plain and not any(map(_is_visible, plain)):
        raise UnfitText("invisible")
    if not 1 <= len(plain) <= longest:
        raise UnfitText("length")
    return plain


def tidied(text: str, longest: int) -> str | None:
    """A name that a marketplace sent, as it is stored; None if nothing in it can be read."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:longest].rstrip() or None
    plain = " ".join(normalized("NFC", text).split())
    cleaned = "".join(
        character for place, character in enumerate(plain) if not _is_unfit(plain, place, character)
    )
    cleaned = " ".join(cleaned.split())[:longest].rstrip()
    return cleaned if any(map(_is_visible, cleaned)) else None


def _is_unfit(text: str, place: int, character: str) -> bool:
    if character == " " or character.isalnum():
        return False
    if character in _JOINERS:
        beside = text[place - 1 : place] + text[place + 1 : place + 2]
        return len(beside) < 2 or any(character == " " or character in _JOINERS for character in beside)
    category = unicodedata.category(character)
    if (
        category == "Cn"
    ):  # not yet assigned, so that another version of Unicode may change it, or never to be assigned
        return ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return category in ("Cc", "Cf", "Cs", "Co") or (place == 0 and category[0] == "M")


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    return not (category[0] in "ZM" or category in ("Cc", "Cf", "Cs") or character in _BLANK)


@lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """A text without case, accents, widths, ligatures and invisible characters: `São  João` is `sao joao`.

    Compatibility caseless matching (Unicode, definition D146), without accents (UTS 10).
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    apart = normalized("NFKD", normalized("NFKD", text).casefold())
    return " ".join("".join(map(_letter, apart)).translate(_PLAIN).split())


def _letter(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Me") or unicodedata.combining(character) not in _MARKS_IN_WORDS:
        return ""
    return character


def needle(text: str, longest: int) -> str:
    """A search text as it is looked for in folded texts. Raises `UnfitText` for `length` or `nothing`."""
    if len(text) > longest:
        raise UnfitText("length")
    found = folded(text)
    if not any(map(_is_visible, found)):
        raise UnfitText("nothing")
    return found


def lowered(text: str) -> str:
    """A search text for columns that are stored without a folded form: addresses and codes."""
    return " ".join(normalized("NFKC", text).replace("\0", "").lower().split())


def pattern(text: str) -> str:
    """The pattern with which `LIKE … ESCAPE '\'` finds a text inside another."""
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def password(text: str) -> str:
    """A new password in the form that is hashed. Raises `UnfitText` for a `character` that is not allowed."""
    text = _stream_safe(text)
    try:
        return str(_OPAQUE.enforce(text)) if text else ""
    except UnicodeEncodeError as error:
        rule = "character" if 0 <= error.start < len(error.object) else "length"
        found = error.object[error.start] if rule == "character" else ""
        if found and _is_unassigned(
            found
        ):  # a later version of Unicode may assign it, and the password must work there too
            return normalized("NFC", text)
        raise UnfitText(rule, found) from error


def _is_unassigned(character: str) -> bool:
    return unicodedata.category(character) == "Cn"


def password_spellings(text: str) -> tuple[str, ...]:
    """The forms in which a typed password may have been hashed: by today's rule, and as typed, as in the
    past."""
    try:
        return tuple(dict.fromkeys((password(text), text)))
    except UnfitText:
        return (text,)


def code(text: str) -> str:
    """A code of an origin as it is stored and compared."""
    return text if text.isascii() else normalized("NFC", text)


def normalised_email(email: str) -> str:
    """An address as it is stored and compared.

    Invalid addresses are accepted, so that they can be looked up. Those that are far too long stay as they
    are: nobody has them.
    """
    if len(email) > _LONGEST_READ:
        return email
    address = normalized("NFKC", email).strip().casefold()
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{_domain(domain) or domain}"


def address_of(email: str) -> str | None:
    """An address as it is stored, or None if no e-mail could be sent to it."""
    address = normalised_email(email)
    if not (address.isprintable() and len(address) <= LONGEST_EMAIL and _ADDRESS.fullmatch(address)):
        return None
    local, _, domain = address.rpartition("@")
    if _is_read_in_two_ways(email) or _domain(domain) is None:
        return None
    # few servers accept a local part beyond ASCII
    sound = local.isascii() and len(local) <= 64 and not local.startswith(".") and not local.endswith(".")
    return address if sound and ".." not in local else None


def _domain(domain: str) -> str | None:
    """A domain in letters, whatever its original form; None if it is invalid."""
    return _cached_domain(domain) if len(domain) <= LONGEST_EMAIL else _decoded(domain)


def _decoded(domain: str) -> str | None:
    try:
        return idna.decode(idna.encode(domain, uts46=True, std3_rules=True))
    except (idna.IDNAError, UnicodeError):
        return None


_cached_domain = lru_cache(maxsize=4_096)(_decoded)  # most people have an address at one of a few providers


def _is_read_in_two_ways(email: str) -> bool:
    """Whether it contains letters, such as ß, that some mail servers read as others.

    An e-mail could reach someone else.
    """
    spelt = normalized("NFKC", email)
    return spelt.lower() != spelt.casefold()
