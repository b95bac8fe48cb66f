/**
 * All about the selected call or incident: where, how sure, whose area, and what can be done.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Incident} Incident
 * @typedef {import("../types.js").Jurisdiction} Jurisdiction
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { arrange, byId, el } from "../dom.js";
import { t } from "../i18n.js";
import { priorityMark } from "../marks.js";
import { secondsSince, timer } from "../timers.js";
import { areaSentence, numberOf, secondLines, shortCategory, stateOf, warningText } from "../words.js";
import { closeForm, editForm, openForm } from "./forms.js";
import { incidentNumber } from "./incidents.js";
import { linkIsLive, linkSection, shareForm } from "./link.js";
import { placeForm } from "./place.js";
import { fixTable, positionSections } from "./positions.js";
import { questionSection } from "./question.js";
import { shareBar } from "./share.js";

let drawn = "";
/** The form that is open stays the same piece of the page, so that what is typed is never lost to an update. */
const kept = { key: "", form: /** @type {HTMLFormElement | null} */ (null) };

/**
 * @param {View} view
 * @param {Actions} actions
 */
export function renderDetail(view, actions) {
  const { selection, state } = view;
  const call = selection?.kind === "call" ? state.calls.get(selection.id) : undefined;
  const incident = selection?.kind === "incident" ? state.incidents.get(selection.id) : undefined;
  const item = call ?? incident;
  const over = call?.links?.filter((link) => secondsSince(link.expires_at) > 0).length;
  const { lang } = document.documentElement;
  const key = JSON.stringify([selection, view.form, item?.n, over, view.given?.link_id, lang]);
  if (key === drawn) return;
  drawn = key;
  const box = byId("detail");
  const scrolled = box.querySelector(".scroll")?.scrollTop ?? 0;
  const formKey = JSON.stringify([selection, view.form, lang]);
  const formChanged = formKey !== kept.key;
  if (formChanged) {
    kept.key = formKey;
    kept.form = call ? callForm(call, view, actions) : incident ? incidentForm(incident, view, actions) : null;
  }
  const back = focusIn(box);
  const parts = call ? callParts(call, view, actions) : incident ? incidentParts(incident, view, actions) : [nothing()];
  arrange(box, parts);
  const inner = box.querySelector(".scroll");
  if (inner) inner.scrollTop = scrolled;
  if (kept.form && formChanged) focusForm(box);
  else back();
}

/**
 * Remembers which button or field of the panel has the focus, and gives it back to the one drawn in its place.
 *
 * @param {HTMLElement} box
 */
function focusIn(box) {
  const before = document.activeElement;
  if (!(before instanceof HTMLElement) || !box.contains(before)) return () => {};
  /** @param {Element} node */
  const name = (node) => (node.matches(".scroll") ? "scroll" : (node.getAttribute("aria-label") ?? node.textContent));
  return () => {
    if (before.isConnected) return;
    const same = [...box.querySelectorAll(before.tagName)].find((node) => name(node) === name(before));
    if (same instanceof HTMLElement) same.focus({ preventScroll: true });
  };
}

/** @param {HTMLElement} box */
function focusForm(box) {
  const field = box.querySelector("form :is(select, input:not([type='radio']))") ?? box.querySelector("form input");
  if (field instanceof HTMLElement) field.focus();
}

function nothing() {
  return el("p", { class: "empty", id: "detail-title" }, t("detail.none"));
}

/**
 * @param {Call} call
 * @param {View} view
 * @param {Actions} actions
 */
function callParts(call, view, actions) {
  const incident = call.incident_id ? view.state.incidents.get(call.incident_id) : undefined;
  const title = call.category ? shortCategory(call.category) : numberOf(call);
  const facts = [
    call.category ? numberOf(call) : "",
    stateOf(call),
    t("detail.received", { at: view.format.clock(new Date(call.received_at)) }),
    call.answered_by && call.state === "ended" ? t("detail.answeredBy", { who: call.answered_by }) : "",
    call.ended_at ? t("detail.ended", { at: view.format.clock(new Date(call.ended_at)) }) : "",
    call.state === "ended" && call.end_reason ? t(`end.${call.end_reason}`) : "",
    incident ? t("detail.notice.linked", { number: incidentNumber(incident) }) : "",
  ].filter(Boolean);
  const body = el(
    "div",
    { class: "scroll", tabindex: 0 },
    head(title, null, timer(call.received_at, view.format, { until: call.ended_at }), actions),
    el("div", { class: "ds" }, el("span", { class: "m" }, facts.join(" · ")), note(call.note)),
    areaSection(call.jurisdiction, view),
    questionSection(call, view, actions),
    ...(linkIsLive(call, view) ? [linkSection(call, view, actions)] : []),
    ...positionSections(call, view),
    ...(linkIsLive(call, view) ? [] : [linkSection(call, view, actions)]),
  );
  return [body, foot(callButtons(call, actions))];
}

/**
 * @param {Incident} incident
 * @param {View} view
 * @param {Actions} actions
 */
function incidentParts(incident, view, actions) {
  const state =
    incident.state === "open"
      ? t("incident.open")
      : t("incident.closed", { disposition: t(`disposition.${incident.disposition}`) });
  const facts = [
    state,
    t("detail.opened", { at: view.format.clock(new Date(incident.opened_at)) }),
    incident.opened_by ?? "",
    t("incident.calls", { n: incident.call_ids.length }),
  ].filter(Boolean);
  const mark = priorityMark(incident.priority, t(`priority.${incident.priority}`));
  const age = timer(incident.opened_at, view.format, { until: incident.closed_at });
  const linked = incident.call_ids.map((id) => view.state.calls.get(id)).filter((call) => call !== undefined);
  const body = el(
    "div",
    { class: "scroll", tabindex: 0 },
    head(shortCategory(incident.category), mark, age, actions, incidentNumber(incident)),
    el("div", { class: "ds" }, el("span", { class: "m" }, facts.join(" · ")), note(incident.note)),
    areaSection(incident.jurisdiction, view),
    ...(incident.fix ? [fixTable([{ ...incident.fix, status: "used", why: "" }], view)] : []),
    callsOf(linked, actions),
  );
  const close = button("X", t("act.close"), () => actions.form("close"), { off: incident.state === "closed" });
  const show = button("↵", t("act.locate"), actions.show, { off: !incident.fix });
  return [body, foot([show, close])];
}

/**
 * @param {string} title
 * @param {Node | null} mark
 * @param {Node} age
 * @param {Actions} actions
 * @param {string} [number]
 */
function head(title, mark, age, actions, number = "") {
  const back = el("button", { class: "act mini back", type: "button" }, t("act.back"));
  back.addEventListener("click", actions.back);
  return el(
    "div",
    { class: "dh" },
    back,
    mark,
    el("h2", { class: "big el", id: "detail-title", title }, title),
    el("span", { class: "sp" }),
    number ? el("span", { class: "d" }, number) : null,
    age,
  );
}

/** @param {string} text */
function note(text) {
  return text ? el("div", { class: "note" }, `“${text}”`) : null;
}

/**
 * @param {Jurisdiction | null} jurisdiction
 * @param {View} view
 */
function areaSection(jurisdiction, view) {
  if (!jurisdiction)
    return el("div", { class: "sec" }, el("h3", {}, t("area")), el("p", { class: "warn" }, t("position.ask")));
  const said = areaSentence(jurisdiction, view.info, view.format);
  const sure = jurisdiction.outcome === "inside";
  const words = t(sure ? "area.sure" : "area.unsure");
  const heading = jurisdiction.before_answers ? `${words} · ${t("area.answered")}` : words;
  const shown = jurisdiction.kecamatan.slice(0, 3);
  const kecamatan = shown.map((one) => `${one.nama} ${view.format.percentNumber(one.share)}`).join(" · ");
  const more = jurisdiction.kecamatan.length - shown.length;
  const after = more > 0 ? ` · ${t("kecamatan.more", { n: more })}` : "";
  return el(
    "div",
    { class: "sec area", "data-outcome": jurisdiction.outcome },
    el(
      "h3",
      {},
      el("span", {}, heading),
      kecamatan ? el("span", { class: "el" }, `${kecamatan}\u00a0%${after}`) : null,
    ),
    jurisdiction.shares.length ? shareBar(jurisdiction, view) : null,
    el("p", { class: said.urgent ? "warn" : "plain", role: said.urgent ? "alert" : null }, said.text),
    ...secondLines(jurisdiction).map((line) => el("p", { class: "warn second" }, line)),
    said.voice ? el("p", { class: "plain" }, said.voice) : null,
    ...jurisdiction.warnings.map((warning) => el("p", { class: "plain" }, warningText(warning))),
  );
}

/**
 * @param {Call[]} calls
 * @param {Actions} actions
 */
function callsOf(calls, actions) {
  const list = el("ul");
  for (const call of calls.slice(0, 6)) {
    const link = el("button", { class: "act mini", type: "button" }, numberOf(call));
    link.addEventListener("click", () => actions.select({ kind: "call", id: call.call_id }));
    list.append(el("li", {}, link, " ", el("span", { class: "s m" }, stateOf(call))));
  }
  return el("div", { class: "sec" }, el("h3", {}, t("incident.calls", { n: calls.length })), list);
}

/**
 * @param {string} key
 * @param {string} word
 * @param {() => void} run
 * @param {{ go?: boolean, off?: boolean }} [how]
 */
function button(key, word, run, { go = false, off = false } = {}) {
  const kbd = el("kbd", { "aria-hidden": "true" }, key);
  const node = el("button", { class: go ? "act go" : "act", type: "button", disabled: off }, kbd, word);
  node.addEventListener("click", run);
  return node;
}

/**
 * @param {Call} call
 * @param {Actions} actions
 */
function callButtons(call, actions) {
  const ringing = call.state === "ringing" || call.state === "waiting";
  return [
    button("A", t("act.answer"), actions.answer, { go: ringing, off: !ringing }),
    button("J", t("act.open"), () => actions.form("open"), { off: call.incident_id !== null }),
    button("O", t("act.place"), () => actions.form("place")),
    button("S", t("act.share"), () => actions.form("share")),
    button("E", t("act.edit"), () => actions.form("edit")),
    button("P", t("act.prank"), actions.prank, { off: call.disposition === "prank" }),
    button("X", t("act.close"), () => actions.form("close"), {
      off: call.state === "ended" && call.disposition !== null,
    }),
  ];
}

/**
 * @param {Call} call
 * @param {View} view
 * @param {Actions} actions
 */
function callForm(call, view, actions) {
  if (view.form === "open") return openForm(call, view, actions);
  if (view.form === "edit") return editForm(call, actions);
  if (view.form === "close") return closeForm("call", actions);
  if (view.form === "share") return shareForm(call, actions);
  if (view.form === "place") return placeForm(view, actions);
  return null;
}

/**
 * @param {Incident} incident
 * @param {View} view
 * @param {Actions} actions
 */
function incidentForm(incident, view, actions) {
  return view.form === "close" && incident.state === "open" ? closeForm("incident", actions) : null;
}

/** @param {HTMLElement[]} buttons */
function foot(buttons) {
  return kept.form ?? el("div", { class: "acts" }, ...buttons);
}
