// The page: what happens when something is clicked, dropped or typed.
import { $, el } from "./dom.js";
import { open, read, takeFiles } from "./checking.js";
import { makeNew, openMenu } from "./downloads.js";
import { ask, call, figures, limits, start, stop, warmUp } from "./engine.js";
import { choose, closeDetail, drawFiles, drawList, see } from "./results.js";
import { busy, notice, progress, say, state, toStart, view, working } from "./state.js";
import { breathe, drawn } from "./turns.js";
import { isEnglish, label, switchLanguage, word } from "./words.js";

const STEPS = { python: 30, program: 55, forms: 75 };

function fillChoices() {
  const fill = (target, first, pairs) =>
    target.replaceChildren(...(first ? [el("option", { value: "", text: word(first), "data-text": first })] : []), ...pairs.map(([value, text]) => el("option", { value, text })));
  fill($("layout"), "automatic", CHOICES.layouts);
  fill($("variant"), "usual", CHOICES.variants);
  fill($("form"), "", CHOICES.forms);
}

function listen() {
  $("open").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => {
    takeFiles($("file").files).finally(() => ($("file").value = "")); // the same file again is a change, too
  });
  $("sample").addEventListener("click", () => busy(["reading", word("sample")], async () => open([await call("sample")])));
  $("previous").addEventListener("click", () => $("previous-file").click());
  $("previous-file").addEventListener("change", async () => {
    const [given] = $("previous-file").files;
    if (given) await busy(["reading", given.name], async () => setPrevious(await read(given)));
    say("ready");
    $("previous-file").value = "";
  });
  $("previous-none").addEventListener("click", () => setPrevious(null));
  $("new").addEventListener("click", makeNew);
  $("stop").addEventListener("click", stop);
  $("home").addEventListener("click", () => {
    toStart();
    notice("");
    say("ready");
  });
  $("language").addEventListener("click", () => working(relabel));
  $("downloads-open").addEventListener("click", () => openMenu($("downloads-list").hidden));
  $("notice").lastElementChild.addEventListener("click", () => notice(""));
  $("licences").addEventListener("click", () => {
    $("texts-title").textContent = word("licences");
    $("texts").querySelector("pre").textContent = $("part-licences").textContent;
    $("texts").showModal();
  });
  $("texts").querySelector("button").addEventListener("click", () => $("texts").close());
  for (const each of $("switch").children) each.addEventListener("click", () => see(each.dataset.view));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || $("texts").open) return;
    if (!$("downloads-list").hidden) {
      openMenu(false);
      $("downloads-open").focus();
    } else if (!$("detail").hidden) closeDetail();
  });
  addEventListener("click", (event) => {
    if (!$("downloads").contains(event.target)) openMenu(false);
  });
  listenToDrops();
}

function listenToDrops() {
  addEventListener("dragover", (event) => {
    event.preventDefault();
    $("drop").classList.add("over");
  });
  addEventListener("dragleave", () => $("drop").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    $("drop").classList.remove("over");
    takeFiles(event.dataTransfer.files);
  });
}

function setPrevious(given) {
  state.previous = given;
  $("previous-name").textContent = given?.name ?? "";
  $("previous-none").hidden = !given;
}

async function relabel() {
  switchLanguage();
  dress();
  say(...state.said);
  if ($("work").hidden) return;
  await drawn();
  drawFiles();
  await drawList();
  if (view.finding) await choose(state.items[view.chosen], view.finding, false);
}

function dress() {
  label();
  $("language").textContent = isEnglish() ? "中文" : "English";
  $("language").lang = isEnglish() ? "zh-CN" : "en";
  $("version").textContent = `xlperf ${VERSION}`;
}

async function begin() {
  fillChoices();
  dress();
  listen();
  see("list");
  say("preparing");
  progress(10);
  await breathe();
  try {
    await start((step) => progress(STEPS[step] ?? 10));
  } catch (error) {
    notice(word("startFailed", error.message));
    say();
    return;
  }
  progress(100);
  if (state.said[0] === "preparing") say("ready");
  document.documentElement.dataset.ready = "true";
  warmUp().catch(() => {});
}

// For tests, and for whoever looks from the console: what is shown, and the engine. Nothing here that the page has not.
window.xlperf = { state, ask, call, figures, limits };
if (document.documentElement.className === "fits") begin();
