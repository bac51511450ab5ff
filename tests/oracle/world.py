"""Random worlds from a seed: accounts side by side, as dictionaries, and the same as rows of a database."""

import random
from typing import Any

import msgspec

from models import database
from models.address import Address
from models.naming import NAMED, name_columns
from models.sales.words import restore_words
from models.text import folded
from oracle.catalog_world import REFUNDS, add_catalog, add_refunds
from oracle.recovery_world import RECOVERY, RECOVERY_TABLES, add_recovery
from oracle.report_world import APART, REPORT_TABLES, add_reported
from oracle.share_sums import further_columns, repeats
from oracle.vocabulary import GRANTS, TYPES
from oracle.world_words import CURRENCIES, FIRST_DAY, FUTURE, HOUR, NAMES, PAST

Row = dict[str, Any]
World = dict[str, list[Row]]

TABLES = (
    "users", "accounts", "profiles", "collaborators", "teams", "team_members", "ended_seats", "ended_teams",
    "products", "plans", "offers", "offer_prices", "sales",
    "commissions", "sale_events", "refund_requests", "invitations", "audit_entries", *RECOVERY_TABLES,
    *REPORT_TABLES,
)  # fmt: skip
USED = sorted({gate for gate in TYPES.values() if gate in GRANTS} - {REFUNDS, RECOVERY, *APART}
              | {"CHANGE_BUYER_EMAIL", "ISSUE_PAYMENT_SLIPS", "VIEW_PRODUCTS", "SEARCH_SALES_BY_PERIOD"})  # fmt: skip
STATUSES = ("APPROVED", "APPROVED", "COMPLETE", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTE", "CHARGEBACK",
            "STARTED", "WAITING_PAYMENT", "CANCELLED")  # fmt: skip
METHODS = ("CREDIT_CARD", "PIX", "BILLET", None)
ZONES = ("UTC", "America/Sao_Paulo", "Asia/Tokyo", "Europe/Paris", "America/Havana")
_FOLDED = {
    "sales": {"buyer_name": "buyer_folded"},
    "subscriptions": {"subscriber_name": "subscriber_folded"},
    "opportunities": {"contact_name": "contact_folded", "title": "title_folded"},
}


class Maker:
    """Makes rows at random, and adds each to a world."""

    def __init__(self, seed: int, world: World) -> None:
        self.rng = random.Random(f"{seed} {len(world['users'])}")
        self.seed = seed
        self.world = world
        self.count = 0

    def row(self, table: str, **values: Any) -> Row:
        bits = f"{self.rng.getrandbits(128):032x}"
        row_id = "-".join((bits[:8], bits[8:12], bits[12:16], bits[16:20], bits[20:]))
        row = {"id": row_id, **values}
        self.world[table].append(row)
        return row

    def number(self) -> int:
        self.count += 1
        return self.seed * 10_000 + self.count

    def pick(self, *values: Any) -> Any:
        return self.rng.choice(values)

    def often(self, chance: float) -> bool:
        return self.rng.random() < chance

    def when(self) -> int:
        """A time within 70 days, many of them equal, some on the edge of a day."""
        at = FIRST_DAY + self.rng.randrange(70 * 24) * HOUR
        return at + self.pick(0, 0, 0, -1, 1, 1_234_567)

    def user(self) -> Row:
        number = self.number()
        return self.row("users", email=f"oracle-{number}@example.com", name=f"{self.pick(*NAMES)} {number}",
                        password_hash=None, locale="en", email_verified_at=PAST, created_at=PAST)  # fmt: skip

    def account(self, owner: Row, **changed: Any) -> Row:
        row = {
            "owner_id": owner["id"], "name": f"{self.pick('Shop', 'shop', 'Ärzte')} {self.number()}",
            "kind": self.pick("NATURAL_PERSON", "LEGAL_ENTITY"), "country": "BR",
            "tax_number": self.pick(None, "11222333000181"), "edition": self.pick("EXPERT", "EXPERT", "EXPERT", "STANDARD"),
            "teams_on": self.often(0.8), "privacy": self.pick("OWN", "SHARED"),
            "currency": self.pick("BRL", "EUR", "JPY"), "timezone": self.pick(*ZONES), "locale": "en",
            "logo_url": self.pick(None, "https://example.com/logo.png"), "intake_id": None,
            "intake_secret_digest": None, "closed_at": None, "created_at": PAST + self.number(),
        }  # fmt: skip
        account = self.row("accounts", **row | changed)
        account["intake_id"] = account["id"]
        return account

    def profile(self, account: Row) -> Row:
        current = {grant for grant in USED if self.often(self.pick(0.3, 0.6, 0.9))}
        current |= {grant for grant in GRANTS if self.often(0.1)}
        current = current | {"SEARCH_SALES"} if self.often(0.75) else current - {"SEARCH_SALES"}
        grants = sorted(current)
        self.rng.shuffle(grants)
        return self.row("profiles", account_id=account["id"], name=f"Profile {self.number()}",
                        preset=self.pick(None, "SUPPORT"), grants=grants, created_at=self.when())  # fmt: skip

    def collaborator(self, account: Row, user: Row, profiles: list[Row], role: str, **changed: Any) -> Row:
        row = {
            "account_id": account["id"], "user_id": user["id"], "profile_id": self.pick(*profiles)["id"],
            "name": self.pick(user["name"], self.pick(*NAMES)), "role": role, "suspended_at": None,
            "starts_at": self.pick(None, None, PAST), "ends_at": self.pick(None, None, FUTURE),
            "joined_at": self.when(),
        }  # fmt: skip
        return self.row("collaborators", **row | changed)

    def team(self, account: Row, collaborators: list[Row]) -> Row:
        team = self.row("teams", account_id=account["id"], name=f"Team {self.number()}",
                        privacy=self.pick("OWN", "SHARED"), created_at=self.when())  # fmt: skip
        for collaborator in self.rng.sample(collaborators, min(self.rng.randint(2, 6), len(collaborators))):
            # a user who was a lead once keeps the mark, and a lead is in teams that they do not lead
            leads = self.often(0.75 if collaborator["role"] == "TEAM_LEAD" else 0.4)
            self.row("team_members", account_id=account["id"], team_id=team["id"],
                     collaborator_id=collaborator["id"], leads=leads)  # fmt: skip
        return team

    def ended(self, account: Row) -> None:
        """People and a team that are gone; the two people had one name, which someone here may have, too."""
        for name in (NAMES[0], NAMES[0]):
            self.row("ended_seats", account_id=account["id"], user_id=account["owner_id"], name=name,
                     ended_at=self.when())  # fmt: skip
        self.row("ended_teams", account_id=account["id"], name=f"Team {self.number()}", ended_at=self.when())

    def product(self, account: Row) -> Row:
        number = self.number()
        product = self.row("products", account_id=account["id"], reference=str(number), name=self.pick(*NAMES),
                           ucode=self.pick(None, f"ucode-{number}"), support_email=f"help-{number}@example.com",
                           format=self.pick(None, "COURSE", "EBOOK"), warranty_days=self.pick(None, 0, 15),
                       coproduced=self.pick(None, False, True),
                       named_at=0, named_by="", created_at=PAST)  # fmt: skip
        for _ in range(self.rng.randint(0, 2)):
            currency = self.pick(*CURRENCIES)
            price = self.pick(None, 0, 9_900)
            self.row("offers", account_id=account["id"], product_id=product["id"],
                     code=f"offer{self.number()}", price=price, currency=None if price is None else currency,
                     payment_mode=self.pick(None, "SINGLE", "SUBSCRIPTION"), plan_name=self.pick(None, "Monthly"),
                     priced_at=0, name=self.pick(None, *NAMES), created_at=PAST)  # fmt: skip
        return product

    def sale(self, account: Row, reference: str | None = None) -> Row:
        number, of = self.number(), account["id"]
        product = self.pick(*[item for item in self.world["products"] if item["account_id"] == of])
        offers = [offer["id"] for offer in self.world["offers"] if offer["product_id"] == product["id"]]
        collaborators = [
            collaborator["id"]
            for collaborator in self.world["collaborators"]
            if collaborator["account_id"] == of
        ]
        teams = [item["id"] for item in self.world["teams"] if item["account_id"] == of]
        gone = [item["id"] for item in self.world["ended_seats"] if item["account_id"] == of]
        lost = [item["id"] for item in self.world["ended_teams"] if item["account_id"] == of]
        currency, at = self.pick(*CURRENCIES), self.when()
        price = self.pick(0, 9_900, 9_900, self.rng.randrange(1, 500_000))
        net = self.pick(None, price, price // 2)
        status = self.pick(*STATUSES)
        paid = status in STATUSES[:7] and self.often(0.85)
        address = stored_fields(
            Address(street=f"Rua {number}", number="7", zip_code=str(number), country="BR")
        )
        payout, refunded, vat = (self.pick(None, self.rng.randrange(90_000)) for _ in range(3))
        assigned = collaborators and self.often(0.8)
        assignee = self.pick(*collaborators) if assigned else None
        team = self.pick(None, *teams) if assigned else None
        # of most sales whoever works on them; of others someone who has gone, or nobody, or someone else
        credit = self.pick(assignee, assignee, assignee, *gone, self.pick(None, *collaborators))
        stamp = team if credit == assignee else self.pick(None, *teams, *teams, *lost)
        sale = self.row(
            "sales", account_id=of, reference=reference or f"HP{number:010}", status=status,
            product_id=product["id"], offer_id=self.pick(None, *offers), price=price, currency=currency,
            full_price=price + self.pick(0, 123), full_currency=currency, net=net,
            net_currency=None if net is None else self.pick(currency, currency, "EUR"),
            payout=payout, payout_currency=None if payout is None else self.pick("BRL", "KWD"),
            refunded_amount=refunded, refunded_currency=None if refunded is None else currency,
            vat=vat, vat_currency=None if vat is None else currency, coupon=self.pick(None, "TEN"),
            refusal=self.pick(None, "LIMIT", "OTHER"), refusal_reason=self.pick(None, "Limite excedido"),
            in_funnel=self.often(0.3), order_bump=self.often(0.3), parent_reference=self.pick(None, "HP1"),
            payment_method=self.pick(*METHODS), instalments=self.pick(1, 1, 3),
            buyer_name=self.pick(None, *NAMES), buyer_email=f"buyer-{number}@example.com",
            buyer_phone=self.pick(None, f"+55{number:09}"), buyer_document=self.pick(None, f"X{number:08}K"),
            buyer_country=self.pick("BR", None), buyer_address=self.pick(None, address),
            origin_src=self.pick(None, "ads", "mail"), origin_sck=self.pick(None, "a|b"), origin_xcod=self.pick(None, "x"),
            checkout_origin=self.pick(None, "hotpay"), device=self.pick(None, "mobile", "MOBILE", "móvil"),
            affiliate_code=self.pick(None, f"aff{number}"), affiliate_name=self.pick(None, *NAMES),
            subscription_code=self.pick(None, f"sub{number}"), subscription_plan=self.pick(None, "Monthly"),
            recurrence=self.pick(None, 2),
            ordered_at=at, approved_at=at + self.pick(0, HOUR, 40 * HOUR) if paid else None,
            refunded_at=self.pick(None, at), warranty_until=self.pick(None, at), created_at=PAST,
            assignee_id=assignee, team_id=team, assigned_at=at if assigned else None,
            credit_id=credit, credit_team_id=stamp if credit else None, first_access_at=None,
        )  # fmt: skip
        sale |= further_columns(number, sale)
        shares: list[Row] = []
        for position in range(self.rng.randint(0, 3)):
            share = self.row("commissions", account_id=of, sale_id=sale["id"], position=position,
                     source=self.pick("PRODUCER", "MARKETPLACE", "COPRODUCER", "AFFILIATE"),
                     name=self.pick(None, *NAMES), amount=self.rng.randrange(100_000),
                     currency=self.pick(*CURRENCIES), converted_amount=self.pick(None, 17),
                     converted_currency="JPY")  # fmt: skip
            share["repeats"] = repeats(shares, share)
            shares.append(share)
        for event in range(self.rng.randint(0, 3)):
            self.row("sale_events", account_id=of, sale_id=sale["id"], key=f"{event}",
                     source=self.pick("WEBHOOK", "REST"), kind="PURCHASE", status=self.pick(*STATUSES),
                     happened_at=at + self.pick(0, HOUR), received_at=at, facts={})  # fmt: skip
        for change in range(self.pick(0, 0, 1, 2)):
            to = self.pick({}, {"assignee_name": self.pick(*NAMES), "team_name": self.pick(None, "East")})
            by = self.pick({}, {"by": {"name": self.pick(*NAMES)}}, {"by": {}})
            facts = by | {"assignment": to}
            self.row("sale_events", account_id=of, sale_id=sale["id"], key=f"person:{change}",
                     source="PERSON", kind="ASSIGNMENT", status=None,
                     happened_at=at + self.pick(0, HOUR), received_at=at, facts=facts)  # fmt: skip
        return sale

    def invitation(self, account: Row, profiles: list[Row]) -> Row:
        number = self.number()
        return self.row("invitations", account_id=account["id"], profile_id=self.pick(*profiles)["id"],
                        inviter_id=account["owner_id"], name=self.pick(*NAMES),
                        email=f"invited-{number}@example.com", role=self.pick("USER", "TEAM_LEAD"),
                        status=self.pick("PENDING", "PENDING", "REVOKED", "ACCEPTED"),
                        token_digest=f"oracle-{number}", created_at=self.when(),
                        expires_at=self.pick(PAST, FUTURE))  # fmt: skip

    def entry(self, account: Row) -> Row:
        fields = ("Sale.assignee", "Buyer.email", "Account.taxNumber", "Account.privacy", "Profile.grants",
                  "Sale.net", "Person.role", "Product.ucode")  # fmt: skip
        changes = [{"field": field, "before": self.pick(None, "one"), "after": "two", "count": 3}
                   for field in self.rng.sample(fields, 3)]  # fmt: skip
        return self.row("audit_entries", account_id=account["id"], user_id=account["owner_id"],
                        user_name="Someone", act="assignSale", object_type="Sale", object_id="HP1",
                        let_by=self.pick(None, "LEAD"), refusal=self.pick(None, "NOT_FOUND"), changes=changes,
                        request_id=f"{self.number()}", address=None, at=self.when())  # fmt: skip

    def fill(self, account: Row, collaborators: list[Row], sales: int, references: list[str]) -> None:
        profiles = [profile for profile in self.world["profiles"] if profile["account_id"] == account["id"]]
        for _ in range(3):
            self.team(account, collaborators)
            self.product(account)
        self.ended(account)
        for number in range(sales):
            self.sale(account, references[number] if number < len(references) else None)
        for _ in range(3):
            self.invitation(account, profiles)
            self.entry(account)


def random_world(seed: int, sales: int = 18) -> World:
    """The first account is furnished in full; another has like rows; some of its people have more doors."""
    make = Maker(seed, {table: [] for table in TABLES})
    owner, stranger = make.user(), make.user()
    account, other = make.account(owner), make.account(stranger)
    profiles = [make.profile(account) for _ in range(4)]
    others = [make.profile(other) for _ in range(2)]
    collaborators = [make.collaborator(account, make.user(), profiles, role)
             for role in ("ADMIN", "TEAM_LEAD", "TEAM_LEAD", "USER", "USER", "USER")]  # fmt: skip
    inactive = [{"suspended_at": PAST}, {"starts_at": FUTURE}, {"ends_at": PAST}]
    collaborators += [make.collaborator(account, make.user(), profiles, make.pick("ADMIN", "TEAM_LEAD", "USER"), **changed)
              for changed in inactive]  # fmt: skip
    people = [user for user in make.world["users"] if user not in (owner, stranger)]
    # the owner was a collaborator once: that seat has ended, and its row stays for what is assigned to it
    left = make.collaborator(account, owner, profiles, "USER", ends_at=PAST)
    make.row("ended_seats", account_id=account["id"], user_id=owner["id"], name=left["name"], ended_at=PAST)
    make.world["ended_seats"][-1]["id"] = left["id"]
    elsewhere = [
        make.collaborator(other, user, others, "USER") for user in [owner, *make.rng.sample(people, 4)]
    ]
    closed = make.account(stranger, closed_at=PAST)
    make.collaborator(closed, people[0], [make.profile(closed)], "ADMIN")
    make.account(people[1], closed_at=make.pick(None, PAST))
    make.fill(account, collaborators, sales, [])
    references = [sale["reference"] for sale in make.world["sales"][:3]]
    make.fill(other, elsewhere, 6, references)
    add_refunds(Maker(seed, make.world))
    add_catalog(Maker(seed, make.world))
    add_recovery(Maker(seed, make.world), random.Random(f"recovery {seed}"))
    add_reported(Maker(seed, make.world), random.Random(f"reported {seed}"))
    return make.world


def stored_fields(address: Address) -> Row:
    """An address by the keys that its column holds."""
    fields: Row = msgspec.to_builtins(address)
    return dict.fromkeys(Address.__struct_fields__) | fields


def stored(table: str, row: Row) -> Row:
    """A row as its table holds it: JSON as text, and names once more as they are searched."""
    found = {key: msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
             for key, value in row.items()}  # fmt: skip
    if table in NAMED:
        found |= name_columns(row["name"])
    for name, column in _FOLDED.get(table, {}).items():
        found[column] = row[name] and folded(row[name])
    return found


async def plant(world: World) -> None:
    """Insert a world, once."""
    if await database.read("SELECT 1 FROM accounts WHERE id = ?", (world["accounts"][0]["id"],)):
        return

    async def work() -> None:
        for table in TABLES:
            rows = [stored(table, row) for row in world[table]]
            if rows:
                await database.insert_many(table, tuple(rows[0]), [tuple(row.values()) for row in rows])
        for sale in world["sales"]:
            await restore_words(sale["account_id"], [sale["id"]])

    await database.transact(work)
