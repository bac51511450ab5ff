"""Personal access tokens: what was chosen when they were made, of what their maker holds now."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

import make
from authz import identity
from authz.billing import billing
from authz.gates import ALL_GRANTS, Standing, grant_bit
from authz.grant import Grant
from authz.identity import (
    TOKEN_PREFIX,
    NoSuchCentral,
    digest,
    identify,
    judged_again,
    question,
    stored_mask,
    token_account,
    viewer_in,
)
from authz.narrowing import lineage_of
from authz.reach import Collaborators, Credited, Reach
from authz.refusal import Unauthenticated
from authz.schedules import report_schedules
from authz.viewer import Central, MyRole, Viewer
from models import database
from models.statement import NEVER
from models.vocabulary import Privacy, Role

READ = [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS]
TOKEN = Standing.SIGNED_IN | Standing.IN_CENTRAL


async def _token(account: dict[str, Any], user_id: str, grants: list[Grant], **changed: Any) -> str:
    """A personal access token of someone, for an account."""
    token = f"{TOKEN_PREFIX}{account['id'].replace('-', '')}_{database.new_id()}"
    row = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": user_id,
        "name": "Nightly export",
        "grants": msgspec.json.encode([grant.value for grant in grants]).decode(),
        "standings": "[]",
        "digest": digest(token),
        "created_at": database.now(),
        "expires_at": database.now() + 3_600_000,
        "last_used_at": None,
        "ended_at": None,
    }
    await database.transact(lambda: database.insert("access_tokens", row | changed))
    return token


async def _change(statement: str, *params: Any) -> None:
    await database.transact(lambda: database.write(statement, params))


async def test_a_token_holds_what_was_chosen_of_what_its_maker_holds(database_url: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    token = await _token(account, collaborator["user_id"], READ)

    with database.observed() as statements:
        viewer = await identify(token, account["id"])

    assert viewer.mask == TOKEN | grant_bit(Grant.SEARCH_SALES)
    assert viewer.session_id is None
    assert len(statements) == 1


async def test_a_token_stands_in_its_own_central_named_or_not(database_url: str) -> None:
    account = await make.account()
    token = await _token(account, account["owner_id"], READ)
    other = await make.account({"id": account["owner_id"]})

    assert await identify(token, None) == await identify(token, account["id"])
    with pytest.raises(NoSuchCentral):
        await identify(token, other["id"])


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([], 0),
        (["LEAD"], Standing.LEAD),
        (["ADMIN"], Standing.ADMIN | Standing.LEAD),
        (["ADMIN", "LEAD"], Standing.ADMIN | Standing.LEAD),
        (["OWNER", "SESSION", "nothing"], 0),
    ],
)
async def test_standing_comes_only_where_chosen_and_the_owners_never(
    database_url: str, chosen: list[str], expected: int
) -> None:
    account = await make.account()
    standings = msgspec.json.encode(chosen).decode()
    token = await _token(account, account["owner_id"], READ, standings=standings)

    viewer = await identify(token, account["id"])

    assert viewer.mask == TOKEN | grant_bit(Grant.SEARCH_SALES) | grant_bit(Grant.VIEW_PRODUCTS) | expected


async def test_a_token_of_a_user_chooses_no_standing_that_its_maker_lacks(database_url: str) -> None:
    account = await make.account(teams_on=True)
    collaborator = await make.collaborator(account, role=Role.USER)
    token = await _token(account, collaborator["user_id"], READ, standings='["ADMIN", "LEAD"]')

    viewer = await identify(token, account["id"])

    assert not viewer.mask & (Standing.ADMIN | Standing.LEAD | Standing.OWNER | Standing.SESSION)


@pytest.mark.parametrize(
    "spoiled",
    [
        "",
        "_",
        "short_secret",
        "0" * 32,
        "0" * 32 + "_unknown",
        "G" * 32 + "_unknown",
        "0" * 31 + "\0_unknown",
        "0" * 40 + "_unknown",
    ],
)
async def test_what_only_looks_like_a_token_is_a_bad_credential(database_url: str, spoiled: str) -> None:
    with database.observed() as statements, pytest.raises(Unauthenticated):
        await identify(TOKEN_PREFIX + spoiled, None)

    names_an_account = spoiled.startswith("0" * 32) and spoiled[32:33] in ("", "_")
    assert len(statements) == names_an_account  # nothing is read for what is malformed


@pytest.mark.parametrize("how", [{"expires_at": 1}, {"ended_at": 1}])
async def test_an_expired_or_ended_token_is_a_bad_credential(database_url: str, how: dict[str, int]) -> None:
    account = await make.account()
    token = await _token(account, account["owner_id"], READ, **how)

    with pytest.raises(Unauthenticated):
        await identify(token, account["id"])


async def test_a_token_without_a_membership_enters_nothing(database_url: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account)
    token = await _token(account, collaborator["user_id"], READ)
    viewer = await identify(token, account["id"])

    await _change(
        "UPDATE collaborators SET suspended_at = 1 WHERE account_id = ? AND id = ?",
        account["id"],
        collaborator["id"],
    )

    with pytest.raises(NoSuchCentral):
        await identify(token, account["id"])
    with pytest.raises(NoSuchCentral):
        await judged_again(viewer)


async def test_a_token_is_judged_again_by_what_holds_now(database_url: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, READ))
    token = await _token(account, collaborator["user_id"], READ)
    viewer = await identify(token, account["id"])
    await _change("UPDATE profiles SET grants = '[]' WHERE account_id = ?", account["id"])

    again = await database.transact(lambda: judged_again(viewer))
    await _change("UPDATE access_tokens SET ended_at = 1 WHERE account_id = ?", account["id"])

    assert again.token_id == viewer.token_id
    assert again.mask == TOKEN
    with pytest.raises(Unauthenticated):
        await judged_again(viewer)


def test_a_token_names_its_account() -> None:
    account_id = "01a1fff5-8cba-766e-9995-c71620d9333c"

    assert token_account(f"{TOKEN_PREFIX}{account_id.replace('-', '')}_secret") == account_id
    assert token_account(f"{account_id.replace('-', '')}_secret") == account_id  # as an invitation's does
    assert token_account(f"{TOKEN_PREFIX}{account_id}_secret") is None
    assert token_account(f"x{account_id.replace('-', '')}_secret") is None
    assert token_account(f"{account_id.replace('-', '')}\n") is None


def test_a_session_stands_in_no_central_whatever_its_token_looks_like() -> None:
    row = (*("session", None, None, None, None), *("user", "Ana", "ana@example.com", "pt"))

    assert viewer_in([row], f"{'0' * 32}_secret", None).user_id == "user"


def test_outside_of_centrals_no_account_is_searched() -> None:
    assert "accounts" not in question("access", None).text
    assert "accounts" in question("access", "0").text


def test_a_profile_that_arrives_as_text_is_decoded_once() -> None:
    text = '["SEARCH_SALES", "SEARCH_SALES"]'

    assert stored_mask(text) == stored_mask([Grant.SEARCH_SALES.value]) == grant_bit(Grant.SEARCH_SALES)
    found = identity._text_mask.cache_info().hits
    assert stored_mask(text) == grant_bit(Grant.SEARCH_SALES)
    assert identity._text_mask.cache_info().hits == found + 1


async def test_a_token_ends_at_its_time_for_a_request_and_for_what_it_writes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account()
    at = database.now() + 3_600_000
    token = await _token(account, account["owner_id"], READ, expires_at=at)
    session = await make.session({"id": account["owner_id"]})
    await _change("UPDATE credentials SET expires_at = ? WHERE digest = ?", at, digest(session))
    viewers = [await identify(credential, account["id"]) for credential in (token, session)]

    monkeypatch.setattr(identity, "time", SimpleNamespace(time_ns=lambda: (at - 1) * 1_000_000))
    assert [await judged_again(viewer) for viewer in viewers] == viewers
    assert await identify(token, None) == viewers[0]
    monkeypatch.setattr(identity, "time", SimpleNamespace(time_ns=lambda: at * 1_000_000))
    for viewer in viewers:
        with pytest.raises(Unauthenticated):
            await judged_again(viewer)
    for credential in (token, session):
        with pytest.raises(Unauthenticated):
            await identify(credential, account["id"])


async def test_no_other_token_of_the_account_judges_or_is_judged(database_url: str) -> None:
    account = await make.account()
    own = await _token(account, account["owner_id"], [Grant.SEARCH_SALES])
    other = await _token(account, account["owner_id"], [Grant.VIEW_PRODUCTS])
    viewers = [await identify(token, None) for token in (own, other)]

    assert [viewer.mask - TOKEN for viewer in viewers] == [grant_bit(grant) for grant in READ]
    assert [await judged_again(viewer) for viewer in viewers] == viewers


async def test_a_lineage_is_judged_together() -> None:
    chosen = identity._chosen_mask
    both = '[["a",["SEARCH_SALES","MAKE_WITHDRAWAL"],["ADMIN"],{"products":["p","q"],"documents":["D","E"],"calls":5}],'
    text = both + '["b",["SEARCH_SALES"],["ADMIN"],{"products":["q"],"documents":["E"],"amounts":{"BRL":7}}]]'

    found = lineage_of(text, chosen)

    assert (found.levels, found.products, found.documents) == (2, ("q",), frozenset({"E"}))
    assert [(part.token_id, part.calls, part.amounts) for part in found.allowances] == [
        ("a", 5, None),
        ("b", None, {"BRL": 7}),
    ]
    assert found.mask & (ALL_GRANTS | Standing.ADMIN) == grant_bit(Grant.SEARCH_SALES)
    plain = lineage_of(
        '[["a",["MAKE_WITHDRAWAL"],["ADMIN"],null],["b",["MAKE_WITHDRAWAL"],["ADMIN"],{"calls":1}]]', chosen
    )
    assert plain.mask & Standing.ADMIN
    assert plain.mask & grant_bit(Grant.MAKE_WITHDRAWAL)
    assert (plain.products, plain.documents, len(plain.allowances)) == (None, None, 1)


def test_a_reach_knows_the_products_of_its_rows() -> None:
    within = Reach("sales", "here", products=("p", "q"))
    assert within.where("s").text == "s.account_id = ? AND s.product_id IN (?, ?)"
    about = Reach("refund_requests", "here", products=("p",)).where("r")
    assert "x.id = r.sale_id AND x.product_id = ?" in about.text
    assert Reach("audit_entries", "here", products=("p",)).where("r").text.endswith(NEVER.text)
    credited = Credited("sales", "here", "credit_id", ("me",), products=("p",), teams=("north",))
    assert [part.where("s").text.count("product_id") for part in credited.parts] == [1, 1]
    narrowed = Collaborators("collaborators", "here", products=("p",)).where("c").text
    assert narrowed.endswith(NEVER.text)
    viewer = Viewer(
        user_id="me",
        central=Central("here", "Aurora", False, Privacy.OWN, "UTC", "BRL"),
        role=MyRole.OWNER,
        mask=ALL_GRANTS,
        products=("p",),
    )
    assert report_schedules(viewer).account_id is None
    assert billing(viewer, "statements").account_id is None
