"use strict";

/*
 * The page around GraphiQL: who is signed in, and in which central the queries stand.
 * Each person and central has a GraphiQL of its own, so schema, hints, tabs and history are never mixed.
 */

const VIEWER = "{ viewer { id name centrals { id accountName role profile { name } grants } } }";
const SIGN_IN =
  "mutation ($input: SignInInput!) { signIn(input: $input) { expiresAt viewer { id } secondFactor { token passkeyOptions } errors { message } } }";
const COMPLETE =
  "mutation ($input: CompleteSignInInput!) { completeSignIn(input: $input) { expiresAt viewer { id } errors { code message } } }";
const REFRESH = "mutation { refreshSession { expiresAt viewer { id } } }";
const SIGN_OUT = "mutation { signOut { errors { message } } }";
const ROLES = { OWNER: "Owner", ADMIN: "Admin", TEAM_LEAD: "Team lead", USER: "User" };

const SESSION = "centrals:session"; // whose session the cookies hold, as far as this browser knows, and until when
const CENTRAL = "centrals:central"; // the central last chosen in this tab
const QUERIES = "centrals:queries:"; // one person's tabs and history, by central
const PANE = "graphiql:visiblePlugin"; // docs or history, whichever is open
const LAYOUT = /^graphiql:(theme|visiblePlugin|\w+Flex)$/; // what GraphiQL keeps that holds no query

const message = document.getElementById("message");
const signedOut = document.getElementById("signed-out");
const secondStep = document.getElementById("second-step");
const signedIn = document.getElementById("signed-in");

let viewer = null;
let central = "";

// Requests

function post(body, inCentral, { accept = "application/json", signal } = {}) {
  const headers = { accept, "content-type": "application/json" };
  if (inCentral) headers["x-central"] = inCentral;
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** Send an operation; a session that has run out is renewed, before it is refused or once it was. */
async function send(body, inCentral = "", options = {}) {
  if (session()?.until < Date.now()) await renew();
  const response = await post(body, inCentral, options);
  if (response.status !== 401) return response;
  await renew();
  return post(body, inCentral, options);
}

/** The results of a subscription, until its reader stops. */
function follow(operation, inCentral) {
  const stop = new AbortController();
  const results = read(operation, inCentral, stop.signal);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => results.next(),
    async return() {
      stop.abort();
      return { done: true, value: undefined };
    },
  };
}

async function* read(operation, inCentral, signal) {
  const response = await send(operation, inCentral, { accept: "text/event-stream", signal });
  if (!response.headers.get("content-type").startsWith("text/event-stream")) {
    yield await response.json();
    return;
  }
  let text = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const events = (text + part.value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        if (event.startsWith("event: next")) yield JSON.parse(event.slice(event.indexOf("data: ") + 6));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Whether the operation that is to run is a subscription. */
function isSubscription({ query, operationName }) {
  const text = query.replace(/"""[^]*?"""|"(?:\\.|[^"\\])*"|#.*/g, "");
  const named = operationName ? `\\s+${operationName}\\b` : "\\b";
  return new RegExp(`(?:^|})\\s*subscription${named}`).test(text);
}

/** Renew the session, or show that it has ended. */
async function renew() {
  if ((await refresh()) || !viewer) return;
  stand(null);
  message.textContent = "Your session has ended. Please sign in again.";
}

async function ask(query, variables) {
  const response = await send({ query, variables });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? response.statusText);
  return answer.data;
}

let refreshing = null;

/** Exchange the cookies for new ones; tells whether that worked. */
function refresh() {
  refreshing ??= post({ query: REFRESH })
    .then((response) => remember(response, (data) => data.refreshSession))
    .then((payload) => Boolean(payload?.viewer))
    .finally(() => (refreshing = null));
  return refreshing;
}

// The session: its tokens are in cookies that no script can read

function session() {
  return JSON.parse(localStorage.getItem(SESSION));
}

/** Note whose session an answer opened, by this computer's clock; forget it where none was opened. */
async function remember(response, of) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? response.statusText);
  const payload = answer.data && of(answer.data);
  if (payload?.viewer) {
    const ahead = Date.now() - (Date.parse(response.headers.get("date")) || Date.now());
    const until = Date.parse(payload.expiresAt) + ahead - 30_000;
    localStorage.setItem(SESSION, JSON.stringify({ user: payload.viewer.id, until }));
  } else {
    localStorage.removeItem(SESSION);
  }
  return payload;
}

/** Find out who is signed in, and show it. */
async function look() {
  let data = await ask(VIEWER);
  if (!data?.viewer && session() && (await refresh())) data = await ask(VIEWER);
  stand(data?.viewer ?? null);
}

/** Do what a form asks for, and say so where it fails. */
async function attempt(form, act) {
  const button = form.querySelector("button");
  message.textContent = "";
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    message.textContent = error instanceof TypeError ? "The server cannot be reached." : error.message;
  } finally {
    button.disabled = false;
  }
}

signedOut.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(signedOut, async () => {
    const { email, password } = signedOut.elements;
    const input = { email: email.value, password: password.value, cookie: true };
    const response = await send({ query: SIGN_IN, variables: { input } });
    const payload = await remember(response, (data) => data.signIn);
    if (payload?.viewer) {
      await enter();
    } else if (payload?.secondFactor) {
      askForSecondFactor(payload.secondFactor);
    } else {
      message.textContent = payload?.errors[0]?.message ?? "Signing in failed.";
      password.select();
    }
  });
});

/** Stand as whoever has just signed in. */
async function enter() {
  sessionStorage.removeItem(CENTRAL);
  await look();
  signedOut.reset();
  secondStep.reset();
  signedIn.elements.central.focus();
}

let secondFactor = null; // of someone whose password was right; after a provider, a cookie has its token

function askForSecondFactor(found) {
  secondFactor = found;
  document.getElementById("passkey").hidden = !(found.passkeyOptions && window.PublicKeyCredential);
  signedOut.hidden = true;
  secondStep.hidden = false;
  secondStep.elements.code.focus();
}

async function complete(answer) {
  const input = { token: secondFactor.token, cookie: true, ...answer };
  const response = await send({ query: COMPLETE, variables: { input } });
  const payload = await remember(response, (data) => data.completeSignIn);
  if (payload?.viewer) return enter();
  const [error] = payload?.errors ?? [];
  if (error?.code === "CHALLENGE_ENDED") stand(null);
  throw new Error(error?.message ?? "Signing in failed.");
}

secondStep.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(secondStep, () => complete({ code: secondStep.elements.code.value }));
});

document.getElementById("passkey").addEventListener("click", () => {
  attempt(secondStep, async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(secondFactor.passkeyOptions));
    const credential = await navigator.credentials.get({ publicKey });
    await complete({ credential: JSON.stringify(credential.toJSON()) });
  });
});

signedIn.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(signedIn, async () => {
    const refused = (await ask(SIGN_OUT))?.signOut.errors[0];
    if (refused) throw new Error(refused.message);
    localStorage.removeItem(SESSION);
    sessionStorage.removeItem(CENTRAL);
    stand(null);
    signedOut.elements.email.focus();
  });
});

signedIn.elements.central.addEventListener("change", (event) => {
  central = event.target.value;
  sessionStorage.setItem(CENTRAL, central);
  mount();
});

// Another tab signed in or out: its cookies are this tab's too.
window.addEventListener("storage", (event) => {
  if (event.key === SESSION && session()?.user !== viewer?.id) look().catch(() => location.reload());
});

// What is shown

/** Stand as someone, in the central chosen before or else the first; or as no one. */
function stand(person) {
  viewer = person;
  const doors = viewer?.centrals ?? [];
  const last = sessionStorage.getItem(CENTRAL);
  const stays = last === "" || doors.some((door) => door.id === last);
  central = stays ? last : (doors[0]?.id ?? "");
  keepQueriesOf(viewer);
  signedOut.hidden = viewer !== null;
  secondStep.hidden = true;
  signedIn.hidden = viewer === null;
  document.getElementById("name").textContent = viewer?.name ?? "";
  signedIn.elements.central.replaceChildren(
    new Option("No central", ""),
    ...doors.map((door) => new Option(doorName(door), door.id)),
  );
  signedIn.elements.central.value = central;
  mount();
}

/** A central's name, each part in its own direction. */
function doorName({ accountName, role, profile }) {
  const parts = [accountName, ROLES[role] ?? role, profile?.name];
  return parts.filter(Boolean).map((part) => `\u2068${part}\u2069`).join(" · ");
}

/** Show a GraphiQL of this person and central. */
function mount() {
  const standing = central;
  const element = React.createElement(GraphiQL, {
    key: `${viewer?.id} ${standing}`,
    fetcher: async (operation) => {
      if (isSubscription(operation)) return follow(operation, standing);
      const response = await send(operation, standing);
      if (response.status === 404) closed();
      return response.json();
    },
    storage: viewer ? storageOf(viewer.id, standing) : forgetfulStorage(),
    defaultQuery: example(viewer, standing),
    isHeadersEditorEnabled: false,
    showPersistHeadersSettings: false,
    onTogglePluginVisibility: (plugin) => localStorage.setItem(PANE, plugin?.title ?? ""),
  });
  ReactDOM.render(element, document.getElementById("graphiql"));
}

/** The central that the person stands in is there no more: show those that are. */
async function closed() {
  await look().catch(() => {});
  message.textContent = "You can no longer enter that central.";
}

/** What to try first: only what these grants open. */
function example(person, standing) {
  if (!person) return "# Sign in to see what you may ask.\n{\n  instance {\n    name\n    version\n    locales\n  }\n}\n";
  const door = person.centrals.find((one) => one.id === standing);
  if (!door) return "# Choose a central to see what you may ask there.\n{\n  viewer {\n    name\n    email\n  }\n}\n";
  const lines = ["    name", "    myRole", "    currency"];
  if (door.grants.includes("VIEW_PRODUCTS")) {
    lines.push("    products(first: 5) {", "      totalCount", "      nodes {", "        name", "      }", "    }");
  }
  if (door.grants.includes("SEARCH_SALES")) {
    lines.push("    sales(first: 5) {", "      totalCount", "      nodes {", "        reference");
    lines.push("        status", "        price {", "          amount", "          currency", "        }");
    lines.push("        buyer {", "          name", "        }", "      }", "    }");
  }
  const hints = ["# Ctrl-Space: hints", "# Ctrl-Enter: run"];
  return [...hints, "{", "  account {", ...lines, "  }", "}", ""].join("\n");
}

// Storage: one person's queries are never there for the next

/** Drop the queries of everyone else: after signing out, of everyone. */
function keepQueriesOf(person) {
  const kept = person && `${QUERIES}${person.id}:`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(QUERIES) && !(kept && key.startsWith(kept))) localStorage.removeItem(key);
  }
}

function storageOf(user, standing) {
  const named = (key) => (LAYOUT.test(key) ? key : `${QUERIES}${user}:${standing}:${key}`);
  return {
    getItem: (key) => localStorage.getItem(named(key)),
    removeItem: (key) => localStorage.removeItem(named(key)),
    // GraphiQL may write late, when its person has already left
    setItem: (key, value) => viewer?.id === user && localStorage.setItem(named(key), value),
    clear: () => {
      for (const key of Object.keys(localStorage)) if (key.startsWith(named(""))) localStorage.removeItem(key);
    },
    get length() {
      return localStorage.length;
    },
  };
}

/** Signed out, a query may hold a password: nothing of it is kept. */
function forgetfulStorage() {
  const kept = new Map();
  const at = (key) => (LAYOUT.test(key) ? localStorage.getItem(key) : kept.get(key));
  return {
    getItem: (key) => at(key) ?? null,
    removeItem: (key) => (LAYOUT.test(key) ? localStorage.removeItem(key) : kept.delete(key)),
    setItem: (key, value) => (LAYOUT.test(key) ? localStorage.setItem(key, value) : kept.set(key, value)),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}

// GraphiQL's dialogs would keep the page from scrolling by a <style>, which the page's policy forbids.
// This page does not scroll, so it is left out.
document.head.appendChild = (node) =>
  node instanceof HTMLStyleElement ? node : Node.prototype.appendChild.call(document.head, node);

attempt(signedOut, async () => {
  await look();
  const returned = new URLSearchParams(location.search).get("second_factor"); // from a provider
  if (!viewer && returned) askForSecondFactor({});
});
