"""Migrations on filled tables: no row is lost, and the tables end as those that were made anew."""

from uuid import UUID

from tortoise.migrations.executor import MigrationTarget

import make
from authz.grant import Grant
from filled import filled, insert
from intake.events.facts import facts_of
from models import database
from models.address import Address, address_of
from models.migrate import _executor, migrate, pending
from models.person_change import Assignment, Credit, PersonChange, change_of
from models.price_history import UNREAD
from models.vocabulary import InvitationStatus, Role
from tables import rows_of_all_tables, schema_of_all_tables

FIRST = "0001_initial"


async def _only_first(url: str) -> None:
    await _executor(url).migrate([MigrationTarget(app_label="models", name=FIRST)])


async def test_filled_tables_keep_their_rows_and_end_as_new_ones(urls: tuple[str, str]) -> None:
    older, new = urls
    async with database.connected(new):
        created = await schema_of_all_tables()
    async with database.connected(older):
        await _only_first(older)
        with make.first_migration():
            await filled()
        before = await rows_of_all_tables()

        await migrate(older)

        after, schema, missing = (
            await rows_of_all_tables(),
            await schema_of_all_tables(),
            await pending(older),
        )
    assert missing == []
    assert schema == created
    assert before["sales"]
    for sale in after["sales"]:
        assert (sale["credit_id"], sale["credit_team_id"]) == (sale["assignee_id"], sale["team_id"])
    changes = after["sale_events"]
    after["sale_events"] = []
    assert len(changes) == len(before["sales"]) == len({event["id"] for event in changes})
    names = {collaborator["id"]: collaborator["name"] for collaborator in before["collaborators"]}
    for event in changes:
        (sale,) = [item for item in after["sales"] if item["id"] == event["sale_id"]]
        assert (event["source"], event["kind"], event["status"]) == ("PERSON", "ASSIGNMENT", None)
        assert event["happened_at"] == event["received_at"] == sale["assigned_at"]
        assert UUID(str(event["id"])).version == 4
        assert str(UUID(str(event["id"]))) == str(event["id"])
        assert change_of(event["facts"]) == PersonChange(
            assignment=Assignment(
                *(sale["assignee_id"], names[sale["assignee_id"]]),
                *(sale["team_id"], before["teams"][0]["name"]),
            ),
            credit=Credit(sale["credit_id"], sale["credit_team_id"]),
        )
    # what they cost is read again, as of their orders
    assert all(offer["priced_at"] == UNREAD for offer in after["offers"])
    for offer in before["offers"]:
        del offer["priced_at"], offer["priced_by"]
    emptied = {table for table, rows in before.items() if not rows}
    assert emptied <= {"intake_events", "sale_events", "commissions"}
    for table, rows in before.items():
        stored = [{name: row[name] for name in old} for row, old in zip(after[table], rows, strict=True)]
        assert stored == rows, table


async def test_an_address_of_before_is_read_under_the_one_spelling(urls: tuple[str, str]) -> None:
    place = '{"street": "Rua A", "postcode": "38400"}'
    async with database.connected(urls[0]):
        await _only_first(urls[0])
        with make.first_migration():
            account = await make.account()
            product = await make.product(account)
            sale = await make.sale(account, product, buyer_address=place)
            await make.sale(account, product, buyer_address='{"street": "Rua B"}')
        event = {
            "id": database.new_id(), "account_id": account["id"], "sale_id": sale["id"], "key": "k",
            "source": "WEBHOOK", "kind": "PURCHASE_APPROVED", "status": "APPROVED", "happened_at": 1,
            "received_at": 1, "facts": '{"price": 1, "buyer_address": ' + place + "}",
        }  # fmt: skip
        await insert("sale_events", event)

        await migrate(urls[0])

        stored = await database.read("SELECT buyer_address FROM sales ORDER BY reference")
        (history,) = await database.read("SELECT facts FROM sale_events")
        facts = facts_of(history["facts"])
    whole, without = (address_of(row["buyer_address"]) for row in stored)
    assert whole == facts.buyer_address == Address(street="Rua A", zip_code="38400")
    assert (without, facts.price) == (Address(street="Rua B"), 1)


async def test_shares_of_before_say_what_they_repeat(urls: tuple[str, str]) -> None:
    shares = [
        *[("PRODUCER", "Ana"), ("COPRODUCER", "Dora"), ("COPRODUCER", "Eva"), ("COPRODUCER", "Dora")],
        *[("AFFILIATE", None), ("AFFILIATE", None), ("AFFILIATE", "Caio")],
    ]
    async with database.connected(urls[0]):
        await _only_first(urls[0])
        with make.first_migration():
            account = await make.account()
            sale = await make.sale(account, await make.product(account))
        of_sale = {"account_id": account["id"], "sale_id": sale["id"], "amount": 1, "currency": "BRL"}
        for position, (source, name) in enumerate(shares):
            share = {"id": database.new_id(), "position": position, "source": source, "name": name}
            await insert("commissions", share | of_sale)

        await migrate(urls[0])

        rows = await database.read("SELECT repeats FROM commissions ORDER BY position")
    assert [row["repeats"] for row in rows] == [0, 0, 1, 2, 0, 2, 1]


async def test_invitations_that_could_not_be_sent_any_more_have_fallen_after_it(
    urls: tuple[str, str],
) -> None:
    async with database.connected(urls[0]):
        await _only_first(urls[0])
        with make.first_migration():
            await filled()
            account = (await database.read("SELECT * FROM accounts"))[0]
            centre = [Grant.ACCESS_COLLABORATORS_CENTER, Grant.SEARCH_SALES]
            profile = await make.profile(account, [Grant.SEARCH_SALES])
            able, less = await make.profile(account, centre), await make.profile(account, centre[:1])
            ends = database.now() + 3_600_000
            collaborators = {
                "may": await make.collaborator(account, able),
                "ends": await make.collaborator(account, able, ends_at=ends),
                "lacks a grant": await make.collaborator(account, less),
                "suspended": await make.collaborator(account, able, suspended_at=1),
            }
        inviters = {name: collaborator["user_id"] for name, collaborator in collaborators.items()} | {
            "gone": (await make.user())["id"],
            "owner": account["owner_id"],
        }
        for name, user_id in inviters.items():
            row = {
                "id": database.new_id(), "account_id": account["id"], "profile_id": profile["id"],
                "inviter_id": user_id, "name": name, "email": f"{name[:4]}@example.com", "role": Role.USER,
                "status": InvitationStatus.PENDING, "token_digest": name, "created_at": 1, "expires_at": ends,
            }  # fmt: skip
            await insert("invitations", row)

        await migrate(urls[0])

        rows = await database.read("SELECT name, status, falls_at FROM invitations WHERE token_digest <> 'd'")
    found = {row["name"]: (row["status"], row["falls_at"]) for row in rows}
    assert found == {
        "may": ("PENDING", None), "ends": ("PENDING", ends), "owner": ("PENDING", None),
        "lacks a grant": ("FALLEN", None), "suspended": ("FALLEN", None), "gone": ("FALLEN", None),
    }  # fmt: skip


async def test_a_database_whose_tables_are_up_to_date_is_left_alone(urls: tuple[str, str]) -> None:
    async with database.connected(urls[1]):
        schema = await schema_of_all_tables()

        again = await migrate(urls[1])

        assert "sales" in str(schema)
        assert again == []
        assert await schema_of_all_tables() == schema
