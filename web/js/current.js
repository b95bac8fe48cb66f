/**
 * What the console shows now, and how a change of it comes onto the screen.
 *
 * @typedef {import("./map.js").CallMap} CallMap
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").View} View
 */

/** Nothing before the log-in; the map stays null where the browser cannot draw one. */
export const current = /** @type {{ view: View | null, map: CallMap | null }} */ ({ view: null, map: null });

let draw = () => {};
let pending = false;

/** @param {() => void} run draws everything from `current` */
export function drawWith(run) {
  draw = run;
}

/** Draws at once, for what the next key already needs. */
export function render() {
  draw();
}

/** @param {Partial<View>} change */
export function update(change) {
  if (!current.view) return;
  current.view = { ...current.view, ...change };
  if (pending) return;
  pending = true;
  // Many events in one frame are one drawing.
  requestAnimationFrame(() => {
    pending = false;
    draw();
  });
}

/** @returns {Call | undefined} */
export function selectedCall() {
  const { view } = current;
  return view?.selection?.kind === "call" ? view.state.calls.get(view.selection.id) : undefined;
}
