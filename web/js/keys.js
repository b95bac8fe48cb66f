/**
 * Single keys act only while no field has the focus; the browser's own keys are left alone.
 *
 * @typedef {Record<string, () => void>} Keys
 */

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLElement && target.matches("input, select, textarea, [contenteditable]");
}

/** @param {Keys} keys by `KeyboardEvent.key`, letters in lower case */
export function listenToKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const field = isField(event.target);
    if (field && event.key !== "Escape") return;
    const onMap = event.target instanceof HTMLCanvasElement;
    if (onMap && event.key.startsWith("Arrow")) return;
    // A button that has the focus is pressed by Enter, as everywhere.
    const onButton = event.target instanceof HTMLElement && event.target.closest("button:not(.q, .i), a, summary");
    if (onButton && event.key === "Enter") return;
    const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}
