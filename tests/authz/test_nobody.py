"""What is nobody's: the rows of whoever is signed out, or stands in no central."""

import pytest

import make
from authz import reach
from authz.identity import identify
from authz.schedules import report_schedules
from authz.viewer import SIGNED_OUT, Viewer
from graph.membership.transfers.offers import open_offers

OWN = [reach.own_collaborator, reach.own_tokens, reach.offered_to, report_schedules]


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


async def test_the_signed_out_are_offered_no_account(database_url):
    assert await open_offers(SIGNED_OUT) == []
