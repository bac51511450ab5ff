"""What a new token is narrowed to: never to more than the token that creates it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.kit.currency import minor_amount
from authz import by_id, reach
from authz.narrowing import MOST_LEVELS, Narrowing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of

MOST_PRODUCTS = 50
MOST_DOCUMENTS = 100
LONGEST_DOCUMENT = 200
MOST_CALLS = 1_000_000
MOST_CURRENCIES = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What the creator of a token narrows it to. None: to nothing."""

    products: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    calls: int | None = None
    amounts: tuple[tuple[Decimal, str], ...] | None = None


async def narrowing_of(viewer: Viewer, limits: Limits) -> Narrowing | None:
    """What is stored of the limits, after all are checked; None without any."""
    found = Narrowing(
        products=await _products(viewer, limits.products),
        documents=_documents(viewer, limits.documents),
        calls=_calls(limits.calls),
        amounts=_amounts(limits.amounts),
    )
    return None if found == Narrowing() else found


async def _products(viewer: Viewer, chosen: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The chosen products, each of which its creator can see; by default those of the creating token."""
    if chosen is None:
        return viewer.products
    if not 1 <= len(chosen) <= MOST_PRODUCTS:
        raise Refusal(ErrorCode.BAD_INPUT, "token_products", ("products",), most=MOST_PRODUCTS)
    rows = await database.read(
        Statement("SELECT r.id FROM products r WHERE ")
        + one_of("r.id", chosen)
        + " AND "
        + by_id.products(viewer).where("r")
    )
    found = {str(row["id"]) for row in rows}
    for number, product in enumerate(chosen):
        if product not in found:
            raise Refusal(ErrorCode.NOT_FOUND, "no_product", ("products", str(number)))
    return tuple(sorted(set(chosen)))


def _documents(viewer: Viewer, chosen: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if chosen is None:
        return None if viewer.documents is None else tuple(sorted(viewer.documents))
    if not 1 <= len(chosen) <= MOST_DOCUMENTS or max(map(len, chosen)) > LONGEST_DOCUMENT:
        raise Refusal(ErrorCode.BAD_INPUT, "token_documents", ("documents",), most=MOST_DOCUMENTS)
    if viewer.documents is not None and set(chosen) - viewer.documents:
        names = ", ".join(sorted(set(chosen) - viewer.documents))
        raise Refusal(ErrorCode.NOT_HELD, "not_held", ("documents",), names=names)
    return tuple(sorted(set(chosen)))


def _calls(chosen: int | None) -> int | None:
    if chosen is not None and not 1 <= chosen <= MOST_CALLS:
        raise Refusal(ErrorCode.BAD_INPUT, "token_calls", ("callsADay",), most=MOST_CALLS)
    return chosen


def _amounts(chosen: Sequence[tuple[Decimal, str]] | None) -> dict[str, int] | None:
    if chosen is None:
        return None
    if len(chosen) > MOST_CURRENCIES:
        raise Refusal(ErrorCode.BAD_INPUT, "token_amounts", ("amountsADay",), most=MOST_CURRENCIES)
    found: dict[str, int] = {}
    for amount, currency in chosen:
        minor, code = minor_amount(amount, currency, ("amountsADay",))
        if code in found:
            raise Refusal(ErrorCode.BAD_INPUT, "token_amounts", ("amountsADay",), most=MOST_CURRENCIES)
        found[code] = minor
    return found


async def parent_of(viewer: Viewer) -> Any:
    """The token of the request, as a child needs to know it. A machine's token has no children."""
    rows = await database.read(
        Statement(
            "SELECT k.id, k.expires_at, k.credential_id FROM access_tokens k WHERE k.id = ? AND ",
            (viewer.token_id,),
        )
        + reach.own_tokens(viewer).where("k")
    )
    if not rows or rows[0]["credential_id"] is not None:
        raise Refusal(ErrorCode.FORBIDDEN, "token_of_a_machine")
    if viewer.levels >= MOST_LEVELS:
        raise Refusal(ErrorCode.FORBIDDEN, "token_levels", most=MOST_LEVELS)
    return rows[0]


def descends(alias: str, token_id: str, account_id: str) -> Statement:
    """The condition under which a token is one, or descends from it."""
    children = "SELECT d.id FROM access_tokens d WHERE d.account_id = ? AND d.parent_id = ?"
    return Statement(
        f"({alias}.id = ? OR {alias}.parent_id = ? OR {alias}.parent_id IN ({children}))",
        (token_id, token_id, account_id, token_id),
    )
