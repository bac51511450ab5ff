"""Creating products, changing them, and setting their status."""

from collections.abc import Mapping
from typing import Any

from actions.commerce.products.checks import checked_code, checked_support_email, checked_url
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.refusals import wrong_state
from actions.kit.use import require_unused
from actions.kit.version import conflict
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.ledger.review import start_review
from models.naming import name_columns
from models.product_vocabulary import ByHand, ProductStatus, Source
from models.statement import Statement
from models.text import LONGEST_FOLDED, folded

LONGEST_NAME = 300
MOST_WARRANTY_DAYS = 60
_VALUES = (ErrorCode.NAME_TAKEN, ErrorCode.BAD_URL, ErrorCode.BAD_EMAIL, ErrorCode.BAD_INPUT)

CREATE_PRODUCT = Mutation(
    "createProduct",
    Grant.MANAGE_PRODUCTS,
    "Product",
    codes=(*_VALUES, ErrorCode.CODE_TAKEN),
    replays=True,
    changes_access=False,
)
EDIT_PRODUCT = Mutation(
    "editProduct",
    Grant.MANAGE_PRODUCTS,
    "Product",
    codes=(*_VALUES, ErrorCode.NOT_FOUND, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
)
SET_PRODUCT_STATUS = Mutation(
    "setProductStatus",
    Grant.MANAGE_PRODUCTS,
    "Product",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.IN_USE),
    replays=True,
    changes_access=False,
)

LAYERS = {
    "name": ByHand.NAME,
    "status": ByHand.STATUS,
    "format": ByHand.FORMAT,
    "warranty_days": ByHand.WARRANTY_DAYS,
    "support_email": ByHand.SUPPORT_EMAIL,
}
"""The values that both the marketplace and people set, and the flag of each."""
COORDINATES = {
    "name": "Product.name",
    "reference": "Product.reference",
    "status": "Product.status",
    "format": "Product.format",
    "warranty_days": "Product.warrantyDays",
    "access_url": "Product.accessUrl",
    "sales_page_url": "Product.salesPageUrl",
    "support_email": "Product.supportEmail",
}
NEXT_STATUSES: Mapping[ProductStatus, tuple[ProductStatus, ...]] = {
    ProductStatus.DRAFT: (ProductStatus.ACTIVE, ProductStatus.ARCHIVED),
    ProductStatus.ACTIVE: (ProductStatus.PAUSED, ProductStatus.ARCHIVED),
    ProductStatus.PAUSED: (ProductStatus.ACTIVE, ProductStatus.ARCHIVED),
    ProductStatus.ARCHIVED: (ProductStatus.PAUSED,),
}


def managed(viewer: Viewer) -> Reach:
    """The products that a viewer can change."""
    return reach.tool_rows(viewer, "products", Grant.MANAGE_PRODUCTS)


async def create_product(call: Call, reference: str, values: Mapping[str, Any]) -> str:
    """Create a product, a draft, and return its id. `values` has a name, and any other columns."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        found = await _checked(within, values, None)
        code = checked_code(reference, ("reference",))
        columns = name_columns(found["name"]) | {
            name: value for name, value in found.items() if name != "name"
        }
        by_hand = sum(flag for name, flag in LAYERS.items() if name in found) | ByHand.STATUS
        row = {
            "id": database.new_id(),
            "account_id": within.account_id,
            "reference": code,
            **columns,
            "status": ProductStatus.DRAFT.value,
            "source": Source.HAND.value,
            "by_hand": int(by_hand),
            "named_at": -1,
            "named_by": "",
            "created_at": database.now(),
            **_editor(viewer),
        }
        insertion = database.insertion("products", tuple(row))
        await database.write(f"{insertion} ON CONFLICT DO NOTHING", tuple(row.values()))
        if not await database.read("SELECT 1 AS saved FROM products WHERE id = ?", (row["id"],)):
            raise Refusal(ErrorCode.CODE_TAKEN, "reference_taken", ("reference",))
        changes = tuple(
            Change(COORDINATES[name], None, row[name]) for name in COORDINATES if row.get(name) is not None
        )
        return Done(str(row["id"]), changes)

    return await CREATE_PRODUCT.perform(call, work)


async def edit_product(
    call: Call, product_id: str, values: Mapping[str, Any], restored: Mapping[str, str], expected: int
) -> str:
    """Change the columns in `values`.

    `restored` are columns whose value is the marketplace's again, each with the name of its input.
    """

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, product_id)
        if row["version"] != expected:
            raise conflict()
        for name, member in restored.items():
            if name in values or row["source"] == Source.HAND:
                key = "by_hand_and_restored" if name in values else "nothing_from_marketplace"
                raise Refusal(ErrorCode.BAD_INPUT, key, (member,))
        found = await _checked(within, values, row)
        by_hand = row["by_hand"]
        for name in found.keys() & LAYERS.keys():
            by_hand |= LAYERS[name]
        for name in restored:
            by_hand &= ~LAYERS[name]
            found[name] = _fact(row, name)
        return await _write(viewer, within, row, found, by_hand)

    return await EDIT_PRODUCT.perform(call, work, product_id)


async def set_product_status(call: Call, product_id: str, status: ProductStatus) -> str:
    """Set a product's status, which no message changes from then on."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, product_id)
        present = ProductStatus(row["status"])
        if status is present and row["by_hand"] & ByHand.STATUS:
            return Done(product_id)
        if status is not present and status not in NEXT_STATUSES[present]:
            allowed = [state.value for state, following in NEXT_STATUSES.items() if status in following]
            raise wrong_state(present.value, allowed, ("status",))
        if status is ProductStatus.ARCHIVED and status is not present:
            await require_unused("products", within.account_id, product_id)
        return await _write(viewer, within, row, {"status": status.value}, row["by_hand"] | ByHand.STATUS)

    return await SET_PRODUCT_STATUS.perform(call, work, product_id)


async def _locked(within: Reach, product_id: str) -> Any:
    rows = await database.read(
        Statement(
            "SELECT r.id, r.name, r.reference, r.status, r.format, r.warranty_days, r.support_email,"
            " r.access_url, r.sales_page_url, r.marketplace_name, r.marketplace_status,"
            " r.marketplace_format, r.marketplace_warranty_days, r.marketplace_support_email,"
            " r.by_hand, r.source, r.version FROM products r WHERE r.id = ? AND ",
            (product_id,),
        )
        + within.where("r")
        + (" FOR NO KEY UPDATE" if database.dialect() == "postgres" else "")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_product", ("id",))
    return rows[0]


async def _write(viewer: Viewer, within: Reach, row: Any, values: Mapping[str, Any], by_hand: int) -> Done:
    """Write the values of a locked row that differ. Without any, nothing changes."""
    changed = {name: value for name, value in values.items() if value != row[name]}
    if not changed and by_hand == row["by_hand"]:
        return Done(str(row["id"]))
    columns = changed | (name_columns(changed["name"]) if "name" in changed else {})
    columns |= {"by_hand": int(by_hand), "version": row["version"] + 1, **_editor(viewer)}
    settings = ", ".join(f"{column} = ?" for column in columns)
    await database.write(
        Statement(f"UPDATE products AS r SET {settings} WHERE r.id = ? AND ", (*columns.values(), row["id"]))
        + within.where("r")
    )
    if "warranty_days" in changed and within.account_id is not None:
        await start_review(within.account_id)
    changes = (Change(COORDINATES[name], row[name], value) for name, value in changed.items())
    return Done(str(row["id"]), tuple(changes))


def _editor(viewer: Viewer) -> dict[str, Any]:
    return {"changed_at": database.now(), "changed_by": viewer.name}


def _fact(row: Any, name: str) -> Any:
    """What the marketplace says, or what counts as long as it says nothing."""
    fact = row[f"marketplace_{name}"]
    if fact is None and name == "status":
        return ProductStatus.ACTIVE.value
    return row["reference"] if fact is None and name == "name" else fact


async def _checked(within: Reach, values: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """The values as they are stored. Refuses the first one that is not allowed."""
    found = dict(values)
    if "name" in found:
        name = checked_name(found["name"] or "", LONGEST_NAME, ("name",), "product_name_length")
        if (row is None or folded(name) != folded(row["name"])) and await _is_taken(within, name):
            raise Refusal(ErrorCode.NAME_TAKEN, "product_name_taken", ("name",))
        found["name"] = name
    days = found.get("warranty_days")
    if days is not None and not 0 <= days <= MOST_WARRANTY_DAYS:
        words = {"most": MOST_WARRANTY_DAYS}
        raise Refusal(ErrorCode.BAD_INPUT, "warranty_days", ("warrantyDays",), **words)
    for column, member in (("access_url", "accessUrl"), ("sales_page_url", "salesPageUrl")):
        if found.get(column) is not None:
            found[column] = checked_url(found[column], (member,))
    if found.get("support_email") is not None:
        found["support_email"] = checked_support_email(found["support_email"], ("supportEmail",))
    return found


async def _is_taken(within: Reach, name: str) -> bool:
    """Whether a product has the same name. Case and accents do not distinguish names."""
    rows = await database.read(
        Statement("SELECT 1 FROM products r WHERE r.name_folded = ? AND ", (folded(name)[:LONGEST_FOLDED],))
        + within.where("r")
        + " LIMIT 1"
    )
    return bool(rows)
