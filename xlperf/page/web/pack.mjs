// Puts the page together: node pack.mjs STAGE MODULES OUT.html
// STAGE: app/ (what runs in Pyodide), web/ (this folder), plan.json (see xlperf/page/build.py). MODULES: a node_modules.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [stage, modules, out] = process.argv.slice(2);
const esbuild = createRequire(join(modules, "pack.mjs"))("esbuild");
const pyodide = join(modules, "pyodide");
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")));
const plan = JSON.parse(readFileSync(join(stage, "plan.json"), "utf-8"));

// The byte code is that of the very Python that will run it; a fixed seed of hashes keeps its bytes the same.
function copyInto(python, folder, to) {
  python.FS.mkdirTree(to);
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const from = join(folder, entry.name);
    if (entry.isDirectory()) copyInto(python, from, `${to}/${entry.name}`);
    else python.FS.writeFile(`${to}/${entry.name}`, readFileSync(from));
  }
}

async function compiled() {
  const python = await loadPyodide({ indexURL: pyodide, env: { HOME: "/home", PYTHONHASHSEED: "0" } });
  copyInto(python, join(stage, "app"), "/app");
  python.globals.set("plan", JSON.stringify(plan));
  python.runPython("import sys\nsys.path.insert(0, '/app')\nfrom xlperf.page.compiling import compiled\ncompiled(plan)");
  return { library: python.FS.readFile("/library.zip"), app: python.FS.readFile("/app.bin") };
}

function bundled(entry, options = {}) {
  const built = esbuild.buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    charset: "utf8",
    target: ["chrome96", "firefox100"],
    legalComments: "none",
    absWorkingDir: stage,
    nodePaths: [modules],
    logLevel: "error",
    ...options,
  });
  return built.outputFiles[0].text;
}

const packages = ["fs", "fs/promises", "path", "url", "vm", "crypto", "child_process", "ws", "node-fetch"];
const info = JSON.parse(readFileSync(join(pyodide, "pyodide-lock.json"), "utf-8")).info;
const worker = bundled(join(stage, "web", "worker.js"), {
  define: { LOCK_INFO: JSON.stringify(info), "import.meta.url": '"http://page.invalid/pyodide.mjs"' },
  external: ["node:*", ...packages],
});
const page = bundled(join(stage, "web", "ui", "main.js"), {
  define: { VERSION: JSON.stringify(plan.version), CHOICES: JSON.stringify(plan.choices) },
});
const gate = readFileSync(join(stage, "web", "gate.js"), "utf-8");
const { library, app } = await compiled();
const gzipped = (data) => gzipSync(data, { level: 9 });
const parts = {
  wasm: gzipped(readFileSync(join(pyodide, "pyodide.asm.wasm"))),
  library: gzipped(library),
  app: gzipped(app),
  worker: gzipped(`self.importScripts = undefined;\n${worker}`), // Pyodide refuses classic workers by that name
};
const stored = Object.entries(parts).map(
  ([name, data]) => `<script type="text/plain" id="part-${name}">${data.toString("base64")}</script>`,
);
const style = readFileSync(join(stage, "web", "page.css"), "utf-8");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(gate)} ${hash(page)} 'wasm-unsafe-eval'`,
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");
const filled = {
  POLICY: policy,
  STYLE: style,
  LICENCES: plan.licences.replaceAll("</", "< /"), // in a block of data nothing else ends it
  PARTS: stored.join("\n"),
  GATE: gate,
  SCRIPT: page,
};
if (/<\/script|<!--/i.test(gate + page)) throw new Error("a script must not have an end of a script in it");
const html = readFileSync(join(stage, "web", "page.html"), "utf-8").replace(/\{\{([A-Z]+)\}\}/g, (_, name) => filled[name]);
writeFileSync(out, html);
const sizes = Object.fromEntries(Object.entries(parts).map(([name, data]) => [name, data.length]));
console.log(JSON.stringify({ size: Buffer.byteLength(html), ...sizes }));
process.exit(0); // Pyodide holds handles that would keep Node waiting
