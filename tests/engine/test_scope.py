"""How a schema is cut down to a set of open gates, on a small schema of the tests' own."""

from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    validate_schema,
)
from strawberry.schema_directive import Location

from authz.gates import AdminOnly, LeadOnly, Needs, OwnerOnly, Standing, gated, lead_only, needs, owner_only
from authz.grant import Grant
from engine.execute import Engine
from engine.limits import Limits
from engine.scope.schema import Scopes, exists, undecided

OWNER = int(Standing.OWNER)
LEAD = int(Standing.LEAD)
ADMIN = int(Standing.ADMIN)
SEARCH = 1 << list(Grant).index(Grant.SEARCH_SALES)


@strawberry.interface
class Named:
    name: str
    nickname: str | None = lead_only()


@strawberry.type
class Cat(Named):
    lives: int


@gated(OwnerOnly())
@strawberry.type
class Dog(Named):
    barks: bool


@strawberry.type
class Fish(Named):
    """Nothing leads here but the interface."""

    scales: int


@strawberry.type
class Vault:
    """Has no field without its gate."""

    code: str = owner_only()
    hint: str = lead_only()


@strawberry.type
class Room:
    vault: Vault


Pet = Annotated[Cat | Dog, strawberry.union("Pet")]
Guard = Annotated[Dog | Vault, strawberry.union("Guard")]


@strawberry.enum
class Colour(Enum):
    RED = "RED"
    GOLD = strawberry.enum_value("GOLD", directives=[OwnerOnly()])


@strawberry.enum
class Metal(Enum):
    TIN = strawberry.enum_value("TIN", directives=[LeadOnly()])
    LEAD = strawberry.enum_value("LEAD", directives=[AdminOnly()])


@strawberry.input
class Locked:
    owner: int | None = strawberry.field(default=None, directives=[OwnerOnly()])
    lead: int | None = strawberry.field(default=None, directives=[LeadOnly()])


@strawberry.input
class Search:
    text: str | None = None
    colour: Colour | None = None
    metal: Metal | None = None
    locked: Locked | None = None
    period: int | None = strawberry.field(default=None, directives=[Needs(grant=Grant.SEARCH_SALES)])


@strawberry.type
class Query:
    @strawberry.field
    def pet(self) -> Pet | None:
        return None

    @strawberry.field
    def guard(self) -> Guard | None:
        return None

    @strawberry.field
    def named(self) -> Named | None:
        return None

    @strawberry.field
    def room(self) -> Room | None:
        return None

    @strawberry.field
    def by_metal(self, metal: Metal) -> int | None:
        return metal and None

    @strawberry.field
    def found(
        self,
        search: Search | None = None,
        metal: Metal | None = None,
        closed: Locked | None = None,
        secret: Annotated[int | None, strawberry.argument(directives=[OwnerOnly()])] = None,
    ) -> int | None:
        return search and metal and closed and secret and None

    @needs(Grant.SEARCH_SALES)
    def sales(self) -> list[Cat]:
        return []


@pytest.fixture(scope="module")
def scopes() -> Scopes:
    return Scopes(strawberry.Schema(query=Query, types=[Fish]))


def _scoped(scopes: Scopes, mask: int) -> GraphQLSchema:
    schema: GraphQLSchema = scopes.scoped(mask)._schema
    assert not validate_schema(GraphQLSchema(**{**schema.to_kwargs(), "assume_valid": False}))
    return schema


def _fields(schema: GraphQLSchema, name: str) -> set[str]:
    kind: Any = schema.type_map[name]
    return set(kind.values if isinstance(kind, GraphQLEnumType) else kind.fields)


def test_everything_is_there_when_every_gate_is_open(scopes: Scopes) -> None:
    schema = _scoped(scopes, OWNER | LEAD | ADMIN | SEARCH)

    assert {name for name in schema.type_map if not name.startswith("__")} >= {
        "Cat", "Dog", "Vault", "Room", "Pet", "Guard", "Colour", "Metal", "Locked", "Search", "Named",
    }  # fmt: skip


def test_a_hidden_member_leaves_its_union(scopes: Scopes) -> None:
    pet = _scoped(scopes, 0).type_map["Pet"]

    assert isinstance(pet, GraphQLUnionType)
    assert [kind.name for kind in pet.types] == ["Cat"]


def test_a_union_without_members_is_gone_with_the_field_that_returns_it(scopes: Scopes) -> None:
    schema = _scoped(scopes, 0)

    assert "Guard" not in schema.type_map
    assert "guard" not in _fields(schema, "Query")
    assert "guard" in _fields(_scoped(scopes, LEAD), "Query")


def test_a_gate_on_an_interfaces_field_hides_it_there_and_in_what_implements_it(scopes: Scopes) -> None:
    closed, lead = _scoped(scopes, 0), _scoped(scopes, LEAD)

    assert "nickname" not in _fields(closed, "Named") | _fields(closed, "Cat")
    assert "nickname" in _fields(lead, "Named") & _fields(lead, "Cat")


def test_what_only_an_interface_leads_to_is_not_reached(scopes: Scopes) -> None:
    schema = _scoped(scopes, OWNER | LEAD | ADMIN | SEARCH)
    named = schema.type_map["Named"]

    assert "Fish" not in schema.type_map
    assert isinstance(named, GraphQLInterfaceType)
    assert {get_possible_kind.name for get_possible_kind in schema.get_possible_types(named)} == {
        "Cat",
        "Dog",
    }


def test_a_gated_type_is_gone_from_its_interface(scopes: Scopes) -> None:
    schema = _scoped(scopes, LEAD)

    assert {
        get_possible_kind.name for get_possible_kind in schema.get_possible_types(schema.type_map["Named"])
    } == {"Cat"}  # type: ignore[arg-type]


def test_a_type_that_lost_its_last_field_is_gone_with_what_leads_to_it(scopes: Scopes) -> None:
    schema = _scoped(scopes, 0)

    assert not {"Vault", "Room"} & schema.type_map.keys()
    assert "room" not in _fields(schema, "Query")
    assert _fields(_scoped(scopes, LEAD), "Vault") == {"hint"}
    assert _fields(_scoped(scopes, OWNER), "Vault") == {"code"}


def test_an_enum_loses_the_values_whose_gate_is_shut(scopes: Scopes) -> None:
    assert _fields(_scoped(scopes, 0), "Colour") == {"RED"}
    assert _fields(_scoped(scopes, OWNER), "Colour") == {"RED", "GOLD"}
    assert _fields(_scoped(scopes, LEAD), "Metal") == {"TIN"}
    assert _fields(_scoped(scopes, ADMIN), "Metal") == {"LEAD"}


def test_an_enum_without_values_is_gone_with_what_takes_it(scopes: Scopes) -> None:
    schema = _scoped(scopes, 0)
    found: Any = schema.type_map["Query"]

    assert "Metal" not in schema.type_map
    assert "metal" not in _fields(schema, "Search")
    assert "metal" not in found.fields["found"].args


def test_a_field_with_a_required_argument_of_a_hidden_type_is_gone(scopes: Scopes) -> None:
    assert "byMetal" not in _fields(_scoped(scopes, 0), "Query")
    assert "byMetal" in _fields(_scoped(scopes, LEAD), "Query")


def test_an_input_whose_every_field_is_shut_is_gone_with_what_takes_it(scopes: Scopes) -> None:
    schema = _scoped(scopes, 0)
    found: Any = schema.type_map["Query"]

    assert "Locked" not in schema.type_map
    assert "locked" not in found.fields["found"].args
    assert _fields(schema, "Search") == {"text", "colour"}
    assert _fields(_scoped(scopes, LEAD), "Locked") == {"lead"}


def test_a_gated_argument_is_gone_and_its_field_stays(scopes: Scopes) -> None:
    closed: Any = _scoped(scopes, 0).type_map["Query"]
    owner: Any = _scoped(scopes, OWNER).type_map["Query"]

    assert set(closed.fields["found"].args) == {"search"}
    assert "secret" in owner.fields["found"].args


def test_a_gated_input_field_is_gone(scopes: Scopes) -> None:
    assert "period" not in _fields(_scoped(scopes, OWNER), "Search")
    assert "period" in _fields(_scoped(scopes, SEARCH), "Search")


def test_a_scoped_schema_leaves_the_full_one_as_it_was(scopes: Scopes) -> None:
    before = {name: set(getattr(kind, "fields", {})) for name, kind in scopes.full.type_map.items()}

    _scoped(scopes, 0)

    assert before == {name: set(getattr(kind, "fields", {})) for name, kind in scopes.full.type_map.items()}
    assert isinstance(scopes.full.type_map["Cat"], GraphQLObjectType)


def test_a_gate_on_a_required_argument_is_an_error_at_the_start() -> None:
    @strawberry.type
    class Bad:
        @strawberry.field
        def found(self, secret: Annotated[int, strawberry.argument(directives=[OwnerOnly()])]) -> int:
            return secret

    with pytest.raises(TypeError, match=r"Bad\.found\(secret:\) is required"):
        Scopes(strawberry.Schema(query=Bad))


def test_a_gate_on_a_required_input_field_is_an_error_at_the_start() -> None:
    @strawberry.input
    class Question:
        secret: int = strawberry.field(directives=[OwnerOnly()])

    @strawberry.type
    class Bad:
        @strawberry.field
        def found(self, arguments: Question | None = None) -> int:
            return arguments.secret if arguments else 0

    with pytest.raises(TypeError, match=r"Question\.secret is required"):
        Scopes(strawberry.Schema(query=Bad))


def test_two_gates_on_one_field_are_an_error_at_the_start() -> None:
    @strawberry.type
    class Bad:
        both: int = strawberry.field(directives=[OwnerOnly(), LeadOnly()])

    with pytest.raises(TypeError, match="One field, one gate"):
        Scopes(strawberry.Schema(query=Bad))


def test_a_directive_that_is_no_gate_hides_nothing() -> None:
    @strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
    class Slow:
        pass

    @strawberry.type
    class Query:
        count: int = strawberry.field(directives=[Slow()])

    assert _fields(_scoped(Scopes(strawberry.Schema(query=Query)), 0), "Query") == {"count"}


# What is kept


def test_a_schema_is_made_once_for_the_gates_that_matter(scopes: Scopes) -> None:
    irrelevant = 1 << list(Grant).index(Grant.MANAGE_KAJABI)

    assert scopes.scoped(LEAD) is scopes.scoped(LEAD | irrelevant)
    assert scopes.scoped(LEAD) is not scopes.scoped(OWNER)
    assert scopes.key(irrelevant) == 0


def test_no_more_schemas_are_kept_than_there_is_room_for() -> None:
    scopes = Scopes(strawberry.Schema(query=Query), capacity=2)
    first = scopes.scoped(0)

    scopes.scoped(LEAD)
    scopes.scoped(ADMIN)

    assert len(scopes._cache) == 2
    assert scopes.scoped(0) is not first


def test_no_more_documents_are_kept_than_there_is_room_for() -> None:
    engine = Engine(strawberry.Schema(query=Query), Limits(), cache_bytes=100_000)

    for number in range(300):
        engine.prepare(f"query Q{number} {{ __typename }}", None, LEAD)
        engine.prepare(f"query Q{number} {{ nothing{number} }}", None, LEAD)

    stored = [item for item in vars(engine).values() if hasattr(item, "maxsize")]
    assert len(stored) >= 3
    assert all(item.currsize <= item.maxsize for item in stored)
    assert all(0 < len(item) < 300 for item in stored if item.currsize)


def test_a_document_longer_than_the_room_is_prepared_and_not_kept() -> None:
    engine = Engine(strawberry.Schema(query=Query), Limits(), cache_bytes=100)
    text = "{ __typename }" + " " * 200

    assert engine.prepare(text, None, LEAD)

    assert text not in engine._documents


# What is not decided


def test_a_field_is_there_or_not_by_its_coordinate(scopes: Scopes) -> None:
    schema = _scoped(scopes, 0)

    assert exists(schema, "Cat.lives")
    assert not exists(schema, "Cat.nickname")
    assert not exists(schema, "Dog.barks")
    assert not exists(schema, "Cat")


def test_fields_behind_no_gate_or_a_door_alone_are_undecided() -> None:
    schema = strawberry.Schema(query=Query)._schema

    assert {"Cat.lives", "Query.pet"} <= undecided(schema, 0)
    assert not {"Query.sales", "Dog.barks", "Named.nickname", "Vault.hint"} & undecided(schema, 0)
    assert "Vault.hint" in undecided(schema, LEAD)
