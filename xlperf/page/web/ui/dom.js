// Elements are made here, and all text goes in as text: nothing that a file says is ever read as markup.
export const $ = (id) => document.getElementById(id);

export function el(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.className = value;
    else if (key === "text") made.textContent = value;
    else if (key === "on") for (const [kind, action] of Object.entries(value)) made.addEventListener(kind, action);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function letters(column) {
  let text = "";
  for (let left = column; left; left = Math.floor((left - 1) / 26)) text = String.fromCharCode(65 + ((left - 1) % 26)) + text;
  return text;
}

// “AB12” to row and column.
export function numbers(cell) {
  const [, name, row] = /^([A-Z]+)(\d+)$/.exec(cell) ?? ["", "", 0];
  return [Number(row), [...name].reduce((sum, each) => sum * 26 + each.charCodeAt(0) - 64, 0)];
}

// “自评表!G12” and “自评表!G12:H14” to sheet, first cell; a place in a document has no sheet.
export function split(at) {
  const mark = at.lastIndexOf("!");
  if (mark < 0) return { sheet: "", cell: at };
  return { sheet: at.slice(0, mark).replace(/^'(.*)'$/, "$1").replaceAll("''", "'"), cell: at.slice(mark + 1).split(":")[0] };
}

export function save(name, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 30_000);
}
