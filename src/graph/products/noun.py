"""What `products` adds to the API."""

from graph.kit.noun import Noun
from graph.products.account import ProductsOfAccount

NOUN = Noun(account=ProductsOfAccount, lists={"Product.offers": 20})
