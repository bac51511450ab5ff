"""What is asked, by whom."""

from dataclasses import dataclass, field
from typing import Any

from graphql import get_introspection_query

from bench.make_data import ACCOUNT, DAY, DAYS, END, PASSWORD, WHOLE, collaborator_id, reference, token, uid
from bench.seal import PURPOSE, SEAL
from bench.wire import request

_MONEY = "{ amount currency }"
_PAGE = """query Page($first: Int!, $after: String) { account { sales(first: $first, after: $after) {
  nodes { id reference status price MONEY net MONEY paymentMethod installments orderedAt approvedAt
    buyer { name country PERSONAL } product { id name } assignee { id name } }
  pageInfo { hasNextPage endCursor } } } }""".replace("MONEY", _MONEY)
PAGE = _PAGE.replace("PERSONAL", "email phone document")
PLAIN_PAGE = _PAGE.replace("PERSONAL", "")
VIEWER = "{ viewer { id name email locale centrals { id accountName access role joinedAt } } }"
SALE = """query Sale($reference: String!) { account { sale(reference: $reference) {
  id reference status price MONEY fullPrice MONEY net MONEY paymentMethod installments
  product { id name offers { id code price MONEY } } offer { id code }
  buyer { name country email phone document address { street city state zipCode country } }
  commissions { source name amount MONEY } history { status happenedAt source }
  assignee { id name role teams { leads team { teamId name } } } team { id name }
  origin { src sck } device orderedAt approvedAt warrantyUntil } } }""".replace("MONEY", _MONEY)
REPORT = """query Report($period: PeriodInput!) { account { reports { revenue(period: $period, every: DAY) {
  from to currency count gross { amount } net { amount } refunded { amount } } } } }"""
SIGN_IN = """mutation SignIn($input: SignInInput!) { signIn(input: $input) {
  accessToken refreshToken expiresAt viewer { id name } errors { code message } } }"""
ASSIGN = """mutation Assign($input: AssignSaleInput!) { assignSale(input: $input) {
  reference sale { id status assignee { id name } } errors { code message field } } }"""


@dataclass(frozen=True)
class Case:
    """One request. `baseline` names what answers it by hand; `usual` says whether the usual schema does."""

    name: str
    who: str | None
    query: str
    baseline: str | None
    variables: dict[str, Any] = field(default_factory=dict)
    usual: bool = True
    central: bool = True
    writes: bool = False
    random: bool = False

    @property
    def token(self) -> str | None:
        """Whose request it is."""
        return token(self.who) if self.who else None

    @property
    def account_id(self) -> str | None:
        """The central that it stands in."""
        return ACCOUNT if self.central else None

    def graphql(self, **changed: Any) -> bytes:
        """The request to a GraphQL server."""
        body = {"query": self.query, "variables": self.variables | changed}
        return request(body, self.token, self.account_id)

    def plain(self, **changed: Any) -> bytes:
        """The request to a handler that needs no query."""
        return request(self.variables | changed, self.token, self.account_id)


ADMIN, NO_PERSONAL, LEAD, USER, SHARED, RARE = "p1", "p2", "p3", "p40", "p57", "p60"
_FIFTY = {"first": 50}


def cases(sales: int) -> list[Case]:
    """Every case, for so many sales."""
    whole = {"reference": reference(WHOLE)}
    period = {"period": {"from": "2026-02-01", "to": "2026-05-02"}}
    half = END - DAYS * DAY // 2
    deep = {"after": SEAL.write(PURPOSE, (half, uid(9, sales // 2)))}
    assigned = {"reference": reference(sales // 3), "assigneeId": f"person_{collaborator_id(5)}"}
    signs = {"input": {"email": "p1@example.com", "password": PASSWORD}}
    return [
        Case("viewer and centrals", ADMIN, VIEWER, "centrals", central=False),
        Case("page, admin", ADMIN, PAGE, "page", _FIFTY),
        Case("page, admin, deep", ADMIN, PAGE, "page", _FIFTY | deep),
        Case("page, no personal data", NO_PERSONAL, PLAIN_PAGE, "plain_page", _FIFTY),
        Case("page, lead of 8", LEAD, PAGE, "page", _FIFTY),
        Case("page, user", USER, PAGE, "page", _FIFTY),
        Case("page, user in a sharing team", SHARED, PAGE, "page", _FIFTY),
        Case("page, user with a handful", RARE, PAGE, "page", _FIFTY),
        Case("one sale, nested", ADMIN, SALE, "sale", whole),
        Case("report, 90 days, admin", ADMIN, REPORT, "report", period),
        Case("report, 90 days, user", USER, REPORT, "report", period),
        Case("introspection", ADMIN, get_introspection_query(), "introspection", usual=False),
        Case("assign a sale", ADMIN, ASSIGN, "assign", {"input": assigned}, writes=True),
        Case("sign in", None, SIGN_IN, None, signs, usual=False, central=False, writes=True, random=True),
    ]
