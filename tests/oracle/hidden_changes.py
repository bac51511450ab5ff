"""Changes to a world that a viewer must not notice: rows out of reach, values behind shut gates."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

from models import database
from models.address import Address
from models.sales.words import restore_words
from oracle.oracle import Oracle
from oracle.recovery_world import opportunity
from oracle.vocabulary import CENTER
from oracle.world import METHODS, STATUSES, Maker, World, stored, stored_fields
from oracle.world_words import CURRENCIES, NAMES
from tamper import tampered

Row = dict[str, Any]
Work = Callable[[], Awaitable[Any]]


class HiddenChanges:
    """Changes what one viewer cannot see, in a world and in the database alike."""

    def __init__(self, world: World, make: Maker, user_id: str, rng: random.Random) -> None:
        self.world = world
        self.make = make
        self.user_id = user_id
        self.rng = rng
        self.account = world["accounts"][0]
        self.work: list[Work] = []

    @property
    def oracle(self) -> Oracle:
        """The viewer with their standing now."""
        return Oracle(self.world, self.user_id, self.account["id"], database.now())

    async def some(self) -> list[str]:
        """A few changes at once; their names."""
        ways = {
            "a hidden sale changes": self._change_sale,
            "a hidden sale goes": self._remove_sale,
            "a hidden sale comes": self._add_sale,
            "a seen sale's hidden values change": self._change_values,
            "hidden subscriptions and opportunities change": self._change_recovery,
            "a hidden opportunity comes": self._add_opportunity,
            "a product's hidden values change": self._change_product,
            "a person comes": self._add_person,
            "a person changes": self._change_person,
            "a team comes": self._add_team,
            "a profile changes": self._change_profile,
            "invitations come and go": self._change_invitations,
            "entries come": self._add_entry,
            "the account's number changes": self._change_account,
            "the other account changes": self._change_other,
        }
        done: list[str] = []
        while not done:
            done = [name for name in self.rng.sample(sorted(ways), 5) if ways[name]()]
        await self._write()
        return done

    async def visible_but_not_counted(self) -> bool:
        """Change sales that are in reach and in no statistics; whether there are any."""
        oracle = self.oracle
        found = [item for item in self._sales() if oracle.sees(item) and not oracle.counts(item)]
        for sale in found:
            self._change("sales", sale, price=self.rng.randrange(10**6), status=self._pick(*STATUSES),
                         origin_src=self._pick("seen", None), currency=self._pick(*CURRENCIES))  # fmt: skip
        await self._write()
        return bool(found)

    async def _write(self) -> None:
        work, self.work = self.work, []

        async def all_of_it() -> None:
            for item in work:
                await item()

        await database.transact(all_of_it)

    def _pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def _change(self, table: str, row: Row, **changed: Any) -> None:
        row |= changed
        values = stored(table, row)
        names = [name for name in values if name in changed or name.endswith("_folded")]
        text = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"
        params = (*(values[name] for name in names), row["id"])
        if table == "audit_entries":
            self.work.append(lambda: tampered(lambda: database.write(text, params)))
        else:
            self.work.append(lambda: database.write(text, params))
        if table == "sales":
            self.work.append(lambda: restore_words(row["account_id"], [row["id"]]))

    def _remove(self, table: str, row: Row) -> None:
        self.world[table].remove(row)
        self.work.append(lambda: database.write(f"DELETE FROM {table} WHERE id = ?", (row["id"],)))

    def _added(self, before: dict[str, int]) -> None:
        """Insert what the maker added to the world since."""
        for table, count in before.items():
            for row in self.world[table][count:]:
                values = stored(table, row)
                self.work.append(lambda table=table, values=values: database.insert(table, values))
                if table == "sales":
                    self.work.append(lambda row=row: restore_words(row["account_id"], [row["id"]]))

    def _counts(self) -> dict[str, int]:
        return {table: len(rows) for table, rows in self.world.items()}

    def _sales(self) -> list[Row]:
        return [sale for sale in self.world["sales"] if sale["account_id"] == self.account["id"]]

    def _unseen(self, sale: Row) -> bool:
        oracle = self.oracle
        ways = ("sales", "refundRequests", "receipt")
        listed = oracle.sees(sale) and any(oracle.has("Account", way) for way in ways)
        described = sale.get("subscription_id") is not None  # it says who its subscriber is
        counted = oracle.has("Account", "reports") and oracle.counts(sale)
        return not listed and not described and not counted

    def _change_sale(self) -> bool:
        hidden = [item for item in self._sales() if self._unseen(item)]
        for sale in self.rng.sample(hidden, min(2, len(hidden))):
            at = self.make.when()
            assignee = sale["assignee_id"]
            others = [item["assignee_id"] for item in hidden]
            self._change(
                "sales", sale, status=self._pick(*STATUSES), price=self.rng.randrange(10**6),
                currency=self._pick(*CURRENCIES), payment_method=self._pick(*METHODS), ordered_at=at,
                approved_at=self._pick(at, None), buyer_name=self._pick(*NAMES), net=self.rng.randrange(10**6),
                net_currency="BRL", buyer_email=f"changed-{self.make.number()}@example.com",
                origin_src=self._pick("hidden", None), device=self._pick("hidden", None), instalments=self._pick(1, 5),
                assignee_id=self._pick(assignee, *others),
            )  # fmt: skip
        return bool(hidden)

    def _remove_sale(self) -> bool:
        hidden = [item for item in self._sales() if self._unseen(item)]
        if len(hidden) < 3:
            return False
        sale = self._pick(*hidden)
        for table in ("commissions", "sale_events", "refund_requests"):
            for child in [item for item in self.world[table] if item["sale_id"] == sale["id"]]:
                self._remove(table, child)
        self._remove("sales", sale)
        return True

    def _add_sale(self) -> bool:
        for _ in range(6):
            before = self._counts()
            sale = self.make.sale(self.account)
            if self._unseen(sale):
                self._added(before)
                return True
            for table, count in before.items():
                del self.world[table][count:]
        return False

    def _hidden_rows(self, table: str) -> list[Row]:
        """Subscriptions or opportunities that the viewer does not see, without those that reports may list."""
        oracle = self.oracle
        rows = [row for row in self.world[table] if row["account_id"] == self.account["id"]]
        listed = oracle.has("Account", table)
        return [row for row in rows if not (listed and oracle.sees(row)) and row["status"] != "CANCELLED"]

    def _change_recovery(self) -> bool:
        subscriptions = self._hidden_rows("subscriptions")
        opportunities = self._hidden_rows("opportunities")
        for row in subscriptions[:2]:
            self._change("subscriptions", row, status=self._pick("ACTIVE", "DELAYED"), price=self.make.number(),
                         currency="BRL", known_since=self.make.when(), subscriber_name=self._pick(*NAMES))  # fmt: skip
        for row in opportunities[:2]:
            self._change("opportunities", row, status=self._pick("TODO", "LOST", "WON"), title=self._pick(*NAMES),
                         touched_at=self.make.when(), starred=self._pick(True, False))  # fmt: skip
        return bool(subscriptions or opportunities)

    def _add_opportunity(self) -> bool:
        before, row = self._counts(), opportunity(self.make, self.account)
        if row in self._hidden_rows("opportunities"):
            self._added(before)
            return True
        for table, count in before.items():
            del self.world[table][count:]
        return False

    def _change_values(self) -> bool:
        oracle = self.oracle
        sales = [item for item in self._sales() if oracle.has("Account", "sales") and oracle.sees(item)]
        sales = [item for item in sales if item.get("subscription_id") is None]
        if not sales:
            return False
        sale, number = self._pick(*sales), self.make.number()
        values: Row = {}
        gates = {
            "Buyer.email": {"buyer_email": f"other-{number}@example.com"},
            "Buyer.phone": {"buyer_phone": f"+55{number}"},
            "Buyer.document": {
                "buyer_document": f"X{number}",
                "buyer_address": stored_fields(Address(street=f"{number}")),
            },
            "Sale.affiliate": {"affiliate_code": f"aff{number}", "affiliate_name": self._pick(*NAMES)},
            "Sale.subscription": {"subscription_code": self._pick(None, "sub"), "recurrence": number},
        }
        for coordinate, changed in gates.items():
            if not oracle.has(*coordinate.split(".")):
                values |= changed
        summed = oracle.has("Account", "reports") and oracle.counts(sale)
        if not oracle.has("Sale", "net") and not summed:
            values |= {"net": number, "net_currency": self._pick(*CURRENCIES)}
        if not oracle.has("Sale", "payout"):
            values |= {"payout": number, "payout_currency": self._pick(*CURRENCIES)}
        if values:
            self._change("sales", sale, **values)
        shares = [share for share in self.world["commissions"] if share["sale_id"] == sale["id"]]
        closed = not oracle.has("Sale", "commissions") and not oracle.has("Sale", "coproducers")
        for share in shares if closed else []:
            self._change("commissions", share, amount=number, source=self._pick("PRODUCER", "COPRODUCER"))
        return bool(values or (closed and shares))

    def _change_product(self) -> bool:
        if "VIEW_PRODUCTS" in self.oracle.open:
            return False
        for product in [item for item in self.world["products"] if item["account_id"] == self.account["id"]]:
            number = self.make.number()
            self._change("products", product, reference=f"{number}", ucode=f"u{number}",
                         support_email=f"help-{number}@example.com")  # fmt: skip
        for offer in [item for item in self.world["offers"] if item["account_id"] == self.account["id"]]:
            self._change("offers", offer, price=self.make.number(), currency="BRL")
        for table, column in (("offer_prices", "amount"), ("plans", "trial_days")):
            for row in [item for item in self.world[table] if item["account_id"] == self.account["id"]]:
                self._change(table, row, **{column: self.make.number()})
        return True

    def _strangers(self) -> list[Row]:
        """Other people's seats in the account."""
        mine = (self.account["id"], self.user_id)
        return [
            collaborator for collaborator in self.world["collaborators"]
            if collaborator["account_id"] == mine[0] and collaborator["user_id"] != mine[1]
        ]  # fmt: skip

    def _add_person(self) -> bool:
        if self.oracle.open & {"ADMIN", CENTER}:
            return False
        before = self._counts()
        self.make.collaborator(
            self.account, self.make.user(), self._profiles(), self._pick("ADMIN", "TEAM_LEAD", "USER")
        )
        self._added(before)
        return True

    def _change_person(self) -> bool:
        if self.oracle.open & {"ADMIN", CENTER}:
            return False
        # whom a lead may assign to, and sees leave that list
        known = self.oracle.people_led
        unknown = [stranger for stranger in self._strangers() if stranger["id"] not in known]
        if not unknown:
            return False
        for collaborator in self.rng.sample(unknown, min(2, len(unknown))):
            self._change("collaborators", collaborator, suspended_at=self._pick(None, 1), joined_at=self.make.when(),
                         role=self._pick("ADMIN", "TEAM_LEAD", "USER"))  # fmt: skip
        return True

    def _add_team(self) -> bool:
        if "ADMIN" in self.oracle.open:
            return False
        before = self._counts()
        known = self.oracle.people_led
        self.make.team(
            self.account, [stranger for stranger in self._strangers() if stranger["id"] not in known]
        )
        mine = {
            member["team_id"]
            for member in self.world["team_members"]
            if member["collaborator_id"] == self._collaborator_id()
        }
        teams = [
            item
            for item in self.world["teams"][: before["teams"]]
            if item["account_id"] == self.account["id"]
        ]
        apart = [item for item in teams if item["id"] not in mine]
        unknown = [stranger for stranger in self._strangers() if stranger["id"] not in known]
        if apart and unknown:
            team, collaborator = self._pick(*apart), self._pick(*unknown)
            if not any(
                member["team_id"] == team["id"] and member["collaborator_id"] == collaborator["id"]
                for member in self.world["team_members"]
            ):
                self.make.row("team_members", account_id=self.account["id"], team_id=team["id"],
                              collaborator_id=collaborator["id"], leads=self._pick(True, False))  # fmt: skip
        self._added(before)
        return True

    def _collaborator_id(self) -> str | None:
        collaborator = self.oracle.collaborator
        return collaborator["id"] if collaborator else None

    def _profiles(self) -> list[Row]:
        return [profile for profile in self.world["profiles"] if profile["account_id"] == self.account["id"]]

    def _change_profile(self) -> bool:
        oracle = self.oracle
        if CENTER in oracle.open:
            return False
        for profile in [item for item in self._profiles() if item["id"] != oracle.collaborator["profile_id"]]:
            self._change("profiles", profile, name=f"Other {self.make.number()}",
                         grants=self._pick(["SEARCH_SALES"], [], ["MANAGE_LINKS"]))  # fmt: skip
        return True

    def _change_invitations(self) -> bool:
        if CENTER in self.oracle.open:
            return False
        before = self._counts()
        self.make.invitation(self.account, self._profiles())
        self._added(before)
        return True

    def _add_entry(self) -> bool:
        before = self._counts()
        oracle = self.oracle
        if "ADMIN" not in oracle.open:
            self.make.entry(self.account)
            self._added(before)
            return True
        if "OWNER" in oracle.open:
            return False
        found = [item for item in self.world["audit_entries"] if item["account_id"] == self.account["id"]]
        for entry in found:
            hidden = [change for change in entry["changes"] if change["field"] == "Account.taxNumber"]
            if hidden:
                results = [change for change in entry["changes"] if change not in hidden]
                results.append(
                    {"field": "Account.taxNumber", "before": None, "after": f"{self.make.number()}"}
                )
                self._change("audit_entries", entry, changes=results)
        return bool(found)

    def _change_account(self) -> bool:
        if "OWNER" in self.oracle.open:
            return False
        self._change(
            "accounts", self.account, tax_number=f"{self.make.number()}", country=self._pick("FR", "ES")
        )
        return True

    def _change_other(self) -> bool:
        other = self.world["accounts"][1]
        for sale in [item for item in self.world["sales"] if item["account_id"] == other["id"]][:3]:
            reference = self._pick(sale["reference"], f"HP{self.make.number():010}")
            self._change("sales", sale, price=self.rng.randrange(10**6), reference=reference)
        before = self._counts()
        self.make.sale(other)
        self.make.product(other)
        self._added(before)
        return True
