"""The operator erases a user: their personal data is removed, but what they did stays.

Sales credited to them keep a tombstone, as for every former collaborator, with a name that identifies nobody.
The logs are chained and cannot be changed, so their entries keep the name and address that they were written
with.
"""

from msgspec import structs

from actions.accounts.operator import within
from actions.identity.users.operator import operated_user
from actions.kit.call import Call
from actions.kit.log import log_operator
from actions.membership.collaborators.remove import end_membership
from actions.operator.disable_user import account_of, end_access, memberships_of
from authz import reach
from authz.gates import ALL_GRANTS, Standing, with_lower
from authz.viewer import MyRole
from models import database
from models.naming import name_columns
from models.price_history import rename_in_hand_prices
from models.statement import Statement, one_of
from models.vocabulary import EventSource, InvitationStatus

# tables that belong to one user only
OWN_ROWS = (
    "credentials WHERE session_id IN (SELECT id FROM sessions WHERE user_id = ?)",
    "sessions WHERE user_id = ?",
    "user_tokens WHERE user_id = ?",
    "identities WHERE user_id = ?",
    *(
        f"{table} WHERE user_id = ?"
        for table in (
            "authenticator_apps",
            "recovery_codes",
            "passkeys",
            "sign_in_challenges",
            "email_changes",
            "report_schedules",
            "notices",
            "notice_choices",
            "calendar_feeds",
        )
    ),
    "access_tokens WHERE user_id = ?",
    "api_credentials WHERE user_id = ?",
    "deliveries WHERE receiver_id IN (SELECT id FROM webhook_endpoints WHERE user_id = ?)",
    "webhook_endpoints WHERE user_id = ?",
    "central_visits WHERE user_id = ?",
    "idempotency_keys WHERE user_id = ?",
    # accounts that they closed
    "owner_details WHERE account_id IN (SELECT id FROM accounts WHERE owner_id = ?)",
)
_EDITORS = (
    ("products", "changed_by"),
    ("offers", "changed_by"),
    ("offer_prices", "by_name"),
    ("tool_versions", "changed_by"),
    ("withdrawal_events", "by_name"),
    ("integrations", "changed_by"),
    ("targets", "user_name"),
)
_HISTORIES = ("sale_events", "subscription_events", "opportunity_events")
_NAME_OF_AUTHOR = {
    "sqlite": "json_set(facts, '$.by.name', ?)",
    "postgres": "jsonb_set(facts, '{by,name}', to_jsonb(CAST(? AS TEXT)))",
}
_AUTHOR = {"sqlite": "json_extract(facts, '$.by.user_id')", "postgres": "facts->'by'->>'user_id'"}
_NAME_OF_ASSIGNEE = {
    "sqlite": "json_set(facts, '$.assignment.assignee_name', ?)",
    "postgres": "jsonb_set(facts, '{assignment,assignee_name}', to_jsonb(CAST(? AS TEXT)))",
}
_ASSIGNEE = {
    "sqlite": "json_extract(facts, '$.assignment.assignee_id')",
    "postgres": "facts->'assignment'->>'assignee_id'",
}


async def erase_user(call: Call, user_id: str) -> None:
    """Remove a user's personal data for good.

    Raises `LookupError` where there is no such user, `ValueError` for one who was erased before or who owns
    an open account.
    """

    async def work() -> None:
        user = await operated_user(user_id)
        if user["erased_at"] is not None:
            raise ValueError("This user was erased already.")
        await end_access(user_id)
        # from here on, none of their sessions can open or take over another account
        await _require_no_account(user_id)
        name = f"Erased user {user_id[-8:]}"
        await _leave(call, user_id, name)
        await _rename_in_histories(user_id, name)
        await _rename_in_requests(user_id, name)
        await _rename_as_editor(user_id, name)
        for email in await _addresses(user_id, str(user["email"])):
            await _remove_address(email, name)
        for rows in OWN_ROWS:
            await database.write(f"DELETE FROM {rows}", (user_id,))
        now = database.now()
        await database.write(
            "UPDATE users SET email = ?, name = ?, password_hash = NULL, locale = 'en',"
            " email_verified_at = NULL, disabled_at = ?, erased_at = ?,"
            " two_factor_at = NULL WHERE id = ?",
            (_address(user_id), name, now, now, user_id),
        )
        await log_operator(call, "eraseUser", "User", user_id)

    await database.transact(work)


def _address(user_id: str) -> str:
    """An address that nobody has: domains below `.invalid` never exist (RFC 2606)."""
    return f"{user_id}@erased.invalid"


async def _require_no_account(user_id: str) -> None:
    accounts = await database.read(
        "SELECT id FROM accounts WHERE owner_id = ? AND closed_at IS NULL ORDER BY id", (user_id,)
    )
    if accounts:
        raise ValueError(
            "This user owns an open account; transfer it or close it first: "
            + ", ".join(f"account_{row['id']}" for row in accounts)
            + "."
        )


async def _leave(call: Call, user_id: str, name: str) -> None:
    """Remove the user as a collaborator, as each owner could, and rename what remains."""
    for collaborator in await memberships_of(user_id):
        inside = within(call, account_of(collaborator))
        viewer = structs.replace(
            inside.viewer, role=MyRole.OWNER, mask=ALL_GRANTS | with_lower(Standing.OWNER)
        )
        nameless = {key: collaborator[key] for key in ("id", "user_id")} | {"name": name}
        changes = await end_membership(viewer, reach.collaborators(viewer), nameless, None)
        await log_operator(inside, "eraseUser", "Person", str(collaborator["id"]), changes)
    await database.write("UPDATE ended_seats SET name = ? WHERE user_id = ?", (name, user_id))


async def _rename_in_histories(user_id: str, name: str) -> None:
    """Rename the user in histories, as the author of events and as the assignee."""
    dialect, person = database.dialect(), EventSource.PERSON.value
    for table in _HISTORIES:
        await database.write(
            f"UPDATE {table} SET facts = {_NAME_OF_AUTHOR[dialect]}"
            f" WHERE source = ? AND {_AUTHOR[dialect]} = ?",
            (name, person, user_id),
        )
    ended = await database.read("SELECT account_id, id FROM ended_seats WHERE user_id = ?", (user_id,))
    if ended:
        within_accounts = one_of("account_id", sorted({str(row["account_id"]) for row in ended}))
        assignees = one_of(_ASSIGNEE[dialect], [str(row["id"]) for row in ended])
        for table in _HISTORIES:
            renaming = f"UPDATE {table} SET facts = {_NAME_OF_ASSIGNEE[dialect]} WHERE source = ? AND "
            await database.write(Statement(renaming, (name, person)) + (within_accounts & assignees))


async def _rename_in_requests(user_id: str, name: str) -> None:
    """Rename the user in requests, notes and scheduled reports, and end the schedules for them."""
    for role in ("requested", "decided"):
        for table in ("refund_requests", "withdrawals"):
            await database.write(
                f"UPDATE {table} SET {role}_by_name = ? WHERE {role}_by_id = ?", (name, user_id)
            )
    await database.write(
        "UPDATE subscription_requests SET requested_by_name = ? WHERE requested_by_id = ?", (name, user_id)
    )
    await database.write(
        "UPDATE opportunity_notes SET written_by_name = ? WHERE written_by_id = ?", (name, user_id)
    )
    await database.write(
        "UPDATE report_schedules SET created_by_name = ? WHERE created_by_id = ?", (name, user_id)
    )
    await database.write("DELETE FROM report_schedules WHERE user_id = ?", (user_id,))


async def _rename_as_editor(user_id: str, name: str) -> None:
    """Rename the user as who last changed something, or who set a price.

    Only names are stored there. The log has the names under which they acted in an account; what a namesake
    changed in it is renamed, too.
    """
    for row in await database.read(
        "SELECT DISTINCT account_id, user_name FROM audit_entries"
        " WHERE user_id = ? AND user_name IS NOT NULL ORDER BY account_id, user_name",
        (user_id,),
    ):
        account_id, former = str(row["account_id"]), str(row["user_name"])
        for table, column in _EDITORS:
            await database.write(
                f"UPDATE {table} SET {column} = ? WHERE account_id = ? AND {column} = ?",
                (name, account_id, former),
            )
        await rename_in_hand_prices(account_id, former, name)


async def _addresses(user_id: str, email: str) -> list[str]:
    """The user's address, and those that they had or wanted before."""
    rows = await database.read("SELECT old_email, new_email FROM email_changes WHERE user_id = ?", (user_id,))
    return sorted({email, *(str(address) for row in rows for address in tuple(row))})


async def _remove_address(email: str, name: str) -> None:
    """Remove the address from invitations and from e-mails, sent or not."""
    invitations = await database.read(
        "SELECT id, account_id, status FROM invitations WHERE email = ?", (email,)
    )
    for row in invitations:
        pending = row["status"] == InvitationStatus.PENDING.value
        status = InvitationStatus.REVOKED.value if pending else row["status"]
        columns = {**name_columns(name), "email": _address(str(row["id"])), "status": status}
        await database.write(
            f"UPDATE invitations SET {', '.join(f'{column} = ?' for column in columns)}"
            " WHERE account_id = ? AND id = ?",
            (*columns.values(), row["account_id"], row["id"]),
        )
    await database.write("DELETE FROM outbox_messages WHERE recipient = ?", (email,))
