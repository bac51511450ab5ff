"""The rows of a report as lines of text."""

from typing import Any

from small_shop import Shop

JUNE = 'period: {from: "2026-06-01", to: "2026-07-01"}'
_OBJECTS = {"product": "{ name }", "offer": "{ name: code }", "affiliate": "{ name }"}
_AMOUNTS = {
    *[
        "gross",
        "net",
        "refunded",
        "disputed",
        "chargedBack",
        "average",
        "fullGross",
        "fee",
        "affiliates",
        "coproducers",
        "addons",
    ],
    *["amount", "earned", "reversed", "pending", "released", "received", "unit", "value"],
    *["openedValue", "recoveredValue", "recurring", "lostRecurring"],
}


def selected(columns: str) -> str:
    """The fields of a row with these columns."""
    return " ".join(
        f"{name} {{ amount }}" if name in _AMOUNTS else f"{name} {_OBJECTS.get(name, '')}"
        for name in columns.split()
    )


def shown(value: Any) -> str:
    """A value as the lines have it."""
    if isinstance(value, dict):
        return str(value.get("amount") or value.get("name"))
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def lines(shop: Shop, who: str, report: str, columns: str, args: str = JUNE) -> list[str]:
    """The rows of a report as lines."""
    text = f"reports {{ rows: {report}({args}) {{ {selected(columns)} }} }}"
    rows = (await shop.read(who, text))["rows"]
    return [" ".join(shown(row[name]) for name in columns.split()) for row in rows]
