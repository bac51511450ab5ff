"""The owner's limits: what is requested above them waits for the owner's approval."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import advance_account
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.currency import exponent_of, money_text
from models.places import CURRENCIES
from models.tables.refund import ApprovalAct

SET_APPROVAL_RULES = Mutation(
    "setApprovalRules",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.VERSION_CONFLICT,),
    replays=True,
    changes_access=False,
)
MOST_CURRENCIES = 20
_MOST = 10**12
_FIELDS = {
    ApprovalAct.REFUND: ("refundsAbove", "ApprovalRules.refundsAbove"),
    ApprovalAct.REFUND_DAY: ("refundsPerDayAbove", "ApprovalRules.refundsPerDayAbove"),
    ApprovalAct.WITHDRAWAL: ("withdrawalsAbove", "ApprovalRules.withdrawalsAbove"),
}
Amounts = Sequence[tuple[Decimal, str]]
"""Amounts in major units, each with its currency."""


async def set_approval_rules(call: Call, rules: Mapping[ApprovalAct, Amounts], expected: int) -> str:
    """Replace some limits: one for each currency. What has none needs no approval."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        minor = {act: _minor(amounts, _FIELDS[act][0]) for act, amounts in rules.items()}
        await advance_account(viewer, expected)
        stored = await limits_by_act(viewer.central.account_id)
        changes = []
        for act, limits in minor.items():
            before = stored.get(act, {})
            if before != limits:
                await _replace(viewer.central.account_id, act, limits)
                changes.append(Change(_FIELDS[act][1], _texts(before), _texts(limits)))
        return Done(viewer.central.account_id, tuple(changes))

    return await SET_APPROVAL_RULES.perform(call, work)


async def limits_by_act(account_id: str) -> dict[ApprovalAct, dict[str, int]]:
    """The limits in minor units, by currency."""
    rows = await database.read(
        "SELECT act, currency, amount FROM approval_limits WHERE account_id = ? ORDER BY currency",
        (account_id,),
    )
    found: dict[ApprovalAct, dict[str, int]] = {}
    for row in rows:
        found.setdefault(ApprovalAct(row["act"]), {})[row["currency"]] = row["amount"]
    return found


async def _replace(account_id: str, act: ApprovalAct, limits: Mapping[str, int]) -> None:
    await database.write(
        "DELETE FROM approval_limits WHERE account_id = ? AND act = ?", (account_id, act.value)
    )
    await database.insert_many(
        "approval_limits",
        ("id", "account_id", "act", "currency", "amount"),
        [(database.new_id(), account_id, act.value, currency, amount) for currency, amount in limits.items()],
    )


def _minor(amounts: Amounts, field: str) -> dict[str, int]:
    """The limits by currency, in its order: at most one for each."""
    found: dict[str, int] = {}
    for position, (amount, spelled) in enumerate(amounts):
        at = (field, str(position))
        currency = spelled.upper()
        if currency not in CURRENCIES:
            raise Refusal(ErrorCode.BAD_INPUT, "no_currency", (*at, "currency"))
        if currency in found or len(amounts) > MOST_CURRENCIES:
            raise Refusal(ErrorCode.BAD_INPUT, "limits_once", (*at, "currency"), most=MOST_CURRENCIES)
        minor = amount.scaleb(exponent_of(currency)) if abs(amount) <= _MOST else Decimal(-1)
        if minor != minor.to_integral_value() or minor < 0:
            raise Refusal(
                ErrorCode.BAD_INPUT, "limit_amount", (*at, "amount"), decimals=exponent_of(currency)
            )
        found[currency] = int(minor)
    return dict(sorted(found.items()))


def _texts(limits: Mapping[str, int]) -> list[str]:
    return [money_text(amount, currency) for currency, amount in limits.items()]
