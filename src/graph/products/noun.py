"""What products add to the API."""

from graph.kit.noun import Noun
from graph.products.account import ProductsOfAccount

PRODUCTS = Noun(account=ProductsOfAccount)
