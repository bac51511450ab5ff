"""What narrowed tokens can do in a day: calls, and money that leaves the account."""

import msgspec
from limits import RateLimitItemPerDay

from actions.kit.rates import rates
from authz import reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.currency import money_text
from models.statement import Statement, one_of

DAY_MS = 24 * 3_600_000


class CallsSpent(Exception):
    """A token, or one that it descends from, has no calls left today."""

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(most)
        self.most = most
        self.seconds = seconds


async def count_call(viewer: Viewer) -> None:
    """Count a call of a token, and of all that it descends from. Raises `CallsSpent`."""
    for allowance in viewer.allowances:
        if allowance.calls is not None:
            limit = RateLimitItemPerDay(allowance.calls)
            if not await rates().hit(limit, "token", allowance.token_id):
                raise CallsSpent(
                    allowance.calls, await rates().seconds_left(limit, "token", allowance.token_id)
                )


async def spend(viewer: Viewer, minor: int, currency: str) -> None:
    """Count an amount for a token and all that it descends from, or refuse it.

    The account is locked, so the amounts of two calls at once are both counted.
    """
    found = {
        allowance.token_id: allowance.amounts
        for allowance in viewer.allowances
        if allowance.amounts is not None
    }
    if not found:
        return
    within = reach.own_tokens(viewer).where("k") & one_of("k.id", found)
    rows = await database.read(
        Statement("SELECT k.id, CAST(k.spent AS TEXT) AS spent FROM access_tokens k WHERE ") + within
    )
    day = database.now() // DAY_MS
    for row in rows:
        token_id, amounts = str(row["id"]), found[str(row["id"])]
        spent = msgspec.json.decode(row["spent"]) if row["spent"] else {}
        if spent.get("day") != day:
            spent = {"day": day}
        most, total = amounts.get(currency, 0), spent.get(currency, 0) + minor
        if total > most:
            raise Refusal(ErrorCode.RATE_LIMITED, "token_amount", most=money_text(most, currency))
        spent[currency] = total
        await database.write(
            Statement(
                "UPDATE access_tokens AS k SET spent = ? WHERE k.id = ? AND ",
                (msgspec.json.encode(spent).decode(), token_id),
            )
            + reach.own_tokens(viewer).where("k")
        )
