"""The people of a central as viewers, and the notices that a viewer can see."""

import make
from authz.gates import EVERYTHING, Standing, grant_bit
from authz.grant import Grant
from authz.notices import RECORDS, notices
from authz.people import people_in
from authz.viewer import Central, MyRole, Viewer
from models import database
from models.vocabulary import Privacy, Role

NONE = "00000000-0000-0000-0000-000000000000"


async def test_people_are_the_viewers_that_they_would_be_if_they_can_enter(database_url):
    account, other = await make.account(teams_on=True), await make.account()
    grants = await make.profile(account, [Grant.SEARCH_SALES])
    lead = await make.collaborator(account, grants, Role.TEAM_LEAD)
    fellow = await make.collaborator(account, grants)
    now = database.now()
    outside = [
        await make.collaborator(account, grants, suspended_at=now),
        await make.collaborator(account, grants, starts_at=now + 100_000),
        await make.collaborator(account, grants, ends_at=now - 1),
        await make.collaborator(other),
    ]
    disabled = await make.collaborator(account, grants)
    await database.transact(
        lambda: database.write("UPDATE users SET disabled_at = 1 WHERE id = ?", (disabled["user_id"],))
    )
    await make.team(account, [fellow], [lead])
    everyone = [lead, fellow, disabled, *outside]

    found = await people_in(account["id"], [person["id"] for person in everyone])

    assert set(found) == {lead["id"], fellow["id"]}
    assert await people_in(account["id"], [NONE]) == await people_in(account["id"], []) == {}
    assert found[lead["id"]].led == {lead["id"], fellow["id"]}
    assert (found[fellow["id"]].role, found[fellow["id"]].led) == (MyRole.USER, frozenset())
    assert found[fellow["id"]].mask & grant_bit(Grant.SEARCH_SALES)
    assert not found[fellow["id"]].mask & (grant_bit(Grant.VIEW_PRODUCTS) | Standing.LEAD)


async def test_notices_are_ones_own_of_rows_within_reach_by_the_grant_of_each(database_url):
    account = await make.account()
    me, fellow = await make.collaborator(account), await make.collaborator(account)
    central = Central(account["id"], "Aurora", False, Privacy.OWN, "UTC", "BRL")
    ids = {}
    for who in (me, fellow):
        for column, make_row in (
            ("sale_id", make.sale),
            ("subscription_id", make.subscription),
            ("opportunity_id", make.opportunity),
        ):
            row = await make_row(account, assignee=who)
            for reader in (me, fellow):
                notice = {"id": database.new_id(), "account_id": account["id"], "user_id": reader["user_id"]}
                notice |= {"kind": "MENTION", "at": 1, column: row["id"]}
                await database.transact(lambda values=notice: database.insert("notices", values))
                ids[notice["id"]] = (reader["id"], who["id"], column)

    async def found(**changed):
        viewer = Viewer(
            **{"user_id": me["user_id"], "central": central, "role": MyRole.USER, "collaborator_id": me["id"]}
            | {"mask": EVERYTHING}
            | changed
        )
        within = notices(viewer).where("r")
        rows = await database.read(f"SELECT r.id FROM notices r WHERE {within.text}", within.params)
        return {ids[str(row["id"])] for row in rows}

    own = {(me["id"], me["id"], column) for column in RECORDS}
    assert await found() == own
    assert await found(role=MyRole.OWNER) == {
        found_id for found_id in ids.values() if found_id[0] == me["id"]
    }
    for column, (_, grant) in RECORDS.items():
        assert await found(mask=grant_bit(grant)) == {(me["id"], me["id"], column)}
        assert await found(mask=EVERYTHING & ~grant_bit(grant)) == {row for row in own if row[2] != column}
    assert await found(mask=grant_bit(Grant.VIEW_PRODUCTS)) == set()
    assert await found(user_id=None) == await found(central=None) == set()
    elsewhere = Central((await make.account())["id"], "Other", False, Privacy.OWN, "UTC", "BRL")
    assert await found(central=elsewhere, role=MyRole.OWNER) == set()
