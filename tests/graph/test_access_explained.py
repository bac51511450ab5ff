"""Explanations of access: they tell what is so, and what they suggest turns it over."""

import random
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from client import Client
from extent import extent
from models import database
from models.vocabulary import Privacy, Role

EXPLAIN = """query($of: String!, $whom: ID!, $object: ID) { account { explainAccess(
  coordinate: $of, collaborator: $whom, object: $object) {
  open gate reasons { kind opens message } suggestions { changes { kind grant role teamId message } } } } }"""
CENTER = Grant.ACCESS_COLLABORATORS_CENTER
COORDINATES = [
    *("Sale", "Sale.net", "Buyer.email", "Buyer.phone", "SaleFilter.period", "SaleOrderField.ORDERED_AT"),
    *("Account.products", "Account.assignees", "Account.auditLog", "Mutation.assignSale", "Person.name"),
    *(
        "Reports.revenue",
        "RevenueRow.count",
        "ReportGroup.TEAM",
        "Account.name",
        "Money.amount",
        "Offer.price",
    ),
    *(
        "Account.sale(reference:)",
        "AssignSalePayload.sale",
        "Account.taxNumber",
        "Mutation.inviteCollaborator",
    ),
]
CHANGES: dict[str, Any] = {
    "RESTORE": ("UPDATE collaborators SET suspended_at = NULL WHERE id = ?", ["collaborator"]),
    "SUSPEND": ("UPDATE collaborators SET suspended_at = 1 WHERE id = ?", ["collaborator"]),
    "START_NOW": ("UPDATE collaborators SET starts_at = NULL WHERE id = ?", ["collaborator"]),
    "EXTEND": ("UPDATE collaborators SET ends_at = NULL WHERE id = ?", ["collaborator"]),
    "SET_UP_TWO_FACTOR": ("UPDATE users SET two_factor_at = 1 WHERE id = ?", ["user"]),
    "REOPEN": ("UPDATE accounts SET closed_at = NULL WHERE id = ?", ["account"]),
    "CHANGE_ROLE": ("UPDATE collaborators SET role = ? WHERE id = ?", ["role", "collaborator"]),
    "TEAMS_ON": ("UPDATE accounts SET teams_on = TRUE WHERE id = ?", ["account"]),
    "TEAMS_OFF": ("UPDATE accounts SET teams_on = FALSE WHERE id = ?", ["account"]),
    "SHARE_TEAM": ("UPDATE teams SET privacy = 'SHARED' WHERE id = ?", ["team"]),
    "UNSHARE_TEAM": ("UPDATE teams SET privacy = 'OWN' WHERE id = ?", ["team"]),
    "SHARE_ACCOUNT": ("UPDATE accounts SET privacy = 'SHARED' WHERE id = ?", ["account"]),
    "UNSHARE_ACCOUNT": ("UPDATE accounts SET privacy = 'OWN' WHERE id = ?", ["account"]),
    "LEAVE_TEAM": (
        "DELETE FROM team_members WHERE team_id = ? AND collaborator_id = ?",
        ["team", "collaborator"],
    ),
    "ASSIGN": ("UPDATE sales SET assignee_id = ? WHERE id = ?", ["collaborator", "sale"]),
}


async def _write(statement: str, *params: Any) -> None:
    await database.transact(lambda: database.write(statement, params))


async def requires_two_factor(account: dict[str, Any]) -> None:
    await _write("UPDATE accounts SET two_factor_required_at = 1 WHERE id = ?", account["id"])
    await _write("UPDATE users SET two_factor_at = 1 WHERE id = ?", account["owner_id"])


class Case:
    """A random account: a seat that is asked about, others, teams, and a sale."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    async def seed(self, **collaborator: Any) -> None:
        rng = self.rng
        self.account = await make.account(teams_on=rng.random() < 0.7, privacy=rng.choice(list(Privacy)))
        pool = [
            *(Grant.SEARCH_SALES,) * 3,
            Grant.CHANGE_BUYER_EMAIL,
            Grant.VIEW_PRODUCTS,
            Grant.VIEW_REVENUE_REPORT,
        ]
        pool += [Grant.SEARCH_SALES_BY_PERIOD, Grant.VIEW_COMMISSIONS_REPORT, CENTER]
        self.grants = sorted(set(rng.sample(pool, rng.randrange(0, 7))))
        self.profile = await make.profile(self.account, self.grants)
        closed = rng.choice([{}, {}, {}, {"suspended_at": 1}, {"ends_at": 1}, {"starts_at": 1 << 50}])
        self.collaborator = await make.collaborator(
            self.account, self.profile, rng.choice(list(Role)), **(closed | collaborator)
        )
        others = [await make.collaborator(self.account, self.profile) for _ in range(2)]
        for _ in range(2):
            within = [other for other in others if rng.random() < 0.6]
            mine = [self.collaborator] if rng.random() < 0.6 else []
            leads = self.collaborator["role"] is Role.TEAM_LEAD and rng.random() < 0.5
            await make.team(
                self.account, [*within, *([] if leads else mine)], mine if leads else [],
                privacy=rng.choice(list(Privacy)),
            )  # fmt: skip
        self.sale = await make.sale(
            self.account, assignee=rng.choice([None, self.collaborator, *others, *others])
        )
        if rng.random() < 0.25:
            await requires_two_factor(self.account)
        self.owner = await Client.owner(self.account)
        self.token = await Client.collaborator(self.collaborator)

    async def explained(self, client: Client, of: str, *, with_sale: bool) -> Any:
        variables = {"of": of, "whom": f"collaborator_{self.collaborator['id']}"}
        if with_sale:
            variables["object"] = f"sale_{self.sale['id']}"
        data = await client.ask(EXPLAIN, variables, token=self.owner, account=self.account)
        return data["account"]["explainAccess"]

    async def apply(self, changes: list[dict[str, Any]]) -> None:
        for change in changes:
            named = {
                "collaborator": self.collaborator["id"],
                "user": self.collaborator["user_id"],
                "account": self.account["id"],
                "sale": self.sale["id"],
                "role": change["role"],
                "team": (change["teamId"] or "").removeprefix("team_"),
            }
            kind = change["kind"]
            if kind in ("ADD_GRANT", "REMOVE_GRANT"):
                rows = await database.read("SELECT grants FROM profiles WHERE id = ?", (self.profile["id"],))
                grants = set(msgspec.json.decode(rows[0]["grants"]))
                grants = grants | {change["grant"]} if kind == "ADD_GRANT" else grants - {change["grant"]}
                stored = msgspec.json.encode(sorted(grants)).decode()
                await _write("UPDATE profiles SET grants = ? WHERE id = ?", stored, self.profile["id"])
            elif kind in ("JOIN_TEAM", "LEAD_TEAM"):
                await _write(CHANGES["LEAVE_TEAM"][0], named["team"], named["collaborator"])
                row = {"id": database.new_id(), "account_id": named["account"], "team_id": named["team"]}
                row |= {"collaborator_id": named["collaborator"], "leads": kind == "LEAD_TEAM"}
                await database.transact(lambda row=row: database.insert("team_members", row))
            else:
                statement, names = CHANGES[kind]
                await _write(statement, *(named[name] for name in names))

    async def is_open(self, client: Client, of: str, *, with_sale: bool) -> bool:
        """Whether it is there for the seat's holder, found out through introspection and node."""
        owner, _, rest = of.partition(".")
        member, _, argument = rest.removesuffix(":)").partition("(")
        fields = "name enumValues { name } inputFields { name } fields { name args { name } }"
        query = f'{{ __type(name: "{owner}") {{ {fields} }} }}'
        answer = await client.post(query, token=self.token, account=self.account)
        if answer.status_code == 404:
            return False
        kind = answer.json()["data"]["__type"]
        there = kind is not None
        if there and member:
            found = [*(kind["fields"] or ()), *(kind["inputFields"] or ()), *(kind["enumValues"] or ())]
            named = [item for item in found if item["name"] == member]
            there = bool(named)
            if there and argument:
                there = argument in [arg["name"] for arg in named[0]["args"]]
        if not there or not with_sale:
            return there
        node = await client.ask(
            "query($id: ID!) { node(id: $id) { id } }", {"id": f"sale_{self.sale['id']}"},
            token=self.token, account=self.account,
        )  # fmt: skip
        return node["node"] is not None


@pytest.mark.parametrize("seed", extent(range(8), range(40)))
async def test_it_tells_the_truth_and_what_it_suggests_turns_it_over(client: Client, seed: int) -> None:
    case = Case(seed)
    await case.seed()
    of, with_sale = case.rng.choice(COORDINATES), case.rng.random() < 0.5
    result = await case.explained(client, of, with_sale=with_sale)

    assert result["open"] is await case.is_open(client, of, with_sale=with_sale)
    assert result["open"] is all(reason["opens"] for reason in result["reasons"])
    if result["suggestions"]:
        chosen = case.rng.choice(result["suggestions"])
        await case.apply(chosen["changes"])
        assert await case.is_open(client, of, with_sale=with_sale) is not result["open"], chosen
    else:
        assert of == "Account.taxNumber"


async def test_reasons_and_suggestions_are_told_in_the_viewers_language(client: Client) -> None:
    owner = await make.user(locale="es")
    account = await make.account(owner)
    profile = await make.profile(account, [Grant.SEARCH_SALES], name="Ventas")
    collaborator = await make.collaborator(account, profile, suspended_at=1)
    variables = {"of": "Buyer.email", "whom": f"person_{collaborator['id']}"}

    data = await client.ask(EXPLAIN, variables, token=await make.session(owner), account=account)

    found = data["account"]["explainAccess"]
    assert (found["open"], found["gate"]) == (False, "CHANGE_BUYER_EMAIL")
    assert [(reason["kind"], reason["opens"]) for reason in found["reasons"]] == [
        ("SUSPENSION", False),
        ("GRANT", False),
        ("GRANT", True),
    ]
    assert found["reasons"][0]["message"] == "El acceso de la persona está suspendido."
    (suggestion,) = found["suggestions"]
    assert [(change["kind"], change["grant"]) for change in suggestion["changes"]] == [
        ("RESTORE", None),
        ("ADD_GRANT", "CHANGE_BUYER_EMAIL"),
    ]


async def test_whoever_lacks_a_required_second_factor_is_explained_to_need_one(client: Client) -> None:
    account = await make.account()
    await requires_two_factor(account)
    collaborator = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    variables = {"of": "Sale.reference", "whom": f"collaborator_{collaborator['id']}"}
    owner, token = await Client.owner(account), await Client.collaborator(collaborator)

    async def explained() -> Any:
        found = await client.ask(EXPLAIN, variables, token=owner, account=account)
        entered = await client.post("{ account { name } }", token=token, account=account)
        return found["account"]["explainAccess"], entered.status_code

    without, refused = await explained()
    await _write("UPDATE users SET two_factor_at = 1 WHERE id = ?", collaborator["user_id"])
    having, entered = await explained()

    assert (without["open"], refused, having["open"], entered) == (False, 404, True, 200)
    assert [(reason["kind"], reason["opens"]) for reason in without["reasons"]] == [
        ("TWO_FACTOR", False),
        ("GRANT", True),
    ]
    assert [
        [change["kind"] for change in suggestion["changes"]] for suggestion in without["suggestions"]
    ] == [["SET_UP_TWO_FACTOR"]]
    assert [reason["kind"] for reason in having["reasons"]] == ["GRANT"]


async def test_what_the_asker_may_not_know_of_is_not_explained(client: Client) -> None:
    account, other = await make.account(), await make.account()
    collaborator = await make.collaborator(account)
    stranger = await make.collaborator(other)
    sale, foreign = await make.sale(account), await make.sale(other)
    narrow = await make.collaborator(account, await make.profile(account, [CENTER]), Role.ADMIN)
    owner, admin = await Client.owner(account), await Client.collaborator(narrow)
    whom, net = f"collaborator_{collaborator['id']}", {"of": "Account.name"}

    async def explanation(token: str, **arguments: Any) -> Any:
        data = await client.ask(EXPLAIN, {"whom": whom} | arguments, token=token, account=account)
        return data["account"]["explainAccess"]

    assert await explanation(owner, **net) is not None
    assert await explanation(admin, **net) is not None
    assert await explanation(owner, of="Sale.net", object=f"sale_{sale['id']}") is not None
    for token, request in (
        (owner, {"of": "Nothing"}),
        (owner, {"of": "Sale.nothing"}),
        (owner, {"of": "Sale.net(x:)"}),
        (owner, {"of": "x" * 300}),
        (owner, net | {"whom": f"collaborator_{stranger['id']}"}),
        (owner, net | {"whom": "collaborator_1"}),
        (owner, net | {"object": f"sale_{foreign['id']}"}),
        (owner, net | {"object": "sale_1"}),
        (admin, {"of": "Sale.net"}),
        (admin, {"of": "Account.taxNumber"}),
        (admin, net | {"object": f"sale_{sale['id']}"}),
    ):
        assert await explanation(token, **request) is None, request


@pytest.mark.parametrize(
    ("role", "grants", "exists"),
    [
        (Role.ADMIN, [CENTER], True),
        (Role.ADMIN, [grant for grant in Grant if grant is not CENTER], False),
        (Role.TEAM_LEAD, list(Grant), False),
        (Role.USER, list(Grant), False),
    ],
)
async def test_explanations_are_for_the_owner_and_for_admins_who_may_see_profiles(
    client: Client, role: Role, grants: list[Grant], exists: bool
) -> None:
    account = await make.account(teams_on=True)
    collaborator = await make.collaborator(account, await make.profile(account, grants), role)
    variables = {"of": "Account.name", "whom": f"collaborator_{collaborator['id']}"}

    answer = await client.post(
        EXPLAIN, variables, token=await Client.collaborator(collaborator), account=account
    )

    assert (answer.status_code == 200) is exists


MUTATIONS = [
    *("leaveCentral", "acceptInvitation", "enterCentral", "createAccessToken", "signIn"),
    *("createTeam", "assignSale", "inviteCollaborator", "closeAccount", "reopenAccount"),
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("closed_at", [None, 1])
async def test_it_agrees_with_the_mutations_that_the_collaborator_can_call(
    client: Client, role: Role, closed_at: int | None
) -> None:
    account = await make.account(teams_on=True, closed_at=closed_at)
    collaborator = await make.collaborator(account, await make.profile(account, [CENTER]), role)
    owner, whom = await Client.owner(account), f"collaborator_{collaborator['id']}"

    values = {}
    for name in MUTATIONS:
        variables = {"of": f"Mutation.{name}", "whom": whom}
        answer = await client.ask(EXPLAIN, variables, token=owner, account=account)
        values[name] = answer["account"]["explainAccess"]["open"]

    answer = await client.post(
        "{ account { access { mutations } } }", token=await Client.collaborator(collaborator), account=account
    )
    can = answer.json()["data"]["account"]["access"]["mutations"] if closed_at is None else []
    assert {name for name in MUTATIONS if values[name]} == set(MUTATIONS) & set(can)
    assert ("leaveCentral" in can) is (closed_at is None)


async def test_an_owners_earlier_membership_is_as_closed_as_a_closed_account(
    client: Client,
) -> None:
    user = await make.user()
    account = await make.account(user, closed_at=database.now())
    collaborator = await make.collaborator(account, user_=user, ends_at=1)
    token = await make.session(user)

    values = {}
    for name in MUTATIONS:
        variables = {"of": f"Mutation.{name}", "whom": f"collaborator_{collaborator['id']}"}
        answer = await client.ask(EXPLAIN, variables, token=token, account=account)
        values[name] = answer["account"]["explainAccess"]["open"]

    answer = await client.ask("{ account { access { mutations } } }", token=token, account=account)
    can = set(answer["account"]["access"]["mutations"])
    assert {name for name in MUTATIONS if values[name]} == set(MUTATIONS) & can
    assert set(MUTATIONS) & can == {"acceptInvitation", "enterCentral", "signIn", "reopenAccount"}
