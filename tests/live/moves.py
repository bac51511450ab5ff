"""What tests of subscriptions let happen: webhooks, and mutations by the owner."""

from typing import Any

from intake_state import SECRET
from payloads import APRIL, body, webhook

from client import Client
from doorstep import visiting
from intake.endpoint.receive import receive

ASSIGN = """mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"""
SUSPEND = """mutation($input: SuspendCollaboratorInput!) {
  suspendCollaborator(input: $input) { errors { code } } }"""
RESTORE = """mutation($input: RestoreCollaboratorInput!) {
  restoreCollaborator(input: $input) { errors { code } } }"""
UPDATE_PROFILE = (
    """mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }"""
)


async def arrives(seller: dict[str, Any], number: int, kind: str = "APPROVED", second: int = 0) -> None:
    """A sale's message reaches the account's address."""
    status = {"APPROVED": "APPROVED", "COMPLETE": "COMPLETED"}[kind]
    message = webhook(
        f"PURCHASE_{kind}",
        status,
        creation_date=APRIL + (number + second) * 1_000,
        purchase__transaction=f"HP{number}",
        purchase__approved_date=None,
    )
    assert (await receive(seller["intake_id"], SECRET, body(message))).status == 200


async def done(seller: dict[str, Any], mutation: str, **values: Any) -> None:
    """The owner does something."""
    async with visiting() as client:
        data = await client.ask(mutation, {"input": values}, token=await Client.owner(seller), account=seller)
    assert next(iter(data.values()))["errors"] == []


async def assigned(seller: dict[str, Any], number: int, collaborator: dict[str, Any] | None) -> None:
    """The owner assigns a sale to a collaborator, or to no one."""
    to = f"person_{collaborator['id']}" if collaborator else None
    await done(seller, ASSIGN, reference=f"HP{number}", assigneeId=to)
