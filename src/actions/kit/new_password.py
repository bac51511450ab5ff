"""New passwords: their length and characters, and how easy they are to guess."""

import asyncio
import re
from functools import cache
from typing import Any

from actions.kit.email_address import normalised_email
from actions.kit.naming import prepared_password
from authz.refusal import ErrorCode, Refusal

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_024
_STRONG = 3  # of zxcvbn's scores from 0 to 4: it withstands guessing by someone who has its hash
_EXAMINED = 32  # zxcvbn's time grows faster than the length
_MOST_LOOKALIKES = 6  # and exponentially with the different characters that can stand for letters
_LOOKALIKES = frozenset("4@8({[<3691!|70$5+%2")
_ONE_SPELLING = str.maketrans("{[<!|@$+", "(((11457")
_PATTERNS = {
    "date": "weak_date",
    "repeat": "weak_repeat",
    "sequence": "weak_sequence",
    "spatial": "weak_keyboard",
}
_SEPARATORS = re.compile(r"[\W_]+")
_one_at_a_time = asyncio.Semaphore(1)


async def check_new_password(password: str, *about: str | None, field: str = "password") -> None:
    """Refuse a password that is invalid or easy to guess.

    `about` is what is known about its user, the e-mail address first: an attacker who knows it tries it, too.
    """
    prepared = prepared_password(password, field)
    if not SHORTEST_PASSWORD <= len(prepared) <= LONGEST_PASSWORD:
        raise Refusal(
            ErrorCode.BAD_INPUT, "password_length", (field,), first=SHORTEST_PASSWORD, last=LONGEST_PASSWORD
        )
    if about and normalised_email(password) == about[0]:
        raise Refusal(ErrorCode.BAD_INPUT, "password_is_email", (field,))
    async with _one_at_a_time:
        weakness = await asyncio.to_thread(_weakness, prepared, _words(about))
    if weakness is not None:
        raise Refusal(ErrorCode.WEAK_PASSWORD, weakness, (field,))


def _words(about: tuple[str | None, ...]) -> list[str]:
    """What an attacker who knows the user tries first."""
    words: set[str] = set()
    for text in about:
        parts = _SEPARATORS.split((text or "")[:100])
        words |= {text or "", "".join(parts), *parts}
    return sorted(words - {""})


def _weakness(password: str, words: list[str]) -> str | None:
    """The message for a password that is easy to guess. One end of a long one must be strong enough."""
    found = _examined(password[:_EXAMINED], words)
    if found is not None and len(password) > _EXAMINED:
        return found if _examined(password[-_EXAMINED:], words) is not None else None
    return found


def _examined(password: str, words: list[str]) -> str | None:
    if len(_LOOKALIKES & set(password)) > _MOST_LOOKALIKES:
        password = password.translate(_ONE_SPELLING)
    result = _zxcvbn()(password, user_inputs=words)
    if result["score"] >= _STRONG:
        return None
    found = result["sequence"]
    if any(match.get("dictionary_name") == "user_inputs" for match in found):
        return "weak_personal"
    longest = max(found, key=lambda match: len(match["token"]))["pattern"]
    return "weak_common" if longest == "dictionary" else _PATTERNS.get(longest, "weak_short")


@cache
def _zxcvbn() -> Any:
    """Imported with the first password: its word lists take a while."""
    from zxcvbn import zxcvbn

    return zxcvbn
