"""A small shop with worked examples: fourteen sales of four products, an owner, and Ana, Bia and Caio.

It is built by the public doors, once in a process for each database: mutations, messages of the marketplace
and an imported page. A test gets a copy under ids and addresses of its own, so it can change what it likes.

    async def test_a_sale_is_found(shop: Shop) -> None:
        sale = await shop.read("ana", 'sale(reference: "S01") { status }')
        payload = await shop.act("owner", "assignSale", reference="S05", assigneeId=shop.person("ana"))
"""

import json
import re
import tempfile
import time
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from tortoise import Tortoise
from tortoise.models import Model

import make
import posted
from actions.accounts.operator import operator, set_edition, set_intake_secret
from authz.grant import Grant
from client import SETTINGS, Client
from intake.files.history import import_files
from models import database
from models.sales.words import restore_words
from models.vocabulary import Edition
from shop_messages import SALES, SHOP, message, messages, moment, users_page

SECRET = "the shop's secret"
NOW = "07-25 12:00"
UNKNOWN = "UNKNOWN"
PEOPLE = {"ana": "Ana", "bia": "Bia", "caio": "Caio"}
_ASSIGNED = {
    "ana": ("S01", "S02", "S04", "S06", "S07"),
    "bia": ("S03", "S05", "S13"),
    "caio": ("S08", "S09"),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EMAIL = re.compile(r"\b(b[0-9]+|ana|bia|caio|owner)(?:-[0-9a-f]+)?@example\.com")
# what a copy begins without: logs, since they are chained, and what is about sessions and calls
_LEFT_OUT = {"audit_entries", "log_heads", "idempotency_keys", "outbox_messages", "access_tokens", "notices"}
_REFUSED = "errors { code message field }"


@dataclass
class Clock:
    """The present of a test: it stands until it is set."""

    patch: pytest.MonkeyPatch
    now: int = 0

    def set(self, local: str) -> None:
        """A local time of 2026, such as `07-05 12:00`."""
        self.at(moment(local))

    def at(self, now: int) -> None:
        """A time in milliseconds."""
        self.now = now
        self.patch.setattr(database, "now", lambda: self.now)

    def passes(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        """Some time passes."""
        self.at(self.now + round(((days * 24 + hours) * 60 + minutes) * 60_000))


@dataclass
class Shop:
    """The shop of one test. `who` is `owner`, `ana` (USER), `bia` (TEAM_LEAD of North) or `caio` (USER)."""

    client: Client
    clock: Clock
    account: dict[str, Any]
    users: dict[str, str]
    collaborators: dict[str, str]
    team_id: str
    profile_id: str
    mark: str = ""
    """What tells this shop's e-mail addresses from those of others."""
    _tokens: dict[str, str] = field(default_factory=dict)
    _since: str = ""

    def email(self, name: str) -> str:
        """The address of a buyer such as `b1`, or of a person."""
        return f"{name}{self.mark}@example.com"

    def person(self, who: str) -> str:
        """The id of a collaborator as an assignee."""
        return f"person_{self.collaborators[who]}"

    def collaborator(self, who: str) -> str:
        """The id of a collaborator."""
        return f"collaborator_{self.collaborators[who]}"

    async def token(self, who: str) -> str:
        """An access token. Credentials expire by the machine's own time, whatever the clock says."""
        if who not in self._tokens:
            present = self.clock.now
            self.clock.at(time.time_ns() // 1_000_000)
            self._tokens[who] = await make.session({"id": self.users[who]})
            self.clock.at(present)
        return self._tokens[who]

    async def post(self, who: str, document: str, variables: dict[str, Any] | None = None) -> httpx.Response:
        """The raw answer to an operation."""
        return await self.client.post(document, variables, token=await self.token(who), account=self.account)

    async def read(self, who: str, fields: str, **variables: Any) -> Any:
        """A field of the account; a dictionary if several are named."""
        caller = {"token": await self.token(who), "account": self.account}
        found = (await self.client.ask(f"{{ account {{ {fields} }} }}", variables or None, **caller))[
            "account"
        ]
        return next(iter(found.values())) if len(found) == 1 else found

    async def is_unknown(self, who: str, fields: str) -> bool:
        """Whether what is asked of the account does not exist for someone."""
        body = (await self.post(who, f"{{ account {{ {fields} }} }}")).json()
        codes = {error["extensions"]["code"] for error in body.get("errors", ())}
        return codes == {"GRAPHQL_VALIDATION_FAILED"}

    async def act(self, who: str, name: str, fields: str = "", /, **values: Any) -> Any:
        """The payload of a mutation; `UNKNOWN` if it or a field of it does not exist for someone."""
        kind = name[0].upper() + name[1:]
        document = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} {_REFUSED} }} }}"
        body = (await self.post(who, document, {"input": values})).json()
        if "errors" in body:
            codes = {error["extensions"]["code"] for error in body["errors"]}
            # a member of the input that does not exist is a fault of the variables
            assert codes <= {"GRAPHQL_VALIDATION_FAILED", "BAD_INPUT"}, body
            return UNKNOWN
        return body["data"][name]

    async def code(self, who: str, name: str, /, **values: Any) -> str | None:
        """The first code that a mutation is refused with; None if it is carried out."""
        payload = await self.act(who, name, **values)
        if payload == UNKNOWN:
            return UNKNOWN
        return payload["errors"][0]["code"] if payload["errors"] else None

    async def give(self, who: str, *grants: Grant) -> None:
        """Give someone a profile of their own with these grants and no others."""
        source = {"grants": [grant.name for grant in grants]}
        name = f"Own of {who} {database.new_id()}"
        created = await self.act("owner", "createProfile", "profile { id }", name=name, source=source)
        profile = created["profile"]["id"]
        assert not await self.code(
            "owner", "assignProfile", collaboratorId=self.collaborator(who), profileId=profile
        )

    async def arrives(self, content: dict[str, Any]) -> None:
        """A message of the marketplace, in this shop's addresses."""
        text = _EMAIL.sub(lambda found: self.email(found[1]), json.dumps(content))
        response = await self.client.http.post(
            f"/intake/hotmart/{self.account['intake_id']}",
            content=text,
            headers={"x-hotmart-hottok": SECRET},
        )
        assert response.status_code == 200, response.text

    async def receive(
        self, reference: str, kind: str, status: str, at: str | None = None, **changed: Any
    ) -> None:
        """A message about a sale: `receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", payment={…})`.

        It happened at a local time, or now, and arrives now. `changed` replaces parts of its `purchase`.
        """
        happened = self.clock.now if at is None else moment(at)
        await self.arrives(message(reference, kind, status, happened, **changed))

    async def mails(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The e-mails that the test has caused, oldest first: `kind`, `recipient`, `locale` and their data."""
        rows = await database.read(
            "SELECT id, kind, recipient, locale, CAST(data AS TEXT) AS data FROM outbox_messages"
            " WHERE id > ? ORDER BY id",
            (self._since,),
        )
        found = [
            msgspec.json.decode(row["data"])
            | {"kind": row["kind"], "recipient": row["recipient"], "locale": row["locale"]}
            for row in rows
        ]
        own = self.account["id"]
        return [
            row for row in found if row["kind"] == (kind or row["kind"]) and row.get("account_id", own) == own
        ]

    async def log(self, act: str | None = None) -> list[dict[str, Any]]:
        """The log, oldest first; it begins with the test. `changes` are decoded."""
        rows = await database.read(
            "SELECT act, let_by, refusal, CAST(changes AS TEXT) AS changes, object_type, object_id, user_name"
            " FROM audit_entries WHERE account_id = ? ORDER BY sequence",
            (self.account["id"],),
        )
        found = [{**dict(row), "changes": msgspec.json.decode(row["changes"])} for row in rows]
        return [row for row in found if act is None or row["act"] == act]

    async def sale_id(self, reference: str) -> str:
        """The id of a sale's row."""
        rows = await database.read(
            "SELECT id FROM sales WHERE account_id = ? AND reference = ?", (self.account["id"], reference)
        )
        return str(rows[0]["id"])


async def _built(client: Client, clock: Clock) -> Shop:
    """The shop, by the public doors."""
    clock.set("05-01 09:00")
    shop = Shop(client, clock, {}, {}, {}, "", "", f"-{database.new_id()[-12:]}")
    for who, name in {"owner": "Olga", **PEOPLE}.items():
        shop.users[who] = str((await make.user(name, email=shop.email(who)))["id"])
    users = shop.users
    central = await _opened(shop)
    shop.account = {"id": central, "owner_id": users["owner"]}
    await _prepared(shop)
    for sent in messages():
        clock.at(sent["creation_date"])
        await shop.arrives(sent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "users.json"
        path.write_text(json.dumps(users_page()))
        await import_files(shop.account["id"], [path], lambda *_: None, as_of=moment("07-21 08:00"))
    clock.set("07-21 09:00")
    for who, references in _ASSIGNED.items():
        values = {"references": list(references), "assigneeId": shop.person(who)}
        assert await shop.code("owner", "assignSales", **values) is None
    return shop


async def _opened(shop: Shop) -> str:
    data = await shop.client.ask(
        "mutation($input: CreateAccountInput!) { createAccount(input: $input) { central { id } errors { code } } }",
        {"input": {"name": SHOP, "country": "BR", "currency": "BRL", "timezone": "America/Sao_Paulo"}},
        token=await shop.token("owner"),
    )
    return str(data["createAccount"]["central"]["id"]).removeprefix("central_")


async def _prepared(shop: Shop) -> None:
    """The company, its edition, its people and its team."""

    async def done(name: str, fields: str = "", /, **values: Any) -> Any:
        payload = await shop.act("owner", name, fields, **values)
        assert not payload["errors"], payload
        return payload

    account_id = shop.account["id"]
    by = operator(SETTINGS.secret_key)
    await done("becomeLegalEntity", country="BR", taxNumber="11222333000181")
    await set_edition(by, account_id, Edition.EXPERT)
    shop.account["intake_id"] = await set_intake_secret(by, account_id, SECRET)
    await done("enableTeams")
    source = {"grants": [grant.name for grant in Grant]}
    created = await done("createProfile", "profile { id }", name="Everything", source=source)
    shop.profile_id = created["profile"]["id"]
    for who, name in PEOPLE.items():
        role = "TEAM_LEAD" if who == "bia" else "USER"
        values = {"name": name, "email": shop.email(who), "profileId": shop.profile_id, "role": role}
        await done("inviteCollaborator", **values)
        invited = await posted.link(shop.email(who), "invitation")
        accepted = await shop.client.ask(
            "mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input)"
            " { central { id } errors { code } } }",
            {"input": {"token": invited}},
            token=await shop.token(who),
        )
        assert not accepted["acceptInvitation"]["errors"]
    collaborators = await database.read(
        "SELECT id, user_id FROM collaborators WHERE account_id = ?", (account_id,)
    )
    by_user = {str(row["user_id"]): str(row["id"]) for row in collaborators}
    shop.collaborators = {who: by_user[shop.users[who]] for who in PEOPLE}
    team = (await done("createTeam", "team { id }", name="North", privacy="OWN"))["team"]["id"]
    shop.team_id = team
    members = [shop.collaborator("ana"), shop.collaborator("bia")]
    await done("setTeamMembers", teamId=team, memberIds=members)
    await done("setTeamLead", teamId=team, collaboratorId=shop.collaborator("bia"), leads=True)


@dataclass(frozen=True)
class _Plan:
    """The shop as it was built, and its rows, table by table so that each comes after those it names."""

    shop: Shop
    rows: tuple[tuple[str, tuple[str, ...], tuple[tuple[Any, ...], ...]], ...]

    async def copy(self, client: Client, clock: Clock, mark: str) -> Shop:
        """The same shop under other ids and addresses."""
        texts = "\n".join(str(value) for _, _, rows in self.rows for row in rows for value in row)
        of_rows = {str(row[0]) for _, columns, rows in self.rows if columns[0] == "id" for row in rows}
        named = sorted((of_rows | {self.shop.account["intake_id"]}) & set(_UUID.findall(texts)))
        ids = {row_id: database.new_id() for row_id in named}

        def anew(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            value = _UUID.sub(lambda found: ids.get(found[0], found[0]), value)
            return _EMAIL.sub(lambda found: f"{found[1]}{mark}@example.com", value)

        async def work() -> None:
            for table, columns, rows in self.rows:
                await database.insert_many(table, columns, [tuple(map(anew, row)) for row in rows])
                if table == "sales":  # words name accounts by parts of their ids
                    await restore_words(ids[self.shop.account["id"]], [ids[row[0]] for row in rows])

        await database.transact(work)
        shop = self.shop
        account = {name: anew(value) for name, value in shop.account.items()}
        users = {who: ids[row_id] for who, row_id in shop.users.items()}
        collaborators = {who: ids[row_id] for who, row_id in shop.collaborators.items()}
        return Shop(
            client, clock, account, users, collaborators, anew(shop.team_id), anew(shop.profile_id), mark
        )


_plans: dict[str, _Plan] = {}
_number = count(1)


async def small_shop(client: Client, clock: Clock) -> Shop:
    """A copy of the shop for one test, at its present."""
    if database.url() not in _plans:
        _plans[database.url()] = await _planned(await _built(client, clock))
    clock.set(NOW)
    shop = await _plans[database.url()].copy(client, clock, f"-{next(_number)}")
    shop._since = database.new_id()
    return shop


async def _planned(shop: Shop) -> _Plan:
    account_id, users = shop.account["id"], list(shop.users.values())
    found = [await _table("users", f"id IN ({', '.join('?' * len(users))})", users)]
    found.append(await _table("accounts", "id = ?", [account_id]))
    for table in _tables_of_accounts():
        if table == "sale_words":
            continue
        rows = await _table(table, "account_id = ?", [account_id])
        if rows[2]:
            found.append(rows)
    return _Plan(shop, tuple(found))


async def _table(
    table: str, condition: str, params: list[Any]
) -> tuple[str, tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    rows = [dict(row) for row in await database.read(f"SELECT * FROM {table} WHERE {condition}", params)]
    columns = tuple(rows[0]) if rows else ()
    return table, columns, tuple(tuple(_plain(row[name]) for name in columns) for row in rows)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


@cache
def _tables_of_accounts() -> tuple[str, ...]:
    """The tables whose rows belong to accounts, each after those that it refers to."""
    models: list[type[Model]] = [
        model
        for model in Tortoise.apps["models"].values()  # type: ignore[index, union-attr]
        if "account_id" in model._meta.fields_map and model._meta.db_table not in _LEFT_OUT
    ]
    ordered: list[type[Model]] = []

    def add(model: type[Model]) -> None:
        if model in ordered or model not in models:
            return
        for name in model._meta.fk_fields:
            related = model._meta.fields_map[name].related_model  # type: ignore[attr-defined]
            if related is not model:
                add(related)
        ordered.append(model)

    for model in models:
        add(model)
    return tuple(model._meta.db_table for model in ordered)


__all__ = ["NOW", "PEOPLE", "SALES", "UNKNOWN", "Clock", "Shop", "message", "moment", "small_shop"]
