"""What the API must answer: the specification once more, in plain Python over plain dictionaries.

An oracle stands in a world as one viewer in one central, and answers a question with the data.
"""

from datetime import datetime
from typing import Any
from unicodedata import category, normalize

from oracle import recovery_sums, share_sums, sums
from oracle.report_fields import OF_RECOVERY, REPORTS
from oracle.report_lists import LISTED_ROWS, ReportLists
from oracle.sale_answers import moment
from oracle.standing import Field, Row
from oracle.vocabulary import FIELDS, GRANTS, NODES, PREFIXES, TABLES

MOMENTS = {"at"}


def snake(name: str) -> str:
    """A column's name from a field's."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


_ALPHABET = {sign: place for place, sign in enumerate(" _%0123456789abcdefghijklmnopqrstuvwxyz")}


def _as_sorted(name: str) -> list[Any]:
    """How a name is looked up in a book: by its letters, then their accents, then small ones before capitals."""
    letters: list[int] = []
    accents: list[str] = []
    capitals: list[bool] = []
    for sign in normalize("NFKD", name):
        if category(sign) == "Mn":
            accents[-1] += sign
            continue
        for plain in sign.casefold():
            letters.append(_ALPHABET.get(plain, ord(plain)))
            accents.append("")
            capitals.append(sign.isupper())
    return [letters, accents, capitals]


class Oracle(ReportLists):
    """One viewer in one central of a world, and their responses."""

    def answer(self, question: tuple[Field, ...]) -> Row:
        """The data; raises `Wrong` where there is none for another reason than a gate."""
        return self._object("Query", {}, question)

    def _object(self, kind: str, row: Row, selection: tuple[Field, ...]) -> Row:
        values: Row = {}
        for field in selection:
            if field.name == "on":
                values |= self._object(kind, row, field.sub) if field.args["type"] == kind else {}
            elif field.name == "__typename":
                values["__typename"] = kind
            else:
                value = self._value(kind, row, field)
                values[field.alias or field.name] = self._selected(
                    FIELDS[kind][field.name][1], value, field.sub
                )
        return values

    def _selected(self, kind: str, value: Any, sub: tuple[Field, ...]) -> Any:
        if isinstance(value, list) and kind:
            return [self._selected(kind, item, sub) for item in value]
        if not kind or value is None:
            return value
        if kind == "Node":
            return self._object(*value, sub)
        return self._object(kind, value, sub)

    def _value(self, kind: str, row: Row, field: Field) -> Any:
        special = getattr(self, f"_{kind}_{field.name}", None)
        if special is not None:
            return special(row, **field.args)
        if field.name == "id":
            return f"{PREFIXES[kind]}_{row['id']}"
        if kind == "Reports":
            return self._report((REPORTS | OF_RECOVERY)[field.name][1], **field.args)
        if kind in REPORTS_ROWS | LISTED_ROWS:
            return self._column(kind, row, field.name)
        value = row[snake(field.name)]
        if field.name in MOMENTS or field.name.endswith("At"):
            return moment(value)
        return value

    def _column(self, kind: str, row: Row, name: str) -> Any:
        if FIELDS[kind][name][1] == "Money" and kind not in LISTED_ROWS:
            return None if row[name] is None else {"minor": row[name], "currency": row["currency"]}
        return row[name]

    def _named(self, table: str, row_id: str | None) -> Row | None:
        return self._find(table, row_id) if row_id else None

    def _listed(self, table: str, *keys: str, descending: bool = False) -> list[Row]:
        return sorted(
            self._of(table),
            key=lambda row: [_as_sorted(row[key]) if key == "name" else row[key] for key in (*keys, "id")],
            reverse=descending,
        )

    # the viewer and the account

    def _Query_viewer(self, _: Row) -> Row:
        return self.user

    def _Viewer_id(self, user: Row) -> str:
        return f"user_{user['id']}"

    def _Viewer_centrals(self, user: Row) -> list[Row]:
        own = [account for account in self.world["accounts"] if account["owner_id"] == user["id"]]
        others = [
            account
            for account in self.world["accounts"]
            if account not in own and self._collaborator_in(account)
        ]
        doors = []
        for group in (own, others):
            for item in sorted(group, key=lambda account: (_as_sorted(account["name"]), account["id"])):
                collaborator = self._collaborator_in(item) if group is others else None
                current = self._grants_of(collaborator)
                profile = self._find("profiles", collaborator["profile_id"]) if collaborator else None
                doors.append(
                    {
                        "id": item["id"],
                        "account_name": item["name"],
                        "logo_url": item["logo_url"],
                        "access": "COLLABORATOR" if collaborator else "OWNER",
                        "role": collaborator["role"] if collaborator else "OWNER",
                        "profile": profile,
                        "grants": [grant for grant in GRANTS if grant in current],
                        "joined_at": collaborator["joined_at"] if collaborator else item["created_at"],
                    }
                )
        return doors

    def _Central_id(self, door: Row) -> str:
        return f"central_{door['id']}"

    def _Query_account(self, _: Row) -> Row:
        return self.account

    def _Account_id(self, account: Row) -> str:
        return f"account_{account['id']}"

    def _Account_myRole(self, _: Row) -> str:
        return self.role

    def _Account_teamsOn(self, _: Row) -> bool:
        return self.teams_on

    def _Account_intakeUrl(self, account: Row) -> str:
        return f"http://127.0.0.1:8000/intake/hotmart/{account['intake_id']}"

    def _Account_collaborators(self, _: Row, first: int = 20) -> Row:
        return self._page(self._collaborators(), first)

    def _Account_invitations(self, _: Row, first: int = 20) -> Row:
        return self._page(self._listed("invitations", "created_at", descending=True), first)

    def _Account_auditLog(self, _: Row, first: int = 20) -> Row:
        return self._page(self._listed("audit_entries", "at", descending=True), first)

    def _Account_profiles(self, _: Row) -> list[Row]:
        return self._listed("profiles", "name")

    def _Account_teams(self, _: Row) -> list[Row]:
        mine = self.teams_led
        return [team for team in self._listed("teams", "name") if self.everyone or team["id"] in mine]

    def _Account_people(self, _: Row, first: int = 20) -> Row:
        return self._page(self._collaborators(), first)

    def _Account_assignees(self, _: Row, first: int = 20) -> Row:
        found = [
            collaborator
            for collaborator in self._collaborators()
            if self.knows(collaborator) and self._active(collaborator)
        ]
        return self._page(found, first)

    def _collaborators(self) -> list[Row]:
        return [
            collaborator
            for collaborator in self._listed("collaborators", "name")
            if not self.ended(collaborator["id"])
        ]

    def _Receipt_paidAt(self, sale: Row) -> str | None:
        return moment(sale["approved_at"])

    def _Query_node(self, _: Row, id: str) -> tuple[str, Row] | None:  # noqa: A002
        prefix, _sep, row_id = id.partition("_")
        row = self._find(TABLES[prefix], row_id) if prefix in TABLES else None
        return (NODES[prefix], row) if row is not None and self.reaches(prefix, row) else None

    def _Query_nodes(self, _: Row, ids: list[str]) -> list[tuple[str, Row] | None]:
        return [self._Query_node(_, item) for item in ids]

    # products and people

    def _Sale_warrantyUntil(self, sale: Row) -> str | None:
        days = self._find("products", sale["product_id"])["warranty_days"]
        if sale["warranty_until"] is not None or sale["approved_at"] is None or days is None:
            return moment(sale["warranty_until"])
        return moment(sale["approved_at"] + days * 24 * 3_600_000)

    def _Offer_priceAt(self, offer: Row, at: str) -> Row | None:
        return self._price_at(offer, int(datetime.fromisoformat(at).timestamp() * 1000))

    def _OfferPrice_from(self, entry: Row) -> str | None:
        return moment(entry["start"])

    def _OfferPrice_until(self, entry: Row) -> str | None:
        return moment(entry["until"])

    def _Team_members(self, team: Row) -> list[Row]:
        """The members, as far as the viewer may look people up: a team may be seen on a sale alone."""
        places = sorted(self._places(team_id=team["id"]), key=lambda place: place["id"])
        return [
            place for place in places if self.knows(self._find("collaborators", place["collaborator_id"]))
        ]

    def _TeamMember_person(self, place: Row) -> Row:
        return self._find("collaborators", place["collaborator_id"])

    def _Person_teams(self, collaborator: Row) -> list[Row]:
        return sorted(self._places(collaborator_id=collaborator["id"]), key=lambda place: place["id"])

    def _TeamSummary_teamId(self, team: Row) -> str:
        return f"team_{team['id']}"

    def _TeamMembership_team(self, place: Row) -> Row:
        return self._find("teams", place["team_id"])

    def _Profile_grants(self, profile: Row) -> list[str]:
        return [grant for grant in GRANTS if grant in profile["grants"]]

    def _Collaborator_profile(self, row: Row) -> Row:
        return self._find("profiles", row["profile_id"])

    _Invitation_profile = _Collaborator_profile

    def _Collaborator_email(self, collaborator: Row) -> str:
        return str(self._find("users", collaborator["user_id"])["email"])

    _Person_email = _Collaborator_email

    def _Collaborator_active(self, collaborator: Row) -> bool:
        return self._active(collaborator)

    def _Invitation_status(self, invitation: Row) -> str:
        late = invitation["status"] == "PENDING" and invitation["expires_at"] <= self.now
        return "EXPIRED" if late else invitation["status"]

    def _AuditEntry_changes(self, entry: Row) -> list[Row]:
        def shown(coordinate: str) -> bool:
            kind, name = coordinate.split(".")
            return kind in self.kinds and name in FIELDS[kind] and self.has(kind, name)

        return [change for change in entry["changes"] if shown(change["field"])]

    # pages

    def _nodes(self, page: Row) -> list[Row]:
        return page["shown"]

    def _total(self, page: Row) -> int:
        return len(page["rows"])

    def _info(self, page: Row) -> Row:
        return {"has_next_page": len(page["rows"]) > len(page["shown"]), "has_previous_page": False}

    # reports

    def _CreditHolder_nodeId(self, found: Row) -> str:
        return found["id"]

    def _report(self, row: str, **arguments: Any) -> list[Row]:
        if row in recovery_sums.REPORTS:
            return recovery_sums.rows(self.world, self.counts, self.account, row, **arguments)
        in_any_role = [sale for sale in self.world["sales"] if self.counts(sale)]
        if row in share_sums.REPORTS:
            found = share_sums.rows(self.world, in_any_role, self.account, row, **arguments)
            return [self._with_statement(item) for item in found] if row == "SelfBillingRow" else found
        counted = [sale for sale in in_any_role if sale["sold_as"] == "PRODUCER"]
        keys = [name for name in FIELDS[row] if name in sums.KEYS]
        small = not {"SEARCH_SALES", "SEND_RECEIPTS"} <= self.open
        return sums.rows(self.world, counted, self.account, keys, small=small, **arguments)

    def _Account_reports(self, _: Row) -> Row:
        return {}

    def _Reports_annualSummary(self, _: Row, **arguments: Any) -> list[Row]:
        counted = [
            sale for sale in self.world["sales"] if self.counts(sale) and sale["sold_as"] == "PRODUCER"
        ]
        first = arguments["firstYear"]
        return sums.years(
            self.world, counted, self.account, first, arguments.get("lastYear", first), arguments.get("by")
        )


REPORTS_ROWS = {row for _, row in (REPORTS | OF_RECOVERY).values()} | {"AnnualTotal", "MonthColumns"}
for _kind in [kind for kind in FIELDS if kind.endswith("Connection")]:
    setattr(Oracle, f"_{_kind}_nodes", Oracle._nodes)
    setattr(Oracle, f"_{_kind}_totalCount", Oracle._total)
    setattr(Oracle, f"_{_kind}_pageInfo", Oracle._info)
