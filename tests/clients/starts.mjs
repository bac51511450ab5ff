// Runs what docs/clients.md shows for each client, a module each in the folder STARTS, and prints what it gets as JSON.
import { createRequire } from "node:module";
import { createElement } from "react";
import renderer from "react-test-renderer";

const require = createRequire(import.meta.url);
const { STARTS: folder, RELAY: artifacts, API: api } = process.env;
const shown = (name) => import(`${folder}/${name}.mjs`);
const references = (data) => data.account.sales.nodes.map((sale) => sale.reference);
const SALES = "query Sales($first: Int!) { account { id sales(first: $first) { nodes { id reference } } } }";
const VIEWER = "{ viewer { id name } }";

async function relay() {
  const { fetchQuery } = require("relay-runtime");
  const { environment } = await shown("relay");
  const { account } = await fetchQuery(environment, require(`${artifacts}/ScreenQuery.graphql.js`), {}).toPromise();
  const { data } = await environment.getNetwork().execute({ id: null, text: SALES }, { first: 20 }, {}).toPromise();
  return { references: references(data), name: account.name };
}

async function apollo() {
  const { client, SALES: query, data } = await shown("apollo");
  const cached = await client.query({ query, variables: { first: 20 }, fetchPolicy: "cache-only" });
  return { references: references(data), cached: references(cached.data) };
}

async function urql() {
  const { client, data } = await shown("urql");
  const cached = await client.query(SALES, { first: 20 }, { requestPolicy: "cache-only" });
  return { references: references(data), cached: references(cached.data) };
}

async function tanstack() {
  const { QueryClient, QueryClientProvider } = await import("@tanstack/react-query");
  const { useSales } = await shown("tanstack");
  let found;
  function Sales() {
    found = useSales();
    return null;
  }
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  await renderer.act(async () => {
    renderer.create(createElement(QueryClientProvider, { client: new QueryClient() }, createElement(Sales)));
  });
  for (let tries = 0; found.isPending && tries < 200; tries++)
    await renderer.act(() => new Promise((resolve) => setTimeout(resolve, 20)));
  return { references: references(found.data) };
}

/** Requests of a browser: cookies that were set are sent. */
let [jar, statuses] = [{}, []];
const bare = fetch;
globalThis.fetch = async (url, init) => {
  if (init.credentials !== "include") return bare(url, init);
  const cookie = Object.entries(jar).map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await bare(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), cookie } });
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    jar[name] = value;
  }
  statuses.push(response.status);
  return response;
};
const [url, credentials] = [`${api}/graphql`, "include"];

async function apolloRefreshes() {
  const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = await import("@apollo/client");
  const { refreshLink } = await shown("apollo-refresh");
  const link = ApolloLink.from([refreshLink, new HttpLink({ uri: url, credentials })]);
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  return (await client.query({ query: gql(VIEWER) })).data.viewer.name;
}

async function urqlRefreshes() {
  const { Client, fetchExchange } = await import("@urql/core");
  const { refreshExchange } = await shown("urql-refresh");
  const client = new Client({ url, exchanges: [refreshExchange, fetchExchange], fetchOptions: { credentials } });
  const result = await client.query(VIEWER, {});
  if (result.error) throw result.error;
  return result.data.viewer.name;
}

async function fetchRefreshes() {
  const { fetchSignedIn } = await shown("fetch-refresh");
  const headers = { "content-type": "application/json" };
  const response = await fetchSignedIn(url, { headers, body: JSON.stringify({ query: VIEWER }) });
  return (await response.json()).data.viewer.name;
}

// urql aborts requests that it has read, which Node reports
const quiet = (fault) => {
  if (fault?.name !== "AbortError") throw fault;
};
process.on("unhandledRejection", quiet).on("uncaughtException", quiet);

const found = {};
for (const run of [relay, apollo, urql, tanstack]) found[run.name] = await run();
const jars = JSON.parse(process.env.COOKIES);
for (const run of [apolloRefreshes, urqlRefreshes, fetchRefreshes]) {
  [jar, statuses] = [jars.pop(), []];
  found[run.name] = { name: await run(), statuses };
}
process.stdout.write(JSON.stringify(found));
process.exit(0);
