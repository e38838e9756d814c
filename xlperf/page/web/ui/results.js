// What was found, beside the form: the list, the cells, one finding in full.
import { $, el, numbers, split } from "./dom.js";
import { audit } from "./asking.js";
import { drawDetail } from "./detail.js";
import { ask } from "./engine.js";
import { drawItems, drawSummary, GROUPINGS, itemsOf } from "./findings.js";
import { drawBlocks, drawSheet, light, marksOf } from "./sheet.js";
import { busy, refused, say, state, view, working } from "./state.js";
import { drawn } from "./turns.js";
import { word } from "./words.js";

export const BOOK = /\.xls[xm]$/i;

const report = () => state.reports[state.shown] ?? {};
export const file = () => state.files[state.shown].name;

export const show = (number) => working(() => showFile(number));

async function showFile(number) {
  state.shown = number;
  view.chosen = -1;
  view.finding = null;
  $("detail").hidden = true;
  $("start").hidden = true;
  $("work").hidden = $("home").hidden = $("downloads").hidden = false;
  state.items = itemsOf(report());
  drawFiles();
  await drawn();
  if (report().error) {
    $("tabs").replaceChildren();
    $("sheet").replaceChildren(el("p", { text: report().error }));
    await drawList();
    return;
  }
  const name = file();
  const read = async () => (state.drawings[name] ??= (await ask({ do: "draw", file: name })).drawing);
  await Promise.all([read(), drawList()]);
  if (name === file()) await drawForm();
}

export function drawFiles() {
  $("files").hidden = state.files.length < 2;
  $("files").replaceChildren(
    ...state.files.map(({ name }, at) =>
      el("button", { type: "button", "aria-current": at === state.shown && "true", on: { click: () => show(at) } }, name, roleOf(name)),
    ),
  );
}

const roleOf = (name) => (state.roles[name] ? el("em", { text: word(`role_${state.roles[name]}`) }) : null);

export const drawList = () => working(drawFindings);

async function drawFindings() {
  drawSummary($("summary"), state.items, report(), state.whole, view, drawList);
  $("groupings").replaceChildren(
    ...GROUPINGS.map((name) =>
      el("button", {
        type: "button",
        text: word(name),
        "aria-pressed": String(view.grouping === name),
        on: { click: () => ((view.grouping = name), drawList()) },
      }),
    ),
  );
  const about = { report: report(), whole: state.whole, view };
  await drawItems($("items"), state.items, about, (item, finding) => choose(item, finding));
}

async function drawForm() {
  const drawing = state.drawings[file()];
  const marks = marksOf(report().findings ?? []);
  const pick = (finding) => choose(state.items.find((item) => item.all.includes(finding)), finding, false);
  if (!drawing) {
    $("sheet").replaceChildren();
    return;
  }
  if (drawing.blocks) {
    $("tabs").replaceChildren();
    await drawBlocks($("sheet"), drawing.blocks, marks, pick);
    return;
  }
  const visible = drawing.sheets.filter((sheet) => !sheet.hidden && sheet.rows);
  if (!visible.some((sheet) => sheet.title === view.sheet)) {
    const first = state.items[0] && split(state.items[0].at[0]).sheet;
    view.sheet = visible.some((sheet) => sheet.title === first) ? first : visible[0]?.title;
  }
  $("tabs").replaceChildren(...visible.map((sheet) => drawTab(sheet)));
  const sheet = visible.find((each) => each.title === view.sheet);
  if (sheet) await drawSheet($("sheet"), sheet, drawing.looks, marks, pick);
}

function drawTab(sheet) {
  const errors = (report().findings ?? []).filter((each) => each.severity === "error" && split(each.at).sheet === sheet.title).length;
  const chosen = sheet.title === view.sheet;
  return el(
    "button",
    {
      type: "button",
      role: "tab",
      id: chosen ? "tab-chosen" : undefined,
      "aria-selected": String(chosen),
      "aria-controls": "sheet",
      tabindex: chosen ? "0" : "-1",
      on: { click: () => turnTo(sheet.title), keydown: alongTabs },
    },
    sheet.title,
    errors ? el("em", { text: errors }) : null,
  );
}

function alongTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...$("tabs").children];
  const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
  next.click();
  $("tabs").querySelector("[aria-selected='true']")?.focus();
}

function turnTo(title) {
  view.sheet = title;
  $("sheet").replaceChildren(); // where nothing stands it takes no time to scroll
  $("sheet").scrollTo(0, 0);
  return working(drawForm);
}

export const choose = (item, finding, moves = true) => working(() => open(item, finding, moves));

async function open(item, finding, moves) {
  view.chosen = item.place;
  view.finding = finding;
  for (const each of $("items").querySelectorAll(".item[data-place]")) {
    const chosen = each.dataset.place === String(item.place);
    chosen ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current");
    if (chosen) each.scrollIntoView({ block: "nearest" });
  }
  const canWrite = BOOK.test(file()) && Boolean(state.made[file()]);
  const found = { item, finding, report: report(), rules: view.rules, canWrite, textAt };
  drawDetail($("detail"), found, { go, step, write, choose, close: closeDetail });
  if (moves && innerWidth <= 900) see("form");
  await drawn();
  if (view.finding === finding) await go(finding.at);
}

// What a cell shows, where the form is drawn: a rate as 22.24%, not as the fraction that it is.
function textAt(at) {
  const { sheet, cell } = split(at);
  const [row, col] = numbers(cell);
  const known = state.drawings[file()]?.sheets?.find((each) => each.title === sheet);
  return known?.cells.find((each) => each[0] === row && each[1] === col)?.[2] ?? "";
}

async function go(at) {
  const { sheet } = split(at);
  const finding = view.finding;
  const known = state.drawings[file()]?.sheets?.some((each) => each.title === sheet && !each.hidden);
  if (known && sheet !== view.sheet) await turnTo(sheet);
  if (view.finding === finding) light($("sheet"), at, (view.finding?.related ?? []).map((each) => each.at));
}

function step(way) {
  const all = state.items.filter((item) => !view.hidden.has(item.severity)).flatMap((item) => item.all.map((finding) => [item, finding]));
  const at = all.findIndex(([, finding]) => finding === view.finding);
  const [item, finding] = all[(at + way + all.length) % all.length];
  return choose(item, finding, false);
}

export function closeDetail() {
  $("detail").hidden = true;
  $("items").querySelector(".item[aria-current]")?.focus();
}

export function see(which) {
  $("work").dataset.view = which;
  for (const each of $("switch").children) each.setAttribute("aria-pressed", String(each.dataset.view === which));
}

async function write(item, text) {
  const name = file();
  const chosen = item.first;
  await busy(["making"], async () => {
    const answer = await ask({ do: "explain", file: state.made[name], name, texts: { [item.place]: text.trim() } });
    if (answer.code === 2) throw refused(answer);
    state.current[name] = answer.made[0];
    await audit();
    state.items = itemsOf(report());
    await drawList();
    const again = state.items.find((each) => each.all.some((finding) => finding.code === chosen.code && finding.at === chosen.at));
    if (again) await choose(again, again.all.find((finding) => finding.code === chosen.code && finding.at === chosen.at), false);
    say("written");
  });
}
