"""One document of one screen, for viewers with different grants."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

import center
import make
from authz.catalog import presets
from client import SETTINGS, Client
from doorstep import visiting
from graph.schema import full_schema

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
(SCREEN,) = re.findall(r"```graphql\n(query Dashboard.*?)\n```", PAGE.read_text(), re.DOTALL)
VARIABLES = {"period": {"from": "2026-01-01", "to": "2026-01-31"}}
EARNINGS = ["account.sales.nodes.net", "account.sales.nodes.commissions"]
EMAIL = "account.sales.nodes.assignee.email"


@pytest.fixture
async def screen(database_url: str) -> Any:
    async with visiting(replace(SETTINGS, show_access=True)) as client:
        found = await center.center(client)
        financial = await make.profile(found.account, list(presets()["FINANCIAL"].grants))
        collaborator = await make.collaborator(found.account, financial)
        found.tokens["finance"] = await Client.collaborator(collaborator)
        product = await make.product(found.account)
        await make.sale(found.account, product, found.collaborators["user"], team_id=found.team["id"])
        yield found


async def _shown(screen: center.Center, who: str, **changed: Any) -> tuple[dict[str, Any], set[str]]:
    """The account that someone sees, and the paths that were left out."""
    response = await screen.client.http.post(
        "/graphql",
        json={"query": SCREEN, "variables": VARIABLES | changed, "extensions": {"absent": True}},
        headers={
            "authorization": f"Bearer {screen.tokens[who]}",
            "x-central": f"central_{screen.account['id']}",
        },
    )
    body = response.json()
    assert "errors" not in body
    assert body["extensions"]["access"]["execution"] == "compiled"
    return body["data"]["account"], {".".join(path) for path in body["extensions"]["absent"]}


def test_the_document_is_valid_on_the_whole_schema() -> None:
    assert validate(full_schema()._schema, parse(SCREEN)) == []


async def test_the_owner_sees_the_whole_screen(screen: center.Center) -> None:
    account, absent = await _shown(screen, "owner")

    assert account.keys() == {"name", "myRole", "taxNumber", "sales", "reports", "people"}
    (sale,) = account["sales"]["nodes"]
    assert sale.keys() == {"reference", "price", "net", "commissions", "assignee"}
    assert sale["assignee"].keys() == {"name", "email"}
    assert absent == set()


async def test_a_lead_with_every_grant_lacks_what_is_for_owner_and_admins(screen: center.Center) -> None:
    account, absent = await _shown(screen, "lead")

    assert account["sales"]["nodes"][0]["assignee"].keys() == {"name"}
    assert absent == {"account.taxNumber", EMAIL, "account.people"}


async def test_a_user_with_one_grant_sees_sales_without_earnings_or_reports(screen: center.Center) -> None:
    account, absent = await _shown(screen, "small")

    assert account.keys() == {"name", "myRole", "sales"}
    assert account["sales"] == {"totalCount": 0, "nodes": []}
    assert absent == {"account.taxNumber", EMAIL, *EARNINGS, "account.reports", "account.people"}


async def test_finance_sees_reports_and_no_sales(screen: center.Center) -> None:
    account, absent = await _shown(screen, "finance")

    assert account.keys() == {"name", "myRole", "reports"}
    assert account["reports"].keys() == {"paymentMethods"}
    assert absent == {"account.taxNumber", "account.sales", "account.reports.revenue", "account.people"}


async def test_variables_of_what_was_left_out_are_ignored(screen: center.Center) -> None:
    account, absent = await _shown(screen, "small", withTeam=False, period=None)

    assert account["name"] == screen.account["name"]
    assert EMAIL not in absent  # it was not requested


async def test_a_mutation_that_a_viewer_lacks_does_nothing(screen: center.Center) -> None:
    text = """mutation($input: SetNameInput!) {
      createTeam(input: {name: "New"}) @whenGranted { team { id } }
      setName(input: $input) { viewer { name } }
    }"""
    before = await screen.state()

    data = await screen.ask("user", text, input={"name": "Somebody"})

    assert data == {"setName": {"viewer": {"name": "Somebody"}}}
    assert (await screen.state())["teams"] == before["teams"]
