"""The details that only an account's owner sees: legal name, phone, address and bank details."""

from typing import Any

import msgspec

from actions.accounts.bank import BankNumber, bank_number
from actions.commerce.withdrawals.step import cancel_all
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.version import conflict
from authz import reach
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.places import countries
from models.statement import Statement
from models.vocabulary import BankKind

_LONGEST = {"legal_name": 300, "phone": 60, "holder": 300}
_LONGEST_LINE = 200
_FIELDS = {"legal_name": "legalName", "phone": "phone", "address": "address"}

SET_OWNER_DETAILS = Mutation(
    "setOwnerDetails", Standing.OWNER, "Account", codes=(ErrorCode.VERSION_CONFLICT,), replays=True
)
SET_BANK_DETAILS = Mutation(
    "setBankDetails",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.BAD_BANK_NUMBER, ErrorCode.VERSION_CONFLICT),
    replays=True,
)


async def set_owner_details(call: Call, changed: dict[str, Any], expected: int) -> str:
    """Change `legal_name`, `phone` and `address`, if they are provided. The values are never logged."""

    async def work(viewer: Viewer) -> Done:
        values = {
            name: _address(value) if name == "address" else _text(name, value)
            for name, value in changed.items()
        }
        changes = [Change(f"OwnerDetails.{_FIELDS[name]}", None, "changed") for name in values]
        return await _set(viewer, values, expected, *changes)

    return await SET_OWNER_DETAILS.perform(call, work)


async def set_bank_details(
    call: Call, holder: str, kind: BankKind, parts: tuple[str, ...], expected: int
) -> str:
    """Set the account's bank details. Refuses with BAD_BANK_NUMBER a number that does not fit its format."""

    async def work(viewer: Viewer) -> Done:
        name = _text("holder", holder)
        if name is None:
            raise _refusal("holder")
        found: BankNumber = bank_number(kind, *parts)
        values: dict[str, Any] = {
            "bank_holder": name,
            "bank_kind": found.kind.value,
            "bank_number": found.number,
        }
        if await _differs(viewer, values):
            values = values | {"bank_changed_at": database.now()}
        done = await _set(viewer, values, expected, Change("OwnerDetails.bank", None, "changed"))
        if "bank_changed_at" in values:
            await cancel_all(done.object_id, viewer)
        return done

    return await SET_BANK_DETAILS.perform(call, work)


async def _differs(viewer: Viewer, values: dict[str, Any]) -> bool:
    """Whether the bank details are others than those that are stored."""
    statement = Statement("SELECT 1 FROM owner_details r WHERE ") + reach.owner_details(viewer).where("r")
    for name, value in values.items():
        statement &= Statement(f"r.{name} = ?", (value,))
    return not await database.read(statement)


def _text(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    return checked_name(value, _LONGEST[name], (_FIELDS.get(name, name),), "detail_length")


def _address(address: dict[str, str | None] | None) -> str | None:
    if address is None:
        return None
    lines = {name: value.strip() for name, value in address.items() if value is not None and value.strip()}
    for name, value in lines.items():
        if len(value) > _LONGEST_LINE or not value.isprintable():
            raise _refusal("address", name=name)
    if "country" in lines and lines["country"] not in countries():
        raise Refusal(ErrorCode.BAD_INPUT, "no_country", ("address", "country"))
    return msgspec.json.encode(lines).decode()


def _refusal(field: str, most: int = _LONGEST_LINE, name: str | None = None) -> Refusal:
    path = (field, "postalCode" if name == "postal_code" else name) if name else (field,)
    return Refusal(ErrorCode.BAD_INPUT, "detail_length", path, most=most)


async def _set(viewer: Viewer, values: dict[str, Any], expected: int, *changes: Change) -> Done:
    """Write the values if the version is the expected one: 0 if nothing was ever set."""
    assert viewer.central is not None
    account_id = viewer.central.account_id
    values = values | {"changed_at": database.now()}
    columns = ", ".join(f"{name} = ?" for name in values)
    within = reach.owner_details(viewer).where("r")
    changed = await database.write(
        Statement(
            f"UPDATE owner_details AS r SET {columns}, version = version + 1 WHERE r.version = ? AND ",
            (*values.values(), expected),
        )
        + within
    )
    if not changed:
        if expected or await database.read(Statement("SELECT r.id FROM owner_details r WHERE ") + within):
            raise conflict()
        await database.insert("owner_details", {"id": database.new_id(), "account_id": account_id, **values})
    return Done(account_id, changes)
