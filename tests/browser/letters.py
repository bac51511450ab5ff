"""The e-mails that a server without a mail server leaves in its folder, and who causes them."""

import asyncio
from email import message_from_bytes
from email.policy import default
from typing import Any

import httpx
from served import PASSWORD, Served

_ERRORS = "errors { code }"


def _links(served: Served, email: str, kind: str) -> list[str]:
    """The links of a kind in the e-mails to an address, oldest first."""
    found = []
    for file in sorted((served.database.parent / "mail").glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=default)
        if message["To"] == email:
            text = str(message.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
            found += [word for word in text.split() if f"/link#{kind}=" in word]
    return found


class Correspondent:
    """Asks the API as someone, and reads everyone's mail."""

    def __init__(self, served: Served, token: str | None = None, central: str | None = None) -> None:
        self.served = served
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        if central:
            self._headers["x-central"] = central

    async def ask(self, query: str, **values: Any) -> Any:
        """The one field of an answer that refuses nothing."""
        body = {"query": query, "variables": {"input": values} if values else {}}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            response = await http.post(f"{self.served.address}/graphql", json=body, headers=self._headers)
        result = response.json()
        assert "errors" not in result, result
        (answer,) = result["data"].values()
        assert not answer.get("errors"), answer
        return answer

    async def do(self, name: str, shown: str = "", /, **values: Any) -> Any:
        """What a mutation answers."""
        kind = name[0].upper() + name[1:]
        return await self.ask(
            f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {shown} {_ERRORS} }} }}", **values
        )

    async def signed_in(self, email: str, account: str | None = None) -> "Correspondent":
        """Someone signed in, in the account of that name."""
        token = (await self.do("signIn", "accessToken", email=email, password=PASSWORD))["accessToken"]
        found = Correspondent(self.served, token)
        if account is None:
            return found
        centrals = (await found.ask("{ viewer { centrals { id accountName } } }"))["centrals"]
        (central,) = (item["id"] for item in centrals if item["accountName"] == account)
        return Correspondent(self.served, token, central)

    async def profile(self, name: str) -> str:
        """The id of the account's profile of that name."""
        profiles = (await self.ask("{ account { profiles { id name } } }"))["profiles"]
        return next(profile["id"] for profile in profiles if profile["name"] == name)

    async def invite(self, email: str) -> str:
        """Invite an address to the profile Support, and tell the link that it gets."""
        values = {"name": "As invited", "email": email, "profileId": await self.profile("Support")}
        await self.do("inviteCollaborator", **values)
        return await self.link(email, "invitation")

    async def revoke(self, email: str) -> None:
        """Take the invitation of an address back."""
        query = "{ account { invitations(first: 100) { nodes { id email } } } }"
        sent = (await self.ask(query))["invitations"]["nodes"]
        (named,) = (item["id"] for item in sent if item["email"] == email)
        await self.do("revokeInvitation", invitationId=named)

    async def link(self, email: str, kind: str, number: int = 1) -> str:
        """The link of the e-mail of that number and kind to an address, once it is there."""
        for _ in range(200):
            if len(links := await asyncio.to_thread(_links, self.served, email, kind)) >= number:
                return links[number - 1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"No link number {number} of the kind {kind} to {email} within ten seconds.")
