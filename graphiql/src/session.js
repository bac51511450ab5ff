/* The session, whose tokens are in cookies that no script can read: its requests, and how it is renewed. */

import { SESSION } from "./storage.js";

const REFRESH = "mutation { refreshSession { expiresAt viewer { id } } }";

let ended = () => {};

/** Have this called when a session that was there has ended. */
export function whenEnded(act) {
  ended = act;
}

export function session() {
  return JSON.parse(localStorage.getItem(SESSION));
}

function post(body, inCentral, signal) {
  const headers = { accept: "application/json", "content-type": "application/json" };
  if (inCentral) headers["x-central"] = inCentral;
  return fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body), signal });
}

/** Send an operation; a session that has run out is renewed, before it is refused or once it was. */
export async function send(body, inCentral = "", signal = undefined) {
  await current();
  const response = await post(body, inCentral, signal);
  if (response.status !== 401) return response;
  await renew();
  return post(body, inCentral, signal);
}

/** Renew the session if it has run out by the clock. */
export async function current() {
  if (session()?.until < Date.now()) await renew();
}

/** Renew the session, or say that it has ended. */
export async function renew() {
  if (!(await refresh())) ended();
}

let refreshing = null;

/** Exchange the cookies for new ones; tells whether that worked. */
export function refresh() {
  refreshing ??= post({ query: REFRESH })
    .then((response) => remember(response, (data) => data.refreshSession))
    .then((payload) => Boolean(payload?.viewer))
    .finally(() => (refreshing = null));
  return refreshing;
}

/** Note whose session an answer opened, by this computer's clock; forget it where none was opened. */
export async function remember(response, of) {
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

/** The data of an operation; throws what the server said where there is none. */
export async function ask(query, variables) {
  const response = await send({ query, variables });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? response.statusText);
  return answer.data;
}

/** The one payload of a mutation; throws why it was refused. */
export async function act(query, input) {
  const [payload] = Object.values(await ask(query, input && { input }));
  if (payload.errors.length) throw new Error(payload.errors[0].message);
  return payload;
}
