"""Cookies in a browser, for a frontend of another origin: over an expired token, and from another site."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from client import SETTINGS
from doorstep import PASSWORD, application, person
from models import database
from sockets import listening

ACCESS_MINUTES = 15
# what standard refresh links do: after a 401, refresh once and repeat the request
LINK = """
const send = (query, variables) => fetch(API, {
  method: "POST", credentials: "include",
  headers: {"content-type": "application/json", "apollographql-client-name": "test"},
  body: JSON.stringify({query, variables}),
});
window.statuses = [];
window.ask = async (query, variables) => {
  let response = await send(query, variables);
  window.statuses.push(response.status);
  if (response.status === 401) {
    await send("mutation { refreshSession { errors { code } } }");
    response = await send(query, variables);
    window.statuses.push(response.status);
  }
  return response.json();
};
"""
SIGN_IN = """mutation($email: String!, $password: String!) {
  signIn(input: {email: $email, password: $password, cookie: true}) { viewer { name } errors { code field message } }
}"""


@dataclass
class Frontend:
    """A page of a frontend, which a server of its own serves under two names."""

    page: Page
    port: int

    async def open(self, host: str) -> None:
        """Load it by a name."""
        await self.page.goto(f"http://{host}:{self.port}/")


async def _html(_request: Request) -> HTMLResponse:
    return HTMLResponse("<!doctype html><title>Frontend</title>")


@pytest.fixture
async def frontend(browser: Browser, database_url: str) -> AsyncIterator[Frontend]:
    """A frontend, and an API of another origin."""
    async with listening(Starlette(routes=[Route("/", _html)])) as port:
        origins = (f"http://localhost:{port}", f"http://127.0.0.1:{port}")
        async with listening(application(replace(SETTINGS, allowed_origins=origins))) as api:
            context = await browser.new_context()
            page = await context.new_page()
            await page.add_init_script(f"const API = 'http://localhost:{api}/graphql';{LINK}")
            yield Frontend(page, port)
            await context.close()


async def _ask(page: Page, query: str, **variables: Any) -> Any:
    return await page.evaluate("([query, variables]) => ask(query, variables)", [query, variables])


async def _pass(minutes: int) -> None:
    """Let time pass for every token, as if the clock had been moved."""
    moved = minutes * 60_000
    await database.transact(
        lambda: database.write(
            "UPDATE credentials SET created_at = created_at - ?, expires_at = expires_at - ?", (moved, moved)
        )
    )


async def test_a_page_of_the_same_site_stays_signed_in_over_an_expired_token(frontend: Frontend) -> None:
    user, page = await person(name="Ana"), frontend.page
    await frontend.open("localhost")
    signed_in = await _ask(page, SIGN_IN, email=user["email"], password=PASSWORD)
    viewer = "{ viewer { name } }"
    first = await _ask(page, viewer)
    await _pass(ACCESS_MINUTES + 1)

    second = await _ask(page, viewer)
    third = await _ask(page, viewer)

    assert signed_in["data"]["signIn"]["errors"] == []
    assert first == second == third == {"data": {"viewer": {"name": "Ana"}}}
    assert await page.evaluate("statuses") == [200, 200, 401, 200, 200]


async def test_a_page_of_another_site_is_told_why_it_gets_no_cookies(frontend: Frontend) -> None:
    user, page = await person(), frontend.page
    await frontend.open("127.0.0.1")

    refused = await _ask(page, SIGN_IN, email=user["email"], password=PASSWORD)

    (error,) = refused["data"]["signIn"]["errors"]
    assert (error["code"], error["field"]) == ("BAD_INPUT", ["cookie"])
    assert "another site" in error["message"]
    assert await page.context.cookies() == []
