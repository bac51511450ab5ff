"""What entries of the log say they are on: by the ids of the API, of things made, too, and each by one type."""

import json
from typing import Any

import pytest

import make
from actions.kit.chain import chain_key
from actions.kit.proof import prove
from center import Center, center
from client import SETTINGS, Client
from models import database
from models.vocabulary import Role

LOG = """query($filter: AuditFilter) { account { auditLog(first: 100, filter: $filter) {
  nodes { act objectType objectId refusal changes { field before after count } } } } }"""


async def entries(at: Center, **conditions: Any) -> list[dict[str, Any]]:
    data = await at.ask("owner", LOG, filter=conditions)
    return list(data["account"]["auditLog"]["nodes"])


@pytest.mark.parametrize(
    ("act", "payload", "values"),
    [
        ("createTeam", "team", {"name": "New"}),
        ("createProfile", "profile", {"name": "New", "source": {"grants": ["SEARCH_SALES"]}}),
        ("inviteCollaborator", "invitation", {"name": "Ana", "email": "ana@example.com"}),
        ("createProduct", "product", {"name": "New", "reference": "990001"}),
        ("setCurrency", "account", {"currency": "EUR"}),
        ("setOwnerDetails", "account", {"legalName": "Ana Lima"}),
    ],
)
async def test_what_an_act_made_or_changed_is_told_by_its_id(
    client: Client, act: str, payload: str, values: dict[str, Any]
) -> None:
    at = await center(client)
    if act == "inviteCollaborator":
        values |= {"profileId": at.profile("small")}
    kind = payload.capitalize()

    result = await at.act("owner", act, f"{payload} {{ id }} errors {{ code }}", **values)
    found = await entries(at, object={"type": kind, "id": result[payload]["id"]})

    assert [(item["act"], item["objectType"], item["objectId"]) for item in found] == [
        (act, kind, result[payload]["id"])
    ]
    assert await entries(at, object={"type": kind, "id": result[payload]["id"].partition("_")[2]}) == []


async def test_an_act_that_made_nothing_tells_no_id_and_one_on_several_sales_none_of_them(
    client: Client,
) -> None:
    at = await center(client)

    await at.act("owner", "createTeam", name="")
    sales = [(await make.sale(at.account))["reference"] for _ in range(2)]
    await at.act("owner", "assignSales", references=sales, assigneeId=None)

    results = [
        (entry["act"], entry["refusal"], entry["objectType"], entry["objectId"])
        for entry in await entries(at)
    ]
    assert results == [("assignSales", None, "Sale", None), ("createTeam", "BAD_INPUT", "Team", None)]


async def test_all_acts_on_a_person_are_found_together(client: Client) -> None:
    at = await center(client)
    person = at.collaborator("small").replace("collaborator", "person")
    acts: list[tuple[str, dict[str, Any]]] = [
        ("changeRole", {"role": "TEAM_LEAD"}),
        ("changeRole", {"role": "USER"}),
        ("assignProfile", {"profileId": at.profile("full")}),
        ("setSourceCodes", {"codes": ["one"]}),
        ("setAccessDates", {"startsAt": "2026-01-01T00:00:00Z"}),
        ("offerTransfer", {}),
        ("suspendCollaborator", {}),
        ("restoreCollaborator", {}),
        ("removeCollaborator", {}),
        ("removeCollaborator", {}),
    ]

    for number, (act, values) in enumerate(acts):
        who = person if number % 2 else at.collaborator("small")
        await at.act("owner", act, collaboratorId=who, **values)
    await at.act("owner", "suspendCollaborator", collaboratorId=at.collaborator("user"))

    found = await entries(at, object={"type": "Person", "id": person})
    assert [item["act"] for item in reversed(found)] == [act for act, _ in acts]
    assert {(item["objectType"], item["objectId"]) for item in found} == {("Person", person)}
    assert [item["act"] for item in found if item["refusal"]] == ["removeCollaborator"]


@pytest.mark.parametrize(
    ("act", "values", "changes"),
    [
        ("suspendCollaborator", {"collaboratorId": "small"}, [("Person.suspended", "false", "true")]),
        (
            "setSourceCodes",
            {"collaboratorId": "small", "codes": ["two", "é"]},
            [("Person.sourceCodes", "[]", '["two","é"]')],
        ),
        (
            "setAccessDates",
            {"collaboratorId": "small", "startsAt": "2026-01-01T00:00:00Z", "endsAt": "2090-01-01T01:02:03.004+01:00"},
            [
                ("Person.startsAt", None, "2026-01-01T00:00:00Z"),
                ("Person.endsAt", None, "2090-01-01T00:02:03.004Z"),
            ],
        ),
        ("changeRole", {"collaboratorId": "small", "role": "TEAM_LEAD"}, [("Person.role", "USER", "TEAM_LEAD")]),
        ("setPrivacy", {"privacy": "SHARED"}, [("Account.privacy", "OWN", "SHARED")]),
        ("disableTeams", {}, [("Account.teamsOn", "true", "false")]),
        (
            "createProfile",
            {"name": "New", "source": {"grants": ["SEARCH_SALES", "VIEW_PRODUCTS"]}},
            [("Profile.name", None, "New"), ("Profile.grants", None, '["SEARCH_SALES","VIEW_PRODUCTS"]')],
        ),
    ],
)  # fmt: skip
async def test_before_and_after_are_written_as_the_api_writes_them(
    client: Client, act: str, values: dict[str, Any], changes: list[tuple[str, str | None, str | None]]
) -> None:
    at = await center(client)
    if "collaboratorId" in values:
        values = values | {"collaboratorId": at.collaborator(values["collaboratorId"])}

    await at.act("owner", act, **values)

    assert await last_changes(at) == changes


async def test_an_export_is_of_the_account_and_leaving_is_an_act_on_the_person_who_left(
    client: Client,
) -> None:
    at = await center(client)

    head = {"authorization": f"Bearer {at.tokens['owner']}", "x-central": f"central_{at.account['id']}"}
    await client.http.get("/export/audit", headers=head)
    await at.act("small", "leaveCentral")

    assert [(entry["act"], entry["objectType"], entry["objectId"]) for entry in await entries(at)] == [
        ("leaveCentral", "Person", f"person_{at.collaborators['small']['id']}"),
        ("exportAuditLog", "Account", f"account_{at.account['id']}"),
    ]


async def last_changes(at: Center) -> list[tuple[str, str | None, str | None]]:
    """What the newest entry says was changed; the export of the log says the same."""
    head = {"authorization": f"Bearer {at.tokens['owner']}", "x-central": f"central_{at.account['id']}"}
    (newest, *_) = await entries(at)
    export = await at.client.http.get("/export/audit?format=jsonl", headers=head)
    exported = json.loads(export.text.splitlines()[1])
    assert exported["changes"] == newest["changes"]
    return [(change["field"], change["before"], change["after"]) for change in newest["changes"]]


async def test_the_time_of_a_closing_is_told_as_the_account_tells_it(client: Client) -> None:
    at = await center(client)

    closed = await at.act(
        "owner", "closeAccount", "account { closedAt } errors { code }", name=at.account["name"]
    )
    inactive = await last_changes(at)
    await at.act("owner", "reopenAccount")

    time = closed["account"]["closedAt"]
    assert inactive == [("Account.closedAt", None, time)]
    assert await last_changes(at) == [("Account.closedAt", time, None)]


COUNTED = "{ account { auditLog(first: 1) { nodes { act changes { field before after count } } } } }"


async def counted(at: Center, who: str = "owner") -> list[tuple[Any, ...]]:
    """What the newest entry says was changed, and in how many things, as far as someone reads it."""
    (newest,) = (await at.ask(who, COUNTED))["account"]["auditLog"]["nodes"]
    return [tuple(change.values()) for change in newest["changes"]]


async def test_a_removal_tells_where_the_rows_went_and_how_many(client: Client) -> None:
    at = await center(client)
    blind = await make.collaborator(at.account, at.profiles["unused"], Role.ADMIN)
    at.tokens["blind"] = await Client.collaborator(blind)
    small, user = at.collaborators["small"], at.collaborators["user"]
    for _ in range(3):
        await make.sale(at.account, assignee=small)
    await make.sale(at.account, assignee=at.collaborators["lead"])

    await at.act(
        "owner",
        "removeCollaborator",
        collaboratorId=at.collaborator("small"),
        reassignTo=at.collaborator("user"),
    )
    handed, hidden = await counted(at), await counted(at, "blind")
    await at.act("owner", "removeCollaborator", collaboratorId=at.collaborator("user"))
    freed = await counted(at)
    await at.act("owner", "removeCollaborator", collaboratorId=at.collaborator("other admin"))

    assert handed == [
        ("Collaborator.name", small["name"], None, None),
        ("Sale.assignee", small["name"], user["name"], 3),
    ]
    assert hidden == []
    assert freed[1:] == [("Sale.assignee", user["name"], None, 3)]
    assert await counted(at) == [("Collaborator.name", at.collaborators["other admin"]["name"], None, None)]


async def test_a_deleted_profile_tells_who_got_another(client: Client) -> None:
    at = await center(client)
    old, new = at.profiles["small"]["name"], at.profiles["unused"]["name"]
    second = await make.collaborator(at.account, at.profiles["small"])
    await at.act(
        "owner", "inviteCollaborator", name="Ana", email="ana@example.com", profileId=at.profile("small")
    )

    await at.act("owner", "deleteProfile", profileId=at.profile("small"), replacementId=at.profile("unused"))
    replaced = await counted(at)
    unused = await at.act("owner", "createProfile", "profile { id }", name="New", source={"grants": []})
    await at.act("owner", "deleteProfile", profileId=unused["profile"]["id"])

    names = json.dumps(sorted([at.collaborators["small"]["name"], second["name"]]), separators=(",", ":"))
    assert replaced == [
        ("Profile.name", old, None, None),
        ("Collaborator.name", names, names, 2),
        ("Collaborator.profile", old, new, 2),
        ("Invitation.name", '["Ana"]', '["Ana"]', 1),
        ("Invitation.profile", old, new, 1),
    ]
    assert await counted(at) == [("Profile.name", "New", None, None)]


async def test_an_accepted_invitation_tells_the_role_and_the_profile(client: Client) -> None:
    at = await center(client)
    invited = await make.user()
    payload = await at.act(
        "owner", "inviteCollaborator", "invitation { id }",
        name="Ana", email=invited["email"], profileId=at.profile("small"), role="TEAM_LEAD",
    )  # fmt: skip
    text = "mutation($id: ID!) { acceptInvitation(input: {invitationId: $id}) { errors { code } } }"

    await client.ask(text, {"id": payload["invitation"]["id"]}, token=await make.session(invited))

    assert [item[:3] for item in await counted(at)] == [
        ("Invitation.status", "PENDING", "ACCEPTED"),
        ("Collaborator.name", None, "Ana"),
        ("Collaborator.email", None, invited["email"]),
        ("Collaborator.role", None, "TEAM_LEAD"),
        ("Collaborator.profile", None, at.profiles["small"]["name"]),
    ]
    (newest, *_) = await entries(at, act=["acceptInvitation"])
    assert (newest["objectType"], newest["objectId"]) == ("Invitation", payload["invitation"]["id"])


BY_TOKEN = """{ account { auditLog(first: 3) { nodes { act refusal actor userName tokenId tokenName } } } }"""


async def test_what_a_token_did_and_was_refused_is_told_as_the_tokens(client: Client) -> None:
    at = await center(client)
    collaborator = at.collaborators["admin"]
    at.tokens["token"] = await make.access_token(at.account, collaborator, [], ["ADMIN"])
    (row,) = await database.read(
        "SELECT id, digest FROM access_tokens WHERE user_id = ?", (collaborator["user_id"],)
    )

    await at.act("token", "createTeam", name="One")
    await at.act("token", "createTeam", name="")
    await at.act("admin", "createTeam", name="Two")

    data = await at.ask("other admin", BY_TOKEN)
    person = {"actor": f"user_{collaborator['user_id']}", "userName": collaborator["name"]}
    token = {"tokenId": f"token_{row['id']}", "tokenName": "Nightly export"}
    assert data["account"]["auditLog"]["nodes"] == [
        {"act": "createTeam", "refusal": None, **person, "tokenId": None, "tokenName": None},
        {"act": "createTeam", "refusal": "BAD_INPUT", **person, **token},
        {"act": "createTeam", "refusal": None, **person, **token},
    ]
    rows = await database.read("SELECT * FROM audit_entries WHERE account_id = ?", (at.account["id"],))
    assert row["digest"] not in repr([dict(item) for item in rows])
    assert (await prove(chain_key(SETTINGS.secret_key), at.account["id"])).broken is None
