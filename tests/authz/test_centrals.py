"""The centrals that a user may enter: own accounts first, then the seats."""

import pytest

import make
from authz.catalog import presets
from authz.centrals import enterable_central
from authz.gates import ALL_GRANTS, grants_in
from authz.grant import Grant
from authz.identity import NoSuchCentral, identify
from authz.viewer import SIGNED_OUT, MyRole
from graph.viewer.centrals import centrals
from models import database
from models.vocabulary import Role

HOUR = 3_600_000


async def _at_work():
    """A user who owns accounts and has memberships of every kind; the accounts by name."""
    user = await make.user()
    at = database.now()
    accounts = {
        "own, second by name": await make.account(user, name="z"),
        "own, closed": await make.account(user, name="y", closed_at=at),
        "someone else's": await make.account(name="a"),
    }
    collaborators = {
        "admin": {"role": Role.ADMIN},
        "lead": {"role": Role.TEAM_LEAD},
        "user, within dates": {"starts_at": at - HOUR, "ends_at": at + HOUR},
        "suspended": {"suspended_at": at},
        "not begun": {"starts_at": at + HOUR},
        "over": {"ends_at": at - 1},
    }
    for name, collaborator in collaborators.items():
        accounts[name] = await make.account(name=name)
        profile = await make.profile(accounts[name], "SUPPORT", name=f"Profile of {name}")
        await make.collaborator(
            accounts[name], profile, user_=user, **{"joined_at": at - HOUR} | collaborator
        )
    accounts["closed"] = await make.account(name="closed", closed_at=at)
    await make.collaborator(accounts["closed"], user_=user)
    await make.collaborator(accounts["admin"])  # someone else's seat
    token = await make.session(user)
    return accounts, token


async def test_own_accounts_come_first_then_memberships_by_name(database_url):
    accounts, token = await _at_work()

    with database.observed() as statements:
        viewer = await identify(token, None)
        doors = await centrals(viewer)

    assert [door.account_id for door in doors] == [
        accounts[name]["id"]
        for name in ("own, closed", "own, second by name", "admin", "lead", "user, within dates")
    ]
    assert len(statements) == 2


async def test_a_door_tells_role_profile_and_grants(database_url):
    accounts, token = await _at_work()

    doors = {door.account_name: door for door in await centrals(await identify(token, None))}

    owned, lead = doors["z"], doors["lead"]
    assert (owned.role, owned.profile_name, owned.grants) == (MyRole.OWNER, None, ALL_GRANTS)
    assert owned.joined_at == accounts["own, second by name"]["created_at"]
    assert (lead.role, lead.profile_name, lead.logo_url) == (MyRole.TEAM_LEAD, "Profile of lead", None)
    assert set(grants_in(lead.grants)) == set(presets()["SUPPORT"].grants)
    assert doors["admin"].role is MyRole.ADMIN
    assert doors["user, within dates"].role is MyRole.USER


async def test_list_and_check_agree(database_url):
    accounts, token = await _at_work()
    doors = {door.account_id: door for door in await centrals(await identify(token, None))}

    for name, account in accounts.items():
        try:
            inside = await identify(token, account["id"])
        except NoSuchCentral:
            assert account["id"] not in doors, name
        else:
            assert inside.role is doors[account["id"]].role, name
            assert inside.mask & ALL_GRANTS == doors[account["id"]].grants, name
    assert len(doors) == 5


async def test_an_own_account_is_listed_once_whatever_membership_is_left_over(database_url):
    user = await make.user()
    account = await make.account(user)
    await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]), user_=user)

    doors = await centrals(await identify(await make.session(user), None))

    assert [(door.account_id, door.role) for door in doors] == [(account["id"], MyRole.OWNER)]


async def test_a_central_that_needs_a_second_factor_opens_nothing_until_there_is_one(database_url):
    user = await make.user()
    for name, required in (("free", None), ("strict", 1)):
        account = await make.account(name=name, two_factor_required_at=required)
        await make.collaborator(account, await make.profile(account, "SUPPORT", name="Support"), user_=user)
    viewer = await identify(await make.session(user), None)

    async def shown() -> dict[str, tuple[object, ...]]:
        return {
            door.account_name: (door.needs_two_factor, door.profile_name, door.grants != 0)
            for door in await centrals(viewer)
        }

    assert await shown() == {"free": (False, "Support", True), "strict": (True, None, False)}
    await _change("UPDATE users SET two_factor_at = 1 WHERE id = ?", user["id"])
    assert await shown() == {"free": (False, "Support", True), "strict": (False, "Support", True)}


async def test_the_users_own_order_comes_first_and_no_one_elses(database_url):
    user, other = await make.user(), await make.user()
    accounts = {name: await make.account(user, name=name) for name in ("a", "b", "c", "d")}
    places = [(user, "d", 0), (user, "b", 1), (other, "c", 0), (other, "d", 3)]
    for who, name, position in places:
        await _change(
            "INSERT INTO central_visits (id, account_id, user_id, position) VALUES (?, ?, ?, ?)",
            *(database.new_id(), accounts[name]["id"], who["id"], position),
        )

    doors = await centrals(await identify(await make.session(user), None))

    assert [(door.account_name, door.position) for door in doors] == [
        ("d", 0),
        ("b", 1),
        ("a", None),
        ("c", None),
    ]


async def _change(text: str, *values: object) -> None:
    await database.transact(lambda: database.write(text, values))


async def test_who_is_signed_out_has_no_central(database_url):
    with database.observed() as statements:
        assert await centrals(SIGNED_OUT) == []

    assert statements == []


async def test_who_takes_part_in_nothing_has_no_central(database_url):
    viewer = await identify(await make.session(await make.user()), None)

    assert await centrals(viewer) == []


@pytest.mark.parametrize("where", ["own, closed", "own, second by name", "admin", "lead"])
@pytest.mark.parametrize("chosen", [[], [Grant.SEARCH_SALES], [Grant.SEARCH_SALES, Grant.MAKE_WITHDRAWAL]])
async def test_a_token_is_told_its_own_central_alone_with_what_it_opens(database_url, where, chosen):
    accounts, token = await _at_work()
    maker = {"user_id": (await identify(token, None)).user_id}
    secret = await make.access_token(accounts[where], maker, chosen, [])

    viewer = await identify(secret, None)
    [door] = await centrals(viewer)

    grants = presets()["SUPPORT"].grants if where in ("admin", "lead") else list(Grant)
    assert door.account_id == accounts[where]["id"]
    assert not door.grants & ~ALL_GRANTS
    assert set(grants_in(door.grants)) == set(chosen) & set(grants) == set(grants_in(viewer.mask))
    assert await enterable_central(viewer, accounts["user, within dates"]["id"]) is None
    assert await centrals(viewer, "no such name") == []
