"""Distribution: who gets the new opportunities and sales that nobody has."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, field

from actions.tools.settings import Problem, Scope, Settings, tool
from authz.gates import Standing
from authz.reach import Reach
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of
from models.tables.opportunity import OpportunityKind
from models.vocabulary import DistributionMethod


class DistributionTarget(StrEnum):
    """What is distributed."""

    SALES = "SALES"
    """New sales."""
    OPPORTUNITIES = "OPPORTUNITIES"
    """New opportunities."""


class DistributionPerson(Settings, frozen=True):
    """A collaborator who gets new sales and opportunities, while they can enter the account."""

    person_id: Annotated[str, Meta(max_length=60)]
    """The id of the collaborator as a `Person`."""
    daily_cap: Annotated[int, Meta(ge=1, le=500)]
    """How many sales and opportunities they get at most on a day in the account's time zone, by all rules
    together, from 1 to 500."""


class DistributionRule(Settings, frozen=True):
    """A rule for some new sales and opportunities. An empty list excludes none."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    """The name of the rule, which the history of what it assigned shows."""
    targets: Annotated[list[DistributionTarget], Meta(min_length=1, max_length=2)]
    """What the rule is for."""
    method: DistributionMethod
    """How the rule chooses among people."""
    person_ids: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=100)] = field(
        default_factory=list
    )
    """The people who get it, each of `people`. Empty for all of them."""
    product_ids: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=100)] = field(
        default_factory=list
    )
    """The ids of the products that the rule is for."""
    sources: Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=50)] = field(
        default_factory=list
    )
    """The sources that the rule is for: the whole value of `src` or `sck` of an origin."""
    kinds: Annotated[list[OpportunityKind], Meta(max_length=6)] = field(default_factory=list)
    """The kinds of opportunities that the rule is for. Sales have no kind."""


@tool(Standing.ADMIN, Scope.ACCOUNT, on_clock=True)
class Distribution(Settings, frozen=True):
    """Who is assigned the new sales and opportunities that nobody has. The first rule that fits one decides.
    If all of its people have got as many as they can that day, it waits for the next day.

    Nothing is distributed that is older than these settings, or that a person has assigned or unassigned. The
    history of what is assigned says by which rule. Without rules, nothing is distributed.
    """

    people: Annotated[list[DistributionPerson], Meta(max_length=100)] = field(default_factory=list)
    """The people, at most 100."""
    rules: Annotated[list[DistributionRule], Meta(max_length=20)] = field(default_factory=list)
    """The rules in their order, at most 20."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check that each id is one, that no person is there twice, and that rules name people."""
        known: list[str] = []
        for place, person in enumerate(self.people):
            if row_id(person.person_id, _PERSON) is None:
                yield Problem(("people", str(place), "person_id"), "no_distribution_person")
            elif person.person_id in known:
                yield Problem(("people", str(place), "person_id"), "setting_repeated_person")
            known.append(person.person_id)
        for place, rule in enumerate(self.rules):
            for at, person_id in enumerate(rule.person_ids):
                if person_id not in known:
                    yield Problem(("rules", str(place), "person_ids", str(at)), "no_distribution_person")
            for at, product_id in enumerate(rule.product_ids):
                if row_id(product_id, _PRODUCT) is None:
                    yield Problem(("rules", str(place), "product_ids", str(at)), "no_product")

    async def unknown(self, within: Callable[[str], Reach]) -> Problem | None:
        """Look for the people and the products."""
        people = {person.person_id: ("people", str(at), "person_id") for at, person in enumerate(self.people)}
        products = {
            product_id: ("rules", str(at), "product_ids", str(number))
            for at, rule in enumerate(self.rules)
            for number, product_id in enumerate(rule.product_ids)
        }
        for table, prefix, named, message in (
            ("collaborators", _PERSON, people, "no_distribution_person"),
            ("products", _PRODUCT, products, "no_product"),
        ):
            if not named:
                continue
            reach = within(table)
            rows = await database.read(
                Statement(f"SELECT r.id FROM {table} r WHERE ")
                + (one_of("r.id", [row_id(name, prefix) for name in named]) & reach.where("r"))
            )
            found = {f"{prefix}{row['id']}" for row in rows}
            for name, path in named.items():
                if name not in found:
                    return Problem(path, message)
        return None


_PERSON, _PRODUCT = "person_", "product_"


def row_id(name: str, prefix: str) -> str | None:
    """The id of a row in a global id; None if it is none of this kind."""
    try:
        found = str(UUID(name.removeprefix(prefix)))
    except ValueError:
        return None
    return found if name == f"{prefix}{found}" else None


def person_row(person_id: str) -> str:
    """The id of a collaborator in settings that were checked."""
    return person_id.removeprefix(_PERSON)


def product_row(product_id: str) -> str:
    """The id of a product in settings that were checked."""
    return product_id.removeprefix(_PRODUCT)
