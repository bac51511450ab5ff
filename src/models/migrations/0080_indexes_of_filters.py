"""What a filter finds has indexes in the order of the list: those of the account, and those of each assignee.

Those of values that few rows have are partial. They cost arriving sales nothing, and no plan for all values
takes them for another list.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_OF_ASSIGNEE = "account_id, assignee_id"
_COUPON = {"sqlite": "UPPER(coupon)", "postgres": 'UPPER(coupon COLLATE "C")'}
_SALES = {
    "sales_by_status": "account_id, status, ordered_at, id",
    "sales_by_status_of_assignee": f"{_OF_ASSIGNEE}, status, ordered_at, id",
    "sales_by_offer": "account_id, offer_id, ordered_at, id",
}
_REQUESTS = {
    "refund_requests_by_status": "account_id, status, requested_at, id",
    "refund_requests_by_status_of_assignee": f"{_OF_ASSIGNEE}, status, requested_at, id",
    "refund_requests_by_reason": "account_id, reason, requested_at, id",
    "refund_requests_by_reason_of_assignee": f"{_OF_ASSIGNEE}, reason, requested_at, id",
}
_PARTIAL = {
    "sales_by_role": ("account_id, sold_as, ordered_at, id", "sold_as <> 'PRODUCER'"),
    "sales_by_role_of_assignee": (f"{_OF_ASSIGNEE}, sold_as, ordered_at, id", "sold_as <> 'PRODUCER'"),
    "sales_by_refusal": ("account_id, refusal, ordered_at, id", "refusal IS NOT NULL"),
    "sales_by_refusal_of_assignee": (f"{_OF_ASSIGNEE}, refusal, ordered_at, id", "refusal IS NOT NULL"),
    "sales_by_refund": ("account_id, refunded_at, id", "refunded_at IS NOT NULL"),
    "sales_by_refund_of_assignee": (f"{_OF_ASSIGNEE}, refunded_at, id", "refunded_at IS NOT NULL"),
    "sales_by_coupon": ("account_id, {coupon}, ordered_at, id", "coupon IS NOT NULL"),
    "sales_by_coupon_of_assignee": (f"{_OF_ASSIGNEE}, {{coupon}}, ordered_at, id", "coupon IS NOT NULL"),
    "sales_in_funnel": ("account_id, ordered_at, id, in_funnel", "in_funnel"),
    "sales_in_funnel_of_assignee": (f"{_OF_ASSIGNEE}, ordered_at, id, in_funnel", "in_funnel"),
}


def _created(dialect: str) -> tuple[str, ...]:
    return (
        *(f"CREATE INDEX {name} ON sales ({keys})" for name, keys in _SALES.items()),
        *(f"CREATE INDEX {name} ON refund_requests ({keys})" for name, keys in _REQUESTS.items()),
        *(
            f"CREATE INDEX {name} ON sales ({keys.format(coupon=_COUPON[dialect])}) WHERE {rows}"
            for name, (keys, rows) in _PARTIAL.items()
        ),
    )


_UNDONE = tuple(f"DROP INDEX {name}" for name in (*_SALES, *_REQUESTS, *_PARTIAL))


class Migration(migrations.Migration):
    dependencies = [("models", "0079_an_index_for_credit_alone")]

    initial = False

    operations: list[ops.Operation] = [
        Statements(
            {
                "sqlite": _created("sqlite"),
                "postgres": ("SET LOCAL statement_timeout = 0", *_created("postgres")),
            },
            {"sqlite": _UNDONE, "postgres": _UNDONE},
        )
    ]
