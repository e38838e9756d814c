// Files come in, the program in the worker looks them through.
import { audit, lastYear } from "./asking.js";
import { call } from "./engine.js";
import { show } from "./results.js";
import { busy, notice, progress, say, state, view } from "./state.js";
import { word } from "./words.js";

const MOST_FILES = 20;
const MOST_MEGABYTES = 30;

export async function read(file) {
  const megabytes = Math.ceil(file.size / 2 ** 20);
  if (megabytes > MOST_MEGABYTES) throw Object.assign(new Error(), { told: word("tooLarge", file.name, megabytes, MOST_MEGABYTES) });
  return { name: file.name.replace(/[/\\]/g, "_"), bytes: new Uint8Array(await file.arrayBuffer()) };
}

export async function takeFiles(list) {
  const chosen = [...list];
  if (!chosen.length) return;
  await busy(["reading", chosen[0].name], async () => {
    if (chosen.length > MOST_FILES) throw Object.assign(new Error(), { told: word("tooMany", MOST_FILES) });
    const files = [];
    for (const file of chosen) {
      files.push(await read(file));
      const twice = files.filter((each) => each.name === files.at(-1).name).length > 1;
      if (twice) throw Object.assign(new Error(), { told: word("sameName", file.name) });
    }
    await open(files);
  });
}

export async function open(files) {
  await call("sweep");
  await call("put", { files: state.previous ? [...files, { ...state.previous, name: lastYear() }] : files });
  state.files = files;
  state.current = Object.fromEntries(files.map(({ name }) => [name, name]));
  state.roles = {};
  state.shown = 0;
  view.hidden.clear();
  view.sheet = "";
  await check();
}

async function check() {
  say("checking", state.files[0].name);
  progress(70);
  const answer = await audit();
  state.drawings = {};
  const book = state.files.findIndex(({ name }) => state.roles[name] === "book");
  await show(Math.max(book, state.shown));
  const told = answer.code === 2 ? answer.told : "";
  notice(told);
  if (state.files.length > 1) say("doneMany", state.files.length);
  else say("done", state.files[0].name);
}
