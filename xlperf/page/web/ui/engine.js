// The worker with Python in it: started once, asked one thing at a time, started anew when it does not answer.
import { $ } from "./dom.js";
import { breathe } from "./turns.js";

const START_SECONDS = 120;
const PIECE = 1 << 20;
export const limits = { seconds: 60 }; // for an answer

let worker = null;
let started = null;
let count = 0;
let last = Promise.resolve();
const waiting = new Map();
export const figures = { heap: 0, python: 0, took: 0 }; // MiB, ms until Python runs, ms of the last answer

async function source() {
  const text = atob($("part-worker").textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return URL.createObjectURL(new Blob([await new Response(stream).arrayBuffer()], { type: "text/javascript" }));
}

let address = null;

export function start(step) {
  started ??= launch(step);
  return started;
}

async function launch(step) {
  address ??= await source();
  worker = new Worker(address);
  worker.onmessage = ({ data }) => {
    const asked = waiting.get(data.id);
    if (!asked) return;
    if (data.step) return asked.step?.(data.step);
    waiting.delete(data.id);
    clearTimeout(asked.timer);
    if (!data.error) return asked.resolve(data.done);
    asked.reject(new Error(data.ended ? "ended" : data.error));
    if (data.ended) fail(new Error("ended"));
  };
  worker.onerror = (event) => fail(new Error(event.message || "worker"));
  await handOver();
  const told = (name) => {
    if (name === "program") figures.python = performance.now();
    step?.(name);
  };
  const done = await send("start", {}, START_SECONDS, told);
  figures.heap = done.heap;
}

// The parts of the program, a piece at a time: together they would keep the page from answering.
async function handOver() {
  let sent = 0;
  for (const name of ["wasm", "library", "app"])
    for (const { data } of $(`part-${name}`).childNodes)
      for (let at = 0; at < data.length; at += PIECE) {
        const text = data.slice(at, at + PIECE);
        worker.postMessage({ part: name, text });
        sent += text.length;
        if (sent < PIECE) continue;
        await breathe();
        sent = 0;
      }
}

function fail(error) {
  worker?.terminate();
  worker = started = null;
  for (const asked of waiting.values()) {
    clearTimeout(asked.timer);
    asked.reject(error);
  }
  waiting.clear();
}

// Whoever does not want to wait: what was asked, and what would be asked for the same end, is given up, and the program
// started anew for what comes next.
let givenUp = false;

export function stop() {
  givenUp = true;
  fail(new Error("stopped"));
  start().catch(() => {});
}

export function proceed() {
  givenUp = false;
}

function send(task, data, seconds, step, moved = []) {
  return new Promise((resolve, reject) => {
    const id = ++count;
    const timer = setTimeout(() => fail(new Error("timeout")), seconds * 1000);
    waiting.set(id, { resolve, reject, step, timer });
    worker.postMessage({ id, task, ...data }, moved);
  });
}

// One after the other: what is asked meanwhile waits its turn.
export function call(task, data = {}, moved = []) {
  const turn = last.then(async () => {
    if (givenUp) throw new Error("stopped");
    await start();
    const done = await send(task, data, limits.seconds, null, moved);
    if (done.heap) Object.assign(figures, { heap: done.heap, took: done.took });
    return done;
  });
  last = turn.catch(() => {});
  return turn;
}

// Gets the program ready for the first file, until there is one.
export async function warmUp() {
  for (let before = count; count === before; before++) {
    const { more } = await call("warm");
    if (!more) return;
  }
}

export async function ask(question) {
  const { answer } = await call("ask", { question });
  await breathe();
  const read = JSON.parse(answer);
  await breathe();
  return read;
}
