/**
 * How likely each centre is: own solid, neighbours hatched, what is left open is empty.
 *
 * @typedef {import("../types.js").Jurisdiction} Jurisdiction
 * @typedef {import("../types.js").View} View
 */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { centreName, outsideWord } from "../words.js";

/**
 * @param {Jurisdiction} jurisdiction
 * @param {View} view
 */
function split(jurisdiction, view) {
  const own = jurisdiction.shares.find((one) => one.kode === view.info.centre.kode);
  return { own, others: jurisdiction.shares.filter((one) => one !== own) };
}

/**
 * The end of a row: one centre is a word with its mark, several are a bar with two numbers.
 *
 * @param {Jurisdiction | null} jurisdiction
 * @param {View} view
 * @returns {HTMLElement[]}
 */
export function miniShare(jurisdiction, view) {
  if (!jurisdiction) return [];
  const { own, others } = split(jurisdiction, view);
  if (jurisdiction.outcome === "outside")
    return [el("span", { class: "xs m nw" }, el("i", { class: "unk" }), outsideWord(jurisdiction))];
  if (jurisdiction.outcome === "inside") {
    const mine = jurisdiction.centre.kode === view.info.centre.kode;
    return [
      el("span", { class: "xs m nw" }, el("i", { class: mine ? "own" : "ngb" }), centreName(jurisdiction.centre.nama)),
    ];
  }
  const solid = own?.share ?? 0;
  const hatched = others.reduce((sum, one) => sum + one.share, 0);
  const bar = el("span", { class: "mini-share", "aria-hidden": "true" }, el("i"), el("u"));
  /** @type {HTMLElement} */ (bar.children[0]).style.width = `${solid * 100}%`;
  /** @type {HTMLElement} */ (bar.children[1]).style.width = `${hatched * 100}%`;
  const { percentNumber } = view.format;
  const [first, second] = own ? [own, others[0]] : [others[0], others[1]];
  const numbers = `${percentNumber(first?.share ?? 0)} / ${percentNumber(second?.share ?? jurisdiction.outside_share)}`;
  return [bar, el("span", { class: "xs nw" }, numbers)];
}

/**
 * The wide bar with names and per cent; a part too small for its words keeps its place without them.
 *
 * @param {Jurisdiction} jurisdiction
 * @param {View} view
 */
export function shareBar(jurisdiction, view) {
  const { own, others } = split(jurisdiction, view);
  const { format } = view;
  /** @type {{ kind: string, share: number, name: string }[]} */
  const parts = [];
  if (own) parts.push({ kind: "k", share: own.share, name: centreName(own.nama) });
  for (const one of others.slice(0, 2)) parts.push({ kind: "o", share: one.share, name: centreName(one.nama) });
  const rest = others.slice(2).reduce((sum, one) => sum + one.share, 0);
  if (rest > 0) parts.push({ kind: "o", share: rest, name: t("area.others") });
  if (jurisdiction.outside_share > 0)
    parts.push({ kind: "u", share: jurisdiction.outside_share, name: outsideWord(jurisdiction) });
  if (jurisdiction.unknown_share > 0)
    parts.push({ kind: "u", share: jurisdiction.unknown_share, name: t("area.unknown") });
  const label = parts.map((part) => `${part.name} ${format.percent(part.share)}`).join(", ");
  const bar = el("div", { class: "share", role: "img", "aria-label": label, title: label });
  for (const part of parts) {
    const text = `${part.name} ${format.percent(part.share)}`;
    const words = [text, format.percent(part.share)].find((one) => part.share * 460 > one.length * 6.8 + 18);
    const cell = el("div", { class: part.kind }, words ? el("span", { class: "el" }, words) : null);
    cell.style.width = `${part.share * 100}%`;
    bar.append(cell);
  }
  return bar;
}
