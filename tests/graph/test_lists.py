"""Lists of seats, people, invitations and products: searched and filtered by what they show, and no more."""

from dataclasses import dataclass
from typing import Any

import pytest

import make
from authz.grant import Grant
from client import Client
from models import database
from models.vocabulary import InvitationStatus, Role

CENTER = [Grant.ACCESS_COLLABORATORS_CENTER]


@dataclass
class House:
    """An account with people in it, and who asks."""

    client: Client
    account: dict[str, Any]
    tokens: dict[str, str]
    profile: dict[str, Any]

    async def names(self, who: str, name: str, filter_: str, more: str = "") -> list[str]:
        data = await self.client.ask(
            f"{{ account {{ {name}(filter: {{{filter_}}}{more}) {{ nodes {{ name }} totalCount }} }} }}",
            token=self.tokens[who],
            account=self.account,
        )
        found = data["account"][name]
        assert found["totalCount"] >= len(found["nodes"])
        return [node["name"] for node in found["nodes"]]

    async def insert(self, **changed: Any) -> None:
        now = database.now()
        row = {
            "id": database.new_id(), "account_id": self.account["id"], "profile_id": self.profile["id"],
            "inviter_id": self.account["owner_id"], "role": Role.USER, "status": InvitationStatus.PENDING,
            "token_digest": database.new_id(), "created_at": now, "expires_at": now + 60_000,
        }  # fmt: skip
        await make._insert("invitations", row | changed)


async def house(client: Client, **changed: Any) -> House:
    account = await make.account(**changed)
    profile = await make.profile(account, CENTER, name="Center")
    collaborators = {
        role: await make.collaborator(account, profile, role, name=f"{role} Asking") for role in Role
    }
    tokens = {
        role.value: await client.collaborator(collaborator) for role, collaborator in collaborators.items()
    }
    return House(client, account, tokens | {"OWNER": await client.owner(account)}, profile)


async def test_one_of_302_collaborators_is_found_by_name_and_for_the_owner_by_email(client: Client) -> None:
    at = await house(client)
    now = database.now()

    async def many() -> None:
        users = [
            (
                database.new_id(),
                f"seat-{number}-{at.account['id'][-12:]}@example.com",
                f"Seat {number}",
                "en",
                now,
            )
            for number in range(298)
        ]
        await database.insert_many("users", ("id", "email", "name", "locale", "created_at"), users)
        collaborators = [
            (database.new_id(), at.account["id"], user_id, at.profile["id"], *make.name_columns(name).values(), "USER", now)
            for user_id, _, name, _, _ in users
        ]  # fmt: skip
        columns = ("id", "account_id", "user_id", "profile_id", *make.name_columns(""), "role", "joined_at")
        await database.insert_many("collaborators", columns, collaborators)

    await database.transact(many)
    zoe = await make.user(email=f"z.lopez-{at.account['id'][-12:]}@example.com")
    await make.collaborator(at.account, at.profile, user_=zoe, name="Zoé López")

    for text in ("zoe lopez", "ZOÉ", "Lo\u0301pez"):
        assert await at.names("OWNER", "collaborators", f'text: "{text}"') == ["Zoé López"]
        assert await at.names("OWNER", "people", f'text: "{text}"') == ["Zoé López"]
    assert await at.names("OWNER", "collaborators", 'text: "Z.Lopez-"') == ["Zoé López"]
    assert await at.names("OWNER", "assignees", 'text: "z.lopez-"') == ["Zoé López"]
    # whoever may not see the address finds nobody by it
    assert await at.names("ADMIN", "collaborators", 'text: "z.lopez-"') == []
    assert await at.names("ADMIN", "people", 'text: "example.com"') == []
    assert await at.names("USER", "collaborators", 'text: "zoe"') == ["Zoé López"]
    data = await client.ask(
        "{ account { collaborators(first: 0) { totalCount } people(first: 0) { totalCount } } }",
        token=at.tokens["OWNER"],
        account=at.account,
    )
    assert data["account"] == {"collaborators": {"totalCount": 302}, "people": {"totalCount": 302}}


async def test_collaborators_are_filtered_by_what_they_show(client: Client) -> None:
    at = await house(client, teams_on=True)
    other = await make.profile(at.account, "SUPPORT")
    now = database.now()
    ana = await make.collaborator(at.account, other, name="Ana", joined_at=1, last_seen_at=now)
    await make.collaborator(at.account, other, name="Bia", joined_at=3, suspended_at=now)
    await make.collaborator(at.account, other, name="Caio", joined_at=2, ends_at=now - 1, last_seen_at=5)
    team = await make.team(at.account, [ana])
    text = f'profile: "profile_{other["id"]}"'

    async def found(filter_: str, more: str = "", who: str = "OWNER") -> list[str]:
        return await at.names(who, "collaborators", filter_, more)

    assert await found(text) == ["Ana", "Bia", "Caio"]
    assert await found(f"{text} active: true") == ["Ana"]
    assert await found(f"{text} active: false") == ["Bia", "Caio"]
    assert await found(f'{text} lastSeenBefore: "2020-01-01T00:00:00Z"') == ["Bia", "Caio"]
    assert await found(f'team: "team_{team["id"]}"') == ["Ana"]
    assert await found("role: [ADMIN, TEAM_LEAD]") == ["ADMIN Asking", "TEAM_LEAD Asking"]
    assert await found(text, ", order: {field: JOINED_AT}") == ["Ana", "Caio", "Bia"]
    assert await found(text, ", order: {field: NAME, direction: DESC}") == ["Caio", "Bia", "Ana"]
    assert await found('profile: "profile_nothing"') == []
    assert await at.names("ADMIN", "people", "suspended: true") == ["Bia"]
    assert await at.names("ADMIN", "people", f'team: "team_{team["id"]}" role: [USER]') == ["Ana"]


@pytest.mark.parametrize(
    ("field", "gate"),
    [
        ('collaborators(filter: {team: "team_x"})', "team"),
        ("assignees(filter: {role: [USER]})", "role"),
        ("assignees(filter: {suspended: true})", "suspended"),
    ],
)
async def test_a_filter_is_not_there_for_whom_its_field_is_not(client: Client, field: str, gate: str) -> None:
    at = await house(client, teams_on=True)

    errors = await client.errors(
        f"{{ account {{ {field} {{ totalCount }} }} }}", token=at.tokens["TEAM_LEAD"], account=at.account
    )

    assert errors
    assert all("unknown field" in error["message"] and gate in error["message"] for error in errors)


async def test_invitations_are_searched_by_name_and_address_and_filtered_by_status(client: Client) -> None:
    at = await house(client)
    now = database.now()
    await at.insert(name="Élise Martin", email="elise@example.com", created_at=1)
    await at.insert(name="Otto", email="o.martin@example.com", expires_at=now - 1, created_at=2)
    await at.insert(name="Ana", email="ana@example.com", status=InvitationStatus.REVOKED, created_at=3)

    async def found(filter_: str, more: str = "") -> list[str]:
        return await at.names("USER", "invitations", filter_, more)

    assert await found('text: "MARTIN"') == ["Otto", "Élise Martin"]
    assert await found('text: "elise@"') == ["Élise Martin"]
    assert await found("status: [PENDING]") == ["Élise Martin"]
    assert await found("status: [EXPIRED]") == ["Otto"]
    assert await found("status: [EXPIRED, REVOKED]", ", order: {field: NAME, direction: ASC}") == [
        "Ana",
        "Otto",
    ]
    assert await found(f'profile: "profile_{at.profile["id"]}" role: [ADMIN]') == []


async def test_products_are_searched_by_name_and_reference(client: Client) -> None:
    at = await house(client)
    await make.product(at.account, name="Água Viva", reference="4210771")
    await make.product(at.account, name="Zebra", reference="99")

    assert await at.names("OWNER", "products", 'text: "agua"') == ["Água Viva"]
    assert await at.names("OWNER", "products", 'text: "4210"') == ["Água Viva"]
    assert await at.names("OWNER", "products", "") == ["Água Viva", "Zebra"]


@pytest.mark.parametrize("name", ["collaborators", "people", "assignees", "invitations", "products"])
@pytest.mark.parametrize("text", ["", "\\u0301", "a" * 101])
async def test_a_list_refuses_a_search_for_nothing_and_one_too_long(
    client: Client, name: str, text: str
) -> None:
    at = await house(client)

    response = await client.post(
        f'{{ account {{ name {name}(filter: {{text: "{text}"}}) {{ totalCount }} }} }}',
        token=at.tokens["OWNER"],
        account=at.account,
    )

    body = response.json()
    assert body["data"]["account"] == {"name": at.account["name"], name: None}
    assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_INPUT"]


async def test_a_node_answers_for_what_a_visible_sale_names_and_for_nothing_else(client: Client) -> None:
    account = await make.account(teams_on=True)
    profile = await make.profile(account, [Grant.SEARCH_SALES])
    mine, fellow = [await make.collaborator(account, profile, name=name) for name in ("Mine", "Fellow")]
    teams = [await make.team(account, [mine], name="Ours"), await make.team(account, [fellow], name="Theirs")]
    shown, hidden = [await make.product(account, name=name) for name in ("Shown", "Hidden")]
    offers = [await make.offer(account, item) for item in (shown, hidden)]
    await make.sale(account, shown, mine, offer_id=offers[0]["id"], team_id=teams[0]["id"])
    await make.sale(account, hidden, fellow, offer_id=offers[1]["id"], team_id=teams[1]["id"])
    ids = [
        *(f"person_{item['id']}" for item in (mine, fellow)),
        *(f"team_{team['id']}" for team in teams),
        *(f"product_{item['id']}" for item in (shown, hidden)),
        *(f"offer_{offer['id']}" for offer in offers),
        f"person_{database.new_id()}",
    ]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"

    async def nodes_found(collaborator: dict[str, Any]) -> list[bool]:
        found = await client.ask(
            query, {"ids": ids}, token=await client.collaborator(collaborator), account=account
        )
        return [node is not None for node in found["nodes"]]

    assert await nodes_found(mine) == [True, False] * 4 + [False]
    assert await nodes_found(fellow) == [False, True] * 4 + [False]
    # without the grant that shows sales, nothing is named
    blind = await make.collaborator(account, await make.profile(account, []))
    await make.sale(account, shown, blind)
    assert await nodes_found(blind) == [False] * 9


async def test_a_node_of_a_sale_has_the_fields_that_the_viewer_has(client: Client) -> None:
    account = await make.account()
    collaborator = await make.collaborator(
        account, await make.profile(account, [Grant.SEARCH_SALES]), name="Mine"
    )
    product = await make.product(account, name="Shown")
    await make.sale(account, product, collaborator)
    who: dict[str, Any] = {"token": await client.collaborator(collaborator), "account": account}
    first = f'node(id: "product_{product["id"]}")'

    data = await client.ask(f"{{ {first} {{ ... on Product {{ id name }} }} }}", **who)

    assert data["node"] == {"id": f"product_{product['id']}", "name": "Shown"}
    errors = await client.errors(f"{{ {first} {{ ... on Product {{ ucode }} }} }}", **who)
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
