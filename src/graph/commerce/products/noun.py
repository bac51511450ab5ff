"""What `products` adds to the API."""

from graph.commerce.products.account import ProductsOfAccount
from graph.commerce.products.messages import WORDS
from graph.commerce.products.mutations import ProductMutations
from graph.commerce.products.offer_mutations import OfferMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=ProductsOfAccount,
    mutations=(ProductMutations, OfferMutations),
    messages=WORDS,
    lists={"Product.offers": 20, "Product.plans": 3, "Plan.offers": 5},
)
