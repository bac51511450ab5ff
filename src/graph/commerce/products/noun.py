"""What `products` adds to the API."""

from graph.commerce.products.account import ProductsOfAccount
from graph.kit.noun import Noun

NOUN = Noun(account=ProductsOfAccount, lists={"Product.offers": 20})
