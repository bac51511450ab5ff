"""The page where the links of e-mails lead."""

import re
from pathlib import Path

import graph
from client import Client
from graph.playground import POLICY
from graph.schema import full_schema

HERE = Path(graph.__file__).parent / "graphiql"


async def test_it_is_served_whole_from_here_under_the_strict_policy(client: Client) -> None:
    page = await client.http.get("/link")
    parts = re.findall(r'(?:src|href)="(/graphiql/[^"]+)"', page.text)

    assert page.status_code == 200
    assert page.headers["content-security-policy"] == POLICY
    assert page.headers["referrer-policy"] == "no-referrer"
    assert {"/graphiql/link.js", "/graphiql/link.css"} <= set(parts)
    assert [(await client.http.get(part)).status_code for part in parts] == [200] * len(parts)
    assert "style=" not in page.text
    assert (await client.http.post("/link")).status_code == 405


def test_what_it_asks_is_in_the_schema() -> None:
    from graphql import parse, validate

    asked = re.findall(r'"((?:query|mutation) .*)";', (HERE / "link.js").read_text())

    assert len(asked) == 5
    assert [error for one in asked for error in validate(full_schema()._schema, parse(one))] == []
