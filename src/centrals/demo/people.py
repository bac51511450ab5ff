"""The people in the demo: who they are, where they work, and what they can do there."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from actions.identity.sessions.session import hash_password
from actions.kit.email_address import normalised_email
from authz.catalog import presets
from authz.grant import Grant
from centrals.demo.chance import DAY, END, START, Chance, moment
from models import database
from models.naming import name_columns
from models.vocabulary import AccountKind, Edition, InvitationStatus, Privacy, Role

PASSWORD = "centrals-demo"  # noqa: S105

DEMO_PEOPLE = [
    ("owner@example.com", "owns Aurora Cursos"),
    ("admin@example.com", "ADMIN in Aurora Cursos, Direction"),
    ("finance@example.com", "ADMIN in Aurora Cursos, Financial"),
    ("lead@example.com", "TEAM_LEAD of North in Aurora Cursos, Support"),
    ("user@example.com", "USER in North in Aurora Cursos, Support"),
    ("south@example.com", "USER in South in Aurora Cursos, Support"),
    ("tech@example.com", "USER in Aurora Cursos, Technical"),
    ("affiliates@example.com", "USER in Aurora Cursos, Affiliate manager; USER in Bosque Libros, Support"),
    ("livros@example.com", "owns Bosque Libros"),
    ("solo@example.com", "a natural person with their own account, without sales"),
]
"""The people who can sign in with `PASSWORD`, and their roles."""

_NAMES = {
    "owner@example.com": ("Helena Duarte", "en"),
    "admin@example.com": ("Rafael Nogueira", "en"),
    "finance@example.com": ("Beatriz Azevedo", "en"),
    "lead@example.com": ("Camila Prado", "en"),
    "user@example.com": ("Tiago Moreira", "en"),
    "south@example.com": ("Luísa Fontes", "pt"),
    "tech@example.com": ("Bruno Sá", "en"),
    "affiliates@example.com": ("Marta Ruiz", "en"),
    "livros@example.com": ("Íñigo Robles", "es"),
    "solo@example.com": ("Claire Fontaine", "fr"),
}

_DIRECTION = "DIRECTION"
_ADDED: dict[str, tuple[Grant, ...]] = {
    "SUPPORT": (
        Grant.VIEW_REVENUE_REPORT,
        Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT,
        Grant.VIEW_OVERDUE_SUBSCRIPTIONS_REPORT,
    )
}
_DIRECTION_ADDED = (
    Grant.VIEW_REVENUE_REPORT,
    Grant.VIEW_REVENUE_BY_PRODUCT_REPORT,
    Grant.VIEW_REVENUE_BY_DEVICE_REPORT,
    Grant.VIEW_SALES_BY_ORIGIN_REPORT,
    Grant.ACCESS_COLLABORATORS_CENTER,
)

_AURORA_COLLABORATORS = (
    ("admin@example.com", _DIRECTION, Role.ADMIN),
    ("finance@example.com", "FINANCIAL", Role.ADMIN),
    ("lead@example.com", "SUPPORT", Role.TEAM_LEAD),
    ("user@example.com", "SUPPORT", Role.USER),
    ("south@example.com", "SUPPORT", Role.USER),
    ("tech@example.com", "TECHNICAL", Role.USER),
    ("affiliates@example.com", "AFFILIATE_MANAGER", Role.USER),
)
_TEAMS = (
    ("North", Privacy.SHARED, ("lead@example.com",), ("user@example.com",)),
    ("South", Privacy.OWN, (), ("south@example.com",)),
)
_INVITATIONS = (
    ("Júlia Campos", "julia@example.com", "SUPPORT", Role.USER, "owner@example.com", 1),
    ("André Lima", "andre@example.com", "TECHNICAL", Role.USER, "owner@example.com", 2),
    ("Noemí Vidal", "noemi@example.com", "SUPPORT", Role.USER, "admin@example.com", 4),
    ("Otávio Reis", "otavio@example.com", "FINANCIAL", Role.ADMIN, "owner@example.com", 40),
)
_LASTS_DAYS = 7
FAR = moment(2099, 12, 31)

OPENED = START - 30 * DAY


@dataclass(frozen=True, slots=True)
class Collaborator:
    """A collaborator, and the team that is credited with the sales assigned to them."""

    id: str
    name: str
    team_id: str | None = None
    team_name: str | None = None


@dataclass(slots=True)
class People:
    """Everything that exists before the first sale, as rows by table."""

    accounts: dict[str, str] = field(default_factory=dict)
    """The ids of the accounts, by their owners' addresses."""
    collaborators: dict[tuple[str, str], Collaborator] = field(default_factory=dict)
    """The collaborators, by account id and e-mail address."""
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> str:
        """Add a row for its table, and return its id."""
        self.rows.setdefault(table, []).append(row)
        return str(row["id"])

    async def insert(self) -> None:
        """Write the rows, in the order in which their tables were first named."""
        for table, rows in self.rows.items():
            await database.insert_many(table, tuple(rows[0]), [tuple(row.values()) for row in rows])


async def people(chance: Chance) -> People:
    """The ten people, their three accounts, and the collaborators."""
    data = People()
    users = _users(data, chance, await hash_password(PASSWORD))
    aurora = _account(
        data, chance, users, "owner@example.com",
        name="Aurora Cursos", kind=AccountKind.LEGAL_ENTITY, country="BR", tax_number="11222333000181",
        edition=Edition.EXPERT, teams_on=True, privacy=Privacy.OWN, currency="BRL",
        timezone="America/Sao_Paulo", locale="pt",
    )  # fmt: skip
    bosque = _account(
        data, chance, users, "livros@example.com",
        name="Bosque Libros", kind=AccountKind.LEGAL_ENTITY, country="ES", tax_number="B12345674",
        edition=Edition.STANDARD, teams_on=False, privacy=Privacy.SHARED, currency="EUR",
        timezone="Europe/Madrid", locale="es",
    )  # fmt: skip
    _account(
        data, chance, users, "solo@example.com",
        name="Claire Fontaine", kind=AccountKind.NATURAL_PERSON, country="FR", tax_number=None,
        edition=Edition.STANDARD, teams_on=False, privacy=Privacy.OWN, currency="EUR",
        timezone="Europe/Paris", locale="fr",
    )  # fmt: skip
    profiles = _aurora_profiles(data, chance, aurora)
    for address, profile, role in _AURORA_COLLABORATORS:
        _collaborator(data, chance, aurora, users, address, profiles[profile], role)
    support = _profile(data, chance, bosque, "Support", "SUPPORT", presets()["SUPPORT"].grants)
    _collaborator(data, chance, bosque, users, "affiliates@example.com", support, Role.USER)
    _teams(data, chance, aurora)
    _invitations(data, chance, aurora, users, profiles)
    owner = DEMO_PEOPLE[0][0]
    _credentials(data, Chance("credentials"), aurora, users[owner], _NAMES[owner][0])
    return data


def _users(data: People, chance: Chance, password_hash: str) -> dict[str, str]:
    return {
        address: data.add(
            "users",
            id=chance.id(OPENED),
            email=normalised_email(address),
            name=_NAMES[address][0],
            password_hash=password_hash,
            locale=_NAMES[address][1],
            email_verified_at=OPENED,
            created_at=OPENED,
        )
        for address, _ in DEMO_PEOPLE
    }


def _account(data: People, chance: Chance, users: dict[str, str], owner: str, **columns: Any) -> str:
    data.accounts[owner] = data.add(
        "accounts",
        id=chance.id(OPENED),
        owner_id=users[owner],
        **columns,
        logo_url=None,
        intake_id=chance.id(OPENED),
        intake_secret_digest=None,
        closed_at=None,
        created_at=OPENED,
    )
    return data.accounts[owner]


def _aurora_profiles(data: People, chance: Chance, account_id: str) -> dict[str, str]:
    ids = {
        key: _profile(data, chance, account_id, preset.labels["en"], key, preset.grants + _ADDED.get(key, ()))
        for key, preset in presets().items()
    }
    grants = presets()["SUPPORT"].grants + presets()["FINANCIAL"].grants + _DIRECTION_ADDED
    ids[_DIRECTION] = _profile(data, chance, account_id, "Direction", None, grants)
    return ids


def _profile(
    data: People, chance: Chance, account_id: str, name: str, preset: str | None, grants: tuple[Grant, ...]
) -> str:
    return data.add(
        "profiles",
        id=chance.id(OPENED),
        account_id=account_id,
        **name_columns(name),
        preset=preset,
        grants=msgspec.json.encode(list(dict.fromkeys(grant.value for grant in grants))).decode(),
        created_at=OPENED,
    )


def _collaborator(
    data: People,
    chance: Chance,
    account_id: str,
    users: dict[str, str],
    address: str,
    profile_id: str,
    role: Role,
) -> None:
    collaborator_id = data.add(
        "collaborators",
        id=chance.id(OPENED),
        account_id=account_id,
        user_id=users[address],
        profile_id=profile_id,
        **name_columns(_NAMES[address][0]),
        role=role,
        suspended_at=None,
        starts_at=None,
        ends_at=None,
        joined_at=OPENED,
    )
    data.collaborators[account_id, address] = Collaborator(collaborator_id, _NAMES[address][0])


def _teams(data: People, chance: Chance, account_id: str) -> None:
    for name, privacy, leads, members in _TEAMS:
        team_id = data.add(
            "teams",
            id=chance.id(OPENED),
            account_id=account_id,
            **name_columns(name),
            privacy=privacy,
            created_at=OPENED,
        )
        for address in leads + members:
            collaborator = data.collaborators[account_id, address]
            data.collaborators[account_id, address] = Collaborator(
                collaborator.id, collaborator.name, team_id, name
            )
            data.add(
                "team_members",
                id=chance.id(OPENED),
                account_id=account_id,
                team_id=team_id,
                collaborator_id=collaborator.id,
                leads=address in leads,
            )


def _invitations(
    data: People, chance: Chance, account_id: str, users: dict[str, str], profiles: dict[str, str]
) -> None:
    for name, address, profile, role, inviter, days_ago in _INVITATIONS:
        created_at = END - days_ago * DAY
        data.add(
            "invitations",
            id=chance.id(created_at),
            account_id=account_id,
            profile_id=profiles[profile],
            inviter_id=users[inviter],
            **name_columns(name),
            email=normalised_email(address),
            role=role,
            status=InvitationStatus.PENDING,
            token_digest=chance.digest(),
            created_at=created_at,
            # not in the demo's calendar: the open invitation must be open whenever someone looks
            expires_at=FAR if days_ago < _LASTS_DAYS else created_at + _LASTS_DAYS * DAY,
        )


def _credentials(data: People, chance: Chance, account_id: str, owner_id: str, name: str) -> None:
    """Two credentials of machines whose secrets nobody knows, one of them revoked."""
    for machine, grants, ended in (
        ("Warehouse", [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS], None),
        ("Old spreadsheet", [Grant.SEARCH_SALES], END - 20 * DAY),
    ):
        created_at = END - 60 * DAY
        data.add(
            "api_credentials",
            id=chance.id(created_at),
            account_id=account_id,
            user_id=owner_id,
            name=machine,
            grants=msgspec.json.encode([grant.value for grant in grants]).decode(),
            client_id=f"{account_id.replace('-', '')}_{chance.digest()[:16]}",
            digest=chance.digest(),
            created_at=created_at,
            created_by_name=name,
            expires_at=FAR,  # like the open invitation
            last_used_at=ended or END - DAY,
            ended_at=ended,
            fell=False,
        )
