"""What the oracle answers of reports that list rows: customers, what ended, what is late, and statements."""

from datetime import date
from typing import Any

from oracle.recovery_answers import RecoveryAnswers
from oracle.recovery_sums import A_YEAR, currency_of, monthly, yearly
from oracle.sale_answers import folded, moment
from oracle.standing import Row
from oracle.sums import LOST, REVENUE, buyer

LISTED_ROWS = {"Customer", "CustomerTotal", "BillingStatement", "BillingLine", "CanceledSubscription",
               "CancellationTotal", "OverdueCharge", "OverdueTotal"}  # fmt: skip
DAY = 86_400_000
_REASONS = ("PRICE", "NOT_USING", "CONTENT", "TECHNICAL", "PAYMENT_PROBLEM", "OTHER_PRODUCT", "FINISHED",
            "DUPLICATE", "OTHER", "UNKNOWN")  # fmt: skip
_LATE = {"D1_7": 7, "D8_15": 15, "D16_30": 30, "D31_60": 60}


def _money(minor: int, currency: str) -> Row:
    return {"minor": minor, "currency": currency}


def _by_currency(pairs: list[tuple[str, int]]) -> dict[str, int]:
    """Amounts added up by their currencies, in the order of these."""
    sums: dict[str, int] = {}
    for currency, amount in sorted(pairs):
        sums[currency] = sums.get(currency, 0) + amount
    return sums


def _masked_email(address: str | None) -> str | None:
    if address is None:
        return None
    before, after = address.split("@")
    return f"{before[0]}…@{after[0]}…"


class ReportLists(RecoveryAnswers):
    """The part of an oracle that knows reports whose rows are listed."""

    def _totals(self, page: Row) -> list[Row]:
        return page["totals"]

    _CustomerConnection_totals = _totals
    _CanceledSubscriptionConnection_totals = _totals
    _OverdueChargeConnection_totals = _totals

    # customers

    def _Reports_customers(
        self,
        _: Row,
        period: Row,
        filter: Row | None = None,  # noqa: A002
        order: Row | None = None,
        first: int = 20,
    ) -> Row:
        conditions = filter or {}
        by_buyer: dict[str, list[Row]] = {}
        for sale in self.world["sales"]:
            at = self._placed_at(sale)
            chosen = conditions.get("product") in (None, f"product_{sale['product_id']}")
            if at is not None and self.counts(sale) and self._within(at, period) and chosen:
                by_buyer.setdefault(buyer(sale), []).append(sale)
        found = []
        for sales in by_buyer.values():
            customer = self._customer(sales)
            text = conditions.get("text")
            named = text is None or any(folded(text) in folded(sale["buyer_name"] or "") for sale in sales)
            if named and customer["purchases"] >= conditions.get("atLeast", 0):
                found.append(customer)
        column = order["field"] if order else "LAST_AT"
        spent = {customer["last"]: 0 for customer in found}
        for customer in found:
            amounts = [
                item["minor"] for item in customer["spent"] if item["currency"] == conditions.get("currency")
            ]
            spent[customer["last"]] = sum(amounts)
        keys: dict[str, Any] = {
            "LAST_AT": lambda customer: customer["last_at"],
            "PURCHASES": lambda customer: customer["purchases"],
            "SPENT": lambda customer: spent[customer["last"]],
        }
        ascending = order is not None and order.get("direction") == "ASC"
        found.sort(key=lambda customer: (keys[column](customer), customer["last"]), reverse=not ascending)
        return self._page(found, first) | {"totals": self._spent(found)}

    def _placed_at(self, sale: Row) -> int | None:
        if sale["sold_as"] != "PRODUCER" or sale["status"] not in (*REVENUE, *LOST):
            return None
        if sale["approved_at"] is None and sale["status"] in LOST:
            return int(sale["ordered_at"])
        return sale["approved_at"]

    def _customer(self, sales: list[Row]) -> Row:
        times = [(self._placed_at(sale) or 0, sale["id"], sale) for sale in sales]
        newest = max(times, key=lambda item: item[:2])[2]
        shown = newest if self.sees(newest) else dict.fromkeys(newest)
        email, phone = shown["buyer_email"], shown["buyer_phone"]
        paid = [sale for sale in sales if sale["status"] in REVENUE]
        spent = _by_currency([(sale["currency"], sale["price"]) for sale in paid])
        returned = [(sale["currency"], sale["price"]) for sale in sales if sale["status"] == "REFUNDED"]
        refunded = _by_currency(returned)
        return {
            "sales": sales,
            "last": max(sale["id"] for sale in sales),
            "last_at": max(times)[0],
            "name": newest["buyer_name"],
            "country": newest["buyer_country"],
            "email": email,
            "emailMasked": _masked_email(email),
            "phone": phone,
            "phoneMasked": phone and f"…{phone[-2:]}",
            "document": shown["buyer_document"],
            "purchases": len(paid),
            "products": len({sale["product_id"] for sale in paid}),
            "subscriber": any(sale["subscription_code"] is not None for sale in sales),
            "spent": [_money(amount, currency) for currency, amount in spent.items() if amount],
            "refunded": [_money(amount, currency) for currency, amount in refunded.items() if amount],
            "firstAt": moment(min(times)[0]),
            "lastAt": moment(max(times)[0]),
        }

    def _spent(self, customers: list[Row]) -> list[Row]:
        found = []
        sales = [sale for customer in customers for sale in customer["sales"]]
        for currency in sorted({sale["currency"] for sale in sales}):
            own = [sale for sale in sales if sale["currency"] == currency]
            paid = [sale["price"] for sale in own if sale["status"] in REVENUE]
            refunded = sum(sale["price"] for sale in own if sale["status"] == "REFUNDED")
            found.append({
                "currency": currency, "customers": len({buyer(sale) for sale in own}), "purchases": len(paid),
                "spent": _money(sum(paid), currency), "refunded": _money(refunded, currency),
            })  # fmt: skip
        return found

    # statements, which are about the whole account

    def _with_statement(self, row: Row) -> Row:
        """A row of `selfBilling` of a whole month, with the newest revision of its statement."""
        month, number = row["from"][:7], f"SB-{row['from'][:7]}-{row['currency']}"
        found = self._Reports_statements(row, number)
        if not found or (row["from"], row["to"]) != (f"{month}-01", _month_after(month)):
            return row
        revised = max(item["revisedAt"] for item in found)
        return row | {"statement": number, "revision": found[0]["revision"], "revisedAt": revised}

    def _Reports_statements(self, _: Row, number: str) -> list[Row]:
        found = [
            row
            for row in self._of("billing_statements")
            if self.everyone and f"SB-{row['month']}-{row['currency']}" == number
        ]
        found.sort(key=lambda row: row["revision"], reverse=True)
        return [
            {
                **{name: row[name] for name in ("currency", "revision")},
                "number": number,
                "from": f"{row['month']}-01",
                "to": _month_after(row["month"]),
                "revisedAt": moment(row["revised_at"]),
                **self._billed(row, row["currency"]),
            }
            for row in found
        ]

    def _Reports_statementLines(self, _: Row, number: str, revision: int) -> list[Row]:
        if all(item["revision"] != revision for item in self._Reports_statements(_, number)):
            return []
        found = [
            row
            for row in self._of("billing_lines")
            if f"SB-{row['month']}-{row['currency']}" == number
            and row["first_revision"] <= revision
            and (row["last_revision"] is None or row["last_revision"] >= revision)
        ]
        products = [product["id"] for product in self._listed("products", "name")]  # type: ignore[attr-defined]
        found.sort(
            key=lambda row: (row["sold_as"], products.index(row["product_id"]), row["unit"] or 0, row["id"])
        )
        return [
            {
                "soldAs": row["sold_as"],
                "product": self._find("products", row["product_id"]),
                "unit": None if row["unit"] is None else _money(row["unit"], row["currency"]),
                **self._billed(row, row["currency"]),
            }
            for row in found
        ]

    def _billed(self, row: Row, currency: str) -> Row:
        amounts = {name: _money(row[name], currency) for name in ("received", "reversed")}
        return {"count": row["sales"], "unknownAmount": row["unknown"], **amounts}

    # subscriptions that ended

    def _Reports_cancelledSubscriptionsInDetail(
        self,
        _: Row,
        period: Row,
        filter: Row | None = None,  # noqa: A002
        first: int = 20,
    ) -> Row:
        conditions = filter or {}
        found = [
            row
            for row in self.world["subscriptions"]
            if row["status"] == "CANCELLED"
            and self.counts(row)
            and self._within(row["ended_at"], period)
            and (row["reason"] or "UNKNOWN") in conditions.get("reason", _REASONS)
            and conditions.get("product") in (None, f"product_{row['product_id']}")
        ]
        found.sort(key=lambda row: (row["ended_at"], row["id"]), reverse=True)
        sums: dict[tuple[str, str], list[int]] = {}
        for row in found:
            place = (row["reason"] or "UNKNOWN", currency_of(self.world, self.account, row))
            sums.setdefault(place, []).append(yearly(row))
        order = sorted(sums, key=lambda place: (_REASONS.index(place[0]), place[1]))
        totals = [
            {
                "reason": reason,
                "currency": currency,
                "canceled": len(sums[reason, currency]),
                "lostRecurring": _money(monthly(sum(sums[reason, currency])), currency),
            }
            for reason, currency in order
        ]
        return self._page([self._canceled(row) for row in found], first) | {"totals": totals}

    def _canceled(self, row: Row) -> Row:
        currency = currency_of(self.world, self.account, row)
        known = row["price"] is not None and row["period"] in A_YEAR
        request = self._find("subscription_requests", row["cancelled_by_request"])
        name = request and request["requested_by_name"]
        payments = [
            (sale["currency"], sale["price"])
            for sale in self.world["sales"]
            if sale["subscription_id"] == row["id"]
            and sale["status"] in REVENUE
            and sale["sold_as"] == "PRODUCER"
            and self.counts(sale)
        ]
        return {
            "code": row["code"],
            "product": self._find("products", row["product_id"]),
            "plan": row["plan"],
            "startedAt": moment(row["started_at"]),
            "endedAt": moment(row["ended_at"]),
            "endedBy": row["ended_by"] or "UNKNOWN",
            "reason": row["reason"] or "UNKNOWN",
            "payments": row["paid_recurrences"],
            "received": [_money(amount, item) for item, amount in _by_currency(payments).items()],
            "lostRecurring": _money(monthly(yearly(row)), currency) if known else None,
            "requestedBy": {"name": name} if name else None,
            "subscription": row if self.sees(row) else None,
        }

    # payments that are late

    def _Reports_overdueSubscriptions(
        self,
        _: Row,
        period: Row | None = None,
        filter: Row | None = None,  # noqa: A002
        first: int = 20,
    ) -> Row:
        found = [
            sale
            for sale in self.world["sales"]
            if sale["status"] == "OVERDUE"
            and sale["subscription_id"] is not None
            and self.counts(sale)
            and (period is None or self._within(sale["ordered_at"], period))
            and (filter or {}).get("product") in (None, f"product_{sale['product_id']}")
        ]
        found.sort(key=lambda sale: (sale["ordered_at"], sale["id"]))
        sums: dict[tuple[str, str], list[int]] = {}
        for sale in found:
            sums.setdefault((self._late(sale), sale["currency"]), []).append(sale["price"])
        totals = [
            {
                "late": late,
                "currency": currency,
                "charges": len(prices),
                "amount": _money(sum(prices), currency),
            }
            for (late, currency), prices in sorted(sums.items(), key=lambda item: _by_lateness(item[0]))
        ]
        return self._page([self._overdue(sale) for sale in found], first) | {"totals": totals}

    def _days_late(self, sale: Row) -> int:
        return max(0, int((self.now - sale["ordered_at"]) // DAY))

    def _late(self, sale: Row) -> str:
        days = self._days_late(sale)
        return next((late for late, most in _LATE.items() if days <= most), "OVER_60")

    def _overdue(self, sale: Row) -> Row:
        subscription = self._find("subscriptions", sale["subscription_id"])
        events = [
            event
            for event in self.world["subscription_events"]
            if event["subscription_id"] == subscription["id"] and event["happened_at"] >= sale["ordered_at"]
        ]
        reminders = [
            event
            for event in events
            if (event["source"], event["kind"]) == ("PERSON", "REMINDER")
            or (event["kind"] == "RULE_EMAIL" and event["facts"]["email"] == "OVERDUE")
        ]
        return {
            "code": sale["subscription_code"],
            "product": self._find("products", sale["product_id"]),
            "plan": subscription["plan"],
            "recurrence": sale["recurrence"],
            "amount": _money(sale["price"], sale["currency"]),
            "dueAt": moment(sale["ordered_at"]),
            "daysLate": self._days_late(sale),
            "late": self._late(sale),
            "reminders": len(reminders),
            "subscription": subscription if self.sees(subscription) else None,
        }


def _by_lateness(place: tuple[str, str]) -> tuple[int, str]:
    return [*_LATE, "OVER_60"].index(place[0]), place[1]


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1).isoformat()
