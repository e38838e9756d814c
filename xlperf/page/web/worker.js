// The engine: Python in a worker of its own, so that the page answers while it works. Nothing leaves it but answers.
import createPyodideModule from "pyodide/pyodide.asm.mjs";
import { loadPyodide } from "pyodide/pyodide.mjs";

const BASE = "http://page.invalid/"; // Pyodide wants addresses; what it asks for is answered from memory
const DESK = "/desk";
const SAMPLES = "/app/sample";
let python, desk, main, warming;

const parts = { wasm: [], library: [], app: [] }; // base64, in the pieces in which it came

async function unpacked(name) {
  const text = atob(parts[name].join(""));
  parts[name] = [];
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function serveFromMemory(wasm, library) {
  self.fetch = async (address) => {
    const asked = String(address);
    if (asked.endsWith(".wasm")) return new Response(wasm, { headers: { "Content-Type": "application/wasm" } });
    if (asked.endsWith(".zip")) return new Response(library);
    throw new Error("nothing is fetched");
  };
}

function layOut(app) {
  const length = new DataView(app.buffer).getUint32(0, true);
  const listed = JSON.parse(new TextDecoder().decode(app.subarray(4, 4 + length)));
  const made = new Set();
  for (const [name, at, size] of listed) {
    const path = `/app/${name}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) python.FS.mkdirTree(folder);
    made.add(folder);
    python.FS.writeFile(path, app.subarray(4 + length + at, 4 + length + at + size));
  }
}

async function start(_, step) {
  const [wasm, library, app] = await Promise.all([unpacked("wasm"), unpacked("library"), unpacked("app")]);
  step("python");
  serveFromMemory(wasm, library);
  python = await loadPyodide({
    createPyodideModule,
    indexURL: BASE,
    stdLibURL: `${BASE}library.zip`,
    packageBaseUrl: BASE,
    lockFileContents: { info: LOCK_INFO, packages: {} },
    fullStdLib: false,
    env: { HOME: "/home" },
  });
  step("program");
  layOut(app);
  python.FS.mkdirTree(DESK);
  // Python's own ways to a network end here: those of JavaScript are shut by the page's policy.
  for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "RTCPeerConnection"]) self[name] = undefined;
  self.python = python; // for tests, and for whoever looks from the console
  python.runPython("import sys\nsys.path.insert(0, '/app')");
  main = python.runPython("from xlperf.cli import main\nmain");
  desk = python.runPython("import xlperf.page.desk as desk\ndesk");
  step("forms");
  warming = python.runPython("import xlperf.page.warming as warming\nwarming.import_checks()\nwarming");
  return { heap: heap() };
}

const heap = () => python._module.HEAPU8.length / 2 ** 20;

function put({ files }) {
  for (const { name, bytes } of files) python.FS.writeFile(`${DESK}/${name}`, bytes);
  return {};
}

function ask({ question }) {
  warming.stop();
  const began = performance.now();
  const answer = desk.ask(main, JSON.stringify(question));
  return { answer, heap: heap(), took: performance.now() - began };
}

function take({ name }) {
  const bytes = python.FS.readFile(`${DESK}/${name}`);
  return { bytes };
}

const sampleName = () => python.FS.readdir(SAMPLES).find((each) => each.endsWith(".xlsx"));

function sample() {
  const name = sampleName();
  return { name, bytes: python.FS.readFile(`${SAMPLES}/${name}`) };
}

// The first check is slow, for it runs code that never ran: the sample has it while nobody waits, a step at a time.
// The command line's modules are imported here: what stands in `page` does not know them.
let imported = false;
function warm() {
  if (imported) return { more: warming.warm(`${SAMPLES}/${sampleName()}`) };
  imported = true;
  python.runPython("import xlperf.cli.check, xlperf.cli.checked");
  return { more: true };
}

function sweep() {
  python.runPython("import shutil, os; os.chdir('/')");
  const remove = (path) => {
    for (const name of python.FS.readdir(path)) {
      if (name === "." || name === "..") continue;
      const inner = `${path}/${name}`;
      if (python.FS.isDir(python.FS.stat(inner).mode)) remove(inner), python.FS.rmdir(inner);
      else python.FS.unlink(inner);
    }
  };
  remove(DESK);
  desk.forget();
  return {};
}

const tasks = { start, warm, put, ask, take, sample, sweep };
self.onmessage = async ({ data }) => {
  if (data.part) return parts[data.part].push(data.text);
  const step = (name) => self.postMessage({ id: data.id, step: name });
  try {
    const done = await tasks[data.task](data, step);
    self.postMessage({ id: data.id, done }, done.bytes ? [done.bytes.buffer] : []);
  } catch (error) {
    // What a command refuses comes as an answer: an error here is the end of this Python, as when its memory is full.
    self.postMessage({ id: data.id, error: String(error?.message ?? error).slice(-2000), ended: data.task !== "start" });
  }
};
