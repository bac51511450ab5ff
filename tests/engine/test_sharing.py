"""Plans that viewers with different grants share, once many sets of grants are in use."""

import random
from types import SimpleNamespace

import pytest

from authz.gates import EVERYTHING, ON_RECORD, GateViolation, Standing, grant_bit
from authz.grant import Grant
from engine.document import RejectedOperation
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import InvalidVariables, PreparedOperation
from engine.scope.named import named_gates
from graph.schema import full_schema

PAGE = """query Page($first: Int, $filter: SaleFilter) { account { sales(first: $first, filter: $filter) {
  nodes { id ...Row } } } }
fragment Row on Sale { reference buyer { name } }"""
BASE = EVERYTHING & ~ON_RECORD
SEARCH, KAJABI, LINKS = map(grant_bit, (Grant.SEARCH_SALES, Grant.MANAGE_KAJABI, Grant.MANAGE_TRACKING_PIXEL))
LACKING = [BASE & ~KAJABI, BASE & ~LINKS, BASE & ~KAJABI & ~LINKS]


def _crowded() -> Engine:
    engine = Engine(full_schema(), Limits(), most_schemas=6)
    for bit in (Standing.SIGNED_IN, Standing.NO_TOKEN, Standing.SESSION):
        engine.scopes.scoped(bit)
    assert engine.scopes.is_crowded
    return engine


def _prepared(engine: Engine, text: str, mask: int) -> PreparedOperation:
    found = engine.prepare(text, None, mask)
    assert isinstance(found, PreparedOperation)
    return found


def test_viewers_who_differ_in_other_grants_share_a_plan() -> None:
    engine = _crowded()

    first, second, third = (_prepared(engine, PAGE, mask) for mask in LACKING)

    assert first is second is third
    assert all(engine.knows_query(PAGE, None, mask) for mask in LACKING)
    assert not any(engine.scopes.is_cached(engine.scopes.key(mask)) for mask in LACKING)


def test_a_few_sets_of_grants_have_plans_of_their_own() -> None:
    engine = Engine(full_schema(), Limits())

    first, second, _ = (_prepared(engine, PAGE, mask) for mask in LACKING)

    assert first is not second
    assert first.mask == engine.scopes.key(LACKING[0])


def test_a_shared_plan_is_made_on_a_schema_with_nothing_that_one_of_its_viewers_lacks() -> None:
    engine = _crowded()

    prepared = _prepared(engine, PAGE, LACKING[0])

    assert all(prepared.mask & ~mask == 0 for mask in LACKING)
    assert prepared.mask & SEARCH


def test_a_viewer_without_a_gate_that_a_document_names_is_rejected_as_ever() -> None:
    engine, usual = _crowded(), Engine(full_schema(), Limits())
    _prepared(engine, PAGE, LACKING[0])

    found, expected = (each.prepare(PAGE, None, LACKING[0] & ~SEARCH) for each in (engine, usual))

    assert isinstance(found, RejectedOperation)
    assert isinstance(expected, RejectedOperation)
    assert [error.message for error in found.errors] == [error.message for error in expected.errors]
    assert not engine.knows_query(PAGE, None, LACKING[0] & ~SEARCH)


async def test_a_shared_plan_is_refused_to_a_viewer_who_lacks_one_of_its_gates() -> None:
    engine = _crowded()
    prepared = _prepared(engine, PAGE, LACKING[0])
    less = SimpleNamespace(viewer=SimpleNamespace(mask=LACKING[0] & ~SEARCH))

    with pytest.raises(GateViolation):
        await engine.run(prepared, None, less)


async def test_a_plan_that_shows_values_is_refused_to_a_viewer_who_sees_them_covered() -> None:
    engine = _crowded()
    prepared = _prepared(engine, PAGE, LACKING[0])
    covered = SimpleNamespace(viewer=SimpleNamespace(mask=LACKING[0] | ON_RECORD))

    assert _prepared(engine, PAGE, LACKING[0] | ON_RECORD) is not prepared
    with pytest.raises(GateViolation):
        await engine.run(prepared, None, covered)


def test_a_gate_that_is_overlooked_costs_time_and_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.sharing.named_gates", lambda _schema, gates, _document: gates.covers)
    engine = _crowded()

    prepared = _prepared(engine, PAGE, LACKING[0])

    assert prepared.mask == engine.scopes.key(LACKING[0])


@pytest.mark.parametrize(
    "text",
    [
        "{ node(id: \"sale_1\") { id } }",
        "{ __schema { types { name } } }",
        "mutation { signOut { errors { code } } }",
        "{ account { name } sales: nothing }",
        "{ account { sales(first: 1) @whenGranted { nodes { id } } } }",
    ],
    ids=["an interface", "introspection", "a mutation", "an unknown field", "a condition"],
)  # fmt: skip
def test_what_depends_on_the_whole_schema_is_not_shared(text: str) -> None:
    engine = _crowded()

    engine.prepare(text, None, LACKING[0])

    assert all(key[0] == engine.scopes.key(LACKING[0]) for key in engine._operations)
    assert engine._sharing.key(engine.scopes.key(LACKING[0]), text) is None


def test_a_value_that_only_some_viewers_can_send_is_read_on_their_own_schema() -> None:
    engine = _crowded()
    members = engine.scopes.gates.members.items()
    name = next(name for (owner, name), bit in members if owner == "SaleFilter" and bit & LACKING[0])
    prepared, values = _prepared(engine, PAGE, LACKING[0]), {"first": 1, "filter": {name: None}}

    with pytest.raises(InvalidVariables):
        prepared.coerced(values)
    own = engine.own_operation(prepared, LACKING[0], values)

    assert own.mask == engine.scopes.key(LACKING[0])
    assert name in own.coerced(values).coerced["filter"]
    assert engine.prepare(PAGE, None, LACKING[0]) is own
    assert engine.prepare(PAGE, None, LACKING[1]) is prepared


def test_operations_are_forgotten_with_their_schemas() -> None:
    engine = _crowded()
    masks = [BASE & ~bit for bit in random.Random(1).sample([1 << place for place in range(40)], 12)]

    for mask in masks:
        engine.prepare('{ node(id: "sale_1") { id } }', None, mask)

    assert len(engine.scopes._cache) <= 6
    assert {key[0] for key in engine._operations} <= set(engine.scopes._cache)


def test_the_gates_of_arguments_and_of_the_parts_of_inputs_count() -> None:
    engine = _crowded()
    schema, gates = engine.scopes.full, engine.scopes.gates

    def named(text: str) -> int:
        document = engine.parse(text)
        assert not isinstance(document, RejectedOperation)
        found = named_gates(schema, gates, document)
        assert found is not None
        return found & ~gates.covers

    gated = {name: bit for (owner, name), bit in gates.members.items() if owner == "SaleFilter" and bit}
    assert gated

    plain, page = named("{ account { name } }"), named(PAGE)
    assert page & SEARCH
    assert not plain & SEARCH
    for name, bit in gated.items():
        text = f"{{ account {{ sales(filter: {{ {name}: null }}) {{ nodes {{ id }} }} }} }}"
        assert named(text) & bit
