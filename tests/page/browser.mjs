// Drives a browser: node browser.mjs MODULES chrome|firefox BINARY DOWNLOADS [window] ; a question a line in JSON, an answer a line.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, browser, executablePath, downloads, shown] = process.argv.slice(2);
const require = createRequire(join(modules, "package.json"));
const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")));
const isChrome = browser === "chrome";
const driven = await puppeteer.launch({
  browser,
  executablePath,
  headless: shown !== "window",
  protocolTimeout: 240_000,
  args: isChrome ? ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] : [],
  extraPrefsFirefox: {
    "network.dns.disabled": true,
    "browser.download.dir": downloads,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": true,
    "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
    "browser.download.alwaysOpenPanel": false,
  },
});
const PATIENCE = 200_000; // an answer may take a minute, and the start after it
const told = [];
let page = null;
let session = null;
const settled = () => {
  const text = document.getElementById("status").textContent;
  return document.body.getAttribute("aria-busy") !== "true" && !/^(正在|Reading|Auditing|Writing)/.test(text);
};

// How long the page once did not answer: the longest time between two ticks; apart, while the browser reads the file.
function watchPauses() {
  window.longestPause = window.pauseLoading = 0;
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  port1.onmessage = () => {
    const now = performance.now();
    const which = document.readyState === "loading" || !document.getElementById("status").textContent ? "pauseLoading" : "longestPause";
    window[which] = Math.max(window[which], now - last);
    last = now;
    setTimeout(() => port2.postMessage(0), 4);
  };
  port2.postMessage(0);
}

// Code for the worker stands in it before it starts, as no driver of Firefox evaluates anything there: it is run by name.
// Unlike a driver's it is under the policy of the page, as is all that the page itself could run.
function layInWorker(functions) {
  const hook = `addEventListener("message", async (event) => {
    if (!event.data.tried) return;
    event.stopImmediatePropagation();
    let answer = null;
    try { answer = await ({ ${functions} })[event.data.tried](); } catch (error) { answer = String(error); }
    event.ports[0].postMessage(answer ?? null);
  });\n`;
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => createObjectURL.call(URL, blob.type === "text/javascript" ? new Blob([hook, blob], { type: blob.type }) : blob);
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      if (!String(given[0]).startsWith("blob:")) return; // one that a test tries, and that never runs
      window.tryInWorker = (tried) => new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        this.postMessage({ tried }, [port2]);
      });
    }
  };
}

// A drop by hand, where no driver can carry files: real files, taken from a field that the page does not know.
async function dropByScript(paths) {
  const field = await page.evaluateHandle(() => document.body.appendChild(Object.assign(document.createElement("input"), { type: "file", multiple: true, hidden: true })));
  await field.uploadFile(...paths);
  await field.evaluate((each) => {
    const dataTransfer = new DataTransfer();
    for (const file of each.files) dataTransfer.items.add(file);
    each.remove();
    const about = { bubbles: true, cancelable: true, dataTransfer };
    for (const type of ["dragenter", "dragover", "drop"]) document.getElementById("drop").dispatchEvent(new DragEvent(type, about));
  });
}

const tasks = {
  async open({ file, waits = true, inWorker = {} }) {
    await page?.close();
    page = await driven.newPage();
    page.on("console", (each) => told.push(`${each.type()}: ${each.text()}`));
    page.on("pageerror", (error) => told.push(`error: ${error}`));
    await page.setViewport({ width: 1366, height: 768 });
    await page.evaluateOnNewDocument(watchPauses);
    const functions = Object.entries(inWorker).map(([name, code]) => `${JSON.stringify(name)}: async () => (${code})`);
    if (functions.length) await page.evaluateOnNewDocument(layInWorker, functions.join(",\n"));
    if (isChrome) {
      session = await page.createCDPSession();
      await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    }
    const began = performance.now();
    await page.goto(pathToFileURL(file).href, { waitUntil: "domcontentloaded" });
    if (waits)
      await page.waitForFunction(() => document.documentElement.dataset.ready === "true" || !document.getElementById("notice").hidden, { timeout: PATIENCE });
    return performance.now() - began;
  },
  async upload({ paths, field = "file" }) {
    const began = performance.now();
    const handle = await page.$(`#${field}`);
    await page.evaluate(() => window.xlperf.state && document.body.setAttribute("aria-busy", "true"));
    await handle.uploadFile(...paths);
    await page.waitForFunction(settled, { timeout: PATIENCE, polling: 20 });
    return performance.now() - began;
  },
  async drop({ paths }) {
    await page.evaluate(() => document.body.setAttribute("aria-busy", "true"));
    if (!isChrome) await dropByScript(paths);
    else
      for (const type of ["dragEnter", "dragOver", "drop"])
        await session.send("Input.dispatchDragEvent", { type, x: 500, y: 300, data: { items: [], files: paths, dragOperationsMask: 1 } });
    await page.waitForFunction(settled, { timeout: PATIENCE, polling: 20 });
  },
  async click({ selector }) {
    await page.click(selector);
    await page.waitForFunction(settled, { timeout: PATIENCE, polling: 20 });
  },
  settle: () => page.waitForFunction(settled, { timeout: PATIENCE, polling: 20 }).then(() => true),
  press: ({ key }) => page.keyboard.press(key),
  run: ({ code }) => page.evaluate(code),
  size: ({ width, height }) => page.setViewport({ width, height }),
  shot: ({ path }) => page.screenshot({ path }),
  pdf: ({ path }) => page.pdf({ path, printBackground: true, format: "A4" }),
  told: () => told.splice(0),
  version: () => driven.version(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  try {
    answer = { done: (await tasks[asked.do](asked)) ?? null };
  } catch (error) {
    answer = { error: String(error?.stack ?? error).slice(0, 2000) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await driven.close();
process.exit(0);
