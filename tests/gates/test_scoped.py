"""The schema of each set of open gates holds exactly what these gates leave, worked out a second time."""

import itertools
import re
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_introspection_query,
    get_named_type,
    graphql_sync,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate_schema,
)

import pruned
from authz.catalog import presets
from authz.gates import grant_bit
from authz.grant import Grant
from centrals.command import main
from engine.scope.schema import Scopes
from extent import by_turns
from graph.schema import full_schema
from pruned import EVERY, Stand

INTROSPECTION = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)
GRAPHQLS_OWN = {"String", "Int", "Float", "Boolean", "ID"}
PROFILES = {
    "no grant": [frozenset()],
    "each grant alone": [frozenset([grant]) for grant in Grant],
    "all but one": [EVERY - {grant} for grant in Grant],
    "every grant": [EVERY],
}
PAIRS = by_turns([frozenset(pair) for pair in itertools.combinations(sorted(Grant), 2)], 96)


def _stands(standing: str, profiles: str, step: int = 18) -> list[Stand]:
    """The viewers of a standing, of those whose gates are alike the first: `changes_no_schema` is of the others."""
    stands = [Stand(standing, profile) for profile in PROFILES[profiles]]
    return by_turns(
        list({stand.mask & pruned.relevant(): stand for stand in reversed(stands)}.values()), step
    )


@cache
def scopes() -> Scopes:
    return Scopes(full_schema(), capacity=2_000)


def scoped(mask: int) -> GraphQLSchema:
    found: GraphQLSchema = scopes().scoped(mask)._schema
    return found


@cache
def _introspected(mask: int) -> set[str]:
    """The coordinates that introspection tells."""
    result = graphql_sync(scoped(mask), pruned.NAMES).data
    assert result is not None
    found: set[str] = set()
    for kind in result["__schema"]["types"]:
        found.add(kind["name"])
        for member in [*(kind["fields"] or ()), *(kind["inputFields"] or ()), *(kind["enumValues"] or ())]:
            found.add(f"{kind['name']}.{member['name']}")
            found |= {f"{kind['name']}.{member['name']}({arg['name']}:)" for arg in member.get("args", ())}
    return {item for item in found if not item.startswith("__") and item not in GRAPHQLS_OWN}


def _unreached(schema: GraphQLSchema) -> set[str]:
    """The types of a schema that no field, argument or union leads to."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    waiting: list[Any] = [root for root in roots if root]
    waiting += [
        get_named_type(arg.type) for directive in schema.directives for arg in directive.args.values()
    ]
    reached: set[str] = set()
    while waiting:
        kind = waiting.pop()
        if kind.name in reached:
            continue
        reached.add(kind.name)
        if isinstance(kind, GraphQLUnionType):
            waiting += kind.types
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            waiting += kind.interfaces
        for member in pruned.members(kind).values():
            if hasattr(member, "type"):
                waiting.append(get_named_type(member.type))
            waiting += [get_named_type(item.type) for item in getattr(member, "args", {}).values()]
    own = {
        name
        for name, kind in schema.type_map.items()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    }
    return own - reached


def _valid(schema: GraphQLSchema) -> list[Any]:
    """The faults of a schema; one that was assumed to be valid is looked at all the same."""
    return list(validate_schema(GraphQLSchema(**{**schema.to_kwargs(), "assume_valid": False})))


@pytest.mark.parametrize("standing", pruned.STANDINGS)
@pytest.mark.parametrize("profiles", PROFILES)
def test_a_scoped_schema_holds_exactly_what_its_gates_leave(standing: str, profiles: str) -> None:
    for stand in _stands(standing, profiles):
        created, expected = scoped(stand.mask), pruned.schema_for(stand.mask)

        assert pruned.signatures(created) == pruned.signatures(expected), str(stand)


@pytest.mark.parametrize("standing", pruned.STANDINGS)
@pytest.mark.parametrize("profiles", PROFILES)
def test_introspection_tells_exactly_what_its_gates_leave(standing: str, profiles: str) -> None:
    for stand in _stands(standing, profiles, 36):
        result = _introspected(stand.mask & pruned.relevant())

        assert result == pruned.coordinates(pruned.schema_for(stand.mask)), str(stand)


# those of all near misses are compared over HTTP, too
@pytest.mark.parametrize("stand", by_turns([Stand("owner", EVERY), *pruned.near_misses()], 9), ids=str)
def test_introspection_tells_what_it_would_of_a_schema_that_never_had_more(stand: Stand) -> None:
    created, expected = (
        pruned.unordered(graphql_sync(schema, INTROSPECTION).data)
        for schema in (scoped(stand.mask), pruned.schema_for(stand.mask))
    )

    assert created == expected


@pytest.mark.parametrize("standing", pruned.STANDINGS)
@pytest.mark.parametrize("profiles", PROFILES)
def test_a_scoped_schema_is_valid_and_all_of_it_is_reached(standing: str, profiles: str) -> None:
    for key in sorted({scopes().key(stand.mask) for stand in _stands(standing, profiles)}):
        assert not _valid(scoped(key))
        assert not _unreached(scoped(key))


def test_any_two_grants_open_what_their_gates_leave() -> None:
    visible = {(Stand("user", pair).mask & pruned.relevant()): pair for pair in PAIRS}

    for mask, current in visible.items():
        assert pruned.coordinates(scoped(mask)) == pruned.coordinates(pruned.schema_for(mask)), sorted(
            current
        )


def test_each_gate_of_the_schema_opens_something() -> None:
    everything = pruned.coordinates(scoped(pruned.FULL))
    gates = pruned.gates()
    without = {bit: pruned.coordinates(scoped(pruned.FULL & ~bit)) for bit in set(gates.values())}

    assert gates.keys() <= everything
    assert not [coordinate for coordinate, bit in gates.items() if coordinate in without[bit]]
    hides = {bit: everything - rest for bit, rest in without.items()}
    for row in pruned.TOGETHER:
        for grant, other in itertools.combinations(sorted(row), 2):
            assert not hides[grant_bit(grant)] & hides[grant_bit(other)], (
                f"{grant} and {other} are to stand apart"
            )


def test_a_grant_that_nothing_needs_changes_no_schema() -> None:
    for grant in Grant:
        if not grant_bit(grant) & pruned.relevant():
            assert scopes().key(pruned.USER | grant_bit(grant)) == scopes().key(pruned.USER)


def test_the_whole_schema_is_left_when_every_gate_is_open() -> None:
    assert pruned.signatures(scoped(pruned.FULL)) == pruned.signatures(full_schema()._schema)


# The schema as the command line prints it.

_ALONE = {grant_bit(grant) & pruned.relevant(): grant for grant in Grant}  # of those that open nothing one
STANDS_BY_OPTION = (
    {f"--grants={grant.value}": Stand("user", frozenset([grant])) for grant in _ALONE.values()}
    | {
        f"--grants={','.join(sorted(EVERY - {grant}))}": Stand("user", EVERY - {grant})
        for grant in Grant
        if grant_bit(grant) & pruned.relevant()
    }
    | {f"--profile={name}": Stand("user", frozenset(preset.grants)) for name, preset in presets().items()}
    | {"--owner": Stand("owner", EVERY), "--grants=": Stand("user", frozenset())}
)


def _printed(option: str) -> str:
    result = CliRunner().invoke(main, ["schema", option])
    assert result.exit_code == 0, result.output
    return result.output


def _descriptions(sdl: str) -> list[str]:
    return re.findall(r'"""(.*?)"""', sdl, re.DOTALL)


def _named_in(words: str) -> set[str]:
    """What a description names for certain: quoted in backticks, a coordinate, or written as no word is."""
    words = words.replace("navigator.credentials", "")  # the browser's
    quoted = {name for span in re.findall("`([^`]*)`", words) for name in re.findall(r"\w+", span)}
    dotted = {name for pair in re.findall(r"\b[A-Z]\w*\.[a-z]\w*\b", words) for name in pair.split(".")}
    written = set(re.findall(r"\b(?:[A-Za-z]+[a-z][A-Z]\w*|[A-Z]+(?:_[A-Z]+)+)\b", words))
    return quoted | dotted | written


SDL_WORDS = {"directive", "enum", "implements", "input", "interface", "on", "scalar", "type", "union"}
SDL_WORDS |= {"subscription"}  # the root of the schema, and a field of sales
SDL_WORDS |= {"url", "html"}  # in @specifiedBy, and fields of slips and receipts
SDL_WORDS |= {"codes"}  # the argument of @errors, which every schema has


@pytest.mark.parametrize("option", by_turns(list(STANDS_BY_OPTION), 18), ids=lambda option: option[:40])
def test_the_printed_schema_names_nothing_hidden(option: str) -> None:
    sdl = _printed(option)

    expected = pruned.coordinates(pruned.schema_for(STANDS_BY_OPTION[option].mask))
    hidden = pruned.names(full_schema()._schema) - pruned.names(
        pruned.schema_for(STANDS_BY_OPTION[option].mask)
    )
    assert pruned.coordinates(build_schema(sdl)) == expected
    assert not [words for words in _descriptions(sdl) if _named_in(words) & hidden]
    words = set(re.findall(r"\w+", re.sub(r'""".*?"""', "", sdl, flags=re.DOTALL)))
    assert not (words & hidden) - SDL_WORDS


@pytest.mark.parametrize("stand", pruned.near_misses(), ids=str)
def test_no_description_names_what_its_reader_lacks(stand: Stand) -> None:
    schema = pruned.schema_for(stand.mask)
    hidden = pruned.names(full_schema()._schema) - pruned.names(schema)

    results = [
        member.description
        for kind in pruned.own_types(schema)
        for member in (kind, *pruned.members(kind).values())
    ]
    results += [
        argument.description
        for kind in pruned.own_types(schema)
        for member in pruned.members(kind).values()
        for argument in getattr(member, "args", {}).values()
    ]
    assert not [words for words in results if _named_in(words) & hidden]


def test_the_words_that_a_description_names_are_found() -> None:
    assert _named_in("As Sale.assignee, or `buyerEmail`, or taxNumber, or ORDERED_AT; not Sale.") == {
        "Sale",
        "assignee",
        "buyerEmail",
        "taxNumber",
        "ORDERED_AT",
    }


def test_the_printed_schema_prints_the_gates_that_its_reader_passed() -> None:
    sdl = _printed("--grants=SEARCH_SALES,CHANGE_BUYER_EMAIL")

    assert "email: String @needs(grant: CHANGE_BUYER_EMAIL)" in sdl
    assert parse(sdl)
