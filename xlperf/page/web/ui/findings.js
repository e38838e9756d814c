// The list of items: grouped as the reader wants it, each with what it is, where, and how it stands.
import { el, split } from "./dom.js";
import { inTurns } from "./turns.js";
import { isEnglish, word } from "./words.js";

export const SEVERITIES = ["error", "warning", "info"];
export const GROUPINGS = ["byCause", "bySeverity", "bySheet"];
const SIGN = { error: "✗", warning: "?", info: "·" };

// An item of the report as the page keeps it: its findings, the gravest first to be shown.
export function itemsOf(report) {
  return (report.items ?? []).map((item, place) => {
    const findings = item.findings.map((number) => report.findings[number]);
    const severity = SEVERITIES.find((each) => findings.some((finding) => finding.severity === each));
    return { ...item, place, all: findings, severity, first: findings[0] };
  });
}

export const titleOf = (code, rules) => (isEnglish() ? rules[code]?.english : rules[code]?.title) ?? code;

const GROUP_OF = {
  byCause: (item) => word(item.standing === "info" ? "info" : item.standing),
  bySeverity: (item) => word(item.severity),
  bySheet: (item) => split(item.at[0]).sheet || word("sheet"),
};

function grouped(items, view) {
  const groups = new Map();
  for (const item of items) {
    if (view.hidden.has(item.severity)) continue;
    const name = GROUP_OF[view.grouping](item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return groups;
}

const heading = (name, count) => el("h3", {}, el("span", { text: name }), el("span", { text: count }));

// The items, and behind them what else is said of the file and of all files together.
export async function drawItems(target, items, { report, whole, view }, choose) {
  const making = [];
  for (const [name, members] of grouped(items, view)) {
    making.push(() => heading(name, members.length), ...members.map((item) => () => drawItem(item, view, choose)));
  }
  for (const [title, lines] of others(report, whole)) {
    if (lines.length) making.push(() => heading(title, lines.length), ...lines.map(([at, text]) => () => el("div", { class: "item" }, el("span", { class: "head", text: at }), el("div", { class: "said", text }))));
  }
  target.replaceChildren();
  await inTurns(target, making, (make) => target.append(make()));
}

function drawItem(item, view, choose) {
  const explained = item.standing === "explained";
  const tag = explained ? word("explained") : `${SIGN[item.severity]} ${word(item.severity)}`;
  const many = item.at.length > 1 ? ` +${item.at.length - 1}` : "";
  return el(
    "button",
    {
      type: "button",
      class: `item ${item.severity}`,
      "data-place": item.place,
      "aria-current": view.chosen === item.place && "true",
      on: { click: () => choose(item, item.first) },
    },
    el("span", { class: "head" }, el("b", { text: titleOf(item.first.code, view.rules) }), el("span", { class: `tag ${explained ? "explained" : item.severity}`, text: tag })),
    el("span", { class: "said", text: item.text }),
    el("span", { class: "head", text: `${item.at[0]}${many}` }),
  );
}

const others = (report, whole) => [
  [word("between"), (whole.between ?? []).map((each) => [`${each.file} ${each.at}`, each.message])],
  [word("against"), (whole.against ?? []).map((each) => [[each.place, each.at].filter(Boolean).join("　"), each.message])],
  [word("notCompared"), (whole.not_compared ?? []).map((text) => ["", text])],
  [word("unread"), (report.unread ?? []).map((each) => [each.place, `${each.text}（${each.reason}）`])],
];

export function drawSummary(target, items, report, whole, view, redraw) {
  const buttons = SEVERITIES.map((severity) =>
    el(
      "button",
      {
        type: "button",
        class: severity,
        "aria-pressed": String(!view.hidden.has(severity)),
        on: {
          click: () => {
            if (!view.hidden.delete(severity)) view.hidden.add(severity);
            redraw();
          },
        },
      },
      el("b", { text: report.counts?.[severity] ?? 0 }),
      el("span", { text: word(severity) }),
    ),
  );
  const count = (...kinds) => items.filter((item) => kinds.includes(item.standing)).length;
  const [correct, open, settled] = [count("to_correct"), count("to_explain", "changed"), count("explained")];
  const lines = [el("p", { text: word("standing", correct, open, settled) })];
  if (!correct && !open && report.findings) lines.unshift(el("p", { class: "good", text: word("clean") }));
  const ledger = report.ledger ?? whole.ledger;
  if (ledger) lines.push(el("p", { text: word("compared", ledger.compared, ledger.not_compared) }));
  target.replaceChildren(...buttons, ...lines);
}
