// What is known of one finding: stated, expected, the cells it rests on, why, what to do, on whose authority.
import { el } from "./dom.js";
import { titleOf } from "./findings.js";
import { isEnglish, word } from "./words.js";

const shown = (value) => (value === null || value === undefined || value === "" ? `（${word("blank")}）` : value);

function section(title, ...children) {
  const kept = children.filter(Boolean);
  return kept.length ? el("div", {}, el("h4", { text: title }), ...kept) : null;
}

function expectedOf(item, finding, report) {
  if (finding.fix && finding.fix.at === finding.at) return finding.fix.value;
  if (finding.expected) return finding.expected;
  const group = item.group && report.groups.find((each) => each.group === item.group);
  const suspect = group?.suspects[0]?.cells.find((cell) => cell.at === finding.at);
  return group?.tied === 1 ? suspect?.value : null;
}

export function drawDetail(target, { item, finding, report, rules, canWrite, textAt }, act) {
  const rule = rules[finding.code] ?? {};
  const expected = expectedOf(item, finding, report);
  const number = item.all.indexOf(finding);
  const go = (at, value = "") =>
    el("button", { type: "button", on: { click: () => act.go(at) } }, at, value ? el("b", { text: value }) : null);
  const top = el(
    "div",
    { class: "top" },
    el("span", { class: `tag ${finding.severity}`, text: word(finding.severity) }),
    el("h3", { text: titleOf(finding.code, rules) }),
    el("button", { type: "button", text: `‹ ${word("before")}`, on: { click: () => act.step(-1) } }),
    el("button", { type: "button", text: `${word("next")} ›`, on: { click: () => act.step(1) } }),
    el("button", { type: "button", "aria-label": word("close"), text: "×", on: { click: act.close } }),
  );
  const places = item.all.map((each) => go(each.at));
  places.forEach((place, at) => place.addEventListener("click", () => act.choose(item, item.all[at])));
  const figures = el(
    "div",
    { class: "figures" },
    el("div", { class: "figure" }, el("span", { text: word("stated") }), el("b", { text: shown(textAt(finding.at) || finding.stated) })),
    expected ? el("div", { class: "figure expected" }, el("span", { text: word("expected") }), el("b", { text: expected })) : null,
  );
  const operands = finding.related.map((each) => go(each.at, shown(textAt(each.at) || each.value)));
  const causes = (finding.causes ?? []).map((each) => el("p", { text: each.text }));
  const facts = el(
    "div",
    { class: "facts" },
    el("div", {}, figures),
    section(item.all.length > 1 ? word("several", item.all.length, number + 1) : word("place"), el("div", { class: "cells" }, ...places)),
    operands.length ? section(word("operands"), el("div", { class: "cells" }, ...operands)) : null,
    causes.length ? section(word("cause"), ...causes) : null,
    rule.why ? section(word("why"), el("p", { text: rule.why })) : null,
    rule.remedy ? section(word("remedy"), el("p", { text: rule.remedy })) : null,
    rule.cites?.length ? section(word("basis"), ...rule.cites.map((text) => el("p", { text }))) : null,
  );
  if (canWrite && finding.severity === "warning") facts.children[1].after(writing(item, act));
  else if (canWrite) facts.append(writing(item, act));
  target.replaceChildren(top, el("p", { class: "said", text: finding.message }), facts);
  if (isEnglish()) target.querySelectorAll("p").forEach((each) => each.setAttribute("lang", "zh-CN"));
  target.hidden = false;
}

function writing(item, act) {
  const field = el("textarea", { id: "explanation", maxlength: "2000", "aria-describedby": "explanation-note" });
  field.value = item.explanation ?? "";
  const button = el("button", { type: "button", class: "main", text: word("write"), on: { click: () => act.write(item, field.value) } });
  return el(
    "div",
    { class: "wide" },
    el("h4", {}, el("label", { for: "explanation", text: word("explanation") })),
    field,
    el("div", { class: "row" }, button, el("span", { id: "explanation-note", class: "soft", text: word("explanationOnly") })),
  );
}
