"""Gates: one field, one gate; an unknown gate never stands open."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location

from authz.gates import (
    ALL_GRANTS,
    DIRECTIVES,
    DOORS,
    EVERYTHING,
    ON_RECORD,
    AdminOnly,
    CollaboratorOnly,
    GateViolation,
    Guard,
    InCentral,
    InSession,
    LeadOnly,
    Needs,
    NoToken,
    OwnerOnly,
    SignedIn,
    Standing,
    admin_only,
    bit_of,
    gate_among,
    gated,
    grant_bit,
    grants_in,
    in_central,
    lead_only,
    mask_of,
    needs,
    owner_only,
    signed_in,
    with_lower,
)
from authz.grant import Grant

STANDING = {
    OwnerOnly: Standing.OWNER,
    AdminOnly: Standing.ADMIN,
    LeadOnly: Standing.LEAD,
    SignedIn: Standing.SIGNED_IN,
    InCentral: Standing.IN_CENTRAL,
    InSession: Standing.SESSION,
    CollaboratorOnly: Standing.COLLABORATOR,
    NoToken: Standing.NO_TOKEN,
}


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION], name="noted")
class Noted:
    """A directive that has nothing to do with gates."""


class NearlyNeeds(Needs):
    """Looks like a gate, and is none that anyone decided on."""


class NearlyOwnerOnly(OwnerOnly):
    """Likewise, of standing."""


# Bits and masks


def test_every_grant_and_every_standing_has_a_bit_of_its_own():
    bits = [*map(grant_bit, Grant), *map(int, Standing)]

    assert len(set(bits)) == 78
    assert all(bit.bit_count() == 1 for bit in bits)


def test_bits_stand_in_the_order_in_which_gates_are_declared():
    assert [grant_bit(grant) for grant in Grant] == [2**number for number in range(70)]
    assert [*map(int, Standing), ON_RECORD] == [2**number for number in range(100, 109)]


def test_the_bit_of_covered_data_belongs_to_no_gate():
    assert ON_RECORD.bit_count() == 1
    assert not ON_RECORD & EVERYTHING


@pytest.mark.parametrize(
    ("standing", "lower"),
    [
        (Standing.OWNER, {Standing.ADMIN, Standing.LEAD}),
        (Standing.ADMIN, {Standing.LEAD}),
        *((standing, set()) for standing in Standing if standing not in (Standing.OWNER, Standing.ADMIN)),
    ],
)
def test_a_standing_opens_what_lower_ones_open_and_no_grant(standing, lower):
    assert with_lower(standing) == sum({standing, *lower})


def test_everything_is_all_grants_and_all_standing():
    assert ALL_GRANTS.bit_count() == 70
    assert EVERYTHING.bit_count() == 78
    assert sum(Standing) == EVERYTHING & ~ALL_GRANTS
    assert EVERYTHING & ~ALL_GRANTS & ~DOORS == Standing.LEAD | Standing.ADMIN | Standing.OWNER


def test_a_mask_holds_the_grants_named_and_no_other():
    mask = mask_of(["VIEW_PRODUCTS", "SEARCH_SALES"])

    assert mask == grant_bit(Grant.VIEW_PRODUCTS) | grant_bit(Grant.SEARCH_SALES)
    assert grants_in(mask) == [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]  # in the catalog's order


def test_a_grant_named_twice_is_held_once():
    assert mask_of(["SEARCH_SALES", "SEARCH_SALES"]) == grant_bit(Grant.SEARCH_SALES)


@pytest.mark.parametrize(
    "key",
    ["SEE_EVERYTHING", "search_sales", " SEARCH_SALES", "", "OWNER", "ADMIN", "LEAD", "__members__", 4, None],
    ids=repr,
)
def test_a_key_that_the_catalog_lacks_opens_nothing(key):
    assert mask_of([key]) == 0
    assert mask_of([key, "SEARCH_SALES"]) == grant_bit(Grant.SEARCH_SALES)


def test_no_grants_are_an_empty_mask():
    assert mask_of([]) == 0
    assert grants_in(0) == []


def test_standing_is_no_grant():
    assert grants_in(sum(Standing)) == []
    assert grants_in(EVERYTHING) == list(Grant)


# What a directive asks for


@pytest.mark.parametrize("grant", Grant, ids=lambda grant: grant.value)
def test_needs_asks_for_the_bit_of_its_grant(grant):
    assert bit_of(Needs(grant=grant)) == grant_bit(grant) == gate_among([Needs(grant=grant)])


@pytest.mark.parametrize(("gate", "standing"), STANDING.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_gate_of_standing_asks_for_its_bit(gate, standing):
    assert bit_of(gate()) == standing == gate_among([gate()])


def test_every_gate_is_known_by_its_kind():
    assert set(DIRECTIVES) == {Needs, *STANDING}


@pytest.mark.parametrize(
    "unknown",
    [
        Noted(),
        NearlyNeeds(grant=Grant.SEARCH_SALES),
        NearlyOwnerOnly(),
        OwnerOnly,
        Grant.SEARCH_SALES,
        "SEARCH_SALES",
        None,
        object(),
        Needs(grant="SEE_EVERYTHING"),  # type: ignore[arg-type]
    ],
    ids=lambda it: it.__name__ if isinstance(it, type) else type(it).__name__,
)
def test_an_unknown_gate_has_no_bit(unknown):
    with pytest.raises(KeyError):
        bit_of(unknown)


def test_a_declaration_without_a_gate_asks_for_nothing():
    assert gate_among([]) == 0
    assert gate_among([Noted()]) == 0


def test_a_gate_is_found_beside_other_directives():
    assert gate_among([Noted(), OwnerOnly(), Noted()]) == Standing.OWNER


@pytest.mark.parametrize(
    "subclass", [NearlyNeeds(grant=Grant.SEARCH_SALES), NearlyOwnerOnly()], ids=["needs", "ownerOnly"]
)
def test_a_subclass_of_a_gate_is_an_error_and_never_open(subclass):
    with pytest.raises(KeyError):
        gate_among([subclass])
    with pytest.raises(KeyError):
        gate_among([Noted(), subclass])


@pytest.mark.parametrize(
    "thing",
    [OwnerOnly, Needs, Noted, Grant.SEARCH_SALES, "SEARCH_SALES", Standing.OWNER, owner_only, None],
    ids=["a gate's class", "needs' class", "any class", "a grant", "a key", "a bit", "a function", "None"],
)
def test_what_is_no_directive_is_an_error_and_never_open(thing):
    with pytest.raises(TypeError):
        gate_among([thing])


@pytest.mark.parametrize(
    "gates",
    [
        [Needs(grant=Grant.SEARCH_SALES), Needs(grant=Grant.VIEW_PRODUCTS)],
        [Needs(grant=Grant.SEARCH_SALES), Needs(grant=Grant.SEARCH_SALES)],
        [Needs(grant=Grant.SEARCH_SALES), OwnerOnly()],
        [AdminOnly(), Noted(), LeadOnly()],
        [SignedIn(), InCentral()],
    ],
    ids=["two grants", "one grant twice", "a grant and standing", "two standings", "two doors"],
)
def test_two_gates_on_one_field_are_an_error(gates):
    with pytest.raises(TypeError, match="One field, one gate"):
        gate_among(gates)


def test_a_field_cannot_be_declared_with_two_gates():
    with pytest.raises(TypeError, match="One field, one gate"):
        needs(Grant.SEARCH_SALES, directives=[OwnerOnly()])


def test_a_type_cannot_be_declared_with_two_gates():
    @gated(OwnerOnly())
    @strawberry.type
    class Secret:
        text: str

    with pytest.raises(TypeError, match="One field, one gate"):
        gated(AdminOnly())(Secret)

    assert Secret.__strawberry_definition__.directives == [OwnerOnly()]


@pytest.mark.parametrize(
    "thing",
    [NearlyNeeds(grant=Grant.SEARCH_SALES), NearlyOwnerOnly(), OwnerOnly, Grant.SEARCH_SALES, Noted()],
    ids=["a subclass of needs", "a subclass of standing", "a gate's class", "a grant", "another directive"],
)
def test_a_type_cannot_be_gated_by_what_is_no_gate(thing):
    with pytest.raises(KeyError):
        gated(thing)


# Fields in a schema


class Loud(FieldExtension):
    """Tells that it ran, so that a test sees who runs first."""

    def resolve(self, next_, source, info, **kwargs):
        info.context.ran.append("extension")
        return next_(source, info, **kwargs)


class LoudLater(FieldExtension):
    """Likewise, only async."""

    async def resolve_async(self, next_, source, info, **kwargs):
        info.context.ran.append("extension")
        return await next_(source, info, **kwargs)


SHORT = SimpleNamespace(resolver=lambda: "short")


@gated(Needs(grant=Grant.VIEW_PRODUCTS))
@strawberry.type
class Product:
    """A type behind a gate, with a gated attribute."""

    name: str
    price: int = needs(Grant.MANAGE_OFFERS)


@strawberry.type
class Query:
    """One field of each kind."""

    @strawberry.field
    def open(self, info: strawberry.Info) -> str:
        return "open"

    @needs(Grant.SEARCH_SALES, description="Told at once.")
    def sync(self, info: strawberry.Info) -> str:
        info.context.ran.append("resolver")
        return "sync"

    @needs(Grant.SEARCH_SALES)
    async def later(self, info: strawberry.Info, word: str = "later") -> str:
        info.context.ran.append("resolver")
        return word

    @needs(Grant.SEARCH_SALES, extensions=[Loud()], directives=[Noted()])
    def extended(self) -> str:
        return "extended"

    @needs(Grant.SEARCH_SALES, extensions=[LoudLater()])
    def extended_later(self) -> str:
        return "extended later"

    @needs(Grant.SEARCH_SALES, extensions=[LoudLater()])
    async def later_extended_later(self) -> str:
        return "later, extended later"

    @strawberry.field
    def product(self) -> Product:
        return Product(name="Course", price=9_900)

    owners: str = owner_only(resolver=lambda: "owner")
    admins: str = admin_only(resolver=lambda: "admin")
    leads: str = lead_only(resolver=lambda: "lead")
    insiders: str = in_central(resolver=lambda: "in central")
    people: str = signed_in(resolver=lambda: "signed in")
    short: str = needs(Grant.VIEW_ANALYTICS, SHORT)


@strawberry.type
class Subscription:
    """One stream."""

    @strawberry.subscription(
        directives=[Needs(grant=Grant.SEARCH_SALES)], extensions=[Guard(grant_bit(Grant.SEARCH_SALES))]
    )
    async def ticks(self, info: strawberry.Info) -> AsyncIterator[int]:
        info.context.ran.append("resolver")
        yield 1


class Quiet(strawberry.Schema):
    """Does not print the errors that these tests expect."""

    def process_errors(self, errors, execution_context=None):
        """Leave them in the result."""


SCHEMA = Quiet(Query, subscription=Subscription)

# field → the one bit that opens it, and what it answers then
GATED = {
    "sync": (grant_bit(Grant.SEARCH_SALES), "sync"),
    "later": (grant_bit(Grant.SEARCH_SALES), "later"),
    "extended": (grant_bit(Grant.SEARCH_SALES), "extended"),
    "extendedLater": (grant_bit(Grant.SEARCH_SALES), "extended later"),
    "laterExtendedLater": (grant_bit(Grant.SEARCH_SALES), "later, extended later"),
    "short": (grant_bit(Grant.VIEW_ANALYTICS), "short"),
    "owners": (Standing.OWNER, "owner"),
    "admins": (Standing.ADMIN, "admin"),
    "leads": (Standing.LEAD, "lead"),
    "insiders": (Standing.IN_CENTRAL, "in central"),
    "people": (Standing.SIGNED_IN, "signed in"),
}


def _context(mask: int) -> SimpleNamespace:
    return SimpleNamespace(viewer=SimpleNamespace(mask=mask), ran=[])


@pytest.mark.parametrize("field", GATED)
async def test_a_field_answers_where_the_mask_has_its_bit(field):
    bit, answer = GATED[field]

    result = await SCHEMA.execute(f"{{ {field} }}", context_value=_context(int(bit)))

    assert result.errors is None
    assert result.data == {field: answer}


@pytest.mark.parametrize("field", GATED)
async def test_a_field_is_shut_where_the_mask_has_every_bit_but_its_own(field):
    bit, _ = GATED[field]
    context = _context(EVERYTHING & ~bit)

    result = await SCHEMA.execute(f"{{ {field} }}", context_value=context)

    assert result.data is None
    assert [type(error.original_error) for error in result.errors] == [GateViolation]
    assert context.ran == []  # neither the resolver nor an extension


async def test_a_field_is_shut_to_an_empty_mask():
    result = await SCHEMA.execute("{ open sync }", context_value=_context(0))

    assert [error.message for error in result.errors] == ["Query.sync"]


async def test_an_open_field_asks_for_nothing():
    result = await SCHEMA.execute("{ open }", context_value=_context(0))

    assert result.data == {"open": "open"}


async def test_arguments_pass_through_the_guard():
    context = _context(grant_bit(Grant.SEARCH_SALES))

    result = await SCHEMA.execute('{ later(word: "sooner") }', context_value=context)

    assert result.data == {"later": "sooner"}


@pytest.mark.parametrize(("mask", "answers"), [(0, False), (grant_bit(Grant.MANAGE_OFFERS), True)])
async def test_an_attribute_without_a_resolver_is_guarded_too(mask, answers):
    result = await SCHEMA.execute("{ product { name price } }", context_value=_context(mask))

    assert (result.data == {"product": {"name": "Course", "price": 9_900}}) is answers
    assert [error.message for error in result.errors or ()] == ([] if answers else ["Product.price"])


async def test_a_subscription_runs_where_the_mask_has_its_bit():
    context = _context(grant_bit(Grant.SEARCH_SALES))

    stream = await SCHEMA.subscribe("subscription { ticks }", context_value=context)

    assert [result.data async for result in stream] == [{"ticks": 1}]


async def test_a_subscription_is_shut_before_it_starts():
    context = _context(EVERYTHING & ~grant_bit(Grant.SEARCH_SALES))

    stream = await SCHEMA.subscribe("subscription { ticks }", context_value=context)
    results = [result async for result in stream]

    assert [result.data for result in results] == [None]
    assert [type(error.original_error) for error in results[0].errors] == [GateViolation]
    assert context.ran == []


def test_a_guard_without_a_bit_is_always_shut():
    info = SimpleNamespace(
        context=_context(EVERYTHING), path=SimpleNamespace(typename="Query"), field_name="sync"
    )

    with pytest.raises(GateViolation, match=r"Query\.sync"):
        Guard(0).resolve(lambda *_: "open", None, info)


def test_a_field_keeps_the_source_that_it_was_declared_with():
    fields = {field.python_name: field for field in Query.__strawberry_definition__.fields}

    assert fields["short"].metadata["source"] is SHORT
    assert "source" not in fields["sync"].metadata


def test_a_field_keeps_its_other_metadata():
    assert needs(Grant.SEARCH_SALES, "column", metadata={"unit": "days"}).metadata == {
        "unit": "days",
        "source": "column",
    }


# The schema as it is printed


@pytest.mark.parametrize(
    "line",
    [
        "  sync: String! @needs(grant: SEARCH_SALES)",
        '  later(word: String! = "later"): String! @needs(grant: SEARCH_SALES)',
        "  extended: String! @needs(grant: SEARCH_SALES) @noted",
        "  open: String!",
        "  owners: String! @ownerOnly",
        "  admins: String! @adminOnly",
        "  leads: String! @leadOnly",
        "  insiders: String! @inCentral",
        "  people: String! @signedIn",
        "  short: String! @needs(grant: VIEW_ANALYTICS)",
        "type Product @needs(grant: VIEW_PRODUCTS) {",
        "  price: Int! @needs(grant: MANAGE_OFFERS)",
        "  ticks: Int! @needs(grant: SEARCH_SALES)",
    ],
    ids=lambda line: line.split(":")[0].split("(")[0].strip(),
)
def test_the_printed_schema_says(line):
    assert line in SCHEMA.as_str().splitlines()


def test_the_printed_schema_explains_each_grant():
    printed = SCHEMA.as_str()

    assert '  """Search sales."""\n  SEARCH_SALES\n' in printed
    assert "directive @needs(grant: Grant!) on FIELD_DEFINITION | ARGUMENT_DEFINITION" in printed
