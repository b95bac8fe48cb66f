const SVG = "http://www.w3.org/2000/svg";

/** Outlines of the priority marks in a box of 20 by 20, and the baseline of their digit. */
export const PRIORITY = /** @type {const} */ ({
  0: { path: "M1 1H19V19H1Z", base: 14, token: "--grey" },
  1: { path: "M10 1L20 18.5H0Z", base: 16, token: "--red" },
  2: { path: "M10 -1L21 10L10 21L-1 10Z", base: 14, token: "--amber" },
  3: { path: "M10 0A10 10 0 1 1 10 20A10 10 0 1 1 10 0Z", base: 14, token: "--green" },
});

/**
 * @param {number} priority
 * @returns {0 | 1 | 2 | 3}
 */
export function priorityKey(priority) {
  return priority === 1 || priority === 2 || priority === 3 ? priority : 0;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function svg(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/**
 * Priority by colour, shape and digit.
 *
 * @param {number} priority
 * @param {string} label
 */
export function priorityMark(priority, label) {
  const key = priorityKey(priority);
  const { path, base } = PRIORITY[key];
  const mark = svg("svg", { class: `pr p${key}`, viewBox: "0 0 20 20", role: "img", "aria-label": label });
  const digit = svg("text", { x: "10", y: String(base) });
  digit.textContent = String(key);
  mark.append(svg("path", { d: path }), digit);
  return mark;
}

/**
 * The connection: full dot, half dot, cross.
 *
 * @param {"live" | "late" | "lost"} link
 */
export function linkMark(link) {
  const mark = svg("svg", { class: "dot", viewBox: "0 0 10 10", "aria-hidden": "true" });
  if (link === "live") mark.append(svg("circle", { cx: "5", cy: "5", r: "5", fill: "var(--green)" }));
  if (link === "late")
    mark.append(
      svg("circle", { cx: "5", cy: "5", r: "4", fill: "none", stroke: "var(--amber)", "stroke-width": "2" }),
      svg("path", { d: "M5 1A4 4 0 0 1 5 9Z", fill: "var(--amber)" }),
    );
  if (link === "lost")
    mark.append(svg("path", { d: "M1 1L9 9M9 1L1 9", stroke: "var(--red)", "stroke-width": "2.5", fill: "none" }));
  return mark;
}
