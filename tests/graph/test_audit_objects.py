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


async def entries(at: Center, **asked: Any) -> list[dict[str, Any]]:
    told = await at.ask("owner", LOG, filter=asked)
    return list(told["account"]["auditLog"]["nodes"])


@pytest.mark.parametrize(
    ("act", "payload", "given"),
    [
        ("createTeam", "team", {"name": "New"}),
        ("createProfile", "profile", {"name": "New", "source": {"grants": ["SEARCH_SALES"]}}),
        ("inviteCollaborator", "invitation", {"name": "Ana", "email": "ana@example.com"}),
        ("setCurrency", "account", {"currency": "EUR"}),
        ("setOwnerDetails", "account", {"legalName": "Ana Lima"}),
    ],
)
async def test_what_an_act_made_or_changed_is_told_by_its_id(
    client: Client, act: str, payload: str, given: dict[str, Any]
) -> None:
    at = await center(client)
    if act == "inviteCollaborator":
        given |= {"profileId": at.profile("small")}
    kind = payload.capitalize()

    told = await at.told("owner", act, f"{payload} {{ id }} errors {{ code }}", **given)
    found = await entries(at, object={"type": kind, "id": told[payload]["id"]})

    assert [(one["act"], one["objectType"], one["objectId"]) for one in found] == [
        (act, kind, told[payload]["id"])
    ]
    assert await entries(at, object={"type": kind, "id": told[payload]["id"].partition("_")[2]}) == []


async def test_an_act_that_made_nothing_tells_no_id_and_one_on_several_sales_none_of_them(
    client: Client,
) -> None:
    at = await center(client)

    await at.told("owner", "createTeam", name="")
    sales = [(await make.sale(at.account))["reference"] for _ in range(2)]
    await at.told("owner", "assignSales", references=sales, assigneeId=None)

    told = [(one["act"], one["refusal"], one["objectType"], one["objectId"]) for one in await entries(at)]
    assert told == [("assignSales", None, "Sale", None), ("createTeam", "BAD_INPUT", "Team", None)]


async def test_all_acts_on_a_person_are_found_together(client: Client) -> None:
    at = await center(client)
    person = at.seat("small").replace("collaborator", "person")
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

    for number, (act, given) in enumerate(acts):
        who = person if number % 2 else at.seat("small")
        await at.told("owner", act, collaboratorId=who, **given)
    await at.told("owner", "suspendCollaborator", collaboratorId=at.seat("user"))

    found = await entries(at, object={"type": "Person", "id": person})
    assert [one["act"] for one in reversed(found)] == [act for act, _ in acts]
    assert {(one["objectType"], one["objectId"]) for one in found} == {("Person", person)}
    assert [one["act"] for one in found if one["refusal"]] == ["removeCollaborator"]


@pytest.mark.parametrize(
    ("act", "given", "changes"),
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
    client: Client, act: str, given: dict[str, Any], changes: list[tuple[str, str | None, str | None]]
) -> None:
    at = await center(client)
    if "collaboratorId" in given:
        given = given | {"collaboratorId": at.seat(given["collaboratorId"])}

    await at.told("owner", act, **given)

    assert await last_changes(at) == changes


async def test_an_export_is_of_the_account_and_leaving_is_an_act_on_the_person_who_left(
    client: Client,
) -> None:
    at = await center(client)

    head = {"authorization": f"Bearer {at.tokens['owner']}", "x-central": f"central_{at.account['id']}"}
    await client.http.get("/export/audit", headers=head)
    await at.told("small", "leaveCentral")

    assert [(one["act"], one["objectType"], one["objectId"]) for one in await entries(at)] == [
        ("leaveCentral", "Person", f"person_{at.seats['small']['id']}"),
        ("exportAuditLog", "Account", f"account_{at.account['id']}"),
    ]


async def last_changes(at: Center) -> list[tuple[str, str | None, str | None]]:
    """What the newest entry says was changed; the export of the log says the same."""
    head = {"authorization": f"Bearer {at.tokens['owner']}", "x-central": f"central_{at.account['id']}"}
    (newest, *_) = await entries(at)
    export = await at.client.http.get("/export/audit?format=jsonl", headers=head)
    exported = json.loads(export.text.splitlines()[1])
    assert exported["changes"] == newest["changes"]
    return [(one["field"], one["before"], one["after"]) for one in newest["changes"]]


async def test_the_time_of_a_closing_is_told_as_the_account_tells_it(client: Client) -> None:
    at = await center(client)

    closed = await at.told(
        "owner", "closeAccount", "account { closedAt } errors { code }", name=at.account["name"]
    )
    shut = await last_changes(at)
    await at.told("owner", "reopenAccount")

    time = closed["account"]["closedAt"]
    assert shut == [("Account.closedAt", None, time)]
    assert await last_changes(at) == [("Account.closedAt", time, None)]


COUNTED = "{ account { auditLog(first: 1) { nodes { act changes { field before after count } } } } }"


async def counted(at: Center, who: str = "owner") -> list[tuple[Any, ...]]:
    """What the newest entry says was changed, and in how many things, as far as someone reads it."""
    (newest,) = (await at.ask(who, COUNTED))["account"]["auditLog"]["nodes"]
    return [tuple(one.values()) for one in newest["changes"]]


async def test_a_removal_tells_where_the_rows_went_and_how_many(client: Client) -> None:
    at = await center(client)
    blind = await make.collaborator(at.account, at.profiles["unused"], Role.ADMIN)
    at.tokens["blind"] = await Client.seat(blind)
    small, user = at.seats["small"], at.seats["user"]
    for _ in range(3):
        await make.sale(at.account, assignee=small)
    await make.sale(at.account, assignee=at.seats["lead"])

    await at.told("owner", "removeCollaborator", collaboratorId=at.seat("small"), reassignTo=at.seat("user"))
    handed, hidden = await counted(at), await counted(at, "blind")
    await at.told("owner", "removeCollaborator", collaboratorId=at.seat("user"))
    freed = await counted(at)
    await at.told("owner", "removeCollaborator", collaboratorId=at.seat("other admin"))

    assert handed == [
        ("Collaborator.name", small["name"], None, None),
        ("Sale.assignee", small["name"], user["name"], 3),
    ]
    assert hidden == []
    assert freed[1:] == [("Sale.assignee", user["name"], None, 3)]
    assert await counted(at) == [("Collaborator.name", at.seats["other admin"]["name"], None, None)]


async def test_a_deleted_profile_tells_who_got_another(client: Client) -> None:
    at = await center(client)
    old, new = at.profiles["small"]["name"], at.profiles["unused"]["name"]
    second = await make.collaborator(at.account, at.profiles["small"])
    await at.told(
        "owner", "inviteCollaborator", name="Ana", email="ana@example.com", profileId=at.profile("small")
    )

    await at.told("owner", "deleteProfile", profileId=at.profile("small"), replacementId=at.profile("unused"))
    replaced = await counted(at)
    unused = await at.told("owner", "createProfile", "profile { id }", name="New", source={"grants": []})
    await at.told("owner", "deleteProfile", profileId=unused["profile"]["id"])

    names = json.dumps(sorted([at.seats["small"]["name"], second["name"]]), separators=(",", ":"))
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
    told = await at.told(
        "owner", "inviteCollaborator", "invitation { id }",
        name="Ana", email=invited["email"], profileId=at.profile("small"), role="TEAM_LEAD",
    )  # fmt: skip
    text = "mutation($id: ID!) { acceptInvitation(input: {invitationId: $id}) { errors { code } } }"

    await client.ask(text, {"id": told["invitation"]["id"]}, token=await make.session(invited))

    assert [one[:3] for one in await counted(at)] == [
        ("Invitation.status", "PENDING", "ACCEPTED"),
        ("Collaborator.name", None, "Ana"),
        ("Collaborator.email", None, invited["email"]),
        ("Collaborator.role", None, "TEAM_LEAD"),
        ("Collaborator.profile", None, at.profiles["small"]["name"]),
    ]
    (newest, *_) = await entries(at, act=["acceptInvitation"])
    assert (newest["objectType"], newest["objectId"]) == ("Invitation", told["invitation"]["id"])


BY_TOKEN = """{ account { auditLog(first: 3) { nodes { act refusal actor userName tokenId tokenName } } } }"""


async def test_what_a_token_did_and_was_refused_is_told_as_the_tokens(client: Client) -> None:
    at = await center(client)
    seat = at.seats["admin"]
    at.tokens["token"] = await make.access_token(at.account, seat, [], ["ADMIN"])
    (row,) = await database.read("SELECT id, digest FROM access_tokens WHERE user_id = ?", (seat["user_id"],))

    await at.told("token", "createTeam", name="One")
    await at.told("token", "createTeam", name="")
    await at.told("admin", "createTeam", name="Two")

    told = await at.ask("other admin", BY_TOKEN)
    person = {"actor": f"user_{seat['user_id']}", "userName": seat["name"]}
    token = {"tokenId": f"token_{row['id']}", "tokenName": "Nightly export"}
    assert told["account"]["auditLog"]["nodes"] == [
        {"act": "createTeam", "refusal": None, **person, "tokenId": None, "tokenName": None},
        {"act": "createTeam", "refusal": "BAD_INPUT", **person, **token},
        {"act": "createTeam", "refusal": None, **person, **token},
    ]
    kept = await database.read("SELECT * FROM audit_entries WHERE account_id = ?", (at.account["id"],))
    assert row["digest"] not in repr([dict(one) for one in kept])
    assert (await prove(chain_key(SETTINGS.secret_key), at.account["id"])).broken is None
