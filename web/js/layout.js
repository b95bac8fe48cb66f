/** Language, theme, the tabs of a phone and its menu. */

import { current, update } from "./current.js";
import { byId } from "./dom.js";
import { createFormat } from "./format.js";
import { language, remember, remembered, setLanguage } from "./i18n.js";

/** As in css/small.css. */
export function isPhone() {
  return matchMedia("(max-width: 700px)").matches;
}

/** The theme and the language that were chosen last. */
export async function restoreLook() {
  const wanted = remembered("theme") ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
  document.documentElement.dataset.theme = wanted === "light" ? "light" : "dark";
  await setLanguage(remembered("language") === "en" ? "en" : "id");
}

export async function otherLanguage() {
  await setLanguage(language() === "id" ? "en" : "id");
  const { view } = current;
  if (view) update({ format: createFormat({ language: language(), timeZone: view.timeZone }) });
}

export function otherTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
  remember("theme", root.dataset.theme);
  current.map?.retheme();
}

/** @param {string} name */
export function showView(name) {
  const frame = byId("console");
  frame.dataset.view = name;
  delete frame.dataset.open;
  for (const tab of byId("tabs").children)
    if (tab instanceof HTMLElement)
      if (tab.dataset.view === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
  if (name === "peta") current.map?.shown();
}

export function listenToTabs() {
  for (const tab of byId("tabs").children)
    tab.addEventListener("click", () => showView(/** @type {HTMLElement} */ (tab).dataset.view ?? ""));
}

/** @param {boolean} open */
function setMenu(open) {
  byId("menu").classList.toggle("open", open);
  byId("menu-button").setAttribute("aria-expanded", String(open));
}

/**
 * Closes the menu of the phone and gives the focus back to its button.
 *
 * @returns {boolean} whether it was open
 */
export function closeMenu() {
  if (!byId("menu").classList.contains("open")) return false;
  setMenu(false);
  if (isPhone()) byId("menu-button").focus();
  return true;
}

export function listenToMenu() {
  const button = byId("menu-button");
  const menu = byId("menu");
  button.addEventListener("click", () => setMenu(!menu.classList.contains("open")));
  menu.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) closeMenu();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !menu.contains(target) && !button.contains(target)) setMenu(false);
  });
  // Who walks on with Tab leaves no open list behind.
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget) && !button.contains(relatedTarget))
      setMenu(false);
  });
}
