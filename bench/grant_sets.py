"""What thousands of different sets of grants cost: the memory of a process, a request, and a new document.

Each of the people added here has a profile of their own, and all of them ask. Half of them see personal data.
"""

import random
import time
from collections.abc import Sequence
from functools import partial
from statistics import median

import msgspec

from authz.grant import Grant
from authz.identity import digest
from bench.cases import PAGE, PLAIN_PAGE, Case
from bench.extras import cold, resident
from bench.make_data import ACCOUNT, END, PERSONAL, Rows, names, token, uid
from bench.measure import Bench, application
from bench.wire import Wire
from models import database

SETS = 10_000
ROUNDS, BATCH = 30, 20
FIRST = 1_000_000  # the number of the first person
KNOWN = 3  # sets that a server has seen before others come
ALWAYS = (Grant.SEARCH_SALES, Grant.VIEW_COMMISSIONS_REPORT)


async def add_people() -> None:
    """Add the people with their profiles, unless they are there."""
    if await database.read("SELECT 1 FROM users WHERE id = ?", (uid(2, FIRST),)):
        return
    for start in range(0, SETS, 2_000):
        await database.transact(partial(_add, range(start, min(SETS, start + 2_000))))


def _drawn() -> list[tuple[Grant, ...]]:
    """Different sets, every second of which opens personal data."""
    chance, found = random.Random(SETS), dict[tuple[Grant, ...], None]()
    others = [grant for grant in Grant if grant not in (*ALWAYS, *PERSONAL)]
    while len(found) < SETS:
        personal = PERSONAL if len(found) % 2 == 0 else ()
        drawn = [grant for grant in others if chance.random() < 0.5]
        found[*ALWAYS, *personal, *drawn] = None
    return list(found)


async def _add(numbers: range) -> None:
    users = Rows("users", "id email name password_hash locale email_verified_at created_at")
    sessions = Rows("sessions", "id user_id agent created_at ended_at")
    credentials = Rows("credentials", "id session_id kind digest created_at expires_at used_at")
    profiles = Rows("profiles", "id account_id name name_folded sort_key preset grants created_at")
    collaborators = Rows(
        "collaborators", "id account_id user_id profile_id name name_folded sort_key role joined_at"
    )
    sets = _drawn()
    for place in numbers:
        number, name = FIRST + place, f"Set {place}"
        grants = msgspec.json.encode([grant.value for grant in sets[place]]).decode()
        users.rows.append((uid(2, number), f"set{place}@example.com", name, "", "en", END, END))
        sessions.rows.append((uid(10, number), uid(2, number), "", END, None))
        secret = digest(token(f"set{place}"))
        credentials.rows.append((uid(11, number), uid(10, number), "ACCESS", secret, END, END * 2, None))
        profiles.rows.append((uid(3, number), ACCOUNT, *names(name), None, grants, END))
        collaborators.rows.append(
            (uid(4, number), ACCOUNT, uid(2, number), uid(3, number), *names(name), "ADMIN", END)
        )
    for rows in (users, sessions, credentials, profiles, collaborators):
        await rows.insert()


def _requests() -> list[bytes]:
    """The page of sales that each of the people can see."""
    found = []
    for place, grants in enumerate(_drawn()):
        query = PAGE if set(grants).issuperset(PERSONAL) else PLAIN_PAGE
        found.append(Case("page", f"set{place}", query, None, {"first": 50}).graphql())
    return found


async def compare(bench: Bench) -> None:
    """Print what the sets cost beside a few."""
    requests, chance = _requests(), random.Random(1)
    wire = Wire(application())
    few = requests[: KNOWN * 2]
    await _sent(wire, few * 12)
    before = resident()
    fresh = [await _timed(bench, wire, [one]) for one in requests]
    after = resident()
    ratios, costs = [], []
    for _ in range(ROUNDS):
        same = await _timed(bench, wire, [chance.choice(few)] * BATCH)
        costs.append(await _timed(bench, wire, chance.sample(requests, BATCH)))
        ratios.append(costs[-1] / same)
    page = Case("page", "p1", PAGE, None, {"first": 50})
    new, known = await cold(page)
    print(f"- memory: {before:,.0f} MB with {len(few)} sets, {after:,.0f} MB after {SETS:,}")
    print(f"- the first request of a set: {median(fresh) / 1e3:,.0f} µs; {max(fresh) / 1e6:,.0f} ms at most")
    print(
        f"- a request of any set: {median(costs) / 1e3:,.0f} µs, {median(ratios):.2f} times that of one set"
    )
    print(f"- a new document of a screen: {new:.1f} ms, {known:.2f} ms once it is known", flush=True)


async def _timed(bench: Bench, wire: Wire, requests: Sequence[bytes]) -> float:
    """Nanoseconds of CPU a request, of the server and the database."""
    backend, own = bench.backends(), time.process_time_ns()
    await _sent(wire, requests)
    return (time.process_time_ns() - own + bench.backends() - backend) / len(requests)


async def _sent(wire: Wire, requests: Sequence[bytes]) -> None:
    for request in requests:
        status, body = await wire.call(request)
        if status != 200 or b'"errors":[{' in body:
            raise RuntimeError(f"{status} {body[:300]!r}")
