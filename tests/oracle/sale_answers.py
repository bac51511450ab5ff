"""What the oracle answers of sales: which of them a filter leaves, in what order, and what each says."""

import re
import unicodedata
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from oracle.standing import Row, Standing
from oracle.sums import capitals

DECIMALS = {"JPY": 0, "CLP": 0, "KWD": 3}


class Wrong(Exception):
    """A question that is understood and cannot be answered: its code."""


def folded(text: str) -> str:
    """Text without case and accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(item for item in apart if not unicodedata.combining(item)).casefold()


def moment(milliseconds: int | None) -> str | None:
    """A time as text."""
    if milliseconds is None:
        return None
    text = datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{milliseconds % 1000:03}Z" if milliseconds % 1000 else "Z")


def begins(wanted: str, text: str, name: str) -> bool:
    """Whether each searched word begins at a word of a text: at a letter or digit that stands beside others."""
    searched, words = folded(wanted).split(), folded(text).split()
    if name in ("reference", "phone", "document"):  # one word, however it is written
        searched, words = ["".join(searched)], ["".join(words)]
    places = [
        word[found.start() :] for word in words for found in re.finditer(r"[一-鿿]|[^\W\d_一-鿿]+|\d+", word)
    ]
    if name == "phone":
        digits = re.sub(r"\D", "", text)
        places += [digits[-length:] for length in (4, 8, 9, 10, 11)]
    wholes = [re.sub(r"[\W_]", "", place) for place in places]
    sought = [plain for word in searched if (plain := re.sub(r"[\W_]", "", word))]
    return bool(sought) and all(any(whole.startswith(word) for whole in wholes) for word in sought)


def amount(minor: int, currency: str) -> str:
    """An amount in major units, from minor ones."""
    places = DECIMALS.get(currency, 2)
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


class SaleAnswers(Standing):
    """The part of an oracle that knows sales."""

    def _page(self, rows: list[Row], first: int = 20) -> Row:
        return {"rows": rows, "shown": rows[:first]}

    def sales(self, conditions: Row | None = None, order: Row | None = None) -> list[Row]:
        """The sales in reach that a filter leaves, in an order."""
        conditions = conditions or {}
        by_amount = order is not None and order["field"] == "AMOUNT"
        if (by_amount or "amount" in conditions) and not conditions.get("currency"):
            raise Wrong("BAD_INPUT")
        key = "price" if by_amount else "ordered_at"
        ascending = order is not None and order.get("direction") == "ASC"
        found = [sale for sale in self.world["sales"] if self.sees(sale) and self._fits(sale, conditions)]
        return sorted(found, key=lambda sale: (sale[key], sale["id"]), reverse=not ascending)

    def _fits(self, sale: Row, conditions: Row) -> bool:
        tests = {
            "status": lambda wanted: sale["status"] in wanted,
            "product": lambda wanted: f"product_{sale['product_id']}" == wanted,
            "paymentMethod": lambda wanted: sale["payment_method"] in wanted,
            "assignee": lambda wanted: sale["assignee_id"] and f"person_{sale['assignee_id']}" == wanted,
            "unassigned": lambda wanted: (sale["assignee_id"] is None) is wanted,
            "currency": lambda wanted: sale["currency"] == wanted.upper(),
            "amount": lambda wanted: self._costs(sale, wanted),
            "period": lambda wanted: self._within(sale["ordered_at"], wanted),
            "approvedPeriod": lambda wanted: self._within(sale["approved_at"], wanted),
            "inInstallments": lambda wanted: (sale["instalments"] > 1) is wanted,
            "origin": lambda wanted: all(sale[f"origin_{name}"] == code for name, code in wanted.items()),
            "device": lambda wanted: capitals(sale["device"]) == capitals(wanted),
            "inReports": lambda wanted: self.counts(sale) is wanted,
            "creditedTo": lambda wanted: f"person_{self._credit(sale, 'credit_id')}" == wanted,
            "uncredited": lambda wanted: self._counts_for_none(sale, "credit_id", wanted),
            "creditedTeam": lambda wanted: f"team_{self._credit(sale, 'credit_team_id')}" == wanted,
            "withoutCreditedTeam": lambda wanted: self._counts_for_none(sale, "credit_team_id", wanted),
            "text": lambda wanted: self._holds(sale, wanted),
        }
        return all(tests[name](wanted) for name, wanted in conditions.items())

    def _costs(self, sale: Row, wanted: Row) -> bool:
        price = Fraction(amount(sale["price"], sale["currency"]))
        least, most = wanted.get("atLeast"), wanted.get("atMost")
        return (least is None or price >= Fraction(least)) and (most is None or price <= Fraction(most))

    def _day(self, milliseconds: int) -> date:
        return datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(self.account["timezone"])).date()

    def _within(self, at: int | None, wanted: Row) -> bool:
        return at is not None and wanted["from"] <= self._day(at).isoformat() < wanted["to"]

    def _credit(self, sale: Row, key: str) -> str | None:
        return sale[key] if self.counts(sale) else None

    def _counts_for_none(self, sale: Row, key: str, wanted: bool) -> bool:
        return self.counts(sale) and (sale[key] is None) is wanted

    def _holds(self, sale: Row, wanted: str) -> bool:
        product = folded(self._find("products", sale["product_id"])["name"])
        current = [name for name in ("email", "phone", "document") if self.has("Buyer", name)]
        parts = {"name": sale["buyer_name"], "reference": sale["reference"]}
        parts |= {name: sale[f"buyer_{name}"] for name in current}
        return folded(" ".join(wanted.split())) in product or any(
            begins(wanted, text, name) for name, text in parts.items() if text is not None
        )

    def _Account_sales(
        self,
        _: Row,
        filter: Row | None = None,  # noqa: A002
        order: Row | None = None,
        first: int = 20,
    ) -> Row:
        return self._page(self.sales(filter, order), first)

    def _Account_sale(self, _: Row, reference: str) -> Row | None:
        return next((sale for sale in self.sales() if sale["reference"] == reference), None)

    def _Sale_product(self, sale: Row) -> Row:
        return self._find("products", sale["product_id"])

    def _Sale_offer(self, sale: Row) -> Row | None:
        return self._named("offers", sale["offer_id"])

    def _Sale_price(self, sale: Row) -> Row:
        return {"minor": sale["price"], "currency": sale["currency"]}

    def _Sale_installments(self, sale: Row) -> object:
        return sale["instalments"]

    def _Sale_fullPrice(self, sale: Row) -> Row:
        return {"minor": sale["full_price"], "currency": sale["full_currency"]}

    def _Sale_net(self, sale: Row) -> Row | None:
        return self._perhaps(sale, "net", "net_currency")

    def _Sale_payout(self, sale: Row) -> Row | None:
        return self._perhaps(sale, "payout", "payout_currency")

    def _Sale_refundedAmount(self, sale: Row) -> Row | None:
        return self._perhaps(sale, "refunded_amount", "refunded_currency")

    def _Sale_vat(self, sale: Row) -> Row | None:
        return self._perhaps(sale, "vat", "vat_currency")

    def _perhaps(self, row: Row, amount: str, currency: str) -> Row | None:
        return None if row[amount] is None else {"minor": row[amount], "currency": row[currency]}

    def _Sale_buyer(self, sale: Row) -> Row:
        return {key.removeprefix("buyer_"): value for key, value in sale.items() if key.startswith("buyer_")}

    def _Sale_origin(self, sale: Row) -> Row:
        return {"src": sale["origin_src"], "sck": sale["origin_sck"], "xcod": sale["origin_xcod"]}

    def _Sale_affiliate(self, sale: Row) -> Row | None:
        found = {"code": sale["affiliate_code"], "name": sale["affiliate_name"]}
        return found if any(found.values()) else None

    def _Sale_subscription(self, sale: Row) -> Row | None:
        found = {"code": sale["subscription_code"], "plan": sale["subscription_plan"]}
        found["recurrence"] = sale["recurrence"]
        if set(found.values()) == {None}:
            return None
        subscription = self._named("subscriptions", sale.get("subscription_id"))
        return found | {"subscription": subscription if subscription and self.sees(subscription) else None}

    def _Sale_commissions(self, sale: Row) -> list[Row]:
        found = [
            commission for commission in self.world["commissions"] if commission["sale_id"] == sale["id"]
        ]
        return sorted(found, key=lambda item: item["position"])

    def _Sale_coproducers(self, sale: Row) -> list[Row]:
        return [
            commission for commission in self._Sale_commissions(sale) if commission["source"] == "COPRODUCER"
        ]

    def _Sale_history(self, sale: Row) -> list[Row]:
        found = [event for event in self.world["sale_events"] if event["sale_id"] == sale["id"]]
        return sorted(found, key=lambda item: (item["happened_at"], item["id"]))

    def _SaleEvent_change(self, event: Row) -> str | None:
        return event["kind"] if event["source"] in ("PERSON", "CLOCK") else None

    def _SaleEvent_distribution(self, event: Row) -> Row | None:
        return self._facts_of(event, "DISTRIBUTION")

    def _facts_of(self, event: Row, *kinds: str) -> Row | None:
        """What an event of some kind that happened here says."""
        own = event["source"] in ("PERSON", "CLOCK") and event["kind"] in kinds
        return event["facts"] if own else None

    def _SaleEvent_assignment(self, event: Row) -> Row | None:
        found = event["facts"].get("assignment")
        return None if found is None else {"assignee_name": None, "team_name": None} | found

    def _SaleEvent_emailChange(self, event: Row) -> Row | None:
        after = event["facts"].get("buyer_email") if event["source"] == "PERSON" else None
        return None if after is None else {"before": event["facts"]["former_buyer_email"], "after": after}

    def _SaleEvent_changedBy(self, event: Row) -> str | None:
        return event["facts"].get("by", {}).get("name")

    def _Sale_assignee(self, sale: Row) -> Row | None:
        return self._named("collaborators", sale["assignee_id"])

    def _Sale_team(self, sale: Row) -> Row | None:
        return self._named("teams", sale["team_id"])

    def _Commission_amount(self, share: Row) -> Row:
        return {"minor": share["amount"], "currency": share["currency"]}

    _Coproducer_amount = _Commission_amount

    def _Commission_converted(self, share: Row) -> Row | None:
        return self._perhaps(share, "converted_amount", "converted_currency")

    def _Money_amount(self, money: Row) -> str:
        return amount(money["minor"], money["currency"])

    # receipts and requests for refunds

    def _Sale_soldAs(self, sale: Row) -> str:
        return str(sale["sold_as"])

    def _Sale_refundRequest(self, sale: Row) -> Row | None:
        requests = self.world["refund_requests"]
        return next((request for request in requests if request["current_of"] == sale["id"]), None)

    def _Account_refundRequests(
        self,
        _: Row,
        filter: Row | None = None,  # noqa: A002
        first: int = 20,
    ) -> Row:
        found = [
            request
            for request in self.world["refund_requests"]
            if self.sees(self._find("sales", request["sale_id"]))
            and all(request[name] in wanted for name, wanted in (filter or {}).items())
        ]
        found.sort(key=lambda request: (request["requested_at"], request["id"]), reverse=True)
        return self._page(found, first)

    def _RefundRequest_requestedBy(self, request: Row) -> Row:
        return {"name": request["requested_by_name"]}

    def _RefundRequest_decidedBy(self, request: Row) -> Row | None:
        name = request["decided_by_name"]
        return None if name is None else {"name": name}

    def _Account_receipt(self, _: Row, reference: str) -> Row | None:
        """Of the seller's own sale within reach that was paid and not charged back, whoever searches sales."""
        paid = ("APPROVED", "COMPLETE", "PARTIALLY_REFUNDED", "DISPUTE", "REFUNDED")
        for sale in self.world["sales"]:
            if sale["reference"] == reference and self.sees(sale):
                exists = sale["approved_at"] is not None and sale["status"] in paid
                return sale if exists and sale["sold_as"] == "PRODUCER" else None
        return None

    def _Receipt_number(self, sale: Row) -> str:
        return f"R-{sale['reference']}"

    def _Receipt_seller(self, _: Row) -> Row:
        return {"name": self.account["name"], "address": None, "tax_number": None}

    def _Receipt_product(self, sale: Row) -> str:
        return str(self._find("products", sale["product_id"])["name"])

    def _Receipt_offer(self, sale: Row) -> str | None:
        offer = self._named("offers", sale["offer_id"])
        return None if offer is None else offer["name"] or offer["code"]

    def _Receipt_refunded(self, sale: Row) -> bool:
        return bool(sale["status"] == "REFUNDED")

    def _Receipt_emailedAt(self, _: Row) -> None:
        return None

    _Receipt_buyer = _Sale_buyer
    _Receipt_price = _Sale_price
    _Receipt_fullPrice = _Sale_fullPrice
    _Receipt_installments = _Sale_installments
    _Receipt_refundedAmount = _Sale_refundedAmount
    _RefundRequest_amount = _Commission_amount
