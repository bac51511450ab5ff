"""What access add to the API."""

from graph.access.account import AccessOfAccount
from graph.access.messages import WORDS
from graph.access.query import CatalogQuery
from graph.kit.noun import Noun

ACCESS = Noun(query=CatalogQuery, account=AccessOfAccount, messages=WORDS)
