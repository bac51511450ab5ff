// Drives each client against a server, and prints what it got as JSON.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { URL: url, TOKEN: token, USER_TOKEN: userToken, CENTRAL: central } = process.env;
const headers = (as = token) => ({ authorization: `Bearer ${as}`, "x-central": central });
const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const SCREEN = `query Screen($first: Int!) {
  account { id name taxNumber @whenGranted sales(first: $first) { nodes { id reference ...Earnings @whenGranted } } }
  viewer { id name }
}
fragment Earnings on Sale { net { amount currency } }`;
const RENAME = "mutation Rename($input: SetNameInput!) { setName(input: $input) { viewer { id name } errors { code } } }";

/** What each request sent: whether it had a query, a hash, or was a batch. */
const sent = [];
const watched = (input, init) => {
  const body = init?.body ? JSON.parse(init.body) : Object.fromEntries(new URL(input).searchParams);
  const one = Array.isArray(body) ? body[0] : body;
  sent.push({
    batch: Array.isArray(body) ? body.length : 0,
    query: Boolean(one.query),
    hash: JSON.stringify(one.extensions ?? "").includes("persistedQuery"),
  });
  return fetch(input, init);
};

/** Sets null where `@whenGranted` left something out, so that a cache holds the whole selection. */
export function fillAbsent(result) {
  for (const path of result.extensions?.absent ?? []) fill(result.data, path);
  return result;
}
function fill(value, [key, ...rest]) {
  if (Array.isArray(value)) value.forEach((one) => fill(one, [key, ...rest]));
  else if (value && rest.length) fill(value[key], rest);
  else if (value) value[key] = null;
}

async function apollo4() {
  const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = await import("@apollo/client/core");
  const { PersistedQueryLink } = await import("@apollo/client/link/persisted-queries");
  const { BatchHttpLink } = await import("@apollo/client/link/batch-http");
  const { map } = await import("rxjs");
  const askForAbsent = new ApolloLink((operation, forward) => {
    operation.extensions = { ...operation.extensions, absent: true };
    return forward(operation).pipe(map(fillAbsent));
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      askForAbsent,
      new PersistedQueryLink({ sha256 }),
      new HttpLink({ uri: url, headers: headers(userToken), fetch: watched }),
    ]),
  });
  sent.length = 0;
  const query = gql(SCREEN);
  const first = await client.query({ query, variables: { first: 2 } });
  const cached = await client.query({ query, variables: { first: 2 }, fetchPolicy: "cache-only" });
  await client.query({ query, variables: { first: 2 }, fetchPolicy: "network-only" });
  const renamed = await client.mutate({ mutation: gql(RENAME), variables: { input: { name: "Apollo" } } });
  const requests = sent.splice(0);
  const batching = new ApolloClient({
    cache: new InMemoryCache(),
    link: new BatchHttpLink({ uri: url, headers: headers(), fetch: watched }),
  });
  const names = await Promise.all(
    ["{ viewer { id name } }", "{ account { id name } }"].map((text) => batching.query({ query: gql(text) })),
  );
  const failed = await batching.query({ query: gql("{ nothing }"), errorPolicy: "all" });
  return {
    data: first.data,
    cached: cached.data,
    requests,
    renamed: renamed.data.setName.viewer.name,
    inCache: client.cache.extract()[`Viewer:${first.data.viewer.id}`].name,
    batch: names.map((one) => Object.keys(one.data)[0]),
    batches: sent.map((one) => one.batch),
    error: failed.error.errors[0].extensions.code,
  };
}

async function apollo3() {
  const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = require("apollo-client-3/core");
  const { createPersistedQueryLink } = require("apollo-client-3/link/persisted-queries");
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      createPersistedQueryLink({ sha256, useGETForHashedQueries: true }),
      new HttpLink({ uri: url, headers: headers(), fetch: watched }),
    ]),
  });
  const text = SCREEN.replace("query Screen", "query Three");
  sent.length = 0;
  const first = await client.query({ query: gql(text), variables: { first: 1 } });
  const second = await client.query({ query: gql(text), variables: { first: 1 }, fetchPolicy: "network-only" });
  return { data: first.data, again: second.data.account.name, requests: sent.splice(0) };
}

async function urql() {
  const { Client, fetchExchange, gql } = await import("@urql/core");
  const { cacheExchange } = await import("@urql/exchange-graphcache");
  const { persistedExchange } = await import("@urql/exchange-persisted");
  const { keys } = await import(process.env.KEYS);
  const warnings = [];
  const warn = console.warn;
  console.warn = (...words) => warnings.push(words.join(" "));
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange({ keys }),
      persistedExchange({ preferGetForPersistedQueries: false, generateHash: async (text) => sha256(text) }),
      fetchExchange,
    ],
    fetchOptions: { headers: headers() },
    fetch: watched,
  });
  sent.length = 0;
  const first = await client.query(gql(SCREEN), { first: 2 }).toPromise();
  const renamed = await client.mutation(gql(RENAME), { input: { name: "urql" } }).toPromise();
  const cached = await client
    .query(gql(SCREEN), { first: 2 }, { requestPolicy: "cache-only" })
    .toPromise();
  console.warn = warn;
  return {
    error: (first.error ?? renamed.error ?? cached.error)?.message ?? null,
    data: first.data,
    cached: cached.data?.viewer?.name,
    requests: sent.splice(0),
    warnings,
  };
}

async function relay() {
  const { createElement } = await import("react");
  const renderer = await import("react-test-renderer");
  const reactRelay = require("react-relay");
  const { Environment, Network, RecordSource, Store, commitMutation } = require("relay-runtime");
  const folder = process.env.RELAY;
  const artifact = (name) => require(`${folder}/${name}.graphql.js`);
  const [screen, sales, rename] = ["ScreenQuery", "ScreenSales", "ScreenRenameMutation"].map(artifact);
  const named = [];
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ id, text }, variables) => {
      named.push(Boolean(id) && !text);
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers() },
        body: JSON.stringify({ doc_id: id, variables }),
      });
      return response.json();
    }),
  });
  const seen = {};
  function Sales({ account }) {
    const { data, loadNext, hasNext } = reactRelay.usePaginationFragment(sales, account);
    Object.assign(seen, { references: data.sales.edges.map((edge) => edge.node.reference), loadNext, hasNext });
    seen.net = data.sales.edges[0].node.net?.amount ?? null;
    return null;
  }
  function Screen() {
    const data = reactRelay.useLazyLoadQuery(screen, {});
    seen.name = data.account.name;
    return createElement(Sales, { account: data.account });
  }
  const tree = createElement(
    reactRelay.RelayEnvironmentProvider,
    { environment },
    createElement(renderer.Suspense ?? (await import("react")).Suspense, { fallback: null }, createElement(Screen)),
  );
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  const act = renderer.act ?? renderer.default.act;
  const create = renderer.create ?? renderer.default.create;
  const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await act(async () => void create(tree));
  await settle();
  const before = { references: seen.references, hasNext: seen.hasNext };
  await act(async () => void seen.loadNext(2));
  await settle();
  const renamed = await new Promise((resolve, reject) =>
    commitMutation(environment, {
      mutation: rename,
      variables: { input: { name: "Relay" } },
      onCompleted: resolve,
      onError: reject,
    }),
  );
  return {
    name: seen.name,
    before,
    after: { references: seen.references, hasNext: seen.hasNext },
    renamed: renamed.setName.viewer.name,
    named,
  };
}

async function tanstack() {
  const { QueryClient } = await import("@tanstack/query-core");
  const { GraphQLClient } = await import("graphql-request");
  const client = new GraphQLClient(url, { headers: headers() });
  const queries = new QueryClient();
  const data = await queries.fetchQuery({
    queryKey: ["screen", central],
    queryFn: () => client.request(SCREEN, { first: 1 }),
  });
  const error = await client.request("{ nothing }").catch((fault) => fault.response.errors[0].extensions.code);
  return { data, error };
}

// urql aborts requests that it has read, which Node reports
process.on("unhandledRejection", (fault) => {
  if (fault?.name !== "AbortError") throw fault;
});
process.on("uncaughtException", (fault) => {
  if (fault?.name !== "AbortError") throw fault;
});

const clients = { apollo4, apollo3, urql, relay, tanstack };
const found = {};
for (const [name, run] of Object.entries(clients)) {
  try {
    found[name] = await run();
  } catch (fault) {
    found[name] = { fault: String(fault?.stack ?? fault).slice(0, 2000) };
  }
}
process.stdout.write(JSON.stringify(found));
process.exit(0);
