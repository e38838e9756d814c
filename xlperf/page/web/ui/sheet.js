// Draws what the program read: a sheet as people know it, or a document's paragraphs and tables.
import { el, letters, split } from "./dom.js";
import { inTurns } from "./turns.js";
import { word } from "./words.js";

const RANK = { error: 0, warning: 1, info: 2 };

// Per place the findings, the gravest first.
export function marksOf(findings) {
  const marks = new Map();
  for (const finding of findings) {
    const { sheet, cell } = split(finding.at);
    const place = sheet ? `${sheet}!${cell}` : cell;
    marks.set(place, [...(marks.get(place) ?? []), finding].sort((a, b) => RANK[a.severity] - RANK[b.severity]));
  }
  return marks;
}

export async function drawSheet(target, sheet, looks, marks, choose) {
  const hiddenRows = new Set(sheet.hidden_rows);
  const columns = [];
  const hiddenCols = new Set(sheet.hidden_cols);
  for (let col = 1; col <= sheet.cols; col++) if (!hiddenCols.has(col)) columns.push(col);
  const widths = columns.map((col) => Math.max(18, Math.round(sheet.widths[col - 1] * 7.6 + 5)));
  const table = el("table", { class: "drawn", lang: "zh-CN", "aria-label": sheet.title });
  table.style.width = `${widths.reduce((a, b) => a + b, 34)}px`;
  const group = el("colgroup", {}, ...[34, ...widths].map((width) => sized(el("col"), width)));
  const heads = columns.map((col) => el("th", { scope: "col", text: letters(col) }));
  const body = el("tbody");
  table.append(group, el("thead", {}, el("tr", {}, el("td"), ...heads)), body);
  target.replaceChildren(table);
  const { spans, covered } = merged(sheet.merges, hiddenRows, hiddenCols);
  const cells = new Map(sheet.cells.map((cell) => [cell[0] * 1000 + cell[1], cell]));
  const rows = sheet.heights.map((_, at) => at + 1).filter((row) => !hiddenRows.has(row));
  const isWhole = await inTurns(target, rows, (row) => {
    const line = el("tr", {}, el("th", { scope: "row", text: row }));
    line.style.height = `${Math.round(sheet.heights[row - 1] * 1.34)}px`;
    for (const col of columns) {
      const place = row * 1000 + col;
      if (!covered.has(place)) line.append(drawCell(sheet, cells.get(place), row, col, spans.get(place), looks, marks, choose));
    }
    body.append(line);
  });
  if (isWhole && sheet.cut) target.append(el("p", { class: "cut", text: word("cut", sheet.rows, sheet.cols) }));
}

function sized(column, width) {
  column.style.width = `${width}px`;
  return column;
}

function merged(merges, hiddenRows, hiddenCols) {
  const spans = new Map();
  const covered = new Set();
  for (const [top, left, bottom, right] of merges) {
    let rows = 0;
    let cols = 0;
    for (let row = top; row <= bottom; row++) if (!hiddenRows.has(row)) rows++;
    for (let col = left; col <= right; col++) if (!hiddenCols.has(col)) cols++;
    spans.set(top * 1000 + left, [rows, cols]);
    for (let row = top; row <= bottom; row++)
      for (let col = left; col <= right; col++) if (row !== top || col !== left) covered.add(row * 1000 + col);
  }
  return { spans, covered };
}

function drawCell(sheet, cell, row, col, span, looks, marks, choose) {
  const at = `${sheet.title}!${letters(col)}${row}`;
  const made = el("td", { "data-at": at, rowspan: span?.[0] > 1 && span[0], colspan: span?.[1] > 1 && span[1] });
  const look = cell ? looks[cell[3]] : {};
  dress(made.style, look);
  fillIn(made, cell?.[2] ?? "", marks.get(at), `${letters(col)}${row}`, choose);
  return made;
}

function fillIn(made, text, found, name, choose) {
  if (!found) {
    made.textContent = text;
    return;
  }
  made.classList.add(found[0].severity);
  const told = found.map((each) => each.message).join("\n");
  made.append(
    el("button", {
      type: "button",
      class: "hit",
      text: text || "\u00a0",
      title: told,
      "aria-label": `${name} ${word(found[0].severity)}：${text}`,
      on: { click: () => choose(found[0]) },
    }),
  );
}

function dress(style, look) {
  if (look.bold) style.fontWeight = "700";
  if (look.size && Math.abs(look.size - 11) > 1) style.fontSize = `${Math.min(30, look.size * 1.18)}px`;
  if (look.color) style.color = look.color;
  if (look.fill) style.backgroundColor = look.fill;
  if (look.align) style.textAlign = look.align;
  if (look.vertical) style.verticalAlign = look.vertical;
  const line = "#8d99a5";
  if (look.border?.includes("l")) style.borderLeftColor = line;
  if (look.border?.includes("r")) style.borderRightColor = line;
  if (look.border?.includes("t")) style.borderTopColor = line;
  if (look.border?.includes("b")) style.borderBottomColor = line;
}

export async function drawBlocks(target, blocks, marks, choose) {
  const holder = el("div", { class: "blocks", lang: "zh-CN" });
  target.replaceChildren(holder);
  await inTurns(target, blocks, (block) => holder.append(block.cells ? drawTable(block, marks, choose) : drawParagraph(block, marks, choose)));
}

const found = (marks, place) => marks.get(place) ?? [...marks].find(([at]) => at.endsWith(` ${place}`))?.[1];

function drawParagraph(block, marks, choose) {
  const made = el("p", { "data-at": block.place });
  fillIn(made, block.text, found(marks, block.place), block.place, choose);
  return made;
}

function drawTable(block, marks, choose) {
  const rows = new Map();
  for (const [row, , rowspan, colspan, text, place] of block.cells) {
    const at = `${block.place} ${place}`;
    const made = el("td", { "data-at": at, rowspan: rowspan > 1 && rowspan, colspan: colspan > 1 && colspan });
    fillIn(made, text, found(marks, at), place, choose);
    rows.set(row, [...(rows.get(row) ?? []), made]);
  }
  const lines = [...rows].sort((a, b) => a[0] - b[0]).map(([, cells]) => el("tr", {}, ...cells));
  return el("table", { class: "drawn", "aria-label": block.place }, el("tbody", {}, ...lines));
}

// Shows the cell of a finding and those it rests on.
export function light(target, at, operands) {
  for (const each of target.querySelectorAll(".now, .operand")) each.classList.remove("now", "operand");
  const by = new Map([...target.querySelectorAll("[data-at]")].map((each) => [each.dataset.at, each]));
  const find = (place) => {
    const { sheet, cell } = split(place);
    return by.get(sheet ? `${sheet}!${cell}` : cell) ?? [...by].find(([known]) => place.endsWith(known))?.[1];
  };
  for (const each of operands) find(each)?.classList.add("operand");
  const cell = find(at);
  cell?.classList.add("now");
  cell?.scrollIntoView({ block: "center", inline: "nearest" });
}
