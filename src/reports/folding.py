"""The cells of keys without rows of their own, added up as those of all others."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import database
from models.statement import Statement


@dataclass(frozen=True, slots=True)
class Folding:
    """Which keys of a report have rows of their own: those with at least `small` buyers, and of these the
    first `top` of a currency by the total `rank`.

    `keys` is the number of all keys, and `own` are the numbers of the report's own ones, without a group.
    """

    top: int | None
    small: int | None
    keys: int
    own: Sequence[int]
    rank: str


def folded(folding: Folding, labels: Sequence[int], totals: Sequence[str]) -> Statement:
    """The table `folded`, made of `cells`: the same columns, and whether a cell adds up other keys."""
    values = ", ".join(f"k{index}" for index in folding.own)
    found = Statement(
        f"{_enough(folding, values)}, marked AS (SELECT c.*, {_is_few(folding)} AS few FROM cells c)"
    )
    source, other = "marked", Statement("few = 1")
    if folding.top is not None:
        # of keys with the same weight, the order of their texts decides, which is the same in both databases
        order = ", ".join(f"{_text(index)} NULLS LAST" for index in folding.own)
        found = found + (
            f", weighed AS (SELECT m.*, SUM({folding.rank}) OVER (PARTITION BY currency, few, {values})"
            " AS weight FROM marked m), ranked AS (SELECT w.*, DENSE_RANK() OVER"
            f" (PARTITION BY currency, few ORDER BY weight DESC, {order}) AS place FROM weighed w)"
        )
        source, other = "ranked", Statement("few = 1 OR place > ?", (folding.top,))
    keys = [
        f"CASE WHEN others = 1 THEN NULL ELSE k{index} END AS k{index}"
        if index in folding.own
        else f"k{index}"
        for index in range(folding.keys)
    ]
    columns = ["number", *keys, "currency", "others"]
    columns += [f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in totals]
    columns += [f"MAX(CASE WHEN others = 0 THEN l{index} END) AS l{index}" for index in labels]
    by = ", ".join(str(position) for position in range(1, folding.keys + 4))
    found = (
        found
        + ", parted AS (SELECT f.*, CASE WHEN "
        + other
        + f" THEN 1 ELSE 0 END AS others FROM {source} f)"
    )
    return found + f", folded AS (SELECT {', '.join(columns)} FROM parted GROUP BY {by})"


def _enough(folding: Folding, values: str) -> str:
    if folding.small is None:
        return ""
    return (
        f", enough AS (SELECT {values} FROM placed0 GROUP BY {values}"
        f" HAVING COUNT(DISTINCT buyer) >= {folding.small})"
    )


def _is_few(folding: Folding) -> str:
    if folding.small is None:
        return "0"
    # no comparison of nulls, which databases cannot hash
    same = " AND ".join(f"{_never_null('b', index)} = {_never_null('c', index)}" for index in folding.own)
    return f"CASE WHEN EXISTS (SELECT 1 FROM enough b WHERE {same}) THEN 0 ELSE 1 END"


def _never_null(alias: str, index: int) -> str:
    return f"CASE WHEN {alias}.k{index} IS NULL THEN '' ELSE 'x' || CAST({alias}.k{index} AS TEXT) END"


def _text(index: int) -> str:
    text = f"CAST(k{index} AS TEXT)"
    return f'{text} COLLATE "C"' if database.dialect() == "postgres" else text
