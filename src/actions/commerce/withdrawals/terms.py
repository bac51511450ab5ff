"""The owner's terms: payout days, least amounts, and what was paid out before."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.commerce.withdrawals.request import not_enough, require_reviewed
from actions.kit.call import Call
from actions.kit.currency import minor_amount, require_currency
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.version import advance_account
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.currency import money_text
from models.ledger.books import Books
from models.ledger.release import release_due
from models.ledger.review import continue_review, start_review
from models.tables.ledger import LedgerAccount, LedgerKind

SET_PAYOUT_TERMS = Mutation(
    "setPayoutTerms",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.VERSION_CONFLICT,),
    replays=True,
    changes_access=False,
)
SET_WITHDRAWAL_RULES = Mutation(
    "setWithdrawalRules",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.VERSION_CONFLICT,),
    replays=True,
    changes_access=False,
)
OPEN_BALANCE = Mutation(
    "openBalance",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.NOT_ENOUGH, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)
MOST_DAYS = 365
MOST_CURRENCIES = 20


async def set_payout_terms(call: Call, days: Sequence[tuple[str, int]], expected: int) -> str:
    """Replace the payout days: one number for each currency. What has none has the default."""

    async def work(viewer: Viewer) -> Done:
        chosen: dict[str, int] = {}
        for position, (spelled, number) in enumerate(days):
            currency = spelled.upper()
            _require_currency(currency, chosen, ("days", str(position), "currency"))
            if not 0 <= number <= MOST_DAYS:
                field = ("days", str(position), "days")
                raise Refusal(ErrorCode.BAD_INPUT, "payout_days", field, most=MOST_DAYS)
            chosen[currency] = number
        account_id = await _advanced(viewer, expected)
        change = await _replace(account_id, "payout_days", chosen, "Balance.payoutDays")
        if change is not None:
            await start_review(account_id)
            await continue_review(account_id, 0)
        return Done(account_id, (change,) if change else ())

    return await SET_PAYOUT_TERMS.perform(call, work)


async def set_withdrawal_rules(call: Call, minimum: Sequence[tuple[Decimal, str]], expected: int) -> str:
    """Replace the least amounts of withdrawals: one for each currency. What has none has no minimum."""

    async def work(viewer: Viewer) -> Done:
        chosen: dict[str, int] = {}
        for position, (amount, spelled) in enumerate(minimum):
            minor, currency = minor_amount(amount, spelled, ("minimum", str(position)))
            _require_currency(currency, chosen, ("minimum", str(position), "currency"))
            chosen[currency] = minor
        account_id = await _advanced(viewer, expected)
        change = await _replace(account_id, "minimum", chosen, "Balance.minimum")
        return Done(account_id, (change,) if change else ())

    return await SET_WITHDRAWAL_RULES.perform(call, work)


async def open_balance(call: Call, amount: Decimal, currency: str) -> str:
    """Book once in a currency what was paid out before this server was used."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id, now = viewer.central.account_id, database.now()
        minor, code = minor_amount(amount, currency, ("paidOut",))
        await require_reviewed(account_id)
        books = await Books.open(account_id)
        await release_due(books, code, now)
        balance = books.balance(code)
        if balance.opened_at is not None:
            raise Refusal(ErrorCode.WRONG_STATE, "opened_before", ("paidOut", "currency"))
        if minor > balance.available:
            raise not_enough(balance.available, code)
        balance.opened_at = now
        moves = {LedgerAccount.AVAILABLE: -minor, LedgerAccount.PAID_OUT: minor}
        books.post(LedgerKind.OPENING, code, moves, now)
        await books.write()
        return Done(account_id, (Change("Balance.paidOut", None, money_text(minor, code)),))

    return await OPEN_BALANCE.perform(call, work)


async def _advanced(viewer: Viewer, expected: int) -> str:
    assert viewer.central is not None
    await advance_account(viewer, expected)
    return viewer.central.account_id


def _require_currency(currency: str, earlier: Mapping[str, int], field: tuple[str, ...]) -> None:
    require_currency(currency, field)
    if currency in earlier or len(earlier) >= MOST_CURRENCIES:
        raise Refusal(ErrorCode.BAD_INPUT, "limits_once", field, most=MOST_CURRENCIES)


async def _replace(account_id: str, term: str, chosen: Mapping[str, int], field: str) -> Change | None:
    """Write a term of all currencies. Returns what changed."""
    books = await Books.open(account_id)
    before: dict[str, int] = {}
    for currency in sorted({*books.currencies, *chosen}):
        known = getattr(books.balance(currency), term)
        if known is not None:
            before[currency] = known
        if known != chosen.get(currency):
            setattr(books.changed(currency), term, chosen.get(currency))
    await books.write()
    if before == dict(chosen):
        return None
    return Change(field, _texts(before, term), _texts(chosen, term))


def _texts(values: Mapping[str, int], term: str) -> list[str]:
    money = term == "minimum"
    return [
        money_text(value, currency) if money else f"{currency} {value}"
        for currency, value in sorted(values.items())
    ]
