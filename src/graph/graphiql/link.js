"use strict";

/*
 * Where the links of e-mails lead: an invitation, an address to verify, a password to set.
 * The token stands behind the #, which browsers send to no one.
 */

const PREVIEW =
  "query ($token: String!) { invitation(token: $token) { accountName inviterName role profileName } }";
const ACCEPT =
  "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { central { accountName } errors { code message } } }";
const SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { viewer { id } errors { message } } }";
const VERIFY = "mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { errors { message } } }";
const RESET = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { errors { message } } }";
const ROLES = { ADMIN: "an admin", TEAM_LEAD: "a team lead", USER: "a user" };
const GONE = "This link is no longer good. It may have been used, replaced or taken back, or its time is over.";

const [kind, token] = location.hash.slice(1).split(/=(.*)/s);
const [told, message] = ["told", "message"].map((id) => document.getElementById(id));

function show(...ids) {
  for (const one of ["accept", "sign-in", "sign-up", "reset", "on"]) {
    document.getElementById(one).hidden = !ids.includes(one);
  }
}

/** The one field of an operation's answer; a session that has run out is left behind, once. */
async function ask(query, variables, again = true) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  if (response.status === 401 && again) return ask(query, variables, false);
  const answer = await response.json();
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? response.statusText);
  return Object.values(answer.data)[0];
}

function done(words) {
  told.textContent = words;
  message.textContent = "";
  show("on");
}

async function accept(signUp) {
  const payload = await ask(ACCEPT, { input: signUp ? { token, signUp } : { token } });
  const [error] = payload.errors;
  if (!error) return done("Welcome! You can enter the central now.");
  message.textContent = error.message;
  if (error.code === "SIGN_IN_FIRST") show("sign-in", ...(signUp ? [] : ["sign-up"]));
}

const PAGES = {
  async invitation() {
    const found = await ask(PREVIEW, { token });
    if (!found) return void (told.textContent = GONE);
    const { inviterName, accountName, role, profileName } = found;
    told.textContent = `${inviterName} invites you to work in ${accountName}, as ${ROLES[role]} with the profile ${profileName}.`;
    show("accept");
  },
  async verify() {
    const [error] = (await ask(VERIFY, { input: { token } })).errors;
    error ? (message.textContent = error.message) : done("Your address is confirmed.");
  },
  async reset() {
    told.textContent = "Choose a new password.";
    show("reset");
  },
};

const FORMS = {
  accept: () => accept(),
  async "sign-in"({ email, password }) {
    const [error] = (await ask(SIGN_IN, { input: { email, password, cookie: true } })).errors;
    if (error) message.textContent = error.message;
    else await accept();
  },
  "sign-up": ({ name, password }) => accept({ name, password }),
  async reset({ password }) {
    const [error] = (await ask(RESET, { input: { token, password } })).errors;
    error ? (message.textContent = error.message) : done("Your password is set.");
  },
};

async function tried(work) {
  try {
    message.textContent = "";
    await work();
  } catch (error) {
    message.textContent = error.message;
  }
}

for (const [id, work] of Object.entries(FORMS)) {
  document.getElementById(id).addEventListener("submit", (event) => {
    event.preventDefault();
    tried(() => work(Object.fromEntries(new FormData(event.target))));
  });
}
window.addEventListener("hashchange", () => location.reload());
if (token && Object.hasOwn(PAGES, kind)) tried(PAGES[kind]);
else told.textContent = GONE;
