"""One viewer of one world, asked at random: the API's answers beside the oracle's."""

import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import make
from client import Client
from models import database
from oracle.oracle import Oracle
from oracle.questions import Asker, document, literal, offered_wrongly
from oracle.report_fields import OF_RECOVERY, REPORTS
from oracle.sale_answers import Wrong
from oracle.standing import Field
from oracle.world import World

Row = dict[str, Any]
TOGETHER = 3  # whole sales have some 170 fields, and an operation at most 550
MALFORMED = ("central_", "nothing", "central_%", "account_x")


class Mismatch(AssertionError):
    """The API and the oracle differ."""


@dataclass
class Exam:
    """Questions put to the API, counted, on a world of a seed."""

    client: Client
    world: World
    seed: int
    tally: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    async def token(self, user_id: str) -> str:
        """A token of one's own."""
        if user_id not in self.tokens:
            self.tokens[user_id] = await make.session({"id": user_id})
        return self.tokens[user_id]

    def oracle(self, user_id: str, account: Row | None) -> Oracle:
        """What the specification says of a viewer."""
        return Oracle(self.world, user_id, account["id"] if account else None, database.now())

    def same(self, what: str, asker: Any, question: Any, found: Any, expected: Any) -> None:
        """Count a case; fail with what reproduces it where the two differ."""
        self.tally[what] = self.tally.get(what, 0) + 1
        if found == expected:
            return
        viewer = f"user {asker.user['id']}, {asker.role or 'outside'}, seat {asker.collaborator and asker.collaborator['id']}"
        raise Mismatch(
            f"{what}: seed {self.seed}, {len(self.world['sales'])} sales, {viewer}\n  asked: {question}\n"
            f"  told:     {_apart(found, expected)}\n  expected: {_apart(expected, found)}"
        )

    def viewers(self, rng: random.Random, most: int) -> list[str]:
        """Users of the first account: its owner, and people with seats in it."""
        account = self.world["accounts"][0]
        collaborators = [
            collaborator
            for collaborator in self.world["collaborators"]
            if collaborator["account_id"] == account["id"]
        ]
        users = [account["owner_id"], *(collaborator["user_id"] for collaborator in collaborators)]
        entering = [user for user in users if self.oracle(user, account).enters]
        return rng.sample(entering, min(most, len(entering)))

    async def everything(self, viewers: int) -> None:
        """Ask every kind of question."""
        rng = random.Random(self.seed * 31 + 1)
        account = self.world["accounts"][0]
        for user_id in self.viewers(rng, viewers):
            oracle = self.oracle(user_id, account)
            who = {"token": await self.token(user_id), "account": account}
            asker = Asker(oracle, rng)
            await self._visible(oracle, asker, who)
            await self._hidden(oracle, asker, who)
            await self._pages(oracle, asker, who)
        await self._doors()

    async def _visible(self, oracle: Oracle, asker: Asker, who: Row) -> None:
        requests = [entry._replace(alias=f"q{number}") for number, entry in enumerate(asker.visible())]
        for start in range(0, len(requests), TOGETHER):
            part = tuple(requests[start : start + TOGETHER])
            unknown = oracle.unknown(part)
            assert not unknown, unknown
            answered = (await self.client.post(document(part), **who)).json()
            if "errors" in answered:
                self.same("visible", oracle, document(part), answered["errors"][:2], [])
            expected = oracle.answer(part)
            for item in part:
                result = ordered(answered["data"][item.alias])
                self.same(_subject(item), oracle, document((item,)), result, ordered(expected[item.alias]))

    async def _hidden(self, oracle: Oracle, asker: Asker, who: Row) -> None:
        for _ in range(6):
            question = asker.hidden()
            if question is None:
                return
            answered = (await self.client.post(document(question), **who)).json()
            errors = answered.get("errors", [])
            results = ["data" in answered, sorted(_refused(item["message"]) for item in errors)]
            expected = sorted(item.removesuffix(".") for item in oracle.unknown(question))
            self.same("hidden", oracle, document(question), results, [False, expected])
            codes = {item["extensions"]["code"] for item in errors}
            self.same("code", oracle, document(question), codes, {"GRAPHQL_VALIDATION_FAILED"})
            self.tally["code"] -= 1
            for error in errors:
                if offered := offered_wrongly(oracle, error["message"]):
                    self.same("suggestion", oracle, document(question), offered, set())

    async def _pages(self, oracle: Oracle, asker: Asker, who: Row) -> None:
        if not oracle.has("Account", "sales"):
            return
        wrong = (
            Field(
                "account", (Field("sales", (Field("totalCount"),), {"filter": {"amount": {"atLeast": "1"}}}),)
            ),
        )
        try:
            oracle.answer(wrong)
        except Wrong as error:
            errors = await self.client.errors(document(wrong), **who)
            codes = [item["extensions"]["code"] for item in errors]
            self.same("wrong", oracle, document(wrong), codes, [str(error)])
        for backward in (False, True):
            listing, size = asker.listing(), asker.rng.randint(2, 7)
            rows = oracle.sales(listing.get("filter"), listing.get("order"))
            expected = [f"sale_{row['id']}" for row in rows]
            results = [item async for item in self._walk(listing, size, who, backward=backward)]
            ways = [expected[at : at + size] for at in range(0, len(expected), size)]
            if backward:
                ends = range(len(expected), 0, -size)
                ways = [expected[max(0, end - size) : end] for end in ends]
            wanted = [(part, len(rows), number + 1 < len(ways)) for number, part in enumerate(ways)]
            query = f"pages of {size}, {'backward' if backward else 'forward'}: {listing}"
            self.same("pages", oracle, query, results, wanted or [([], 0, False)])

    async def _walk(
        self, listing: Row, size: int, who: Row, *, backward: bool
    ) -> AsyncIterator[tuple[list[str], int, bool]]:
        """Every page up to the end, each by the last one's cursor."""
        filters = "".join(f", {name}: {literal(value)}" for name, value in listing.items())
        names = ("last", "before", "startCursor", "hasPreviousPage", "hasNextPage")
        if not backward:
            names = ("first", "after", "endCursor", "hasNextPage", "hasPreviousPage")
        text = (
            f"query ($at: String) {{ account {{ sales({names[0]}: {size}, {names[1]}: $at{filters}) {{"
            " totalCount edges { cursor node { id } }"
            " pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"
        )
        at, steps = None, 0
        while steps < 200:
            steps += 1
            found = (await self.client.ask(text, {"at": at}, **who))["account"]["sales"]
            page = found["pageInfo"]
            cursors = [edge["cursor"] for edge in found["edges"]]
            ends = [cursors[0], cursors[-1]] if cursors else [None, None]
            if [page["startCursor"], page["endCursor"]] != ends or page[names[4]] is not (at is not None):
                raise Mismatch(f"seed {self.seed}: page {page} of {cursors} at {at}")
            yield [edge["node"]["id"] for edge in found["edges"]], found["totalCount"], page[names[3]]
            if not page[names[3]]:
                return
            at = page[names[2]]

    async def _doors(self) -> None:
        """Where one may not stand answers as what is not there."""
        nowhere = {"x-central": "central_00000000-0000-4000-8000-000000000000"}
        text = "{ viewer { id } account { id name } }"
        first, *others = self.world["accounts"]
        for number, user in enumerate(self.world["users"]):
            token = await self.token(user["id"])
            absent = await self.client.post(text, token=token, headers=nowhere)
            for account in (first, others[number % len(others)]):
                answer = await self.client.post(text, token=token, account=account)
                oracle = self.oracle(user["id"], account)
                result = (answer.status_code, answer.content)
                query = f"to stand in {account['id']}"
                if oracle.enters:
                    data = {"viewer": {"id": f"user_{user['id']}"}}
                    data["account"] = {"id": f"account_{account['id']}", "name": account["name"]}
                    self.same("doors", oracle, query, answer.json(), {"data": data})
                else:
                    self.same("doors", oracle, query, result, (404, absent.content))
            outside = self.oracle(user["id"], None)
            strange = await self.client.post(
                text, token=token, headers={"x-central": MALFORMED[self.seed % 4]}
            )
            self.same("doors", outside, "a malformed central", strange.content, absent.content)


def ordered(value: Any, name: str = "") -> Any:
    """An answer with the rows of reports sorted within what they must be sorted by."""
    if isinstance(value, dict):
        return {key: ordered(item, key) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    if name in REPORTS | OF_RECOVERY and any(name in item for item in value[:1] for name in ("from", "year")):
        starts = [item.get("from", item.get("year")) for item in value]
        if starts != sorted(starts):
            raise Mismatch(f"The rows of {name} are not in the order of time: {starts}")
        return sorted(value, key=json.dumps)
    return [ordered(item) for item in value]


def _refused(message: str) -> str:
    """An error's words without what it suggests, without the value that it repeats and without a full stop."""
    return message.partition(" Did you mean")[0].partition(", found: ")[0].removesuffix(".")


def _subject(question: Field) -> str:
    if question.name == "account":
        inner = question.sub[0]
        return inner.sub[0].name if inner.name == "reports" else inner.name
    return question.name


def _apart(item: Any, other: Any) -> Any:
    """The smallest part in which one differs from the other."""
    if isinstance(item, dict) and isinstance(other, dict) and item.keys() == other.keys():
        differing = [key for key in item if item[key] != other[key]]
        return {key: _apart(item[key], other[key]) for key in differing[:3]}
    if isinstance(item, list) and isinstance(other, list) and len(item) == len(other):
        at = next(at for at in range(len(item)) if item[at] != other[at])
        return [f"at {at}", _apart(item[at], other[at])]
    return item
