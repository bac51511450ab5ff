"""Acts behind a handler written by hand: the product's own acts, without GraphQL."""

from typing import Any

from actions.commerce.sales.assign import assign_sale
from actions.identity.sessions.session import sign_in
from actions.kit.call import Call
from authz.identity import identify
from authz.viewer import SIGNED_OUT
from bench.hand_rows import moment
from models import database

_ASSIGNED = (
    "SELECT r.id, r.status, a.id, a.name FROM sales r"
    " LEFT JOIN collaborators a ON a.account_id = r.account_id AND a.id = r.assignee_id"
    " WHERE r.account_id = ? AND r.id = ?"
)


async def assigned(asks: Any) -> Any:
    """Assign a sale, and show it."""
    told = asks.body["input"]
    call = Call(await identify(asks.token, asks.who.account_id), asks.request_id, asks.address)
    sale_id = await assign_sale(
        call,
        reference=told["reference"],
        assignee_id=told["assigneeId"].removeprefix("person_"),
        team_id=None,
    )
    rows = await database.read(_ASSIGNED, (asks.who.account_id, sale_id))
    found, status, person_id, person = rows[0]
    return {
        "assignSale": {
            "reference": told["reference"],
            "sale": {
                "id": "sale_" + found,
                "status": status,
                "assignee": {"id": "person_" + person_id, "name": person},
            },
            "errors": [],
        }
    }


async def signed_in(asks: Any) -> Any:
    """Open a session."""
    told = asks.body["input"]
    call = Call(SIGNED_OUT, asks.request_id, asks.address)
    tokens = (await sign_in(call, told["email"], told["password"], "")).tokens
    viewer = await identify(tokens.access, None)
    return {
        "signIn": {
            "accessToken": tokens.access,
            "refreshToken": tokens.refresh,
            "expiresAt": moment(tokens.expires_at),
            "viewer": {"id": f"user_{viewer.user_id}", "name": viewer.name},
            "errors": [],
        }
    }
