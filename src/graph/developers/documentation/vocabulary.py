"""The names of a schema, and which texts name something that it lacks."""

import re
from functools import lru_cache

import strawberry
from graphql import GraphQLSchema, is_introspection_type

from authz.gates import mask_of
from authz.grant import Grant
from engine.scope.gates import members

_WORD = re.compile(r"\w+(?:\.\w+)*", re.ASCII)
_GRANTS = frozenset(grant.value for grant in Grant)


@lru_cache(maxsize=64)
def names_of(schema: GraphQLSchema) -> frozenset[str]:
    """The names of everything in a schema, and the coordinates of the members of its types."""
    found: set[str] = {f"@{directive.name}" for directive in schema.directives}
    for name, kind in schema.type_map.items():
        if is_introspection_type(kind):
            continue
        found.add(name)
        for key, member in members(kind).items():
            found |= {key, f"{name}.{key}"}
            found |= set(getattr(member, "args", {}))
    return frozenset(found)


def names_only(text: str, schema: GraphQLSchema, whole: strawberry.Schema, mask: int) -> bool:
    """Whether a text names nothing of the whole schema that a viewer's schema lacks, and no other grant."""
    own, everything = names_of(schema), names_of(whole._schema)
    for position, part in enumerate(text.split("`")):
        for word in _WORD.findall(part):
            if word in _GRANTS:
                if not mask & mask_of([word]):
                    return False
            elif position % 2 or _is_a_name(word):
                names = {word, *word.split(".")} & everything
                if names - own:
                    return False
    return True


def _is_a_name(word: str) -> bool:
    """Whether a word outside of code is a name of the API, not English: it is written in camel case."""
    return not word.islower() and not word.istitle() and not word.isupper()
