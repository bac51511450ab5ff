"""Assigning sales as they arrive, by the source codes in their origin.

A code matches a whole token of `sck` or `src`. Tokens are the longest runs of letters, digits, `_` and `-`;
every other character separates them. Codes are case-sensitive. The first code that matches decides, and those
in `sck` come before those in `src`.

Only active collaborators are assigned new sales: a sale with the code of an inactive one stays unassigned,
and what a collaborator has already stays with them. The sale is credited to the new assignee, unless it is
already credited to someone else, for example to a former collaborator.

Decisions of people take precedence. A sale that was ever assigned or unassigned by hand has `assigned_at`
and follows its last PERSON event, where a former collaborator or a deleted team counts as none. Other sales
follow their origin, which the fold determines, so the order of arrival makes no difference.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authz.active import is_active_collaborator
from intake.sales.fold import Folded
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import Statement, one_of
from models.text import code
from models.vocabulary import Edition

_TOKEN = re.compile(r"[\w-]+")
Origin = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """The collaborator a source code belongs to, and the team that a sale gets with it."""

    collaborator_id: str
    team_id: str | None
    active: bool = True


def holder_of(origin: Origin, holders: Mapping[str, CodeHolder]) -> CodeHolder | None:
    """The collaborator who gets a sale with an origin (`src`, `sck`): the first matching code decides."""
    src, sck = origin
    for text in (sck, src):
        for token in _TOKEN.findall(code(text or "")):
            if token in holders:
                return holders[token]
    return None


_DECIDED = (
    "UPDATE sales SET"
    " assignee_id = (SELECT c.id FROM collaborators c WHERE c.account_id = ? AND c.id = ?),"
    " team_id = (SELECT t.id FROM teams t JOIN collaborators c ON c.account_id = t.account_id AND c.id = ?"
    " WHERE t.account_id = ? AND t.id = ?), assigned_at = ? WHERE account_id = ? AND id = ?"
)
_CREDITED = "UPDATE sales SET credit_id = ?, credit_team_id = ? WHERE account_id = ? AND id = ?"


async def settle_decisions(account_id: str, folds: Iterable[tuple[str, Folded]]) -> None:
    """Apply people's decisions to sales. Each fold comes with its sale's id."""
    decided, credited = [], []
    for sale_id, folded in folds:
        of = (account_id, sale_id)
        if folded.assigned is not None:
            at, to = folded.assigned
            collaborator, team = (account_id, to.assignee_id), (to.assignee_id, account_id, to.team_id)
            decided.append((*collaborator, *team, at, *of))
        if folded.credit is not None:
            credited.append((folded.credit.collaborator_id, folded.credit.team_id, *of))
    await database.write_later(_DECIDED, decided)
    await database.write_later(_CREDITED, credited)


async def settle_assignees(
    account_id: str, sale_ids: Sequence[str], before: Mapping[str, Origin], holders: Mapping[str, CodeHolder]
) -> None:
    """Assign the sales that no one assigned by hand. `before` has the origins that they had until now.

    A sale that is already assigned changes only if a code in its earlier origin assigned it.
    """
    rows = await database.read(
        Statement(
            "SELECT id, origin_src, origin_sck, assignee_id, credit_id, ordered_at FROM sales"
            " WHERE account_id = ? AND assigned_at IS NULL AND ",
            (account_id,),
        )
        + one_of("id", sale_ids)
    )
    for row in rows:
        was = holder_of(before.get(str(row["id"]), (None, None)), holders)
        brought = was.collaborator_id if was else None
        if row["assignee_id"] is not None and str(row["assignee_id"]) != brought:
            continue
        now = holder_of((row["origin_src"], row["origin_sck"]), holders)
        if now is not None and now.collaborator_id == str(row["assignee_id"]):
            continue
        if now is not None and not now.active:
            now = None
        if now is not None or row["assignee_id"] is not None:
            await _assign(account_id, row, now)


async def _assign(account_id: str, sale: Any, holder: CodeHolder | None) -> None:
    """Write the assignee and, unless the sale is already credited to someone else, the credit."""
    assigned = (holder.collaborator_id, holder.team_id) if holder else (None, None)
    columns, values = ["assignee_id", "team_id"], [*assigned]
    if sale["credit_id"] is None or sale["credit_id"] == sale["assignee_id"]:
        columns += ["credit_id", "credit_team_id"]
        values += assigned
    await database.write(
        f"UPDATE sales SET {', '.join(f'{name} = ?' for name in columns)}"
        " WHERE account_id = ? AND id = ? AND assigned_at IS NULL",
        (*values, account_id, sale["id"]),
    )
    note_event(account_id, EventType.SALE_ASSIGNED, [str(sale["id"])], sale["ordered_at"])


async def read_holders(account_id: str) -> dict[str, CodeHolder]:
    """The collaborator of each of the account's source codes, locked until the transaction ends."""
    lock = " FOR KEY SHARE OF c" if database.dialect() == "postgres" else ""
    codes = await database.read(
        "SELECT s.code, s.collaborator_id, c.suspended_at, c.starts_at, c.ends_at FROM source_codes s"
        " JOIN collaborators c ON c.account_id = s.account_id AND c.id = s.collaborator_id"
        f" WHERE s.account_id = ? ORDER BY c.id{lock}",
        (account_id,),
    )
    if not codes:
        return {}
    teams: dict[str, list[str]] = {}
    chosen = one_of("m.collaborator_id", {str(row["collaborator_id"]) for row in codes})
    places = await database.read(
        Statement(
            "SELECT m.collaborator_id, m.team_id FROM team_members m"
            " JOIN accounts a ON a.id = m.account_id AND a.teams_on AND a.edition = ?"
            " WHERE m.account_id = ? AND ",
            (Edition.EXPERT.value, account_id),
        )
        + chosen
    )
    for row in places:
        teams.setdefault(str(row["collaborator_id"]), []).append(str(row["team_id"]))
    return {
        str(row["code"]): CodeHolder(
            str(row["collaborator_id"]),
            _only(teams.get(str(row["collaborator_id"]), [])),
            is_active_collaborator(row),
        )
        for row in codes
    }


def _only(team_ids: Sequence[str]) -> str | None:
    return team_ids[0] if len(team_ids) == 1 else None
