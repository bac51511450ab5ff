"""GraphiQL as a person uses it: what to press, and what there is to read."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect


class Explorer:
    """One person's page, and everything that went wrong on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        page.on("console", self._told)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._asked)

    def _told(self, told: ConsoleMessage) -> None:
        self.faults.append(f"{told.type}: {told.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.faults.append(f"request: {request.url}")

    async def open(self) -> None:
        """Go to the page, or load it again."""
        await self.page.goto(f"{self.address}/graphql")
        await expect(self.page.locator(".graphiql-execute-button")).to_be_visible()

    async def try_to_sign_in(self, email: str, password: str) -> None:
        """Fill the form in, with the keyboard alone."""
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.keyboard.press("Enter")

    async def sign_in(self, email: str, password: str) -> None:
        """Sign in, and wait until GraphiQL is that person's."""
        await self.try_to_sign_in(email, password)
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    async def sign_out(self) -> None:
        """Sign out, and wait until it is done."""
        await self.page.get_by_role("button", name="Sign out").click()
        await expect(self.page.get_by_role("button", name="Sign in")).to_be_visible()

    async def central(self) -> str:
        """The central that is chosen, as it is called in the list."""
        chosen = self.page.get_by_label("Central").locator("option:checked")
        return (await chosen.inner_text()).replace("\u2068", "").replace("\u2069", "")

    async def choose(self, name: str) -> None:
        """Choose the central whose name begins so."""
        options = self.page.get_by_label("Central").locator("option")
        values = [await option.get_attribute("value") for option in await options.filter(has_text=name).all()]
        await self.page.get_by_label("Central").select_option(values[0])

    async def fields(self, *kinds: str) -> set[str]:
        """The fields of the last of these types, each found by the one before in the documentation."""
        docs = self.page.locator(".graphiql-doc-explorer")
        if await self.page.get_by_label("Show Documentation Explorer").is_visible():
            await self.page.get_by_label("Show Documentation Explorer").click()
        for kind in kinds:
            await docs.get_by_role("link", name=kind, exact=True).first.click()
            await expect(docs.locator(".graphiql-doc-explorer-title")).to_have_text(kind)
        return set(await docs.locator(".graphiql-doc-explorer-field-name").all_inner_texts())

    async def types(self) -> set[str]:
        """Every type that the documentation's search knows, once a type is shown."""
        return set(await self.page.locator(".graphiql-doc-explorer-search-type").all_text_contents())

    async def described(self) -> str:
        """What the documentation says where it stands."""
        return await self.page.locator(".graphiql-doc-explorer").inner_text()

    async def write(self, query: str) -> None:
        """Put a query into the editor."""
        await self.page.locator(".graphiql-query-editor .CodeMirror").click()
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.press("Delete")
        await self.page.keyboard.insert_text(query)

    async def hints(self, before: str, after: str) -> set[str]:
        """What is offered between two pieces of a query."""
        await self.write(before)
        await self.page.evaluate(
            """(after) => {
                const editor = document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror;
                const at = editor.getCursor();
                editor.replaceRange(after, at);
                editor.setCursor(at);
            }""",
            after,
        )
        await self.page.keyboard.press("Control+Space")
        offered = self.page.locator(".CodeMirror-hints .CodeMirror-hint")
        await expect(offered.first).to_be_visible()
        names = {text.split(":")[0].strip() for text in await offered.all_inner_texts()}
        await self.page.keyboard.press("Escape")
        return names

    async def query(self) -> str:
        """What is in the editor."""
        return str(await self._text(".graphiql-query-editor"))

    async def run(self) -> Any:
        """The answer to what is in the editor."""
        await self.page.locator(".graphiql-execute-button").click()
        await expect(self.page.locator(".result-window .CodeMirror-code")).to_contain_text("{")
        return json.loads(str(await self._text(".result-window")))

    async def run_example(self) -> Any:
        """The data of the query that is in the editor from the start; it has no errors."""
        answer = await self.run()
        assert "errors" not in answer, answer
        return answer["data"]

    async def run_out(self) -> None:
        """Let the page believe that its session has run out."""
        await self.page.evaluate(
            """() => {
                const session = JSON.parse(localStorage.getItem("centrals:session"));
                localStorage.setItem("centrals:session", JSON.stringify({ ...session, until: 1 }));
            }"""
        )

    async def stored(self) -> str:
        """Everything that the page keeps in this browser for later."""
        return str(await self.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))

    async def wait_until_stored(self, text: str) -> None:
        """Wait for GraphiQL, which keeps what was typed a little later."""
        for _ in range(50):
            if text in await self.stored():
                return
            await self.page.wait_for_timeout(100)
        raise AssertionError(f"not stored: {text}")

    async def _text(self, within: str) -> Any:
        editor = f"{within} .CodeMirror"
        return await self.page.evaluate("(at) => document.querySelector(at).CodeMirror.getValue()", editor)

    async def fits(self) -> bool:
        """Whether nothing reaches beyond the sides of the window."""
        return bool(
            await self.page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            )
        )


_POLICY = """
addEventListener("securitypolicyviolation", (event) => {
    console.error("policy", event.violatedDirective, event.blockedURI);
});
"""


@asynccontextmanager
async def visitors(
    browser: Browser, address: str, **how: Any
) -> AsyncIterator[Callable[[], Awaitable[Explorer]]]:
    """Makes empty pages in one browser profile; at its end, nothing may have gone wrong on any of them."""
    context = await browser.new_context(**how)
    context.set_default_timeout(10_000)
    await context.add_init_script(_POLICY)
    pages: list[Explorer] = []

    async def made() -> Explorer:
        pages.append(Explorer(await context.new_page(), address))
        return pages[-1]

    try:
        yield made
        faults = [fault for page in pages for fault in page.faults]
        assert not faults, faults
    finally:
        await context.close()


@asynccontextmanager
async def explorers(
    browser: Browser, address: str, **how: Any
) -> AsyncIterator[Callable[[], Awaitable[Explorer]]]:
    """Opens pages in one browser profile; at its end, nothing may have gone wrong on any of them."""
    async with visitors(browser, address, **how) as makes:

        async def opened() -> Explorer:
            page = await makes()
            await page.open()
            return page

        yield opened
