"""The second step of a sign-in in a real browser: a code, and a passkey of a virtual authenticator."""

import json
from typing import Any

import pyotp
import pytest
from explorer import Explorer
from letters import Correspondent
from playwright.async_api import Page, expect
from served import PASSWORD, Served

pytestmark = pytest.mark.browser

SIGN_IN = """mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } errors { code } } }"""
SET_UP = """mutation($identity: IdentityInput) { setUpTwoFactor(input: {identity: $identity}) { secret } }"""
CONFIRM = """mutation($code: String!) { confirmTwoFactor(input: {code: $code}) { recoveryCodes errors { code } } }"""
START = (
    """mutation($identity: IdentityInput) { startPasskey(input: {identity: $identity}) { token options } }"""
)
ADD = """mutation($input: AddPasskeyInput!) { addPasskey(input: $input) { errors { code } } }"""
CREATE = """async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
  return JSON.stringify((await navigator.credentials.create({ publicKey })).toJSON());
}"""
ASK = """async (body) => {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const response = await fetch("/graphql", { method: "POST", headers, body });
  return (await response.json()).data;
}"""


async def _ask(page: Page, query: str, **variables: Any) -> Any:
    (payload,) = (await page.evaluate(ASK, json.dumps({"query": query, "variables": variables}))).values()
    return payload


async def _with_authenticator(page: Page) -> None:
    """Give the browser an authenticator that verifies its user."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_a_code_and_a_passkey_complete_a_sign_in(page: Explorer, served: Served) -> None:
    email, tab = "pia@example.com", page.page
    await Correspondent(served).do("signUp", email=email, name="Pia Passkey", password=PASSWORD)
    await _with_authenticator(tab)
    await page.arrive_as(email)
    mine = {"password": PASSWORD}
    totp = pyotp.TOTP((await _ask(tab, SET_UP, identity=mine))["secret"])
    codes = (await _ask(tab, CONFIRM, code=totp.now()))["recoveryCodes"]
    begun = await _ask(tab, START, identity=mine)
    credential = await tab.evaluate(CREATE, begun["options"])
    added = await _ask(tab, ADD, input={"token": begun["token"], "credential": credential, "name": "Key"})
    assert added["errors"] == []
    await page.sign_out()

    await page.try_to_sign_in(email, PASSWORD)
    await page.form().get_by_label("Code").fill("000000")
    await tab.keyboard.press("Enter")
    await expect(page.message).to_have_text("The code or passkey is wrong, or the code was already used.")
    await page.form().get_by_label("Code").fill(codes[0])
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    await page.sign_out()

    await page.try_to_sign_in(email, PASSWORD)
    await tab.get_by_role("button", name="Use a passkey").click()
    await expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
