"""`centrals report`: the file of a report as a person sees it."""

import csv
import os
import subprocess
from pathlib import Path
from typing import Any

import make
from authz.grant import Grant
from doorstep import SECRET_KEY
from models import database
from zygote import launcher

JULY = ("--from", "2026-07-01", "--to", "2026-08-01")


async def planted(url: str) -> dict[str, Any]:
    """An account with two sales of 100.00, one of which is credited to a collaborator."""
    async with database.connected(url):
        owner = await make.user()
        account = await make.account(owner)
        profile = await make.profile(account, grants=[Grant.VIEW_REVENUE_REPORT])
        clerk = await make.collaborator(account, profile)
        at = 1_783_000_000_000
        for assignee in (clerk, None):
            sale = await make.sale(account, price=100_00, ordered_at=at, approved_at=at)
            if assignee:
                await database.transact(
                    lambda sale=sale: database.write(  # type: ignore[misc]
                        "UPDATE sales SET assignee_id = ?, credit_id = ? WHERE id = ?",
                        (clerk["id"], clerk["id"], sale["id"]),
                    )
                )
        rows = await database.read("SELECT email FROM users WHERE id = ?", (clerk["user_id"],))
    return {"owner": owner["email"], "clerk": rows[0]["email"], "central": f"central_{account['id']}"}


def run(url: str, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY}
    return subprocess.run(
        [*launcher(), "report", *words], capture_output=True, text=True, timeout=120, check=False,
        env=environment, cwd=folder,
    )  # fmt: skip


async def test_a_report_is_written_as_a_person_sees_it(migrated_url: str, tmp_path: Path) -> None:
    people = await planted(migrated_url)

    def written(who: str, name: str, *more: str) -> "subprocess.CompletedProcess[str]":
        chosen = ("--account", people["central"], "--as", people[who], *JULY)
        return run(migrated_url, tmp_path, name, *chosen, *more)

    whole = written("owner", "revenue", "--output", "all.csv")
    own = written("clerk", "revenue", "--output", "own.csv")
    drawing = written("owner", "revenue", "--output", "-", "--format", "svg", "--theme", "dark")
    hidden = written("clerk", "paymentMethods", "--output", "no.csv")
    stranger = run(
        migrated_url, tmp_path, "revenue", "--account", people["central"], "--as", "no@example.com", *JULY,
        "--output", "no.csv",
    )  # fmt: skip

    assert whole.returncode == 0, whole.stderr
    assert whole.stdout == "1 row written to all.csv\n"
    assert "1 rows" in whole.stderr
    for file, gross in (("all.csv", "200.00"), ("own.csv", "100.00")):
        with (tmp_path / file).open(encoding="utf-8-sig") as lines:
            assert [row["gross.amount"] for row in csv.DictReader(lines)] == [gross], own.stderr
    assert drawing.stdout.startswith("<?xml")
    for refused in (hidden, stranger):
        assert refused.returncode == 1
        assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "no.csv").exists()
    async with database.connected(migrated_url):
        rows = await database.read(
            "SELECT user_name, let_by FROM audit_entries WHERE act = 'exportReport' ORDER BY sequence"
        )
    assert [(row["user_name"], row["let_by"]) for row in rows] == [("command line", "COMMAND_LINE")] * 3
