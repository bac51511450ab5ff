"""Merging opportunities that are one: what stays, what is closed, and whose work both must be."""

import asyncio
from typing import Any

from opportunities import code, listed, manual, of, stored
from small_shop import Shop


async def merges(shop: Shop, who: str, target: Any, duplicate: Any, **changed: Any) -> str | None:
    named = {"duplicateId": duplicate["id"], "expectedVersionOfDuplicate": duplicate["version"]}
    return await code(shop, who, "mergeOpportunities", target, **(named | changed))


async def test_a_duplicate_leaves_its_notes_and_what_the_other_lacks(shop: Shop) -> None:
    by_hand, slip = await manual(shop), await of(shop, "EXPIRED_SLIP")
    for who, which, text in (("bia", by_hand, "By telephone"), ("ana", slip, "By e-mail")):
        assert await code(shop, who, "noteOpportunity", which, text=text) is None
    by_hand, slip = {**by_hand, "version": 2}, {**slip, "version": 2}

    assert await merges(shop, "bia", by_hand, slip) is None

    fields = (
        "id status mergedIntoId version amount { amount } product { name } contact { name }"
        " notes { nodes { text by { name } } } history { nodes { change source } }"
    )
    found = {node["id"]: node for node in await listed(shop, fields=fields)}
    target, duplicate = found[by_hand["id"]], found[slip["id"]]
    assert (target["status"], target["version"], target["mergedIntoId"]) == ("TODO", 3, None)
    assert (target["product"], target["contact"]) == ({"name": "Curso"}, {"name": "Breno Sá"})
    assert sorted(note["text"] for note in target["notes"]["nodes"]) == ["By e-mail", "By telephone"]
    assert (duplicate["status"], duplicate["mergedIntoId"]) == ("CANCELLED", target["id"])
    assert duplicate["notes"]["nodes"] == []
    assert target["history"]["nodes"][0]["change"] == "MERGE"
    assert [node["change"] for node in duplicate["history"]["nodes"]][:2] == ["MERGED", "NOTE"]
    # a sale of the slip's contact wins what stays, and not its duplicate
    await shop.receive("S04", "PURCHASE_APPROVED", "APPROVED", approved_date=shop.clock.now)
    after = {node["id"]: node["status"] for node in await listed(shop)}
    assert (after[target["id"]], after[duplicate["id"]]) == ("WON", "CANCELLED")


async def test_both_must_be_the_viewers_work_as_they_read_them(shop: Shop) -> None:
    own, slip, won = await manual(shop), await of(shop, "EXPIRED_SLIP"), await of(shop, "ABANDONED_CHECKOUT")
    other = await manual(shop, "caio")
    before = await stored(shop)

    found = [
        await merges(shop, "bia", own, own),
        await merges(shop, "bia", own, slip, expectedVersionOfDuplicate=7),
        await merges(shop, "bia", {**own, "version": 7}, slip),
        await merges(shop, "bia", own, other),
        await merges(shop, "bia", other, own),
        await merges(shop, "ana", slip, own),
        await merges(shop, "owner", slip, won),
        await merges(shop, "owner", won, slip),
    ]
    assert await shop.code("owner", "setTeamPrivacy", teamId=shop.team_id, privacy="SHARED") is None
    shared = [await merges(shop, "ana", slip, own), await merges(shop, "ana", own, slip)]

    assert found == [
        *("BAD_INPUT", "VERSION_CONFLICT", "VERSION_CONFLICT", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"),
        *("WRONG_STATE", "WRONG_STATE"),
    ]
    assert shared == ["FORBIDDEN", "FORBIDDEN"]
    assert await stored(shop) == before


async def test_a_duplicate_that_is_opened_again_is_none_any_more(shop: Shop) -> None:
    own, slip = await manual(shop), await of(shop, "EXPIRED_SLIP")
    assert await merges(shop, "bia", own, slip) is None

    assert await code(shop, "bia", "reopenOpportunity", {**slip, "version": 2}) is None

    found = {node["id"]: node for node in await listed(shop, fields="id status mergedIntoId")}
    assert found[slip["id"]] == {"id": slip["id"], "status": "TODO", "mergedIntoId": None}


async def test_of_merges_and_assignments_at_once_one_is_done_and_the_other_is_refused(shop: Shop) -> None:
    fields = "id version kind status mergedIntoId assignee { name } notes { totalCount }"
    for number in range(4):
        first, second = await manual(shop), await manual(shop)
        pair = {first["id"], second["id"]}
        match number:
            case 0:  # both ways
                acts = [merges(shop, "bia", first, second), merges(shop, "owner", second, first)]
            case 1:  # twice the same
                acts = [merges(shop, "bia", first, second), merges(shop, "owner", first, second)]
            case 2:  # the duplicate leaves the reach of whoever merges
                values = {"assigneeId": shop.person("caio")}
                acts = [
                    merges(shop, "bia", first, second),
                    code(shop, "owner", "assignOpportunity", second, **values),
                ]
            case _:  # what stays does
                values = {"assigneeId": shop.person("caio")}
                acts = [
                    merges(shop, "bia", first, second),
                    code(shop, "owner", "assignOpportunity", first, **values),
                ]
        codes = await asyncio.gather(*acts)

        assert codes.count(None) == 1, (number, codes)
        assert set(codes) <= {None, "VERSION_CONFLICT", "NOT_FOUND"}, (number, codes)
        after = [node for node in await listed(shop, fields=fields) if node["id"] in pair]
        gone = [node for node in after if node["mergedIntoId"]]
        merged = number < 2 or codes[0] is None
        assert len(gone) == merged, (number, codes, after)
        assert all(node["mergedIntoId"] in pair - {node["id"]} for node in gone)
        assert [node["status"] for node in gone] == ["CANCELLED"] * len(gone)
        assert {node["status"] for node in after if node not in gone} == {"TODO"}
        assert {node["assignee"]["name"] for node in after} == ({"Bia"} if merged else {"Bia", "Caio"})
