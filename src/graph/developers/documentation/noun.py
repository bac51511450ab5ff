"""What the documentation adds to the API."""

from graph.developers.documentation.account import DocumentationOfAccount
from graph.kit.noun import Noun

NOUN = Noun(
    account=DocumentationOfAccount,
    lists={
        "ApiDocumentation.examples": 20,
        "ApiDocumentation.events": 40,
        "ApiDocumentation.changelog": 200,
        "ApiDocumentation.codes": 80,
    },
    weights={"ApiDocumentation.sdl": 5_000, "ApiDocumentation.examples": 1_000},
)
