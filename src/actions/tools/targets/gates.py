"""The grants of what a tool sends, as the schema states them: whoever lacks one cannot have it sent."""

from collections.abc import Iterable

from authz.gates import grant_bit
from authz.grant import Grant

_OF_TYPE = {
    "Sale": Grant.SEARCH_SALES,
    "ProductSubscription": Grant.MANAGE_SUBSCRIPTIONS,
    "Opportunity": Grant.VIEW_PURCHASE_RECOVERY_REPORT,
}
_OF_PART = {
    "email": Grant.CHANGE_BUYER_EMAIL,
    "phone": Grant.ISSUE_PAYMENT_SLIPS,
    "document": Grant.SEND_RECEIPTS,
    "net": Grant.VIEW_COMMISSIONS_REPORT,
    "affiliate": Grant.MANAGE_AFFILIATES,
    "subscription": Grant.MANAGE_SUBSCRIPTIONS,
}
_OPEN = "event"


def grants_of(coordinates: Iterable[str]) -> frozenset[Grant]:
    """The grants of some fields, by their types and paths. What is about the event itself needs none."""
    found: set[Grant] = set()
    for coordinate in coordinates:
        type_name, *path = coordinate.split(".")
        if type_name != _OPEN:
            found.add(_OF_TYPE[type_name])
            found.update(_OF_PART[part] for part in path if part in _OF_PART)
    return frozenset(found)


def bits_of(grants: Iterable[Grant]) -> int:
    """The bits of some grants."""
    return sum(grant_bit(grant) for grant in frozenset(grants))
