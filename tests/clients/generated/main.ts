import { genql } from "./genql";
import { genqlShown } from "./genql_shown";
import { tada } from "./tada";
import { tadaShown } from "./tada_shown";

declare const process: { argv: string[]; stdout: { write(text: string): void } };

const [url, token, central] = process.argv.slice(2) as [string, string, string];
const headers = { authorization: `Bearer ${token}`, "x-central": central };
async function main() {
  const api = url.replace("/graphql", "");
  const found = {
    tada: { ...(await tada(url, headers)), shown: await tadaShown(api, token, central) },
    genql: { ...(await genql(url, headers)), shown: await genqlShown(api, token, central) },
  };
  process.stdout.write(JSON.stringify(found));
}
void main();
