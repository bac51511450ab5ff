/* How GraphiQL's operations reach the server: by HTTP, and subscriptions by WebSocket. */

import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-ws";
import { current, renew, send } from "./session.js";

const FORBIDDEN = 4403;

/** A fetcher in one central; `closed` is called when that central is there no more. */
export function fetcherIn(central, closed) {
  const socket = socketIn(central);
  const fetcher = async (operation) => {
    if (isSubscription(operation)) return socket.iterate(operation);
    const response = await send(operation, central);
    if (response.status === 404) closed();
    return response.json();
  };
  return { fetcher, dispose: () => socket.dispose() };
}

/** Whether a request is for a subscription; GraphiQL's own parse may be of an earlier text. */
function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false; // the server says what is wrong with it
  }
}

/** The socket is closed when the session runs out: it is opened again with the next one. */
function socketIn(central) {
  let refused = false;
  return createClient({
    url: async () => {
      await (refused ? renew() : current());
      return `${location.origin.replace("http", "ws")}/graphql`;
    },
    connectionParams: central ? { "x-central": central } : {},
    retryAttempts: 3,
    on: {
      connected: () => (refused = false),
      closed: ({ code }) => (refused = code === FORBIDDEN),
    },
  });
}
