"""What is nobody's: the rows of whoever is signed out, or stands in no central."""

import pytest

import make
from authz import reach
from authz.billing import billing, whole_account
from authz.gates import EVERYTHING, Standing, grant_bit
from authz.grant import Grant
from authz.identity import identify
from authz.notices import notices
from authz.schedules import report_schedules
from authz.viewer import SIGNED_OUT, Central, MyRole, Viewer
from graph.membership.transfers.offers import open_offers
from models.vocabulary import Privacy

OWN = [reach.own_collaborator, reach.own_tokens, reach.offered_to, report_schedules, notices]


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.__name__)
async def test_outside_every_central_nothing_is_ones_own(database_url, rule):
    elsewhere = await identify(await make.session(await make.user()), None)

    assert [rule(viewer).where("r").text for viewer in (SIGNED_OUT, elsewhere)] == ["1 = 0"] * 2


async def test_a_named_central_holds_tokens_of_whoever_asks(database_url):
    account, user = await make.account(), await make.user()
    viewer = await identify(await make.session(user), None)

    found = reach.own_tokens(viewer, account["id"]).where("r")

    assert found.params == (account["id"], user["id"])
    assert reach.own_tokens(Viewer(), account["id"]).where("r").text == "1 = 0"


def test_a_schedule_is_reached_by_a_user_with_a_role_in_a_central_alone():
    central = Central("here", "Aurora", False, Privacy.OWN, "UTC", "BRL")
    whole = {"user_id": "user", "central": central, "role": MyRole.ADMIN}

    for mask in (EVERYTHING, 0):
        for lacking in whole:
            viewer = Viewer(**whole | {lacking: None}, mask=mask)
            assert report_schedules(viewer).where("r").text == "1 = 0"
    assert report_schedules(Viewer(**whole, mask=EVERYTHING)).where("r").params == ("here",)
    for mask in (0, EVERYTHING & ~Standing.ADMIN):
        assert report_schedules(Viewer(**whole, mask=mask)).where("r").params == ("here", "user")


def test_who_is_no_one_holds_nothing_and_a_central_is_open_and_shows_everything():
    central = Central("here", "Aurora", False, Privacy.OWN, "UTC", "BRL")

    assert (Viewer().mask, Viewer().account_id) == (0, None)
    assert (central.closed, central.reveals_on_record) == (False, False)


async def test_the_signed_out_are_offered_no_account(database_url):
    assert await open_offers(SIGNED_OUT) == []


def test_statements_are_reached_by_whoever_the_whole_account_is_added_up_for():
    central = Central("here", "Aurora", False, Privacy.OWN, "UTC", "BRL")
    within = {"user_id": "user", "central": central, "mask": EVERYTHING}

    found = {role: billing(Viewer(**within, role=role), "billing_lines").where("r").text for role in MyRole}

    whole = "r.account_id = ?"
    assert found == {
        MyRole.OWNER: whole, MyRole.ADMIN: whole, MyRole.TEAM_LEAD: "1 = 0", MyRole.USER: "1 = 0"
    }  # fmt: skip
    lacking = Viewer(
        **within | {"mask": EVERYTHING & ~grant_bit(Grant.VIEW_SELF_BILLING_REPORT)}, role=MyRole.OWNER
    )
    assert billing(lacking, "billing_lines").where("r").text == "1 = 0"
    assert whole_account("here").where("r").params == ("here",)
