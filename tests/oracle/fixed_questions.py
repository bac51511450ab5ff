"""Questions that no chance of other questions decides: of the desk, of the catalog, and of recovery."""

from typing import Any

from oracle.oracle import Oracle
from oracle.recovery_questions import RecoveryAsker
from oracle.report_fields import OF_RECOVERY
from oracle.standing import Field, Word
from oracle.vocabulary import FIELDS

Question = tuple[Field, ...]
_WHOLE, _MONTH = {"from": "2023-12-01", "to": "2024-04-01"}, {"from": "2024-01-10", "to": "2024-02-10"}
# fields of products' lists alone, so that other questions stay small
_OF_CATALOG = ("plans", "prices", "priceAt")
_ARGUMENTS: dict[tuple[str, str], dict[str, Any]] = {
    ("Offer", "prices"): {"first": 2},
    ("Offer", "priceAt"): {"at": "2024-01-15T12:00:00Z"},
    ("Opportunity", "notes"): {"first": 2},
    ("Opportunity", "history"): {"first": 3},
}
# of sales in lists alone, since three sales are asked for together
_IN_LISTS = (("SaleSubscription", "subscription"), ("SaleEvent", "distribution"))
# below other rows, of these only a little
_LARGE = ("Sale", "ProductSubscription", "Opportunity", "CanceledSubscription", "OverdueCharge")


def everything(oracle: Oracle, kind: str, path: tuple[str, ...] = ()) -> Question:
    """Every field of a type that the viewer has, down to where the types repeat."""
    found = []
    catalog = (*path, kind)[0] in ("Product", "ProductConnection")
    below = kind in _LARGE and any(outer in _LARGE for outer in path)
    for name, (_, leads_to) in FIELDS[kind].items():
        if leads_to in (*path, kind) or not oracle.has(kind, name) or (name in _OF_CATALOG and not catalog):
            continue
        if below and (leads_to or len(found) == 4):
            continue
        if (kind, name) in _IN_LISTS and (*path, kind)[0] == "Sale":
            continue
        sub = everything(oracle, leads_to, (*path, kind)) if leads_to else ()
        if sub or not leads_to:
            found.append(Field(name, sub, _ARGUMENTS.get((kind, name), {})))
    return tuple(found)


def fixed_questions(oracle: Oracle) -> list[Field]:
    """Those of which the viewer has the fields."""
    parts = [*_of_the_desk(oracle), *_of_catalog(oracle), *_of_recovery(oracle)]
    found = [Field("account", (part,)) for part in parts if oracle.has("Account", part.name)]
    return found + [
        Field("account", (Field("reports", (part,)),))
        for part in [*_of_lists(oracle), *_of_recovery_reports(oracle)]
        if oracle.has("Account", "reports") and oracle.has("Reports", part.name)
    ]


def _of_the_desk(oracle: Oracle) -> list[Field]:
    """Requests for refunds, and receipts."""
    requests = everything(oracle, "RefundRequestConnection")
    filters = ({"status": [Word("REQUESTED"), Word("REFUNDED")]}, {"reason": [Word("DUPLICATE")]})
    lists = [{"first": 50}, *({"first": 50, "filter": chosen} for chosen in filters), {"first": 2}]
    found = [Field("refundRequests", requests, chosen) for chosen in lists]
    references = [sale["reference"] for sale in oracle.world["sales"][:6]]
    receipt = everything(oracle, "Receipt") if "Receipt" in oracle.kinds else ()
    return found + [Field("receipt", receipt, {"reference": item}) for item in [*references, "HP0"]]


def _of_lists(oracle: Oracle) -> list[Field]:
    """Reports that list rows, and statements."""
    names = ("customers", "cancelledSubscriptionsInDetail", "overdueSubscriptions")
    found, product = [], f"product_{oracle.world['products'][0]['id']}"
    products = [{"product": product}] if "VIEW_REVENUE_BY_PRODUCT_REPORT" in oracle.open else []
    filters: dict[str, list[dict[str, Any]]] = {
        "customers": [{"text": "ana", "atLeast": 1}, *products],
        "cancelledSubscriptionsInDetail": [{"reason": [Word("UNKNOWN")]}, *products],
        "overdueSubscriptions": products,
    }
    for name in names:
        kind = FIELDS["Reports"][name][1]
        whole = everything(oracle, kind) if oracle.has("Reports", name) else ()
        found += [
            Field(name, whole, {"period": _WHOLE, "first": 50}),
            Field(name, whole, {"period": _MONTH, "first": 2}),
        ]
        found += [Field(name, whole, {"period": _WHOLE, "filter": chosen}) for chosen in filters[name]]
    found.append(Field("overdueSubscriptions", (Field("totalCount"),)))
    names_of_customers = (Field("totalCount"), Field("nodes", (Field("name"), Field("purchases"))))
    for order in ({"field": Word("PURCHASES")}, {"field": Word("SPENT"), "direction": Word("ASC")}):
        chosen = {"period": _WHOLE, "order": order, "filter": {"currency": "BRL"}}
        found.append(Field("customers", names_of_customers, chosen))
    statement, line = everything(oracle, "BillingStatement"), everything(oracle, "BillingLine")
    for number in ("SB-2024-01-BRL", "SB-2024-02-BRL", "SB-1"):
        found.append(Field("statements", statement, {"number": number}))
        found += [
            Field("statementLines", line, {"number": number, "revision": revision}) for revision in (1, 2)
        ]
    return found


def _of_recovery_reports(oracle: Oracle) -> list[Field]:
    """Reports on opportunities and subscriptions, of several periods and groups."""
    ways: list[dict[str, Any]] = [
        {"period": _WHOLE},
        {"period": _MONTH, "every": Word("WEEK")},
        *(
            [{"period": _WHOLE, "every": Word("WHOLE"), "by": Word("MEMBER")}]
            if "LEAD" in oracle.open
            else []
        ),
        *([{"period": _MONTH, "every": Word("WHOLE"), "by": Word("TEAM")}] if "ADMIN" in oracle.open else []),
    ]
    return [
        Field(name, everything(oracle, row), way)
        for name, (_, row) in OF_RECOVERY.items()
        if oracle.has("Reports", name)
        for way in ways
    ]


def _of_catalog(oracle: Oracle) -> list[Field]:
    """Products in other lists than the usual, and by their references."""
    few = (Field("totalCount"), Field("nodes", (Field("name"), Field("reference"), Field("status"))))
    lists: list[dict[str, Any]] = [
        {"filter": {"status": [Word("ARCHIVED"), Word("PAUSED")]}},
        {"filter": {"format": [Word("EBOOK"), None]}},
        {"filter": {"source": [Word("HAND")]}},
        {"order": {"field": Word("NAME"), "direction": Word("DESC")}, "first": 2},
        {"order": {"field": Word("CREATED_AT"), "direction": Word("ASC")}, "first": 2},
    ]
    whole = everything(oracle, "Product")
    references = [product["reference"] for product in oracle.world["products"][2:4]]
    return [Field("products", few, args) for args in lists] + [
        Field("product", whole, {"reference": item}) for item in [*references, "0"]
    ]


def _of_recovery(oracle: Oracle) -> list[Field]:
    """Subscriptions, opportunities and the pipeline."""
    asker, few = RecoveryAsker(oracle), (Field("totalCount"), Field("nodes", (Field("id"),)))
    found = [Field("pipeline", everything(oracle, "OpportunityStep"))]
    for name, kind in (("subscriptions", "ProductSubscription"), ("opportunities", "Opportunity")):
        whole = everything(oracle, f"{kind}Connection")
        found += [Field(name, whole, {"first": 12}), Field(name, whole, {"first": 2})]
    found += [Field("subscriptions", few, args) for args in asker.subscriptions()]
    found += [Field("opportunities", few, args) for args in asker.opportunities()]
    whole = everything(oracle, "ProductSubscription")
    return found + [Field("subscription", whole, {"code": code}) for code in asker.codes()]
