"""What a text finds among sales: words that the viewer can read, and names of products."""

from authz.gates import ON_RECORD, grant_bit
from authz.grant import Grant
from graph.kit.filters import Criterion
from graph.kit.search import holds, is_as_written, needle_of
from models.sales.words import SaleField, Search
from models.statement import Statement, either

_GATED = (
    (SaleField.EMAIL, Grant.CHANGE_BUYER_EMAIL),
    (SaleField.PHONE, Grant.ISSUE_PAYMENT_SLIPS),
    (SaleField.DOCUMENT, Grant.SEND_RECEIPTS),
)


def with_text(chosen: Criterion) -> Statement:
    """The condition that a text finds a sale."""
    found = [_search(chosen).condition, Statement("r.product_id IN (") + _products(chosen) + ")"]
    if _knows_addresses(chosen):
        # by its parts, what is masked could be guessed; a whole address is known already
        found.append(is_as_written("r.buyer_email", chosen.value))
    return either(found)


def ids_with_text(chosen: Criterion) -> Statement:
    """The ids of the sales that a text finds, by indexes."""
    account_id = _account_id(chosen)
    sold = Statement(
        " UNION ALL SELECT s.id FROM sales s WHERE s.account_id = ? AND s.product_id IN (", (account_id,)
    )
    ids = _search(chosen).indexed + sold + _products(chosen) + ")"
    if not _knows_addresses(chosen):
        return ids
    written = Statement(
        " UNION ALL SELECT s.id FROM sales s WHERE s.account_id = ? AND s.id IN (", (account_id,)
    )
    begun = Search(account_id, chosen.value, (SaleField.EMAIL,)).indexed
    return ids + written + begun + ") AND " + is_as_written("s.buyer_email", chosen.value)


def _search(chosen: Criterion) -> Search:
    fields = [SaleField.REFERENCE, SaleField.NAME]
    if not chosen.viewer.mask & ON_RECORD:
        fields += [field for field, grant in _GATED if chosen.viewer.mask & grant_bit(grant)]
    return Search(_account_id(chosen), chosen.value, fields)


def _knows_addresses(chosen: Criterion) -> bool:
    mask = chosen.viewer.mask
    return bool(mask & ON_RECORD and mask & grant_bit(Grant.CHANGE_BUYER_EMAIL))


def _products(chosen: Criterion) -> Statement:
    """The ids of the products whose name contains the text."""
    named = Statement("SELECT p.id FROM products p WHERE p.account_id = ? AND ", (_account_id(chosen),))
    return named + holds("p.name_folded", needle_of(chosen.value))


def _account_id(chosen: Criterion) -> str:
    assert chosen.viewer.central is not None
    return chosen.viewer.central.account_id
