/**
 * All positions of a call: the one in use with the reason, the others beside it, what contradicts, what was refused.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Fix} Fix
 * @typedef {import("../types.js").View} View
 */

import { el } from "../dom.js";
import { has, t } from "../i18n.js";
import { fieldText, reasonText } from "../reasons.js";
import { timer } from "../timers.js";
import { extentOf, namedSource, sourceOf, warningText } from "../words.js";

/** As many rows as fit; the one in use is always among them. */
const ROWS = 6;

/**
 * @param {Call} call
 * @param {View} view
 */
export function positionSections(call, view) {
  const sections = [];
  if (call.fixes.length) sections.push(fixTable(ordered(call.fixes), view, conflicts(call, view)));
  if (call.refused.length) sections.push(refusedList(call, view));
  return sections;
}

/**
 * The one in use first, then those that count, then the others, each newest first.
 *
 * @param {Fix[]} fixes
 */
function ordered(fixes) {
  const rank = { used: 0, known: 1, not_used: 2 };
  return [...fixes].sort((a, b) => rank[a.status] - rank[b.status]);
}

/**
 * @param {Call} call
 * @param {View} view
 */
function conflicts(call, view) {
  const used = call.fixes.find((fix) => fix.status === "used");
  const against = (call.contradictions ?? []).map(({ fix_n, gap_m }) => {
    const other = call.fixes.find((fix) => fix_n.includes(fix.n) && fix !== used);
    return `${other ? namedSource(other) : "?"} (${view.format.distance(gap_m)})`;
  });
  if (!against.length || !used) return [];
  const names = { used: namedSource(used), others: against.slice(0, 3).join(", ") };
  return [el("p", { class: "warn", role: "alert" }, t("position.contradiction", names))];
}

/**
 * @param {Fix[]} fixes
 * @param {View} view
 * @param {HTMLElement[]} [after]
 */
export function fixTable(fixes, view, after = []) {
  const body = el("tbody");
  for (const fix of fixes.slice(0, ROWS)) body.append(fixRow(fix, view));
  const titles = el(
    "tr",
    {},
    el("th", {}, el("span", { class: "sr" }, t("position.used"))),
    el("th", { scope: "col" }, t("position.source")),
    el("th", { scope: "col", class: "num" }, t("position.accuracy")),
    el("th", { scope: "col", class: "num" }, t("position.area95")),
    el("th", { scope: "col", class: "num" }, t("position.age")),
  );
  return el(
    "div",
    { class: "sec" },
    el("h3", {}, t("position.all", { n: fixes.length })),
    el("table", { class: "fx" }, el("thead", {}, titles), body),
    fixes.length > ROWS ? el("p", { class: "plain" }, t("positions.more", { n: fixes.length - ROWS })) : null,
    ...after,
    ...warningsOf(fixes),
  );
}

/**
 * @param {Fix} fix
 * @param {View} view
 */
function fixRow(fix, view) {
  const { format } = view;
  const marks = { used: "●", known: "○", not_used: "–" };
  const word = { used: t("position.used"), known: t("position.there"), not_used: t("position.unused") }[fix.status];
  const why = fix.why && has(`why.${fix.why}`) ? t(`why.${fix.why}`) : "";
  return el(
    "tr",
    { class: fix.status },
    el(
      "td",
      { title: word },
      el("span", { "aria-hidden": "true" }, marks[fix.status]),
      el("span", { class: "sr" }, word),
    ),
    el("td", { class: "el", title: why }, sourceOf(fix), why ? el("span", { class: "m" }, ` · ${why}`) : null),
    el("td", { class: "num", title: extentOf(fix, format, { long: true }) }, extentOf(fix, format)),
    el("td", { class: "num" }, fix.radius_95_m === null ? "–" : format.distance(fix.radius_95_m)),
    el("td", { class: "num" }, timer(fix.taken_at ?? fix.recorded_at, format, { kind: "fix" })),
  );
}

/**
 * What the call taker should know about the position in use, once each; the area says the rest.
 *
 * @param {Fix[]} fixes
 */
function warningsOf(fixes) {
  const used = fixes.find((fix) => fix.status === "used");
  const texts = new Set((used?.warnings ?? []).filter((one) => one !== "radius unknown").map(warningText));
  return [...texts].map((text) => el("p", { class: "plain" }, text));
}

/**
 * @param {Call} call
 * @param {View} view
 */
function refusedList(call, view) {
  const list = el("ul", { class: "s" });
  for (const refused of call.refused.slice(0, 5)) {
    const field = refused.field && fieldText(refused.field);
    const reason = reasonText(refused.reason);
    const text = field ? t("position.refused.line", { field, reason }) : t("position.refused.bare", { reason });
    list.append(el("li", {}, `– ${text} `, el("span", { class: "d" }, view.format.clock(new Date(refused.at)))));
  }
  return el("div", { class: "sec refused" }, el("h3", {}, t("position.refused")), list);
}
