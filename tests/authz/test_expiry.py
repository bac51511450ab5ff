"""When a credential ends by itself."""

import make
from authz.expiry import seconds_left
from client import Client


async def test_a_session_and_a_token_have_the_time_that_is_left_of_them(client: Client) -> None:
    account = await make.account()
    place = await make.collaborator(account, await make.profile(account, []))
    session = await client.collaborator(place)
    token = await make.access_token(account, place, [], [])

    for credential in (session, token):
        assert 0 < await seconds_left(credential) < 100 * 365 * 86_400


async def test_what_is_no_credential_has_no_time_left(client: Client) -> None:
    account = await make.account()
    place = await make.collaborator(account, await make.profile(account, []))
    await make.access_token(account, place, [], [])

    for credential in ("unknown", "cpat_malformed", f"cpat_{account['id'].replace('-', '')}_unknown"):
        assert await seconds_left(credential) == 0.0
