/** What the console says in words: answers, refusals, and new calls for a screen reader. */

import { ApiError } from "./api.js";
import { current } from "./current.js";
import { byId, el } from "./dom.js";
import { t } from "./i18n.js";
import { fieldText, reasonText } from "./reasons.js";

let sessionOver = () => {};

/** @param {() => void} run what to do when the server says that the session is over */
export function whenSessionOver(run) {
  sessionOver = run;
}

/** @param {string} text */
export function announce(text) {
  byId("announce").textContent = text;
}

/**
 * @param {string} text
 * @param {boolean} [bad]
 */
export function say(text, bad = false) {
  const box = byId("say");
  box.setAttribute("aria-live", bad ? "assertive" : "polite");
  const { view } = current;
  const at = view && bad ? el("span", { class: "t rd" }, view.format.clock(new Date())) : null;
  box.replaceChildren(...(at ? [at] : []), el("span", { class: "el" }, text));
}

/** @param {unknown} error */
export function sayError(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return say(t("failed.offline"), true);
  if (error.status === 401) {
    say(t("failed.session"), true);
    return sessionOver();
  }
  const field = error.field && fieldText(error.field);
  const reason = reasonText(error.message);
  return say(field ? t("failed.field", { field, reason }) : t("failed", { reason }), true);
}
