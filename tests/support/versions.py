"""The versions that writes of whole lists and objects expect, for tests that are about something else."""

import re
from typing import Any
from uuid import UUID

from models import database

_TABLES = {
    "updateProfile": ("profiles", "profileId"),
    "setTeamMembers": ("teams", "teamId"),
    "setSourceCodes": ("collaborators", "collaboratorId"),
    "setAccessDates": ("collaborators", "collaboratorId"),
    "setBranding": ("accounts", ""),
    "setCurrency": ("accounts", ""),
    "setTimezone": ("accounts", ""),
    "setPrivacy": ("accounts", ""),
    "setApprovalRules": ("accounts", ""),
    "setPayoutTerms": ("accounts", ""),
    "setWithdrawalRules": ("accounts", ""),
    "setReceiptDetails": ("accounts", ""),
    "setPipeline": ("accounts", ""),
    "setOwnerDetails": ("owner_details", ""),
    "setBankDetails": ("owner_details", ""),
}
VERSIONED = frozenset(_TABLES)


async def versioned(act: str, values: dict[str, Any], account: dict[str, Any] | None) -> dict[str, Any]:
    """The input of an act with the version that is there now, unless it names one or the act takes none."""
    if act not in _TABLES or "expectedVersion" in values:
        return values
    return {**values, "expectedVersion": await current(act, values, account)}


async def with_version(
    query: str, variables: dict[str, Any], account: dict[str, Any] | None
) -> dict[str, Any]:
    """The variables of a document, whose `$input` names the version that is there now if it needs one."""
    named = re.search(r"\{\s*(\w+)\(input: \$input\)", query)
    values = variables.get("input")
    if named is None or not isinstance(values, dict):
        return variables
    return {**variables, "input": await versioned(named[1], values, account)}


async def current(act: str, values: dict[str, Any], account: dict[str, Any] | None) -> int:
    """The version of what an act would replace: 0 for what was never set, 1 for what is not there."""
    table, field = _TABLES[act]
    if table == "owner_details":
        return await _version(table, "account_id", account and account["id"]) or 0
    row_id = str(values.get(field, "")).partition("_")[2] if field else account and account["id"]
    return await _version(table, "id", row_id) or 1


async def _version(table: str, column: str, row_id: Any) -> int | None:
    try:
        UUID(str(row_id))
    except ValueError:
        return None
    rows = await database.read(f"SELECT version FROM {table} WHERE {column} = ?", (row_id,))
    return int(rows[0]["version"]) if rows else None
