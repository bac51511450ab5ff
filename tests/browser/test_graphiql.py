"""GraphiQL in a real browser: everyone explores the schema that is theirs, and no other."""

import asyncio
import re
import sqlite3
from contextlib import closing
from itertools import cycle
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from explorer import Explorer
from letters import Correspondent
from playwright.async_api import expect
from pyotp import TOTP
from served import PASSWORD, Served

pytestmark = pytest.mark.browser

OLGA, LEILA, TIMO = "olga@example.com", "leila@example.com", "timo@example.com"
SALES = "{ account { sales { nodes { reference } } } }"
ENDED = "error: Failed to load resource: the server responded with a status of 401 (Unauthorized)"


def _change(served: Served, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(served.database, timeout=10)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


def _end_sessions(served: Served) -> None:
    _change(served, "UPDATE sessions SET ended_at = 1 WHERE ended_at IS NULL")


async def test_signed_out_one_finds_the_signed_out_schema(page: Explorer) -> None:
    await page.open()
    fields = await page.fields("Query")

    assert fields == {"instance", "invitation"}
    assert "This server" in await page.described()
    assert not {"Account", "Sale", "Viewer.centrals"} & await page.types()
    assert (await page.run())["data"]["instance"]["name"] == "Centrals"


async def test_an_owner_explores_the_whole_account(page: Explorer) -> None:
    await page.arrive_as(OLGA)

    assert await page.central() == "Aurora School · Owner"
    assert await page.fields("Query", "Account") >= {"taxNumber", "auditLog", "sales", "assignees", "reports"}
    assert "The account's tax number" in await page.described()
    answer = await page.run_example()
    assert {node["reference"] for node in answer["account"]["sales"]["nodes"]} == {
        "HP-NOBODYS",
        "HP-MEMBERS",
        "HP-ANOTHER",
    }
    assert await page.hints("{ account { t", "} }") >= {"taxNumber", "teams", "timezone"}


async def test_a_team_lead_explores_what_a_lead_may_know(page: Explorer) -> None:
    await page.arrive_as(LEILA)

    assert await page.central() == "Aurora School · Team lead · Support"
    fields = await page.fields("Query", "Account")
    assert fields >= {"sales", "assignees", "products"}
    assert not fields & {"taxNumber", "auditLog", "collaborators", "export"}
    assert "AuditEntry" not in await page.types()
    answer = await page.run_example()
    assert [node["reference"] for node in answer["account"]["sales"]["nodes"]] == ["HP-MEMBERS"]
    hints = await page.hints("{ account { ", "} }")
    assert hints >= {"assignees", "sales"}
    assert not hints & {"auditLog", "taxNumber"}


async def test_a_technician_finds_no_trace_of_sales(page: Explorer) -> None:
    await page.arrive_as(TIMO)

    assert await page.central() == "Aurora School · User · Technical"
    assert await page.fields("Query", "Account") == {
        "id",
        "name",
        "myRole",
        "timezone",
        "currency",
        "brandName",
        "logoUrl",
        "access",
        "noticeChoices",
        "notices",
        "reports",
        "reportSchedules",
        "revealOnRecord",
        "webhooks",
        "deliveries",
    }
    assert not {"Sale", "Buyer", "Product", "AuditEntry"} & await page.types()
    assert (await page.run_example())["account"]["name"] == "Aurora School"
    hints = await page.hints("{ account { ", "} }")
    assert "reports" in hints
    assert not hints & {"sales", "assignees", "taxNumber", "products"}
    await page.write(SALES)
    assert "Cannot query field 'sales'" in (await page.run())["errors"][0]["message"]


async def test_another_central_brings_another_schema(page: Explorer) -> None:
    await page.arrive_as(LEILA)
    assert "sales" in await page.fields("Query", "Account")

    await page.choose("أكاديمية النور")

    assert await page.central() == "أكاديمية النور · User · Shelf"
    fields = await page.fields("Query", "Account")
    assert "products" in fields
    assert not fields & {"sales", "assignees"}
    answer = await page.run_example()
    assert [node["name"] for node in answer["account"]["products"]["nodes"]] == ["Calligraphy"]

    await page.choose("No central")

    assert await page.fields("Query") == {"instance", "viewer", "invitation", "catalog", "node", "nodes"}
    assert (await page.run_example())["viewer"]["email"] == LEILA


async def test_the_next_person_finds_nothing_of_the_last(page: Explorer) -> None:
    await page.arrive_as(OLGA)
    await page.write("{ account { taxNumber } }")
    assert (await page.run())["data"]["account"]["taxNumber"] == "11222333000181"
    await page.wait_until_stored("taxNumber")

    await page.sign_out()

    assert await page.fields("Query") == {"instance", "invitation"}
    assert "taxNumber" not in await page.query()
    await page.page.wait_for_timeout(700)  # GraphiQL writes what was typed half a second late
    assert "taxNumber" not in await page.stored()

    await page.sign_in(TIMO, PASSWORD)

    assert "taxNumber" not in await page.query()
    assert "sales" not in await page.fields("Query", "Account")
    await page.page.get_by_label("Show History").click()
    assert "taxNumber" not in await page.page.locator(".graphiql-history").inner_text()


async def test_a_reload_keeps_the_session_the_central_and_what_was_written_just_now(page: Explorer) -> None:
    await page.arrive_as(LEILA)
    await page.choose("أكاديمية النور")
    await page.slow_down()
    await page.write("{ account { name } }")

    await page.open()

    await expect(page.page.get_by_role("button", name="Sign out")).to_be_visible()
    assert await page.central() == "أكاديمية النور · User · Shelf"
    assert await page.query() == "{ account { name } }"
    await expect(page.page.get_by_role("tab")).to_have_count(1)


async def test_a_wrong_password_is_told_and_the_next_try_counts(page: Explorer) -> None:
    await page.open()
    await page.try_to_sign_in(TIMO, "wrong")

    await expect(page.message).to_have_text("The e-mail or the password is wrong.")
    await expect(page.page.get_by_role("button", name="Sign out")).to_be_hidden()

    await page.sign_in(TIMO, PASSWORD)

    await expect(page.message).to_have_text("")


async def test_a_session_that_ran_out_is_renewed_unseen(page: Explorer, served: Served) -> None:
    await page.arrive_as(TIMO)
    _change(served, "UPDATE credentials SET expires_at = 1 WHERE kind = 'ACCESS'")

    assert (await page.run_example())["account"]["name"] == "Aurora School"

    assert page.faults == [ENDED]
    page.faults.clear()
    # on an idle page before the next request, which the server does not refuse then
    await page.run_out()
    await page.page.context.clear_cookies(name="centrals_access")
    assert (await page.run_again())["account"]["name"] == "Aurora School"
    # between visits
    await page.page.context.clear_cookies(name="centrals_access")
    await page.open()
    await expect(page.page.get_by_role("button", name="Sign out")).to_be_visible()


async def test_a_session_that_is_gone_asks_to_sign_in_again(page: Explorer, served: Served) -> None:
    await page.arrive_as(OLGA)
    _end_sessions(served)
    await page.page.locator(".graphiql-execute-button").click()
    await expect(page.message).to_have_text("Your session has ended. Please sign in again.")
    assert await page.fields("Query") == {"instance", "invitation"}
    assert page.faults == [ENDED]
    page.faults.clear()

    await page.sign_in(OLGA, PASSWORD)
    await page.run_out()
    await page.page.context.clear_cookies()
    await page.page.locator(".graphiql-execute-button").click()

    await expect(page.message).to_have_text("Your session has ended. Please sign in again.")
    assert await page.fields("Query") == {"instance", "invitation"}


async def test_signing_out_in_one_tab_signs_out_in_the_others(page: Explorer) -> None:
    await page.arrive_as(OLGA)
    await page.write("{ account { taxNumber } }")
    second = Explorer(await page.page.context.new_page(), page.address)
    await second.open()
    await expect(second.page.get_by_role("button", name="Sign out")).to_be_visible()

    await second.sign_out()

    await expect(page.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await page.fields("Query") == {"instance", "invitation"}
    assert "taxNumber" not in await page.stored()
    assert second.faults == []
    await second.page.close()


async def test_a_central_that_was_closed_to_someone_is_left(page: Explorer, served: Served) -> None:
    await page.arrive_as(LEILA)
    await page.choose("أكاديمية النور")
    assert "products" in await page.fields("Query", "Account")
    _change(served, "UPDATE collaborators SET suspended_at = 1 WHERE role = 'USER' AND name LIKE 'ليلى%'")

    await page.page.locator(".graphiql-execute-button").click()

    await expect(page.message).to_have_text("You can no longer enter that central.")
    assert await page.central() == "Aurora School · Team lead · Support"
    assert "404" in page.faults.pop()
    _change(served, "UPDATE collaborators SET suspended_at = NULL WHERE role = 'USER' AND name LIKE 'ليلى%'")


async def test_the_page_fits_wide_and_narrow_windows(page: Explorer) -> None:
    await page.open()
    for step in ("out", "in", "docs"):
        if step == "in":
            await page.sign_in(LEILA, PASSWORD)
            await page.run_example()
            await expect(page.page.get_by_label("Headers")).to_have_count(0)
        if step == "docs":
            await page.fields("Query", "Account")
        for width in (1280, 400, 360):
            await page.page.set_viewport_size({"width": width, "height": 800})
            assert await page.fits(), (step, width)
        await page.page.set_viewport_size({"width": 1280, "height": 800})


async def test_a_chosen_theme_holds_for_the_bar_and_for_everyone_after(page: Explorer) -> None:
    await page.open()
    await page.page.get_by_label("Open settings dialog").click()
    await page.page.get_by_role("button", name="Dark", exact=True).click()
    await expect(page.page.get_by_text("Persist headers")).to_have_count(0)
    await page.page.keyboard.press("Escape")

    await page.sign_in(TIMO, PASSWORD)

    await expect(page.page.locator("body")).to_have_class(re.compile("graphiql-dark"))
    await expect(page.page.locator("body")).to_have_css("color-scheme", "dark")


async def test_every_corner_of_graphiql_keeps_to_the_policy(page: Explorer) -> None:
    await page.arrive_as(OLGA)
    keys = page.page.keyboard
    await page.run_example()
    await page.page.get_by_label("Open short keys dialog").click()
    await keys.press("Escape")
    await page.page.get_by_label("Show History").click()
    await page.page.get_by_label("Edit label").first.click()
    await page.write("query Named { account { nmae taxNumber } }")
    editor, hover = page.page.locator(".graphiql-query-editor"), page.page.locator(".monaco-hover-content")
    await expect(editor.locator(".squiggly-error")).to_be_visible()
    await editor.get_by_text("nmae").hover()
    await expect(hover.filter(has_text='Cannot query field "nmae"')).to_be_visible()
    await editor.get_by_text("taxNumber").hover()
    await expect(hover.filter(has_text="The account's tax number")).to_be_visible()
    await page.page.get_by_label("Prettify query").click()
    await page.press_in_editor("Control+f")
    await expect(page.page.locator(".find-widget.visible")).to_be_visible()
    await keys.press("Escape")
    await page.press_in_editor("F1")
    await expect(page.page.locator(".quick-input-widget")).to_be_visible()
    await keys.press("Escape")
    await page.page.get_by_label("New tab").click()
    await page.page.get_by_label("Re-fetch GraphQL schema").click()
    await page.page.get_by_role("button", name="Variables").click()


async def test_a_shared_link_waits_for_its_reader_and_runs_nothing(page: Explorer) -> None:
    query = "query First { instance { name } }\nquery Second($first: Int) { account { sales(first: $first) { totalCount } } }"
    variables = {"query": query, "variables": '{"first": 1}', "operationName": "Second"}
    await page.open(f"?{urlencode(variables)}")
    assert await page.query() == query
    assert await page.result() == ""

    await page.sign_in(LEILA, PASSWORD)

    assert await page.query() == query
    assert page.page.url == f"{page.address}/graphql"
    await page.press_in_editor("Control+Enter")
    await page.wait_for_result('"totalCount": 1')
    await page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.page.get_by_label("Copy a link to this operation").click()
    copied = urlsplit(await page.page.evaluate("navigator.clipboard.readText()"))
    assert dict(parse_qsl(copied.query)) == variables


async def test_an_entry_of_the_documentation_is_shown_from_its_top(page: Explorer) -> None:
    await page.arrive_as(OLGA)
    await page.fields("Query", "Account")
    docs = page.page.locator(".graphiql-doc-explorer")

    await docs.get_by_role("link", name="sales", exact=True).first.click()  # far below, so it is scrolled to

    await expect(docs.locator(".graphiql-doc-explorer-title")).to_have_text("sales")
    await expect(docs.get_by_text("Needs the grant SEARCH_SALES.").first).to_be_in_viewport()


async def test_the_explorer_writes_a_field_into_the_query(page: Explorer) -> None:
    await page.arrive_as(OLGA)
    await page.write("{ account { name } }")
    await page.page.get_by_label("Show GraphiQL Explorer").click()

    await page.page.locator(".graphiql-explorer-root").get_by_text("taxNumber", exact=True).click()

    assert (await page.run())["data"]["account"] == {"name": "Aurora School", "taxNumber": "11222333000181"}


async def test_a_subscription_that_is_run_at_once_shows_each_event(page: Explorer, served: Served) -> None:
    olga = await Correspondent(served).signed_in(OLGA, "Aurora School")
    assignees = (await olga.ask("{ account { assignees { nodes { id } } } }"))["assignees"]["nodes"]
    await page.arrive_as(OLGA)
    await page.write("subscription { saleChanged { sale { reference assignee { id } } } }")
    async with page.page.expect_websocket():
        await page.page.locator(".graphiql-execute-button").click()
    async with asyncio.timeout(30):
        for assignee in cycle((assignees[0]["id"], None)):  # until the server has begun it
            await olga.do("assignSale", reference="HP-ANOTHER", assigneeId=assignee)
            await page.page.wait_for_timeout(200)
            if "HP-ANOTHER" in await page.result():
                break

    for assignee in (assignees[0]["id"], None):
        await olga.do("assignSale", reference="HP-ANOTHER", assigneeId=assignee)
        await page.wait_for_result('"assignee": null' if assignee is None else assignee)

    await page.page.locator(".graphiql-execute-button").click()
    await expect(page.page.get_by_label("Execute query (Ctrl-Enter)")).to_be_visible()


async def test_tabs_outlive_a_session_for_their_own_user_alone(page: Explorer, served: Served) -> None:
    await page.arrive_as(OLGA)
    await page.write("query Run { account { name } }")
    await page.run_example()
    await page.slow_down()
    await page.page.get_by_label("New tab").click()
    _end_sessions(served)
    await page.write("query Kept { account { taxNumber } }")
    await page.page.locator(".graphiql-execute-button").click()
    await expect(page.message).to_have_text("Your session has ended. Please sign in again.")
    assert "Kept" not in await page.query()
    assert page.faults == [ENDED]
    page.faults.clear()

    await page.sign_in(OLGA, PASSWORD)

    await expect(page.page.get_by_role("tab")).to_have_count(2)
    assert await page.query() == "query Kept { account { taxNumber } }"
    await page.page.get_by_label("Show History").click()
    await expect(page.page.locator(".graphiql-history")).to_contain_text("Run")
    _end_sessions(served)
    await page.page.locator(".graphiql-execute-button").click()
    await expect(page.message).to_have_text("Your session has ended. Please sign in again.")
    assert "Kept" in await page.stored()
    await page.sign_in(TIMO, PASSWORD)
    assert "Kept" not in await page.stored()
    await expect(page.page.get_by_role("tab")).to_have_count(1)
    page.faults.clear()


async def test_someone_new_signs_up_and_in_with_a_second_factor(page: Explorer, served: Served) -> None:
    await page.open()
    email = "nora@example.com"
    alert = page.message
    await page.page.get_by_role("button", name="Sign up").click()
    await page.form().get_by_label("Name").fill("Nora New")
    await page.form().get_by_label("E-mail").fill(email)
    await page.form().get_by_label("Password").fill(PASSWORD)
    await page.page.keyboard.press("Enter")
    await expect(alert).to_contain_text("An e-mail with a link was sent to nora@example.com")
    nora = await Correspondent(served).signed_in(email)
    uri = await nora.do("setUpTwoFactor", "secret", identity={"password": PASSWORD})
    codes = await nora.do("confirmTwoFactor", "recoveryCodes", code=TOTP(uri["secret"]).now())

    await page.try_to_sign_in(email, PASSWORD)
    await page.form().get_by_label("Code").fill("000000")
    await page.page.keyboard.press("Enter")
    await expect(alert).to_contain_text("The code or passkey is wrong")
    await page.form().get_by_label("Code").fill(codes["recoveryCodes"][0])
    await page.page.keyboard.press("Enter")

    await expect(page.page.get_by_role("button", name="Sign out")).to_be_visible()
    assert (await page.run_example())["viewer"]["email"] == email
    await page.sign_out()
    await page.page.get_by_role("button", name="Forgot password?").click()
    await page.form().get_by_label("E-mail").fill(email)
    await page.page.keyboard.press("Enter")
    await expect(alert).to_contain_text("an e-mail with a link has been sent")
