/** The only file that knows the map library. */

import { Map as LibreMap, ScaleControl } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { circleRing, destination, hatch } from "./circle.js";
import { drawIcons, ICON_RATIO, readTokens } from "./mapicons.js";
import { mapStyle } from "./mapstyle.js";
import { priorityKey } from "./marks.js";
import { openIncidents, queue } from "./state.js";
import { radiusOf, shortCategory, shortName, sourceOf } from "./words.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Fix} Fix
 * @typedef {import("./types.js").Incident} Incident
 * @typedef {import("./types.js").Jurisdiction} Jurisdiction
 * @typedef {import("./types.js").Selection} Selection
 * @typedef {import("./types.js").View} View
 * @typedef {import("./circle.js").LonLat} LonLat
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").GeoJSONSource} GeoJSONSource
 * @typedef {{ center: LonLat, zoom: number }} Camera
 * @typedef {{ kind: "call" | "incident", id: string, fix: Fix, jurisdiction: Jurisdiction | null, icon: string, label: string, sel: boolean, order: number }} Placed
 */

/** Below this radius a fix is drawn as a small ring, in metres. */
const RING_M = 50;
/** A fix farther than this from the own land does not widen the view, in degrees. */
const REACH_DEG = 0.4;

/** In a narrower circle the shares are not written, in pixels. */
const SHARES_PX = 110;

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {Fix} fix @returns {LonLat} */
const middleOf = (fix) => [fix.lon_deg, fix.lat_deg];

export class CallMap {
  /**
   * @param {HTMLElement} box
   * @param {View} view
   * @param {{ label: string, select: (selection: Selection) => void, fitted: (fitted: boolean) => void,
   *   boundaries: (loaded: boolean) => void }} how
   */
  constructor(box, view, how) {
    this.view = view;
    this.how = how;
    /** @type {Placed[]} */
    this.placed = [];
    /** @type {Camera | null} */
    this.before = null;
    this.locked = false;
    this.seen = box.clientWidth > 0;
    this.drawn = "";
    this.hatched = "";
    this.tokens = readTokens();
    const { bounds_deg, centre } = view.info;
    this.map = new LibreMap({
      container: box,
      style: mapStyle(this.tokens, centre.kode),
      bounds: bounds_deg,
      fitBoundsOptions: { padding: 36 },
      minZoom: 4,
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { "Map.Title": how.label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    this.listen();
  }

  listen() {
    this.map.setMissingStyleImageResolver((id) => this.addIcon(id));
    this.map.on("load", () => this.draw(this.view));
    this.map.on("idle", () => this.drawHatch());
    // Without its boundaries the map says so instead of showing sea.
    this.map.on("error", ({ error }) => {
      console.warn(error);
      this.how.boundaries(false);
    });
    this.map.on("sourcedata", ({ sourceId, tile }) => {
      if (sourceId === "dasar" && tile?.state === "loaded") this.how.boundaries(true);
    });
    this.map.on("movestart", (event) => {
      if (!("originalEvent" in event) || !event.originalEvent) return;
      this.locked = true;
      this.before = null;
      this.how.fitted(false);
    });
    this.map.on("click", ({ point }) => {
      const near = 6;
      const found = this.map.queryRenderedFeatures(
        [
          [point.x - near, point.y - near],
          [point.x + near, point.y + near],
        ],
        { layers: ["titik-terpilih", "titik", "lingkar"] },
      );
      const best =
        found.find((one) => one.layer.id !== "lingkar") ??
        found.sort((a, b) => a.properties.radius - b.properties.radius)[0];
      if (best) this.how.select({ kind: best.properties.kind, id: String(best.properties.id) });
    });
    for (const layer of ["titik", "titik-terpilih", "lingkar"]) {
      this.map.on("mouseenter", layer, () => this.map.getCanvas().classList.add("hand"));
      this.map.on("mouseleave", layer, () => this.map.getCanvas().classList.remove("hand"));
    }
  }

  /** @param {string} id */
  addIcon(id) {
    const icon = drawIcons(this.tokens)[id];
    if (icon && !this.map.hasImage(id)) this.map.addImage(id, icon, { pixelRatio: ICON_RATIO });
  }

  /** Takes over the colours of the theme that is on. */
  retheme() {
    this.tokens = readTokens();
    for (const [id, icon] of Object.entries(drawIcons(this.tokens)))
      if (this.map.hasImage(id)) this.map.updateImage(id, icon);
    const fresh = mapStyle(this.tokens, this.view.info.centre.kode);
    // The names come from the style itself, so they fit the layer.
    for (const layer of fresh.layers)
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        this.map.setPaintProperty(layer.id, /** @type {any} */ (name), value);
  }

  /** @param {View} view */
  draw(view) {
    this.view = view;
    if (!this.map.getSource("titik")) return;
    const placed = placedOf(view);
    const key = JSON.stringify(
      placed.map((one) => [
        one.id,
        one.label,
        one.sel,
        one.icon,
        one.fix.lat_deg,
        one.fix.lon_deg,
        one.fix.radius_95_m,
      ]),
    );
    if (key === this.drawn) return;
    this.drawn = key;
    this.placed = placed;
    this.hatched = "";
    this.put("lingkar", placed.flatMap(circles));
    this.put("titik", placed.map(point));
    this.put("nama", placed.filter((one) => one.sel).map(nameTag));
    if (!placed.some((one) => one.sel)) {
      this.put("arsir", []);
      this.put("bagian", []);
    }
    this.map.triggerRepaint();
  }

  /**
   * @param {string} source
   * @param {GeoJSON.Feature[]} features
   */
  put(source, features) {
    const found = /** @type {GeoJSONSource | undefined} */ (this.map.getSource(source));
    found?.setData({ type: "FeatureCollection", features });
  }

  /** Hatches the part of the selected circle that lies outside of the own centre, as far as tiles are loaded. */
  drawHatch() {
    const one = this.placed.find((item) => item.sel && item.fix.radius_95_m);
    const { lng, lat } = this.map.getCenter();
    const place = `${lng.toFixed(4)} ${lat.toFixed(4)} ${this.map.getZoom().toFixed(2)}`;
    const key = one ? `${one.id} ${one.fix.recorded_at} ${one.fix.radius_95_m} ${place}` : "";
    if (key === this.hatched) return;
    this.hatched = key;
    if (!one?.fix.radius_95_m) {
      this.put("arsir", []);
      this.put("bagian", []);
      return;
    }
    const { kode } = this.view.info.centre;
    // Without boundaries nothing can be said about sides.
    if (!this.map.querySourceFeatures("dasar", { sourceLayer: "kabkota" }).length) {
      this.hatched = "";
      return;
    }
    const pieces = this.map.querySourceFeatures("dasar", {
      sourceLayer: "kabkota",
      filter: ["==", ["get", "kode"], kode],
    });
    const polygons = pieces.flatMap(({ geometry }) => {
      if (geometry.type === "Polygon") return [geometry.coordinates];
      return geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    });
    const sides = hatch(middleOf(one.fix), one.fix.radius_95_m, /** @type {LonLat[][][]} */ (polygons));
    this.put("arsir", [feature({ type: "MultiLineString", coordinates: sides.outside }, {})]);
    this.put("bagian", this.widthPixels(one.fix) < SHARES_PX ? [] : partLabels(one, sides, this.view));
  }

  /** @param {Fix} fix how wide its 95 % circle is on the screen */
  widthPixels(fix) {
    const middle = middleOf(fix);
    const edge = destination(middle, 90, fix.radius_95_m ?? 0);
    return 2 * Math.abs(this.map.project(edge).x - this.map.project(middle).x);
  }

  /** Shows the selected call or incident at a scale where its circle fills a good part of the map. */
  show() {
    const one = this.placed.find((item) => item.sel);
    if (!one) return;
    const radius_m = Math.max(one.fix.radius_95_m ?? 0, 150) * 2.2;
    this.locked = false;
    this.before = null;
    this.fly(boxAround(middleOf(one.fix), radius_m), 40);
  }

  /** A selection outside of the picture is brought in, unless a hand has moved the map. */
  follow() {
    const one = this.placed.find((item) => item.sel);
    if (!one || this.locked || this.map.getBounds().contains(middleOf(one.fix))) return;
    this.map.easeTo({ center: middleOf(one.fix), duration: still() ? 0 : 300 });
  }

  /** All own land and every call near it; once more puts the map back as it was. */
  fit() {
    if (this.before) {
      const { center, zoom } = this.before;
      this.before = null;
      this.map.easeTo({ center, zoom, duration: still() ? 0 : 300 });
      this.how.fitted(false);
      return;
    }
    const { lng, lat } = this.map.getCenter();
    this.before = { center: [lng, lat], zoom: this.map.getZoom() };
    this.locked = false;
    const [west, south, east, north] = this.view.info.bounds_deg;
    const box = [west, south, east, north];
    for (const { fix } of this.placed) {
      const [lon, at] = middleOf(fix);
      if (lon < west - REACH_DEG || lon > east + REACH_DEG || at < south - REACH_DEG || at > north + REACH_DEG)
        continue;
      box[0] = Math.min(box[0] ?? lon, lon);
      box[1] = Math.min(box[1] ?? at, at);
      box[2] = Math.max(box[2] ?? lon, lon);
      box[3] = Math.max(box[3] ?? at, at);
    }
    this.fly(/** @type {[number, number, number, number]} */ (box), 48);
    this.how.fitted(true);
  }

  /**
   * @param {[number, number, number, number]} box
   * @param {number} padding
   */
  fly(box, padding) {
    this.map.fitBounds(box, { padding, maxZoom: 16, duration: still() ? 0 : 400 });
  }

  /** The map came to sight, on a phone perhaps for the first time. */
  shown() {
    this.map.resize();
    if (this.seen) return;
    this.seen = true;
    this.map.fitBounds(this.view.info.bounds_deg, { padding: 24, duration: 0 });
  }
}

/**
 * @param {View} view
 * @returns {Placed[]}
 */
function placedOf(view) {
  const { state, selection, format } = view;
  /** @param {string} kind @param {string} id */
  const chosen = (kind, id) => selection?.kind === kind && selection.id === id;
  /** @type {Placed[]} */
  const placed = [];
  const calls = queue(state).filter((call) => call.state !== "ended" && !call.incident_id);
  const extra = selection?.kind === "call" ? state.calls.get(selection.id) : undefined;
  if (extra && !calls.includes(extra)) calls.push(extra);
  for (const call of calls) {
    if (!call.fix) continue;
    const sel = chosen("call", call.call_id);
    const name = shortName(call, format);
    const what = `${name} ${radiusOf(call.fix, format)}`;
    const title = call.category ? `${name} ${shortCategory(call.category)}` : name;
    const label = sel ? `${title}\n${sourceOf(call.fix)} ${radiusOf(call.fix, format)}` : what;
    placed.push({
      kind: "call",
      id: call.call_id,
      fix: call.fix,
      jurisdiction: call.jurisdiction,
      icon: iconOf(call.fix),
      label,
      sel,
      order: call.state === "ringing" ? 0 : 2,
    });
  }
  for (const incident of openIncidents(state)) {
    if (!incident.fix) continue;
    const number = String(incident.number).padStart(4, "0");
    const sel = chosen("incident", incident.incident_id);
    const word = shortCategory(incident.category);
    const label = sel
      ? `${number} ${word}\n${sourceOf(incident.fix)} ${radiusOf(incident.fix, format)}`
      : `${number} ${word}`;
    placed.push({
      kind: "incident",
      id: incident.incident_id,
      fix: incident.fix,
      jurisdiction: incident.jurisdiction,
      icon: `p${priorityKey(incident.priority)}`,
      label,
      sel,
      order: 1,
    });
  }
  return placed;
}

/** @param {Fix} fix */
function iconOf(fix) {
  if (fix.radius_95_m === null) return "unknown";
  return fix.radius_95_m <= RING_M ? "ring" : "cross";
}

/** @param {Placed} one */
function point(one) {
  const { kind, id, icon, label, sel, order } = one;
  const offset = icon === "unknown" ? 1.6 : 0.95;
  return feature(
    { type: "Point", coordinates: middleOf(one.fix) },
    { kind, id, icon, label: sel ? "" : label, sel, order, offset },
  );
}

/**
 * What the selected circle is stands below it, where it covers neither its shares nor its middle.
 *
 * @param {Placed} one
 */
function nameTag(one) {
  const radius_m = one.fix.radius_95_m ?? 0;
  const coordinates = destination(middleOf(one.fix), 180, radius_m);
  const offset = one.icon === "unknown" ? 1.5 : radius_m <= RING_M || one.kind === "incident" ? 0.9 : 0.4;
  return feature({ type: "Point", coordinates }, { label: one.label, offset: [0, offset] });
}

/**
 * The 95 % circle, and inside it the one that the message stated.
 *
 * @param {Placed} one
 */
function circles(one) {
  const { radius_95_m, radius_m } = one.fix;
  if (radius_95_m === null) return [];
  const common = { kind: one.kind, id: one.id, sel: one.sel, radius: radius_95_m };
  const area = feature(
    { type: "Polygon", coordinates: [circleRing(middleOf(one.fix), radius_95_m)] },
    { ...common, role: "area" },
  );
  if (!one.sel || radius_m === null || radius_m > radius_95_m * 0.95) return [area];
  return [
    area,
    feature({ type: "Polygon", coordinates: [circleRing(middleOf(one.fix), radius_m)] }, { ...common, role: "stated" }),
  ];
}

/**
 * @param {Placed} one
 * @param {{ insideAt: LonLat | null, outsideAt: LonLat | null }} sides
 * @param {View} view
 */
function partLabels(one, sides, view) {
  if (one.jurisdiction?.outcome !== "straddles") return [];
  const own = one.jurisdiction.shares.find((share) => share.kode === view.info.centre.kode);
  const other = one.jurisdiction.shares.find((share) => share.kode !== view.info.centre.kode);
  const labels = [];
  if (own && sides.insideAt)
    labels.push(feature({ type: "Point", coordinates: sides.insideAt }, { label: view.format.percent(own.share) }));
  if (other && sides.outsideAt)
    labels.push(feature({ type: "Point", coordinates: sides.outsideAt }, { label: view.format.percent(other.share) }));
  return labels;
}

/**
 * @param {GeoJSON.Geometry} geometry
 * @param {Record<string, string | number | boolean | number[]>} properties
 * @returns {GeoJSON.Feature}
 */
function feature(geometry, properties) {
  return { type: "Feature", geometry, properties };
}

/**
 * @param {LonLat} middle
 * @param {number} radius_m
 * @returns {[number, number, number, number]}
 */
function boxAround(middle, radius_m) {
  const [east] = destination(middle, 90, radius_m);
  const [, north] = destination(middle, 0, radius_m);
  return [2 * middle[0] - east, 2 * middle[1] - north, east, north];
}
