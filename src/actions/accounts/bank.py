"""Bank numbers, in the forms of several countries."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import exceptions, iban
from stdnum.ar import cbu
from stdnum.us import rtn

from authz.refusal import ErrorCode, Refusal
from models.vocabulary import BankKind

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class BankNumber:
    """The number of a bank account, and its format."""

    kind: BankKind
    number: str


def _brazilian(bank: str, agency: str, account: str) -> str:
    """A bank's code of three digits, an agency of four, an account with its check digit."""
    parts = [_compact(bank), _compact(agency).upper(), _compact(account).upper()]
    forms = (r"\d{3}", r"\d{4}[\dX]?", r"\d{1,12}[\dX]")
    for part, form in zip(parts, forms, strict=True):
        if not re.fullmatch(form, part, re.ASCII):
            raise exceptions.InvalidFormat
    return " ".join(parts)


def _american(routing: str, account: str) -> str:
    """A routing number with its check digit, an account of up to 17 digits."""
    number = _compact(account)
    if not re.fullmatch(r"\d{4,17}", number, re.ASCII):
        raise exceptions.InvalidFormat
    return f"{rtn.validate(routing)} {number}"


def _mexican(clabe: str) -> str:
    """Eighteen digits, the last of which checks the others: weights 3, 7, 1, modulo 10 each."""
    number = _compact(clabe)
    if not re.fullmatch(r"\d*", number, re.ASCII):
        raise exceptions.InvalidFormat
    if len(number) != 18:
        raise exceptions.InvalidLength
    total = sum(int(digit) * weight % 10 for digit, weight in zip(number[:-1], (3, 7, 1) * 6, strict=False))
    if -total % 10 != int(number[-1]):
        raise exceptions.InvalidChecksum
    return number


def _compact(number: str) -> str:
    return re.sub(r"[\s.-]", "", number)


_FORMS: dict[BankKind, Callable[..., str]] = {
    BankKind.IBAN: iban.validate,
    BankKind.BRAZIL: _brazilian,
    BankKind.UNITED_STATES: _american,
    BankKind.CLABE: _mexican,
    BankKind.CBU: cbu.validate,
}
_REASONS: tuple[tuple[type[exceptions.ValidationError], str], ...] = (
    (exceptions.InvalidLength, "bank_number_length"),
    (exceptions.InvalidChecksum, "bank_number_checksum"),
)


def bank_number(kind: BankKind, *parts: str) -> BankNumber:
    """A number in its compact form. Refuses with BAD_BANK_NUMBER a number that its format does not allow."""
    try:
        if max(map(len, parts)) > _LONGEST:
            raise exceptions.InvalidLength
        return BankNumber(kind, _FORMS[kind](*parts))
    except exceptions.ValidationError as error:
        reason = next((words for form, words in _REASONS if isinstance(error, form)), "bank_number_format")
        raise Refusal(ErrorCode.BAD_BANK_NUMBER, reason, ("number",)) from error
