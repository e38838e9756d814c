// The results of a review, looked through: they were put into this file with it, and nothing is fetched or sent.
import { $, el } from "../ui/dom.js";

const HEIGHT = 34; // of a line, as in the style
const AROUND = 10; // lines drawn above and below those in view
const WAIT = 120; // milliseconds after the last key of a filter
const fits = { amount: 2, score: 2 };
const kept = { views: {}, lists: {}, now: "" };

async function unpacked() {
  const packed = atob($("part-results").textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// A cell is a text, a number, or {text, href}.
const isLink = (value) => value !== null && typeof value === "object";
const plain = (value) => (isLink(value) ? value.text : value ?? "");

function shown(value, format) {
  if (typeof value !== "number") return String(plain(value));
  if (format === "rate") return `${(value * 100).toFixed(2)}%`;
  if (format in fits) return value.toLocaleString("zh-CN", { minimumFractionDigits: fits[format], maximumFractionDigits: 6 });
  return format === "number" ? value.toLocaleString("zh-CN") : String(value);
}

const order = new Intl.Collator("zh-CN", { numeric: true }).compare;

function compared(one, other) {
  const [a, b] = [plain(one), plain(other)];
  if (a === "" || b === "") return (a === "") - (b === ""); // what is missing comes last
  return typeof a === "number" && typeof b === "number" ? a - b : order(String(a), String(b));
}

// A table of which only what is in view is drawn. `columns`: [index in a row, width]; the first is drawn as a tag.
function listOf(name, table, columns, open) {
  const room = el("div", { class: "room", role: "rowgroup" });
  const heads = el("div", { class: "heads", role: "row" });
  const grid = el("div", { class: "grid", role: "grid", tabindex: "0", "aria-label": name }, el("div", { role: "rowgroup", class: "heads-group" }, heads), room);
  const widths = columns.map(([, width]) => width).join(" ");
  heads.style.gridTemplateColumns = widths;
  const state = { rows: table.rows, current: -1, by: -1, down: false, drawn: "" };
  const buttons = columns.map(([at]) => {
    const isFigure = ["amount", "score", "rate", "number"].includes(table.columns[at].format);
    const head = el("span", { role: "columnheader", class: isFigure ? "figure" : null, "aria-sort": "none" }, el("button", { type: "button", tabindex: "-1", text: table.columns[at].heading, on: { click: () => sort(at) } }));
    heads.append(head);
    return head;
  });

  function line(number) {
    const row = state.rows[number];
    const made = el("div", { class: "line", role: "row", id: `${table.key}-${number}`, "aria-rowindex": number + 2, "aria-selected": String(number === state.current) });
    made.style.top = `${number * HEIGHT}px`;
    made.style.gridTemplateColumns = widths;
    columns.forEach(([at], place) => {
      const text = shown(row.cells[at], table.columns[at].format);
      const isFigure = typeof row.cells[at] === "number";
      made.append(el("span", { role: "gridcell", class: isFigure ? "figure" : null, title: text }, place ? text : el("span", { class: `tag ${text}`, text })));
    });
    made.addEventListener("click", () => choose(number));
    return made;
  }

  function draw(anew = false) {
    const first = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - AROUND);
    const last = Math.min(state.rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / HEIGHT) + AROUND);
    if (!anew && state.drawn === `${first} ${last}`) return;
    state.drawn = `${first} ${last}`;
    room.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, place) => line(first + place)));
  }

  function show(rows) {
    Object.assign(state, { rows, current: -1 });
    if (state.by >= 0) rows.sort((one, other) => (state.down ? -1 : 1) * compared(one.cells[state.by], other.cells[state.by]) || one.number - other.number);
    room.style.height = `${rows.length * HEIGHT}px`;
    grid.setAttribute("aria-rowcount", rows.length + 1);
    grid.removeAttribute("aria-activedescendant");
    grid.scrollTop = 0;
    draw(true);
  }

  function sort(at) {
    const isNumber = state.rows.some((row) => typeof row.cells[at] === "number");
    if (state.by === at) state.down = !state.down;
    else Object.assign(state, { by: at, down: isNumber }); // of numbers one wants the largest first
    buttons.forEach((head, place) => head.setAttribute("aria-sort", columns[place][0] === at ? (state.down ? "descending" : "ascending") : "none"));
    show([...state.rows]);
  }

  function choose(number) {
    if (number < 0 || number >= state.rows.length) return;
    state.current = number;
    const top = number * HEIGHT;
    const inView = grid.clientHeight - 2 * HEIGHT;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top > grid.scrollTop + inView) grid.scrollTop = top - inView;
    draw(true);
    grid.setAttribute("aria-activedescendant", `${table.key}-${number}`);
    open(state.rows[number], { step: (by) => choose(number + by) });
  }

  grid.addEventListener("scroll", () => requestAnimationFrame(() => draw()));
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (by === undefined || event.target !== grid) return;
    event.preventDefault();
    choose(Math.min(Math.max(state.current + by, 0), state.rows.length - 1));
  });
  new ResizeObserver(() => draw()).observe(grid);
  return { grid, show, draw: () => draw(true), sort, state };
}

// Filters beside a list: one for text in any cell, and one for each of `chosen`, the columns with few values.
function filtered(name, table, columns, chosen, open) {
  const list = listOf(name, table, columns, open);
  const text = el("input", { type: "search", placeholder: "单位、文件、文字", "aria-label": `${name}：含有的文字` });
  const count = el("span", { class: "count", role: "status" });
  const selects = chosen.map((at) => {
    const counts = new Map();
    for (const row of table.rows) counts.set(plain(row.cells[at]), (counts.get(plain(row.cells[at])) ?? 0) + 1);
    const values = [...counts].filter(([value]) => value !== "").sort((one, other) => other[1] - one[1]);
    const options = values.map(([value, times]) => el("option", { value, text: `${value}（${times}）` }));
    const select = el("select", { on: { change: apply } }, el("option", { value: "", text: "全部" }), ...options);
    return { at, select, label: el("label", {}, table.columns[at].heading, select) };
  });
  const only = el("button", { type: "button", hidden: true, on: { click: () => ofUnit(null) } });
  let unit = null;
  let waiting = 0;
  for (const row of table.rows) row.all = row.cells.map((value) => plain(value)).join("\n").toLowerCase();

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = selects.filter(({ select }) => select.value);
    const rows = table.rows.filter(
      (row) =>
        (unit === null || row.unit === unit) &&
        asked.every(({ at, select }) => plain(row.cells[at]) === select.value) &&
        words.every((word) => row.all.includes(word)),
    );
    list.show(rows);
    count.textContent = `${rows.length} / ${table.rows.length} 行`;
  }

  function ofUnit(id, shownAs = "") {
    unit = id;
    only.hidden = id === null;
    only.textContent = `只看 ${shownAs} ×`;
    apply();
  }

  function pick(at, value) {
    text.value = "";
    for (const each of selects) each.select.value = each.at === at ? value : "";
    ofUnit(null);
  }

  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, WAIT);
  });
  const bar = el("div", { class: "filters" }, el("label", {}, "筛选", text), ...selects.map(({ label }) => label), only, count);
  if (table.cut) bar.append(el("span", { class: "soft", text: table.cut }));
  return { view: el("section", { class: "view" }, bar, list.grid), list, apply, ofUnit, pick };
}

// What is known of a row, beside the list

const section = (title, ...children) => el("div", {}, el("h4", { text: title }), ...children);

function valueOf(value, format) {
  const text = shown(value, format);
  return isLink(value) && value.href ? el("a", { href: value.href, target: "_blank", rel: "noopener", text }) : text;
}

function factsOf(table, row, left = []) {
  const list = el("dl", {});
  table.columns.forEach(({ heading, format }, at) => {
    if (row.cells[at] === "" || row.cells[at] === null || left.includes(heading)) return;
    list.append(el("dt", { text: heading }), el("dd", {}, valueOf(row.cells[at], format)));
  });
  return list;
}

function tell(title, tag, act, ...children) {
  const detail = $("detail");
  const top = el(
    "div",
    { class: "top" },
    tag ? el("span", { class: `tag ${tag}`, text: tag }) : null,
    el("h3", { text: title }),
    el("button", { type: "button", text: "‹ 上一条", on: { click: () => act.step(-1) } }),
    el("button", { type: "button", text: "下一条 ›", on: { click: () => act.step(1) } }),
    el("button", { type: "button", "aria-label": "关闭", text: "×", on: { click: hide } }),
  );
  detail.replaceChildren(top, ...children.filter(Boolean));
  detail.hidden = false;
}

function hide() {
  $("detail").hidden = true;
  kept.lists[kept.now]?.list.grid.focus();
}

function tellUnit(results, row, act) {
  const at = results.units.at;
  const own = results.findings.byUnit.get(row.unit) ?? 0;
  const go = () => {
    kept.lists.findings.pick(-1, "");
    kept.lists.findings.ofUnit(row.unit, plain(row.cells[at["单位"]]));
    open("findings");
  };
  const button = el("button", { type: "button", class: "main", text: `看它的 ${own} 个问题`, on: { click: go } });
  const facts = el("div", { class: "facts of-unit" }, factsOf(results.units, row, ["单位", "状态"]));
  tell(plain(row.cells[at["单位"]]), plain(row.cells[at["状态"]]), act, own ? el("p", { class: "said" }, button) : null, facts);
}

function tellFinding(results, row, act) {
  const table = results.findings;
  const cell = (heading) => row.cells[table.at[heading]];
  const rule = results.rules[plain(cell("代码"))] ?? {};
  const figure = (title, kind) =>
    plain(cell(title)) === "" ? null : el("div", { class: `figure ${kind}` }, el("span", { text: title }), el("b", { text: shown(cell(title)) }));
  const facts = el(
    "div",
    { class: "facts" },
    el("div", {}, el("div", { class: "figures" }, figure("填报数", ""), figure("应为", "expected"))),
    section("位置", el("p", {}, valueOf(cell("位置")), "　", valueOf(cell("文件")))),
    rule.remedy ? section("怎样改", el("p", { text: rule.remedy })) : null,
    rule.why ? section("为什么", el("p", { text: rule.why })) : null,
    rule.cites?.length ? section("依据", ...rule.cites.map((text) => el("p", { text }))) : null,
    plain(cell("审核说明")) ? section("审核说明", el("p", { text: plain(cell("审核说明")) })) : null,
    factsOf(table, row, ["级别", "位置", "文件", "说明", "填报数", "应为", "审核说明", "问题"]),
  );
  tell(plain(cell("问题")), plain(cell("级别")), act, el("p", { class: "said", text: plain(cell("说明")) }), facts);
}

function tellOther(table, row, act) {
  tell(String(plain(row.cells[1])), String(plain(row.cells[0])), act, el("div", { class: "facts" }, factsOf(table, row)));
}

// The first view

function bars(title, rows, act = null) {
  const most = Math.max(...rows.map(([, count]) => count), 1);
  const drawn = rows.map(([name, count]) => {
    const bar = el("i", {});
    bar.style.width = `${(count / most) * 100}%`;
    const parts = [el("span", { text: name, title: name }), el("span", {}, bar), el("b", { text: count.toLocaleString("zh-CN") })];
    return act ? el("button", { type: "button", on: { click: () => act(name) } }, ...parts) : el("div", {}, ...parts);
  });
  return el("section", { class: "card" }, el("h3", { text: title }), el("div", { class: "bars" }, ...drawn));
}

function overview(results) {
  const { units, findings } = kept.lists;
  const go = (name, list, at) => (value) => {
    list.pick(at, value);
    open(name);
  };
  const statuses = new Map();
  const status = results.units.at["状态"];
  for (const row of results.units.rows) statuses.set(row.cells[status], (statuses.get(row.cells[status]) ?? 0) + 1);
  const totals = el("dl", {});
  for (const [name, count] of results.totals) totals.append(el("dt", { text: name }), el("dd", { text: count.toLocaleString("zh-CN") }));
  const acts = { rules: go("findings", findings, results.findings.at["问题"]) };
  return el(
    "section",
    { class: "overview" },
    bars("单位的状态", [...statuses].sort((one, other) => other[1] - one[1]), go("units", units, status)),
    ...results.charts.map(({ title, rows, leads }) => bars(title, rows, acts[leads] ?? null)),
    el("section", { class: "card facts" }, el("h3", { text: "合计" }), totals),
  );
}

// Views

function open(name) {
  kept.now = name;
  $("detail").hidden = true;
  for (const tab of $("tabs").children) tab.setAttribute("aria-selected", String(tab.dataset.view === name));
  for (const [key, { view }] of Object.entries(kept.views)) view.hidden = key !== name;
  kept.lists[name]?.list.draw();
}

function begin(results) {
  for (const key of ["units", "findings", "across", "unread"]) {
    const table = results[key];
    table.key = key;
    table.at = Object.fromEntries(table.columns.map(({ heading }, at) => [heading, at]));
    table.rows = table.rows.map(([unit, ...cells], number) => ({ unit, cells, number }));
  }
  results.findings.byUnit = new Map();
  for (const { unit } of results.findings.rows) results.findings.byUnit.set(unit, (results.findings.byUnit.get(unit) ?? 0) + 1);
  const of = (key, widths) => Object.entries(widths).map(([heading, width]) => [results[key].at[heading], width]);
  const made = (title, key, widths, chosen, tellIt) => {
    const list = filtered(title, results[key], of(key, widths), chosen.map((heading) => results[key].at[heading]), (row, act) => tellIt(results, row, act));
    kept.lists[key] = list;
    kept.views[key] = { title: `${title} ${results[key].rows.length}`, view: list.view };
  };
  const views = { ...UNITS, ...FINDINGS };
  kept.views.overview = { title: "总览", view: null };
  made("单位清单", "units", views.units, ["状态", "年度", "等级", "式样"], tellUnit);
  made("问题清单", "findings", views.findings, ["级别", "办理", "问题"], tellFinding);
  made("单位之间", "across", { 级别: "70px", 比什么: "130px", 单位: "320px", 说明: "minmax(500px, 1fr)" }, ["级别", "比什么"], (all, row, act) => tellOther(all.across, row, act));
  made("未能读取", "unread", { 处理: "110px", 文件: "460px", 原因: "minmax(500px, 1fr)" }, ["处理"], (all, row, act) => tellOther(all.unread, row, act));
  kept.views.overview.view = overview(results);
  for (const [name, { title, view }] of Object.entries(kept.views)) {
    $("tabs").append(el("button", { type: "button", role: "tab", id: `tab-${name}`, "data-view": name, text: title, on: { click: () => open(name) } }));
    view.id = `view-${name}`;
    $("views").append(view);
  }
  for (const list of Object.values(kept.lists)) list.apply();
  $("status").textContent = results.status;
  $("version").textContent = `xlperf ${results.version}`;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("detail").hidden) hide();
  });
  open("overview");
  document.documentElement.dataset.ready = "true";
}

const UNITS = {
  units: {
    ...{ 状态: "100px", 单位: "minmax(200px, 1fr)", 年度: "60px", 表: "220px", 总分: "76px", 等级: "60px", 执行率: "86px" },
    ...{ 全年预算数: "120px", 错误: "60px", 核实: "60px", "待改正（件）": "100px", "待说明（件）": "100px", 文件: "260px" },
  },
};
const FINDINGS = {
  findings: { 级别: "70px", 单位: "180px", 年度: "60px", 办理: "80px", 位置: "150px", 问题: "220px", 填报数: "110px", 应为: "110px", 说明: "minmax(420px, 1fr)" },
};

if (document.documentElement.className === "fits")
  unpacked().then(begin, (error) => {
    $("status").textContent = `这个网页打不开（${error}），文件可能没有拷贝完整。请重新取得，或看汇总工作簿。`;
  });
