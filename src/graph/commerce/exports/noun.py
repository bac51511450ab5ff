"""What `exports` adds to the API."""

from graph.commerce.exports.account import ExportOfAccount
from graph.commerce.exports.lists import EXPORTED
from graph.kit.noun import Noun

NOUN = Noun(account=ExportOfAccount, exports=EXPORTED)
