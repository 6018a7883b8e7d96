// Builds the page into ../chat_gateway/page/static; with --check only says whether what lies there is that.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../chat_gateway/page/static");
const check = process.argv.includes("--check");

const bundled = await build({
  entryPoints: { app: join(here, "src/main.jsx"), style: join(here, "src/style.css") },
  outdir: out,
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "eof",
  charset: "utf8",
});
const files = bundled.outputFiles.map((file) => [file.path, Buffer.from(file.contents)]);
for (const name of ["index.html", "sw.js", "mail.css", "icon.svg", "app.webmanifest"]) {
  files.push([join(out, name), await readFile(join(here, "src", name))]);
}
let stale = 0;
for (const [path, content] of files) {
  const there = await readFile(path).catch(() => null);
  if (there?.equals(content)) continue;
  stale += 1;
  if (check) console.error(`not what the sources give: ${path}`);
  else await writeFile(path, content);
}
if (check && stale) {
  console.error("Run `make page` and commit what it makes.");
  process.exit(1);
}
