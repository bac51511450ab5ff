"""An endpoint that someone works on: found, written and taken over."""

from typing import Any

from actions.developers.webhooks import emails
from actions.kit.log import Change
from actions.kit.outbox import post_to_user
from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement
from models.tables.delivery import DeliveryStatus

GATE = Grant.MANAGE_API_AND_NOTIFICATIONS
OBJECT = "WebhookEndpoint"
_COLUMNS = (
    *("id", "account_id", "user_id", "user_name", "url", "description", "events", "products", "enabled"),
    *("secrets", "version", "fell"),
)


async def found_endpoint(viewer: Viewer, endpoint_id: str) -> Any:
    """An endpoint, whoever is responsible for it. The account is locked, so it stays as it is."""
    rows = await database.read(
        Statement(
            f"SELECT {', '.join(f'r.{name}' for name in _COLUMNS)} FROM webhook_endpoints r"
            " WHERE r.id = ? AND ",
            (endpoint_id,),
        )
        + reach.webhooks(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_webhook", ("id",))
    return rows[0]


async def write(viewer: Viewer, endpoint_id: str, **columns: Any) -> None:
    """Write columns of an endpoint as its next version."""
    settings = ", ".join(f"{name} = ?" for name in columns)
    await database.write(
        Statement(
            f"UPDATE webhook_endpoints AS r SET {settings}, version = r.version + 1 WHERE r.id = ? AND ",
            (*columns.values(), endpoint_id),
        )
        + reach.webhooks(viewer).where("r")
    )


async def taken_over(viewer: Viewer, endpoint: Any) -> tuple[Change, ...]:
    """Make the viewer responsible for an endpoint from now on: it sends what they hold and reach.

    Whoever was responsible for it gets an e-mail.
    """
    assert viewer.central is not None
    if str(endpoint["user_id"]) == viewer.user_id and not endpoint["fell"]:
        return ()
    await write(viewer, str(endpoint["id"]), user_id=viewer.user_id, user_name=viewer.name, fell=False)
    if str(endpoint["user_id"]) == viewer.user_id:
        return ()
    rows = await database.read(
        "SELECT u.name, u.email, COALESCE(a.brand_name, a.name) AS account FROM users u, accounts a"
        " WHERE u.id = ? AND a.id = ?",
        (endpoint["user_id"], viewer.central.account_id),
    )
    for row in rows:
        words = {"name": row["name"], "account": row["account"], "by": viewer.name, "host": host_of(endpoint)}
        await post_to_user(emails.ENDPOINT_TAKEN, row["email"], words)
    return (Change("WebhookEndpoint.responsible", endpoint["user_name"], viewer.name),)


def host_of(endpoint: Any) -> str:
    """The host of an endpoint's address, for e-mails: the rest of it can be secret."""
    return str(endpoint["url"]).split("/")[2]


async def give_up_waiting(account_id: str, endpoint_id: str) -> None:
    """Give up what an endpoint has not taken yet."""
    await database.write(
        "UPDATE deliveries SET status = ?, next_at = NULL"
        " WHERE account_id = ? AND receiver_id = ? AND next_at IS NOT NULL",
        (DeliveryStatus.GIVEN_UP.value, account_id, endpoint_id),
    )
