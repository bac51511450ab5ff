// Follows sales by one client from npm, and prints what it gets, a line each.
import { createRequire } from 'node:module';

const require = createRequire(`${process.argv[2]}/`);
const { client: kind, port, token, central, query } = JSON.parse(process.argv[3]);
const headers = { Authorization: `Bearer ${token}`, 'X-Central': central };
const print = (value) => console.log(JSON.stringify(value));

const client =
  kind === 'graphql-ws'
    ? require('graphql-ws').createClient({
        url: `ws://127.0.0.1:${port}/graphql`,
        connectionParams: headers,
        webSocketImpl: globalThis.WebSocket ?? require('ws'),
      })
    : require('graphql-sse').createClient({ url: `http://127.0.0.1:${port}/graphql`, headers });

for await (const result of client.iterate({ query: '{ account { name } }' })) print(result.data.account);
let count = 0;
for await (const result of client.iterate({ query })) {
  print(result.data.saleChanged.sale);
  if (++count === 2) break;
}
try {
  for await (const result of client.iterate({ query: 'subscription { nothing }' })) {
    if (result.errors) print({ code: result.errors[0].extensions.code });
  }
} catch (errors) {
  print({ code: errors[0].extensions.code });
}
await client.dispose();
