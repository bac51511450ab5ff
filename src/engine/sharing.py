"""With whom a query shares its plan, once thousands of different sets of gates are in use.

Until then, everyone's documents are prepared on their own schema. See `engine.scope.named`.
"""

import sys

from graphql import DocumentNode, OperationDefinitionNode, OperationType

from engine.cache import WeightedCache
from engine.granted import is_conditional
from engine.scope.named import named_gates
from engine.scope.schema import Scopes

_ALONE = -1


class Sharing:
    """Knows the gates that documents name."""

    def __init__(self, scopes: Scopes, most_bytes: int) -> None:
        self._scopes = scopes
        self._named: WeightedCache[str, int] = WeightedCache(most_bytes)

    def key(self, key: int, text: str) -> int | None:
        """The gates on whose schema a document is prepared for viewers with the gates of a key.

        None if that is their own schema, or if the document was not looked at yet.
        """
        if not self._scopes.is_crowded:
            return None
        named = self._named.lookup(text)
        if named is None or named == _ALONE:
            return None
        shared = key & named
        return None if shared == key else shared

    def learn(self, text: str, document: DocumentNode) -> None:
        """Look at the gates that a document names, unless it is known."""
        if not self._scopes.is_crowded or self._named.lookup(text) is not None:
            return
        named = None
        if not is_conditional(document) and _only_queries(document):
            named = named_gates(self._scopes.full, self._scopes.gates, document)
        self._named.store(text, _ALONE if named is None else named, sys.getsizeof(text))

    def serves(self, prepared: int, key: int) -> bool:
        """Whether a query that was prepared for some gates can be run for viewers with the gates of a key.

        It can if they have all of them: then it selects nothing that they lack. Whether a value is covered is
        decided in the plan, so that has to be the same.
        """
        covers = self._scopes.gates.covers
        return prepared == key or (prepared & ~key == 0 and prepared & covers == key & covers)


def _only_queries(document: DocumentNode) -> bool:
    return all(
        definition.operation is OperationType.QUERY
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
