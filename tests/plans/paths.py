"""Two ways to one answer: by plans where there are any, and by the standard executor alone."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

import make
from centrals.application import handler_of
from client import SETTINGS
from engine.document import RejectedOperation
from engine.execute import Context, Engine, OperationResult
from engine.limits import Limits
from engine.plan.planner import Plan, PreparedOperation
from graph.http.handler import GraphQLHandler
from graph.http.request import GraphQLRequest
from graph.http.response import GraphQLResponse, encoded
from graph.schema import full_schema, weights
from models import database
from models.statement import Statement, one_of
from oracle.world import World, plant, random_world
from plans.queries import Pools, Question, Writer

Row = dict[str, Any]
FIRST_SEED = 7_000
PAGES = """{ account {
  sales(first: 12) { edges { cursor } }
  asc: sales(first: 6, filter: {currency: "BRL"}, order: {field: AMOUNT, direction: ASC}) { edges { cursor } }
  desc: sales(first: 6, filter: {currency: "BRL"}, order: {field: AMOUNT}) { edges { cursor } }
  products { edges { cursor } } collaborators { edges { cursor } } invitations { edges { cursor } }
  auditLog { edges { cursor } } } }"""


class Difference(AssertionError):
    """The two ways answer differently: with all that it takes to see it again."""


class Watched(Engine):
    """Answers by plans, and remembers how the last operation was answered, and what validation said."""

    last: OperationResult | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.examined: dict[tuple[str, int], RejectedOperation | None] = {}

    def _validate(self, document: Any, mask: int) -> RejectedOperation | None:
        found = super()._validate(document, mask)
        self.examined[document.loc.source.body, self.scopes.key(mask)] = found
        return found

    async def run(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        self.last = await super().run(prepared, variables, context)
        return self.last


class Crowded(Watched):
    """Answers as if many sets of grants were in use: viewers with the gates that a document names share it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options, most_schemas=4)
        self.shared = 0

    async def run(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        self.shared += prepared.mask != self.scopes.key(context.viewer.mask)
        return await super().run(prepared, variables, context)


class _Unplanned(PreparedOperation):
    def plan(self, variables: Any) -> Plan:
        del variables
        return Plan(None, "asked not to")


class Standard(Engine):
    """Answers by the standard executor alone, over the same scoped schemas.

    Validation is the other way's own: the same code, and most of the time that a comparison takes.
    """

    beside: Watched | None = None

    def _validate(self, document: Any, mask: int) -> RejectedOperation | None:
        result = (document.loc.source.body, self.scopes.key(mask))
        if self.beside is not None and result in self.beside.examined:
            return self.beside.examined[result]
        return super()._validate(document, mask)

    def _select_operation(
        self, document: Any, operation_name: str | None, mask: int, variables: dict[str, Any] | None
    ) -> PreparedOperation | RejectedOperation:
        found = super()._select_operation(document, operation_name, mask, variables)
        if isinstance(found, RejectedOperation):
            return found
        return _Unplanned.of(found.document, found.operation, found.schema, found.mask, found.cost)


def handler(engine: type[Engine], limits: Limits | None = None) -> GraphQLHandler:
    """A handler with caches of its own."""
    found = handler_of(SETTINGS)
    found.engine = engine(full_schema(), limits or Limits(cost=10**9), weights())
    return found


@dataclass(frozen=True)
class Person:
    """Someone who asks in a central, or outside of it, or unknown."""

    name: str
    token: str | None
    central: str | None
    mask: int


@dataclass
class Tally:
    """What was compared, in numbers."""

    compared: int = 0
    refused: int = 0
    failed: int = 0
    successful: int = 0
    compiled: int = 0
    masks: set[int] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """How much of what succeeded ran compiled."""
        return self.compiled / self.successful

    def __str__(self) -> str:
        return (
            f"{self.compared} compared: {self.successful} successful ({self.share:.1%} of them compiled), "
            f"{self.failed} with errors, {self.refused} refused; {len(self.masks)} sets of gates; "
            f"on the standard path: {dict(self.reasons.most_common())}"
        )


class Comparison:
    """Asks both ways and compares the answers as bytes."""

    def __init__(self, compiled: type[Watched] = Watched) -> None:
        self.compiled = handler(compiled)
        self.standard = handler(Standard)
        if compiled is Watched:
            self.standard.engine.beside = self.compiled.engine  # type: ignore[attr-defined]
        self.tally = Tally()

    async def same(self, question: Question, variables: Row | None, person: Person, where: str) -> None:
        """Fail where the answers differ in anything: data, order of keys, errors, places, paths, codes."""
        request = GraphQLRequest(
            question.text, question.name, variables, token=person.token, central=person.central
        )
        first = await self._answer(self.compiled, request)
        outcome = self.compiled.engine.last  # type: ignore[attr-defined]
        other = await self._answer(self.standard, request)
        self._count(first, outcome, person)
        if _shown(first) != _shown(other):
            raise Difference(
                f"{where}, {person.name}: compiled={outcome and outcome.compiled} {outcome and outcome.reason}\n"
                f"{question.text}\noperation {question.name}, variables {variables}\n"
                f"plan:     {_shown(first)!r}\nstandard: {_shown(other)!r}"
            )

    async def _answer(self, handler: GraphQLHandler, request_: GraphQLRequest) -> GraphQLResponse:
        if isinstance(handler.engine, Watched):
            handler.engine.last = None
        return await handler.handle(request_)

    def _count(self, answer: GraphQLResponse, outcome: OperationResult | None, person: Person) -> None:
        visible = self.tally
        visible.compared += 1
        if answer.payload.get("data") is None and outcome is None:
            visible.refused += 1
        elif "errors" in answer.payload:
            visible.failed += 1
        else:
            assert outcome is not None
            visible.successful += 1
            visible.compiled += outcome.compiled
            visible.masks.add(person.mask)
            if not outcome.compiled:
                visible.reasons[outcome.reason] += 1


def _shown(answer: GraphQLResponse) -> tuple[Any, ...]:
    body = encoded(answer.payload).replace(answer.request_id.encode(), b"the request's id")
    return answer.status, answer.request_error, answer.cookies, body


@dataclass
class Stage:
    """A planted world, who asks in it, and what they can name."""

    seed: int
    world: World
    people: list[Person]
    pools: Pools

    @classmethod
    async def of(cls, seed: int, sales: int = 18) -> "Stage":
        world = random_world(FIRST_SEED + seed, sales)
        account = world["accounts"][0]
        if seed % 3:  # a team lead is one while teams are on
            account |= {"edition": "EXPERT", "teams_on": True}
        await plant(world)
        central = f"central_{account['id']}"
        collaborators = [
            collaborator
            for collaborator in world["collaborators"]
            if collaborator["account_id"] == account["id"]
        ]
        users = {"OWNER": account["owner_id"]}
        users |= {f"{collaborator['role']} {number}": collaborator["user_id"] for number, collaborator in enumerate(collaborators)
                  if collaborator["suspended_at"] is None and _now_within(collaborator)}  # fmt: skip
        people = []
        finder = handler(Watched)
        for name, user_id in users.items():
            token = await make.session({"id": user_id})
            viewer = await finder.viewer(GraphQLRequest("", token=token, central=central))
            people.append(Person(name, token, central, viewer.mask))
        await _note_as_active(users.values())
        people.append(Person("OUTSIDE", people[0].token, None, 0))
        people.append(Person("NOBODY", None, None, 0))
        return cls(seed, world, people, await _pools(world, people[0], finder))

    def writer(
        self, person: Person, rng: random.Random, *, of_all: bool = False, tidy: bool = False
    ) -> Writer:
        """A writer over the schema of a person, or over all of it."""
        mask = self.people[0].mask if of_all else person.mask
        schema = full_schema()._schema if of_all else _SCOPES.scopes.scoped(mask)._schema
        return Writer(schema, rng, self.pools, tidy=tidy)


async def _note_as_active(user_ids: Iterable[str]) -> None:
    """Note everyone who asks as seen just now, so that nothing is noted between two answers that are compared."""
    update = Statement("UPDATE collaborators SET last_seen_at = ? WHERE ", (database.now(),))
    asking = update + one_of("user_id", list(user_ids))
    await database.transact(lambda: database.write(asking))


_SCOPES = Engine(full_schema(), Limits())  # makes schemas, answers nothing


def _now_within(collaborator: Row) -> bool:
    now = database.now()
    return (collaborator["starts_at"] or 0) <= now < (collaborator["ends_at"] or now + 1)


async def _pools(world: World, owner: Person, finder: GraphQLHandler) -> Pools:
    result = await finder.handle(GraphQLRequest(PAGES, token=owner.token, central=owner.central))
    pages = {
        name: [edge["cursor"] for edge in found["edges"]] for name, found in _plain(result)["account"].items()
    }
    pages["sales"] += pages.pop("asc") + pages.pop("desc")

    def ids(prefix: str, table: str) -> list[str]:
        return [f"{prefix}_{row['id']}" for row in world[table]]

    every = [*ids("sale", "sales"), *ids("product", "products"), *ids("team", "teams"), *ids("offer", "offers"),
             *ids("person", "collaborators"), *ids("collaborator", "collaborators"), *ids("profile", "profiles"),
             *ids("invitation", "invitations"), *ids("entry", "audit_entries")]  # fmt: skip
    known = {
        "id": every, "ids": every, "product": ids("product", "products"), "assignee": ids("person", "collaborators"),
        "reference": [row["reference"] for row in world["sales"]],
        "text": ["ana", "José", "50%", "_", "HP", "buyer-", "李", "Straße", "oracle"],
    }  # fmt: skip
    return Pools(known, pages)


def _plain(answer: GraphQLResponse) -> Any:
    return msgspec.json.decode(encoded(answer.payload))["data"]


async def compare(
    stage: Stage, comparison: Comparison, rng: random.Random, questions: int, who: str = ""
) -> None:
    """Put random questions, each to the person it was written for and to others, with several sets of variables."""
    leads = [item for item in stage.people if item.name.startswith("TEAM_LEAD")]
    asking = [*stage.people, *leads]  # who has the most intricate reach asks twice
    asking = [item for item in asking if item.name.startswith(who)]
    for number in range(questions):
        person = asking[number % len(asking)]
        of_all = rng.random() < 0.08
        question = stage.writer(person, rng, of_all=of_all).question()
        others = rng.sample(stage.people[:-2], rng.choice((0, 1, 2)))
        for variables in question.variables:
            for other in (person, *others):
                await comparison.same(question, variables, other, f"world {stage.seed}, question {number}")
