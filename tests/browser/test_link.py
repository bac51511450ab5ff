"""Where the links of e-mails lead, in a real browser: from the e-mail to the central, in five languages."""

import sqlite3
from contextlib import closing
from itertools import count
from typing import Any

import pytest
from explorer import Explorer, newcomer
from letters import Correspondent
from playwright.async_api import Browser, expect
from served import PASSWORD, Served

from extent import extent

pytestmark = pytest.mark.browser

TIMO = "timo@example.com"
GONE = "This link is no longer valid"
INVITED = "Olga Owner invites you to work in Aurora School"
_number = count(1)


@pytest.fixture(scope="module")
async def anyone(served: Served) -> Correspondent:
    """Someone who is not signed in."""
    return Correspondent(served)


@pytest.fixture(scope="module")
async def olga(anyone: Correspondent) -> Correspondent:
    """The owner, in the account."""
    return await anyone.signed_in("olga@example.com", "Aurora School")


@pytest.fixture
async def link(page: Explorer) -> "Link":
    """A page that no link was opened in yet."""
    return Link(page)


class Link:
    """The page of links as a person uses it."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.page = explorer.page

    async def open(self, address: str) -> None:
        """Follow a link from an e-mail: from elsewhere, so that the browser sends no cookie with it."""
        await self.page.goto("about:blank")
        await self.page.goto(address)

    async def shows(self, heading: str) -> None:
        """Wait until the page says so, and is read from there."""
        found = self.page.get_by_role("heading", level=1)
        await expect(found).to_have_text(heading, timeout=10_000)
        await expect(found).to_be_focused()

    async def refused(self, words: str) -> None:
        """Wait for a refusal."""
        await expect(self.page.locator("[role=alert]:not(.monaco-alert)")).to_have_text(words, timeout=10_000)

    async def fill(self, form: str, **fields: str) -> None:
        """Fill a form in and send it off, with the keyboard alone."""
        within = self.page.get_by_role("form", name=form)
        for label, text in fields.items():
            await within.get_by_label(label.replace("_", "-")).fill(text)
        await self.page.keyboard.press("Enter")

    async def press(self, button: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=button).click()

    async def enter(self, words: str = "Continue to Centrals") -> str:
        """Follow the page's own link, and tell which central one stands in then."""
        await self.page.get_by_role("link", name=words).click()
        await expect(self.page.get_by_role("button", name="Sign out")).to_be_visible(timeout=10_000)
        return await self.explorer.central()


def an_address() -> str:
    """An address that no one else has."""
    return f"nora-{next(_number)}@example.com"


def _rows(served: Served, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(served.database, timeout=10)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def _collaborators(served: Served, email: str) -> list[tuple[Any, ...]]:
    """Whose seats there are: address verified, language, role."""
    return _rows(
        served,
        "SELECT u.email_verified_at IS NOT NULL, u.locale, c.role FROM users u"
        " JOIN collaborators c ON c.user_id = u.id WHERE u.email = ?",
        email,
    )


async def _user(anyone: Correspondent, **changed: Any) -> str:
    """Someone who signed up, and has not opened the link to verify the address."""
    email = an_address()
    await anyone.do("signUp", email=email, name="Nora Known", password=PASSWORD, **changed)
    return email


async def _verified(anyone: Correspondent, **changed: Any) -> str:
    email = await _user(anyone, **changed)
    token = (await anyone.link(email, "verify")).partition("=")[2]
    await (await anyone.signed_in(email)).do("verifyEmail", token=token)
    return email


async def test_someone_without_a_user_signs_up_accepts_and_lands_in_the_central(
    link: Link, olga: Correspondent, served: Served
) -> None:
    email = an_address()
    await link.open(await olga.invite(email))

    await link.shows(INVITED)
    result = await link.page.locator("dl").inner_text()
    await link.fill("New here?", Name="Nora New", Password=PASSWORD)
    await link.shows("Welcome to Aurora School")

    assert "User" in result
    assert "Admin" not in result
    assert "Support" in result
    assert _collaborators(served, email) == [(1, "en", "USER")]
    assert await link.enter() == "Aurora School · User · Support"
    assert await link.page.locator("#name").inner_text() == "Nora New"


async def test_someone_with_a_user_signs_in_accepts_and_lands_in_the_central(
    link: Link, anyone: Correspondent, olga: Correspondent, served: Served
) -> None:
    email = await _verified(anyone)
    await link.open(await olga.invite(email))
    await link.shows(INVITED)

    await link.fill("Already registered?", E_mail=email, Password="a wrong password")
    await link.refused("The e-mail or the password is wrong.")
    wrong = link.page.get_by_role("form", name="Already registered?").get_by_label("Password")
    await expect(wrong).to_be_focused()
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    assert _collaborators(served, email) == []

    await link.fill("Already registered?", E_mail=email, Password=PASSWORD)
    await expect(link.page.get_by_text(f"You are signed in as {email}.")).to_be_visible()
    await expect(link.page.get_by_text("The e-mail or the password is wrong.")).to_have_count(0)
    assert _collaborators(served, email) == []
    await link.press("Accept the invitation")
    await link.shows("Welcome to Aurora School")

    assert _collaborators(served, email) == [(1, "en", "USER")]
    assert await link.enter() == "Aurora School · User · Support"


async def test_someone_with_a_user_who_tries_to_sign_up_is_asked_to_sign_in(
    link: Link, anyone: Correspondent, olga: Correspondent, served: Served
) -> None:
    email = await _verified(anyone)
    await link.open(await olga.invite(email))
    await link.shows(INVITED)

    await link.fill("New here?", Name="Nora New", Password="another password of hers")
    await link.refused("There is already a user with this address. Sign in first.")

    await expect(link.page.get_by_role("form", name="New here?")).to_have_count(0)
    await expect(link.page.get_by_role("form", name="Already registered?")).to_be_visible()
    assert _collaborators(served, email) == []


async def test_someone_signed_in_already_accepts_at_once_also_after_the_session_ran_out(
    link: Link, olga: Correspondent, anyone: Correspondent
) -> None:
    email = await _verified(anyone)
    address = await olga.invite(email)
    await link.explorer.arrive_as(email)
    await link.page.context.clear_cookies(name="centrals_access")

    await link.open(address)
    await link.shows(INVITED)
    await link.press("Accept the invitation")

    await link.shows("Welcome to Aurora School")
    assert await link.enter() == "Aurora School · User · Support"


async def test_an_invitation_for_another_address_is_refused_and_another_user_may_sign_in(
    link: Link, olga: Correspondent, anyone: Correspondent, served: Served
) -> None:
    email = await _verified(anyone)
    await link.open(await olga.invite(email))
    await link.shows(INVITED)
    await link.fill("Already registered?", E_mail=TIMO, Password=PASSWORD)

    await link.press("Accept the invitation")
    await link.refused("This invitation was sent to another address.")
    await link.page.set_viewport_size({"width": 400, "height": 800})

    assert await link.explorer.fits()
    assert _collaborators(served, email) == []
    assert len(_collaborators(served, TIMO)) == 1
    await link.press("Sign out")
    await link.fill("Already registered?", E_mail=email, Password=PASSWORD)
    await link.press("Accept the invitation")
    await link.shows("Welcome to Aurora School")
    assert len(_collaborators(served, email)) == 1


async def test_the_invitations_link_proves_the_address_of_who_is_signed_in_with_it(
    link: Link, olga: Correspondent, anyone: Correspondent, served: Served
) -> None:
    email = await _user(anyone)
    await link.open(await olga.invite(email))
    await link.shows(INVITED)
    await link.fill("Already registered?", E_mail=email, Password=PASSWORD)

    await link.press("Accept the invitation")

    await link.shows("Welcome to Aurora School")
    assert _collaborators(served, email) == [(1, "en", "USER")]


async def test_someone_signs_up_over_a_user_that_a_stranger_made_of_the_address(
    link: Link, olga: Correspondent, anyone: Correspondent, served: Served
) -> None:
    email = await _user(anyone, locale="fr")
    await link.open(await olga.invite(email))
    await link.shows(INVITED)

    await link.fill("New here?", Name="Nora New", Password="a password of her own")

    await link.shows("Welcome to Aurora School")
    assert _collaborators(served, email) == [(1, "en", "USER")]
    await link.explorer.open()


async def test_an_invitation_is_declined_once_and_opens_nothing_then(
    link: Link, olga: Correspondent, served: Served
) -> None:
    email = an_address()
    invitation = await olga.invite(email)
    await link.open(invitation)
    await link.shows(INVITED)

    await link.press("Decline the invitation")

    await link.shows("You declined the invitation")
    stands = "SELECT status FROM invitations WHERE email = ?"
    assert _rows(served, stands, email) == [("DECLINED",)]
    await link.open(invitation)
    await link.shows(GONE)


async def test_an_invitation_that_was_taken_back_or_is_over_opens_nothing(
    link: Link, olga: Correspondent, served: Served
) -> None:
    revoked, expired = an_address(), an_address()
    links = [await olga.invite(revoked), await olga.invite(expired)]
    await olga.revoke(revoked)
    _rows(served, "UPDATE invitations SET expires_at = 1 WHERE email = ?", expired)

    for address in (
        *links,
        *(f"{served.address}/link{end}" for end in ("", "#invitation=x", "#constructor=x")),
    ):
        await link.open(address)
        await link.shows(GONE)
        await expect(link.page.get_by_role("button")).to_have_count(0)

    assert _collaborators(served, revoked) + _collaborators(served, expired) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("status = 'REVOKED'", "This invitation was revoked."),
        ("expires_at = 1", "This invitation has expired. Ask for a new one."),
    ],
)
async def test_one_that_falls_while_it_is_looked_at_is_refused(
    link: Link, olga: Correspondent, served: Served, change: str, words: str
) -> None:
    email = an_address()
    await link.open(await olga.invite(email))
    await link.shows(INVITED)
    _rows(served, f"UPDATE invitations SET {change} WHERE email = ?", email)

    await link.fill("New here?", Name="Nora New", Password=PASSWORD)

    await link.refused(words)
    assert _rows(served, "SELECT id FROM users WHERE email = ?", email) == []


async def test_the_link_that_verifies_an_address_is_good_once_and_asks_for_a_password(
    link: Link, anyone: Correspondent, served: Served
) -> None:
    email = await _user(anyone)
    address = await anyone.link(email, "verify")
    verified = "SELECT email_verified_at IS NOT NULL, password_hash IS NOT NULL FROM users WHERE email = ?"
    before = _rows(served, verified, email)

    await link.open(address)
    await link.shows("Your address is confirmed")
    after = _rows(served, verified, email)
    await link.page.get_by_label("New password").fill("a password of her own")
    await link.press("Set the password")
    await link.shows("Your password is set")
    chosen = _rows(served, verified, email)
    await link.open(address)
    await link.shows(GONE)

    assert (before, after, chosen) == ([(0, 1)], [(1, 0)], [(1, 1)])
    await link.explorer.open()
    await link.explorer.sign_in(email, "a password of her own")


async def test_a_forgotten_password_is_asked_for_and_set_once(
    link: Link, anyone: Correspondent, olga: Correspondent, served: Served
) -> None:
    email = await _verified(anyone)
    await link.open(await olga.invite(email))
    await link.shows(INVITED)
    await link.page.get_by_label("E-mail").fill(email)
    _rows(served, "UPDATE outbox_messages SET created_at = 1 WHERE recipient = ?", email)  # one an hour
    await link.press("Forgot your password?")
    await link.shows("If this address has a user, a link to choose a new password is on its way to it.")
    address = await anyone.link(email, "reset")

    await link.open(address)
    await link.shows("Choose a new password")
    field = link.page.get_by_label("New password")
    await field.fill(email)
    await link.press("Set the password")
    await link.refused("The password cannot be the e-mail address.")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await field.fill("another password of hers")
    await link.press("Set the password")
    await link.shows("Your password is set")
    await link.open(address)
    await link.shows("Choose a new password")
    await link.page.get_by_label("New password").fill("a third password of hers")
    await link.press("Set the password")
    await link.shows(GONE)

    await link.explorer.open()
    await link.explorer.try_to_sign_in(email, "a third password of hers")
    await link.refused("The e-mail or the password is wrong.")
    await link.explorer.sign_in(email, "another password of hers")


async def test_in_arabic_the_page_its_refusals_and_its_user_are_arabic(
    browser: Browser, olga: Correspondent, served: Served
) -> None:
    email = an_address()
    async with newcomer(browser, served.address, locale="ar-EG") as explorer:
        link = Link(explorer)
        await link.open(await olga.invite(email))
        await link.shows("Olga Owner يدعوك إلى العمل في Aurora School")
        html = link.page.locator("html")
        await expect(html).to_have_attribute("dir", "rtl")
        await expect(html).to_have_attribute("lang", "ar")
        label, field = (link.page.locator("dl").locator(kind).first for kind in ("dt", "dd:visible"))
        assert (await label.bounding_box())["x"] > (await field.bounding_box())["x"]  # type: ignore[index]

        await link.fill("هل هذه زيارتك الأولى؟", **{"الاسم": "نورة", "كلمة المرور": email})
        await link.refused("لا يمكن أن تكون كلمة المرور هي عنوان البريد الإلكتروني.")
        await link.fill("هل هذه زيارتك الأولى؟", **{"كلمة المرور": PASSWORD})
        await link.shows("أهلًا بك في Aurora School")

        assert _collaborators(served, email) == [(1, "ar", "USER")]
        assert await link.enter("المتابعة إلى Centrals") == "Aurora School · User · Support"


async def test_it_turns_to_the_language_of_whoever_signs_in(
    link: Link, anyone: Correspondent, olga: Correspondent
) -> None:
    email = await _verified(anyone, locale="es")
    address = await olga.invite(email)
    await link.open(address)
    await link.shows(INVITED)

    await link.fill("Already registered?", E_mail=email, Password=PASSWORD)
    await link.shows("Olga Owner te invita a trabajar en Aurora School")
    await link.open(address.replace("/link", "/link?in=pt"))
    await link.shows("Olga Owner convida você para trabalhar em Aurora School")
    await link.open(address)
    await link.press("Aceptar la invitación")
    await link.shows("Te damos la bienvenida a Aurora School")


async def test_a_server_that_cannot_be_reached_is_told_and_tried_again(
    link: Link, olga: Correspondent, served: Served
) -> None:
    email = an_address()
    await link.open(await olga.invite(email))
    await link.shows(INVITED)

    await link.page.context.set_offline(True)
    await link.fill("New here?", Name="Nora New", Password=PASSWORD)
    await link.refused("The server cannot be reached. Try again in a moment.")
    await link.page.context.set_offline(False)
    assert {"ERR_INTERNET_DISCONNECTED" in fault for fault in link.explorer.faults} == {True}
    link.explorer.faults.clear()
    await link.press("Sign up and accept")

    await link.shows("Welcome to Aurora School")
    assert len(_collaborators(served, email)) == 1


LOOKS = [("light", "en"), ("dark", "fr"), ("light", "ar")]
LOOKS = extent(LOOKS, [(scheme, locale) for scheme in ("light", "dark") for locale in ("en", "fr", "ar")])


@pytest.mark.parametrize(("scheme", "locale"), LOOKS)
async def test_it_fits_wide_and_narrow_windows(
    browser: Browser, served: Served, olga: Correspondent, scheme: Any, locale: str
) -> None:
    email = an_address()
    steps = {
        "invited": await olga.invite(email),
        "reset": f"{served.address}/link#reset=x",
        "gone": f"{served.address}/link",
    }
    async with newcomer(browser, served.address, color_scheme=scheme, locale=locale) as explorer:
        link = Link(explorer)
        for step, where in steps.items():
            await link.open(where)
            await expect(link.page.get_by_role("heading", level=1)).to_be_visible()
            if step == "invited":
                await link.page.locator("#sign-up [name=name]").fill("Nora New")
                await link.page.locator("#sign-up [name=password]").fill(email)
                await link.page.keyboard.press("Enter")
                await expect(link.page.get_by_role("alert")).not_to_be_empty()
            for width in (1200, 400):
                await link.page.set_viewport_size({"width": width, "height": 800})
                assert await link.explorer.fits(), (step, width)
