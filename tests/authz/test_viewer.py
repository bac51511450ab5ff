"""The viewer: who makes a request, and their standing, from one statement."""

import hashlib
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

import make
from authz import identity
from authz.gates import ALL_GRANTS, EVERYTHING, ON_RECORD, Standing, grants_in
from authz.grant import Grant
from authz.identity import NoSuchCentral, digest, identify, judged_again, person_in, stored_grants
from authz.refusal import Unauthenticated
from authz.viewer import SIGNED_OUT, Membership, MyRole, Viewer
from authz.viewer_row import Row
from models import database
from models.vocabulary import Privacy, Role

PERSON = Standing.SIGNED_IN | Standing.SESSION | Standing.NO_TOKEN
IN = PERSON | Standing.IN_CENTRAL | Standing.COLLABORATOR
HOUR = 3_600_000
GRANTS = [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]


async def _change(text: str, *values: object) -> None:
    async def work() -> None:
        await database.write(text, values)

    await database.transact(work)


async def _credential(token: str, kind: str, expires_at: int) -> None:
    """Another token of a session that is alive."""
    user = await make.user()
    alive = await identify(await make.session(user), None)

    async def work() -> None:
        await database.insert(
            "credentials",
            {
                "id": database.new_id(),
                "session_id": alive.session_id,
                "kind": kind,
                "digest": digest(token),
                "created_at": database.now() - 2 * HOUR,
                "expires_at": expires_at,
                "used_at": None,
            },
        )

    await database.transact(work)


async def _collaborator(role: Role = Role.USER, **changed):
    """A seat in an account with teams, its user's token, and the account."""
    teams_on = changed.pop("teams_on", True)
    account = await make.account(teams_on=teams_on, edition=changed.pop("edition", "EXPERT"))
    user = await make.user("Ana", locale="pt")
    collaborator = await make.collaborator(
        account, await make.profile(account, GRANTS), role, user, **changed
    )
    return account, collaborator, await make.session(user)


# Who


async def test_without_a_token_the_viewer_is_signed_out(database_url):
    with database.observed() as statements:
        viewer = await identify(None, None)

    assert viewer is SIGNED_OUT
    assert viewer.mask == Standing.NO_TOKEN
    assert statements == []


async def test_without_a_token_there_is_no_central(database_url):
    account = await make.account()

    with pytest.raises(NoSuchCentral):
        await identify(None, account["id"])


async def test_a_token_alone_makes_its_user_the_viewer(database_url):
    user = await make.user("Ana", locale="pt")
    token = await make.session(user)

    viewer = await identify(token, None)

    assert (viewer.user_id, viewer.name, viewer.email, viewer.locale) == (
        user["id"],
        "Ana",
        user["email"],
        "pt",
    )
    assert viewer.session_id is not None
    assert viewer.mask == PERSON
    assert viewer.central is None
    assert viewer.role is None
    assert viewer.own == viewer.led == viewer.shared_with == viewer.teams_led == frozenset()


@pytest.mark.parametrize("in_central", [False, True], ids=["in no central", "in a central"])
async def test_a_viewer_takes_one_statement(database_url, in_central):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    fellows = [await make.collaborator(account) for _ in range(3)]
    await make.team(account, fellows, [collaborator])
    await make.team(account, [collaborator, *fellows])

    with database.observed() as statements:
        await identify(token, account["id"] if in_central else None)

    assert len(statements) == 1


@pytest.mark.parametrize("in_central", [False, True], ids=["in no central", "in a central"])
async def test_a_person_by_email_is_the_viewer_that_a_session_of_theirs_makes(database_url, in_central):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    await make.team(account, [await make.collaborator(account)], [collaborator])
    central = account["id"] if in_central else None
    viewer = await identify(token, central)

    found = await person_in(viewer.email, central)

    assert found == replace(viewer, session_id=None)


async def test_a_disabled_person_is_nobody_by_email(database_url):
    user = await make.user(disabled_at=1)

    with pytest.raises(Unauthenticated):
        await person_in(user["email"], None)


def test_who_works_in_no_account_stands_in_no_central():
    row = Row(
        *("session", None, None, None, None, "user", "Ana", "ana@example.com", "pt"),
        collaborator_id="me",
        role="ADMIN",
        privacy="OWN",
        grants="[]",
    )

    assert identity.viewer_of([row]).central is None


async def test_a_person_by_email_is_nobody_or_outside_of_a_central(database_url):
    account, user = await make.account(), await make.user()

    with pytest.raises(Unauthenticated):
        await person_in("nobody@example.com", account["id"])
    for central in (account["id"], "no id"):
        with pytest.raises(NoSuchCentral):
            await person_in(user["email"], central)


def test_a_digest_is_hex_sha_256():
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("é") == hashlib.sha256(b"\xc3\xa9").hexdigest()


async def _ended() -> str:
    return await make.session(await make.user(), ended=True)


async def _expired() -> str:
    token = f"expired-{database.new_id()}"
    await _credential(token, "ACCESS", database.now() - 1)
    return token


async def _refresh() -> str:
    token = f"refresh-{database.new_id()}"
    await _credential(token, "REFRESH", database.now() + HOUR)
    return token


async def _digest_itself() -> str:
    return digest(await make.session(await make.user()))


async def _longer() -> str:
    return await make.session(await make.user()) + " "


async def _shorter() -> str:
    return (await make.session(await make.user()))[:-1]


async def _never_issued() -> str:
    return f"access-{database.new_id()}"


async def _empty() -> str:
    return ""


async def _nul() -> str:
    return "access\0"


async def _half_a_character() -> str:
    return "access-\ud800"


async def _long() -> str:
    return "a" * 100_000


BAD_TOKENS = {
    "never made": _never_issued,
    "expired": _expired,
    "of an ended session": _ended,
    "a refresh token": _refresh,
    "the digest that is stored": _digest_itself,
    "longer by a space": _longer,
    "shorter by a letter": _shorter,
    "empty": _empty,
    "with a NUL": _nul,
    "with half a character": _half_a_character,
    "very long": _long,
}


@pytest.mark.parametrize("bad", BAD_TOKENS.values(), ids=BAD_TOKENS)
async def test_a_bad_token_is_unauthenticated(database_url, bad):
    account = await make.account()
    token = await bad()

    for account_id in (None, account["id"], "no id"):  # the credential is judged before the central
        with database.observed() as statements, pytest.raises(Unauthenticated):
            await identify(token, account_id)
        assert len(statements) == 1


async def test_another_token_of_the_same_session_opens_until_it_expires(database_url):
    token = f"second-{database.new_id()}"
    await _credential(token, "ACCESS", database.now() + HOUR)

    assert (await identify(token, None)).mask == PERSON


# Where

STANDINGS = {
    (Role.ADMIN, False): IN | Standing.LEAD | Standing.ADMIN,
    (Role.ADMIN, True): IN | Standing.LEAD | Standing.ADMIN,
    (Role.TEAM_LEAD, False): IN,
    (Role.TEAM_LEAD, True): IN | Standing.LEAD,
    (Role.USER, False): IN,
    (Role.USER, True): IN,
}


@pytest.mark.parametrize(
    ("role", "teams_on"),
    STANDINGS,
    ids=[f"{role.value}, teams {'on' if on else 'off'}" for role, on in STANDINGS],
)
async def test_a_collaborator_stands_with_role_and_profile(database_url, role, teams_on):
    account, collaborator, token = await _collaborator(role, teams_on=teams_on, last_seen_at=5)

    viewer = await identify(token, account["id"])

    assert viewer.role is MyRole[role.name]
    assert viewer.collaborator_id == collaborator["id"]
    assert viewer.own == {collaborator["id"]}
    assert viewer.last_seen_at == 5
    assert grants_in(viewer.mask) == [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]
    assert viewer.mask & ~ALL_GRANTS == STANDINGS[role, teams_on]
    assert viewer.central.teams_on is teams_on


@pytest.mark.parametrize("teams_on", [False, True], ids=["teams off", "teams on"])
async def test_the_owner_holds_everything_and_has_no_membership(database_url, teams_on):
    owner = await make.user()
    account = await make.account(
        owner, teams_on=teams_on, privacy=Privacy.SHARED, timezone="America/Sao_Paulo"
    )
    token = await make.session(owner)

    viewer = await identify(token, account["id"])

    assert viewer.role is MyRole.OWNER
    assert viewer.mask == EVERYTHING & ~Standing.COLLABORATOR
    assert viewer.collaborator_id is None
    assert viewer.own == frozenset()
    assert viewer.central.account_id == account["id"]
    assert viewer.central.account_name == account["name"]
    assert viewer.central.teams_on is teams_on
    assert viewer.central.privacy is Privacy.SHARED
    assert viewer.central.timezone == "America/Sao_Paulo"
    assert viewer.central.currency == "BRL"


async def test_an_owner_with_a_membership_left_over_is_the_owner(database_url):
    owner = await make.user()
    account = await make.account(owner, teams_on=True)
    profile = await make.profile(account, GRANTS)
    collaborator = await make.collaborator(account, profile, Role.USER, owner, last_seen_at=5)
    await make.team(account, [collaborator], [await make.collaborator(account)])

    viewer = await identify(await make.session(owner), account["id"])

    assert viewer.role is MyRole.OWNER
    assert viewer.mask == EVERYTHING & ~Standing.COLLABORATOR
    assert (viewer.collaborator_id, viewer.last_seen_at) == (None, None)
    assert viewer.memberships == ()


async def test_one_user_stands_differently_in_each_central(database_url):
    user = await make.user()
    own = await make.account(user)
    other = await make.account()
    await make.collaborator(other, await make.profile(other, GRANTS), Role.USER, user)
    token = await make.session(user)

    assert (await identify(token, own["id"])).role is MyRole.OWNER
    assert (await identify(token, other["id"])).role is MyRole.USER
    assert (await identify(token, None)).role is None


async def test_teams_of_a_standard_account_are_off(database_url):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD, edition="STANDARD", teams_on=True)
    await make.team(account, [await make.collaborator(account)], [collaborator], Privacy.SHARED)

    viewer = await identify(token, account["id"])

    assert viewer.central.teams_on is False
    assert viewer.memberships == ()
    assert not viewer.mask & Standing.LEAD


async def test_teams_that_are_switched_off_are_off_in_an_expert_account(database_url):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD, edition="EXPERT", teams_on=False)
    await make.team(account, [await make.collaborator(account)], [collaborator], Privacy.SHARED)

    viewer = await identify(token, account["id"])

    assert viewer.central.teams_on is False
    assert viewer.memberships == ()
    assert not viewer.mask & Standing.LEAD


async def test_a_viewer_knows_their_teams_and_who_is_in_them(database_url):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    fellow, both, stranger = [await make.collaborator(account) for _ in range(3)]
    led = await make.team(account, [fellow, both], [collaborator])
    shared = await make.team(account, [collaborator, both], privacy=Privacy.SHARED)
    await make.team(account, [stranger, fellow], privacy=Privacy.SHARED)

    viewer = await identify(token, account["id"])

    me = collaborator["id"]
    assert set(viewer.memberships) == {
        Membership(led["id"], True, Privacy.OWN, frozenset({me, fellow["id"], both["id"]})),
        Membership(shared["id"], False, Privacy.SHARED, frozenset({me, both["id"]})),
    }
    assert viewer.teams_led == {led["id"]}
    assert viewer.led == {me, fellow["id"], both["id"]}
    assert viewer.shared_with == {me, both["id"]}


@pytest.mark.parametrize("role", [Role.USER, Role.ADMIN], ids=lambda role: role.value)
async def test_a_lead_who_lost_the_role_leads_no_more(database_url, role):
    account, collaborator, token = await _collaborator(role)
    await make.team(account, [await make.collaborator(account)], [collaborator])

    viewer = await identify(token, account["id"])

    assert [membership.leads for membership in viewer.memberships] == [True]
    assert viewer.teams_led == viewer.led == frozenset()


# What a profile holds


@pytest.mark.parametrize(
    "stored",
    [
        '["SEARCH_SALES", "SEE_EVERYTHING", "OWNER", "search_sales", ""]',
        '["SEARCH_SALES", "SEARCH_SALES", null, 7]',
    ],
    ids=["unknown keys", "twice, and no keys at all"],
)
async def test_what_the_catalog_lacks_opens_nothing(database_url, stored):
    account = await make.account()
    profile = await make.profile(account)
    await _change("UPDATE profiles SET grants = ? WHERE id = ?", stored, profile["id"])
    user = await make.user()
    await make.collaborator(account, profile, Role.USER, user)

    viewer = await identify(await make.session(user), account["id"])

    assert grants_in(viewer.mask) == [Grant.SEARCH_SALES]
    assert viewer.mask & ~ALL_GRANTS == IN


async def test_a_grant_is_held_through_the_own_profile_only(database_url):
    account = await make.account()
    ana, bea = await make.user("Ana"), await make.user("Bea")
    await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]), user_=ana)
    await make.collaborator(account, await make.profile(account, [Grant.MAKE_WITHDRAWAL]), user_=bea)
    await make.profile(account, list(Grant))  # no one's

    first = await identify(await make.session(ana), account["id"])
    second = await identify(await make.session(bea), account["id"])

    assert grants_in(first.mask) == [Grant.SEARCH_SALES]
    assert grants_in(second.mask) == [Grant.MAKE_WITHDRAWAL]


async def test_an_empty_profile_opens_nothing(database_url):
    account = await make.account()
    user = await make.user()
    await make.collaborator(account, await make.profile(account, []), Role.ADMIN, user)

    viewer = await identify(await make.session(user), account["id"])

    assert grants_in(viewer.mask) == []


@pytest.mark.parametrize(
    "stored",
    ['["SEARCH_SALES"]', b'["SEARCH_SALES"]', ["SEARCH_SALES"]],
    ids=["text", "bytes", "list"],
)
def test_grants_are_read_however_a_driver_gives_them(stored):
    assert stored_grants(stored) == ["SEARCH_SALES"]


# Where not: each of these, and a central that is not there, are one and the same


async def _not_there():
    account, _, token = await _collaborator()
    await _change("DELETE FROM collaborators WHERE account_id = ?", account["id"])
    await _change("DELETE FROM profiles WHERE account_id = ?", account["id"])
    await _change("DELETE FROM accounts WHERE id = ?", account["id"])
    return token, account["id"]


async def _never_there():
    _, _, token = await _collaborator()
    return token, database.new_id()


async def _someone_elses():
    _, _, token = await _collaborator()
    account = await make.account()
    return token, account["id"]


async def _suspended():
    account, _, token = await _collaborator(suspended_at=database.now() - 1)
    return token, account["id"]


async def _not_begun():
    account, _, token = await _collaborator(starts_at=database.now() + HOUR)
    return token, account["id"]


async def _over():
    account, _, token = await _collaborator(starts_at=database.now() - HOUR, ends_at=database.now() - 1)
    return token, account["id"]


async def _removed():
    account, collaborator, token = await _collaborator()
    await _change("DELETE FROM collaborators WHERE id = ?", collaborator["id"])
    return token, account["id"]


async def _closed_for_an_admin():
    account, _, token = await _collaborator(Role.ADMIN)
    await _change("UPDATE accounts SET closed_at = ? WHERE id = ?", database.now(), account["id"])
    return token, account["id"]


async def _closed_for_a_user():
    account, _, token = await _collaborator()
    await _change("UPDATE accounts SET closed_at = ? WHERE id = ?", database.now(), account["id"])
    return token, account["id"]


async def _of_the_signed_out():
    account = await make.account()
    return None, account["id"]


CLOSED_DOORS = {
    "never there": _never_there,
    "there no more": _not_there,
    "someone else's": _someone_elses,
    "seat suspended": _suspended,
    "seat not begun": _not_begun,
    "seat over": _over,
    "seat removed": _removed,
    "closed, for an admin": _closed_for_an_admin,
    "closed, for a user": _closed_for_a_user,
    "signed out": _of_the_signed_out,
}


@pytest.mark.parametrize("door", CLOSED_DOORS.values(), ids=CLOSED_DOORS)
async def test_a_central_that_one_may_not_enter_is_not_there(database_url, door):
    token, account_id = await door()

    with database.observed() as statements, pytest.raises(NoSuchCentral) as caught:
        await identify(token, account_id)

    assert type(caught.value) is NoSuchCentral
    assert caught.value.args == ()  # nothing tells one reason from another
    assert len(statements) == (0 if token is None else 1)


async def test_every_closed_door_sends_the_same_statement(database_url):
    sent = set()

    for door in CLOSED_DOORS.values():
        token, account_id = await door()
        with database.observed() as statements, pytest.raises(NoSuchCentral):
            await identify(token, account_id)
        sent.update(statements)

    assert len(sent) == 1


async def test_the_owner_enters_a_closed_account(database_url):
    owner = await make.user()
    account = await make.account(owner, closed_at=database.now())

    viewer = await identify(await make.session(owner), account["id"])

    assert viewer.role is MyRole.OWNER


async def test_a_membership_inside_its_dates_is_entered(database_url):
    account, _, token = await _collaborator(starts_at=database.now() - HOUR, ends_at=database.now() + HOUR)

    assert (await identify(token, account["id"])).role is MyRole.USER


@pytest.mark.parametrize(
    ("moment", "enters"),
    [(999, False), (1_000, True), (1_999, True), (2_000, False)],
    ids=["just before", "at the start", "just before the end", "at the end"],
)
async def test_a_memberships_dates_are_half_open(database_url, monkeypatch, moment, enters):
    day = database.now()
    account, _, token = await _collaborator(starts_at=day + 1_000, ends_at=day + 2_000)
    clock = SimpleNamespace(time_ns=lambda: (day + moment) * 1_000_000)
    monkeypatch.setattr(identity, "time", clock)

    if enters:
        assert (await identify(token, account["id"])).role is MyRole.USER
    else:
        with pytest.raises(NoSuchCentral):
            await identify(token, account["id"])


async def test_a_token_expires_at_its_time_and_not_later(database_url, monkeypatch):
    at = database.now() + HOUR
    token = f"timed-{database.new_id()}"
    await _credential(token, "ACCESS", at)

    monkeypatch.setattr(identity, "time", SimpleNamespace(time_ns=lambda: (at - 1) * 1_000_000))
    assert (await identify(token, None)).mask == PERSON
    monkeypatch.setattr(identity, "time", SimpleNamespace(time_ns=lambda: at * 1_000_000))
    with pytest.raises(Unauthenticated):
        await identify(token, None)


# An id has one spelling; whatever else a client sends names no central, on either database

SPELLINGS = {
    "empty": lambda _: "",
    "a word": lambda _: "central",
    "a number": lambda _: "1",
    "upper case": str.upper,
    "one letter upper case": lambda it: it.replace("a", "A", 1),
    "in braces": lambda it: f"{{{it}}}",
    "as a urn": lambda it: f"urn:uuid:{it}",
    "without hyphens": lambda it: it.replace("-", ""),
    "hyphens elsewhere": lambda it: f"{it[:4]}-{it[4:8]}{it[8:]}",
    "with a space before": lambda it: f" {it}",
    "with a space after": lambda it: f"{it} ",
    "with a line end": lambda it: f"{it}\n",
    "with a NUL": lambda it: f"{it}\0",
    "with a NUL inside": lambda it: f"{it[:35]}\0",
    "half a character": lambda it: f"{it[:35]}\ud800",
    "a letter short": lambda it: it[:-1],
    "a letter long": lambda it: f"{it}0",
    "very long": lambda it: it * 10_000,
    "not hexadecimal": lambda it: f"{it[:35]}g",
    "full-width digits": lambda it: f"{it[:35]}１",
    "with a quote": lambda it: f"{it}' OR '1' = '1",
    "a pattern": lambda _: "%",
    "the nil id": lambda _: "00000000-0000-0000-0000-000000000000",
    "the greatest id": lambda _: "ffffffff-ffff-ffff-ffff-ffffffffffff",
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
async def test_another_spelling_of_an_id_names_no_central(database_url, spelled):
    owner = await make.user()
    account = await make.account(owner, id=f"abcdefab{database.new_id()[8:]}")
    token = await make.session(owner)
    assert (await identify(token, account["id"])).role is MyRole.OWNER

    with database.observed() as statements, pytest.raises(NoSuchCentral):
        await identify(token, spelled(account["id"]))

    assert len(statements) == 1


# Judged again: as one stands now, in the transaction that the act is written in


async def test_who_is_signed_out_is_not_judged_again(database_url):
    with database.observed() as statements:
        assert await judged_again(SIGNED_OUT) is SIGNED_OUT

    assert statements == []


async def test_a_viewer_who_stands_as_before_is_equal(database_url):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    await make.team(account, [await make.collaborator(account)], [collaborator])

    for account_id in (None, account["id"]):
        viewer = await identify(token, account_id)
        assert await judged_again(viewer) == viewer


async def test_a_second_token_of_the_session_changes_nothing(database_url):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    await make.team(account, [await make.collaborator(account)], [collaborator])
    viewer = await identify(token, account["id"])

    async def work() -> None:
        at = database.now()
        row = {"id": database.new_id(), "session_id": viewer.session_id, "kind": "ACCESS"}
        times = {"created_at": at, "expires_at": at + HOUR, "used_at": None}
        await database.insert("credentials", row | {"digest": digest(database.new_id())} | times)

    await database.transact(work)

    assert await judged_again(viewer) == viewer


async def _in_transaction(viewer: Viewer) -> Viewer:
    async def work() -> Viewer:
        return await judged_again(viewer)

    return await database.transact(work)


CHANGES = {
    "another role": (
        "UPDATE collaborators SET role = 'ADMIN' WHERE account_id = ?",
        lambda viewer: viewer.role is MyRole.ADMIN and viewer.mask & Standing.ADMIN,
    ),
    "fewer grants": (
        "UPDATE profiles SET grants = '[\"VIEW_PRODUCTS\"]' WHERE account_id = ?",
        lambda viewer: grants_in(viewer.mask) == [Grant.VIEW_PRODUCTS],
    ),
    "teams switched off": (
        "UPDATE accounts SET teams_on = FALSE WHERE id = ?",
        lambda viewer: viewer.memberships == () and not viewer.mask & Standing.LEAD,
    ),
    "another privacy": (
        "UPDATE accounts SET privacy = 'SHARED' WHERE id = ?",
        lambda viewer: viewer.central.privacy is Privacy.SHARED,
    ),
    "out of the team": (
        "DELETE FROM team_members WHERE account_id = ?",
        lambda viewer: viewer.memberships == () and viewer.led == frozenset(),
    ),
}


@pytest.mark.parametrize(("text", "is_changed"), CHANGES.values(), ids=CHANGES)
async def test_a_change_of_standing_is_seen_by_who_is_judged_again(database_url, text, is_changed):
    account, collaborator, token = await _collaborator(Role.TEAM_LEAD)
    await make.team(account, [await make.collaborator(account)], [collaborator])
    viewer = await identify(token, account["id"])
    assert not is_changed(viewer)

    await _change(text, account["id"])

    assert is_changed(await judged_again(viewer))
    assert is_changed(await _in_transaction(viewer))


async def test_the_change_of_the_same_transaction_is_seen(database_url):
    account, _, token = await _collaborator()
    viewer = await identify(token, account["id"])

    async def work() -> Viewer:
        await database.write("UPDATE collaborators SET role = 'ADMIN' WHERE account_id = ?", (account["id"],))
        return await judged_again(viewer)

    assert (await database.transact(work)).role is MyRole.ADMIN


LOSSES = {
    "seat suspended": ("UPDATE collaborators SET suspended_at = 1 WHERE account_id = ?", NoSuchCentral),
    "seat over": ("UPDATE collaborators SET ends_at = 1 WHERE account_id = ?", NoSuchCentral),
    "seat removed": ("DELETE FROM collaborators WHERE account_id = ?", NoSuchCentral),
    "account closed": ("UPDATE accounts SET closed_at = 1 WHERE id = ?", NoSuchCentral),
}


@pytest.mark.parametrize(("text", "refused"), LOSSES.values(), ids=LOSSES)
async def test_who_lost_the_central_stands_in_none_when_judged_again(database_url, text, refused):
    account, _, token = await _collaborator()
    viewer = await identify(token, account["id"])

    await _change(text, account["id"])

    with pytest.raises(refused):
        await judged_again(viewer)
    with pytest.raises(refused):
        await _in_transaction(viewer)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE sessions SET ended_at = 1 WHERE id = ?",
        "UPDATE credentials SET expires_at = 1 WHERE session_id = ?",
        "DELETE FROM credentials WHERE session_id = ?",
    ],
    ids=["session ended", "token expired", "token revoked"],
)
@pytest.mark.parametrize("in_central", [False, True], ids=["in no central", "in a central"])
async def test_whose_session_ended_is_unauthenticated_when_judged_again(database_url, text, in_central):
    account, _, token = await _collaborator()
    viewer = await identify(token, account["id"] if in_central else None)

    await _change(text, viewer.session_id)

    with pytest.raises(Unauthenticated):
        await judged_again(viewer)


async def test_a_refresh_token_keeps_no_one_standing(database_url):
    user = await make.user()
    viewer = await identify(await make.session(user), None)

    await _change("UPDATE credentials SET kind = 'REFRESH' WHERE session_id = ?", viewer.session_id)

    with pytest.raises(Unauthenticated):
        await judged_again(viewer)


async def test_judging_again_takes_one_statement_and_the_lock(database_url):
    account, _, token = await _collaborator()
    viewer = await identify(token, account["id"])

    with database.observed() as statements:
        await judged_again(viewer)

    locks = [text for text in statements if "FOR NO KEY UPDATE" in text]
    assert len(statements) - len(locks) == 1
    assert statements[: len(locks)] == locks  # locked before it is read
    assert len(locks) == (1 if database.dialect() == "postgres" else 0)


async def test_no_one_changes_the_account_between_judging_and_the_commit(database_url):
    if database.dialect() != "postgres":
        pytest.skip("a transaction on SQLite is alone already")
    import asyncpg

    account, _, token = await _collaborator()
    other, _, _ = await _collaborator()
    viewer = await identify(token, account["id"])
    elsewhere = await asyncpg.connect(database_url)
    lock = "SELECT id FROM accounts WHERE id = $1::text::uuid FOR UPDATE NOWAIT"

    async def work() -> None:
        await judged_again(viewer)
        with pytest.raises(asyncpg.LockNotAvailableError):
            await elsewhere.fetch(lock, account["id"])
        assert len(await elsewhere.fetch(lock, other["id"])) == 1

    try:
        await database.transact(work)
        assert len(await elsewhere.fetch(lock, account["id"])) == 1
    finally:
        await elsewhere.close()


@pytest.mark.parametrize(
    ("credential", "in_central", "locked"),
    [
        ("session", True, {"accounts", "sessions"}),
        ("session", False, {"users", "sessions"}),
        ("token", True, {"accounts"}),
    ],
)
async def test_judging_again_locks_what_the_standing_comes_from(
    database_url: str, credential: str, locked: set[str], *, in_central: bool
) -> None:
    if database.dialect() != "postgres":
        pytest.skip("a transaction on SQLite is alone already")
    import asyncpg

    account, collaborator, token = await _collaborator()
    if credential == "token":
        token = await make.access_token(account, collaborator, [Grant.SEARCH_SALES], [])
    viewer = await identify(token, account["id"] if in_central else None)
    ids = {"accounts": account["id"], "users": collaborator["user_id"]}
    if credential == "session":
        ids["sessions"] = viewer.session_id
    other_account, another, other_token = await _collaborator()
    others = {"accounts": other_account["id"], "users": another["user_id"]}
    others["sessions"] = (await identify(other_token, None)).session_id
    elsewhere = await asyncpg.connect(database_url)
    free = "SELECT id FROM {} WHERE id = $1::text::uuid FOR UPDATE SKIP LOCKED"

    async def work() -> None:
        await judged_again(viewer)
        rows = {table: await elsewhere.fetch(free.format(table), row_id) for table, row_id in ids.items()}
        assert {table for table, found in rows.items() if not found} == locked
        for table, row_id in others.items():
            assert len(await elsewhere.fetch(free.format(table), row_id)) == 1

    try:
        await database.transact(work)
    finally:
        await elsewhere.close()


async def test_without_the_second_factor_that_an_account_requires_no_one_stands_in_it(
    database_url: str,
) -> None:
    account, collaborator, token = await _collaborator()
    owner = await make.session({"id": account["owner_id"]})
    await _change("UPDATE accounts SET two_factor_required_at = 1 WHERE id = ?", account["id"])

    for lacking in (token, owner):
        with pytest.raises(NoSuchCentral):
            await identify(lacking, account["id"])
    assert (await identify(token, None)).mask == PERSON

    await _change("UPDATE users SET two_factor_at = 1 WHERE id = ?", collaborator["user_id"])
    assert (await identify(token, account["id"])).collaborator_id == collaborator["id"]
    with pytest.raises(NoSuchCentral):
        await identify(owner, account["id"])


@pytest.mark.parametrize("on_record", [True, False])
async def test_collaborators_alone_reveal_personal_data_on_record(database_url, on_record):
    account = await make.account(reveal_on_record=on_record)
    collaborator = await make.collaborator(account)
    users = {"owner": account["owner_id"], "collaborator": collaborator["user_id"]}
    tokens = {who: await make.session({"id": user}) for who, user in users.items()}

    viewers = {who: await identify(token, account["id"]) for who, token in tokens.items()}

    revealing = {who for who, viewer in viewers.items() if viewer.mask & ON_RECORD}
    assert revealing == ({"collaborator"} if on_record else set())
