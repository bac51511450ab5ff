"""What an id finds: what a viewer may list, and what the rows in reach name."""

import msgspec

import make
from authz import by_id, reach
from authz.gates import Standing, grant_bit
from authz.grant import Grant
from authz.identity import identify
from authz.viewer import SIGNED_OUT, Central, Membership, MyRole, Viewer
from models import database
from models.statement import Statement
from models.vocabulary import CommissionSource, Privacy, Role

RULES = (by_id.people, by_id.teams, by_id.products, by_id.offers)


async def _found(within):
    rows = await database.read(Statement(f"SELECT r.id FROM {within.table} r WHERE ") + within.where("r"))
    return {str(row["id"]) for row in rows}


async def _place():
    """An account with two who each have a sale of a product of their own in a team of their own."""
    account = await make.account(teams_on=True)
    profile = await make.profile(account, [Grant.SEARCH_SALES])
    people = []
    for _ in range(2):
        collaborator = await make.collaborator(account, profile, Role.USER)
        team = await make.team(account, [collaborator])
        product = await make.product(account)
        offer = await make.offer(account, product)
        await make.sale(account, product, collaborator, team_id=team["id"], offer_id=offer["id"])
        people.append((collaborator, team, product, offer))
    return account, people


def _lead(*grants):
    """Someone who leads a team, with grants."""
    return Viewer(
        user_id="user",
        central=Central("here", "Aurora", True, Privacy.OWN, "UTC", "BRL"),
        role=MyRole.TEAM_LEAD,
        collaborator_id="me",
        memberships=(Membership("north", True, Privacy.OWN, frozenset({"me", "fellow"})),),
        mask=Standing.IN_CENTRAL | Standing.LEAD | sum(map(grant_bit, grants)),
    )


def test_an_id_is_looked_up_in_the_list_alone_where_that_has_everything():
    everything = _lead(Grant.VIEW_PRODUCTS, Grant.SEARCH_SALES)
    owner = Viewer(user_id="user", central=everything.central, role=MyRole.OWNER, mask=everything.mask)

    for viewer in (everything, owner):
        assert by_id.products(viewer) == reach.products(viewer)
        assert by_id.offers(viewer) == reach.offers(viewer)
    assert by_id.teams(owner) == reach.teams(owner)


def test_a_lead_finds_what_they_list_without_any_sales_and_with_them_what_these_name():
    without, with_sales = _lead(), _lead(Grant.SEARCH_SALES)

    for rule, listed in ((by_id.teams, reach.teams), (by_id.people, reach.assignees)):
        assert rule(without).where("r").text == f"r.account_id = ? AND ({listed(without).where('r').text})"
        assert " OR EXISTS (" in rule(with_sales).where("r").text
    for rule in (by_id.products, by_id.offers):
        assert rule(without).where("r").text == "1 = 0"
        assert "EXISTS (" in rule(with_sales).where("r").text


async def test_who_left_is_found_by_the_sales_that_they_still_have(database_url):
    account = await make.account()
    gone = await make.collaborator(account)
    await make.ended_seat(account, id=gone["id"])
    viewer = await _viewer(account, account["owner_id"])
    assert await _found(by_id.people(viewer)) == set()

    await make.sale(account, assignee=gone)

    assert await _found(by_id.people(viewer)) == {gone["id"]}


async def _viewer(account, user_id):
    return await identify(await make.session({"id": user_id}), account["id"])


async def test_a_user_finds_what_the_sales_in_reach_name_and_nothing_else(database_url):
    account, (own, _) = await _place()
    viewer = await _viewer(account, own[0]["user_id"])

    found = [await _found(rule(viewer)) for rule in RULES]

    assert found == [{named["id"]} for named in own]


async def test_the_owner_finds_everything_of_the_account(database_url):
    account, people = await _place()
    viewer = await _viewer(account, account["owner_id"])

    found = [await _found(rule(viewer)) for rule in RULES]

    assert found == [{named[kind]["id"] for named in people} for kind in range(4)]


async def test_whoever_has_no_grant_finds_nothing(database_url):
    account, _ = await _place()
    collaborator = await make.collaborator(account, await make.profile(account, []), Role.USER)
    viewer = await _viewer(account, collaborator["user_id"])

    for rule in RULES:
        assert await _found(rule(viewer)) == set()
        assert rule(SIGNED_OUT).where("r").text == "1 = 0"


async def test_lists_by_credit_follow_the_statistics(database_url):
    account, (own, _) = await _place()
    viewer = await _viewer(account, own[0]["user_id"])
    owner = await _viewer(account, account["owner_id"])

    assert await _found(reach.credited_sales(viewer)) == set()  # who splits nothing by member
    mine, all_ = await _found(reach.counted_sales(viewer)), await _found(reach.counted_sales(owner))
    assert (len(mine), len(all_)) == (1, 2)
    assert await _found(reach.credited_sales(owner)) == all_


def test_what_is_out_of_reach_is_one_part_that_holds_nothing():
    (part,) = reach.statistics(SIGNED_OUT, Grant.VIEW_REVENUE_REPORT).parts

    assert part.where("s").text == "1 = 0"


async def test_messages_of_the_marketplace_are_for_the_owner_and_admins(database_url):
    account, (own, _) = await _place()
    admin = await make.collaborator(account, await make.profile(account, []), Role.ADMIN)

    within = {
        who: reach.intake(await _viewer(account, user_id)).account_id
        for who, user_id in (
            ("owner", account["owner_id"]),
            ("admin", admin["user_id"]),
            ("user", own[0]["user_id"]),
        )
    }

    assert within == {"owner": account["id"], "admin": account["id"], "user": None}


# of each report: a row that counts, and one that does not
COUNTED = {
    Grant.VIEW_REVENUE_BY_PRODUCT_REPORT: ({"status": "REFUNDED"}, {"sold_as": "AFFILIATE"}),
    Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT: ({}, {"status": "WAITING_PAYMENT"}),
    Grant.VIEW_COPRODUCTION_REVENUE_REPORT: ({"sold_as": "COPRODUCER"}, {}),
    Grant.VIEW_SELF_BILLING_REPORT: ({"sold_as": "AFFILIATE"}, {"status": "EXPIRED"}),
    Grant.VIEW_EARNINGS_AS_AFFILIATE_REPORT: ({"sold_as": "AFFILIATE"}, {}),
    Grant.VIEW_OVERDUE_SUBSCRIPTIONS_REPORT: (
        {"status": "OVERDUE", "subscription_id": database.new_id()},
        {"status": "OVERDUE"},
    ),
    Grant.VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT: ({"turns": True}, {}),
    Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REPORT: ({"status": "CANCELLED"}, {"status": "EXPIRED"}),
    Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT: ({"status": "CANCELLED"}, {}),
}


async def _counted(table, account, product, whose, columns):
    """A row of a product that counts for someone."""
    columns = dict(columns)
    turned = columns.pop("turns", False)
    if table == "sales":
        return await make.sale(account, product, whose, **columns)
    found = await make.subscription(account, whose, product_id=product["id"], **columns)
    if turned:
        await make.turns(found, 1)
    return found


async def test_a_report_names_the_products_of_its_own_rows_that_count(database_url):
    account = await make.account()
    own = await make.collaborator(account, await make.profile(account, []), Role.USER)
    other = await make.collaborator(account)
    viewer = await _viewer(account, own["user_id"])

    for grant, (counted, other_row) in COUNTED.items():
        table, _ = by_id.REPORTED_PRODUCTS[grant]
        shown, uncounted, of_other = [await make.product(account) for _ in range(3)]
        await _counted(table, account, shown, own, counted)
        await _counted(table, account, uncounted, own, other_row)
        await _counted(table, account, of_other, other, counted)
        granted = msgspec.structs.replace(viewer, mask=viewer.mask | grant_bit(grant))
        products = {product["id"] for product in (shown, uncounted, of_other)}

        assert await _found(by_id.products(granted)) & products == {shown["id"]}, grant
        assert await _found(by_id.products(viewer)) == set()
    assert by_id.REPORTED_PRODUCTS.keys() == COUNTED.keys()


async def test_the_report_by_offer_names_offers_and_coproducers_shares_name_products(database_url):
    account = await make.account()
    by_offer, shares = Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT, Grant.VIEW_COPRODUCTION_REVENUE_REPORT
    own = await make.collaborator(account, await make.profile(account, [by_offer]), Role.USER)
    product, unpaid = await make.product(account), await make.product(account)
    offers = [await make.offer(account, of) for of in (product, unpaid)]
    sale = await make.sale(account, product, own, offer_id=offers[0]["id"])
    await make.sale(account, unpaid, own, offer_id=offers[1]["id"], status="WAITING_PAYMENT")
    viewer = await _viewer(account, own["user_id"])
    shared = msgspec.structs.replace(viewer, mask=Standing.IN_CENTRAL | grant_bit(shares))

    assert await _found(by_id.offers(viewer)) == {offers[0]["id"]}
    assert await _found(by_id.products(shared)) == set()
    await make.shares(sale, CommissionSource.COPRODUCER)
    assert await _found(by_id.products(shared)) == {product["id"]}
    assert await _found(by_id.offers(shared)) == set()


async def test_opportunities_and_subscriptions_in_reach_name_what_they_show(database_url):
    account = await make.account(teams_on=True)
    recovery, subscriptions = Grant.VIEW_PURCHASE_RECOVERY_REPORT, Grant.MANAGE_SUBSCRIPTIONS
    for grant in (recovery, subscriptions):
        own = await make.collaborator(account, await make.profile(account, [grant]), Role.USER)
        other = await make.collaborator(account)
        shown = []
        for whose in (own, other):
            team, product = await make.team(account, [whose]), await make.product(account)
            offer = await make.offer(account, product)
            columns = {"product_id": product["id"], "team_id": team["id"], "assignee_id": whose["id"]}
            if grant is recovery:
                await make.opportunity(account, offer_id=offer["id"], **columns)
            else:
                await make.subscription(account, whose, **columns)
            offers = {offer["id"]} if grant is recovery else set()
            shown.append([{whose["id"]}, {team["id"]}, {product["id"]}, offers])

        viewer = await _viewer(account, own["user_id"])

        assert [await _found(rule(viewer)) for rule in RULES] == shown[0], grant
