"""A real server, and a real browser in front of it: one of each for a process of tests."""

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

sys.path.append(str(Path(__file__).parent))

from explorer import Explorer, visit, window
from served import Served, seeded, serving

# the shell is the same browser without its own windows, which take a third of its time
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    if CHROMIUM is None:
        pytest.skip(f"There is none of {', '.join(PROGRAMS)} in PATH.")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
async def served(
    browser: Browser, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server with people in it; none is started where there is no browser."""
    with serving(await seeded(shared_folder), tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """The tab that tests share one after the other, so that the browser compiles GraphiQL once."""
    async with window(browser) as context:
        yield await context.new_page()


@pytest.fixture
async def page(tab: Page, served: Served) -> AsyncIterator[Explorer]:
    """The tab of someone who was never here, and has not opened the page yet."""
    async with visit(tab, served.address) as explorer:
        yield explorer
