/**
 * The words of the screen: Bahasa Indonesia first, English one key away.
 *
 * @typedef {"id" | "en"} Language
 */

/** @type {Record<string, string>} */
let words = {};
/** @type {Language} */
let current = "id";

/** @param {string} name */
export function remembered(name) {
  try {
    return localStorage.getItem(`geo112.${name}`);
  } catch {
    return null; // A browser that keeps nothing still runs the console.
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(`geo112.${name}`, value);
  } catch {
    // As above: the choice then lasts until the page closes.
  }
}

/** @returns {Language} */
export function language() {
  return current;
}

/** @param {Language} wanted */
export async function setLanguage(wanted) {
  const answer = await fetch(`i18n/${wanted}.json`);
  if (!answer.ok) throw new Error(`i18n/${wanted}.json: ${answer.status}`);
  words = await answer.json();
  current = wanted;
  remember("language", wanted);
  document.documentElement.lang = wanted;
  for (const node of document.querySelectorAll("[data-i18n]"))
    node.textContent = t(node.getAttribute("data-i18n") ?? "");
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] put in for `{name}`
 */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} key */
export function has(key) {
  return key in words;
}
