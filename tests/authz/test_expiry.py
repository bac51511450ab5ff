"""When a credential ends by itself."""

import time
from functools import partial

import make
from authz.expiry import seconds_left
from authz.identity import digest
from client import Client
from models import database


async def test_a_session_and_a_token_have_the_time_that_is_left_of_them(client: Client) -> None:
    account = await make.account()
    place = await make.collaborator(account, await make.profile(account, []))
    session = await client.collaborator(place)
    token = await make.access_token(account, place, [], [])

    assert await seconds_left("unknown") == 0.0
    for hours, (statement, credential) in enumerate(
        (
            ("UPDATE credentials SET expires_at = ? WHERE digest = ?", session),
            ("UPDATE access_tokens SET expires_at = ? WHERE digest = ?", token),
        ),
        start=1,
    ):
        ends_at = database.now() + hours * 7_200_000
        await database.transact(partial(database.write, statement, (ends_at, digest(credential))))
        assert abs(await seconds_left(credential) - (ends_at / 1000 - time.time())) < 5
        await database.transact(partial(database.write, statement, (1, digest(credential))))
        assert await seconds_left(credential) == 0.0


async def test_what_is_no_credential_has_no_time_left(client: Client) -> None:
    account = await make.account()
    place = await make.collaborator(account, await make.profile(account, []))
    await make.access_token(account, place, [], [])

    for credential in ("unknown", "cpat_malformed", f"cpat_{account['id'].replace('-', '')}_unknown"):
        assert await seconds_left(credential) == 0.0
