// Work by turns: some of it, then the browser's, so that the page answers and is drawn meanwhile.

// Lets the browser answer before the next piece of work; where nobody sees the page, it would be held up by seconds.
export const breathe = () => (document.hidden ? Promise.resolve() : new Promise((resume) => setTimeout(resume)));

// Lets the browser draw what there is.
export const drawn = () =>
  document.hidden
    ? Promise.resolve()
    : new Promise((resume) => {
        const late = setTimeout(resume, 100); // it may be hidden meanwhile
        requestAnimationFrame(() => (clearTimeout(late), setTimeout(resume)));
      });

const AT_ONCE = 1.5; // milliseconds of making elements: to lay them out and to paint them takes six times as long

// Does something with each, a little at a time; false where meanwhile something else is to be drawn there.
const turns = new WeakMap();
export async function inTurns(target, all, make) {
  const mine = {};
  turns.set(target, mine);
  let began = performance.now();
  for (const each of all) {
    make(each);
    if (performance.now() - began < AT_ONCE) continue;
    await drawn();
    if (turns.get(target) !== mine) return false;
    began = performance.now();
  }
  return true;
}
