"""Who may give what by an invitation, and whose invitations are open."""

import itertools

import pytest

import make
from authz.gates import ALL_GRANTS, Standing, grant_bit
from authz.grant import Grant
from authz.identity import digest, identify
from authz.invitations import INVITING, can_delegate, in_state, standing_of, state_of
from authz.viewer import SIGNED_OUT
from graph.membership.invitations.open import invitation_of, open_invitations
from models import database
from models.statement import Statement
from models.vocabulary import InvitationStatus, Role

SALES, RECEIPTS = grant_bit(Grant.SEARCH_SALES), grant_bit(Grant.SEND_RECEIPTS)
OWNER = Standing.OWNER | ALL_GRANTS
ADMIN = Standing.ADMIN | Standing.LEAD | ALL_GRANTS
HOUR = 3_600_000
LATER = 4_000_000_000_000


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("grants", [0, SALES, SALES | RECEIPTS, INVITING, SALES | INVITING])
def test_the_owner_gives_anything_and_others_what_they_hold_but_the_giving(role, grants):
    values = {
        mask: can_delegate(mask, role, grants)
        for mask in (OWNER, ADMIN, ALL_GRANTS, SALES | INVITING, SALES, SALES | RECEIPTS, INVITING, 0)
    }

    user = role is Role.USER
    assert values == {
        OWNER: True,
        ADMIN: user and not grants & INVITING,
        ALL_GRANTS: user and not grants & INVITING,
        SALES | INVITING: user and grants in {0, SALES},
        SALES: False,
        SALES | RECEIPTS: False,
        INVITING: user and grants == 0,
        0: False,
    }


async def invitation(account, email, **changed):
    token = f"{account['id'].replace('-', '')}_{database.new_id()}"
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "profile_id": (await make.profile(account, name="Support"))["id"],
        "inviter_id": account["owner_id"],
        "name": "Invited",
        "email": email,
        "role": Role.USER,
        "status": InvitationStatus.PENDING,
        "token_digest": digest(token),
        "created_at": database.now(),
        "expires_at": database.now() + HOUR,
        "decided_at": None,
    } | changed
    await database.transact(lambda: database.insert("invitations", row))
    return row, token


STATES = {
    "open": ({}, {}, True),
    "accepted": ({"status": InvitationStatus.ACCEPTED}, {}, False),
    "revoked": ({"status": InvitationStatus.REVOKED}, {}, False),
    "expired": ({"expires_at": 1}, {}, False),
    "of a closed account": ({}, {"closed_at": 1}, False),
}


@pytest.mark.parametrize(("state", "verified"), list(itertools.product(STATES, [True, False])))
async def test_an_invitation_is_told_to_its_token_and_its_verified_address_while_open(
    database_url, state, verified
):
    changed, account_changed, is_open = STATES[state]
    account = await make.account(brand_name="Aurora", **account_changed)
    user = await make.user(email_verified_at=1 if verified else None)
    row, token = await invitation(account, user["email"], **changed)
    await invitation(account, "someone-else@example.com")

    viewer = await identify(await make.session(user), None)
    with database.observed() as statements:
        result = await open_invitations(viewer, natural_persons=False)
    found = await invitation_of(token, natural_persons=False)

    assert len(statements) == 1
    assert [item.invitation_id for item in result] == ([row["id"]] if is_open and verified else [])
    assert (found is not None) == is_open
    if found is not None:
        assert (found.account_name, found.profile_name, found.role) == ("Aurora", "Support", Role.USER)
        assert found.expires_at == row["expires_at"]


async def test_no_one_and_no_token_are_told_of_nothing(database_url):
    account = await make.account()
    _, token = await invitation(account, "someone@example.com")

    assert await open_invitations(SIGNED_OUT, natural_persons=True) == []
    bad = ("", "x", token + "x", f"{'0' * 32}_x")
    assert [await invitation_of(item, natural_persons=True) for item in bad] == [None] * 4


@pytest.mark.parametrize(
    ("inviter", "kind", "natural_persons", "result"),
    [
        ("holds it", "LEGAL_ENTITY", False, True),
        ("holds it", "NATURAL_PERSON", False, False),
        ("holds it", "NATURAL_PERSON", True, True),
        ("suspended", "LEGAL_ENTITY", False, False),
        ("over", "LEGAL_ENTITY", False, False),
        ("not begun", "LEGAL_ENTITY", False, False),
        ("less", "LEGAL_ENTITY", False, False),
        ("gone", "LEGAL_ENTITY", False, False),
    ],
)
async def test_what_could_not_be_accepted_is_not_offered(
    database_url, inviter, kind, natural_persons, result
):
    account = await make.account(kind=kind)
    grants = [Grant.ACCESS_COLLABORATORS_CENTER, *([] if inviter == "less" else [Grant.SEARCH_SALES])]
    states = {"suspended": {"suspended_at": 1}, "over": {"ends_at": 1}, "not begun": {"starts_at": LATER}}
    dates = states.get(inviter, {})
    collaborator = await make.collaborator(account, await make.profile(account, grants), **dates)
    by = (await make.user())["id"] if inviter == "gone" else collaborator["user_id"]
    user = await make.user(email_verified_at=1)
    offered = await make.profile(account, [Grant.SEARCH_SALES], name="Offered")
    row, token = await invitation(account, user["email"], inviter_id=by, profile_id=offered["id"])
    viewer = await identify(await make.session(user), None)

    found = await open_invitations(viewer, natural_persons=natural_persons)

    assert [item.invitation_id for item in found] == ([row["id"]] if result else [])
    assert (await invitation_of(token, natural_persons=natural_persons) is not None) == result


async def test_an_inviters_standing_is_their_standing_now(database_url):
    account = await make.account()
    profile = await make.profile(account, [Grant.SEARCH_SALES, Grant.ACCESS_COLLABORATORS_CENTER])
    await make.profile(account, list(Grant), name="No one's")
    now = database.now()
    collaborators = {
        "in": {},
        "suspended": {"suspended_at": now},
        "not begun": {"starts_at": now + HOUR},
        "over": {"ends_at": now - 1},
    }
    current = {
        name: await standing_of(
            (await make.collaborator(account, profile, **changed))["user_id"], account["id"]
        )
        for name, changed in collaborators.items()
    }

    assert current == {"in": SALES | INVITING, "suspended": 0, "not begun": 0, "over": 0}
    assert await standing_of(account["owner_id"], account["id"]) == OWNER
    assert await standing_of((await make.user())["id"], account["id"]) == 0


async def test_a_filter_by_state_finds_those_of_which_the_state_is_told(database_url, monkeypatch):
    account = await make.account()
    profile = await make.profile(account, [])
    now = database.now()
    monkeypatch.setattr(database, "now", lambda: now)  # so that some end at this very moment

    async def work() -> None:
        for status in ("PENDING", "ACCEPTED", "DECLINED", "REVOKED", "EXPIRED", "FALLEN"):
            for expires_at in (now - 60_000, now, now + 60_000):
                for falls_at in (
                    None,
                    now - 120_000,
                    now - 30_000,
                    now,
                    now + 30_000,
                    now + 60_000,
                    now + 120_000,
                ):
                    await database.insert(
                        "invitations",
                        {
                            "id": database.new_id(), "account_id": account["id"], "profile_id": profile["id"],
                            "inviter_id": account["owner_id"], "name": "Nora", "email": "nora@example.com",
                            "role": "USER", "status": status, "token_digest": database.new_id(), "created_at": now,
                            "expires_at": expires_at, "falls_at": falls_at,
                        },
                    )  # fmt: skip

    await database.transact(work)
    rows = await database.read("SELECT * FROM invitations WHERE account_id = ?", (account["id"],))

    for state in InvitationStatus:
        found = await database.read(
            Statement("SELECT i.id FROM invitations i WHERE i.account_id = ? AND ", (account["id"],))
            + in_state("i", state)
        )
        results = {
            row["id"] for row in rows if state_of(row["status"], row["expires_at"], row["falls_at"]) is state
        }
        assert {row["id"] for row in found} == results
    # what is about to end at this moment has ended
    assert state_of("PENDING", now, None) is InvitationStatus.EXPIRED
    assert state_of("PENDING", now, now) is InvitationStatus.FALLEN
    assert state_of("PENDING", now + 1, now + 1) is InvitationStatus.PENDING
