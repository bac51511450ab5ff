"""Profiles: the owner alone makes, changes and takes them away; what they open, they open at once."""

from typing import Any

import msgspec
import pytest

import make
from authz.catalog import LOCALES, presets, traits
from authz.grant import Grant
from center import ALL, DONE, UNKNOWN, WHO, by, center
from client import SETTINGS, Client
from doorstep import visiting
from graph.membership.profiles.catalog import Preset
from models import database
from models.vocabulary import AccountKind

ERRORS = "errors { code field message }"


def acts(at: Any) -> dict[str, dict[str, Any]]:
    return {
        "createProfile": {"name": "New", "source": {"grants": ["SEARCH_SALES"]}},
        "updateProfile": {"profileId": at.profile("small"), "grants": ["VIEW_PRODUCTS"]},
        "deleteProfile": {"profileId": at.profile("unused")},
        "assignProfile": {"collaboratorId": at.collaborator("small"), "profileId": at.profile("unused")},
    }


@pytest.mark.parametrize("act", ["createProfile", "updateProfile", "deleteProfile", "assignProfile"])
async def test_only_the_owner_acts_on_profiles(client: Client, act: str) -> None:
    at = await center(client)

    results = {who: await at.outcome(who, act, **acts(at)[act]) for who in reversed(WHO)}

    assert results == by(DONE, UNKNOWN)
    assert (await at.log())[-1]["let_by"] == "OWNER"


@pytest.mark.parametrize("kind", ["grants", "preset", "copy"])
async def test_a_profile_is_made_of_grants_of_a_preset_or_of_another(client: Client, kind: str) -> None:
    at = await center(client)
    sources: dict[str, dict[str, Any]] = {
        "grants": {"grants": ["VIEW_PRODUCTS", "SEARCH_SALES", "VIEW_PRODUCTS"]},
        "preset": {"preset": "SUPPORT"},
        "copy": {"profileId": at.profile("center")},
    }

    payload = await at.act(
        "owner",
        "createProfile",
        f"profile {{ name preset grants holderCount }} {ERRORS}",
        name="  New  one ",
        source=sources[kind],
    )

    current = {
        "grants": {"VIEW_PRODUCTS", "SEARCH_SALES"},
        "preset": {grant.value for grant in presets()["SUPPORT"].grants},
        "copy": {"ACCESS_COLLABORATORS_CENTER", "SEARCH_SALES", "VIEW_PRODUCTS"},
    }[kind]
    assert payload["errors"] == []
    assert payload["profile"]["name"] == "New one"
    assert payload["profile"]["preset"] == ("SUPPORT" if kind == "preset" else None)
    assert payload["profile"]["grants"] == [grant.value for grant in Grant if grant.value in current]
    assert payload["profile"]["holderCount"] == 0
    assert (await at.changes())["Profile.name"] == (None, "New one")


async def test_a_source_is_exactly_one_thing_and_a_grant_is_one_of_the_catalog(client: Client) -> None:
    at = await center(client)
    before = await at.state()
    text = "mutation($input: CreateProfileInput!) { createProfile(input: $input) { errors { code } } }"

    for source in (
        {},
        {"grants": [], "preset": "SUPPORT"},
        {"grants": None},
        {"grants": ["FLY"]},
        {"preset": "X"},
    ):
        values = {"input": {"name": "New", "source": source}}
        errors = await client.errors(text, values, token=at.tokens["owner"], account=at.account)
        assert [error["extensions"]["code"] for error in errors] == ["BAD_INPUT"], source

    assert await at.state() == before
    assert await at.outcome("owner", "createProfile", name="None yet", source={"grants": []}) == DONE


@pytest.mark.parametrize("name", ["", " \t", "x" * 101, "a\u0000b", "a\u200eb"])
async def test_a_name_that_cannot_be_read_is_refused(client: Client, name: str) -> None:
    at = await center(client)

    values = await at.outcome("owner", "createProfile", name=name, source={"grants": []})
    edited = await at.outcome("owner", "updateProfile", profileId=at.profile("small"), name=name)

    assert (values, edited) == ("BAD_INPUT", "BAD_INPUT")


async def test_a_name_is_one_profiles_in_the_account(client: Client) -> None:
    at, other = await center(client), await center(client)
    taken, own = at.profiles["full"]["name"], at.profiles["small"]["name"]

    assert await at.outcome("owner", "createProfile", name=taken, source={"grants": []}) == "NAME_TAKEN"
    upper = taken.upper()
    assert await at.outcome("owner", "createProfile", name=upper, source={"grants": []}) == "NAME_TAKEN"
    assert (
        await at.outcome("owner", "updateProfile", profileId=at.profile("small"), name=taken) == "NAME_TAKEN"
    )
    assert await at.outcome("owner", "updateProfile", profileId=at.profile("small"), name=own) == DONE
    assert await other.outcome("owner", "createProfile", name=taken, source={"grants": []}) == DONE


async def test_a_natural_persons_account_makes_none_unless_the_server_lets_it(database_url: str) -> None:
    from dataclasses import replace

    new = {"name": "New", "source": {"preset": "SUPPORT"}}
    async with (
        visiting() as client,
        visiting(replace(SETTINGS, allow_natural_persons=True)) as unrestricted,
    ):
        at = await center(client, kind=AccountKind.NATURAL_PERSON)

        assert await at.outcome("owner", "createProfile", **new) == "NOT_A_LEGAL_ENTITY"
        small = {"profileId": at.profile("small"), "grants": []}
        assert await at.outcome("owner", "updateProfile", **small) == DONE  # what is there stays in use
        at.client = unrestricted
        assert await at.outcome("owner", "createProfile", **new) == DONE


async def test_an_edit_holds_from_the_next_request_on(client: Client) -> None:
    at = await center(client)
    query = "{ account { sales(first: 1) { totalCount } } }"
    assert await at.ask("small", query) == {"account": {"sales": {"totalCount": 0}}}

    await at.outcome("owner", "updateProfile", profileId=at.profile("small"), grants=["VIEW_PRODUCTS"])

    errors = await client.errors(query, token=at.tokens["small"], account=at.account)
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
    assert await at.ask("small", "{ account { products(first: 1) { totalCount } } }")
    assert await at.changes() == {"Profile.grants": (["SEARCH_SALES"], ["VIEW_PRODUCTS"])}


async def test_another_accounts_profile_and_none_at_all_are_alike(client: Client) -> None:
    at, other = await center(client), await center(client)
    nothing = (
        other.profile("small"),
        f"profile_{database.new_id()}",
        "profile_1",
        at.collaborator("user"),
        "",
    )

    for id_ in nothing:
        assert await at.outcome("owner", "updateProfile", profileId=id_, grants=[]) == "NOT_FOUND"
        assert await at.outcome("owner", "deleteProfile", profileId=id_) == "NOT_FOUND"
        copied = await at.outcome("owner", "createProfile", name="New", source={"profileId": id_ or "x"})
        values = await at.outcome(
            "owner", "assignProfile", collaboratorId=at.collaborator("user"), profileId=id_
        )
        replaced = await at.outcome(
            "owner", "deleteProfile", profileId=at.profile("small"), replacementId=id_
        )
        assert (copied, values, replaced) == ("NOT_FOUND",) * 3


async def _invitation(at: Any, profile: str, **changed: Any) -> None:
    row = {
        "id": database.new_id(),
        "account_id": at.account["id"],
        "email": "asked@example.com",
        "name": "Asked",
        "profile_id": at.profiles[profile]["id"],
        "role": "USER",
        "status": "PENDING",
        "token_digest": database.new_id(),
        "inviter_id": at.account["owner_id"],
        "created_at": database.now(),
        "expires_at": database.now() + 60_000,
    }
    await database.transact(lambda: database.insert("invitations", row | changed))


async def test_a_profile_in_use_goes_only_for_another_which_its_holders_get(client: Client) -> None:
    at = await center(client)
    await _invitation(at, "unused")

    assert await at.outcome("owner", "deleteProfile", profileId=at.profile("small")) == "PROFILE_IN_USE"
    assert await at.outcome("owner", "deleteProfile", profileId=at.profile("unused")) == "PROFILE_IN_USE"
    itself = {"profileId": at.profile("small"), "replacementId": at.profile("small")}
    assert await at.outcome("owner", "deleteProfile", **itself) == "NOT_FOUND"
    for name in ("small", "unused"):
        values = {"profileId": at.profile(name), "replacementId": at.profile("center")}
        assert await at.outcome("owner", "deleteProfile", **values) == DONE

    data = await at.ask(
        "owner", "{ account { profiles { id holders { name } } invitations { nodes { profile { id } } } } }"
    )
    holders = {
        profile["id"]: [collaborator["name"] for collaborator in profile["holders"]]
        for profile in data["account"]["profiles"]
    }
    assert holders.keys() == {at.profile("full"), at.profile("center")}
    assert holders[at.profile("center")] == [at.collaborators["small"]["name"]]
    assert data["account"]["invitations"]["nodes"] == [{"profile": {"id": at.profile("center")}}]


@pytest.mark.parametrize("changed", [{"status": "ACCEPTED"}, {"status": "REVOKED"}, {"expires_at": 1}])
async def test_an_invitation_that_is_over_holds_no_profile(client: Client, changed: dict[str, Any]) -> None:
    at = await center(client)
    await _invitation(at, "unused", **changed)

    assert await at.outcome("owner", "deleteProfile", profileId=at.profile("unused")) == DONE


async def test_the_owner_sees_before_what_an_edit_would_change_and_for_whom(client: Client) -> None:
    at = await center(client)
    query = """query($id: ID!, $grants: [Grant!]!) { node(id: $id) { ... on Profile {
        holderCount changes(grants: $grants) { added removed affected { name } } } } }"""

    data = await at.ask(
        "owner", query, id=at.profile("small"), grants=["VIEW_PRODUCTS", "SEARCH_SALES_BY_PERIOD"]
    )
    same = await at.ask("owner", query, id=at.profile("small"), grants=["SEARCH_SALES"])

    assert data["node"] == {
        "holderCount": 1,
        "changes": {
            "added": [
                grant.value for grant in Grant if grant.value in ("VIEW_PRODUCTS", "SEARCH_SALES_BY_PERIOD")
            ],
            "removed": ["SEARCH_SALES"],
            "affected": [{"name": at.collaborators["small"]["name"]}],
        },
    }
    assert same["node"]["changes"] == {"added": [], "removed": [], "affected": []}
    errors = await client.errors(
        query, {"id": at.profile("small"), "grants": []}, token=at.tokens["admin"], account=at.account
    )
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_the_holders_of_all_profiles_are_counted_in_one_statement(client: Client) -> None:
    at = await center(client)
    query = "{ account { profiles { holderCount } } }"

    counts = []
    for _ in range(2):
        with database.observed() as statements:
            await at.ask("owner", query)
        counts.append(len(statements))
        await make.collaborator(at.account, await make.profile(at.account))

    assert counts[0] == counts[1]


async def test_repeated_with_its_key_a_profile_is_made_once(client: Client) -> None:
    at = await center(client)
    new = {"name": "New", "source": {"preset": "FINANCIAL"}, "idempotencyKey": "one"}

    first = await at.act("owner", "createProfile", f"profile {{ id }} {ERRORS}", **new)
    again = await at.act("owner", "createProfile", f"profile {{ id }} {ERRORS}", **new)

    assert first == again
    assert first["errors"] == []
    assert [entry["act"] for entry in await at.log()] == ["createProfile"]


CATALOG = """query($locale: String) { catalog(locale: $locale) { locale direction
    groups { key label grants { grant label kind sensitivity } } presets { preset label grants } } }"""


@pytest.mark.parametrize("locale", [*LOCALES, "xx", None])
async def test_the_catalog_is_told_in_each_language(client: Client, locale: str | None) -> None:
    user = await make.user(locale="fr")

    data = await client.ask(CATALOG, {"locale": locale}, token=await make.session(user))

    found = data["catalog"]
    assert found["locale"] == {"xx": "en", None: "fr"}.get(locale, locale)
    assert found["direction"] == ("RTL" if locale == "ar" else "LTR")
    grants = [grant for group in found["groups"] for grant in group["grants"]]
    assert sorted(grant["grant"] for grant in grants) == sorted(grant.value for grant in Grant)
    assert all(
        traits(Grant(grant["grant"])) == {"kind": grant["kind"], "sensitivity": grant["sensitivity"]}
        for grant in grants
    )
    assert {preset["preset"] for preset in found["presets"]} == set(presets())
    assert len(found["groups"]) == 10


def test_each_preset_has_a_word() -> None:
    assert [item.value for item in Preset] == list(presets())


async def test_the_signed_out_have_no_catalog(client: Client) -> None:
    errors = await client.errors(CATALOG)

    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_what_was_stored_is_grants_of_the_catalog(client: Client) -> None:
    at = await center(client)
    await at.outcome("owner", "createProfile", name="New", source={"grants": [grant.value for grant in ALL]})

    rows = await database.read(
        "SELECT grants FROM profiles WHERE account_id = ? AND name = ?", (at.account["id"], "New")
    )

    stored = rows[0]["grants"]
    current = msgspec.json.decode(stored) if isinstance(stored, str) else stored
    assert current == [grant.value for grant in Grant]
