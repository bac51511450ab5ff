"""The documentation shows its reader what they have, and names nothing else."""

import re

import httpx
import msgspec
import pytest

import make
from authz.catalog import presets
from authz.grant import Grant
from center import ALL, Center, center
from centrals.printed import printed_schema
from client import Client
from graph.developers.documentation.changelog import entries
from graph.developers.documentation.examples import examples
from graph.developers.documentation.vocabulary import names_of
from graph.identity.sessions.mutations import ACCESS_COOKIE
from graph.schema import full_schema
from models.outgoing_events import EventType
from models.vocabulary import Role

DOCS = Grant.VIEW_API_DOCUMENTATION
SUPPORT = [*presets()["SUPPORT"].grants, DOCS]
ASK = """{ account { apiDocumentation { sdl examples { name document variables }
    events { type description gate exampleMessage }
    changelog { version section text } codes { code ofRequest meaning } } } }"""
PAGE, SDL = "/developers/docs", "/developers/schema.graphql"


@pytest.fixture
async def there(client: Client) -> Center:
    found = await center(client)
    for name, grants in (("support", SUPPORT), ("everything", ALL)):
        profile = await make.profile(found.account, grants, name=name)
        found.collaborators[name] = await make.collaborator(found.account, profile, Role.USER, name=name)
        found.tokens[name] = await Client.collaborator(found.collaborators[name])
    return found


async def get(
    there: Center, path: str, who: str | None, *, central: bool = True, **headers: str
) -> httpx.Response:
    params = {"central": f"central_{there.account['id']}"} if central else {}
    sent = headers | ({} if who is None else {"authorization": f"Bearer {there.tokens[who]}"})
    return await there.client.http.get(path, params=params, headers=sent)


async def test_a_reader_gets_the_schema_of_their_grants_and_no_other_names(there: Center) -> None:
    everything = names_of(full_schema()._schema)
    for who, grants in (("support", SUPPORT), ("everything", ALL)):
        found = (await there.ask(who, ASK))["account"]["apiDocumentation"]

        assert found["sdl"] == printed_schema(grants=",".join(grants))
        assert (await get(there, SDL, who)).text == found["sdl"]
        own = {name.partition(".")[0] for name in re.findall(r"\w+", found["sdl"])}
        hidden = {name for name in everything if re.search("[a-z][A-Z]", name) and "." not in name} - own
        assert "auditLog" in hidden
        assert ("makeWithdrawal" in hidden) is (who == "support")
        text = msgspec.json.encode({**found, "sdl": ""}).decode() + (await get(there, PAGE, who)).text
        assert not set(re.findall(r"\w+", text)) & hidden
        assert len(found["changelog"]) < len(entries())
        assert {"NOT_FOUND", "UNTRUSTED_DOCUMENT", "NOT_ENOUGH"} <= {code["code"] for code in found["codes"]}
        assert all(code["meaning"] for code in found["codes"])


async def test_every_example_runs_for_whoever_gets_it(there: Center) -> None:
    counts = {}
    for who in ("support", "everything", "admin", "owner"):
        found = (await there.ask(who, ASK))["account"]["apiDocumentation"]["examples"]
        counts[who] = len(found)
        for example in found:
            variables = msgspec.json.decode(example["variables"])
            await there.ask(who, example["document"], **variables)
        if who == "support":
            assert not [example for example in found if "ithdrawal" in example["document"]]

    assert counts["support"] == 9
    assert counts["support"] < counts["everything"] < counts["admin"] == counts["owner"] == len(examples())


async def test_events_are_those_of_objects_that_the_reader_has_with_the_fields_that_they_have(
    there: Center,
) -> None:
    shown = {}
    for who in ("support", "owner"):
        found = (await there.ask(who, ASK))["account"]["apiDocumentation"]["events"]
        shown[who] = {event["type"]: msgspec.json.decode(event["exampleMessage"])["data"] for event in found}
        assert all(event["description"] for event in found)
        page = (await get(there, PAGE, who)).text
        assert all(f"<h3>{name}</h3>" in page for name in shown[who])
        assert ("withdrawal.paid" in page) is (who == "owner")
        gates = {event["type"]: event["gate"] for event in found}
        assert gates["sale.approved"] == "SEARCH_SALES"

    assert set(shown["owner"]) == {event.wire for event in EventType}
    assert {name.partition(".")[0] for name in shown["support"]} == {"sale", "subscription", "opportunity"}
    of_owner, of_support = (shown[who]["sale.approved"] for who in ("owner", "support"))
    assert {"net", "price", "buyer"} <= set(of_owner)
    assert {"price", "buyer"} <= set(of_support)
    assert "net" not in of_support
    assert set(of_owner["buyer"]) > set(of_support["buyer"])


async def test_without_the_grant_there_is_no_documentation(there: Center) -> None:
    assert await there.client.errors(ASK, token=there.tokens["small"], account=there.account)
    for path in (SDL, PAGE, f"{PAGE}/Sale"):
        assert (await get(there, path, "small")).status_code == 404
        assert (await get(there, path, "stranger")).status_code == 404
    assert (await get(there, SDL, None, central=False)).status_code == 401
    assert (await get(there, PAGE, None, central=False)).headers["location"] == "/graphql"


async def test_a_page_has_what_its_reader_has_and_runs_no_scripts(there: Center) -> None:
    owner, support = await get(there, PAGE, "owner"), await get(there, PAGE, "support")
    sale = await get(there, f"{PAGE}/Sale", "support")
    hidden, missing = (
        await get(there, f"{PAGE}/Withdrawal", "support"),
        await get(there, f"{PAGE}/Wd", "support"),
    )
    chosen = await get(there, PAGE, "support", central=False)

    assert "makeWithdrawal" in owner.text
    assert "makeWithdrawal" not in support.text
    assert "<code>reference: String!</code>" in sale.text
    assert "<code>net: Money</code>" not in sale.text
    assert (
        (hidden.status_code, hidden.content)
        == (missing.status_code, missing.content)
        == (404, missing.content)
    )
    assert f"central_{there.account['id']}" in chosen.text
    for answer in (owner, support, sale, chosen):
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert '<html lang="en">' in answer.text
    cookie = {"cookie": f"{ACCESS_COOKIE}={there.tokens['owner']}"}
    assert (await get(there, PAGE, None, **cookie)).status_code == 200
    assert (await get(there, PAGE, None, origin="https://elsewhere.example.com", **cookie)).status_code == 403


async def test_what_people_name_is_escaped(client: Client) -> None:
    account = await make.account(await make.user(), name="<script>alert(1)</script>")

    answer = await client.http.get(PAGE, headers={"authorization": f"Bearer {await Client.owner(account)}"})

    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>" not in answer.text
