"""The README's commands and queries, run as they stand there."""

import functools
import os
import re
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

import databases
from authz.grant import Grant
from centrals.environment import VARIABLES
from centrals.readme import CLOSES, OPENS, with_table
from centrals.readme import README as NAME
from zygote import launcher

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / NAME).read_text()
DESK = (ROOT / "docs" / "desk.md").read_text()
PASSWORD = "centrals-demo"
SETTINGS = ("settings.py", "mail_settings.py", "observation.py")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def demo(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server with the demo, started as `make run` does, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(databases.demo_file(shared_folder), folder / "demo.sqlite3")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
    }
    said = folder / "said"
    with said.open("w") as out, (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*launcher(), "serve", "--demo"], stdout=out, stderr=log, env=environment, cwd=folder
        )
    try:
        address = f"http://localhost:{port}"
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            assert process.poll() is None, (folder / "log").read_text()
            try:
                if httpx.get(f"{address}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield address, said.read_text()
    finally:
        process.terminate()
        process.wait(20)


@functools.cache
def signed_in(address: str, email: str) -> dict[str, Any]:
    """What someone gets who signs in: a password takes long to hash."""
    with httpx.Client(base_url=address, timeout=30) as http:
        sign_in = (
            "mutation ($email: String!, $password: String!) { signIn(input: {email: $email, password: $password})"
            " { accessToken viewer { centrals { id } } errors { code } } }"
        )
        response = http.post(
            "/graphql", json={"query": sign_in, "variables": {"email": email, "password": PASSWORD}}
        )
    signed: dict[str, Any] = response.json()["data"]["signIn"]
    assert signed["errors"] == []
    return signed


def query_as(address: str, email: str, query: str, central: int = 0) -> Any:
    signed = signed_in(address, email)
    headers = {
        "authorization": f"Bearer {signed['accessToken']}",
        "x-central": signed["viewer"]["centrals"][central]["id"],
    }
    with httpx.Client(base_url=address, timeout=30) as http:
        return http.post("/graphql", json={"query": query}, headers=headers).json()


def columns() -> dict[str, list[str]]:
    """The README's three answers, by person."""
    lines = [line for line in TEXT.splitlines() if line.startswith("| ") and line.count("|") == 5]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    start = next(index for index, row in enumerate(table) if "`owner@example.com`" in row)
    emails = [cell.strip("`") for cell in table[start][1:]]
    rows = table[start + 2 : start + 9]
    return {email: [row[index + 1] for row in rows] for index, email in enumerate(emails)}


def test_the_readmes_answers_are_the_screens(demo: tuple[str, str]) -> None:
    address, _ = demo
    (query,) = blocks("graphql")

    for email, shown in columns().items():
        account = query_as(address, email, query)["data"]["account"]
        sale = account["sales"]["nodes"][0]
        revenue = {
            row["currency"]: f"{row['count']} sales, {row['gross']['amount']}"
            for row in account["reports"]["revenue"]
        }
        results = [
            account["myRole"],
            str(account["sales"]["totalCount"]),
            sale["reference"],
            sale["assignee"]["name"],
        ]
        assert shown == [*results, revenue["BRL"], revenue["EUR"], revenue["USD"]]


def test_the_page_of_the_desk_tells_what_the_demo_shows_of_each_grant(demo: tuple[str, str]) -> None:
    address, _ = demo
    results = [line.strip("|").split(" | ") for line in DESK.splitlines() if line.startswith("| `")]
    rows = [[cell.strip().strip("`") for cell in row] for row in results if len(row) == 5]
    answers = []
    for grant, _opens, who, selection, figure in rows:
        account = query_as(address, who, f"{{ account {{ {selection} }} }}")["data"]["account"]
        found = account.get("reports", account)
        answers.append((grant, selection, next(iter(found.values()))["totalCount"], int(figure)))

    assert [row for row in answers if row[2] != row[3]] == []
    assert {grant for grant, *_ in answers} == {
        *("SEARCH_SALES", "SEARCH_SALES_BY_PERIOD", "SEND_RECEIPTS", "RESEND_PURCHASE_EMAILS"),
        *("CHANGE_BUYER_EMAIL", "ISSUE_PAYMENT_SLIPS", "REQUEST_REFUNDS"),
        *("VIEW_PRODUCTS", "MANAGE_PRODUCTS", "MANAGE_OFFERS", "MANAGE_SUBSCRIPTIONS"),
        *("MANAGE_SUBSCRIPTION_TOOLS", "VIEW_PURCHASE_RECOVERY_REPORT", "MANAGE_API_CREDENTIALS"),
        "MANAGE_INTEGRATIONS",
        *("VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT", "VIEW_OVERDUE_SUBSCRIPTIONS_REPORT"),
        *("MANAGE_API_AND_NOTIFICATIONS", "RESEND_NOTIFICATIONS"),
    }
    masked = "{ account { sales(first: 1) { nodes { buyer { email } } } } }"
    bosque = query_as(address, "affiliates@example.com", masked, central=1)["data"]["account"]
    assert bosque["sales"]["nodes"][0]["buyer"]["email"].endswith("@e…")


def test_a_field_exists_for_some_of_the_three_only(demo: tuple[str, str]) -> None:
    address, _ = demo
    query = "{ account { assignees { nodes { name } } } }"

    owner, lead, user = (query_as(address, f"{who}@example.com", query) for who in ("owner", "lead", "user"))

    of_owner, of_lead = (item["data"]["account"]["assignees"]["nodes"] for item in (owner, lead))
    assert len(of_owner) > len(of_lead) > 0
    assert user["errors"][0]["message"] in TEXT
    assert "data" not in user


def test_the_server_tells_its_address_its_people_and_a_line_that_works(demo: tuple[str, str]) -> None:
    address, said = demo

    line = next(line for line in said.splitlines() if line.strip().startswith("curl"))
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=True, timeout=60)

    assert f"{address}/graphql" in said
    assert said.count("@example.com") >= 10
    assert '"accessToken":"' in done.stdout


def test_three_lines_lead_from_the_start_to_the_first_answer(demo: tuple[str, str], tmp_path: Path) -> None:
    address, _ = demo
    (block,) = [item for item in blocks("sh") if "TOKEN=" in item]
    lines = block.replace("http://localhost:8000", address)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    done = subprocess.run(
        ["sh", "-eu", "-c", lines], capture_output=True, text=True, check=True, timeout=60, env=environment
    )

    assert len(block.splitlines()) == 3
    account = msgspec.json.decode(done.stdout)["data"]["account"]
    assert (account["myRole"], account["sales"]["totalCount"]) == ("OWNER", 20_000)
    assert account["sales"]["nodes"][0]["reference"] in TEXT


def test_the_table_of_grants_lists_what_opens_something_and_nothing_else() -> None:
    rows = [
        line for line in TEXT.partition(OPENS)[2].partition(CLOSES)[0].splitlines() if line.startswith("| `")
    ]
    listed = {row.split("`")[1] for row in rows}
    schema = (ROOT / "schema.graphql").read_text()

    assert listed == {grant.value for grant in Grant if f"grant: {grant.value})" in schema}
    assert all(row.split("|")[2].strip() for row in rows)


def test_the_commands_of_the_readme_exist() -> None:
    commands = [
        line.split("#")[0].split("centrals ", 1)[1]
        for block in blocks("sh")
        for line in block.splitlines()
        if "bin/centrals " in line
    ]
    assert len(commands) >= 8

    for command in commands:
        words = [word for word in shlex.split(command) if not word.startswith("-")]
        group = [word for word in words if word.isalpha() or word == "intake-secret"]
        path = group[:2] if group[0] in ("account", "user", "import") else group[:1]
        done = subprocess.run(
            [*launcher(), *path, "--help"], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, command
        for option in re.findall(r"--[a-z-]+", command):
            assert option in done.stdout, (command, option)


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()

    for target in set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_table_of_grants_is_the_schemas() -> None:
    assert with_table(TEXT, DESK) == TEXT


def test_every_setting_is_told() -> None:
    sources = [(ROOT / "src" / "centrals" / name).read_text() for name in SETTINGS]
    read = {
        name for source in sources for name in re.findall(r'environment(?:\.get\(|, )"([A-Z_]+)"', source)
    }

    assert read == set(VARIABLES)
    for name in VARIABLES:
        assert f"`{name}`" in TEXT, name


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (ROOT / target).exists(), target
