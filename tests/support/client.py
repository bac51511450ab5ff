"""The API as a client meets it: over HTTP, through the whole application."""

from dataclasses import dataclass
from typing import Any

import httpx

import make
from centrals.settings import Settings
from versions import with_version

SETTINGS = Settings(
    secret_key=b"a key for tests, of enough characters",
    public_url="http://127.0.0.1:8000",
    cost_per_operation=10**9,
    cost_per_minute=10**12,
)


@dataclass
class Client:
    """Asks as someone, in a central. `account` and `user` are rows that `make` made."""

    http: httpx.AsyncClient

    async def post(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        account: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The raw answer."""
        sent = {"accept": "application/graphql-response+json", **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if account is not None:
            sent["x-central"] = f"central_{account['id']}"
        body: dict[str, Any] = {"query": query}
        if variables is not None:
            body["variables"] = await with_version(query, variables, account)
        return await self.http.post("/graphql", json=body, headers=sent)

    async def ask(self, query: str, variables: dict[str, Any] | None = None, **who: Any) -> Any:
        """The data of an answer that has no errors."""
        response = await self.post(query, variables, **who)
        body = response.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def errors(self, query: str, variables: dict[str, Any] | None = None, **who: Any) -> list[Any]:
        """The top-level errors of an answer."""
        response = await self.post(query, variables, **who)
        return list(response.json().get("errors", []))

    @staticmethod
    async def collaborator(collaborator: dict[str, Any]) -> str:
        """An access token of the user in a seat."""
        return await make.session({"id": collaborator["user_id"]})

    @staticmethod
    async def owner(account: dict[str, Any]) -> str:
        """An access token of an account's owner."""
        return await make.session({"id": account["owner_id"]})
