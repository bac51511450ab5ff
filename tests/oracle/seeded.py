"""Faults of the kinds that were made before, put into the running code for as long as a test lasts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import engine.rows.connection
import engine.rows.lists
from authz import gates, identity, reach, viewer
from authz.reach import Reach
from authz.viewer import MyRole
from engine.scope import schema
from graph.commerce.sales import text_search
from graph.kit.node import NODES, RowNode
from models.statement import Statement
from models.vocabulary import Privacy

Fault = Callable[[pytest.MonkeyPatch], None]
_BOTH = (Privacy.OWN, Privacy.SHARED)


def _everyone(_viewer: Any) -> None:
    return None


def _rows(role: MyRole, *, teams_on: bool, rule: Any) -> Fault:
    def seed(patch: pytest.MonkeyPatch) -> None:
        for privacy in _BOTH:
            patch.setitem(reach.ROWS, (role, teams_on, privacy), rule)

    return seed


def _statistics_follow_rows(patch: pytest.MonkeyPatch) -> None:
    def statistics(asking: Any, grant: Any, table: str = "sales") -> Reach:
        del grant
        rule = reach.ROWS[asking.role, asking.central.teams_on, asking.central.privacy](asking)
        values = None if rule is None else tuple(sorted(rule))
        return Reach(table, asking.central.account_id, "assignee_id", values)

    patch.setattr(reach, "statistics", statistics)


def _statistics_of_all(patch: pytest.MonkeyPatch) -> None:
    def statistics(asking: Any, _grant: Any, table: str = "sales") -> Reach:
        return Reach(table, asking.central.account_id)

    patch.setattr(reach, "statistics", statistics)


def _identifies(condition: str, instead: str) -> Fault:
    """Another word in every statement that says who the viewer is."""

    def seed(patch: pytest.MonkeyPatch) -> None:
        statements = {name: text for name, text in vars(identity).items() if isinstance(text, str)}
        found = {name: text for name, text in statements.items() if condition in text}
        assert found
        for name, text in found.items():
            patch.setattr(identity, name, text.replace(condition, instead))

    return seed


def _lost_role_leads(patch: pytest.MonkeyPatch) -> None:
    """Whoever has the mark of a lead leads, whatever the role."""
    patch.setattr(viewer.Viewer, "_leads", property(lambda _self: True))
    for privacy in _BOTH:
        patch.setitem(reach.ROWS, (MyRole.USER, True, privacy), reach._own_led_and_shared)


class _WithUnassigned(Reach, frozen=True):
    """A reach, and besides the rows that no one is assigned to."""

    inner: Reach | None = None

    def where(self, alias: str) -> Statement:
        assert self.inner is not None
        inner = self.inner.where(alias)
        return (
            Statement("(") + inner
            + Statement(f" OR ({alias}.account_id = ? AND {alias}.assignee_id IS NULL))", (self.account_id,))
        )  # fmt: skip


def _unassigned_rows_reach_users(patch: pytest.MonkeyPatch) -> None:
    sales = reach.sales

    def wider(asking: Any) -> Reach:
        found = sales(asking)
        if found.values is None:
            return found
        return _WithUnassigned("sales", found.account_id, inner=found)

    patch.setattr(reach, "sales", wider)


def _gates_are_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gates.Guard, "_judge", lambda _self, _info: None)
    patch.setattr(schema._Scope, "_open", lambda _self, _bit: True)


def _text_finds_what_is_not_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(text_search, "grant_bit", lambda _grant: -1)


def _cursors_are_off_by_one(patch: pytest.MonkeyPatch) -> None:
    beyond = engine.rows.connection.beyond

    def including(*args: Any, **kwargs: Any) -> Statement:
        found = beyond(*args, **kwargs)
        text = found.text.replace(") < (", ") <= (").replace(") > (", ") >= (")
        assert text != found.text
        return Statement(text, found.params)

    patch.setattr(engine.rows.connection, "beyond", including)


def _counts_of_all(patch: pytest.MonkeyPatch) -> None:
    counted = engine.rows.lists.counted

    def all_of_them(table: str, condition: Statement) -> Statement:
        return counted(table, Statement("r.account_id = ?", condition.params[:1]))

    patch.setattr(engine.rows.lists, "counted", all_of_them)


def _nodes_of_all(prefix: str) -> Fault:
    def seed(patch: pytest.MonkeyPatch) -> None:
        (node,) = [item for item in NODES[prefix] if isinstance(item, RowNode)]
        table = node.reach(viewer.SIGNED_OUT).table
        everything = replace(node, reach=lambda asking: Reach(table, asking.central.account_id))
        patch.setitem(NODES, prefix, [everything])

    return seed


def _own(asking: Any) -> Any:
    return asking.own


FAULTS: dict[str, Fault] = {
    "a user with teams sees everyone's": _rows(MyRole.USER, teams_on=True, rule=_everyone),
    "a user without teams sees everyone's": _rows(MyRole.USER, teams_on=False, rule=_everyone),
    "a user sees less than is shared": _rows(MyRole.USER, teams_on=True, rule=_own),
    "a lead sees everyone's": _rows(MyRole.TEAM_LEAD, teams_on=True, rule=_everyone),
    "a lead does not see his teams": _rows(MyRole.TEAM_LEAD, teams_on=True, rule=_own),
    "statistics follow rows": _statistics_follow_rows,
    "reports without reach": _statistics_of_all,
    # while teams are off, memberships count and the lead's rule holds
    "a dormant lead leads": _identifies("a.edition, a.teams_on,", "'EXPERT' AS edition, TRUE AS teams_on,"),
    "a lost role leads": _lost_role_leads,
    "unassigned rows reach users": _unassigned_rows_reach_users,
    "a suspended seat enters": _identifies("c.suspended_at IS NULL", "1 = 1"),
    "an ended seat enters": _identifies("c.ends_at > ?", "c.ends_at <> ?"),
    "gates are ignored": _gates_are_ignored,
    "text finds the e-mail": _text_finds_what_is_not_held,
    "cursors are off by one": _cursors_are_off_by_one,
    "a count of all rows": _counts_of_all,
    "a sale by id without reach": _nodes_of_all("sale"),
    "an opportunity by id without reach": _nodes_of_all("opportunity"),
    "a person by id without reach": _nodes_of_all("person"),
    "a team by id without reach": _nodes_of_all("team"),
}


def seeded(patch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Put a fault into the running code."""
    fault(patch)
