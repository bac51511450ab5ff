/*
 * Bundles GraphiQL and the page around it, from the packages of package-lock.json, into the folder that the
 * server serves: node build.mjs [folder]. The same packages give the same bytes on every machine.
 */

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "../src/graph/http/graphiql_static/built"));

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: {
    app: "src/app.js",
    editor: "src/editor.jsx",
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16.4"],
  jsx: "automatic",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".ttf": "file" },
  // the same parsers as modules, which carry their names where the older files do not
  alias: {
    "prettier/parser-babel": "prettier/plugins/babel",
    "prettier/parser-graphql": "prettier/plugins/graphql",
  },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});
// all styles are in editor.css: those of what it imports later are in it, too
for (const file of await readdir(folder)) {
  if (file.endsWith(".css") && file !== "editor.css") await rm(join(folder, file));
}
await writeFile(join(folder, "LICENSES.txt"), await licenses(Object.keys(metafile.inputs)));

/** The license of each package that is in the bundle. */
async function licenses(inputs) {
  const packages = new Set(inputs.map((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0]).filter(Boolean));
  const texts = new Map();
  for (const path of packages) {
    const { name, version, license } = JSON.parse(await readFile(join(here, path, "package.json"), "utf8"));
    const files = (await readdir(join(here, path))).filter((file) => /^(licen[cs]e|notice|thirdparty)/i.test(file));
    const read = await Promise.all(files.sort().map((file) => readFile(join(here, path, file), "utf8")));
    const found = read.map((text) => text.replaceAll("\r\n", "\n").replace(/[ \t]+$/gm, "").trim());
    texts.set(`${name} ${version}`, [`${name} ${version} (${license})`, ...found].join("\n\n"));
  }
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return [...texts.keys()].sort().map((key) => texts.get(key)).join(line) + "\n";
}
