// What the page holds, and how it tells what it does.
import { $ } from "./dom.js";
import { proceed } from "./engine.js";
import { word } from "./words.js";

// The files as they came, what is shown of them, and how. `current`: by file, the name by which the program has it now;
// `roles`: what each is to the others, where one of them is held against them.
export const state = { files: [], current: {}, roles: {}, previous: null, whole: {}, reports: [], shown: 0, made: {}, drawings: {}, items: [], said: ["preparing"] };
export const view = { grouping: "byCause", hidden: new Set(), chosen: -1, finding: null, sheet: "", rules: {} };

// Telling

const LOST = ["timeout", "ended", "stopped"]; // the program was started anew, and has no files any more

export function toStart() {
  for (const name of ["work", "home", "downloads"]) $(name).hidden = true;
  $("start").hidden = false;
}

export function say(...words) {
  state.said = words;
  $("status").textContent = words.length ? word(...words) : "";
}

export function progress(share) {
  $("progress").setAttribute("aria-valuenow", share);
  $("progress").firstElementChild.style.width = share === 100 ? "0" : `${share}%`;
}

export function notice(text, good = false) {
  $("notice").hidden = !text;
  $("notice").className = good ? "notice good" : "notice";
  $("notice").firstElementChild.textContent = text;
}

export function reason(error) {
  return LOST.includes(error.message) ? word(error.message) : word("failed", error.message);
}

// While there is more to come, whoever reads the page aloud waits for it.
let works = 0;
export async function working(work) {
  works++;
  document.body.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    if (!--works) document.body.removeAttribute("aria-busy");
  }
}

export async function busy(words, work) {
  notice("");
  say(...words);
  progress(45);
  try {
    return await working(work);
  } catch (error) {
    if (LOST.includes(error.message)) toStart();
    notice(error.told ?? reason(error));
    say("ready");
    return null;
  } finally {
    proceed();
    progress(100);
  }
}

// A refusal in the program's own words.
export function refused(answer) {
  const error = new Error(answer.told);
  error.told = answer.told || word("failed", "");
  return error;
}
