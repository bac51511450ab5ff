"""What each room may do, read off the syntax trees."""

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import models

SOURCE = Path(models.__file__).parents[1]
ROOMS = ("telemetry", "models", "authz", "engine", "actions", "reports", "intake", "graph", "centrals")
ACCOUNT_TABLES = {
    model._meta.db_table
    for model in (getattr(models, name) for name in models.__all__)
    if "account" in model._meta.fields_map
}
NAMED_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+([a-z_]+)\b")

# statements of mutations and commands that do not read rows on a viewer's behalf
WITHOUT_REACH = {
    "graph.reports.filters._shared_with": "the shares of sales that a report finds within reach",
    "graph.commerce.sales.filters._with_share": "the shares of sales that reach finds in the same statement",
    "graph.commerce.sales.text_search._products": "products whose sales reach finds in the same statement",
    "graph.commerce.sales.text_search.ids_with_text": "ids among which a statement finds sales within reach",
    "reports.expressions.recovered": "the condition of reach is put in where the statement is built",
    "reports.expressions.won_back": "the condition of reach is put in where the statement is built",
    "reports.expressions.known_currency": "the currency of the offers of a row that is within reach",
    "actions.accounts.operator._cancel_offers": "the offers of an account that whoever runs the server closes",
    "actions.operator.disable_user._set_suspended": "whom the server's operator locks out",
    "actions.operator.erase_user._remove_address": "the invitations of someone whom the operator erases",
    "actions.operator.erase_user._rename_as_editor": "the name of someone whom the operator erases",
    "actions.operator.erase_user._rename_in_histories": "the name of someone whom the operator erases",
    "actions.operator.erase_user._rename_in_requests": "the name of someone whom the operator erases",
    "actions.commerce.refunds.limits.limits_by_act": "the limits of the caller's own account",
    "actions.commerce.refunds.limits._replace": "the limits of the account that the caller owns",
    "actions.commerce.refunds.request._require_few": "the caller's own requests",
    "actions.commerce.refunds.request._requested_today": "the caller's own requests",
    "actions.commerce.refunds.request._require_new": "the requests of a sale that reach found just before",
    "actions.commerce.refunds.request._insert": "the earlier request of a sale that reach found just before",
    "actions.commerce.refunds.request.move": "a request that reach found just before",
    "actions.commerce.refunds.clock._announce": "the request that the clock has just claimed",
    "actions.commerce.withdrawals.clock._release": "the balance that the clock has just claimed",
    "actions.commerce.withdrawals.clock._expire": "the withdrawal that the clock has just claimed",
    "actions.commerce.withdrawals.destination.destination_of": "the bank details of the caller's own account, which it covers",
    "actions.commerce.withdrawals.request._require_few": "the caller's own withdrawals",
    "actions.commerce.withdrawals.request._waits": "the caller's own withdrawals",
    "actions.commerce.withdrawals.step.cancel_all": "the account whose bank details or owner change",
    "actions.commerce.withdrawals.step.to": "a withdrawal that reach or the clock found just before",
    "actions.commerce.subscriptions.found.newest_payment": "the payments of a subscription that reach found just before",
    "actions.commerce.subscriptions.request._require_requestable": "the requests for subscriptions that reach found just before",
    "actions.commerce.subscriptions.request._withdraw": "a request that reach found just before",
    "actions.commerce.subscriptions.clock._announce": "the request that the clock has just claimed",
    "actions.commerce.subscriptions.due.due_now": "the account whose rules the clock follows",
    "actions.commerce.subscriptions.due._rows": "the account whose rules the clock follows, or that are counted for a grant without reach",
    "actions.commerce.subscriptions.due.unpaid_in_a_row": "the account whose rules the clock follows",
    "actions.commerce.subscriptions.refused.has_refused": "the e-mails of the account whose rules the clock follows",
    "actions.commerce.subscriptions.refused.is_refused_for": "the account of an e-mail that is being sent",
    "actions.commerce.subscriptions.refused.refuse_marketing": "the account of the link that an e-mail has",
    "actions.commerce.subscriptions.refused.work": "the account of the link that an e-mail has",
    "actions.commerce.subscriptions.rounds._round": "the rules that the clock has just claimed",
    "actions.commerce.subscriptions.rounds._data": "the account whose rules the clock follows",
    "actions.commerce.subscriptions.rounds._slip": "the account whose rules the clock follows",
    "actions.commerce.subscriptions.rules.in_force": "the rules of an account that its caller bounds",
    "actions.commerce.subscriptions.rules._with_own": "the rules of an account that its caller bounds",
    "actions.commerce.distribution.candidates.candidates": "the people of the account that the clock distributes in",
    "actions.commerce.distribution.candidates.count": "the counts of the account that the clock distributes in",
    "actions.commerce.distribution.clock._round": "the settings that the clock has just claimed",
    "actions.commerce.sales.clock._email": "the sale that the clock has just claimed",
    "actions.commerce.opportunities.assign.hand_on_opportunities": "what is assigned to a collaborator whom reach found, and whom the same mutation removes",
    "actions.commerce.opportunities.pipeline._stored": "the steps of the caller's own account",
    "actions.commerce.opportunities.pipeline._write": "the steps of the caller's own account, and what stands at them",
    "graph.commerce.opportunities.filters._text": "products beside opportunities that reach has bounded already",
    "actions.calendar.feed.own_calendar_feed": "the caller's own calendar",
    "actions.calendar.feed.end_calendar_feed": "the calendar of its owner, or of someone whose membership ends in the same mutation",
    "actions.calendar.feed.reader_of": "the calendar that its token names",
    "actions.notices.clock._post": "the notices of the person whose e-mail the clock has just claimed",
    "actions.notices.notify._notify": "the assignees of rows that a mutation or the clock has just changed",
    "actions.notices.own.choices": "the caller's own choices",
    "actions.schedules.schedule._room": "the schedules of the caller's own account, which are counted",
    "actions.schedules.schedule._end_by_link": "the schedule that the link of its e-mail names",
    "actions.schedules.schedule.end_schedules": "the schedules of someone whose membership ends in the same mutation",
    "actions.schedules.clock._post": "the schedule that the clock has just claimed",
    "actions.tools.subscription_rules.offer_on_sale": "the products of offers that its caller bounds",
    "graph.developers.credentials.types._of_membership": "the dates of the creator of a credential that reach found in the same statement",
    "actions.commerce.sales.notifications._count": "what was sent of a sale that reach found in the same mutation",
    "actions.commerce.sales.notifications._events": "the events of a sale that reach found just before",
    "actions.commerce.sales.notifications._require_few": "what was sent of a sale that reach found just before",
    "actions.developers.webhooks.ending._end": "what belongs to someone whose access ends in the same mutation",
    "actions.developers.webhooks.found.give_up_waiting": "what waits for an endpoint that its caller found",
    "actions.tools.targets.ending.suspend_targets": "what leaves on someone's authority that ends in the same mutation",
    "actions.tools.targets.ending.await_new_owner": "what leaves an account that gets another owner",
    "actions.tools.targets.target._count": "how many targets the account has, for the limit",
    "actions.tools.targets.target._of_thing": "the target of a tool that its caller found within reach",
    "actions.tools.targets.target.settle_target": "the target of a tool that its caller found within reach",
    "actions.tools.targets.target.drop_target": "the target of a tool that its caller found within reach",
    "actions.tools.targets.target.require_confirmed": "the target of a tool that its caller found within reach",
    "graph.tools.targets.types._of_membership": "the grants and dates of whoever entered an address that reach found in the same statement",
    "graph.tools.targets.types._last_delivery": "when a target took something that reach found in the same statement",
    "graph.developers.webhooks.types._of_membership": "the grants and dates of whoever is responsible for an endpoint that reach found in the same statement",
    "actions.developers.credentials.credential._end_tokens_of": "the tokens of a credential that reach found just before",
    "actions.developers.credentials.ending._end": "what belongs to someone whose access ends in the same mutation",
    "actions.developers.credentials.issue.issue_token": "the credential that a machine names, with its secret",
    "actions.developers.credentials.issue._issue": "the credential whose secret a machine knows",
    "actions.developers.credentials.issue._end_the_oldest": "the tokens of the credential whose secret a machine knows",
    "actions.membership.tokens.access_token._home": "the account of one of the caller's own tokens",
    "actions.membership.tokens.narrow._products": "the products that whoever creates a token can look up",
    "actions.membership.tokens.narrow.descends": "the tokens below one that reach bounds in the same statement",
    "actions.accounts.create._require_new": "a caller's own idempotency key, in the accounts that they own",
    "actions.viewer.switcher._visit": "the caller's own visit to a central that they can enter",
    "actions.viewer.switcher._place": "the caller's own order of their centrals",
    "actions.viewer.switcher.forget_visits": "the visits of someone whose membership or ownership ends in the same mutation",
    "actions.membership.transfers.transfer.cancel_offer": "the offer to a collaborator whom reach found, and whom the same mutation removes",
    "actions.membership.transfers.transfer._clear": "what leaves with the owner of an account that was handed over",
    "actions.identity.users.mailbox.end_access_tokens": "all of a person's own tokens, wherever they are for",
    "actions.membership.invitations.found.found": "the invitation of a token, or of the caller's own address",
    "actions.membership.invitations.decline._decline": "an invitation that its holder declines",
    "actions.membership.invitations.pending.update_pending": "those whose inviters a mutation in the account changed",
    "actions.membership.invitations.pending.access_ends_at": "the access of whoever invites",
    "actions.kit.version.advance_teams_of": "the teams of a collaborator whom a mutation within reach changes",
    "actions.membership.invitations.accept._is_collaborator": "the caller's own row",
    "actions.membership.invitations.accept._must_be_covered": "what an invitation that its holder accepts gives",
    "actions.membership.invitations.accept._insert_collaborator": "an invitation that its holder accepts",
    "actions.membership.invitations.invite._must_be_new": "who has an address, for the one who invites it",
    "actions.kit.buyer_outbox._sale": "a sale that reach found just before, or that a rule of its account is about",
    "actions.kit.idempotency.replayed": "a caller's own idempotency key",
    "actions.kit.proof._entries": "a whole log, walked by whoever runs the server",
    "actions.kit.proof._unchained": "a whole log, walked by whoever runs the server",
    "actions.commerce.sales.reveal._require_few": "the caller's own entries of the log",
    "actions.commerce.assign.only_team": "the team of a successor whom reach found just before",
    "actions.membership.collaborators.remove._hand_on": "what is assigned to a collaborator whom reach found, and whom the same mutation removes",
    "actions.identity.sessions.last_seen._note": "a viewer's own membership, found when they were identified",
}


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for room in rooms:
        for file in sorted((SOURCE / room).rglob("*.py")):
            if "migrations" not in file.parts:
                yield ".".join(file.relative_to(SOURCE).with_suffix("").parts), tree_of(file)


@cache
def tree_of(file: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(file.read_text())


@cache
def nodes(room: str) -> list[tuple[str, ast.AST]]:
    """Every node of a room's modules: most tests here look at each."""
    return [(module, node) for module, tree in trees(room) for node in ast.walk(tree)]


def functions(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for module, node in all_nodes(*rooms):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{module}.{node.name}", node


def all_nodes(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    return itertools.chain.from_iterable(nodes(room) for room in rooms)


def texts(node: ast.AST) -> str:
    docstrings = {
        ast.get_docstring(part, clean=False)
        for part in ast.walk(node)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    found = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return " ".join(text for text in found if isinstance(text, str) and text not in docstrings)


def starts_at_reach(node: ast.AST) -> bool:
    for part in ast.walk(node):
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.value.id in ("reach", "within")
        ):
            return True
    return False


def naming_tables(*rooms: str) -> Iterator[tuple[str, set[str], ast.AST]]:
    for name, node in functions(*rooms):
        tables = set(NAMED_TABLE.findall(texts(node))) & ACCOUNT_TABLES
        if tables:
            yield name, tables, node


@cache
def statements() -> list[tuple[str, set[str], ast.AST]]:
    return list(naming_tables("graph", "reports", "actions"))


def test_every_statement_of_graph_reports_and_actions_starts_at_reach() -> None:
    strays = {
        name: tables
        for name, tables, node in statements()
        if not starts_at_reach(node) and name not in WITHOUT_REACH
    }

    assert strays == {}


def test_the_exceptions_are_not_stale() -> None:
    without = {name for name, _, node in statements() if not starts_at_reach(node)}

    assert set(WITHOUT_REACH) <= without


def test_a_statement_that_passes_reach_by_is_noticed() -> None:
    tree = ast.parse("def stray():\n    return read('SELECT * FROM sales WHERE id = 1')")

    assert NAMED_TABLE.findall(texts(tree.body[0])) == ["sales"]
    assert not starts_at_reach(tree.body[0])


def test_no_room_above_models_asks_the_orm_for_rows() -> None:
    names = set(models.__all__)
    found = [
        f"{module}:{node.lineno}"
        for module, node in all_nodes(*ROOMS[2:])
        if isinstance(node, ast.Attribute)
        and node.attr in ("filter", "all", "get", "get_or_none", "first", "exclude", "annotate", "raw")
        and isinstance(node.value, ast.Name)
        and node.value.id in names
    ]

    assert found == []


@pytest.mark.parametrize(
    ("word", "room"),
    [
        ("in_transaction", "models.connection.writer"),
        ("environ", "centrals.settings"),
        ("getenv", "centrals.settings"),
    ],
)
def test_only_one_place_uses(word: str, room: str) -> None:
    places = {
        module
        for module, node in all_nodes(*ROOMS)
        if (isinstance(node, ast.Attribute) and node.attr == word)
        or (isinstance(node, ast.Name) and node.id == word)
    }

    assert places <= {room}


def test_no_module_is_long() -> None:
    lengths = {module: len((SOURCE / Path(*module.split("."))).with_suffix(".py").read_text().splitlines())
               for module, _ in trees(*ROOMS) if not module.endswith("__init__")}  # fmt: skip

    assert {module: lines for module, lines in lengths.items() if lines > 360} == {}


def test_no_folder_has_more_than_twenty_rooms() -> None:
    folders = {file.parent for room in ROOMS for file in (SOURCE / room).rglob("__init__.py")}
    rooms = Counter(str(folder.parent.relative_to(SOURCE)) for folder in folders)

    assert rooms["graph"] > 10
    assert {folder: count for folder, count in rooms.items() if count > 20} == {}


def test_no_folder_has_more_than_thirty_modules() -> None:
    modules = Counter(module.rpartition(".")[0] for module, _ in trees(*ROOMS))

    assert modules["graph.kit"] > 10
    assert {folder: count for folder, count in modules.items() if count > 30} == {}


def test_no_file_is_called_by_what_it_does_not_say() -> None:
    vague = {"utils", "helpers", "base", "common", "manager", "service", "misc"}

    assert not {module for module, _ in trees(*ROOMS) if module.rsplit(".", 1)[-1] in vague}


def test_no_type_that_strawberry_reads_postpones_its_annotations() -> None:
    found = [
        module
        for module, node in all_nodes("graph", "engine", "authz", "models")
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]

    assert found == []


def test_every_refusals_words_exist_in_five_languages() -> None:
    from graph.kit.messages import known_messages, message

    used = {
        node.args[1].value
        for _, node in all_nodes("actions", "reports", "graph", "authz")
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refusal"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }

    words: dict[str, object] = {
        "least": 0,
        "decimals": 2,
        "platform": "META",
        "minutes": 1,
        "most": 2,
        "first": 3,
        "last": 4,
        "names": 5,
    }
    words |= {"profile": 6, "grant": 7, "role": 8, "team": 9, "character": 10}
    words |= {"state": "COMPLETE", "allowed": "APPROVED", "day": "2026-07-13", "earliest": "2026-07-25"}
    words |= {"method": "PIX", "by": "Curso", "currency": "BRL"}
    words |= {"available": "1.00 BRL"}
    assert used <= known_messages()
    for key in known_messages():
        translations = {message(key, locale, **words) for locale in ("en", "es", "fr", "ar", "pt")}
        assert len(translations) == 5, key
