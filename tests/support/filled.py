"""A little of everything, for what migrations must keep."""

from typing import Any

import make
from authz.grant import Grant
from models import database
from models.vocabulary import InvitationStatus, Role


async def insert(table: str, row: dict[str, Any]) -> None:
    """Write a row as it is."""
    await database.transact(lambda: database.insert(table, row))


async def filled() -> None:
    """Write rows into every table that the first migration makes; with `make.first_migration()`, as it makes them."""
    owner, account = await make.user(), None
    account = await make.account(owner, teams_on=True)
    profile = await make.profile(account, [Grant.SEARCH_SALES])
    collaborators = [await make.collaborator(account, profile, role) for role in Role]
    team = await make.team(account, collaborators[:1], collaborators[1:])
    product = await make.product(account)
    offer = await make.offer(account, product)
    sales = [
        await make.sale(account, product, collaborator, offer_id=offer["id"], team_id=team["id"])
        for collaborator in collaborators
    ]
    await make.session(owner)
    entry = {
        "id": database.new_id(), "user_id": owner["id"], "user_name": "Owner", "act": "assignSale",
        "object_type": "Sale", "object_id": sales[0]["reference"], "let_by": None, "refusal": None,
        "changes": '[{"field":"Sale.assignee","before":null,"after":"é"}]', "request_id": "r",
        "address": None, "at": 1,
    }  # fmt: skip
    await insert("user_entries", entry)
    await insert("audit_entries", entry | {"account_id": account["id"]})
    own = {"id": database.new_id(), "account_id": account["id"]}
    await insert(
        "idempotency_keys",
        own
        | {
            "user_id": owner["id"],
            "act": "x",
            "key": "k",
            "input_digest": "d",
            "object_id": "o",
            "created_at": 1,
        },
    )
    await insert(
        "invitations",
        own | {
            "profile_id": profile["id"], "inviter_id": owner["id"], "name": "Ana", "email": "ana@example.com",
            "role": Role.USER, "status": InvitationStatus.PENDING, "token_digest": "d", "created_at": 1,
            "expires_at": 2,
        },
    )  # fmt: skip
