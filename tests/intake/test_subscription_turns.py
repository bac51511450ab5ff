"""When subscriptions become active and when they end, whatever else is said."""

import pytest

from intake.subscriptions.points import Point
from intake.subscriptions.turns import Turn, turns_of
from models.tables.subscription import SubscriptionStatus, TurnKind

S = SubscriptionStatus
T = TurnKind


def points(*said: tuple[int, SubscriptionStatus]) -> list[Point]:
    return [Point(at, status, str(place), at) for place, (at, status) in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "started_at", "turns"),
    [
        # never paid
        ([(1, S.STARTED)], 1, []),
        ([(1, S.STARTED), (3, S.INACTIVE)], 1, []),
        ([(1, S.STARTED), (3, S.DELAYED)], 1, []),
        ([(1, S.STARTED), (3, S.CANCELLED)], 1, []),
        ([(3, S.INACTIVE)], None, []),
        # paid, late and renewed
        ([(1, S.STARTED), (2, S.ACTIVE), (5, S.DELAYED), (6, S.ACTIVE)], 1, [(T.STARTED, 2, 2)]),
        # nothing is known of the beginning, or a page tells it
        ([(5, S.ACTIVE)], None, [(T.STARTED, 0, 0)]),
        ([(5, S.DELAYED)], None, [(T.STARTED, 0, 0)]),
        ([(5, S.ACTIVE)], 2, [(T.STARTED, 2, 2)]),
        ([(9, S.CANCELLED)], None, [(T.STARTED, 0, 0), (T.CANCELLED, 9, 0)]),
        ([(9, S.EXPIRED)], 3, [(T.STARTED, 3, 3), (T.EXPIRED, 9, 3)]),
        # ended, and paid again
        (
            [(1, S.STARTED), (1, S.ACTIVE), (4, S.CANCELLED), (7, S.ACTIVE), (8, S.INACTIVE)],
            1,
            [(T.STARTED, 1, 1), (T.CANCELLED, 4, 1), (T.REACTIVATED, 7, 7), (T.EXPIRED, 8, 7)],
        ),
        # of ends that follow each other, the first says when and the last how
        ([(1, S.ACTIVE), (4, S.CANCELLED), (6, S.EXPIRED)], 1, [(T.STARTED, 1, 1), (T.EXPIRED, 4, 1)]),
        # a new first payment that nobody makes begins nothing
        (
            [(1, S.ACTIVE), (4, S.CANCELLED), (5, S.STARTED), (6, S.INACTIVE)],
            1,
            [(T.STARTED, 1, 1), (T.CANCELLED, 4, 1)],
        ),
    ],
)
def test_beginnings_and_ends_follow_from_what_is_said(
    said: list[tuple[int, SubscriptionStatus]], started_at: int | None, turns: list[tuple[TurnKind, int, int]]
) -> None:
    assert turns_of(points(*said), started_at) == [Turn(*turn) for turn in turns]


def test_an_end_that_is_known_late_is_not_before_its_beginning() -> None:
    late = Point(9, S.CANCELLED, "end", 2)

    found = turns_of([*points((5, S.STARTED), (5, S.ACTIVE)), late], 5)

    assert found == [Turn(T.STARTED, 5, 5), Turn(T.CANCELLED, 5, 5)]
