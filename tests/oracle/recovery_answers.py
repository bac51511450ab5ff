"""What the oracle answers of subscriptions and opportunities: which are listed, and what each says."""

from collections.abc import Callable
from typing import Any

from oracle.catalog_answers import CatalogAnswers
from oracle.sale_answers import Wrong, folded, moment
from oracle.standing import Row

OPEN = ("TODO", "STANDBY")
_MESSAGES = {
    "SUBSCRIPTION_CANCELLATION": "CANCELED",
    "UPDATE_SUBSCRIPTION_CHARGE_DATE": "CHARGE_DAY",
    "SWITCH_PLAN": "PLAN",
    "SUBSCRIPTIONS": "DESCRIBED",
}
_SUBSCRIPTION_ORDERS = {
    "STARTED_AT": "known_since",
    "NEXT_CHARGE_AT": "next_charge_at",
    "ENDED_AT": "ended_at",
}
Tests = dict[str, Callable[[Any], bool]]


class RecoveryAnswers(CatalogAnswers):
    """The part of an oracle that knows subscriptions and opportunities."""

    def _visible(self, table: str, tests: Callable[[Row], Tests], conditions: Row, column: str) -> list[Row]:
        """The rows in reach that meet all conditions, without those that have no place in the order."""
        return [
            row
            for row in self._of(table)
            if self.sees(row)
            and row[column] is not None
            and all(tests(row)[name](wanted) for name, wanted in conditions.items())
        ]

    def _in_common(self, row: Row) -> Tests:
        return {
            "status": lambda wanted: row["status"] in wanted,
            "product": lambda wanted: row["product_id"] and f"product_{row['product_id']}" == wanted,
            "assignee": lambda wanted: row["assignee_id"] and f"person_{row['assignee_id']}" == wanted,
            "unassigned": lambda wanted: (row["assignee_id"] is None) is wanted,
        }

    def _contains(self, row: Row, prefix: str, kind: str, names: tuple[str, ...], wanted: str) -> bool:
        """Whether one of some names has a text, or what the viewer can read of the person."""
        open_too = [name for name in ("email", "phone", "document") if self.has(kind, name)]
        written = [row[f"{prefix}_{name}"] for name in open_too] + [row.get("code")]
        return any(folded(wanted) in folded(name) for name in names if name) or any(
            wanted.lower() in text.lower() for text in written if text
        )

    def _in_order(self, rows: list[Row], column: str, order: Row | None) -> list[Row]:
        ascending = order is not None and order.get("direction") == "ASC"
        return sorted(rows, key=lambda row: (row[column], row["id"]), reverse=not ascending)

    # subscriptions

    def _Account_subscriptions(
        self,
        _: Row,
        filter: Row | None = None,  # noqa: A002
        order: Row | None = None,
        first: int = 20,
    ) -> Row:
        column = _SUBSCRIPTION_ORDERS[order["field"] if order else "STARTED_AT"]
        found = self._visible("subscriptions", self._of_subscription, filter or {}, column)
        return self._page(self._in_order(found, column, order), first)

    def _of_subscription(self, row: Row) -> Tests:
        return self._in_common(row) | {
            "plan": lambda wanted: row["plan"] == wanted,
            "overdue": lambda wanted: (row["overdue_recurrences"] > 0) is wanted,
            "silent": lambda wanted: self._ProductSubscription_silent(row) is wanted,
            "nextCharge": lambda wanted: self._within(row["next_charge_at"], wanted),
            "started": lambda wanted: self._within(row["started_at"], wanted),
            "ended": lambda wanted: self._within(row["ended_at"], wanted),
            "text": lambda wanted: self._contains(
                row, "subscriber", "Subscriber", (row["subscriber_name"],), wanted
            ),
        }

    def _Account_subscription(self, _: Row, code: str) -> Row | None:
        found = (row for row in self._of("subscriptions") if row["code"] == code and self.sees(row))
        return next(found, None)

    def _SubscriptionSummary_subscriptionId(self, row: Row) -> str:
        return f"subscription_{row['id']}"

    def _ProductSubscription_product(self, row: Row) -> Row | None:
        return self._named("products", row["product_id"])

    def _ProductSubscription_plan(self, row: Row) -> Row | None:
        return None if row["plan"] is None else {"name": row["plan"]}

    def _ProductSubscription_price(self, row: Row) -> Row | None:
        return self._perhaps(row, "price", "currency")

    def _ProductSubscription_silent(self, row: Row) -> bool:
        return row["silent_from"] is not None and row["silent_from"] <= self.now

    def _ProductSubscription_subscriber(self, row: Row) -> Row:
        return _without(row, "subscriber_")

    def _ProductSubscription_requests(self, row: Row) -> list[Row]:
        return self._below(row, "subscription_requests", "requested_at", newest=True)

    def _ProductSubscription_history(self, row: Row) -> list[Row]:
        return self._below(row, "subscription_events", "happened_at")

    def _ProductSubscription_reminders(self, row: Row) -> list[Row]:
        events = self._ProductSubscription_history(row)
        return [event for event in events if self._facts_of(event, "REMINDER", "RULE_EMAIL") is not None]

    def _ProductSubscription_payments(self, row: Row) -> list[Row]:
        return [sale for sale in self.sales() if sale.get("subscription_id") == row["id"]]

    def _below(self, row: Row, table: str, at: str, *, newest: bool = False) -> list[Row]:
        key = f"{table.partition('_')[0]}_id"
        found = [item for item in self.world[table] if item[key] == row["id"]]
        return sorted(found, key=lambda item: (item[at], item["id"]), reverse=newest)

    def _SubscriptionRequest_requestedBy(self, row: Row) -> Row | None:
        return {"name": row["requested_by_name"]} if row["requested_by_name"] else None

    def _SubscriptionReminderSent_at(self, event: Row) -> str | None:
        return moment(event["happened_at"])

    def _SubscriptionReminderSent_about(self, event: Row) -> str:
        return str(event["facts"].get("email", "OVERDUE"))

    def _SubscriptionReminderSent_days(self, event: Row) -> int | None:
        return event["facts"].get("days")

    def _SubscriptionReminderSent_by(self, event: Row) -> Row | None:
        return event["facts"].get("by")

    def _SubscriptionEvent_message(self, event: Row) -> str | None:
        return _MESSAGES.get(event["kind"])

    def _SubscriptionEvent_request(self, event: Row) -> Row | None:
        facts = self._facts_of(event, "REQUEST")
        return facts and {"reason": None, "day": None} | facts

    def _SubscriptionEvent_ruleEmail(self, event: Row) -> Row | None:
        return self._email(event, "RULE_EMAIL")

    def _SubscriptionEvent_ruleEmailSkipped(self, event: Row) -> Row | None:
        return self._email(event, "RULE_EMAIL_SKIPPED")

    def _email(self, event: Row, kind: str) -> Row | None:
        facts = self._facts_of(event, kind)
        return facts and {"about": facts["email"], "days": facts["days"]}

    def _assignment(self, event: Row) -> Row | None:
        facts = self._facts_of(event, "ASSIGNMENT")
        return facts and {"assignee_name": None, "team_name": None} | facts["assignment"]

    _SubscriptionEvent_assignment = _OpportunityEvent_assignment = _assignment

    # opportunities

    def _Account_opportunities(
        self,
        _: Row,
        filter: Row | None = None,  # noqa: A002
        order: Row | None = None,
        first: int = 20,
    ) -> Row:
        conditions, column = filter or {}, (order["field"] if order else "TOUCHED_AT").lower()
        if column == "amount" and not conditions.get("currency"):
            raise Wrong("BAD_INPUT")
        found = self._visible("opportunities", self._of_opportunity, conditions, column)
        return self._page(self._in_order(found, column, order), first)

    def _of_opportunity(self, row: Row) -> Tests:
        named = self._named("products", row["product_id"])
        names = (row["title"], row["contact_name"], named and named["name"])
        return self._in_common(row) | {
            "kind": lambda wanted: row["kind"] in wanted,
            "step": lambda wanted: f"step_{row['step_id']}" == wanted,
            "starred": lambda wanted: row["starred"] is wanted,
            "opened": lambda wanted: self._within(row["opened_at"], wanted),
            "remind": lambda wanted: self._within(row["remind_at"], wanted),
            "inReports": lambda wanted: self.counts(row) is wanted,
            "currency": lambda wanted: row["currency"] == wanted,
            "text": lambda wanted: self._contains(row, "contact", "OpportunityContact", names, wanted),
        }

    def _Account_pipeline(self, _: Row) -> list[Row]:
        return sorted(self._of("pipeline_steps"), key=lambda step: step["position"])

    def _OpportunityStep_stepId(self, step: Row) -> str:
        return f"step_{step['id']}"

    def _OpportunityStep_open(self, step: Row) -> int:
        opportunities = [row for row in self._of("opportunities") if row["step_id"] == step["id"]]
        return sum(1 for row in opportunities if row["status"] in OPEN and self.sees(row))

    def _Opportunity_title(self, row: Row) -> str:
        product = self._named("products", row["product_id"])
        return str(row["title"] or row["contact_name"] or (product and product["name"]) or "–")

    def _Opportunity_step(self, row: Row) -> Row | None:
        return self._named("pipeline_steps", row["step_id"])

    def _Opportunity_amount(self, row: Row) -> Row | None:
        return self._perhaps(row, "amount", "currency")

    def _Opportunity_contact(self, row: Row) -> Row:
        return _without(row, "contact_")

    def _Opportunity_lostReason(self, row: Row) -> str | None:
        return row["lost_reason"] if row["status"] == "LOST" else None

    def _Opportunity_mergedIntoId(self, _: Row) -> None:
        return None

    def _Opportunity_sale(self, row: Row) -> Row | None:
        return self._sale_in_reach(row["sale_id"])

    def _Opportunity_wonBy(self, row: Row) -> Row | None:
        return self._sale_in_reach(row["won_by_id"])

    def _sale_in_reach(self, sale_id: str | None) -> Row | None:
        sale = self._named("sales", sale_id)
        return sale if sale is not None and self.sees(sale) else None

    def _Opportunity_notes(self, row: Row, first: int = 20) -> Row:
        return self._page(self._below_opportunity(row, "opportunity_notes", "written_at"), first)

    def _Opportunity_history(self, row: Row, first: int = 20) -> Row:
        return self._page(self._below_opportunity(row, "opportunity_events", "happened_at"), first)

    def _below_opportunity(self, row: Row, table: str, at: str) -> list[Row]:
        return self._below(row, table, at, newest=True)

    def _OpportunityNote_at(self, note: Row) -> str | None:
        return moment(note["written_at"])

    def _OpportunityNote_by(self, note: Row) -> Row:
        return {"name": note["written_by_name"]}

    def _OpportunityEvent_occurrence(self, event: Row) -> str | None:
        return event["kind"] if self._change(event) is None else None

    def _OpportunityEvent_source(self, event: Row) -> str:
        return str(event["source"]) if self._change(event) else "MARKETPLACE"

    def _OpportunityEvent_stepChange(self, event: Row) -> Row | None:
        return self._facts_of(event, "STEP")

    def _OpportunityEvent_loss(self, event: Row) -> Row | None:
        return self._facts_of(event, "LOSS")

    def _change(self, event: Row) -> str | None:
        return self._SaleEvent_change(event)

    _SubscriptionEvent_change = _OpportunityEvent_change = _change
    _SubscriptionEvent_changedBy = CatalogAnswers._SaleEvent_changedBy
    _OpportunityEvent_changedBy = CatalogAnswers._SaleEvent_changedBy
    _OpportunityEvent_distribution = CatalogAnswers._SaleEvent_distribution
    _Opportunity_product = _ProductSubscription_product
    _Opportunity_offer = CatalogAnswers._Sale_offer
    _Opportunity_origin = CatalogAnswers._Sale_origin
    _Opportunity_affiliate = CatalogAnswers._Sale_affiliate
    _Opportunity_assignee = _ProductSubscription_assignee = CatalogAnswers._Sale_assignee
    _SubscriptionSummary_assignee = CatalogAnswers._Sale_assignee
    _Opportunity_team = _ProductSubscription_team = CatalogAnswers._Sale_team


def _without(row: Row, prefix: str) -> Row:
    return {key.removeprefix(prefix): value for key, value in row.items() if key.startswith(prefix)}
