// What the program is asked about the files it has.
import { $ } from "./dom.js";
import { ask } from "./engine.js";
import { refused, state, view } from "./state.js";

export const lastYear = () => `上年_${state.previous.name}`;
export const options = () => ({
  layout: $("layout").value || null,
  variant: $("variant").value || null,
  previous: state.previous ? lastYear() : null,
});

export const asked = () => ({ files: state.files.map(({ name }) => state.current[name]), roles: state.roles, ...options() });
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

// What is found in the files as the program has them now; a drawing stays true, for nothing but notes are written.
export async function audit() {
  const answer = await ask({ do: "check", ...asked() });
  if (!answer.said) throw refused(answer);
  state.text = answer.said;
  state.whole = JSON.parse(answer.said);
  const found = new Map((state.whole.files ?? [state.whole]).map((each) => [nameOf(each.file), each]));
  state.reports = state.files.map(({ name }) => found.get(name) ?? {});
  view.rules = answer.rules;
  state.made = answer.marked;
  state.roles = answer.roles;
  return answer;
}
