"""From nothing to a collaborator at work, as the articles tell it: over HTTP and by real e-mail."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

import make
from doorstep import PASSWORD, Server, serving
from models import database
from post_office import Mailbox, mailbox, token_in, words

ERRORS = "errors { code message field }"


async def ask(
    server: Server, query: str, values: dict[str, Any], token: str | None = None, central: str | None = None
) -> Any:
    """The one field of an answer that refuses nothing."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if central:
        headers["x-central"] = central
    async with httpx.AsyncClient(timeout=30) as http:
        response = await http.post(
            f"{server.url}/graphql", json={"query": query, "variables": {"input": values}}, headers=headers
        )
    body = response.json()
    assert "errors" not in body, body
    (answer,) = body["data"].values()
    assert not (answer or {}).get("errors"), answer
    return answer


def mutation(name: str, shown: str = "") -> str:
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {shown} {ERRORS} }} }}"


async def arrived(box: Mailbox, address: str, number: int = 1) -> Any:
    for _ in range(200):
        if len(found := box.sent_to(address)) >= number:
            return found[number - 1]
        await asyncio.sleep(0.05)
    raise AssertionError(
        f"No e-mail number {number} within ten seconds: {[item['Subject'] for item in box.taken]}"
    )


async def signed_in(server: Server, email: str) -> str:
    data = await ask(server, mutation("signIn", "accessToken"), {"email": email, "password": PASSWORD})
    return str(data["accessToken"])


async def signed_up(server: Server, box: Mailbox, email: str, name: str) -> str:
    person = {"email": email, "name": name, "password": PASSWORD, "locale": "es"}
    await ask(server, mutation("signUp", "email"), person)
    token = token_in(await arrived(box, email), "verify")
    session = await signed_in(server, email)
    # from the session that they signed up for: a link followed by anyone else asks for a new password
    await ask(server, mutation("verifyEmail", "email"), {"token": token}, session)
    return session


async def opened(server: Server, owner: str) -> str:
    account = {"name": "Aurora Cursos", "country": "BR", "currency": "BRL"}
    data = await ask(server, mutation("createAccount", "central { id }"), account, owner)
    central = str(data["central"]["id"])
    number = {"country": "BR", "taxNumber": "11.222.333/0001-81"}
    await ask(server, mutation("becomeLegalEntity"), number, owner, central)
    return central


async def test_an_owner_invites_support_which_follows_the_link_and_sees_its_first_sale(
    database_url: str, tmp_path: Path
) -> None:
    with mailbox() as box:
        values = {"MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(box.port), "MAIL_TLS": "none"}
        values |= {"MAIL_FROM": "Centrals <centrals@example.com>"}
        async with serving(database_url, tmp_path, **values) as server:
            owner = await signed_up(server, box, f"olga-{database.new_id()}@example.com", "Olga")
            central = await opened(server, owner)
            profile = await ask(
                server,
                mutation("createProfile", "profile { id grants }"),
                {"name": "Soporte", "source": {"preset": "SUPPORT"}},
                owner,
                central,
            )
            email = f"nora-{database.new_id()}@example.com"
            variables = {"name": "Nora", "email": email, "profileId": profile["profile"]["id"]}
            invited = await ask(
                server, mutation("inviteCollaborator", "invitation { id status }"), variables, owner, central
            )
            first = await arrived(box, email)
            await ask(
                server,
                mutation("resendInvitation", "invitation { id }"),
                {"invitationId": invited["invitation"]["id"]},
                owner,
                central,
            )
            second = await arrived(box, email, 2)
            assert "Aurora Cursos" in str(second["Subject"])
            assert f"{server.url}/link#invitation=".replace("127.0.0.1", "localhost") in words(second)
            assert token_in(first) != token_in(second)

            newcomer = {"name": "Nora", "password": PASSWORD, "locale": "es"}
            accepted = await ask(
                server,
                mutation("acceptInvitation", "central { id role }"),
                {"token": token_in(second), "signUp": newcomer},
            )
            nora = await signed_in(server, email)
            sale = await make.sale({"id": central.removeprefix("central_")})
            people = await ask(server, "{ account { people { nodes { id } } } }", {}, owner, central)
            (person,) = people["people"]["nodes"]
            handed = {"reference": sale["reference"], "assigneeId": person["id"]}
            await ask(server, mutation("assignSale", "reference"), handed, owner, central)
            query = "{ account { myRole sales { nodes { reference } } } }"
            data = await ask(server, query, {}, nora, central)

    assert invited["invitation"]["status"] == "PENDING"
    assert accepted["central"] == {"id": central, "role": "USER"}
    assert data == {"myRole": "USER", "sales": {"nodes": [{"reference": sale["reference"]}]}}
    assert len(box.sent_to(email)) == 2
