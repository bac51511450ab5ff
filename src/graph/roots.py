"""The roots of the API, composed of what each noun hands in."""

from graph.kit.node_query import NodeQuery
from graph.kit.noun import compose
from graph.nouns import NOUNS

Account = compose(
    "Account",
    [noun.account for noun in NOUNS],
    "A seller's business, as far as you can see it.",
)
Viewer = compose("Viewer", [noun.viewer for noun in NOUNS], "The user who makes the request.")
Query = compose("Query", [*(noun.query for noun in NOUNS), NodeQuery], "The data that you can read.")
Mutation = compose(
    "Mutation",
    [part for noun in NOUNS for part in noun.mutations],
    "The changes that you can make. Each returns the changed object, and `errors` if it was refused.",
)
Subscription = compose(
    "Subscription", [noun.subscription for noun in NOUNS], "What you can follow as it happens."
)
