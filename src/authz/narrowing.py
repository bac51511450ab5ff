"""What tokens are narrowed to: a child has at most what its parents have, at every request."""

from functools import lru_cache
from typing import Any

import msgspec

from authz.gates import DOORS, grant_bit
from authz.grant import Grant

MOST_LEVELS = 3
"""How many tokens descend from each other at most: a token, its child, and the child of that."""

BY_PRODUCT = sum(
    map(
        grant_bit,
        (
            *(Grant.SEARCH_SALES, Grant.SEARCH_SALES_BY_PERIOD, Grant.VIEW_PRODUCTS),
            *(Grant.CHANGE_BUYER_EMAIL, Grant.ISSUE_PAYMENT_SLIPS, Grant.SEND_RECEIPTS),
            *(Grant.RESEND_PURCHASE_EMAILS, Grant.REQUEST_REFUNDS, Grant.MANAGE_SUBSCRIPTIONS),
            *(Grant.VIEW_REVENUE_REPORT, Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
            *(Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT, Grant.VIEW_REVENUE_BY_DEVICE_REPORT),
            *(Grant.VIEW_REVENUE_BY_LOCATION_REPORT, Grant.VIEW_PAYMENT_METHODS_REPORT),
            *(Grant.VIEW_SALES_BY_ORIGIN_REPORT, Grant.VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT),
            *(Grant.VIEW_CANCELLATION_REASON_REPORT, Grant.VIEW_COMMISSIONS_REPORT),
            Grant.VIEW_API_DOCUMENTATION,
        ),
    )
)
"""The grants that a token for some products can have: what they open is found by product. All others, and
standings, are about the whole account, as its balance is: for such a token they do not exist."""


def _as_json(token: str) -> str:
    """A token of a lineage as JSON: its id, its grants, its standings, and what it was narrowed to."""
    return (
        f"""'["' || CAST({token}.id AS TEXT) || '",' || CAST({token}.grants AS TEXT) || ','"""
        f""" || CAST({token}.standings AS TEXT) || ','"""
        f""" || COALESCE(CAST({token}.narrowing AS TEXT), 'null') || ']'"""
    )


# of the token `k`, in the statement that identifies its viewer
PARENTS = """
LEFT JOIN access_tokens k1 ON k1.account_id = k.account_id AND k1.id = k.parent_id
LEFT JOIN access_tokens k2 ON k2.account_id = k1.account_id AND k2.id = k1.parent_id"""
LINEAGE = (
    f"CASE WHEN k.parent_id IS NOT NULL OR k.narrowing IS NOT NULL THEN '[' || {_as_json('k')}"
    f" || COALESCE(',' || {_as_json('k1')}, '') || COALESCE(',' || {_as_json('k2')}, '') || ']' END"
)
# a parent ends its children, and none outlives it; should a row say otherwise, the child is invalid
VALID = """k.ended_at IS NULL AND k.expires_at > ?
AND (k.parent_id IS NULL OR (k1.ended_at IS NULL AND k1.expires_at >= k.expires_at
AND (k1.parent_id IS NULL OR (k2.ended_at IS NULL AND k2.expires_at >= k1.expires_at
AND k2.id IS NOT NULL AND k2.parent_id IS NULL))))"""


class Narrowing(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token was narrowed to when it was created, besides grants and standings. None: to nothing."""

    products: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    calls: int | None = None
    amounts: dict[str, int] | None = None
    """In minor units, by currency. A currency that is not among them has none."""


class Allowance(msgspec.Struct, frozen=True):
    """What a token of a lineage can do in a day: calls, and money by currency."""

    token_id: str
    calls: int | None
    amounts: dict[str, int] | None


class Lineage(msgspec.Struct, frozen=True):
    """A token and those that it descends from, judged together: what all of them have."""

    levels: int
    mask: int
    products: tuple[str, ...] | None
    documents: frozenset[str] | None
    allowances: tuple[Allowance, ...]


_Stored = tuple[str, list[str], list[str], Narrowing | None]
_decoder = msgspec.json.Decoder(tuple[_Stored, ...])


def lineage_of(stored: str, chosen: Any) -> Lineage:
    """The lineage in the answer to the statement that identifies a viewer.

    `chosen` makes a mask of a token's grants and standings.
    """
    return _lineage(stored, chosen)


@lru_cache(maxsize=1_024)
def _lineage(stored: str, chosen: Any) -> Lineage:
    tokens = _decoder.decode(stored)
    mask, products, documents = ~0, None, None
    for _, grants, standings, narrowing in tokens:
        mask &= chosen(grants, standings)
        if narrowing is not None:
            products = _both(products, narrowing.products)
            documents = _both(documents, narrowing.documents)
    if products is not None:
        mask &= BY_PRODUCT | DOORS
    allowances = tuple(
        Allowance(token_id, narrowing.calls, narrowing.amounts)
        for token_id, _, _, narrowing in tokens
        if narrowing is not None and (narrowing.calls is not None or narrowing.amounts is not None)
    )
    return Lineage(
        len(tokens),
        mask,
        None if products is None else tuple(sorted(products)),
        documents,
        allowances,
    )


def _both(found: frozenset[str] | None, more: tuple[str, ...] | None) -> frozenset[str] | None:
    """What is in both, where None is everything."""
    if more is None:
        return found
    return frozenset(more) if found is None else found & frozenset(more)
