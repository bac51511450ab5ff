"use strict";

/*
 * Where the links of e-mails lead: an invitation, an address to verify or to change, a password to set.
 * The token stands behind the #, which browsers send to no one. The words are in the page, in its language.
 */

const VIEWER = "query { viewer { id email locale } }";
const PREVIEW =
  "query ($token: String!) { invitation(token: $token) { accountName inviterName role profileName expiresAt } }";
const ACCEPT =
  "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { central { id } errors { code message field } } }";
const SIGN_IN =
  "mutation ($input: SignInInput!) { signIn(input: $input) { secondFactor { token passkeyOptions } errors { code message field } } }";
const COMPLETE =
  "mutation ($input: CompleteSignInInput!) { completeSignIn(input: $input) { errors { code message field } } }";
const REFRESH = "mutation { refreshSession { viewer { id } errors { code } } }";
const SIGN_OUT = "mutation { signOut { errors { code message field } } }";
const FORGOTTEN =
  "mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { errors { code message field } } }";
const DECLINE =
  "mutation ($input: DeclineInvitationInput!) { declineInvitation(input: $input) { errors { code message field } } }";
const VERIFY =
  "mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { passwordToken errors { code message field } } }";
const RESET = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { errors { code message field } } }";
const CONFIRM_EMAIL =
  "mutation ($input: ConfirmEmailChangeInput!) { confirmEmailChange(input: $input) { email errors { code message field } } }";
const UNDO_EMAIL =
  "mutation ($input: UndoEmailChangeInput!) { undoEmailChange(input: $input) { email errors { code message field } } }";
const SESSION = "centrals:session"; // by these two the page behind the link finds the session and the central
const CENTRAL = "centrals:central";

const [kind, token] = location.hash.slice(1).split(/=(.*)/s);
let resetToken = kind === "reset" ? token : null;
let secondFactor = null; // of someone whose password was right
const { lang } = document.documentElement;
const main = document.querySelector("main");
const message = document.getElementById("message");
const parts = [...main.querySelectorAll(":scope > [id]:not(#message)")];

/** A deliberate no, as the API tells it. */
class Refused extends Error {
  constructor({ code, message, field }) {
    super(message);
    Object.assign(this, { code, field });
  }
}

/** The one field of an operation's answer; of a session that has run out the cookie is gone after one try. */
async function ask(query, variables, again = true) {
  const headers = { accept: "application/json", "accept-language": lang, "content-type": "application/json" };
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  if (response.status === 401 && again) return ask(query, variables, false);
  const answer = await response.json();
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? response.statusText);
  const [payload] = Object.values(answer.data);
  if (payload?.errors?.length) throw new Refused(payload.errors[0]);
  return payload;
}

/** Who is signed in here, if anyone; a session that ran out is renewed. */
async function signedIn() {
  const viewer = () => ask(VIEWER).catch(() => null);
  const found = await viewer();
  if (found || !localStorage.getItem(SESSION)) return found;
  try {
    await ask(REFRESH);
  } catch (error) {
    if (error instanceof Refused) localStorage.removeItem(SESSION);
    return null;
  }
  return viewer();
}

/** Note that the cookies hold a session, which the page behind the link renews before its first use. */
async function remember() {
  const viewer = await ask(VIEWER);
  document.querySelector("#sign-up [type=email]").value = viewer.email; // for the browser to keep with the password
  localStorage.setItem(SESSION, JSON.stringify({ user: viewer.id, until: 0 }));
}

function tell(told) {
  for (const [name, text] of Object.entries(told)) {
    for (const place of main.querySelectorAll(`[data-told="${name}"]`)) place.textContent = text;
  }
}

/** Show these parts, and begin to read at the first, where it is news. */
function show(...ids) {
  const news = document.getElementById(ids[0]).hidden;
  for (const part of parts) part.hidden = !ids.includes(part.id);
  if (news) main.querySelector(`#${ids[0]} h1`)?.focus();
}

async function accept(signUp) {
  const { central } = await ask(ACCEPT, { input: signUp ? { token, signUp } : { token } });
  if (signUp) await remember();
  if (central) sessionStorage.setItem(CENTRAL, central.id);
  show("welcome", "on");
}

const PAGES = {
  async invitation(viewer) {
    const found = await ask(PREVIEW, { token });
    if (!found) return show("gone", "on");
    const until = new Date(found.expiresAt).toLocaleDateString(lang, { dateStyle: "long" });
    tell({ ...found, until, email: viewer?.email });
    for (const name of main.querySelectorAll("[data-role]")) name.hidden = name.dataset.role !== found.role;
    show("invited", ...(viewer ? ["accept", "sign-out"] : ["sign-up", "sign-in"]), "decline");
  },
  async verify() {
    ({ passwordToken: resetToken } = await ask(VERIFY, { input: { token } }));
    show("verified", ...(resetToken ? ["verified-how", "reset"] : ["on"]));
  },
  reset: () => show("choose", "reset"),
  async email() {
    tell({ newEmail: (await ask(CONFIRM_EMAIL, { input: { token } })).email });
    show("email-changed", "on");
  },
  async "undo-email"() {
    tell({ oldEmail: (await ask(UNDO_EMAIL, { input: { token } })).email });
    show("email-restored", "on");
  },
};

/** The page as whoever is signed in should find it: in his own language, unless the address names one. */
async function open() {
  if (!token || !Object.hasOwn(PAGES, kind)) return show("gone", "on");
  const viewer = await signedIn();
  if (viewer && viewer.locale !== lang && !new URLSearchParams(location.search).has("in")) {
    return location.replace(`?in=${viewer.locale}${location.hash}`);
  }
  await PAGES[kind](viewer);
}

/** Show the second step of a sign-in. */
function askForSecondFactor() {
  document.getElementById("passkey").hidden = !(secondFactor.passkeyOptions && window.PublicKeyCredential);
  show("second");
  document.querySelector("#second [name=code]").focus();
}

async function complete(answer) {
  await ask(COMPLETE, { input: { token: secondFactor.token, cookie: true, ...answer } });
  document.getElementById("second").reset();
  await remember();
  await open();
}

async function completeWithPasskey() {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(secondFactor.passkeyOptions));
  const credential = await navigator.credentials.get({ publicKey });
  await complete({ credential: JSON.stringify(credential.toJSON()) });
}

const FORMS = {
  accept: () => accept(),
  async decline() {
    await ask(DECLINE, { input: { token } });
    show("declined");
  },
  async "sign-out"() {
    await ask(SIGN_OUT);
    localStorage.removeItem(SESSION);
    await open();
  },
  "sign-up": ({ name, password }) => accept({ name, password, locale: lang, cookie: true }),
  async "sign-in"({ email, password }) {
    ({ secondFactor } = await ask(SIGN_IN, { input: { email, password, cookie: true } }));
    if (secondFactor) return askForSecondFactor();
    await remember();
    await open();
  },
  second: ({ code }) => complete({ code }),
  async reset({ password }) {
    await ask(RESET, { input: { token: resetToken, password } });
    show("changed", "on");
  },
};

/** What is offered where an act is refused. */
const INSTEAD = {
  BAD_LINK: ["gone", "on"],
  NOT_FOUND: ["gone", "on"],
  CHALLENGE_ENDED: ["invited", "sign-in", "decline"],
  SIGN_IN_FIRST: ["invited", "sign-in", "decline"],
};

function refused(error, form) {
  const instead = INSTEAD[error.code];
  if (instead) show(...instead);
  if (instead?.[0] === "gone") return;
  const at = [form, ...document.forms].find((one) => one && !one.hidden);
  at?.querySelector("button").before(message); // where one looks, however far down that is
  message.textContent = error instanceof TypeError ? message.dataset.unreachable : error.message;
  const wrong = form?.elements[error.field?.at(-1)] ?? (error.code === "BAD_CREDENTIALS" && form?.elements.password);
  if (wrong) {
    wrong.setAttribute("aria-invalid", "true");
    wrong.select();
  }
}

/** Do one thing at a time, and tell where it fails. */
async function attempt(work, form) {
  if (main.ariaBusy === "true") return;
  main.ariaBusy = "true";
  message.textContent = "";
  for (const field of main.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  try {
    await work();
  } catch (error) {
    refused(error, form);
  } finally {
    main.ariaBusy = "false";
  }
}

for (const [id, work] of Object.entries(FORMS)) {
  document.getElementById(id).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => work(Object.fromEntries(new FormData(event.target))), event.target);
  });
}
document.getElementById("forgotten").addEventListener("click", (event) => {
  const { form } = event.target;
  const { email } = form.elements;
  if (!email.reportValidity()) return;
  attempt(async () => {
    await ask(FORGOTTEN, { input: { email: email.value } });
    show("reset-sent");
  }, form);
});
document.getElementById("passkey").addEventListener("click", (event) => {
  attempt(completeWithPasskey, event.target.form);
});
window.addEventListener("hashchange", () => location.reload());
attempt(open);
