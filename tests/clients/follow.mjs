// Follows sales by each client, over WebSocket or server-sent events, and prints what it gets, a line each.
// A line on standard input cuts all connections; the next one lets the clients connect again.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const { URL: url, TOKEN: token, CENTRAL: central, RELAY: folder } = process.env;
const headers = { Authorization: `Bearer ${token}`, "X-Central": central };
const CHANGED = "subscription Changed($after: String) { saleChanged(after: $after) { cursor sale { id reference } } }";
const { createClient } = await import("graphql-ws");
const print = (client, found) => console.log(JSON.stringify({ client, ...found }));
const got = (client) => (result) => print(client, { reference: result.data.saleChanged.sale.reference });

let [open, gate] = [() => {}, Promise.resolve()];
const cuts = [];

/** Subscribes again after the last event, since variables are sent anew with each connection. */
export function resuming(client) {
  const subscribe = (payload, sink) => {
    const variables = { ...payload.variables };
    const next = (result) => {
      for (const event of Object.values(result.data ?? {})) if (event?.cursor) variables.after = event.cursor;
      sink.next(result);
    };
    return client.subscribe({ ...payload, variables }, { ...sink, next });
  };
  return { ...client, subscribe };
}

/** A client of graphql-ws, as the guide shows it; `name` says whose it is. */
function socket(name) {
  const client = createClient({
    url: url.replace("http", "ws"),
    webSocketImpl: globalThis.WebSocket ?? require("ws"),
    connectionParams: async () => headers,
    shouldRetry: (event) => event.code !== 4403,
    retryWait: () => gate,
    on: { closed: (event) => print(name, { closed: event.code }) },
  });
  cuts.push(() => client.terminate());
  return resuming(client);
}
/** Apollo's links turn what closed the socket into the text of an error. */
const failed = (name) => (error) =>
  print(name, { error: error.code ?? Number(/event (\d+)/.exec(error)?.[1]) });

async function apollo4() {
  const { ApolloClient, InMemoryCache, gql } = await import("@apollo/client/core");
  const { GraphQLWsLink } = await import("@apollo/client/link/subscriptions");
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket("apollo4")) });
  client.subscribe({ query: gql(CHANGED) }).subscribe((result) =>
    result.error ? failed("apollo4")(result.error.cause ?? result.error) : got("apollo4")(result),
  );
}

async function apollo3() {
  const { ApolloClient, InMemoryCache, gql } = require("apollo-client-3/core");
  const { GraphQLWsLink } = require("apollo-client-3/link/subscriptions");
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket("apollo3")) });
  client.subscribe({ query: gql(CHANGED) }).subscribe(got("apollo3"), failed("apollo3"));
}

async function urql() {
  const { Client, subscriptionExchange } = await import("@urql/core");
  const sockets = socket("urql");
  const forwardSubscription = ({ query, variables }) => ({
    subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ query, variables }, sink) }),
  });
  const client = new Client({ url, preferGetMethod: false, exchanges: [subscriptionExchange({ forwardSubscription })] });
  client.subscription(CHANGED, {}).subscribe((result) =>
    result.error ? failed("urql")(result.error.networkError ?? result.error) : got("urql")(result),
  );
}

async function relay() {
  const { Environment, Network, Observable, RecordSource, Store, requestSubscription } = require("relay-runtime");
  const sockets = socket("relay");
  const follow = ({ id }, variables) =>
    Observable.create((sink) => sockets.subscribe({ query: "", doc_id: id, variables }, sink));
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(() => Promise.reject(new Error("nothing is fetched")), follow),
  });
  requestSubscription(environment, {
    subscription: require(`${folder}/ScreenChangedSubscription.graphql.js`),
    variables: {},
    onNext: (data) => got("relay")({ data }),
    onError: failed("relay"),
  });
}

/** urql's own way to follow server-sent events; it does not connect again, so the app does. */
async function events() {
  const { Client, fetchExchange } = await import("@urql/core");
  const aborted = [];
  const client = new Client({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true,
    exchanges: [fetchExchange],
    fetchOptions: { headers },
  });
  let after;
  const follow = () => {
    const { unsubscribe } = client.subscription(CHANGED, { after }).subscribe((result) => {
      if (result.error && result.hasNext) return; // urql emits the last result again when the stream ends
      if (result.error) return failed("events")(result.error.graphQLErrors[0].extensions);
      after = result.data.saleChanged.cursor;
      got("events")(result);
    });
    aborted.push(unsubscribe);
  };
  cuts.push(() => {
    aborted.pop()();
    gate.then(follow);
  });
  follow();
}

// urql aborts requests that it has read, which Node reports
const quiet = (fault) => {
  if (fault?.name !== "AbortError") throw fault;
};
process.on("unhandledRejection", quiet).on("uncaughtException", quiet);

for (const run of [apollo4, apollo3, urql, relay, events]) await run();
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();
gate = new Promise((resolve) => (open = resolve));
cuts.forEach((cut) => cut());
await lines.next();
open();
await lines.next();
process.exit(0);
