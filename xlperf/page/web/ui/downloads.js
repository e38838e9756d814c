// What can be taken away: copies of the workbook, and a blank form.
import { $, el, save } from "./dom.js";
import { asked, options } from "./asking.js";
import { ask, call } from "./engine.js";
import { BOOK, file } from "./results.js";
import { busy, notice, refused, say, state } from "./state.js";
import { word } from "./words.js";

const DOWNLOADS = ["mark", "fill", "final", "report", "letter", "list", "clear", "roll"];
const OF_MARKED = ["mark", "list"]; // beside the workbook that they are held against, others are not marked

function downloads() {
  const name = file();
  if (BOOK.test(name)) return DOWNLOADS.filter((each) => state.made[name] || !OF_MARKED.includes(each));
  return [...(state.made[name] ? ["mark"] : []), ...(state.items.length ? ["letter"] : []), "import"];
}

async function download(what) {
  const name = file();
  const now = state.current[name];
  await busy(["making"], async () => {
    let made = state.made[name];
    if (what !== "mark") {
      const question = { list: { do: "findings", file: made }, import: { do: "import", files: [now] }, letter: { ...asked(), do: "letter", file: now } }[what];
      const answer = await ask(question ?? { do: what, file: now, variant: options().variant });
      if (answer.code === 2 && !answer.made.length) throw refused(answer);
      made = answer.made[0];
      if (answer.told && what !== "letter") notice(answer.told, true);
    }
    const { bytes } = await call("take", { name: made });
    const base = made.slice(made.lastIndexOf("/") + 1);
    const saved = what === "mark" && base === name ? base.replace(/(\.\w+)$/, "_审核$1") : base;
    save(saved, bytes);
    say("saved", saved);
  });
}

export async function makeNew() {
  const year = $("year").value.trim();
  if (year && !/^\d{4}$/.test(year)) return notice(word("yearWrong"));
  await busy(["making"], async () => {
    const asked = { do: "new", template: $("form").value || null, year: year ? Number(year) : null, unit: $("unit").value.trim() || null };
    await call("put", { files: [] });
    const answer = await ask(asked);
    if (answer.code === 2) throw refused(answer);
    const { bytes } = await call("take", { name: answer.made[0] });
    save("自评.xlsx", bytes);
    if (answer.told) notice(answer.told, true);
    say("saved", "自评.xlsx");
  });
}

function drawMenu() {
  const list = $("downloads-list");
  const made = downloads().map((what) =>
    el("li", {}, el("button", { type: "button", on: { click: () => (openMenu(false), download(what)) } }, el("b", { text: word(what) }), el("span", { text: word(`${what}Told`) }))),
  );
  list.replaceChildren(...made);
}

export function openMenu(opens) {
  if (opens) drawMenu();
  $("downloads-list").hidden = !opens;
  $("downloads-open").setAttribute("aria-expanded", String(opens));
  if (opens) $("downloads-list").querySelector("button")?.focus();
}
