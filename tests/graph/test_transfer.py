"""Handing an account over and closing it: at every moment it has exactly one owner."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import visiting
from models import database
from models.vocabulary import Role
from posted import letters

DAY = 24 * 3_600_000
WHO = ["owner", "admin", "lead", "user", "other", "stranger", "signed out"]


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


@dataclass
class Place:
    """An account with seats, and what there is to lose in it."""

    account: dict[str, Any]
    owner: dict[str, Any]
    collaborators: dict[str, dict[str, Any]]
    tokens: dict[str, str | None]

    async def owned_by(self) -> str:
        rows = await database.read("SELECT owner_id FROM accounts WHERE id = ?", (self.account["id"],))
        return str(rows[0]["owner_id"])

    async def rows(self, table: str) -> list[dict[str, Any]]:
        found = await database.read(
            f"SELECT * FROM {table} WHERE account_id = ? ORDER BY id", (self.account["id"],)
        )
        # when someone was seen last changes by the asking
        return [{name: row[name] for name in dict(row) if name != "last_seen_at"} for row in found]

    async def state(self) -> Any:
        rows = await database.read(
            "SELECT owner_id, closed_at FROM accounts WHERE id = ?", (self.account["id"],)
        )
        stored = (
            "transfers",
            "collaborators",
            "owner_details",
            "access_tokens",
            "invitations",
            "team_members",
        )
        return tuple(rows[0]), [await self.rows(table) for table in stored]

    async def log(self) -> list[tuple[str, str | None]]:
        found = await database.read(
            "SELECT act, refusal FROM audit_entries WHERE account_id = ? ORDER BY sequence",
            (self.account["id"],),
        )
        return [(row["act"], row["refusal"]) for row in found]

    @property
    def central(self) -> str:
        return f"central_{self.account['id']}"


async def place(**account: Any) -> Place:
    owner = await make.user("Old Owner")
    first_account = await make.account(owner, teams_on=True, name="Studio", **account)
    profile = await make.profile(first_account, list(Grant))
    roles = {"admin": Role.ADMIN, "lead": Role.TEAM_LEAD, "user": Role.USER, "other": Role.USER}
    collaborators = {
        name: await make.collaborator(first_account, profile, role) for name, role in roles.items()
    }
    await make.team(first_account, [collaborators["user"]], [collaborators["lead"]])
    tokens: dict[str, str | None] = {
        name: await Client.collaborator(collaborator) for name, collaborator in collaborators.items()
    }
    stranger = await make.user()
    tokens |= {
        "owner": await make.session(owner),
        "stranger": await make.session(stranger),
        "signed out": None,
    }
    return Place(first_account, owner, collaborators, tokens)


OFFER = "mutation($id: ID!, $key: String) { offerTransfer(input: {collaboratorId: $id, idempotencyKey: $key}) { errors { code field } } }"
CANCEL = "mutation { cancelTransfer { errors { code } } }"
ACCEPT = "mutation($id: ID!, $key: String) { acceptTransfer(input: {centralId: $id, idempotencyKey: $key}) { central { id access } errors { code } } }"
DECLINE = "mutation($id: ID!) { declineTransfer(input: {centralId: $id}) { central { id access } errors { code } } }"
CLOSE = 'mutation { closeAccount(input: {name: "Studio"}) { account { closedAt closesForGoodAt } errors { code } } }'
REOPEN = "mutation { reopenAccount { account { closedAt closesForGoodAt } errors { code } } }"


def codes(result: Any) -> list[str]:
    (payload,) = result.values()
    return [error["code"] for error in payload["errors"]]


async def offer(visitor: Client, at: Place, to: str = "user", **more: Any) -> list[str]:
    values = {"id": f"collaborator_{at.collaborators[to]['id']}", **more}
    return codes(await visitor.ask(OFFER, values, token=at.tokens["owner"], account=at.account))


async def accept(visitor: Client, at: Place, who: str = "user", **more: Any) -> list[str]:
    return codes(await visitor.ask(ACCEPT, {"id": at.central, **more}, token=at.tokens[who]))


async def change(statement: str, *values: Any) -> None:
    assert await database.transact(lambda: database.write(statement, values))


async def posted(*people: dict[str, Any]) -> list[tuple[str, str]]:
    rows = await database.read("SELECT kind, recipient FROM outbox_messages ORDER BY id")
    addresses = {person["email"] for person in people}
    return [(row["kind"], row["recipient"]) for row in rows if row["recipient"] in addresses]


async def email(collaborator: dict[str, Any]) -> dict[str, Any]:
    return dict((await database.read("SELECT email FROM users WHERE id = ?", (collaborator["user_id"],)))[0])


@pytest.mark.parametrize(
    "document", [OFFER, CANCEL, CLOSE, REOPEN], ids=["offer", "cancel", "close", "reopen"]
)
@pytest.mark.parametrize("who", [who for who in WHO if who != "owner"])
async def test_what_is_the_owners_does_not_exist_for_anyone_else(
    visitor: Client, document: str, who: str
) -> None:
    at = await place()
    before = await at.state()
    values = {"id": f"collaborator_{at.collaborators['user']['id']}"} if document is OFFER else None

    errors = await visitor.errors(
        document, values, token=at.tokens[who], account=None if who == "signed out" else at.account
    )

    code = "NOT_FOUND" if who == "stranger" else "GRAPHQL_VALIDATION_FAILED"
    assert [error["extensions"]["code"] for error in errors] == [code]
    assert await at.state() == before
    assert await at.log() == []


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("document", [ACCEPT, DECLINE], ids=["accept", "decline"])
async def test_only_whom_it_is_offered_to_accepts_or_declines(
    visitor: Client, document: str, who: str
) -> None:
    at = await place()
    assert await offer(visitor, at, "user") == []
    before = await at.state()

    response = await visitor.post(document, {"id": at.central}, token=at.tokens[who])

    body = response.json()
    act = "acceptTransfer" if document is ACCEPT else "declineTransfer"
    if who == "user":
        assert body["data"][act]["errors"] == []
        assert (await at.owned_by() == at.collaborators["user"]["user_id"]) is (document is ACCEPT)
        assert (await at.log())[-1] == (act, None)
    elif who == "signed out":
        assert body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert await at.state() == before
    else:
        assert codes(body["data"]) == ["NOT_FOUND"]
        assert await at.state() == before
        inside = [] if who == "stranger" else [(act, "NOT_FOUND")]
        assert (await at.log())[1:] == inside


async def test_an_account_that_is_not_there_and_one_not_offered_answer_alike(visitor: Client) -> None:
    at = await place()
    names = [at.central, f"central_{database.new_id()}", "central_1", f"account_{at.account['id']}", "\0"]

    results = [
        (await visitor.post(ACCEPT, {"id": name}, token=at.tokens["stranger"])).content for name in names
    ]

    assert len(set(results)) == 1


async def test_an_accepted_account_changes_hands_whole(visitor: Client) -> None:
    at = await place()
    sale = await make.sale(at.account, assignee=at.collaborators["user"])
    await _belongings(at)
    await offer(visitor, at)

    shown = await visitor.ask(
        "{ viewer { transferOffers { centralId accountName ownerName } } }", token=at.tokens["user"]
    )
    data = await visitor.ask(ACCEPT, {"id": at.central}, token=at.tokens["user"])

    assert shown["viewer"]["transferOffers"] == [
        {"centralId": at.central, "accountName": "Studio", "ownerName": "Old Owner"}
    ]
    assert data["acceptTransfer"] == {"central": {"id": at.central, "access": "OWNER"}, "errors": []}
    assert await at.owned_by() == at.collaborators["user"]["user_id"]
    assert await at.rows("owner_details") == []
    assert [row["ended_at"] is None for row in await at.rows("access_tokens")] == [False, False]
    invitations = {row["name"]: row["status"] for row in await at.rows("invitations")}
    assert invitations == {"by the owner": "FALLEN", "by the admin": "PENDING"}
    assert [row["collaborator_id"] for row in await at.rows("team_members")] == [
        at.collaborators["lead"]["id"]
    ]
    assert await at.rows("source_codes") == []
    old = await visitor.post("{ account { id } }", token=at.tokens["owner"], account=at.account)
    new = await visitor.ask(
        "query($r: String!) { account { myRole ownerName sale(reference: $r) { assignee { name } }"
        " ownerDetails { bank { number } } } viewer { transferOffers { centralId } } }",
        {"r": sale["reference"]}, token=at.tokens["user"], account=at.account,
    )  # fmt: skip
    assert old.status_code == 404
    assert new["account"]["myRole"] == "OWNER"
    assert new["account"]["sale"]["assignee"] == {"name": at.collaborators["user"]["name"]}
    assert new["account"]["ownerDetails"] == {"bank": None}
    assert new["viewer"]["transferOffers"] == []
    person = await email(at.collaborators["user"])
    assert await posted(at.owner, person) == [
        ("transfer_offered", person["email"]),
        ("transfer_accepted", at.owner["email"]),
        ("transfer_accepted", person["email"]),
    ]
    assert await at.log() == [("offerTransfer", None), ("acceptTransfer", None)]


async def _belongings(at: Place) -> None:
    now = database.now()
    own = {"account_id": at.account["id"]}
    profile = await make.profile(at.account, [Grant.SEARCH_SALES])

    async def work() -> None:
        await database.insert(
            "owner_details",
            own | {"id": database.new_id(), "legal_name": "Old Owner Ltda", "bank_holder": "Old Owner",
                   "bank_kind": "IBAN", "bank_number": "DE89370400440532013000", "changed_at": now},
        )  # fmt: skip
        await database.insert(
            "source_codes",
            own | {"id": database.new_id(), "collaborator_id": at.collaborators["user"]["id"], "code": "u1"},
        )
        for maker in (at.owner["id"], at.collaborators["user"]["user_id"]):
            await database.insert(
                "access_tokens",
                own | {"id": database.new_id(), "user_id": maker, "name": "t", "grants": "[]", "standings": "[]",
                       "digest": database.new_id(), "created_at": now, "expires_at": now + DAY},
            )  # fmt: skip
        for name, inviter in (
            ("by the owner", at.owner["id"]),
            ("by the admin", at.collaborators["admin"]["user_id"]),
        ):
            await database.insert(
                "invitations",
                own | {"id": database.new_id(), "profile_id": profile["id"], "inviter_id": inviter,
                       "name": name, "email": "x@example.com", "role": "USER", "status": "PENDING",
                       "token_digest": database.new_id(), "created_at": now, "expires_at": now + DAY},
            )  # fmt: skip

    await database.transact(work)


async def test_the_log_tells_the_owners_by_name_and_the_bank_as_changed(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at)
    await accept(visitor, at)

    last = (await at.rows("audit_entries"))[-1]["changes"]

    result = msgspec.json.decode(last) if isinstance(last, str) else last
    name = (
        await database.read("SELECT name FROM users WHERE id = ?", (at.collaborators["user"]["user_id"],))
    )[0]["name"]
    assert result == [
        {"field": "Account.ownerName", "before": "Old Owner", "after": name},
        {"field": "OwnerDetails.bank", "before": None, "after": "changed"},
    ]


COLLABORATOR_ACTS = {
    "assignProfile": {"profileId": "profile"},
    "changeRole": {"role": "USER"},
    "suspendCollaborator": {},
    "restoreCollaborator": {},
    "setAccessDates": {},
    "setSourceCodes": {"codes": ["mine"]},
    "addTeamMember": {"teamId": "team"},
    "removeCollaborator": {},
    "offerTransfer": {},
}


@pytest.mark.parametrize("act", COLLABORATOR_ACTS)
async def test_nobody_acts_on_the_membership_that_the_owner_leaves_behind(visitor: Client, act: str) -> None:
    at = await place()
    await make.sale(at.account, assignee=at.collaborators["user"])
    await offer(visitor, at)
    assert await accept(visitor, at) == []
    (team,) = await at.rows("teams")
    (profile,) = await at.rows("profiles")
    created = {"team": f"team_{team['id']}", "profile": f"profile_{profile['id']}"}
    values = {
        name: created.get(value, value) if isinstance(value, str) else value
        for name, value in COLLABORATOR_ACTS[act].items()
    }
    values["collaboratorId"] = f"collaborator_{at.collaborators['user']['id']}"
    before = await at.state(), await at.rows("sales")

    kind = act[0].upper() + act[1:]
    query = f"mutation($input: {kind}Input!) {{ {act}(input: $input) {{ errors {{ code }} }} }}"
    found = {}
    for who in ("user", "admin", "other"):
        answer = await visitor.post(query, {"input": values}, token=at.tokens[who], account=at.account)
        body = answer.json()
        found[who] = "UNKNOWN" if "errors" in body else codes(body["data"])

    # the user is the owner now, and the other holds the grant of the collaborators center
    hidden = {
        "assignProfile": ("admin", "other"),
        "offerTransfer": ("admin", "other"),
        "removeCollaborator": (),
    }.get(act, ("other",))
    assert found == {who: "UNKNOWN" if who in hidden else ["NOT_FOUND"] for who in found}
    assert (await at.state(), await at.rows("sales")) == before


async def test_an_account_is_offered_to_a_person_or_a_collaborator(visitor: Client) -> None:
    at = await place()
    values = {"id": f"person_{at.collaborators['user']['id']}"}

    data = await visitor.ask(OFFER, values, token=at.tokens["owner"], account=at.account)

    assert codes(data) == []


async def test_an_account_goes_on_and_its_first_owner_stays_out(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at, "user")
    await accept(visitor, at, "user")
    # someone opens the seat that was left over again
    await change("UPDATE collaborators SET ends_at = NULL WHERE id = ?", at.collaborators["user"]["id"])
    values = {"id": f"collaborator_{at.collaborators['admin']['id']}"}
    assert codes(await visitor.ask(OFFER, values, token=at.tokens["user"], account=at.account)) == []

    assert await accept(visitor, at, "admin") == []

    assert await at.owned_by() == at.collaborators["admin"]["user_id"]
    for gone in ("owner", "user"):
        response = await visitor.post("{ account { id } }", token=at.tokens[gone], account=at.account)
        assert response.status_code == 404


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("UPDATE collaborators SET suspended_at = 1 WHERE id = ?", "FORBIDDEN"),
        ("UPDATE collaborators SET ends_at = 1 WHERE id = ?", "FORBIDDEN"),
        ("UPDATE collaborators SET starts_at = 9000000000000 WHERE id = ?", "FORBIDDEN"),
    ],
    ids=["suspended", "over", "not begun"],
)
async def test_who_cannot_enter_is_neither_offered_an_account_nor_accepts_one(
    visitor: Client, how: str, code: str
) -> None:
    at, offered = await place(), await place()
    await offer(visitor, offered)
    await change(how, at.collaborators["user"]["id"])
    await change(how, offered.collaborators["user"]["id"])
    before = await at.state(), await offered.state()

    assert await offer(visitor, at) == [code]
    assert await accept(visitor, offered) == ["NOT_FOUND"]

    assert (await at.state(), await offered.state()) == before
    assert await at.log() == [("offerTransfer", code)]


PAST, FUTURE = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
CLOSED_BY: dict[str, tuple[str, str, dict[str, Any]]] = {
    "removed": ("owner", "removeCollaborator", {}),
    "left": ("user", "leaveCentral", {}),
    "suspended": ("admin", "suspendCollaborator", {}),
    "over": ("admin", "setAccessDates", {"endsAt": PAST}),
    "not begun": ("admin", "setAccessDates", {"startsAt": FUTURE}),
}


async def act(visitor: Client, at: Place, who: str, name: str, **values: Any) -> list[str]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    text = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    if name == "leaveCentral":
        return codes(
            await visitor.ask(
                f"mutation {{ {name} {{ errors {{ code }} }} }}", token=at.tokens[who], account=at.account
            )
        )
    variables = {"input": {"collaboratorId": f"collaborator_{at.collaborators['user']['id']}", **values}}
    return codes(await visitor.ask(text, variables, token=at.tokens[who], account=at.account))


@pytest.mark.parametrize("how", CLOSED_BY)
async def test_an_offer_falls_with_the_membership_and_does_not_rise_again(visitor: Client, how: str) -> None:
    at = await place()
    await offer(visitor, at)
    who, name, values = CLOSED_BY[how]

    assert await act(visitor, at, who, name, **values) == []

    (fallen,) = await at.rows("transfers")
    assert fallen["status"] == "CANCELLED"
    changes = (await at.rows("audit_entries"))[-1]["changes"]
    result = msgspec.json.decode(changes) if isinstance(changes, str) else changes
    collaborator = at.collaborators["user"]["name"]
    assert result[-1] == {"field": "Account.transfer", "before": collaborator, "after": None}
    assert await accept(visitor, at) == ["NOT_FOUND"]
    if how == "suspended":
        assert await act(visitor, at, "admin", "restoreCollaborator") == []
    elif how in ("over", "not begun"):
        assert await act(visitor, at, "admin", "setAccessDates") == []
    assert await accept(visitor, at) == ["NOT_FOUND"]
    assert await at.owned_by() == at.owner["id"]
    assert await offer(visitor, at, "other") == []


async def test_an_offer_stands_while_its_membership_stays_open(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at)

    assert await act(visitor, at, "admin", "setAccessDates", startsAt=PAST, endsAt=FUTURE) == []
    assert await act(visitor, at, "admin", "changeRole", role="TEAM_LEAD") == []

    assert await accept(visitor, at) == []


async def test_an_offer_to_another_stands_when_someone_goes(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at, "other")

    assert await act(visitor, at, "owner", "removeCollaborator") == []

    assert await accept(visitor, at, "other") == []


async def test_a_membership_of_another_account_is_not_there(visitor: Client) -> None:
    at, elsewhere = await place(), await place()

    for name in (
        f"collaborator_{elsewhere.collaborators['user']['id']}",
        f"person_{elsewhere.collaborators['user']['id']}",
        f"user_{at.collaborators['user']['user_id']}",
        "collaborator_1",
    ):
        data = await visitor.ask(OFFER, {"id": name}, token=at.tokens["owner"], account=at.account)
        assert codes(data) == ["NOT_FOUND"]

    assert await at.rows("transfers") == []
    assert await at.log() == [("offerTransfer", "NOT_FOUND")] * 4


async def test_one_offer_stands_at_a_time_until_it_is_cancelled_declined_or_over(visitor: Client) -> None:
    at = await place()
    assert await offer(visitor, at, "user") == []
    assert await offer(visitor, at, "other") == ["TRANSFER_PENDING"]
    assert codes(await visitor.ask(CANCEL, token=at.tokens["owner"], account=at.account)) == []
    assert await accept(visitor, at, "user") == ["NOT_FOUND"]
    assert await offer(visitor, at, "other") == []
    assert codes(await visitor.ask(DECLINE, {"id": at.central}, token=at.tokens["other"])) == []
    assert await accept(visitor, at, "other") == ["NOT_FOUND"]
    assert await offer(visitor, at, "user") == []
    await change("UPDATE transfers SET expires_at = ? WHERE account_id = ?", database.now(), at.account["id"])
    assert await accept(visitor, at, "user") == ["NOT_FOUND"]
    assert await offer(visitor, at, "other") == []

    assert await at.owned_by() == at.owner["id"]
    shown = await visitor.ask(
        "{ account { transfer { collaboratorName } } }", token=at.tokens["owner"], account=at.account
    )
    assert shown["account"]["transfer"] == {"collaboratorName": at.collaborators["other"]["name"]}


async def test_an_offer_is_good_for_seven_days(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at)

    (row,) = await at.rows("transfers")

    assert row["expires_at"] - row["created_at"] == 7 * DAY


async def test_an_acceptance_repeated_under_its_key_is_one(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at, key="offer")
    await offer(visitor, at, key="offer")

    results = [await accept(visitor, at, key="accept") for _ in range(3)]

    assert results == [[], [], []]
    assert await accept(visitor, at) == ["NOT_FOUND"]
    assert (await at.log())[:2] == [("offerTransfer", None), ("acceptTransfer", None)]


# E-mails


async def test_each_reads_in_their_language_who_offers_what_and_who_owns_it_now(visitor: Client) -> None:
    at = await place(brand_name="Aurora")
    person = await email(at.collaborators["user"])
    await change(
        "UPDATE users SET locale = 'pt', name = 'New Owner' WHERE id = ?", at.collaborators["user"]["user_id"]
    )

    await offer(visitor, at)
    offered = await letters(person["email"])
    await change("UPDATE users SET locale = 'fr' WHERE id = ?", at.owner["id"])
    await accept(visitor, at)

    collaborator = at.collaborators["user"]["name"]
    offer_data = {"locale": "pt", "name": collaborator, "owner": "Old Owner", "account": "Aurora"}
    assert offered == [{"kind": "transfer_offered", **offer_data}]
    values = {"kind": "transfer_accepted", "owner": "New Owner", "account": "Aurora"}
    assert await letters(at.owner["email"]) == [{"locale": "fr", "name": "Old Owner", **values}]
    assert await letters(person["email"], "transfer_accepted") == [
        {"locale": "pt", "name": "New Owner", **values}
    ]


async def test_what_is_refused_tells_no_one(visitor: Client) -> None:
    at = await place()
    people = [at.owner, *[await email(collaborator) for collaborator in at.collaborators.values()]]
    assert await accept(visitor, at) == ["NOT_FOUND"]
    await change("UPDATE collaborators SET suspended_at = 1 WHERE id = ?", at.collaborators["user"]["id"])
    assert await offer(visitor, at, "user") == ["FORBIDDEN"]
    assert await posted(*people) == []

    assert await offer(visitor, at, "other") == []
    assert await offer(visitor, at, "admin") == ["TRANSFER_PENDING"]
    assert codes(await visitor.ask(DECLINE, {"id": at.central}, token=at.tokens["other"])) == []
    assert await accept(visitor, at, "other") == ["NOT_FOUND"]

    other = await email(at.collaborators["other"])
    assert await posted(*people) == [("transfer_offered", other["email"])]


# Closing


async def test_a_closed_account_is_entered_by_its_owner_alone_and_changed_by_nobody(visitor: Client) -> None:
    at = await place()
    await offer(visitor, at)

    data = await visitor.ask(CLOSE, token=at.tokens["owner"], account=at.account)

    assert data["closeAccount"]["errors"] == []
    assert data["closeAccount"]["account"]["closesForGoodAt"] is not None
    assert await accept(visitor, at) == ["NOT_FOUND"]
    assert await offer(visitor, at) == ["ACCOUNT_CLOSED"]
    assert codes(await visitor.ask(CLOSE, token=at.tokens["owner"], account=at.account)) == ["ACCOUNT_CLOSED"]
    for who in ("admin", "lead", "user"):
        response = await visitor.post("{ account { id } }", token=at.tokens[who], account=at.account)
        assert response.status_code == 404
    shown = await visitor.ask(
        "{ account { myRole } viewer { centrals { closed } } }", token=at.tokens["owner"], account=at.account
    )
    assert shown == {"account": {"myRole": "OWNER"}, "viewer": {"centrals": [{"closed": True}]}}
    assert await posted(at.owner) == [("account_closed", at.owner["email"])]
    assert await at.log() == [
        ("offerTransfer", None), ("closeAccount", None), ("offerTransfer", "ACCOUNT_CLOSED"),
        ("closeAccount", "ACCOUNT_CLOSED"),
    ]  # fmt: skip


async def test_closing_needs_the_accounts_name(visitor: Client) -> None:
    at = await place()
    before = await at.state()

    data = await visitor.ask(CLOSE.replace("Studio", "studio"), token=at.tokens["owner"], account=at.account)

    assert codes(data) == ["BAD_INPUT"]
    assert await at.state() == before
    assert await at.log() == [("closeAccount", "BAD_INPUT")]


async def test_within_thirty_days_all_is_as_it_was_and_later_the_owner_only_reads(visitor: Client) -> None:
    at = await place()
    who = {"token": at.tokens["owner"], "account": at.account}
    assert codes(await visitor.ask(REOPEN, **who)) == ["ACCOUNT_NOT_CLOSED"]
    await visitor.ask(CLOSE, **who)
    await change(
        "UPDATE accounts SET closed_at = ? WHERE id = ?", database.now() - 30 * DAY + 60_000, at.account["id"]
    )

    reopened = await visitor.ask(REOPEN, **who)
    entered = await visitor.ask("{ account { myRole } }", token=at.tokens["user"], account=at.account)
    await visitor.ask(CLOSE, **who)
    await change(
        "UPDATE accounts SET closed_at = ? WHERE id = ?", database.now() - 30 * DAY, at.account["id"]
    )
    late = await visitor.ask(REOPEN, **who)

    assert reopened["reopenAccount"] == {"account": {"closedAt": None, "closesForGoodAt": None}, "errors": []}
    assert entered == {"account": {"myRole": "USER"}}
    assert codes(late) == ["CLOSED_FOR_GOOD"]
    assert (await visitor.ask("{ account { myRole } }", **who)) == {"account": {"myRole": "OWNER"}}


# One owner, whatever happens at once


RUNS = 50


async def test_of_fifty_acceptances_and_closings_at_once_one_outcome_comes(database_url: str) -> None:
    outcomes: Counter[str] = Counter()
    chance = random.Random(7)

    async with visiting() as here, visiting(apart=True) as there:
        for number in range(10):
            at = await place()
            await offer(here, at, "user")
            values = {"token": at.tokens["owner"], "account": at.account}
            tries = [here.post(ACCEPT, {"id": at.central}, token=at.tokens["user"]) for _ in range(2)]
            tries += [there.post(ACCEPT, {"id": at.central}, token=at.tokens["other"])]
            tries += [there.post(CLOSE, **values), here.post(CANCEL if number % 2 else CLOSE, **values)]
            chance.shuffle(tries)

            answers = await asyncio.gather(*tries)

            assert all(answer.status_code in {200, 400, 404} for answer in answers)
            assert "INTERNAL" not in "".join(answer.text for answer in answers)
            outcomes[await _outcome(at)] += 1

    assert sum(outcomes.values()) == 10


async def _outcome(at: Place) -> str:
    """What came of it, each part of which agrees with the others."""
    (owner, closed), (transfers, collaborators, *_) = await at.state()
    new = at.collaborators["user"]["user_id"]
    assert owner in {at.owner["id"], new}
    (transfer,) = transfers
    done = Counter(act for act, refusal in await at.log() if refusal is None)
    ended = [collaborator["user_id"] for collaborator in collaborators if collaborator["ends_at"] is not None]
    assert ended == ([new] if owner == new else [])
    assert done["acceptTransfer"] == (owner == new)
    assert done["closeAccount"] == (closed is not None)
    assert done["acceptTransfer"] + done["cancelTransfer"] + (closed is not None) <= 2
    if owner == new:
        assert transfer["status"] == "ACCEPTED"
        assert closed is None  # only the new owner could have closed it since
        return "handed over"
    assert transfer["status"] == "CANCELLED"
    return "closed" if closed is not None else "cancelled"


async def test_an_account_handed_on_fifty_times_at_once_keeps_one_owner(database_url: str) -> None:
    at = await place()
    people = list(at.collaborators)
    accepted = 0

    async def hand_on(visitor: Client, number: int) -> int:
        """Whoever owns it offers it to someone, and everyone tries to accept."""
        owner = await at.owned_by()
        token = next(
            (at.tokens[person] for person in people if at.collaborators[person]["user_id"] == owner),
            at.tokens["owner"],
        )
        collaborator = f"collaborator_{at.collaborators[people[number % len(people)]]['id']}"
        await visitor.post(OFFER, {"id": collaborator}, token=token, account=at.account)
        results = await asyncio.gather(
            *(visitor.post(ACCEPT, {"id": at.central}, token=at.tokens[person]) for person in people)
        )
        assert all("INTERNAL" not in item.text for item in results)
        return sum(item.json()["data"]["acceptTransfer"]["errors"] == [] for item in results)

    async with visiting() as here, visiting(apart=True) as there:
        for start in range(0, RUNS, 10):
            async with asyncio.TaskGroup() as group:
                runs = [group.create_task(hand_on((here, there)[n % 2], n)) for n in range(start, start + 10)]
            accepted += sum(run.result() for run in runs)

    transfers = Counter(row["status"] for row in await at.rows("transfers"))
    done = Counter(act for act, refusal in await at.log() if refusal is None)
    assert accepted == transfers["ACCEPTED"] == done["acceptTransfer"] > 0
    owner = await at.owned_by()
    assert owner in {at.owner["id"], *(collaborator["user_id"] for collaborator in at.collaborators.values())}
    active_users = {
        collaborator["user_id"]
        for collaborator in await at.rows("collaborators")
        if collaborator["ends_at"] is None
    }
    assert owner not in active_users


async def test_an_offer_that_were_not_checked_would_be_noticed(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unchecked(*_arguments: Any) -> None:
        pass

    at = await place()
    await offer(visitor, at, "user")
    monkeypatch.setattr("actions.membership.transfers.transfer._decide", unchecked)

    assert await accept(visitor, at, "other") == []

    with pytest.raises(AssertionError):
        await _outcome(at)
