"""Refusals that several nouns share. Each names the state that was found."""

from collections.abc import Iterable

from authz.refusal import ErrorCode, Refusal
from models.vocabulary import SoldAs

Field = tuple[str, ...]
_REFERENCE: Field = ("reference",)


def wrong_state(found: str, allowed: Iterable[str], field: Field = _REFERENCE) -> Refusal:
    """The object is in a state that the act does not cover; it covers those in `allowed`."""
    return Refusal(ErrorCode.WRONG_STATE, "wrong_state", field, state=found, allowed=", ".join(allowed))


def require_seller(sold_as: str, field: Field = _REFERENCE) -> None:
    """Refuse a sale of another seller's product, for what only the seller can write to a buyer."""
    if sold_as != SoldAs.PRODUCER:
        raise Refusal(ErrorCode.WRONG_STATE, "not_the_seller", field, role=sold_as)


def not_paid(found: str, field: Field = _REFERENCE) -> Refusal:
    """The sale was never paid, or the payment was taken back."""
    return Refusal(ErrorCode.NOT_PAID, "not_paid", field, state=found)


def already_requested(field: Field = _REFERENCE) -> Refusal:
    """The same request is open."""
    return Refusal(ErrorCode.ALREADY_REQUESTED, "already_requested", field)


def no_warranty(field: Field = _REFERENCE) -> Refusal:
    """It is not known how long the buyer can request a refund."""
    return Refusal(ErrorCode.NO_WARRANTY, "no_warranty", field)


def warranty_over(day: str, field: Field = _REFERENCE) -> Refusal:
    """The buyer could request a refund until a day, such as `2026-07-13`."""
    return Refusal(ErrorCode.WARRANTY_OVER, "warranty_over", field, day=day)


def method_excluded(method: str | None, field: Field = _REFERENCE) -> Refusal:
    """The payment method does not allow the act."""
    return Refusal(ErrorCode.METHOD_EXCLUDED, "method_excluded", field, method=method or "–")


def same_person(field: Field = ("id",)) -> Refusal:
    """Who approves is who asked."""
    return Refusal(ErrorCode.SAME_PERSON, "same_person", field)


def bad_url(field: Field) -> Refusal:
    """The value is not a web address that can be used."""
    return Refusal(ErrorCode.BAD_URL, "bad_url", field)


def in_use(by: str, field: Field = ("id",)) -> Refusal:
    """Something that is running still uses the object; `by` is the name of the first."""
    return Refusal(ErrorCode.IN_USE, "in_use", field, by=by)


def too_soon(earliest: str, field: Field) -> Refusal:
    """A date is before the earliest one that is allowed, such as `2026-07-25`."""
    return Refusal(ErrorCode.TOO_SOON, "too_soon", field, earliest=earliest)
