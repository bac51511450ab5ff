"""A write over what someone else changed meanwhile is refused, and changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from center import DONE, Center, center
from doorstep import visiting
from graph.schema import full_schema
from models import database
from versions import VERSIONED

CONFLICT = "VERSION_CONFLICT"
IBAN = {"iban": "DE89370400440532013000"}
# act → where its version is read, what else it is given, and what such a write leaves behind
WRITES: dict[str, tuple[str, dict[str, Any]]] = {
    "updateProfile": ("profiles { id version }", {"grants": ["VIEW_PRODUCTS"]}),
    "setTeamMembers": ("teams { id version }", {"memberIds": []}),
    "setSourceCodes": ("people { nodes { id version } }", {"codes": ["one"]}),
    "setAccessDates": ("people { nodes { id version } }", {"endsAt": "2099-01-01T00:00:00Z"}),
    "setBranding": ("version", {"brandName": "Shown"}),
    "setCurrency": ("version", {"currency": "EUR"}),
    "setTimezone": ("version", {"timezone": "Asia/Tokyo"}),
    "setPrivacy": ("version", {"privacy": "SHARED"}),
    "setApprovalRules": ("version", {"refundsAbove": [{"amount": "1.00", "currency": "EUR"}]}),
    "setPayoutTerms": ("version", {"days": [{"currency": "EUR", "days": 7}]}),
    "setWithdrawalRules": ("version", {"minimum": [{"amount": "1.00", "currency": "EUR"}]}),
    "setReceiptDetails": ("version", {"footer": "Thank you"}),
    "setPipeline": ("version", {"steps": [{"name": "New"}, {"name": "Offer"}]}),
    "setOwnerDetails": ("ownerDetails { version }", {"legalName": "Ana Lima"}),
    "setBankDetails": ("ownerDetails { version }", {"holder": "Ana Lima", "number": IBAN}),
}


# tools have a version for each scope: tests/graph/test_tools.py
TOOLS = {
    f"{verb}{tool}"
    for verb in ("save", "restore")
    for tool in ("TrackingPixels", "SubscriptionRules", "Distribution")
}
# products and offers are edited in part: tests/graph/test_products.py and test_offers.py
IN_PART = {"editProduct", "editOffer"}
# what sends to other systems: tests/graph/test_webhooks.py and test_integrations.py
ENDPOINTS = {"editWebhook", "editIntegration", "confirmTarget", "refuseTarget"}
# opportunities are worked on: tests/graph/test_opportunities.py and test_merge_opportunities.py
WORKED = {
    f"{act}Opportunity"
    for act in ("move", "postpone", "lose", "win", "cancel", "reopen", "edit", "note", "assign")
} | {"mergeOpportunities"}


@pytest.fixture
async def at(database_url: str) -> AsyncIterator[Center]:
    async with visiting() as client:
        yield await center(client)


def named(at: Center, act: str) -> dict[str, Any]:
    """What the act is on."""
    if act == "updateProfile":
        return {"profileId": at.profile("small")}
    if act == "setTeamMembers":
        return {"teamId": at.team_id}
    return {"collaboratorId": at.collaborator("user")} if act in ("setSourceCodes", "setAccessDates") else {}


async def version(at: Center, act: str) -> int:
    """The version as the owner reads it."""
    account = (await at.ask("owner", f"{{ account {{ {WRITES[act][0]} }} }}"))["account"]
    found = next(iter(account.values()))
    if isinstance(found, dict) and "nodes" in found:
        found = found["nodes"]
    if isinstance(found, dict):
        return int(found["version"])
    if isinstance(found, int):
        return found
    row_id = next(iter(named(at, act).values())).partition("_")[2]
    return int(next(item["version"] for item in found if item["id"].partition("_")[2] == row_id))


async def everything(at: Center) -> Any:
    found = await at.state()
    account = await database.read("SELECT * FROM accounts WHERE id = ?", (at.account["id"],))
    details = await database.read("SELECT * FROM owner_details WHERE account_id = ?", (at.account["id"],))
    settings = {key: value for key, value in dict(account[0]).items() if not key.startswith("chain")}
    return found, settings, [dict(row) for row in details]


def test_each_write_that_expects_a_version_is_tried() -> None:
    mutation = full_schema()._schema.mutation_type
    assert mutation is not None
    kinds = full_schema()._schema.type_map
    expecting = {
        name
        for name in mutation.fields
        if "expectedVersion" in getattr(kinds.get(f"{name[0].upper()}{name[1:]}Input"), "fields", {})
    }
    assert expecting - TOOLS - IN_PART - WORKED - ENDPOINTS == WRITES.keys() == VERSIONED


@pytest.mark.parametrize("act", WRITES)
async def test_a_stale_write_is_refused_changes_nothing_and_is_in_the_log(at: Center, act: str) -> None:
    values = named(at, act) | WRITES[act][1]
    visible = await version(at, act)
    assert await at.outcome("owner", act, **values, expectedVersion=visible) == DONE
    before = await everything(at)

    for stale in (visible, visible + 7, -1):
        payload = await at.act("owner", act, **values, expectedVersion=stale)
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [
            (CONFLICT, ["expectedVersion"])
        ]

    assert await everything(at) == before
    assert [entry["refusal"] for entry in await at.log()] == [None] + [CONFLICT] * 3
    assert await version(at, act) > visible
    assert await at.outcome("owner", act, **values, expectedVersion=await version(at, act)) == DONE


@pytest.mark.parametrize("act", WRITES)
async def test_of_writes_from_one_version_at_once_one_is_done(at: Center, act: str) -> None:
    values = named(at, act) | WRITES[act][1] | {"expectedVersion": await version(at, act)}

    results = await asyncio.gather(*(at.act("owner", act, **values) for _ in range(4)))

    codes = [item["errors"][0]["code"] if item["errors"] else DONE for item in results]
    assert sorted(codes) == [DONE] + [CONFLICT] * 3


@pytest.mark.parametrize("act", WRITES)
async def test_a_write_that_is_repeated_by_its_key_is_done_once_and_not_stale(at: Center, act: str) -> None:
    values = named(at, act) | WRITES[act][1]
    values |= {"expectedVersion": await version(at, act), "idempotencyKey": "one"}

    results = [await at.act("owner", act, **values) for _ in range(2)]
    other = await at.act("owner", act, **values | {"expectedVersion": values["expectedVersion"] + 1})

    assert [item["errors"] for item in results] == [[], []]
    assert other["errors"][0]["code"] == "IDEMPOTENCY_CONFLICT"
    assert len([entry for entry in await at.log() if entry["refusal"] is None]) == 1


async def test_the_second_tab_does_not_give_back_a_grant_that_the_first_took(at: Center) -> None:
    profile = {"profileId": at.profile("center")}
    visible = await version(at, "updateProfile")
    rows = "SELECT version FROM profiles WHERE id = ?"
    visible = (await database.read(rows, (at.profiles["center"]["id"],)))[0]["version"]
    both = ["ACCESS_COLLABORATORS_CENTER", "SEARCH_SALES"]
    assert await at.outcome("owner", "updateProfile", **profile, grants=both, expectedVersion=visible) == DONE

    late = [*both, "VIEW_PRODUCTS", "MANAGE_OFFERS"]
    assert (
        await at.outcome("owner", "updateProfile", **profile, grants=late, expectedVersion=visible)
        == CONFLICT
    )

    text = "{ account { profiles { id grants version } } }"
    found = {item["id"]: item for item in (await at.ask("owner", text))["account"]["profiles"]}
    assert sorted(found[at.profile("center")]["grants"]) == sorted(both)
    assert found[at.profile("center")]["version"] == visible + 1


TOUCHES: dict[str, tuple[str, dict[str, Any], str]] = {
    "addTeamMember": ("small", {}, "team"),
    "removeTeamMember": ("user", {}, "team"),
    "setTeamLead": ("lead", {"leads": False}, "team"),
    "removeCollaborator": ("user", {}, "team"),
    "changeRole": ("lead", {"role": "USER"}, "team"),
}


@pytest.mark.parametrize("act", TOUCHES)
async def test_whatever_else_changes_a_teams_members_makes_an_older_list_stale(at: Center, act: str) -> None:
    who, values, _ = TOUCHES[act]
    visible = await version(at, "setTeamMembers")
    if act not in ("removeCollaborator", "changeRole"):
        values = values | {"teamId": at.team_id}

    assert await at.outcome("owner", act, **values, collaboratorId=at.collaborator(who)) == DONE

    stale = {"teamId": at.team_id, "memberIds": [at.collaborator("lead")], "expectedVersion": visible}
    assert await at.outcome("owner", "setTeamMembers", **stale) == CONFLICT


async def test_an_admin_reads_the_versions_of_what_admins_replace_and_a_user_none(at: Center) -> None:
    text = "{ account { version teams { version } people { nodes { version } } profiles { version } } }"
    assert (await at.ask("admin", text))["account"]["version"] == 1
    for read in ("version", "collaborators { nodes { version } }"):
        errors = await at.client.errors(
            f"{{ account {{ {read} }} }}", token=at.tokens["user"], account=at.account
        )
        assert errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
