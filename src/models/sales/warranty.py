"""Until when a buyer can request a refund."""

_DAY = 86_400_000


def warranty_end(known: int | None, approved_at: int | None, days: int | None) -> int | None:
    """The date that the marketplace sent; without it, the product's warranty counts from the approval."""
    if known is not None or approved_at is None or days is None:
        return known
    return approved_at + days * _DAY
