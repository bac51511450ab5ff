"""GraphiQL as a person uses it: what to press, and what there is to read."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect
from served import PASSWORD

_SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { errors { code } } }"
_QUERY = ".graphiql-query-editor"
_EDITOR = f"""const editor = __MONACO.editor.getEditors()
    .find((one) => one.getContainerDomNode().closest("{_QUERY}"));"""
_MODELS = "((name) => __MONACO.editor.getModels().filter((one) => one.uri.path.endsWith(name)))"


class Explorer:
    """One person's page, and everything that went wrong on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.message = page.locator("#message")
        self.faults: list[str] = []
        for event, listener in self._listeners():
            page.on(event, listener)

    def _listeners(self) -> tuple[tuple[Any, Any], ...]:
        return ("console", self._logged), ("pageerror", self._failed), ("request", self._requested)

    def leave(self) -> None:
        """Whatever happens on the page from now on is another's."""
        for event, listener in self._listeners():
            self.page.remove_listener(event, listener)

    def _failed(self, error: Any) -> None:
        # Monaco raises this when an editor goes while it still computes
        if str(error) not in ("Canceled", "Canceled: Canceled"):
            self.faults.append(f"error: {error}")

    def _logged(self, message: ConsoleMessage) -> None:
        self.faults.append(f"{message.type}: {message.text}")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", f"blob:{self.address}/")):
            self.faults.append(f"request: {request.url}")

    async def open(self, search: str = "") -> None:
        """Go to the page, or load it again."""
        await self.page.goto(f"{self.address}/graphql{search}")
        await self._ready()

    async def _ready(self) -> None:
        """Wait until the editor can be written in."""
        await expect(self.page.locator(f"{_QUERY} .view-lines")).to_be_visible()

    def form(self) -> Locator:
        """The form that is shown."""
        return self.page.locator("header form:visible")

    async def try_to_sign_in(self, email: str, password: str) -> None:
        """Fill the form in, with the keyboard alone."""
        await self.form().get_by_label("E-mail").fill(email)
        await self.form().get_by_label("Password").fill(password)
        await self.page.keyboard.press("Enter")

    async def sign_in(self, email: str, password: str) -> None:
        """Sign in, and wait until GraphiQL is that person's."""
        await self.try_to_sign_in(email, password)
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        await self._ready()

    async def arrive_as(self, email: str) -> None:
        """Open the page as someone who signed in on another one."""
        variables = {"input": {"email": email, "password": PASSWORD, "cookie": True}}
        response = await self.page.context.request.post(
            f"{self.address}/graphql", data={"query": _SIGN_IN, "variables": variables}
        )
        assert (await response.json())["data"]["signIn"]["errors"] == []
        await self.open()
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        await self._ready()

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
        await self._ready()
        if await self.page.get_by_label("Show Documentation Explorer").is_visible():
            await self.page.get_by_label("Show Documentation Explorer").click()
        await expect(
            docs.get_by_text("All Schema Types").or_(docs.locator(".graphiql-doc-explorer-back"))
        ).to_be_visible()
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
        """Put a query into the editor; again if the page, still loading, puts its example there after it."""
        for _ in range(20):
            await self._ready()
            await self.page.evaluate(
                f"(text) => {{ {_EDITOR} editor.setValue(text); editor.focus(); }}", query
            )
            await self.page.wait_for_timeout(100)
            if await self.query() == query:
                return
        raise AssertionError(f"The editor does not keep {query!r}.")

    async def press_in_editor(self, keys: str) -> None:
        """Press keys in the editor, where its cursor is."""
        await self.page.evaluate(f"() => {{ {_EDITOR} editor.focus(); }}")
        await self.page.keyboard.press(keys)

    async def hints(self, before: str, after: str) -> set[str]:
        """What is offered between two pieces of a query."""
        await self.write(before + after)
        await self.page.evaluate(
            f"""(at) => {{
                {_EDITOR}
                editor.setPosition(editor.getModel().getPositionAt(at));
                editor.trigger("test", "editor.action.triggerSuggest");
            }}""",
            len(before),
        )
        offered = self.page.locator(".suggest-widget .monaco-list-row .label-name")
        await expect(offered.first).to_be_visible()
        names: set[str] = set()
        for _ in range(20):  # only the rows in sight are there to read
            names |= set(await offered.all_inner_texts())
            await self.page.keyboard.press("PageDown")
            await self.page.wait_for_timeout(20)
        await self.page.keyboard.press("Escape")
        return names

    async def query(self) -> str:
        """What is in the editor."""
        await self._ready()
        return str(await self._text("graphql"))

    async def run(self) -> Any:
        """The answer to what is in the editor."""
        await self._ready()
        await self.page.locator(".graphiql-execute-button").click()
        await expect(self.page.locator(".result-window .view-lines")).to_contain_text("{")
        return json.loads(await self.result())

    async def result(self) -> str:
        """What the window of results has."""
        return str(await self._text("response.json"))

    async def run_example(self) -> Any:
        """The data of the query that is in the editor from the start; it has no errors."""
        answer = await self.run()
        assert "errors" not in answer, answer
        return answer["data"]

    async def slow_down(self) -> None:
        """Let what GraphiQL does a little later, such as to store what was written, happen much later."""
        await self.page.evaluate(
            """() => {
                const { setTimeout } = window;
                window.setTimeout = (act, after, ...given) =>
                    setTimeout(act, after >= 100 ? after + 4_000 : after, ...given);
            }"""
        )

    async def run_again(self) -> Any:
        """The data of the same query, once more."""
        await self.page.evaluate(f"{_MODELS}('response.json')[0].setValue('')")
        return await self.run_example()

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

    async def wait_for_result(self, text: str) -> None:
        """Wait until the window of results has a text."""
        await expect(self.page.locator(".result-window .view-lines")).to_contain_text(text)

    async def _text(self, name: str) -> Any:
        return await self.page.evaluate(f"(name) => {_MODELS}(name)[0].getValue()", name)

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
async def window(browser: Browser, **how: Any) -> AsyncIterator[BrowserContext]:
    """A browser profile of its own."""
    context = await browser.new_context(**how)
    context.set_default_timeout(20_000)
    await context.add_init_script(_POLICY)
    try:
        yield context
    finally:
        await context.close()


@asynccontextmanager
async def visit(tab: Page, address: str) -> AsyncIterator[Explorer]:
    """A visit by someone new to a tab that others used before; at its end, nothing may have gone wrong."""
    await tab.goto(f"{address}/readyz")
    await tab.evaluate("localStorage.clear(); sessionStorage.clear()")
    await tab.context.clear_cookies()
    await tab.context.clear_permissions()
    await tab.set_viewport_size({"width": 1280, "height": 720})
    explorer = Explorer(tab, address)
    try:
        yield explorer
        assert not explorer.faults, explorer.faults
    finally:
        explorer.leave()


@asynccontextmanager
async def newcomer(browser: Browser, address: str, **how: Any) -> AsyncIterator[Explorer]:
    """A visit in a browser profile of its own."""
    async with window(browser, **how) as context, visit(await context.new_page(), address) as explorer:
        yield explorer
