"""Changes to a world that a viewer must not notice: rows out of reach, values behind shut gates."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

from models import database
from models.address import Address
from oracle.oracle import Oracle
from oracle.vocabulary import CENTER
from oracle.world import CURRENCIES, METHODS, NAMES, STATUSES, Maker, World, stored, stored_fields
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

    async def seen_but_not_counted(self) -> bool:
        """Change sales that are in reach and in no statistics; whether there are any."""
        oracle = self.oracle
        found = [one for one in self._sales() if oracle.sees(one) and not oracle.counts(one)]
        for sale in found:
            self._change("sales", sale, price=self.rng.randrange(10**6), status=self._one(*STATUSES),
                         origin_src=self._one("seen", None), currency=self._one(*CURRENCIES))  # fmt: skip
        await self._write()
        return bool(found)

    async def _write(self) -> None:
        work, self.work = self.work, []

        async def all_of_it() -> None:
            for one in work:
                await one()

        await database.transact(all_of_it)

    def _one(self, *values: Any) -> Any:
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

    def _remove(self, table: str, row: Row) -> None:
        self.world[table].remove(row)
        self.work.append(lambda: database.write(f"DELETE FROM {table} WHERE id = ?", (row["id"],)))

    def _added(self, before: dict[str, int]) -> None:
        """Insert what the maker added to the world since."""
        for table, count in before.items():
            for row in self.world[table][count:]:
                values = stored(table, row)
                self.work.append(lambda table=table, values=values: database.insert(table, values))

    def _counts(self) -> dict[str, int]:
        return {table: len(rows) for table, rows in self.world.items()}

    def _sales(self) -> list[Row]:
        return [one for one in self.world["sales"] if one["account_id"] == self.account["id"]]

    def _unseen(self, sale: Row) -> bool:
        oracle = self.oracle
        listed = oracle.has("Account", "sales") and oracle.sees(sale)
        return not listed and not (oracle.has("Account", "reports") and oracle.counts(sale))

    def _change_sale(self) -> bool:
        hidden = [one for one in self._sales() if self._unseen(one)]
        for sale in self.rng.sample(hidden, min(2, len(hidden))):
            at = self.make.when()
            assignee = sale["assignee_id"]
            others = [one["assignee_id"] for one in hidden]
            self._change(
                "sales", sale, status=self._one(*STATUSES), price=self.rng.randrange(10**6),
                currency=self._one(*CURRENCIES), payment_method=self._one(*METHODS), ordered_at=at,
                approved_at=self._one(at, None), buyer_name=self._one(*NAMES), net=self.rng.randrange(10**6),
                net_currency="BRL", buyer_email=f"changed-{self.make.number()}@example.com",
                origin_src=self._one("hidden", None), device=self._one("hidden", None), instalments=self._one(1, 5),
                assignee_id=self._one(assignee, *others),
            )  # fmt: skip
        return bool(hidden)

    def _remove_sale(self) -> bool:
        hidden = [one for one in self._sales() if self._unseen(one)]
        if len(hidden) < 3:
            return False
        sale = self._one(*hidden)
        for table in ("commissions", "sale_events"):
            for child in [one for one in self.world[table] if one["sale_id"] == sale["id"]]:
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

    def _change_values(self) -> bool:
        oracle = self.oracle
        sales = [one for one in self._sales() if oracle.has("Account", "sales") and oracle.sees(one)]
        if not sales:
            return False
        sale, number = self._one(*sales), self.make.number()
        values: Row = {}
        gates = {
            "Buyer.email": {"buyer_email": f"other-{number}@example.com"},
            "Buyer.phone": {"buyer_phone": f"+55{number}"},
            "Buyer.document": {
                "buyer_document": f"X{number}",
                "buyer_address": stored_fields(Address(street=f"{number}")),
            },
            "Sale.affiliate": {"affiliate_code": f"aff{number}", "affiliate_name": self._one(*NAMES)},
            "Sale.subscription": {"subscription_code": self._one(None, "sub"), "recurrence": number},
        }
        for coordinate, changed in gates.items():
            if not oracle.has(*coordinate.split(".")):
                values |= changed
        summed = oracle.has("Account", "reports") and oracle.counts(sale)
        if not oracle.has("Sale", "net") and not summed:
            values |= {"net": number, "net_currency": self._one(*CURRENCIES)}
        if not oracle.has("Sale", "payout"):
            values |= {"payout": number, "payout_currency": self._one(*CURRENCIES)}
        if values:
            self._change("sales", sale, **values)
        shares = [one for one in self.world["commissions"] if one["sale_id"] == sale["id"]]
        closed = not oracle.has("Sale", "commissions") and not oracle.has("Sale", "coproducers")
        for share in shares if closed else []:
            self._change("commissions", share, amount=number, source=self._one("PRODUCER", "COPRODUCER"))
        return bool(values or (closed and shares))

    def _change_product(self) -> bool:
        if "VIEW_PRODUCTS" in self.oracle.open:
            return False
        for product in [one for one in self.world["products"] if one["account_id"] == self.account["id"]]:
            number = self.make.number()
            self._change("products", product, reference=f"{number}", ucode=f"u{number}",
                         support_email=f"help-{number}@example.com")  # fmt: skip
        for offer in [one for one in self.world["offers"] if one["account_id"] == self.account["id"]]:
            self._change("offers", offer, price=self.make.number(), currency="BRL")
        return True

    def _strangers(self) -> list[Row]:
        """Other people's seats in the account."""
        mine = (self.account["id"], self.user_id)
        return [
            one for one in self.world["collaborators"]
            if one["account_id"] == mine[0] and one["user_id"] != mine[1]
        ]  # fmt: skip

    def _add_person(self) -> bool:
        if self.oracle.open & {"ADMIN", CENTER}:
            return False
        before = self._counts()
        self.make.seat(
            self.account, self.make.user(), self._profiles(), self._one("ADMIN", "TEAM_LEAD", "USER")
        )
        self._added(before)
        return True

    def _change_person(self) -> bool:
        if self.oracle.open & {"ADMIN", CENTER}:
            return False
        # whom a lead may assign to, and sees leave that list
        known = self.oracle.people_led
        unknown = [one for one in self._strangers() if one["id"] not in known]
        if not unknown:
            return False
        for seat in self.rng.sample(unknown, min(2, len(unknown))):
            self._change("collaborators", seat, suspended_at=self._one(None, 1), joined_at=self.make.when(),
                         role=self._one("ADMIN", "TEAM_LEAD", "USER"))  # fmt: skip
        return True

    def _add_team(self) -> bool:
        if "ADMIN" in self.oracle.open:
            return False
        before = self._counts()
        known = self.oracle.people_led
        self.make.team(self.account, [one for one in self._strangers() if one["id"] not in known])
        mine = {
            one["team_id"] for one in self.world["team_members"] if one["collaborator_id"] == self._seat_id()
        }
        teams = [
            one for one in self.world["teams"][: before["teams"]] if one["account_id"] == self.account["id"]
        ]
        apart = [one for one in teams if one["id"] not in mine]
        unknown = [one for one in self._strangers() if one["id"] not in known]
        if apart and unknown:
            team, seat = self._one(*apart), self._one(*unknown)
            if not any(
                one["team_id"] == team["id"] and one["collaborator_id"] == seat["id"]
                for one in self.world["team_members"]
            ):
                self.make.row("team_members", account_id=self.account["id"], team_id=team["id"],
                              collaborator_id=seat["id"], leads=self._one(True, False))  # fmt: skip
        self._added(before)
        return True

    def _seat_id(self) -> str | None:
        seat = self.oracle.seat
        return seat["id"] if seat else None

    def _profiles(self) -> list[Row]:
        return [one for one in self.world["profiles"] if one["account_id"] == self.account["id"]]

    def _change_profile(self) -> bool:
        oracle = self.oracle
        if CENTER in oracle.open:
            return False
        for profile in [one for one in self._profiles() if one["id"] != oracle.seat["profile_id"]]:
            self._change("profiles", profile, name=f"Other {self.make.number()}",
                         grants=self._one(["SEARCH_SALES"], [], ["MANAGE_LINKS"]))  # fmt: skip
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
        found = [one for one in self.world["audit_entries"] if one["account_id"] == self.account["id"]]
        for entry in found:
            hidden = [one for one in entry["changes"] if one["field"] == "Account.taxNumber"]
            if hidden:
                told = [one for one in entry["changes"] if one not in hidden]
                told.append({"field": "Account.taxNumber", "before": None, "after": f"{self.make.number()}"})
                self._change("audit_entries", entry, changes=told)
        return bool(found)

    def _change_account(self) -> bool:
        if "OWNER" in self.oracle.open:
            return False
        self._change(
            "accounts", self.account, tax_number=f"{self.make.number()}", country=self._one("FR", "ES")
        )
        return True

    def _change_other(self) -> bool:
        other = self.world["accounts"][1]
        for sale in [one for one in self.world["sales"] if one["account_id"] == other["id"]][:3]:
            reference = self._one(sale["reference"], f"HP{self.make.number():010}")
            self._change("sales", sale, price=self.rng.randrange(10**6), reference=reference)
        before = self._counts()
        self.make.sale(other)
        self.make.product(other)
        self._added(before)
        return True
