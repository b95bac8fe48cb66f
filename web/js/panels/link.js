/**
 * The link that a caller opens to share the position: sent from here, and how far it is.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Given} Given
 * @typedef {import("../types.js").Link} Link
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { el } from "../dom.js";
import { has, t } from "../i18n.js";
import { secondsSince, timer } from "../timers.js";
import { frame } from "./forms.js";

const WAYS = ["sms", "whatsapp", "none"];
/** Nothing more comes through a link in these states. */
const OVER = new Set(["closed", "expired"]);
/** The call taker has to do something about these. */
const STUCK = new Set(["send_failed", "denied", "unavailable", "timed_out"]);

/** @param {Link} link */
export function linkStateOf(link) {
  return !OVER.has(link.state) && secondsSince(link.expires_at) > 0 ? "expired" : link.state;
}

/**
 * Whether the call taker waits for the link, or still has to give it to the caller.
 *
 * @param {Call} call
 * @param {View} view
 */
export function linkIsLive(call, view) {
  const first = call.links?.[0];
  if (!first) return false;
  return view.given?.link_id === first.link_id || !["shared", "closed", "expired"].includes(linkStateOf(first));
}

/**
 * @param {Call} call
 * @param {View} view
 * @param {Actions} actions
 */
export function linkSection(call, view, actions) {
  const links = call.links ?? [];
  if (!links.length) return null;
  const rows = links.slice(0, 3).map((link, index) => linkRow(link, view, index === 0 ? actions : null));
  return el("div", { class: "sec links" }, el("h3", {}, t("link.title")), ...rows);
}

/**
 * @param {Link} link
 * @param {View} view
 * @param {Actions | null} actions of older links only the state is told
 */
function linkRow(link, view, actions) {
  const state = linkStateOf(link);
  const word = has(`linkstate.${state}`) ? t(`linkstate.${state}`) : state;
  const until = view.format.minute(new Date(link.expires_at));
  const about = [
    t(`link.via.${link.via}`),
    link.number,
    OVER.has(state) ? "" : t("link.until", { at: until, zone: view.format.zone }),
  ];
  const row = el(
    "div",
    { class: "lk", "data-state": state },
    el("b", { class: STUCK.has(state) ? "am" : null }, word),
    el("span", { class: "m el" }, about.filter(Boolean).join(" · ")),
    el("span", { class: "sp" }),
    timer(link.last_seen_at ?? link.created_at, view.format),
  );
  const parts = [row];
  const given = actions && view.given?.link_id === link.link_id ? view.given : null;
  const alone = given && state === "made" && link.via === "sms" && link.gateway === "none";
  const hint = alone ? t("linkhint.alone") : has(`linkhint.${state}`) ? t(`linkhint.${state}`) : "";
  if (hint) parts.push(el("p", { class: STUCK.has(state) ? "warn" : "plain" }, hint));
  if (link.openers > 1) parts.push(el("p", { class: "warn", role: "alert" }, t("link.openers", { n: link.openers })));
  const buttons = given ? copyButtons(given, parts) : [];
  if (actions) parts.push(el("div", { class: "a" }, ...buttons, ...linkButtons(link, state, actions)));
  return el("div", { class: "lks" }, ...parts);
}

/**
 * The address is shown once, to who made the link.
 *
 * @param {Given} given
 * @param {HTMLElement[]} parts gets the text
 */
function copyButtons(given, parts) {
  const field = el("textarea", { class: "in copy", readonly: true, rows: 3, "aria-label": t("link.text") });
  field.value = given.text;
  field.addEventListener("focus", () => field.select());
  parts.push(field);
  const copy = el("button", { class: "act mini", type: "button" }, t("link.copy"));
  copy.addEventListener("click", () => {
    field.select();
    // The clipboard needs a secure page; elsewhere the selected text is copied by hand.
    void navigator.clipboard?.writeText(given.text);
  });
  const href = given.whatsapp_url;
  if (!href) return [copy];
  return [copy, el("a", { class: "act mini", href, target: "_blank", rel: "noreferrer" }, t("link.whatsapp"))];
}

/**
 * @param {Link} link
 * @param {string} state
 * @param {Actions} actions
 */
function linkButtons(link, state, actions) {
  if (state === "closed") return [];
  const renew = el("button", { class: "act mini", type: "button" }, t("link.renew"));
  renew.addEventListener("click", () => actions.renewShare(link.link_id));
  if (state === "expired") return [renew];
  const close = el("button", { class: "act mini", type: "button" }, t("link.close"));
  close.addEventListener("click", () => actions.closeShare(link.link_id));
  return [renew, close];
}

/**
 * @param {Call} call
 * @param {Actions} actions
 */
export function shareForm(call, actions) {
  const number = el("input", {
    class: "in",
    name: "number",
    id: "form-number",
    type: "tel",
    autocomplete: "off",
    maxlength: 32,
  });
  number.value = call.number ?? "";
  const pick = el("div", { class: "pick", role: "radiogroup", "aria-label": t("link.via") });
  WAYS.forEach((way, index) => {
    const input = el("input", { type: "radio", name: "via", value: way, checked: index === 0 });
    pick.append(el("label", {}, input, t(`link.via.${way}`)));
  });
  const fields = [
    el("label", { for: "form-number" }, t("link.number")),
    number,
    el("span", { class: "lab" }, t("link.via")),
    pick,
  ];
  return frame(
    t("act.share.long"),
    fields,
    actions,
    (data) => {
      const via = String(data.get("via") ?? "sms");
      const to = String(data.get("number") ?? "").trim();
      if (via !== "none" && !to) return actions.refuse(t("missing.number"));
      return actions.share({ via, number: to });
    },
    t("form.send"),
  );
}
