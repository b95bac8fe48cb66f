/** Which key does what on the console. */

import { actions } from "./actions.js";
import { current, selectedCall, update } from "./current.js";
import { byId } from "./dom.js";
import { listenToKeys } from "./keys.js";
import { closeMenu, otherLanguage, otherTheme } from "./layout.js";
import { callOrder } from "./panels/calls.js";
import { incidentOrder } from "./panels/incidents.js";
import { REPLY_KEYS } from "./panels/question.js";

/** @param {number} step */
function move(step) {
  const { view } = current;
  if (!view) return;
  const kind = view.selection?.kind ?? "call";
  const order = kind === "call" ? callOrder() : incidentOrder();
  const at = order.indexOf(view.selection?.id ?? "");
  const id = order[at < 0 ? (step > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + step))];
  if (!id) return;
  actions.select({ kind, id });
  delete byId("console").dataset.open;
  const row = document.querySelector(`[data-${kind}="${CSS.escape(id)}"]`);
  if (row instanceof HTMLElement) row.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** Left and right change between the list of calls and the list of incidents. */
function swap() {
  const { view } = current;
  if (!view) return;
  const toCalls = view.selection?.kind === "incident";
  const id = (toCalls ? callOrder() : incidentOrder())[0];
  if (id) actions.select({ kind: toCalls ? "call" : "incident", id });
}

/** Escape leaves the innermost thing that is open. */
function leave() {
  if (closeMenu()) return;
  const filter = /** @type {HTMLInputElement} */ (byId("filter"));
  if (current.view?.form) return actions.form(null);
  if (filter.value || document.activeElement === filter) {
    filter.value = "";
    filter.blur();
    return update({ filter: "" });
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  return actions.back();
}

export function listenToShortcuts() {
  const call = (/** @type {() => void} */ run) => () => selectedCall() && run();
  listenToKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    ArrowRight: swap,
    ArrowLeft: swap,
    Enter: () => actions.show(),
    Escape: leave,
    "/": () => byId("filter").focus(),
    a: () => actions.answer(),
    p: () => actions.prank(),
    j: call(() => !selectedCall()?.incident_id && actions.form("open")),
    e: call(() => actions.form("edit")),
    o: call(() => actions.form("place")),
    // Also after the end: then the link is there to find who hung up.
    s: call(() => actions.form("share")),
    x: () => current.view?.selection && actions.form("close"),
    ...Object.fromEntries(REPLY_KEYS.map(([key, reply]) => [key.toLowerCase(), () => actions.reply(reply)])),
    f: () => current.map?.fit(),
    i: () => void otherLanguage(),
    c: otherTheme,
  });
}
