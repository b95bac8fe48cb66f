/**
 * The bar at the top and the lines that tell how old the data are.
 *
 * @typedef {import("../types.js").View} View
 */

import { byId, el } from "../dom.js";
import { LATE_S, LOST_S } from "../feed.js";
import { has, t } from "../i18n.js";
import { linkMark } from "../marks.js";
import { serverNow } from "../timers.js";
import { centreName } from "../words.js";

/** @param {View} view */
export function renderTop(view) {
  const centre = centreName(view.info.centre.nama);
  document.title = t("title", { centre });
  byId("centre").textContent = t("centre", { centre });
  byId("simulated").hidden = !view.state.simulated;
  const roles = view.session.roles.map((role) => (has(`role.${role}`) ? t(`role.${role}`) : role)).join(", ");
  byId("who").replaceChildren(`${view.session.name} `, el("span", { class: "m" }, roles));
  byId("own-name").textContent = centre;
  byId("neighbour-names").textContent = view.info.neighbours.map((one) => centreName(one.nama)).join(", ") || "–";
  byId("boundaries").textContent = t("map.boundaries", { version: view.info.boundaries });
  byId("filter").setAttribute("placeholder", t("filter.hint"));
}

/** @param {View} view */
export function renderClock(view) {
  const now = serverNow();
  const { format } = view;
  byId("clock").replaceChildren(
    format.clock(now),
    " ",
    el("span", {}, format.zone, el("span", { class: "hide-p" }, `\u2002${format.date(now)}`)),
  );
  byId("clock").setAttribute("datetime", now.toISOString());
}

/** @param {number} silent seconds without a sign from the server */
export function linkOf(silent) {
  if (silent >= LOST_S) return "lost";
  return silent >= LATE_S ? "late" : "live";
}

let shownLink = "";

/**
 * @param {View} view
 * @param {number} silent
 */
export function renderLink(view, silent) {
  const link = linkOf(silent);
  const { format } = view;
  const box = byId("link");
  if (shownLink !== link + document.documentElement.lang) {
    shownLink = link + document.documentElement.lang;
    // The seconds run outside of what a screen reader is told.
    box.replaceChildren(
      linkMark(link),
      el("span", { class: "hide-p" }, t(`link.${link}`)),
      el("span", { class: "m", "aria-hidden": "true" }),
    );
    box.dataset.link = link;
  }
  const seconds = box.lastElementChild;
  if (seconds) seconds.textContent = format.seconds(silent);
  byId("data-age").textContent = t("data.age", { age: format.seconds(silent) });
  const lost = link === "lost";
  byId("map-box").classList.toggle("frozen", lost);
  const at = new Date(serverNow().getTime() - silent * 1000);
  byId("band-age").textContent = lost ? format.age(silent) : "";
  const text = lost ? t("stopped", { at: format.minute(at) }) : "";
  byId("band").hidden = !lost;
  if (byId("band-text").textContent !== text) byId("band-text").textContent = text;
}
