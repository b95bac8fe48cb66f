/** Small pictures of the map, drawn from the same outlines and colours as the lists. */

import { PRIORITY } from "./marks.js";

/** @typedef {Record<string, string>} Tokens */

const RATIO = 2;

const NAMES = [
  "sea",
  "coast",
  "land-in",
  "land-out",
  "hatch",
  "border",
  "border-2",
  "kec",
  "text",
  "text-2",
  "text-3",
  "panel",
  "on",
  "red",
  "amber",
  "green",
  "grey",
];

/** @returns {Tokens} colours of the theme that is on */
export function readTokens() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/**
 * @param {number} size in pixels
 * @param {(pen: CanvasRenderingContext2D) => void} draw
 */
function picture(size, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = size * RATIO;
  canvas.height = size * RATIO;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(RATIO, RATIO);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {Tokens} tokens */
export function drawIcons(tokens) {
  const ink = tokens.text ?? "#000";
  const ground = tokens.panel ?? "#fff";
  /** @type {Record<string, ImageData>} */
  const icons = {
    hatch: picture(8, (pen) => {
      pen.strokeStyle = tokens.hatch ?? "";
      pen.lineWidth = 1.6;
      for (const shift of [-8, 0, 8]) line(pen, shift, 8, shift + 8, 0);
    }),
    cross: picture(16, (pen) => {
      for (const [width, colour] of /** @type {[number, string][]} */ ([
        [4, ground],
        [1.8, ink],
      ])) {
        pen.lineWidth = width;
        pen.strokeStyle = colour;
        line(pen, 8, 2, 8, 14);
        line(pen, 2, 8, 14, 8);
      }
    }),
    ring: picture(16, (pen) => {
      pen.beginPath();
      pen.arc(8, 8, 4.5, 0, 2 * Math.PI);
      pen.lineWidth = 5;
      pen.strokeStyle = ground;
      pen.stroke();
      pen.lineWidth = 2.2;
      pen.strokeStyle = ink;
      pen.stroke();
    }),
    unknown: picture(34, (pen) => {
      pen.beginPath();
      pen.arc(17, 17, 14, 0, 2 * Math.PI);
      pen.globalAlpha = 0.5;
      pen.fillStyle = ground;
      pen.fill();
      pen.globalAlpha = 1;
      pen.setLineDash([4.4, 2.93]);
      pen.lineWidth = 1.8;
      pen.strokeStyle = ink;
      pen.stroke();
      pen.fillStyle = ink;
      pen.font = "700 15px Inter, sans-serif";
      pen.textAlign = "center";
      pen.fillText("?", 17, 22.4);
    }),
  };
  for (const [key, { path, base, token }] of Object.entries(PRIORITY))
    icons[`p${key}`] = picture(26, (pen) => {
      pen.translate(3, 3);
      const outline = new Path2D(path);
      pen.lineJoin = "round";
      pen.lineWidth = 4;
      pen.strokeStyle = ground;
      pen.stroke(outline);
      pen.fillStyle = tokens[token.slice(2)] ?? ink;
      pen.fill(outline);
      pen.fillStyle = tokens.on ?? ground;
      pen.font = "800 11px Inter, sans-serif";
      pen.textAlign = "center";
      pen.fillText(key, 10, base);
    });
  return icons;
}

export const ICON_RATIO = RATIO;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 */
function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}
