/**
 * The short forms of the detail panel: make an incident, edit the notes, close with an outcome.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { priorityMark } from "../marks.js";
import { openIncidents } from "../state.js";
import { CALL_DISPOSITIONS, CATEGORIES, INCIDENT_DISPOSITIONS, sentence } from "../words.js";
import { incidentNumber } from "./incidents.js";

/**
 * @param {string} title
 * @param {HTMLElement[]} fields
 * @param {Actions} actions
 * @param {(data: FormData) => void} submit
 * @param {string} [word] what the main button says
 */
export function frame(title, fields, actions, submit, word = t("form.save")) {
  const cancel = el(
    "button",
    { class: "act", type: "button" },
    el("kbd", { "aria-hidden": "true" }, "Esc"),
    t("form.cancel"),
  );
  cancel.addEventListener("click", () => actions.form(null));
  const save = el("button", { class: "act go", type: "submit" }, el("kbd", { "aria-hidden": "true" }, "Ctrl ↵"), word);
  const form = el(
    "form",
    { class: "form", "aria-label": title, novalidate: true },
    el("h3", {}, title),
    el("div", { class: "f" }, ...fields),
    el("div", { class: "a" }, save, cancel),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(new FormData(form));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  return form;
}

/** @param {string | null} chosen */
function categoryFields(chosen) {
  const select = el(
    "select",
    { class: "in", name: "category", id: "form-category" },
    el("option", { value: "" }, t("form.category.pick")),
  );
  const names = chosen && !CATEGORIES.includes(chosen) ? [chosen, ...CATEGORIES] : CATEGORIES;
  for (const name of names) select.append(el("option", { value: name, selected: name === chosen }, sentence(name)));
  return [el("label", { for: "form-category" }, t("form.category")), select];
}

/** @param {string} note */
function noteFields(note) {
  const input = el("input", { class: "in", name: "note", id: "form-note", autocomplete: "off", maxlength: 1000 });
  input.value = note;
  return [el("label", { for: "form-note" }, t("form.note")), input];
}

/** @param {View} view */
function linkFields(view) {
  const select = el(
    "select",
    { class: "in", name: "incident", id: "form-incident" },
    el("option", { value: "" }, t("form.link.new")),
  );
  for (const incident of openIncidents(view.state))
    select.append(
      el("option", { value: incident.incident_id }, `${incidentNumber(incident)} ${sentence(incident.category)}`),
    );
  return [el("label", { for: "form-incident" }, t("form.link")), select];
}

function priorityFields() {
  const pick = el("div", { class: "pick", role: "radiogroup", "aria-label": t("form.priority") });
  for (const priority of [1, 2, 3, 0]) {
    const label = t(`priority.${priority}`);
    const mark = priorityMark(priority, "");
    mark.setAttribute("aria-hidden", "true");
    pick.append(
      el("label", {}, el("input", { type: "radio", name: "priority", value: priority }), mark, label.slice(3)),
    );
  }
  return [el("span", { class: "lab" }, t("form.priority")), pick];
}

/** @param {string[]} names */
function dispositionFields(names) {
  const pick = el("div", { class: "pick", role: "radiogroup", "aria-label": t("form.close.call") });
  names.forEach((name, index) => {
    pick.append(
      el(
        "label",
        { "data-key": index + 1 },
        el("input", { type: "radio", name: "disposition", value: name }),
        el("kbd", { "aria-hidden": "true" }, String(index + 1)),
        t(`disposition.${name}`),
      ),
    );
  });
  return [pick];
}

/**
 * @param {Call} call
 * @param {View} view
 * @param {Actions} actions
 */
export function openForm(call, view, actions) {
  const fields = [...linkFields(view), ...categoryFields(call.category), ...priorityFields(), ...noteFields(call.note)];
  return frame(t("form.open"), fields, actions, (data) => {
    const incident = String(data.get("incident") ?? "");
    if (incident) return actions.link(incident);
    const category = String(data.get("category") ?? "");
    const priority = data.get("priority");
    if (!category) return actions.refuse(t("missing.category"));
    if (priority === null) return actions.refuse(t("missing.priority"));
    return actions.open({ category, priority: Number(priority), note: String(data.get("note") ?? "").trim() });
  });
}

/**
 * @param {Call} call
 * @param {Actions} actions
 */
export function editForm(call, actions) {
  return frame(t("form.edit"), [...categoryFields(call.category), ...noteFields(call.note)], actions, (data) =>
    actions.edit({ category: String(data.get("category") ?? ""), note: String(data.get("note") ?? "").trim() }),
  );
}

/**
 * @param {"call" | "incident"} kind
 * @param {Actions} actions
 */
export function closeForm(kind, actions) {
  const names = kind === "call" ? CALL_DISPOSITIONS : INCIDENT_DISPOSITIONS;
  const form = frame(t(`form.close.${kind}`), dispositionFields(names), actions, (data) => {
    const disposition = data.get("disposition");
    if (disposition === null) return actions.refuse(t("missing.disposition"));
    return actions.closeAs(String(disposition));
  });
  form.querySelector(".f")?.classList.add("wide");
  form.addEventListener("keydown", (event) => {
    const input = form.querySelector(`[data-key="${CSS.escape(event.key)}"] input`);
    if (input instanceof HTMLInputElement) {
      input.checked = true;
      input.focus();
      event.preventDefault();
    }
  });
  return form;
}
