// Load Python in WebAssembly, put the package and a script into it, and print what its run() returns.
// Usage: node run.mjs PYODIDE SCRIPT.py FOLDER   (FOLDER is copied to /data; nothing is downloaded)
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodidePath, script, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodidePath, "pyodide.mjs")));
const before = process.memoryUsage().rss;
const start = performance.now();
const pyodide = await loadPyodide();
const loaded = performance.now();
pyodide.FS.mkdirTree("/data");
for (const name of readdirSync(folder)) {
  pyodide.FS.writeFile(`/data/${name}`, readFileSync(join(folder, name)));
}
let result;
try {
  pyodide.runPython(readFileSync(script, "utf-8"));
  result = JSON.parse(pyodide.globals.get("run")());
} catch (error) {
  console.error(error.message); // without the source line that Node prints, a megabyte of it
  process.exit(1);
}
result.figures.load_ms = loaded - start;
result.figures.heap_mib = pyodide._module.HEAPU8.length / 2 ** 20;
result.figures.rss_mib = (process.memoryUsage().rss - before) / 2 ** 20;
console.log(JSON.stringify(result));
