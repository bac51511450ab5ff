"""What the owner adds to receipts: the tax number, the address and a footer."""

from dataclasses import astuple, dataclass

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.version import advance_account
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

LONGEST_FOOTER = 500
_FIELDS = ("ReceiptDetails.showTaxNumber", "ReceiptDetails.showAddress", "ReceiptDetails.footer")

SET_RECEIPT_DETAILS = Mutation(
    "setReceiptDetails",
    Standing.OWNER,
    "Account",
    codes=(ErrorCode.BAD_INPUT, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
)


@dataclass(frozen=True, slots=True)
class ReceiptDetails:
    """Whether receipts show the tax number and the address, and their footer."""

    tax_number: bool
    address: bool
    footer: str | None


async def read_receipt_details(viewer: Viewer) -> ReceiptDetails:
    """The details of the viewer's account."""
    assert viewer.central is not None
    rows = await database.read(
        "SELECT receipt_tax_number, receipt_address, receipt_footer FROM accounts WHERE id = ?",
        (viewer.central.account_id,),
    )
    row = rows[0]
    shows = bool(row["receipt_tax_number"]), bool(row["receipt_address"])
    return ReceiptDetails(*shows, row["receipt_footer"])


async def set_receipt_details(
    call: Call,
    *,
    tax_number: bool | None,
    address: bool | None,
    footer: str | None,
    with_footer: bool,
    expected: int,
) -> str:
    """Set what receipts show besides. None leaves a switch as it is; the footer changes `with_footer`."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        stored = await read_receipt_details(viewer)
        wanted = ReceiptDetails(
            stored.tax_number if tax_number is None else tax_number,
            stored.address if address is None else address,
            _footer(footer or "") if with_footer else stored.footer,
        )
        await advance_account(viewer, expected)
        await database.write(
            "UPDATE accounts SET receipt_tax_number = ?, receipt_address = ?, receipt_footer = ?"
            " WHERE id = ?",
            (wanted.tax_number, wanted.address, wanted.footer, account_id),
        )
        pairs = zip(_FIELDS, astuple(stored), astuple(wanted), strict=True)
        return Done(account_id, tuple(Change(*pair) for pair in pairs if pair[1] != pair[2]))

    return await SET_RECEIPT_DETAILS.perform(call, work)


def _footer(text: str) -> str | None:
    """The footer as it is stored: its lines without what cannot be seen."""
    lines = [line for line in text.splitlines() if line.strip()]
    footer = "\n".join(checked_name(line, LONGEST_FOOTER, ("footer",), "footer_length") for line in lines)
    if len(footer) > LONGEST_FOOTER:
        raise Refusal(ErrorCode.BAD_INPUT, "footer_length", ("footer",), most=LONGEST_FOOTER)
    return footer or None
