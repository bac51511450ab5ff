"""What stays on the standard executor, each with its reason; every other field of the schema compiles."""

from typing import Any

import msgspec

from extent import by_turns
from graph.http.handler import GraphQLHandler
from graph.http.request import GraphQLRequest
from graph.http.response import encoded
from graph.schema import full_schema
from plans.paths import Person, Stage, Watched, handler
from plans.walk import minimal_queries

# where a field stands → the reason that the engine gives
STANDARD = {
    f"{row}.product → Product.{rows}": f"rows below an object: Product.{rows}"
    for row in (
        "ProductRevenueRow",
        "RevenueByProductDetailedRow",
        "CoproductionRevenueRow",
        "SelfBillingRow",
        "BillingLine",
        "EarningsAsAffiliateRow",
        "CancelledSubscriptionsRow",
        "SubscriptionCancellationsRow",
    )
    for rows in ("offers", "plans")
} | {
    f"RevenueByProductDetailedRow.offer → Offer.{rows}": f"rows below an object: Offer.{rows}"
    for rows in ("priceAt", "prices")
}
# `Profile.changes` has arguments of its own for each row, and a form asks it of one profile: nowhere compiled
NOWHERE = ("Profile.changes", "ProfileChanges.")
NOWHERE_REASONS = {"arguments on a row: Profile.changes"}
PREFIXES = {
    "RefundRequest": "refund",
    "ReportSchedule": "schedule",
    "LedgerEntry": "ledgerEntry",
    "AuditEntry": "entry",
    "IntakeMessage": "message",
    "Viewer": "user",
}
PARTS = {
    "{ account { id __typename name } }": "",
    "{ __schema { queryType { name } } }": "introspection",
    '{ __type(name: "Sale") { name } }': "introspection",
    "{ account { id } __schema { queryType { name } } }": "introspection: Query.__schema",
    "mutation { signOut { signedOut } }": "not a query",
}


class Asking:
    """The owner of a world, asking in it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.handler: GraphQLHandler = handler(Watched)
        self.owner: Person = stage.people[0]

    async def reason(self, text: str) -> str:
        """Why a text was answered by the standard executor; nothing where it ran compiled."""
        answer = await self.handler.handle(
            GraphQLRequest(text, token=self.owner.token, central=self.owner.central)
        )
        assert "errors" not in answer.payload, (text, answer.payload["errors"])
        outcome: Any = self.handler.engine.last  # type: ignore[attr-defined]
        assert outcome.compiled is (outcome.reason == "")
        return str(outcome.reason)

    def filled(self, text: str) -> str:
        """A query with ids of rows that are there."""
        known = self.stage.pools.known
        ids = [*known["id"], self.owner.central, self.owner.central.replace("central_", "account_")]
        for kind in full_schema()._schema.get_possible_types(full_schema()._schema.type_map["Node"]):  # type: ignore[arg-type]
            prefix = PREFIXES.get(kind.name, kind.name.lower()) + "_"
            text = text.replace(
                f"{{{kind.name}}}", next((item for item in ids if item.startswith(prefix)), prefix)
            )
        return text.replace("{Node}", ids[0]).replace("{reference}", known["reference"][0])


async def test_every_field_compiles_but_those_that_are_listed(database_url: str) -> None:
    asking = Asking(await Stage.of(1))

    queries = dict(minimal_queries(full_schema()._schema))
    named = {where for where in queries if where in STANDARD or any(item in where for item in NOWHERE)}
    chosen = [*named, *by_turns(sorted(queries.keys() - named), 12)]

    reasons = {where: await asking.reason(asking.filled(queries[where])) for where in chosen}

    assert len(queries) >= 600
    standard = {where: reason for where, reason in reasons.items() if reason}
    nowhere = {where: standard.pop(where, "") for where in reasons if any(item in where for item in NOWHERE)}
    assert standard == STANDARD
    assert set(nowhere.values()) == NOWHERE_REASONS


async def test_introspection_and_mutations_are_the_standard_executors(database_url: str) -> None:
    asking = Asking(await Stage.of(1))
    for text, reason in PARTS.items():
        assert await asking.reason(text) == reason, text


async def test_more_variants_of_a_document_than_are_kept_are_answered_all_the_same(database_url: str) -> None:
    asking = Asking(await Stage.of(1))
    names = "abcd"
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: name @skip(if: ${name})" for name in names)
    text = f"query ({declared}) {{ account {{ id {fields} }} }}"

    results = []
    for number in range(16):
        values = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        request = GraphQLRequest(text, None, values, token=asking.owner.token, central=asking.owner.central)
        answer = await asking.handler.handle(request)
        results.append(asking.handler.engine.last)  # type: ignore[attr-defined]
        left = [name for name in names if not values[name]]
        data = msgspec.json.decode(encoded(answer.payload))["data"]
        assert list(data["account"])[1:] == left

    assert [item.reason for item in results] == [""] * 8 + ["variants of @skip and @include"] * 8


async def test_variables_that_are_refused_and_arguments_that_fail_are_told_by_the_standard_executor(
    database_url: str,
) -> None:
    asking = Asking(await Stage.of(1))
    cases = [
        ("query ($id: ID!) { node(id: $id) { id } }", {}, "variables"),
        ("{ account { sales(first: -1) { totalCount } } }", {}, "error: PaginationError"),
        (
            "query ($b: Boolean = true) { account { id @skip(if: $b) } }",
            {"b": None},
            "arguments: GraphQLError",
        ),
    ]
    for text, values, reason in cases:
        request = GraphQLRequest(text, None, values, token=asking.owner.token, central=asking.owner.central)
        answer = await asking.handler.handle(request)
        assert asking.handler.engine.last.reason == reason  # type: ignore[attr-defined]
        assert [error["extensions"]["code"] for error in answer.payload["errors"]] == ["BAD_INPUT"]
