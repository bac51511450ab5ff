"""Databases of both kinds for tests, and which tests run on PostgreSQL too.

Every test that asks for `database_url` is written for both kinds. `make test` runs all on SQLite, and on
PostgreSQL the daily ones; `make test-postgres` runs there what is listed here with its reason; `make test-all`
runs each on both.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import subprocess
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import postgres
from models import database
from models.migrate import migrate
from zygote import launcher

# by folder, module or test
ON_POSTGRES_TOO = {
    "tests/authz": "the conditions of reach are SQL",
    "tests/centrals/test_application.py": "processes meet a server there, and a file here",
    "tests/centrals/test_demo_afresh.py": "tables are emptied in the words of each database",
    "tests/centrals/test_backup_command.py": "each database is backed up by its own means",
    "tests/centrals/test_first_day.py": "one walk through everything",
    "tests/centrals/test_delivery_processes.py": "two processes claim what they send",
    "tests/graph/test_webhooks.py::test_a_delivery_is_tried_again_under_the_same_id_and_a_later_success_ends_it[postgres]": "what is due is claimed by SQL",
    "tests/graph/test_webhooks.py::test_a_message_has_what_its_person_holds_and_reaches_as_it_is_sent[postgres]": "events are noted and dropped by SQL",
    "tests/centrals/test_mail_processes.py": "two processes lock the letters that they send",
    "tests/centrals/test_mail_worker.py": "letters are locked as they are sent",
    "tests/centrals/test_retention.py": "rows are chosen by SQL, and locks are each database's own",
    "tests/centrals/test_sharding.py": "only PostgreSQL parts tables",
    "tests/centrals/test_user_command.py": "histories are renamed by the JSON functions of each database",
    "tests/engine": "statements are put together here, in the words of each database",
    "tests/live": "processes hear of each other by the means of each database",
    "tests/intake": "messages are folded into rows by statements of each database",
    "tests/models": "migrations, the pool and the types are each database's own",
    "tests/oracle/test_oracle.py::test_the_api_answers_as_the_specification_says[postgres-0]": "one block of worlds, whole",
    "tests/plans": "the plans of statements are its own",
    "tests/races": "transactions wait for each other in another way",
    "tests/reports": "sums, periods and time zones are SQL",
    "tests/graph/test_assign_sale.py": "rows are locked as they are judged",
    "tests/graph/test_audit_chain.py": "the log's chain is locked, and its triggers are its own",
    "tests/graph/test_audit_export.py": "rows come by a cursor of the server",
    "tests/graph/test_access_here.py::test_each_mutation_that_is_told_can_be_called_and_in_a_closed_account_no_other[postgres-owner-False]": "one call of each mutation",
    "tests/graph/test_api_credentials.py::test_of_a_revocation_and_exchanges_at_once_no_token_is_left[postgres]": "rows are locked as tokens are issued",
    "tests/graph/test_api_credentials.py::test_it_falls_with_its_creators_membership[postgres]": "a status is read by SQL",
    "tests/graph/test_child_tokens.py::test_a_child_has_what_was_chosen_of_what_its_parent_has[postgres]": "a lineage is made JSON by SQL",
    "tests/graph/test_events.py": "facts are read of rows by the JSON functions of each database",
    "tests/graph/test_export_limit.py": "a download holds a connection of the pool",
    "tests/graph/test_lists.py": "names are sorted and searched by SQL",
    "tests/graph/test_text_search.py": "each database has an index of its own",
    "tests/graph/test_small_shop.py": "periods, filters and sums are SQL, and rows are copied",
    "tests/graph/test_catalog_pages.py": "plans are linked by SQL",
    "tests/graph/test_changed_addresses.py": "sales are locked as they are judged, and searched by SQL",
    "tests/graph/test_desk_readers.py": "each act of the desk, and what reads it",
    "tests/graph/test_offers.py": "of offers at once one is the main one, and prices are derived by SQL",
    "tests/graph/test_products.py": "what people set is flagged by SQL, and edits at once are locked",
    "tests/graph/test_purchase_emails.py": "what changed an address is read by JSON functions",
    "tests/graph/test_price_history.py": "histories are derived, and read at a moment, by SQL",
    "tests/graph/test_merge_opportunities.py::test_of_merges_and_assignments_at_once_one_is_done_and_the_other_is_refused[postgres]": "rows are locked as they are merged",
    "tests/graph/test_calendar.py::test_a_calendar_has_the_reminders_within_reach_when_it_is_read[postgres]": "reminders are found by SQL",
    "tests/graph/test_notices.py": "what is due is claimed, and what notices are about is found, by SQL",
    "tests/graph/test_report_schedules.py": "what is due is claimed by SQL",
    "tests/graph/test_receipts.py": "e-mails are counted, and rows locked, by SQL",
    "tests/graph/test_issue_payment_slip.py": "sales are locked, and what is due claimed, by SQL",
    "tests/graph/test_refund_requests.py": "rows are locked, and follow their sale by triggers",
    "tests/graph/test_opportunities.py": "rows are locked as they are judged, and what is due is claimed",
    "tests/graph/test_payment_slip.py": "what is due is chosen and claimed by SQL",
    "tests/graph/test_requested_slips.py": "what is due is chosen and claimed by SQL",
    "tests/graph/test_buyer_outbox.py": "e-mails are counted and sent one after the other by locks",
    "tests/graph/test_subscription_rules.py": "what is due is chosen, claimed and counted by SQL",
    "tests/graph/test_distribution.py": "rows are chosen, counted and assigned by SQL, and workers wait",
    "tests/graph/test_switcher.py": "the centrals are sorted by SQL",
    "tests/graph/test_text.py": "text is compared by the database",
    "tests/graph/test_transfer.py": "rows are locked as they are judged",
    "tests/graph/test_versions.py": "of writes at once one is done, by its locks",
    "tests/graph/test_withdrawals.py": "balances are locked, and each database makes a posting add up to zero",
}
# what of these runs there in `make test`: reach, locks, folds, sums and one call of each mutation
DAILY_ON_POSTGRES = (
    "tests/authz",
    "tests/races",
    "tests/models",
    "tests/oracle/test_oracle.py::test_the_api_answers_as_the_specification_says[postgres-0]",
    "tests/plans/test_differential.py",
    "tests/plans/test_small_schema.py",
    "tests/engine/test_act_statements.py",
    "tests/engine/test_filtered_lists.py",
    "tests/intake/test_opportunities.py",
    "tests/intake/test_orders.py",
    "tests/intake/test_receive.py",
    "tests/reports/test_columns.py",
    "tests/reports/test_hidden_sales.py",
    "tests/reports/test_worked_examples.py",
    "tests/centrals/test_first_day.py",
    "tests/centrals/test_backup_command.py::test_a_backup_under_load_is_one_moment_and_is_restored_whole",
    "tests/centrals/test_demo_afresh.py::test_the_demo_replaces_itself_until_someone_else_joins",
    "tests/centrals/test_mail_processes.py",
    "tests/live/test_processes.py",
    "tests/live/test_sale_changed.py::test_sales_are_sent_as_they_change_in_their_order",
    "tests/graph/test_access_here.py",
    "tests/graph/test_api_credentials.py",
    "tests/graph/test_assign_sale.py::test_each_key_acts_once_however_often_it_arrives",
    "tests/graph/test_assign_sale.py::test_no_write_is_late_once_its_standing_has_ended",
    "tests/graph/test_audit_chain.py::test_fifty_acts_at_once_leave_one_unbroken_chain",
    "tests/graph/test_distribution.py::test_workers_at_once_assign_each_once_and_stay_within_the_daily_number",
    "tests/graph/test_lists.py",
    "tests/graph/test_merge_opportunities.py",
    "tests/graph/test_refund_requests.py",
    "tests/graph/test_small_shop.py",
    "tests/graph/test_text_search.py",
    "tests/graph/test_transfer.py::test_an_account_handed_on_fifty_times_at_once_keeps_one_owner",
    "tests/graph/test_versions.py::test_of_writes_from_one_version_at_once_one_is_done",
    "tests/graph/test_withdrawals.py::test_of_two_withdrawals_at_once_one_is_made",
)
# what of these is left to the long run
_ON_SQLITE_ALONE = {
    "tests/centrals/test_demo_afresh.py::test_a_first_start_makes_the_demo_and_tells_its_people": "the demo is made there by the test before it",
    "tests/centrals/test_demo_afresh.py::test_it_tells_how_far_it_is_and_what_it_made": "the demo is made there by the test before it",
    "tests/centrals/test_mail_processes.py::test_of_a_process_that_is_killed_no_email_is_lost_and_only_the_one_under_way_may_leave_twice": "locks are tried by two processes",
    "tests/centrals/test_user_command.py::test_a_disabled_user_is_out_at_the_next_request_and_answered_as_with_a_wrong_password": "no statement differs",
    "tests/centrals/test_user_command.py::test_whoever_has_lost_every_factor_signs_in_by_the_password_again": "no statement differs",
    "tests/engine/test_connection.py::test_a_cursor_with_one_letter_changed_is_none": "it is refused before any statement",
    "tests/graph/test_assign_sale.py::test_the_table_of_who_hands_what_to_whom": "the conditions are those of tests/authz",
    "tests/graph/test_transfer.py::test_nobody_acts_on_the_membership_that_the_owner_leaves_behind": "no statement differs",
    "tests/graph/test_transfer.py::test_what_is_the_owners_does_not_exist_for_anyone_else": "no statement runs",
    "tests/graph/test_versions.py::test_a_stale_write_is_refused_changes_nothing_and_is_in_the_log": "writes at once are tried there",
    "tests/live/test_limits.py::test_a_batch_is_read_once_for_all_sockets_of_a_viewer": "what is sent is no SQL",
    "tests/live/test_limits.py::test_a_client_that_does_not_read_is_cut": "what is sent is no SQL",
    "tests/live/test_limits.py::test_events_wait_while_the_budget_of_the_minute_is_spent": "what is sent is no SQL",
    "tests/live/test_clients.py": "what is sent is no SQL",
    "tests/models/test_migrations.py::test_an_address_of_before_is_read_under_the_one_spelling": "a migration that is out changes no more",
    "tests/models/test_migrations.py::test_invitations_that_could_not_be_sent_any_more_have_fallen_after_it": "a migration that is out changes no more",
    "tests/models/test_migrations.py::test_shares_of_before_say_what_they_repeat": "a migration that is out changes no more",
    "tests/plans/test_differential.py::test_plans_that_several_sets_of_grants_share_answer_as_the_standard_executor_does": "what is shared is no SQL",
    "tests/reports/test_opened_rows.py::test_each_row_counts_what_its_list_has": "the rows of a deleted team are opened there",
    "tests/live/test_desk.py": "which acts are noted is no SQL",
    "tests/plans/test_differential.py::test_a_leaky_plan_maker_is_found": "what a plan leaks is no SQL",
    "tests/plans/test_plans.py::test_generated_code_holds_no_name_or_value_of_the_caller": "the code is no SQL",
    "tests/intake/test_formats.py": "files are read before any row is written",
    "tests/intake/test_reports.py::test_amounts_are_read_as_the_file_means_them": "a text is read",
    "tests/intake/test_reports.py::test_dates_are_read_as_the_file_means_them": "a text is read",
    "tests/intake/test_secret.py::test_the_secret_is_taken_out_wherever_it_stands": "a text is read",
    "tests/graph/test_products.py::test_an_address_that_is_not_public_is_refused": "no statement differs",
    "tests/graph/test_products.py::test_each_status_leads_to_its_own_next_ones": "no statement differs",
    "tests/intake/test_wrapper.py": "a wrapper is taken off before any row is written",
    "tests/models/test_new_migration.py::test_a_written_migration_keeps_all_rows": "test_migrations fills tables",
    "tests/reports/test_statistics_reach.py::test_a_grouping_above_the_viewers_standing_is_shut": "no statement runs",
    "tests/reports/test_statistics_reach.py::test_the_sum_is_that_of_the_statistics_reach": "the conditions are those of tests/authz",
    "tests/reports/test_statistics_reach.py::test_each_report_is_shut_without_its_own_grant": "no statement runs",
    "tests/plans/test_standard_path.py::test_every_field_compiles_but_those_that_are_listed": "what compiles is no SQL",
}


def runs_on_postgres(nodeid: str, *, daily: bool = False) -> bool:
    """Whether a test runs on PostgreSQL in `make test-postgres`; if daily, in `make test`, too."""
    return (
        _is_within(nodeid, ON_POSTGRES_TOO, _BEGINS_THERE)
        and not _is_within(nodeid, _ON_SQLITE_ALONE, _BEGINS_ELSEWHERE)
        and (not daily or _is_within(nodeid, DAILY_ON_POSTGRES, _BEGINS_DAILY))
    )


def _beginnings(places: Iterable[str]) -> tuple[str, ...]:
    return tuple(place + end for place in places for end in ("/", "::", "["))


_BEGINS_THERE, _BEGINS_DAILY = _beginnings(ON_POSTGRES_TOO), _beginnings(DAILY_ON_POSTGRES)
_BEGINS_ELSEWHERE = _beginnings(_ON_SQLITE_ALONE)


def _is_within(nodeid: str, places: Container[str], beginnings: tuple[str, ...]) -> bool:
    return nodeid in places or nodeid.startswith(beginnings)


@contextlib.contextmanager
def by_one_process(file: Path) -> Iterator[None]:
    """One process at a time."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def migrated_file(folder: Path) -> Path:
    """A migrated SQLite file to copy; made once in a folder, whichever process comes first."""
    file = folder / "migrated.sqlite3"
    with by_one_process(folder / "migrated.lock"):
        if not file.exists():
            new = folder / "migrating.sqlite3"
            await _migrate(f"sqlite:///{new}")
            new.rename(file)
    return file


def demo_file(folder: Path) -> Path:
    """A SQLite file with the whole demo, to copy; made once in a folder, whichever process comes first."""
    file, new = folder / "demo.sqlite3", folder / "new-demo.sqlite3"
    with by_one_process(folder / "demo.lock"):
        if not file.exists():
            if (migrated := folder / "migrated.sqlite3").exists():  # else the command migrates
                shutil.copyfile(migrated, new)
            make_demo(f"sqlite:///{new}")
            new.rename(file)
    return file


def make_demo(url: str) -> None:
    """Fill a database with the whole demo, as `make demo` does."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": url,
        "SECRET_KEY": "a key of the demo alone, of enough characters",
    }
    subprocess.run([*launcher(), "demo"], env=environment, check=True, capture_output=True, timeout=300)


async def migrated_postgres(server: str, folder: Path) -> str:
    """The address of a migrated database on a server, to copy.

    The first process of a folder migrates, and what it has then makes the databases of the others, which is
    a tenth of the work.
    """
    url = f"{server}/centrals_migrated"
    done, script = folder / f"migrated-{server.rpartition(':')[2]}", folder / "migrated.sql"
    with by_one_process(folder / "migrated-postgres.lock"):
        if not done.exists():
            await create_postgres(server, "centrals_migrated")
            if script.exists():
                await _execute(url, script.read_text())
            else:
                await _migrate(url)
                script.write_text(await asyncio.to_thread(postgres.dump, url))
            done.touch()
    return url


async def _migrate(url: str) -> None:
    async with database.connected(url, synchronous="OFF"):
        await migrate(url)


async def copied(migrated: str, place: Path | str) -> str:
    """The address of a copy of a migrated database: a file, or a name on the same server."""
    if database.is_postgres(migrated):
        server, _, template = migrated.rpartition("/")
        return await create_postgres(server, str(place), template)
    shutil.copyfile(database.sqlite_file(migrated), place)
    return f"sqlite:///{place}"


async def create_postgres(server: str, name: str, template: str = "template1") -> str:
    """The address of a new database on a server."""
    await _execute(f"{server}/postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await _execute(f"{server}/postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server}/{name}"


async def drop_postgres(url: str) -> None:
    """Delete a database and end whoever is connected to it."""
    server, _, name = url.rpartition("/")
    await _execute(f"{server}/postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _execute(url: str, script: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()
