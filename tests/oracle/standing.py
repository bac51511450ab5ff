"""Who a viewer is in a world, and both gates: the rows within their reach, and the words that exist for them.

Nothing of the application is imported here. A world is a dictionary of lists of rows, by table.
"""

from typing import Any, NamedTuple

from oracle.vocabulary import FIELDS, GRANTS, NODES, TYPES, WORDS

Row = dict[str, Any]


class Word(str):
    """An enum value, which stands in a document without quotes."""


RESULT = ("APPROVED", "COMPLETE", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTE", "CHARGEBACK")
PRODUCT_REPORTS = {
    "product": (
        *("REVENUE_BY_PRODUCT", "REVENUE_BY_PRODUCT_DETAILED", "COPRODUCTION_REVENUE", "SELF_BILLING"),
        *("EARNINGS_AS_AFFILIATE", "OVERDUE_SUBSCRIPTIONS"),
    ),
    "offer": ("REVENUE_BY_PRODUCT_DETAILED",),
}
"""The reports on sales whose rows have a product or an offer."""
CANCELED = {"VIEW_CANCELLED_SUBSCRIPTIONS_REPORT", "VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT"}
"""The reports on canceled subscriptions, whose rows have a product."""
ASSIGNED = {
    "sales": "SEARCH_SALES",
    "subscriptions": "MANAGE_SUBSCRIPTIONS",
    "opportunities": "VIEW_PURCHASE_RECOVERY_REPORT",
}
"""The tables of rows that follow their assignee, each with its grant."""


class Field(NamedTuple):
    """A part of a question; named `on`, it is a fragment on the type in `args`."""

    name: str
    sub: tuple["Field", ...] = ()
    args: dict[str, Any] = {}
    alias: str | None = None


class Standing:
    """One viewer in one central of a world."""

    def __init__(self, world: dict[str, list[Row]], user_id: str, account_id: str | None, now: int) -> None:
        self.world = world
        self.now = now
        self.user = self._find("users", user_id)
        self.account: Row | None = None
        self.role: str | None = None
        self.collaborator: Row | None = None
        self.open = {"", "SIGNED_IN"}
        if account_id is not None:
            self._enter(self._find("accounts", account_id))
        self.kinds = self._kinds()

    # who the viewer is

    def _find(self, table: str, row_id: str | None) -> Row | None:
        return next((row for row in self.world[table] if row["id"] == row_id), None)

    def _of(self, table: str) -> list[Row]:
        return [row for row in self.world[table] if row["account_id"] == self.account["id"]]

    def _active(self, collaborator: Row) -> bool:
        begun = collaborator["starts_at"] is None or collaborator["starts_at"] <= self.now
        ended = collaborator["ends_at"] is not None and collaborator["ends_at"] <= self.now
        return collaborator["suspended_at"] is None and begun and not ended

    def _collaborator_in(self, account: Row) -> Row | None:
        for collaborator in self.world["collaborators"]:
            if (collaborator["account_id"], collaborator["user_id"]) == (account["id"], self.user["id"]):
                return collaborator if self._active(collaborator) and account["closed_at"] is None else None
        return None

    def _enter(self, account: Row | None) -> None:
        if account is None:
            return
        owns = account["owner_id"] == self.user["id"]
        self.collaborator = None if owns else self._collaborator_in(account)
        if not owns and self.collaborator is None:
            return
        self.account = account
        self.role = "OWNER" if owns else self.collaborator["role"]
        self.open |= {"IN_CENTRAL"} | self._grants_of(self.collaborator)
        if self.role == "OWNER":
            self.open |= {"OWNER", "ADMIN", "LEAD"}
        if self.role == "ADMIN":
            self.open |= {"ADMIN", "LEAD"}
        if self.role == "TEAM_LEAD" and self.teams_on:
            self.open |= {"LEAD"}

    def _grants_of(self, collaborator: Row | None) -> set[str]:
        return (
            set(GRANTS)
            if collaborator is None
            else set(self._find("profiles", collaborator["profile_id"])["grants"])
        )

    @property
    def enters(self) -> bool:
        """Whether the viewer may stand in the central at all."""
        return self.account is not None

    @property
    def teams_on(self) -> bool:
        """Whether the account has teams: the edition allows them, and they are switched on."""
        return self.account["edition"] == "EXPERT" and bool(self.account["teams_on"])

    @property
    def everyone(self) -> bool:
        """Whether the viewer sees all of the account."""
        return self.role in ("OWNER", "ADMIN")

    def _places(self, **of: Any) -> list[Row]:
        return [place for place in self._of("team_members") if all(place[key] == of[key] for key in of)]

    def _members(self, team_id: str) -> set[str]:
        return {place["collaborator_id"] for place in self._places(team_id=team_id)}

    def _mine(self) -> list[Row]:
        return (
            self._places(collaborator_id=self.collaborator["id"])
            if self.collaborator and self.teams_on
            else []
        )

    @property
    def teams_led(self) -> set[str]:
        """The teams that the viewer leads today."""
        return {place["team_id"] for place in self._mine() if place["leads"] and self.role == "TEAM_LEAD"}

    @property
    def people_led(self) -> set[str]:
        """The members of the teams that the viewer leads."""
        return {member for team_id in self.teams_led for member in self._members(team_id)}

    # gate 2: which rows

    def sees(self, sale: Row) -> bool:
        """Whether a sale, or another row that follows its assignee, is in reach."""
        if sale["account_id"] != self.account["id"]:
            return False
        if self.everyone or (not self.teams_on and self.account["privacy"] == "SHARED"):
            return True
        assignee = sale["assignee_id"]
        if assignee is None:
            return False
        if assignee == self.collaborator["id"] or assignee in self.people_led:
            return True
        return any(
            self._find("teams", place["team_id"])["privacy"] == "SHARED"
            and assignee in self._members(place["team_id"])
            for place in self._mine()
        )

    def counts(self, sale: Row) -> bool:
        """Whether a sale, or another row with a credit, is in the statistics reach."""
        if sale["account_id"] != self.account["id"]:
            return False
        if self.everyone:
            return True
        credit = sale["credit_id"]
        if credit is None:
            return False
        if credit == self.collaborator["id"] or credit in self.people_led:
            return True
        return self.ended(credit) and sale["credit_team_id"] in self.teams_led

    def ended(self, collaborator_id: str) -> bool:
        """Whether a seat has ended."""
        return self._find("ended_seats", collaborator_id) is not None

    def knows(self, collaborator: Row) -> bool:
        """Whether a person can be looked up: everyone by the owner and admins, else whom one assigns to."""
        return not self.ended(collaborator["id"]) and (self.everyone or collaborator["id"] in self.people_led)

    def reaches(self, prefix: str, row: Row) -> bool:
        """Whether `node(id:)` finds a row."""
        if NODES[prefix] not in self.kinds or row["account_id"] != self.account["id"]:
            return False
        if prefix in ("sale", "refund", "subscription", "subscriptionRequest", "opportunity"):
            return self.sees(self._find("sales", row["sale_id"]) if prefix == "refund" else row)
        if prefix == "person":
            return self.knows(row) or self._shown(row, "assignee_id")
        if prefix == "team":
            return self.everyone or row["id"] in self.teams_led or self._shown(row, "team_id")
        if prefix in ("product", "offer"):
            shown = self._shown(row, f"{prefix}_id") or self._reported(prefix, row)
            return "VIEW_PRODUCTS" in self.open or shown
        return prefix != "collaborator" or not self.ended(row["id"])

    def _shown(self, row: Row, key: str) -> bool:
        """Whether a sale, a subscription or an opportunity that the viewer sees names a row."""
        return any(
            grant in self.open
            and any(item.get(key) == row["id"] and self.sees(item) for item in self.world[table])
            for table, grant in ASSIGNED.items()
        )

    def _reported(self, prefix: str, row: Row) -> bool:
        """Whether a report has a row of a product or an offer, in some period."""
        listed = prefix == "product" and any(
            item["product_id"] == row["id"] and item["status"] == "CANCELLED" and self.counts(item)
            for item in self.world["subscriptions"]
        )
        return (listed and bool(CANCELED & self.open)) or any(
            sale[f"{prefix}_id"] == row["id"] and self._in_report(f"VIEW_{report}_REPORT", sale)
            for report in PRODUCT_REPORTS[prefix]
            for sale in self.world["sales"]
        )

    def _in_report(self, report: str, sale: Row) -> bool:
        """Whether a report that shows products counts a sale."""
        if report not in self.open or not self.counts(sale):
            return False
        if "OVERDUE" in report:
            return sale["status"] == "OVERDUE" and sale.get("subscription_id") is not None
        if sale["status"] not in RESULT:
            return False
        role = sale.get("sold_as", "PRODUCER")
        if "COPRODUCTION" in report:
            shared = any(
                share["sale_id"] == sale["id"] and share["source"] == "COPRODUCER"
                for share in self.world["commissions"]
            )
            return role == "COPRODUCER" or (role == "PRODUCER" and shared)
        return "SELF_BILLING" in report or role == ("AFFILIATE" if "AFFILIATE" in report else "PRODUCER")

    # gate 1: which words

    def has(self, kind: str, name: str) -> bool:
        """Whether a field exists for the viewer."""
        if name == "__typename":
            return True
        gate, leads_to = FIELDS[kind][name]
        if gate not in self.open or TYPES.get(kind, "") not in self.open:
            return False
        if leads_to == "Reports":
            return any(self.has("Reports", report) for report in FIELDS["Reports"])
        return TYPES.get(leads_to, "") in self.open

    def _kinds(self) -> set[str]:
        """The types that the viewer can come to."""
        found, waiting = set(), ["Query"]
        while waiting:
            kind = waiting.pop()
            if kind not in found:
                found.add(kind)
                led = [FIELDS[kind][name][1] for name in FIELDS[kind] if self.has(kind, name)]
                waiting += [item for item in led if item]
        return found

    def unknown(self, question: tuple[Field, ...], kind: str = "Query") -> list[str]:
        """What a question names that does not exist for the viewer, in the ordinary words."""
        found = []
        for field in question:
            if field.name == "on":
                target = field.args["type"]
                known = target in self.kinds
                found += self.unknown(field.sub, target) if known else [f"Unknown type '{target}'."]
            elif not self.has(kind, field.name):
                found.append(f"Cannot query field '{field.name}' on type '{kind}'.")
            else:
                found += self._unknown_words(kind, field)
                if field.sub:
                    found += self.unknown(field.sub, FIELDS[kind][field.name][1])
        return found

    def _unknown_words(self, kind: str, field: Field) -> list[str]:
        found = []
        request = field.args.get("filter") or {}
        found += [
            f"Expected value of type 'SaleFilter' not to include unknown field '{name}'"
            for name in request
            if WORDS.get(f"SaleFilter.{name}", "") not in self.open
        ]
        order = (field.args.get("order") or {}).get("field")
        if order and WORDS.get(f"SaleOrderField.{order}", "") not in self.open:
            found.append(f"Value '{order}' does not exist in 'SaleOrderField' enum.")
        by = field.args.get("by")
        if by and "LEAD" not in self.open:
            found.append(f"Unknown argument 'by' on field '{kind}.{field.name}'.")
        elif by and WORDS[f"ReportGroup.{by}"] not in self.open:
            found.append(f"Value '{by}' does not exist in 'ReportGroup' enum.")
        return found
