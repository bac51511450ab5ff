"""Questions to ask: as the oracle reads them, and as a document of the API."""

import json
import random
from typing import Any

from oracle.fixed_questions import Question, everything, fixed_questions
from oracle.oracle import Oracle
from oracle.recovery_questions import RECOVERY_PATHS
from oracle.report_fields import REPORTS
from oracle.share_sums import REPORTS as OF_SHARES
from oracle.standing import Field, Word
from oracle.vocabulary import FIELDS, NODES, TABLES, TOOLS, UNASKED, WORDS
from oracle.world import METHODS, STATUSES
from oracle.world_words import CURRENCIES, NAMES

NOBODY = "00000000-0000-4000-8000-000000000000"
# fields that several types have, of different types
TWICE = ("status", "refusal", "name", "kind", "reason", "expiresAt", "recurrence")
PERIOD = {"from": "2024-01-01", "to": "2024-03-01"}
LISTS = ("people", "assignees", "teams", "profiles", "collaborators", "invitations", "products", "auditLog")


def literal(value: Any) -> str:
    """A value as a document spells it."""
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def document(question: Question) -> str:
    """A question as GraphQL."""
    return "{ " + " ".join(_written(field) for field in question) + " }"


def _written(field: Field) -> str:
    sub = f" {document(field.sub)}" if field.sub else ""
    if field.name == "on":
        return f"... on {field.args['type']}{sub}"
    alias = f"{field.alias}: " if field.alias else ""
    result = ", ".join(f"{name}: {literal(value)}" for name, value in field.args.items())
    return f"{alias}{field.name}" + (f"({result})" if result else "") + sub


class Asker:
    """Makes up questions for a viewer, at random."""

    def __init__(self, oracle: Oracle, rng: random.Random) -> None:
        self.oracle = oracle
        self.rng = rng
        self.world = oracle.world

    def _pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def _some(self, values: tuple[Any, ...]) -> list[Word]:
        result = sorted({value for value in values if value})
        return [Word(item) for item in self.rng.sample(result, self.rng.randint(1, 3))]

    def visible(self) -> list[Field]:
        """One question after the other that exists for the viewer."""
        return [self._viewer(), *self._in_account(), *self._by_id(), *fixed_questions(self.oracle)]

    def _viewer(self) -> Field:
        return Field("viewer", everything(self.oracle, "Viewer"))

    def _in_account(self) -> list[Field]:
        requests = [Field("account", self._plain())]
        requests += [Field("account", (item,)) for item in [*self._lists(), *self._sales(), *self._reports()]]
        return requests

    def _plain(self) -> Question:
        return tuple(
            Field(name)
            for name, (_, kind) in FIELDS["Account"].items()
            if not kind and self.oracle.has("Account", name)
        )

    def _lists(self) -> list[Field]:
        found = []
        for name in LISTS:
            if self.oracle.has("Account", name):
                kind = FIELDS["Account"][name][1]
                args = {"first": self._pick(1, 3, 50)} if kind.endswith("Connection") else {}
                found.append(Field(name, everything(self.oracle, kind), args))
        return found

    def _sales(self) -> list[Field]:
        if not self.oracle.has("Account", "sales"):
            return []
        whole = everything(self.oracle, "SaleConnection")
        few = (Field("totalCount"), Field("nodes", (Field("reference"), Field("price", (Field("amount"),)))))
        found = [Field("sales", whole, {"first": 50})]
        found += [Field("sales", few, self.listing() | {"first": self._pick(3, 50)}) for _ in range(7)]
        found += [
            Field("sales", few, {"filter": {"text": text}, "first": 50}) for text in self._gated_texts()
        ]
        known = [sale["reference"] for sale in self.world["sales"]]
        named = [*self.rng.sample(known, 4), self._pick("HP0", "", "%", "' OR 1=1", known[0].lower())]
        return found + [Field("sale", everything(self.oracle, "Sale"), {"reference": item}) for item in named]

    def listing(self) -> dict[str, Any]:
        """A filter and an order of sales."""
        makers = {
            "status": lambda: self._some(STATUSES),
            "product": lambda: self._id("product"),
            "paymentMethod": lambda: self._some(METHODS),
            "assignee": lambda: self._id("person"),
            "unassigned": lambda: self._pick(True, False),
            "text": self._text,
            "currency": lambda: self._pick(*CURRENCIES, "brl", "USD"),
            "inInstallments": lambda: self._pick(True, False),
            "inReports": lambda: self._pick(True, False),
            "origin": self._origin,
        }
        gated = {
            "device": lambda: self._pick("mobile", "MOBILE", "MÓVIL", "móvil", None, ""),
            "creditedTo": self._credited_to,
            "uncredited": lambda: self._pick(True, False),
            "creditedTeam": self._credited_team,
            "withoutCreditedTeam": lambda: self._pick(True, False),
        }
        makers |= {
            name: make for name, make in gated.items() if WORDS[f"SaleFilter.{name}"] in self.oracle.open
        }
        names = self.rng.sample(sorted(makers), self._pick(0, 1, 1, 2))
        if self.rng.random() < 0.3:
            names.append("text")
        variables = {name: makers[name]() for name in dict.fromkeys(names)}
        if "SEARCH_SALES_BY_PERIOD" in self.oracle.open and self.rng.random() < 0.3:
            variables[self._pick("period", "approvedPeriod")] = self._period()
        if "currency" in variables and self.rng.random() < 0.7:
            bounds = ("0.00", "99", "99.00", "98.995", "99.005", "9.9", "9900", "-0.001", "1200.5", "1")
            variables["amount"] = {
                name: self._pick(*bounds) for name in self._pick(("atLeast",), ("atMost",))
            }
        args: dict[str, Any] = {"filter": variables} if variables or self.rng.random() < 0.5 else {}
        orders = (["AMOUNT"] if "currency" in variables else []) + (
            ["ORDERED_AT"] if "SEARCH_SALES_BY_PERIOD" in self.oracle.open else []
        )
        if orders and self.rng.random() < 0.6:
            args["order"] = {"field": Word(self._pick(*orders)), "direction": Word(self._pick("ASC", "DESC"))}
        return args

    def _origin(self) -> dict[str, Any]:
        sale = self._pick(*self.world["sales"])
        names = self._pick(("src",), ("sck",), ("src", "sck"), ())
        return {name: sale[f"origin_{name}"] for name in names}

    def _credited_to(self) -> str:
        ids = [row["id"] for table in ("collaborators", "ended_seats") for row in self.world[table]]
        return f"person_{self._pick(*ids, NOBODY)}"

    def _credited_team(self) -> str:
        ids = [row["id"] for table in ("teams", "ended_teams") for row in self.world[table]]
        return f"{self._pick('team', 'team', 'team', 'person')}_{self._pick(*ids, NOBODY)}"

    def _period(self) -> dict[str, str]:
        start = self.rng.randint(1, 27)
        first = f"{self._pick('2023-12', '2024-01', '2024-02')}-{start:02}"
        return {"from": first, "to": self._pick(f"{first[:8]}{start + 1:02}", "2024-03-02", "2024-12-31")}

    def _text(self) -> str:
        """A piece of what some sale holds, as someone may type it."""
        sale = self._pick(*self.world["sales"])
        product = next(item for item in self.world["products"] if item["id"] == sale["product_id"])
        current = [sale["reference"], product["name"], sale["buyer_name"], *NAMES]
        current += [sale[f"buyer_{name}"] for name in ("email", "phone", "document")] * 2
        text = self._pick(*[item for item in current if item])
        start = self.rng.randrange(len(text))
        piece = self._pick(text, text[start:], text[: start + 1], "%", "_", "\\", "@example.com")
        return self._pick(piece, piece.upper(), piece.lower(), f" {piece} ") if piece.strip() else text

    def _gated_texts(self) -> list[str]:
        """What only some may search for, of a sale in reach."""
        found = [sale for sale in self.world["sales"] if self.oracle.sees(sale)]
        sale = self._pick(*found) if found else {}
        current = [sale.get(f"buyer_{name}") for name in ("email", "phone", "document")]
        return [self._pick(item, item[-4:], item.split("@")[-1], item.upper()) for item in current if item]

    def _id(self, prefix: str) -> str:
        rows = self.world[TABLES[prefix]]
        row_id = self._pick(*[row["id"] for row in rows], NOBODY)
        return self._pick(
            f"{prefix}_{row_id}", f"{prefix}_{row_id}", f"{prefix}_{row_id}", f"sale_{row_id}", row_id
        )

    def _reports(self) -> list[Field]:
        found = []
        for name, (_, row) in REPORTS.items():
            if not self.oracle.has("Account", "reports") or not self.oracle.has("Reports", name):
                continue
            ways = (
                [None] + ["MEMBER"] * ("LEAD" in self.oracle.open) + ["TEAM"] * ("ADMIN" in self.oracle.open)
            )
            for _ in range(2 if name == "revenue" else 1):
                by = self._pick(*ways)
                args: dict[str, Any] = {"by": Word(by)} if by else {}
                if name == "annualSummary":
                    args |= self._pick({"firstYear": 2024}, {"firstYear": 2023, "lastYear": 2024})
                else:
                    args["period"] = self._pick(PERIOD, self._period())
                    every = self._pick(
                        "MONTH", "WEEK", "YEAR", "WHOLE", "DAY" if args["period"] != PERIOD else "WEEK"
                    )
                    args |= {"every": Word(every)} if name != "selfBilling" else {}
                found.append(Field("reports", (Field(name, self._columns(row), args),)))
        return found

    def _columns(self, row: str) -> Question:
        """A report's row: what tells it apart, and some of its sums."""
        if row in OF_SHARES:
            return everything(self.oracle, row)
        sums = self.rng.sample(("gross", "net", "refunded", "disputed", "chargedBack"), 3)
        plain = (Field("currency"), Field("count"), *(Field(name, (Field("amount"),)) for name in sums))
        if row == "AnnualRow":
            months = (Field("month"), *plain[1:3])
            own = (Field("year"), Field("total", plain), Field("months", months))
            named = [name for name in ("group", "member", "team") if self.oracle.has(row, name)]
            return own + tuple(Field(name, (Field("nodeId"), Field("name"))) for name in named)
        return plain + tuple(
            item for item in everything(self.oracle, row) if item.name not in FIELDS["AnnualTotal"]
        )

    def ids(self) -> list[str]:
        """Ids of every kind: in reach, out of it, of another account, of nothing."""
        found = []
        for prefix, table in TABLES.items():
            rows = self.world[table]
            found += [f"{prefix}_{row['id']}" for row in self.rng.sample(rows, min(3, len(rows)))]
        found += [f"{self._pick(*TABLES)}_{NOBODY}", "sale_", "", "nothing_1", f"SALE_{NOBODY}"]
        self.rng.shuffle(found)
        return found

    def _by_id(self) -> list[Field]:
        parts: list[Field] = [Field("__typename"), Field("id")]
        for kind in NODES.values():
            if kind in self.oracle.kinds:
                plain = [item for item in everything(self.oracle, kind) if item.name != "id" and not item.sub]
                parts.append(Field("on", tuple(plain) or (Field("id"),), {"type": kind}))
        found = [Field("nodes", self._apart(parts), {"ids": self.ids()})]
        return found + [Field("node", (parts[0], parts[1]), {"id": item}) for item in self.ids()[:4]]

    @staticmethod
    def _apart(parts: list[Field]) -> Question:
        """Fields of one name and different types under names of their own."""
        return tuple(
            part._replace(
                sub=tuple(
                    sub._replace(alias=f"{part.args['type']}_{sub.name}") if sub.name in TWICE else sub
                    for sub in part.sub
                )
            )
            if part.name == "on"
            else part
            for part in parts
        )

    def hidden(self) -> Question | None:
        """A question that names something which does not exist for the viewer; none for who has everything."""
        ways = [*self._hidden_fields(), *self._hidden_words()]
        return self._pick(*ways) if ways else None

    def _hidden_fields(self) -> list[Question]:
        found = []
        for kind, fields in FIELDS.items():
            for name, (_, leads_to) in fields.items():
                if not self.oracle.has(kind, name) and kind in _PATHS:
                    found.append(_within(kind, Field(name, (Field("__typename"),) if leads_to else ())))
        for kind in NODES.values():
            if kind not in self.oracle.kinds:
                fragment = Field("on", (Field("id"),), {"type": kind})
                found.append((Field("node", (fragment,), {"id": self._id("sale")}),))
        return found

    def _hidden_words(self) -> list[Question]:
        few = (Field("totalCount"),)
        requests = [Field("sales", few, {"order": {"field": Word("ORDERED_AT")}}),
                 *(Field("sales", few, {"filter": {name: PERIOD}}) for name in ("period", "approvedPeriod")),
                 Field("sales", few, {"filter": {"device": "MOBILE"}}),
                 *(Field("sales", few, {"filter": {name: f"person_{NOBODY}"}})
                   for name in ("creditedTo", "creditedTeam")),
                 *(Field("sales", few, {"filter": {name: True}})
                   for name in ("uncredited", "withoutCreditedTeam"))]  # fmt: skip
        for name in REPORTS:
            args = {"firstYear": 2024} if name == "annualSummary" else {"period": PERIOD}
            for by in ("MEMBER", "TEAM"):
                report = Field(name, (Field("__typename"),), args | {"by": Word(by)})
                requests.append(Field("reports", (report,)))
        questions = [(Field("account", (item,)),) for item in requests]
        return [question for question in questions if self.oracle.unknown(question)]


_REPORT = {"period": PERIOD}
# a way to each type
_PATHS: dict[str, Question] = {
    "Query": (),
    "Account": (Field("account"),),
    "Sale": (Field("account"), Field("sale", args={"reference": "HP0"})),
    "Buyer": (Field("account"), Field("sale", args={"reference": "HP0"}), Field("buyer")),
    "Product": (Field("account"), Field("sale", args={"reference": "HP0"}), Field("product")),
    "Offer": (Field("account"), Field("sale", args={"reference": "HP0"}), Field("offer")),
    "Person": (Field("account"), Field("sale", args={"reference": "HP0"}), Field("assignee")),
    "Team": (Field("account"), Field("sale", args={"reference": "HP0"}), Field("team")),
    "SaleConnection": (Field("account"), Field("sales")),
    **RECOVERY_PATHS,
    "Reports": (Field("account"), Field("reports")),
    "RevenueRow": (Field("account"), Field("reports"), Field("revenue", args=_REPORT)),
    "ProductRevenueRow": (Field("account"), Field("reports"), Field("revenueByProduct", args=_REPORT)),
    "RevenueByDeviceRow": (Field("account"), Field("reports"), Field("revenueByDevice", args=_REPORT)),
    "RevenueByProductDetailedRow": (
        Field("account"),
        Field("reports"),
        Field("revenueByProductDetailed", args=_REPORT),
    ),
    "CheckoutOriginRow": (Field("account"), Field("reports"), Field("salesByCheckoutOrigin", args=_REPORT)),
    "RevenueByLocationRow": (Field("account"), Field("reports"), Field("revenueByLocation", args=_REPORT)),
    **{
        row: (Field("account"), Field("reports"), Field(name, args={"period": PERIOD}))
        for name, (_, row) in REPORTS.items()
        if row in OF_SHARES
    },
    "AnnualRow": (Field("account"), Field("reports"), Field("annualSummary", args={"firstYear": 2024})),
}


def _within(kind: str, leaf: Field) -> Question:
    for step in reversed(_PATHS[kind]):
        leaf = step._replace(sub=(leaf,))
    return (leaf,)


def offered_wrongly(oracle: Oracle, message: str) -> set[str]:
    """The names in an error's suggestion that do not exist for the viewer."""
    refused, _, suggestion = message.partition(" Did you mean")
    offered = set(suggestion.split("'")[1::2])
    words = refused.split("'")[1::2]
    if "on type" in refused:
        kind = words[-1]
        known = {name for name in FIELDS[kind] if oracle.has(kind, name)}
        known |= {name for name, gate in UNASKED.items() if gate in oracle.open}
        known |= {"tools"} if TOOLS & oracle.open else set()
        return offered - known - oracle.kinds
    hidden = {kind for kind in FIELDS if kind not in oracle.kinds}
    hidden |= {name.partition(".")[2] for name, gate in WORDS.items() if gate not in oracle.open}
    return offered & hidden
