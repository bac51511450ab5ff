"""What a viewer lacks is unknown to them, however they name it: as if the schema never had it.

Each probe names something hidden, and a twin of the same length and shape that never existed. Both answers
are those of graphql-core on a schema worked out without the application's code, and neither costs a statement.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest
from graphql import (
    FieldsOnCorrectTypeRule,
    GraphQLError,
    GraphQLInputObjectType,
    get_introspection_query,
    graphql_sync,
)

import engine.prepare
import extent
import make
import probes
import pruned
from authz.grant import Grant
from client import Client
from doorstep import visiting
from engine.scope.schema import Scopes, exists
from engine.validation import Validator
from models import database
from models.ledger.books import COLUMNS
from models.tables.ledger import LedgerKind
from models.tables.notice import NoticeKind
from models.tables.opportunity import OpportunityKind, OpportunityStatus
from models.tables.refund import RefundReason, RefundRequestStatus
from models.tables.subscription import SubscriptionRequestKind, SubscriptionRequestStatus, SubscriptionStatus
from models.tables.withdrawal import WithdrawalStatus
from models.vocabulary import BankKind, Role
from probes import NOWHERE, Probe, Prober, expected, twin
from pruned import EVERY, Stand

NO_GRANT = Stand("user", frozenset())
# those in a central first, for all their tests to follow one another: what is worked out of one is kept
STANDS = sorted([*pruned.near_misses(), NO_GRANT], key=lambda stand: stand.standing.startswith("signed"))
# for these nearly everything is hidden
DOORS = [stand for stand in STANDS if not stand.grants]
PROBES_OF_A_KIND = extent.extent(1, 2)
_FREE_HEADERS = ("x-request-id", "content-length")


@dataclass
class Asker:
    """A viewer in their central, as requests name them."""

    client: Client
    who: dict[str, Any]
    account: dict[str, Any]
    own: list[str]

    async def post(
        self, text: str, variables: dict[str, Any] | None = None
    ) -> tuple[httpx.Response, list[str]]:
        with database.observed() as statements:
            answer = await self.client.post(text, variables, **self.who)
        return answer, statements


async def _asker(client: Client, stand: Stand) -> Asker:
    owner = await make.user()
    account = await make.account(owner, teams_on=stand.standing in ("lead", "user"))
    who: dict[str, Any] = {}
    if stand.standing == "signed in":
        who = {"token": await make.session(owner)}
    elif stand.standing == "owner":
        who = {"token": await make.session(owner), "account": account}
    elif stand.standing != "signed out":
        profile = await make.profile(account, sorted(stand.grants))
        roles = {"lead": Role.TEAM_LEAD, "admin": Role.ADMIN, "admin's token": Role.ADMIN}
        role = roles.get(stand.standing, Role.USER)
        collaborator = await make.collaborator(account, profile, role)
        token = await client.collaborator(collaborator)
        if stand.standing.endswith("token"):
            token = await make.access_token(account, collaborator, sorted(stand.grants), ["ADMIN", "LEAD"])
        who = {"token": token, "account": account}
        await make.team(account, [], [collaborator] if role is Role.TEAM_LEAD else [])
    asker = Asker(client, who, account, [])
    _, asker.own = await asker.post("{ __typename }")
    assert len(asker.own) == (0 if stand.standing == "signed out" else 1)
    return asker


HINTS = {
    "signed out": "The request has no credential. Most of the schema exists only for those who are signed in.",
    "signed in": "The request names no central. Most of the schema exists only in one: send the header X-Central"
    " with an id of viewer.centrals.",
}


@cache
def _ways(stand: Stand) -> tuple[Prober, dict[str, list[Probe]]]:
    """Every probe of what is hidden from a viewer, by its coordinate."""
    prober = Prober(stand.mask)
    found: dict[str, list[Probe]] = {}
    for probe in prober.probes():
        found.setdefault(probe.coordinate, []).append(probe)
    return prober, found


@cache
def _chosen(stand: Stand, *, everything: bool) -> list[Probe]:
    """The viewer's probes: every channel of what their closed gates hide, and some of what falls with it.

    At a mere presence gate each name is tried once, by turns in another channel. `_sample` takes fewer.
    """
    _, found = _ways(stand)
    if not everything:
        return _sample(stand, found)
    chosen = []
    for number, (coordinate, ways) in enumerate(found.items()):
        if stand in DOORS:
            chosen.append(ways[number % len(ways)])
        elif coordinate in pruned.gates():
            chosen += ways
        else:
            chosen += ways[number % 3 :: 3] or ways
    return chosen


def _sample(stand: Stand, found: dict[str, list[Probe]]) -> list[Probe]:
    """What a viewer lacks and a slightly stronger one has: each gate once, and every channel too.

    What both lack is tried as the stronger one, and `test_scoped` compares the schemas of all of them. Each
    grant is shut for an admin, so that a user without any tries no gate again.
    """
    stronger = _stronger(stand)
    own = found.keys() - (_ways(stronger)[1].keys() if stronger else set())
    gates = {} if stand == NO_GRANT else pruned.gates()
    used: Counter[str] = Counter()
    chosen = []
    for coordinate, ways in found.items():
        if coordinate in own:
            probe = min(ways, key=lambda way: used[way.kind])
            if coordinate in gates or used[probe.kind] < PROBES_OF_A_KIND:
                used[probe.kind] += 1
                chosen.append(probe)
    return chosen


def _stronger(stand: Stand) -> Stand | None:
    """A viewer who has little more."""
    if stand.standing == "admin" and stand.grants != EVERY:
        return Stand("admin", EVERY)
    if stand.standing == "user" and stand.grants != EVERY:
        return Stand("user", EVERY)
    steps = {
        "signed out": "signed in",
        "user": "lead",
        "lead": "admin",
        "admin": "owner",
        "admin's token": "admin",
    }
    if stand.standing == "signed in":
        return Stand("user", frozenset())
    found = steps.get(stand.standing)
    return Stand(found, stand.grants) if found else None


@cache
def _expected(stand: Stand, text: str, variables: str) -> tuple[int, Any] | None:
    found = expected(pruned.schema_for(stand.mask), (text, eval(variables)))
    if found is None or stand.standing not in HINTS:
        return found
    status, errors = found
    return status, [_hinted(error, HINTS[stand.standing]) for error in errors]


def _hinted(error: Any, hint: str) -> Any:
    """An error of an unknown name, with the hint that depends on the request alone."""
    extensions = error["extensions"]
    if extensions["code"] != "GRAPHQL_VALIDATION_FAILED":
        return error
    return {**error, "extensions": {**extensions, "hint": hint}}


def _differences(
    stand: Stand, probe: Probe, answers: list[tuple[httpx.Response, list[str]]], own: list[str]
) -> list[str]:
    """What tells the hidden name from its twin, or from the answer of a schema without it."""
    found = []
    names = (probe.name, twin(probe.name))
    for name, (answer, visible) in zip(names, answers, strict=True):
        text, variables = probe.write(name)
        wanted = _expected(stand, text, repr(variables))
        body = answer.json()
        if wanted is not None and (answer.status_code, body) != (wanted[0], {"errors": wanted[1]}):
            found.append(f"{name}: {body}, not {wanted}")
        if wanted is None and (answer.status_code != 200 or not _tells_nothing(body.get("data"))):
            found.append(f"{name}: {body}")
        if visible != own:
            found.append(f"{name}: {visible}")
        if answer.headers["content-length"] != str(len(answer.content)):
            found.append("content-length")
    hidden, unknown = (answer for answer, _ in answers)
    if hidden.status_code != unknown.status_code:
        found.append("status")
    compared_headers = [
        {key: value for key, value in answer.headers.items() if key not in _FREE_HEADERS}
        for answer in (hidden, unknown)
    ]
    if compared_headers[0] != compared_headers[1]:
        found.append("headers")
    return found


def _tells_nothing(answer: Any) -> bool:
    return isinstance(answer, dict) and all(value is None for value in answer.values())


async def _leaks(
    client: Client, stand: Stand, *, everything: bool = False
) -> tuple[int, list[tuple[Probe, list[str]]]]:
    """How many probes were sent, and those whose answers differ."""
    chosen = _chosen(stand, everything=everything)
    asker = await _asker(client, stand)
    found = []
    for probe in chosen:
        answers = [await asker.post(*probe.write(name)) for name in (probe.name, twin(probe.name))]
        differences = _differences(stand, probe, answers, asker.own)
        if differences:
            found.append((probe, differences))
    return len(chosen), found


@pytest.mark.parametrize("stand", STANDS, ids=str, scope="module")
async def test_what_is_hidden_is_answered_as_what_never_existed(
    client: Client, database_url: str, stand: Stand
) -> None:
    # documents are refused before any database is asked
    everything = extent.ALL and not database.is_postgres(database_url)

    sent, leaks = await _leaks(client, stand, everything=everything)

    print(f"{sent} probes")
    assert sent
    assert not leaks


@pytest.mark.parametrize("stand", extent.by_turns(STANDS, 3), ids=str, scope="module")
def test_each_probe_is_refused_for_what_is_hidden_and_for_nothing_else(stand: Stand) -> None:
    prober, _ = _ways(stand)

    spoilt = []
    for probe in _chosen(stand, everything=extent.ALL):
        full = expected(prober.full, probe.write(probe.name))
        at_type = "type" in probe.channel or "variable of a list" in probe.channel
        if full is not None and not at_type:
            spoilt.append((probe, full))
    assert not spoilt


@pytest.mark.parametrize("stand", STANDS, ids=str, scope="module")
def test_each_hidden_name_that_can_be_written_has_a_probe(stand: Stand) -> None:
    prober, found = _ways(stand)

    assert found.keys() == {name for name in prober.hidden if _can_be_written(prober, name)}


def test_each_gate_of_the_schema_is_probed_and_each_channel() -> None:
    chosen = [probe for stand in STANDS for probe in _chosen(stand, everything=False)]
    written = {coordinate for stand in STANDS for coordinate in _ways(stand)[1]}

    assert {probe.coordinate for probe in chosen} >= pruned.gates().keys() & written
    assert {probe.kind for probe in chosen} == {
        probe.kind for stand in STANDS for ways in _ways(stand)[1].values() for probe in ways
    }


@cache
def _enums_of_inputs() -> set[Any]:
    full = pruned.schema_for(pruned.FULL)
    return {
        probes.get_named_type(item.type)
        for owner in pruned.own_types(full)
        for member in pruned.members(owner).values()
        for item in [
            *getattr(member, "args", {}).values(),
            *([member] if isinstance(owner, GraphQLInputObjectType) else []),
        ]
    }


def _can_be_written(prober: Prober, coordinate: str) -> bool:
    """All but the values of an enum that no input takes."""
    kind = prober.full.type_map[coordinate.partition(".")[0]]
    if "." not in coordinate or not isinstance(kind, probes.GraphQLEnumType):
        return True
    return kind in _enums_of_inputs()


WITH_ALL_OF_IT = extent.by_turns(STANDS, 8)
"""Who asks for all of the introspection. The others ask for the names, which takes a fraction of the time."""


@pytest.mark.parametrize("stand", extent.by_turns(STANDS, 2), ids=str, scope="module")
async def test_introspection_over_http_tells_what_the_viewer_has(client: Client, stand: Stand) -> None:
    asker = await _asker(client, stand)
    query = pruned.NAMES
    if stand in WITH_ALL_OF_IT:
        query = get_introspection_query(specified_by_url=True, one_of=True, input_value_deprecation=True)

    answer, visible = await asker.post(query)

    result = pruned.unordered(answer.json()["data"])
    schema = pruned.schema_for(stand.mask)
    assert result == pruned.unordered(graphql_sync(schema, query).data)
    assert visible == asker.own


# Ids: an object that is there, one that is not, and one of a kind that never was.


async def _objects(account: dict[str, Any]) -> dict[str, str]:
    """An id of each kind of object, by its type."""
    product = await make.product(account)
    offer = await make.offer(account, product)
    sale = await make.sale(account, product, offer_id=offer["id"])
    collaborator = await make.collaborator(account)
    team = await make.team(account, [collaborator])
    entry = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": None,
        "user_name": "Someone",
        "act": "assignSale",
        "object_type": "Sale",
        "object_id": sale["reference"],
        "let_by": "LEAD",
        "refusal": None,
        "changes": "[]",
        "request_id": database.new_id(),
        "address": None,
        "at": database.now(),
    }
    invitation = {
        "id": database.new_id(),
        "account_id": account["id"],
        "email": "asked@example.com",
        "name": "Asked",
        "profile_id": collaborator["profile_id"],
        "role": Role.USER,
        "status": "PENDING",
        "token_digest": database.new_id(),
        "inviter_id": account["owner_id"],
        "created_at": database.now(),
        "expires_at": database.now() + 3_600_000,
    }
    message = {
        "id": database.new_id(),
        "account_id": account["id"],
        "source": "HOTMART",
        "key": database.new_id(),
        "outcome": "OTHER",
        "received_at": database.now(),
        "payload": "{}",
    }
    request = {
        "id": database.new_id(),
        "account_id": account["id"],
        "sale_id": sale["id"],
        "assignee_id": sale["assignee_id"],
        "reference": sale["reference"],
        "status": RefundRequestStatus.REQUESTED,
        "reason": RefundReason.REGRET,
        "amount": 10_000,
        "currency": "BRL",
        "requested_at": database.now(),
        "requested_by_id": account["owner_id"],
        "requested_by_owner": True,
        "requested_by_name": "Someone",
        "expires_at": database.now() + 3_600_000,
        "own_status": RefundRequestStatus.REQUESTED,
    }
    withdrawal = {
        "id": database.new_id(),
        "account_id": account["id"],
        "amount": 10_000,
        "currency": "BRL",
        "status": WithdrawalStatus.REQUESTED,
        "bank_kind": BankKind.IBAN,
        "bank_ending": "3000",
        "bank_holder": "S.",
        "usable_from": database.now(),
        "requested_at": database.now(),
        "requested_by_id": account["owner_id"],
        "requested_by_owner": True,
        "requested_by_name": "Someone",
    }
    booked = {
        "id": database.new_id(),
        "account_id": account["id"],
        "at": database.now(),
        "kind": LedgerKind.WITHDRAWAL_HELD,
        "currency": "BRL",
        **dict.fromkeys(COLUMNS, 0),
        "available": -10_000,
        "held": 10_000,
    }
    await _insert("withdrawals", withdrawal)
    webhook = await make.webhook(account, account["owner_id"])
    integration, target = await make.integration(account, account["owner_id"])
    sent = await make.delivery(account, integration, receiver_kind="INTEGRATION")
    await _insert("ledger_entries", booked)
    await _insert("audit_entries", entry)
    await _insert("refund_requests", request)
    schedule = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": account["owner_id"],
        "recipient": "Someone",
        "report": "revenue",
        "frequency": "WEEKLY",
        "next_at": database.now() + 10**9,
        "created_at": database.now(),
        "created_by_id": account["owner_id"],
        "created_by_name": "Someone",
    }
    await _insert("report_schedules", schedule)
    await _insert("intake_events", message)
    await _insert("invitations", invitation)
    step = {"id": database.new_id(), "account_id": account["id"], "name": "New", "position": 1}
    opportunity = {
        "id": database.new_id(),
        "account_id": account["id"],
        "kind": OpportunityKind.MANUAL,
        "status": OpportunityStatus.TODO,
        "own_status": OpportunityStatus.TODO,
        "title": "Bulk order",
        "step_id": step["id"],
        "opened_at": database.now(),
        "last_attempt_at": database.now(),
        "touched_at": database.now(),
        "created_at": database.now(),
    }
    subscription = {
        "id": database.new_id(),
        "account_id": account["id"],
        "code": "K1",
        "status": SubscriptionStatus.ACTIVE,
        "product_id": product["id"],
        "known_since": database.now(),
        "created_at": database.now(),
    }
    cancellation = {
        "id": database.new_id(),
        "account_id": account["id"],
        "subscription_id": subscription["id"],
        "kind": SubscriptionRequestKind.CANCEL,
        "status": SubscriptionRequestStatus.REQUESTED,
        "own_status": SubscriptionRequestStatus.REQUESTED,
        "requested_at": database.now(),
        "requested_by_id": account["owner_id"],
        "requested_by_name": "Someone",
        "expires_at": database.now() + 3_600_000,
    }
    await _insert("pipeline_steps", step)
    await _insert("opportunities", opportunity)
    await _insert("subscriptions", subscription)
    await _insert("subscription_requests", cancellation)
    notice = {
        "id": database.new_id(),
        "account_id": account["id"],
        "user_id": account["owner_id"],
        "kind": NoticeKind.MENTION,
        "opportunity_id": opportunity["id"],
        "at": database.now(),
    }
    await _insert("notices", notice)
    return {
        "Product": f"product_{product['id']}",
        "Offer": f"offer_{offer['id']}",
        "Sale": f"sale_{sale['id']}",
        "RefundRequest": f"refund_{request['id']}",
        "Withdrawal": f"withdrawal_{withdrawal['id']}",
        "LedgerEntry": f"ledgerEntry_{booked['id']}",
        "Notice": f"notice_{notice['id']}",
        "ReportSchedule": f"schedule_{schedule['id']}",
        "Collaborator": f"collaborator_{collaborator['id']}",
        "Person": f"person_{collaborator['id']}",
        "Profile": f"profile_{collaborator['profile_id']}",
        "Team": f"team_{team['id']}",
        "TrackingPixels": f"trackingPixels_{product['id']}",
        "SubscriptionRules": f"subscriptionRules_{account['id']}",
        "Distribution": f"distribution_{account['id']}",
        "AuditEntry": f"entry_{entry['id']}",
        "Invitation": f"invitation_{invitation['id']}",
        "IntakeMessage": f"message_{message['id']}",
        "Opportunity": f"opportunity_{opportunity['id']}",
        "ProductSubscription": f"subscription_{subscription['id']}",
        "SubscriptionRequest": f"subscriptionRequest_{cancellation['id']}",
        "WebhookEndpoint": f"webhook_{webhook}",
        "Integration": f"integration_{integration}",
        "IntegrationDelivery": f"integrationDelivery_{sent}",
        "Target": f"target_{target}",
        "Delivery": f"delivery_{await make.delivery(account, webhook)}",
        "ApiCredential": f"credential_{await make.api_credential(account, account['owner_id'])}",
        "Account": f"account_{account['id']}",
        "CollaboratorAccessToken": f"token_{(await _tokens(account))[0]}",
    }


async def _tokens(account: dict[str, Any]) -> list[str]:
    await make.access_token(account, await make.collaborator(account), [], [])
    rows = await database.read("SELECT id FROM access_tokens WHERE account_id = ?", (account["id"],))
    return [str(row["id"]) for row in rows]


async def _insert(table: str, row: dict[str, Any]) -> None:
    await database.transact(lambda: database.insert(table, row))


OWN = {"Viewer", "Central", "Session", "AccessToken", "OpenInvitation", "Passkey"}
"""What someone finds of their own, whatever the central: `tests/graph/test_nodes.py`."""
SHARED = {"Invitation", "CollaboratorAccessToken"}
"""Types whose ids begin as those of the viewer's own do, which are looked up."""


def _node_types() -> set[str]:
    full = pruned.schema_for(pruned.FULL)
    kinds = full.get_possible_types(full.type_map["Node"])  # type: ignore[arg-type]
    return {kind.name for kind in kinds} - OWN


CENTRAL = [stand for stand in STANDS if not stand.standing.startswith("signed")]


@pytest.mark.parametrize("stand", CENTRAL, ids=str, scope="module")
async def test_an_id_of_a_hidden_type_is_no_id_whether_or_not_its_row_is_there(
    client: Client, stand: Stand
) -> None:
    asker = await _asker(client, stand)
    objects = await _objects(asker.account)
    assert objects.keys() == _node_types()
    schema = pruned.schema_for(stand.mask)
    query = "{ __typename id ... on Node { id } }"

    for kind, id_ in objects.items():
        if exists(schema, f"{kind}.id"):
            continue
        prefix, _, row = id_.partition("_")
        ids = [id_, f"{prefix}_{NOWHERE}", f"{twin(prefix)}_{row}", f"{prefix}_{row[:-1]}"]
        singles = [await asker.post(f'{{ node(id: "{item}") {query} }}') for item in ids]
        lists = [await asker.post(f'{{ nodes(ids: ["{item}", "{ids[2]}"]) {query} }}') for item in ids]

        assert {answer.content for answer, _ in singles} == {b'{"data":{"node":null}}'}
        assert {answer.content for answer, _ in lists} == {b'{"data":{"nodes":[null,null]}}'}
        assert kind in SHARED or all(visible == asker.own for _, visible in [*singles, *lists])


async def test_an_id_of_each_type_is_found_by_a_viewer_who_has_it(client: Client) -> None:
    owner = await make.user()
    account = await make.account(owner)
    objects = await _objects(account)

    for kind, id_ in objects.items():
        found = await client.ask(
            "query ($id: ID!) { node(id: $id) { __typename id } }",
            {"id": id_},
            token=await make.session(owner),
            account=account,
        )
        assert found == {"node": {"__typename": kind, "id": id_}}


# Would these tests notice? Two ways to hide that leak, and what they tell.

NO_SALES = next(
    stand for stand in STANDS if stand.standing == "admin" and Grant.SEARCH_SALES not in stand.grants
)
USER = next(stand for stand in STANDS if stand.standing == "user" and stand.grants == EVERY)


async def test_these_tests_notice_a_schema_that_was_not_scoped(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scopes, "scoped", lambda self, mask: self.schema)

    async with visiting(apart=True) as fresh:  # with caches of its own
        request, leaks = await _leaks(fresh, NO_SALES)

    assert len(leaks) > request * 0.9


@pytest.mark.parametrize("stand", [NO_SALES, USER], ids=str)
async def test_these_tests_notice_a_rule_in_place_of_a_scoped_schema(
    client: Client, monkeypatch: pytest.MonkeyPatch, stand: Stand
) -> None:
    full = pruned.schema_for(pruned.FULL)
    there = pruned.coordinates(pruned.schema_for(stand.mask))

    class Hides(FieldsOnCorrectTypeRule):
        def enter_field(self, node: Any, *more: Any) -> None:
            kind = self.context.get_parent_type()
            if (
                kind is not None
                and f"{kind.name}.{node.name.value}" not in there
                and node.name.value[0] != "_"
            ):
                words = f"Cannot query field '{node.name.value}' on type '{kind.name}'."
                self.report_error(GraphQLError(words, node))

    class Lenient(Validator):
        """Judges every document on the full schema, with a rule about hidden fields."""

        def __init__(self, rules: Any, most: int, **options: bool) -> None:
            stored = tuple(Hides if issubclass(rule, FieldsOnCorrectTypeRule) else rule for rule in rules)
            super().__init__(stored, most, **options)

        def errors(self, schema: Any, document: Any) -> list[GraphQLError]:
            del schema
            return super().errors(full, document)

    monkeypatch.setattr(engine.prepare, "Validator", Lenient)

    async with visiting(apart=True) as fresh:  # with caches of its own
        _, leaks = await _leaks(fresh, stand)

    results = {probe.kind for probe, _ in leaks}
    assert {"fragment on a type", "argument", "literal"} <= results
