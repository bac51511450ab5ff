"""The page about clients shows what the tests of clients run."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

import make
from doorstep import application
from sockets import listening

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text()
RUN = (ROOT / "tests" / "clients" / "run.mjs").read_text()


def _words(text: str) -> str:
    return " ".join(text.split())


def test_what_fills_in_absent_fields_is_what_apollo_was_driven_with() -> None:
    (shown,) = re.findall(r"```js\n(export function fillAbsent.*?)\n```", PAGE, re.DOTALL)

    assert _words(shown) in _words(RUN)


def test_the_way_to_resume_is_the_one_that_clients_run() -> None:
    page = (ROOT / "docs" / "subscriptions.md").read_text()
    (shown,) = re.findall(r"```js\n(export function resuming.*?)\n```", page, re.DOTALL)

    assert shown in (ROOT / "tests" / "clients" / "follow.mjs").read_text()


def test_links_of_the_page_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z -]", "", match.lower()).replace(" ", "-")
        for match in re.findall(r"^##+ (.*)$", PAGE, re.M)
    }

    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        file, _, anchor = target.partition("#")
        assert (ROOT / "docs" / file).exists() if file else anchor in headings, target


async def test_the_lines_for_curl_python_and_gql_work(database_url: str) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("centrals-demo")
    lea = await make.user("Lea", email="lead@example.com", password_hash=hashed)
    account = await make.account(lea)
    await make.sale(account, await make.product(account), reference="HP1")
    (curl,) = re.findall(r"```sh\n(TOKEN=.*?)\n```", PAGE, re.DOTALL)
    (python,) = re.findall(r"```python\n(import httpx.*?)\n```", PAGE, re.DOTALL)
    (gql,) = re.findall(r"```python\n(from gql .*?)\n```", PAGE, re.DOTALL)
    async with listening(application()) as port:
        shell = curl.replace("localhost:8000", f"localhost:{port}") + '\necho; echo "$TOKEN"'
        process = await asyncio.create_subprocess_exec(
            "sh", "-eu", "-c", shell, stdout=asyncio.subprocess.PIPE
        )
        result, _ = await process.communicate()
        answer, token = result.decode().split("\n")[:2]
        names: dict[str, Any] = {"token": token}
        await asyncio.to_thread(exec, python.replace("localhost:8000", f"localhost:{port}"), names)
        names["api"].close()
        central = json.loads(answer)["data"]["viewer"]["centrals"][0]
        names |= {"api": f"http://localhost:{port}", "central": central["id"]}
        await asyncio.to_thread(exec, gql, names)

    assert central == {"id": f"central_{account['id']}", "accountName": account["name"]}
    assert names["answer"] == {"data": {"viewer": {"name": "Lea", "centrals": [{"id": central["id"]}]}}}
    assert names["sales"] == {"nodes": [{"reference": "HP1"}]}
