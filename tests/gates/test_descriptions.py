"""What the docs explorer says: each description makes sense alone, and ends with what its field needs."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import graphql_sync

import pruned
from authz.gates import DIRECTIVES
from graph.kit.describe import GATE_SENTENCES
from graph.schema import full_schema
from pruned import EVERY, Stand

SENTENCES = re.compile(
    "|".join(re.escape(sentence).replace(r"\{grant\}", "[A-Z_]+") for sentence in GATE_SENTENCES.values())
)
PRONOUNS = re.compile(r"\b(he|his|him|himself|she|her|hers|herself|one's|oneself)\b", re.IGNORECASE)
BRITISH = re.compile(r"\b(centre|catalogue|colour|instalments?|cancelled|favou?rite|organis\w+)\b")


def _described() -> Iterator[tuple[str, Any]]:
    for kind in pruned.own_types(full_schema()._schema):
        yield kind.name, kind
        for name, member in pruned.members(kind).items():
            yield f"{kind.name}.{name}", member
            for argument_name, argument in getattr(member, "args", {}).items():
                yield f"{kind.name}.{name}({argument_name}:)", argument


def _directives(element: Any) -> list[Any]:
    definition = element.extensions.get("strawberry-definition")
    return [item for item in getattr(definition, "directives", None) or () if isinstance(item, DIRECTIVES)]


def _words(directive: Any) -> str:
    return GATE_SENTENCES[type(directive)].format(grant=getattr(directive, "grant", ""))


def test_each_gate_has_a_sentence() -> None:
    assert GATE_SENTENCES.keys() == set(DIRECTIVES)


def test_a_description_says_at_its_end_what_its_gate_needs_and_says_it_once() -> None:
    said = {name: SENTENCES.findall(element.description) for name, element in _described()}
    needed = {
        name: [_words(directive) for directive in _directives(element)] for name, element in _described()
    }

    assert {name: words for name, words in said.items() if words != needed[name]} == {}
    assert [
        name for name, item in _described() if needed[name] and not item.description.endswith(needed[name][0])
    ] == []


def test_the_gates_are_said_in_the_schema_that_a_viewer_introspects() -> None:
    query = '{ __type(name: "Sale") { fields { name description } } }'
    schema = pruned.schema_for(Stand("user", EVERY).mask)

    result = graphql_sync(schema, query).data

    assert result is not None
    fields = {field["name"]: field["description"] for field in result["__type"]["fields"]}
    assert fields["net"].endswith("Needs the grant VIEW_COMMISSIONS_REPORT.")


@pytest.mark.parametrize("words", [PRONOUNS, BRITISH], ids=["pronouns", "British spelling"])
def test_no_description_has_a_pronoun_of_one_sex_or_a_british_spelling(words: re.Pattern[str]) -> None:
    assert [name for name, element in _described() if words.search(element.description)] == []


def test_no_description_says_seat() -> None:
    """A person who works in an account is a collaborator, and nothing else."""
    assert [name for name, element in _described() if re.search(r"\bseats?\b", element.description)] == []


def test_the_schema_says_how_to_begin() -> None:
    schema = pruned.schema_for(Stand("signed out", frozenset()).mask)

    result = graphql_sync(schema, "{ __schema { description } }").data

    assert result is not None
    assert "sign in with `signIn`" in result["__schema"]["description"]
    assert "X-Central" in result["__schema"]["description"]
