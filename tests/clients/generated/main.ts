import { genql } from "./genql";
import { tada } from "./tada";

declare const process: { argv: string[]; stdout: { write(text: string): void } };

const [url, token, central] = process.argv.slice(2) as [string, string, string];
const headers = { authorization: `Bearer ${token}`, "x-central": central };
async function main() {
  const found = { tada: await tada(url, headers), genql: await genql(url, headers) };
  process.stdout.write(JSON.stringify(found));
}
void main();
