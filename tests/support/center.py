"""An account with one of each who may ask something of it, and what an act left behind in it."""

from dataclasses import dataclass
from typing import Any

import msgspec

import make
from authz.grant import Grant
from client import Client
from models import database
from models.vocabulary import Role

ALL = list(Grant)
CENTER = Grant.ACCESS_COLLABORATORS_CENTER
DONE, UNKNOWN, NO_ACCESS = "DONE", "UNKNOWN", "NO_ACCESS"
WHO = ["owner", "admin", "lead", "user", "stranger", "elsewhere", "signed out"]
TABLES = {
    "accounts": "id, name, kind, edition, teams_on, privacy, owner_id, closed_at",
    "profiles": "id, name, preset, grants",
    "collaborators": "id, user_id, profile_id, name, role, suspended_at, starts_at, ends_at",
    "invitations": "id, profile_id, status",
    "teams": "id, name, privacy",
    "team_members": "team_id, collaborator_id, leads",
    "source_codes": "collaborator_id, code",
    "sales": "id, assignee_id, team_id, assigned_at, buyer_email",
    "sale_events": "sale_id, key",
}


@dataclass
class Center:
    """An account whose every seat holds the profile `full`, unless a test gives it another."""

    client: Client
    account: dict[str, Any]
    profiles: dict[str, dict[str, Any]]
    collaborators: dict[str, dict[str, Any]]
    team: dict[str, Any]
    tokens: dict[str, str]

    async def act(
        self, who: str, act: str, fields: str = "errors { code field message }", **values: Any
    ) -> Any:
        """The payload of an act, or the word for a request that found none."""
        kind = act[0].upper() + act[1:]
        text = f"mutation($input: {kind}Input!) {{ {act}(input: $input) {{ {fields} }} }}"
        if not values:
            text = f"mutation {{ {act} {{ {fields} }} }}"
        token = self.tokens.get(who)
        account = None if who in ("elsewhere", "signed out") else self.account
        answer = await self.client.post(
            text, {"input": values} if values else None, token=token, account=account
        )
        body = answer.json()
        if "errors" in body:
            codes = {error["extensions"]["code"] for error in body["errors"]}
            assert codes <= {"GRAPHQL_VALIDATION_FAILED", "NOT_FOUND"}, body
            return UNKNOWN if codes == {"GRAPHQL_VALIDATION_FAILED"} else NO_ACCESS
        return body["data"][act]

    async def outcome(self, who: str, act: str, **values: Any) -> str:
        """What came of an act: DONE, the refusal's code, UNKNOWN or NO_ACCESS.

        Whatever was not done changed nothing; what was judged is in the log, and what was unknown is not.
        """
        before, logged = await self.state(), await self.log()
        payload = await self.act(who, act, **values)
        result = (
            payload
            if isinstance(payload, str)
            else payload["errors"][0]["code"]
            if payload["errors"]
            else DONE
        )
        if result != DONE:
            assert await self.state() == before
        added = (await self.log())[len(logged) :]
        if result in (UNKNOWN, NO_ACCESS):
            assert added == []
        else:
            assert [(entry["act"], entry["refusal"]) for entry in added] == [
                (act, None if result == DONE else result)
            ]
            assert result == DONE or added[0]["changes"] == "[]"
        return result

    async def ask(self, who: str, text: str, **variables: Any) -> Any:
        """The data of a query in the central."""
        return await self.client.ask(text, variables, token=self.tokens[who], account=self.account)

    async def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that these acts could change."""
        found = {}
        for table, columns in TABLES.items():
            key = "id" if table == "accounts" else "account_id"
            rows = await database.read(
                f"SELECT {columns} FROM {table} WHERE {key} = ? ORDER BY 1, 2", (self.account["id"],)
            )
            found[table] = [tuple(str(value) for value in tuple(row)) for row in rows]
        return found

    async def log(self) -> list[dict[str, Any]]:
        """The account's log, oldest first."""
        rows = await database.read(
            "SELECT act, let_by, refusal, changes, object_id, user_name FROM audit_entries"
            " WHERE account_id = ? ORDER BY sequence",
            (self.account["id"],),
        )
        return [dict(row) for row in rows]

    async def changes(self) -> dict[str, tuple[Any, Any]]:
        """What the last entry of the log says was changed."""
        changes = msgspec.json.decode((await self.log())[-1]["changes"])
        return {change["field"]: (change["before"], change["after"]) for change in changes}

    def collaborator(self, name: str) -> str:
        """The id of a collaborator."""
        return f"collaborator_{self.collaborators[name]['id']}"

    def profile(self, name: str) -> str:
        """The id of a profile."""
        return f"profile_{self.profiles[name]['id']}"

    @property
    def team_id(self) -> str:
        """The id of the team."""
        return f"team_{self.team['id']}"


async def center(client: Client, **changed: Any) -> Center:
    """An account in the EXPERT edition with teams on: two admins, a lead, users, and a team of the lead's."""
    account = await make.account(await make.user(), **({"teams_on": True} | changed))
    profiles = {
        "full": await make.profile(account, ALL),
        "center": await make.profile(account, [CENTER, Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]),
        "small": await make.profile(account, [Grant.SEARCH_SALES]),
        "unused": await make.profile(account, [Grant.VIEW_PRODUCTS]),
    }
    full = profiles["full"]
    collaborators = {
        "admin": await make.collaborator(account, full, Role.ADMIN),
        "other admin": await make.collaborator(account, full, Role.ADMIN),
        "lead": await make.collaborator(account, full, Role.TEAM_LEAD),
        "user": await make.collaborator(account, full, Role.USER),
        "small": await make.collaborator(account, profiles["small"], Role.USER),
    }
    team = await make.team(account, [collaborators["user"]], [collaborators["lead"]])
    tokens = {name: await Client.collaborator(collaborator) for name, collaborator in collaborators.items()}
    tokens["owner"] = await Client.owner(account)
    tokens["stranger"] = tokens["elsewhere"] = await make.session(await make.user())
    return Center(client, account, profiles, collaborators, team, tokens)


def by(owner: str, admin: str, others: str = UNKNOWN) -> dict[str, str]:
    """A line of the table of who may do what, with those for whom the act is never there."""
    line = {"owner": owner, "admin": admin, "lead": others, "user": others}
    return line | {"stranger": NO_ACCESS, "elsewhere": UNKNOWN, "signed out": UNKNOWN}
