// What a browser too old for the driver shows: node too_old.mjs MODULES BINARY PAGE ; one line of JSON.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, binary, page] = process.argv.slice(2);
const WebSocket = createRequire(createRequire(join(modules, "package.json")).resolve("puppeteer-core"))("ws");
const profile = mkdtempSync(join(tmpdir(), "xlperf-old-"));
const browser = spawn(binary, ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"]);
let address = "";
for await (const line of createInterface({ input: browser.stderr })) if ((address = /ws:\S+/.exec(line)?.[0] ?? "")) break;
browser.stderr.resume();
const socket = new WebSocket(address);
await new Promise((resolve) => socket.once("open", resolve));
const waiting = new Map();
socket.on("message", (data) => {
  const { id, result } = JSON.parse(data);
  waiting.get(id)?.(result);
});
let count = 0;
const send = (method, params, sessionId) =>
  new Promise((resolve) => {
    waiting.set(++count, resolve);
    socket.send(JSON.stringify({ id: count, method, params, sessionId }));
  });

const LOOK = `(() => {
  const shown = (id) => { const found = document.getElementById(id); return !!found && getComputedStyle(found).display !== "none"; };
  return { text: shown("old") ? document.getElementById("old").textContent : "", hidden: !shown("start"), ms: performance.now() };
})()`;
const { product } = await send("Browser.getVersion");
const { targetId } = await send("Target.createTarget", { url: pathToFileURL(page).href });
const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
let seen;
do {
  await new Promise((resolve) => setTimeout(resolve, 20));
  seen = (await send("Runtime.evaluate", { expression: LOOK, returnByValue: true }, sessionId)).result.value;
} while (!seen?.text && !(seen?.ms > 20_000));
console.log(JSON.stringify({ product, ...seen }));
browser.kill();
await new Promise((resolve) => browser.once("exit", resolve));
rmSync(profile, { recursive: true, force: true });
process.exit(0);
