/**
 * A place as the caller says it: searched while it is typed, chosen by arrow and Enter.
 *
 * @typedef {import("../types.js").FoundPlace} FoundPlace
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { el } from "../dom.js";
import { has, t } from "../i18n.js";
import { frame } from "./forms.js";

/** So long the fingers rest before the search starts, in milliseconds. */
const REST_MS = 150;
const SHORTEST = 2;
/** A name that fits in part is meant only where the caller may be; farther away it has to fit wholly. */
const NEARBY_M = 50_000;
const FITS_IN_PART = 0.5;
const FITS = 0.99;

/**
 * Whether Enter may take the place without a look: nobody wants a village of another island for a market nearby.
 *
 * @param {FoundPlace | undefined} place
 */
export function isSure(place) {
  if (!place) return false;
  return place.score_share >= FITS || (place.score_share >= FITS_IN_PART && (place.distance_m ?? Infinity) <= NEARBY_M);
}

/**
 * @param {View} view
 * @param {Actions} actions
 */
export function placeForm(view, actions) {
  /** @type {FoundPlace[]} */
  let found = [];
  /** The text that `found` answers; null while there is no answer to what is typed. */
  let answered = /** @type {string | null} */ ("");
  let asked = "";
  let timer = 0;
  const list = el("ul", { class: "places", id: "form-places", role: "listbox", "aria-label": t("place.list") });
  const said = el("p", { class: "plain", role: "status" }, t("place.hint"));
  const input = el("input", {
    class: "in",
    name: "place",
    id: "form-place",
    autocomplete: "off",
    maxlength: 200,
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "form-places",
    "aria-autocomplete": "list",
  });

  /** @param {number} index */
  const choose = (index) => {
    const rows = [...list.children];
    rows.forEach((row, n) => {
      row.setAttribute("aria-selected", String(n === index));
    });
    const row = rows[index];
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => [...list.children].findIndex((row) => row.getAttribute("aria-selected") === "true");

  const search = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    answered = null;
    const answer = text.length < SHORTEST ? [] : await actions.search(text);
    // An answer to what is no longer typed comes too late.
    if (asked !== text) return;
    // What failed is asked again by the next key or by Enter.
    if (answer) answered = text;
    else asked = "";
    found = answer ?? [];
    list.replaceChildren(
      ...found.map((place, index) => placeRow(place, index, view, () => actions.place(place, text))),
    );
    const sure = isSure(found[0]);
    choose(sure ? 0 : -1);
    const empty = !answer ? "place.failed" : text.length < SHORTEST ? "place.hint" : "place.none";
    said.textContent = !found.length ? t(empty) : sure ? "" : t("place.doubt");
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(), REST_MS);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      choose((chosen() + step + found.length) % found.length);
    }
  });
  const fields = [el("label", { for: "form-place" }, t("place.label")), input];
  const form = frame(t("act.place.long"), fields, actions, () => void submit());
  const submit = async () => {
    const text = input.value.trim();
    if (!text) return actions.refuse(t("missing.place"));
    clearTimeout(timer);
    if (answered !== text) {
      asked = "";
      await search();
      // Only what was typed as coordinates is taken unseen.
      if (!form.isConnected || answered !== text) return;
      if (found.length && found[0]?.kind !== "koordinat") return;
    }
    const place = found[chosen()];
    if (place) return actions.place(place, text);
    // Coordinates that cannot be meant are refused with the reason by the server; a name is not sent there.
    if (!found.length && /\d/.test(text)) return actions.place(null, text);
    return actions.refuse(t(found.length ? "place.choose" : "missing.found"));
  };
  form.querySelector(".f")?.after(said, list);
  return form;
}

/**
 * @param {FoundPlace} place
 * @param {number} index
 * @param {View} view
 * @param {() => void} take
 */
function placeRow(place, index, view, take) {
  const kind = has(`kind.${place.kind}`) ? t(`kind.${place.kind}`) : place.kind;
  const radius =
    place.radius_m === null ? t("radius.unknown.short") : t("radius", { radius: view.format.distance(place.radius_m) });
  const where = [place.kecamatan && t("place.in", { kecamatan: place.kecamatan }), place.kabkota].filter(Boolean);
  const away = place.distance_m === null ? "" : view.format.distance(place.distance_m);
  const row = el(
    "li",
    { role: "option", id: `place-${index}`, "aria-selected": "false", title: place.why.join("; ") },
    el("span", { class: "el" }, el("b", {}, place.name), ` ${kind}`),
    el("span", { class: "el m" }, where.join(", ")),
    el("span", { class: "num m" }, away),
    el("span", { class: "num m" }, radius),
  );
  row.addEventListener("click", take);
  return row;
}
