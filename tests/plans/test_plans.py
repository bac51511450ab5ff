"""Plans one by one: what they read, what they judge and when, what they keep, and how they give way."""

import ast
import gc
import random
import re
import tracemalloc
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location

import engine.plan.code
import make
from authz.gates import EVERYTHING, GateViolation, Guard, Needs, Standing, gate_among, grant_bit, needs
from authz.grant import Grant
from client import Client
from engine.document import RejectedOperation
from engine.execute import Engine, OperationResult
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from extent import extent
from graph.http.request import GraphQLRequest
from graph.schema import full_schema
from models import database
from models.vocabulary import Role
from plans.paths import Comparison, Person, Stage, Standard, Watched, handler
from plans.queries import Question

EVERY_LEVEL = """query ($first: Int) { account { sales(first: $first) {
  totalCount pageInfo { endCursor }
  nodes { id price { amount } product { name offers { code price { amount } } } offer { code } net { amount }
    history { status } commissions { amount { amount } } coproducers { name } team { members { person { name } } }
    assignee { teams { leads team { name } } } } } } }"""


@dataclass
class Shop:
    """An account with a team and an owner who asks."""

    account: dict[str, Any]
    owner: Person
    member: dict[str, Any]
    team: dict[str, Any]

    @classmethod
    async def opened(cls) -> "Shop":
        account = await make.account(teams_on=True)
        lead, member = await make.collaborator(account, role=Role.TEAM_LEAD), await make.collaborator(account)
        team = await make.team(account, [member], [lead])
        token = await make.session({"id": account["owner_id"]})
        return cls(account, Person("OWNER", token, f"central_{account['id']}", EVERYTHING), member, team)

    async def sell(self, count: int, **changed: Any) -> None:
        for _ in range(count):
            product = await make.product(self.account)
            offer = await make.offer(self.account, product)
            await make.sale(self.account, product, self.member,
                            **{"offer_id": offer["id"], "team_id": self.team["id"]} | changed)  # fmt: skip

    async def statements(self, way: type[Engine], text: str, values: dict[str, Any]) -> list[str]:
        way_handler = handler(way)
        request = GraphQLRequest(text, None, values, token=self.owner.token, central=self.owner.central)
        with database.observed() as statements:
            answer = await way_handler.handle(request)
        assert "errors" not in answer.payload
        assert way is Standard or way_handler.engine.last.compiled  # type: ignore[attr-defined]
        return list(statements)


async def test_a_plan_reads_as_many_statements_for_5_rows_as_for_100_and_no_more_than_the_standard_executor(
    database_url: str,
) -> None:
    shop = await Shop.opened()
    await shop.sell(100)

    few = await shop.statements(Watched, EVERY_LEVEL, {"first": 5})
    many = await shop.statements(Watched, EVERY_LEVEL, {"first": 100})
    standard = await shop.statements(Standard, EVERY_LEVEL, {"first": 100})

    assert len(few) == len(many) <= len(standard)
    # who asks, the count, the page, and a level each: offers, history, commissions, coproducers, members, teams
    assert len(many) == 3 + 6


async def test_no_gate_is_judged_while_a_plan_runs(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await Shop.opened()
    await shop.sell(3)
    judged: list[Any] = []
    resolve = Guard.resolve

    def counted(self: Guard, *arguments: Any, **named: Any) -> Any:
        judged.append(self.bit)
        return resolve(self, *arguments, **named)

    monkeypatch.setattr(Guard, "resolve", counted)
    await shop.statements(Watched, EVERY_LEVEL, {"first": 3})
    assert judged == []

    await shop.statements(Standard, EVERY_LEVEL, {"first": 3})
    assert len(judged) > 10


async def test_what_was_prepared_for_some_gates_is_refused_to_a_viewer_with_others() -> None:
    ready = Engine(full_schema(), Limits())
    prepared = ready.prepare("{ account { privacy } }", None, EVERYTHING)
    assert isinstance(prepared, PreparedOperation)
    less = SimpleNamespace(viewer=SimpleNamespace(mask=EVERYTHING & ~Standing.ADMIN))

    with pytest.raises(GateViolation):
        await ready.run(prepared, None, less)


async def test_a_plan_is_not_made_on_a_schema_with_more_than_its_gates() -> None:
    ready = Engine(full_schema(), Limits())
    prepared = ready.prepare("{ account { privacy } }", None, EVERYTHING)
    assert isinstance(prepared, PreparedOperation)
    prepared.mask = ready.scopes.key(EVERYTHING & ~Standing.ADMIN)

    plan = prepared.plan(prepared.coerced(None))

    assert plan.function is None
    assert plan.reason == "a closed gate: Account.privacy"


# A small schema of its own, for what the real one has nothing of


class Stricter(Guard):
    """A guard of another kind."""


class Loud(FieldExtension):
    """An extension that is no guard."""

    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        return str(next_(source, info, **kwargs)).upper()


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
class Noted:
    """A directive that is no gate."""

    text: str = "noted"


class NeedsMore(Needs):
    """A gate of another kind."""


@strawberry.type
class Thing:
    """Something whose fields go wrong."""

    name: str
    count: int | None = None
    stricter: str = strawberry.field(default="s", extensions=[Stricter(grant_bit(Grant.SEARCH_SALES))])
    loud: str = strawberry.field(default="loud", extensions=[Loud()])
    noted: str = strawberry.field(default="n", directives=[Noted()])
    safe: str = needs(Grant.SEARCH_SALES, default="safe")


@strawberry.type
class Query:
    """Things."""

    @strawberry.field
    def thing(self) -> Thing:
        """A good one."""
        return Thing(name="thing")

    @strawberry.field
    def nameless(self) -> Thing | None:
        """One without the name that it must have."""
        return Thing(name=None)  # type: ignore[arg-type]

    @strawberry.field
    def endless(self) -> Thing | None:
        """One whose number is too large."""
        return Thing(name="endless", count=2**40)

    @strawberry.field
    async def broken(self) -> Thing | None:
        """None: it fails."""
        raise ValueError("broken")


SMALL = strawberry.Schema(query=Query)


async def _small(text: str, mask: int = EVERYTHING) -> OperationResult:
    ready = Engine(SMALL, Limits())
    prepared = ready.prepare(text, None, mask)
    assert isinstance(prepared, PreparedOperation)
    return await ready.run(prepared, None, SimpleNamespace(viewer=SimpleNamespace(mask=mask)))


@pytest.mark.parametrize(
    ("field", "reason", "expected"),
    [
        ("stricter", "an extension: Stricter", "s"),
        ("loud", "an extension: Loud", "LOUD"),
        ("noted", "a directive: Noted", "n"),
        ("safe", "", "safe"),
    ],
)
async def test_a_field_with_anything_unknown_about_it_is_not_compiled(
    field: str, reason: str, expected: str
) -> None:
    outcome = await _small(f"{{ thing {{ {field} }} }}")

    assert outcome.reason == reason
    assert msgspec.json.decode(msgspec.json.encode(outcome.data)) == {"thing": {field: expected}}


async def test_a_guard_of_another_kind_refuses_on_the_standard_path() -> None:
    outcome = await _small("{ thing { stricter } }", EVERYTHING & ~grant_bit(Grant.SEARCH_SALES))

    assert outcome.data is None
    assert [type(error.original_error) for error in outcome.errors] == [GateViolation]


def test_a_gate_of_another_kind_makes_no_schema() -> None:
    with pytest.raises(KeyError):
        gate_among([NeedsMore(grant=Grant.SEARCH_SALES)])


@pytest.mark.parametrize("field", ["nameless", "endless", "broken"])
async def test_a_fault_of_a_plan_is_told_by_the_standard_executor(field: str) -> None:
    text = f"{{ thing {{ name }} {field} {{ name count }} again: thing {{ name }} }}"

    outcome = await _small(text)

    assert not outcome.compiled
    assert outcome.reason.startswith("error: ")
    good = {"name": "thing"}
    partial = {"name": "endless", "count": None} if field == "endless" else None
    assert outcome.data == {"thing": good, field: partial, "again": good}
    assert list(outcome.data) == ["thing", field, "again"]
    assert [error.path for error in outcome.errors] == [
        {"nameless": [field, "name"], "endless": [field, "count"], "broken": [field]}[field]
    ]


# Faults in rows


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"status": "LOST"}, "status"), ({"payment_method": "SHELLS"}, "paymentMethod"),
     ({"ordered_at": 10**17}, "orderedAt"), ({"approved_at": 10**17}, "approvedAt")],
)  # fmt: skip
async def test_a_row_that_breaks_the_schema_is_answered_alike_on_both_paths(
    database_url: str, changed: dict[str, Any], field: str
) -> None:
    shop = await Shop.opened()
    await shop.sell(1)
    await shop.sell(1, **changed)
    comparison = Comparison()
    text = f"{{ account {{ id sales {{ nodes {{ id {field} }} totalCount }} }} viewer {{ id }} }}"

    await comparison.same(Question(text, None, []), None, shop.owner, field)

    assert comparison.tally.failed == 1


async def test_of_several_root_fields_one_that_fails_leaves_the_others(database_url: str) -> None:
    shop = await Shop.opened()
    comparison = Comparison()
    ids = ", ".join(['"x"'] * 101)
    text = (
        "{ a: account { id } b: account { sales(first: -1) { totalCount } } viewer { name }"
        f' node(id: "x") {{ id }} nodes(ids: [{ids}]) {{ id }} c: account {{ sales {{ totalCount }} }} }}'
    )

    for request in (text, text.replace(f"nodes(ids: [{ids}]) {{ id }}", "")):
        await comparison.same(Question(request, None, []), None, shop.owner, "root")

    assert comparison.tally.failed == 2


# Generated code

OURS = re.compile(
    r"[vmSEwkoafs]\d+s?|[rvinxyot]|run|str|rows|levels|page|total|cursors|nodes|own|number|text|truth|required"
    r"|range|len|type|int"
)
HOSTILE = (
    "__class__",
    "eval",
    "exit",
    "__import__",
    "lambda_",
    "None",
    "True",
    "self",
    "S1",
    "v4",
    "required",
)


def _hostile(names: tuple[str, ...]) -> str:
    sales = "".join(
        f' {name}: sales(first: 1, filter: {{text: "{name}\'\\"]); exit("}}) {{ {name}: nodes {{ {name}: reference'
        f" b_{name}: buyer {{ {name}: name }} ... on Sale {{ c_{name}: price {{ {name}: amount }} }} }} }}"
        for name in names
    )
    return f"query {names[0]} {{ account {{{sales} }} }}"


async def test_generated_code_holds_no_name_or_value_of_the_caller(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await Stage.of(1)
    texts = [_hostile(part) for part in (HOSTILE[:6], HOSTILE[6:])]
    writer = stage.writer(stage.people[0], random.Random(3), tidy=True)
    texts += [writer.question().text for _ in range(extent(150, 250))]
    sources: list[str] = []

    def evaluating(source: str, names: dict[str, Any]) -> Any:
        sources.append(source)
        return eval(source, names)

    def executing(source: str, names: dict[str, Any], scope: dict[str, Any]) -> None:
        sources.append(source)
        exec(source, names, scope)

    monkeypatch.setattr(engine.plan.code, "eval", evaluating, raising=False)
    monkeypatch.setattr(engine.plan.code, "exec", executing, raising=False)
    ready = Engine(full_schema(), Limits())
    planned = 0
    for text in texts:
        prepared = ready.prepare(text, None, stage.people[0].mask)
        if isinstance(prepared, PreparedOperation) and not prepared.operation.variable_definitions:
            planned += prepared.plan(prepared.coerced(None)).function is not None
        assert sources, text

    assert planned >= 8
    assert len(sources) > 30
    types = set(full_schema()._schema.type_map)
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name | ast.arg):
                name = node.id if isinstance(node, ast.Name) else node.arg
                assert OURS.fullmatch(name), source
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value in types or re.fullmatch(r"[a-z]+_", node.value), source
            elif isinstance(node, ast.Attribute):
                assert not node.attr.startswith("__"), source
    assert "exit" not in " ".join(sources)


# What is kept

CACHE = extent(1_000_000, 4_000_000)
TEXTS, MANY = extent(200, 800), extent(1_000, 5_000)
ALL_CACHES = CACHE * (1 + 1 / 4 + 1 / 8)
SALE = "id reference price { amount } buyer { name } history { status } product { name offers { code } }"


def _grown(texts: Any, *, plans: int = 1) -> tuple[int, Engine]:
    ready = Engine(full_schema(), Limits(), cache_bytes=CACHE)
    ready.scopes.scoped(EVERYTHING)
    if plans:
        ready._validator._rules = ready._validator._rules[
            :1
        ]  # validating takes most of the time, and keeps nothing
    gc.collect()
    gc.freeze()  # what other tests left is not looked through each time
    tracemalloc.start()
    try:
        for text in texts:
            prepared = ready.prepare(text, None, EVERYTHING)
            for number in range(plans if isinstance(prepared, PreparedOperation) else 0):
                values = {name: bool(number >> place & 1) for place, name in enumerate("abc")}
                prepared.plan(prepared.coerced(values))  # type: ignore[union-attr]
        gc.collect()
        return tracemalloc.get_traced_memory()[0], ready
    finally:
        tracemalloc.stop()


def _switched(number: int) -> str:
    parts = " ".join(
        f"a{item}: sales {{ nodes {{ {SALE} a: id @skip(if: $a) b: id @skip(if: $b) c: id @skip(if: $c) }} }}"
        for item in range(4)
    )
    return f"query Q{number}($a: Boolean!, $b: Boolean!, $c: Boolean!) {{ account {{ {parts} }} }}"


HEAVY = {
    "plans of many variants": (extent(4, 14), 8, _switched),
    "many fields of one name": (
        extent(12, 40),
        1,
        lambda number: f"query Q{number} {{ account {{ {'id ' * 400} }} }}",
    ),
    "comments": (extent(10, 30), 1, lambda number: "#\n" * 2_000 + f"query Q{number} {{ account {{ id }} }}"),
    "refusals": (extent(15, 50), 0, lambda number: f"query Q{number} {{ account {{ {'idle ' * 200} }} }}"),
    "names of operations": (
        extent(20, 60),
        1,
        lambda number: f"query {'Q' * 60_000}{number} {{ account {{ id }} }}",
    ),
}


def _light(number: int) -> str:
    return f"query Q{number} {{ account {{ name sales {{ nodes {{ id }} }} }} }}"


def test_what_is_kept_of_many_texts_stays_within_its_bound() -> None:
    grown, ready = _grown(_light(number) for number in range(TEXTS))

    print(
        f"{TEXTS} texts: {grown / 1e6:.1f} MB of {ALL_CACHES / 1e6:.1f}; {len(ready._operations)} with plans kept"
    )
    assert grown < ALL_CACHES
    assert 10 < len(ready._operations) < TEXTS


def test_no_more_of_many_texts_weighs_in_memory_than_there_is_room_for() -> None:
    ready = Engine(full_schema(), Limits(), cache_bytes=CACHE)
    ready._validator._rules = ready._validator._rules[:1]

    for number in range(MANY):
        prepared = ready.prepare(_light(number), None, EVERYTHING)
        assert isinstance(prepared, PreparedOperation)
        assert prepared.plan(prepared.coerced(None)).function is not None

    caches = (ready._operations, ready._documents, ready._rejected, ready._introspections)
    assert all(cach.currsize <= cach.maxsize for cach in caches)
    assert ready.cached(_light(MANY - 1), None, EVERYTHING) is not None
    assert ready.cached(_light(0), None, EVERYTHING) is None


@pytest.mark.parametrize("what", HEAVY)
def test_texts_that_are_written_to_weigh_much_stay_within_the_bound(what: str) -> None:
    count, plans, text = HEAVY[what]

    grown, ready = _grown((text(number) for number in range(count)), plans=plans)

    print(f"{what}: {grown / 1e6:.1f} MB of {ALL_CACHES / 1e6:.1f}; {len(ready._operations)} kept")
    assert grown < ALL_CACHES


def test_a_plan_keeps_no_value_but_those_that_choose_its_fields() -> None:
    ready = Engine(full_schema(), Limits())
    text = "query ($a: Boolean!, $text: String) { account { id @skip(if: $a) sales(filter: {text: $text}) { totalCount } } }"
    prepared = ready.prepare(text, None, EVERYTHING)
    assert isinstance(prepared, PreparedOperation)
    assert not isinstance(prepared, RejectedOperation)
    large = "x" * 999_983

    prepared.plan(prepared.coerced({"a": False, "text": large}))

    current = gc.get_referrers(large)
    assert not [
        item
        for item in current
        if isinstance(item, dict) and item.get("text") is large and item is not locals()
    ]


async def test_ids_are_looked_up_by_a_plan_for_a_viewer_for_whom_nothing_has_one(database_url: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, []))
    product = await make.product(account)
    text = (
        f'{{ node(id: "product_{product["id"]}") {{ id }} nodes(ids: ["product_{product["id"]}"]) {{ id }} }}'
    )
    watched = handler(Watched)

    answer = await watched.handle(
        GraphQLRequest(
            text, None, {}, token=await Client.collaborator(collaborator), central=f"central_{account['id']}"
        )
    )

    assert msgspec.json.decode(msgspec.json.encode(answer.payload)) == {
        "data": {"node": None, "nodes": [None]}
    }
    assert watched.engine.last.compiled  # type: ignore[attr-defined]
