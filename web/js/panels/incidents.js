/**
 * The table of open incidents.
 *
 * @typedef {import("../types.js").Incident} Incident
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { arrange, byId, el } from "../dom.js";
import { t } from "../i18n.js";
import { priorityMark } from "../marks.js";
import { openIncidents } from "../state.js";
import { timer } from "../timers.js";
import { centreName, positionLine, shortCategory } from "../words.js";

/** @type {Map<string, { row: HTMLLIElement, button: HTMLButtonElement, drawn: string }>} */
const rows = new Map();
/** @type {string[]} */
let order = [];

/** @returns {string[]} */
export function incidentOrder() {
  return order;
}

/** @param {Incident} incident */
export function incidentNumber(incident) {
  return String(incident.number).padStart(4, "0");
}

/**
 * @param {View} view
 * @param {Actions} actions
 */
export function renderIncidents(view, actions) {
  const all = openIncidents(view.state);
  const found = all.filter((incident) => matches(incident, view));
  order = found.map((incident) => incident.incident_id);
  const list = byId("incidents");
  arrange(
    list,
    found.map((incident) => row(incident, view, actions)),
  );
  list.hidden = found.length === 0;
  byId("incidents-head").hidden = found.length === 0;
  const empty = byId("incidents-empty");
  empty.hidden = found.length > 0;
  empty.textContent = all.length ? t("calls.nomatch") : t("incidents.none");
  const without = all.filter((incident) => !incident.fix).length;
  byId("incidents-count").textContent = without
    ? t("incidents.nopos", { n: all.length, m: without })
    : t("incidents.count", { n: all.length });
}

/**
 * @param {Incident} incident
 * @param {View} view
 * @param {Actions} actions
 */
function row(incident, view, actions) {
  const id = incident.incident_id;
  let known = rows.get(id);
  if (!known) {
    const button = el("button", { class: "i", type: "button", "data-incident": id });
    button.addEventListener("click", () => actions.select({ kind: "incident", id }));
    known = { row: el("li", {}, button), button, drawn: "" };
    rows.set(id, known);
  }
  const selected = view.selection?.kind === "incident" && view.selection.id === id;
  known.button.classList.toggle("sel", selected);
  if (selected) known.button.setAttribute("aria-current", "true");
  else known.button.removeAttribute("aria-current");
  const drawn = `${incident.n} ${document.documentElement.lang}`;
  if (known.drawn !== drawn) {
    known.drawn = drawn;
    known.button.replaceChildren(...cells(incident, view));
  }
  return known.row;
}

/**
 * @param {Incident} incident
 * @param {View} view
 */
function cells(incident, view) {
  const area = incident.jurisdiction;
  const mine = area?.centre.kode === view.info.centre.kode;
  const centre = area ? centreName(area.centre.nama) : "–";
  const share = area?.shares[0] ? view.format.percent(area.shares[0].share) : "";
  const second = area?.outcome === "straddles" ? share : (area?.kecamatan[0]?.nama ?? "");
  return [
    el("span", {}, priorityMark(incident.priority, t(`priority.${incident.priority}`))),
    el("span", { class: "b" }, incidentNumber(incident)),
    el(
      "span",
      { class: "two" },
      el("span", { class: "el b" }, shortCategory(incident.category)),
      el("span", { class: "el s m" }, incident.note || positionLine(incident, view.format)),
    ),
    el(
      "span",
      { class: "two" },
      el(
        "span",
        { class: "el s" },
        area ? el("i", { class: mine ? "own" : "ngb" }) : null,
        area ? centre : t("position.none"),
      ),
      el("span", { class: "el s m" }, second),
    ),
    el("span", { class: "num" }, timer(incident.opened_at, view.format)),
  ];
}

/**
 * @param {Incident} incident
 * @param {View} view
 */
function matches(incident, view) {
  const wanted = view.filter.trim().toLowerCase();
  if (!wanted) return true;
  const text = [
    incidentNumber(incident),
    incident.category,
    incident.note,
    t(`priority.${incident.priority}`),
    ...(incident.jurisdiction?.kecamatan ?? []).map((one) => one.nama),
    ...(incident.jurisdiction?.shares ?? []).map((one) => one.nama),
  ];
  return text.join(" ").toLowerCase().includes(wanted);
}
