/*
 * The page around GraphiQL: who is signed in, and in which central the queries stand.
 */

import "./policy.js";
import { example } from "./example.js";
import { act, ask, refresh, remember, send, session, whenEnded } from "./session.js";
import { shared } from "./sharing.js";
import { CENTRAL, SESSION, forgetfulStorage, keepQueriesOf, owner, storageOf } from "./storage.js";

const VIEWER = "{ viewer { id name centrals { id accountName role profile { name } grants needsTwoFactor } } }";
const PAYLOAD =
  "{ expiresAt viewer { id } secondFactor { token methods passkeyOptions } errors { message } }";
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) ${PAYLOAD} }`;
const COMPLETE = `mutation ($input: CompleteSignInInput!) { completeSignIn(input: $input) ${PAYLOAD} }`;
const SIGN_UP = "mutation ($input: SignUpInput!) { signUp(input: $input) { errors { message } } }";
const RESET =
  "mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { errors { message } } }";
const SIGN_OUT = "mutation { signOut { errors { message } } }";
const ROLES = { OWNER: "Owner", ADMIN: "Admin", TEAM_LEAD: "Team lead", USER: "User" };
const UNTIL_REFUSED = Number.MAX_SAFE_INTEGER;

const message = document.getElementById("message");
const place = document.getElementById("graphiql");
const forms = Object.fromEntries([...document.forms].map((form) => [form.id, form]));

// by its address, so that its styles are its own file, which the page links
const editor = import(new URL("editor.js", import.meta.url));
const fetching = import("./fetching.js");

let viewer = null;
let central = "";
let challenge = null; // the second factor that a sign-in waits for
let link = shared(); // the operation of the page's address, until it has been shown to someone signed in
let connection = null;

/** Find out who is signed in, and show it. */
async function look() {
  let data = await ask(VIEWER);
  if (!data?.viewer && session() && (await refresh())) data = await ask(VIEWER);
  const found = data?.viewer ?? null;
  // a provider's sign-in sets the cookies without this page
  if (found && session()?.user !== found.id) {
    localStorage.setItem(SESSION, JSON.stringify({ user: found.id, until: UNTIL_REFUSED }));
  }
  stand(found);
}

whenEnded(() => {
  if (!viewer) return;
  stand(null);
  say("Your session has ended. Please sign in again.");
});

/** Tell something: what went wrong, unless it is news. */
function say(text, news = false) {
  message.textContent = text;
  message.classList.toggle("news", news);
}

/** Show one form alone. */
function showForm(name) {
  for (const form of Object.values(forms)) form.hidden = form.id !== name;
}

/** Do what a form asks for, and say so where it fails. */
async function attempt(form, work) {
  const buttons = [...form.querySelectorAll("button")];
  say("");
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error instanceof TypeError ? "The server cannot be reached." : error.message);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/** What happens when a form is sent off. */
function whenSubmitted(name, work) {
  forms[name].addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(forms[name], () => work(forms[name].elements));
  });
}

/** Go on as the user of a payload, or to the second factor that it asks for. */
async function enter(response, of, field) {
  const payload = await remember(response, of);
  if (payload?.viewer) {
    sessionStorage.removeItem(CENTRAL);
    await look();
    for (const form of Object.values(forms)) form.reset();
    forms["signed-in"].elements.central.value = central;
    forms["signed-in"].elements.central.focus();
  } else if (payload?.secondFactor) {
    askForSecondFactor(payload.secondFactor);
  } else {
    say(payload?.errors[0]?.message ?? "Signing in failed.");
    field.select();
  }
}

function askForSecondFactor(asked) {
  challenge = asked;
  document.getElementById("passkey").hidden = !challenge.passkeyOptions;
  showForm("second-factor");
  forms["second-factor"].elements.code.focus();
}

async function complete(answer, field) {
  const input = { ...answer, token: challenge.token, cookie: true };
  await enter(await send({ query: COMPLETE, variables: { input } }), (data) => data.completeSignIn, field);
}

whenSubmitted("sign-in", async ({ email, password }) => {
  const input = { email: email.value, password: password.value, cookie: true };
  await enter(await send({ query: SIGN_IN, variables: { input } }), (data) => data.signIn, password);
});

whenSubmitted("second-factor", ({ code }) => complete({ code: code.value.trim() }, code));

document.getElementById("passkey").addEventListener("click", () => {
  attempt(forms["second-factor"], async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(challenge.passkeyOptions));
    const credential = await navigator.credentials.get({ publicKey });
    await complete({ credential: JSON.stringify(credential.toJSON()) }, forms["second-factor"].elements.code);
  });
});

whenSubmitted("sign-up", async ({ name, email, password }) => {
  await act(SIGN_UP, { name: name.value, email: email.value, password: password.value });
  forms["sign-in"].elements.email.value = email.value;
  password.value = "";
  showForm("sign-in");
  say(`An e-mail with a link was sent to ${email.value}. You can sign in now.`, true);
});

whenSubmitted("reset", async ({ email }) => {
  await act(RESET, { email: email.value });
  forms["sign-in"].elements.email.value = email.value;
  showForm("sign-in");
  say("If the address has a user, an e-mail with a link has been sent to it.", true);
});

whenSubmitted("signed-in", async () => {
  await act(SIGN_OUT);
  localStorage.removeItem(SESSION);
  sessionStorage.removeItem(CENTRAL);
  keepQueriesOf(null);
  stand(null);
  forms["sign-in"].elements.email.focus();
});

for (const button of document.querySelectorAll("button[data-form]")) {
  button.addEventListener("click", () => {
    say("");
    showForm(button.dataset.form);
    forms[button.dataset.form].querySelector("input").focus();
  });
}

forms["signed-in"].elements.central.addEventListener("change", (event) => {
  central = event.target.value;
  sessionStorage.setItem(CENTRAL, central);
  mount();
});

// Another tab signed in or out: its cookies are this tab's too.
window.addEventListener("storage", (event) => {
  if (event.key === SESSION && session()?.user !== viewer?.id) look().catch(() => location.reload());
});

/** Stand as someone, in the central chosen before or else the first; or as no one. */
function stand(person) {
  viewer = person;
  const doors = viewer?.centrals ?? [];
  const open = doors.filter((door) => !door.needsTwoFactor);
  const last = sessionStorage.getItem(CENTRAL);
  const stays = last === "" || open.some((door) => door.id === last);
  central = stays ? last : (open[0]?.id ?? "");
  // of someone whose session has ended they stay, for when they sign in again
  keepQueriesOf(viewer?.id ?? owner());
  showForm(viewer ? "signed-in" : "sign-in");
  document.getElementById("name").textContent = viewer?.name ?? "";
  forms["signed-in"].elements.central.replaceChildren(new Option("No central", ""), ...doors.map(doorOption));
  forms["signed-in"].elements.central.value = central;
  mount();
}

/** A central in the list: its name, each part in its own direction. */
function doorOption({ id, accountName, role, profile, needsTwoFactor }) {
  const parts = [accountName, ROLES[role] ?? role, profile?.name, needsTwoFactor && "needs a second factor"];
  const option = new Option(parts.filter(Boolean).map((part) => `\u2068${part}\u2069`).join(" · "), id);
  option.disabled = needsTwoFactor;
  return option;
}

/** Show a GraphiQL of this person and central. */
async function mount() {
  const [person, standing] = [viewer, central];
  const [{ show }, { fetcherIn }] = await Promise.all([editor, fetching]);
  if (person !== viewer || standing !== central) return; // someone else has come meanwhile
  connection?.dispose();
  connection = fetcherIn(standing, closed);
  show(place, {
    fetcher: connection.fetcher,
    storage: person ? storageOf(person.id, standing) : forgetfulStorage(),
    defaultQuery: example(person, standing),
    operation: link,
  });
  if (person && link) {
    link = null;
    history.replaceState(null, "", location.pathname);
  }
}

/** The central that the person stands in is there no more: show those that are. */
async function closed() {
  await look().catch(() => {});
  say("You can no longer enter that central.");
}

attempt(forms["sign-in"], async () => {
  await look();
  // a sign-in with a provider leads back here, with its challenge in a cookie
  if (!viewer && new URLSearchParams(location.search).get("second_factor") === "required") {
    askForSecondFactor({ token: null, passkeyOptions: null });
  }
});
