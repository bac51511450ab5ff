"""The demo started afresh: of what was there before, nothing is left, and nothing is in the way."""

import make
from actions.act import Act, Caller, Done, perform
from authz.grant import Grant
from authz.identity import identify
from authz.viewer import SIGNED_OUT, Viewer
from centrals.demo.banner import _emptied
from client import Client
from models import database
from models.migrate import migrate


async def _tables() -> list[str]:
    if database.dialect() == "postgres":
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [row["name"] for row in await database.read(query) if row["name"] != "tortoise_migrations"]


async def test_no_row_is_left_of_before(url: str) -> None:
    async def nothing(_viewer: Viewer) -> Done:
        return Done("x")

    async with database.connected(url):
        await migrate(url)
        account = await make.account()
        seat = await make.collaborator(account)
        await make.team(account, [seat])
        await make.sale(account, assignee=seat)
        await make.access_token(account, seat, [Grant.SEARCH_SALES], [])
        viewer = await identify(await Client.owner(account), account["id"])
        for who in (viewer, SIGNED_OUT):
            await perform(Caller(who, "request"), Act("assignSale", 0), nothing)
        tables = await _tables()

        await database.transact(_emptied)

        counts = {one: (await database.read(f"SELECT COUNT(*) FROM {one}"))[0][0] for one in tables}
    assert {"audit_entries", "user_entries", "access_tokens"} <= set(tables)
    assert set(counts.values()) == {0}, counts
