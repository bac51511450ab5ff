"""When a subscription became active and when it ended, computed from the points of its fold."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from intake.subscriptions.points import Point, state_of
from models import database
from models.statement import Statement, one_of
from models.tables.subscription import ENDED, SubscriptionStatus, TurnKind

UNKNOWN = 0
"""The time of a beginning that is not known."""


class Turn(msgspec.Struct, frozen=True):
    """A beginning, or an end with what it ends."""

    kind: TurnKind
    happened_at: int
    begun_at: int


def turns_of(points: Sequence[Point], started_at: int | None) -> list[Turn]:
    """The turns of a subscription, in their order. It begins with its first payment, or with its first point
    if that payment is not known."""
    found: list[Turn] = []
    begun_at: int | None = None
    unpaid = False
    for run in _runs(points):
        first = run[0]
        if first.status is SubscriptionStatus.STARTED:
            unpaid = begun_at is None
            continue
        if begun_at is None and _begins(first.status, known=bool(found), unpaid=unpaid):
            begun_at = first.at
            if not found and not unpaid:
                begun_at = UNKNOWN if started_at is None else min(started_at, first.since)
            kind = TurnKind.REACTIVATED if found else TurnKind.STARTED
            found.append(Turn(kind, begun_at, begun_at))
        if first.status in ENDED and begun_at is not None:
            status, ended_at, _ = state_of(run)
            kind = TurnKind.CANCELLED if status is SubscriptionStatus.CANCELLED else TurnKind.EXPIRED
            found.append(Turn(kind, max(begun_at, ended_at or begun_at), begun_at))
            begun_at = None
    return found


def _begins(status: SubscriptionStatus, *, known: bool, unpaid: bool) -> bool:
    """Whether a subscription that is not active has begun before or with a point."""
    if status is SubscriptionStatus.ACTIVE:
        return True
    if known or unpaid:
        return False
    # the payments before are not known
    return status is not SubscriptionStatus.INACTIVE


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Points that follow each other: each alone, but ends together, of which the last decides."""
    run: list[Point] = []
    for point in points:
        if run and not (point.status in ENDED and run[-1].status in ENDED):
            yield run
            run = []
        run.append(point)
    if run:
        yield run


async def stored_turns(account_id: str, chosen: Statement) -> dict[str, list[Turn]]:
    """The turns of chosen subscriptions as they are stored, by their ids."""
    rows = await database.read(
        "SELECT subscription_id, kind, happened_at, begun_at FROM subscription_turns"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY subscription_id, position",
        (account_id, *chosen.params),
    )
    found: dict[str, list[Turn]] = {}
    for row in rows:
        turn = Turn(TurnKind(row["kind"]), row["happened_at"], row["begun_at"])
        found.setdefault(str(row["subscription_id"]), []).append(turn)
    return found


async def write_turns(account_id: str, turns: Mapping[str, Sequence[Turn]], replaced: Sequence[str]) -> None:
    """Store the turns of subscriptions by their ids. `replaced` are those that have some already."""
    if replaced:
        chosen = one_of("subscription_id", replaced)
        await database.write(
            f"DELETE FROM subscription_turns WHERE account_id = ? AND {chosen.text}",
            (account_id, *chosen.params),
        )
    if not turns:
        return
    columns = ("id", "account_id", "subscription_id", "position", "kind", "happened_at", "begun_at")
    values = [
        (
            *(database.new_id(), account_id, subscription_id, position),
            *(turn.kind.value, turn.happened_at, turn.begun_at),
        )
        for subscription_id, of_one in turns.items()
        for position, turn in enumerate(of_one)
    ]
    await database.write_later(database.insertion("subscription_turns", columns), values)
