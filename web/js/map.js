/** The only file that knows the map library. */

import { Map as LibreMap, ScaleControl } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { hatch } from "./circle.js";
import { drawIcons, ICON_RATIO, readTokens } from "./mapicons.js";
import { mapStyle, tilesOf } from "./mapstyle.js";
import { areas, boxOf, feature, middleOf, nameTag, otherTags, partLabels, placedOf, point, ringsOf } from "./placed.js";

/**
 * @typedef {import("./types.js").Fix} Fix
 * @typedef {import("./types.js").Selection} Selection
 * @typedef {import("./types.js").View} View
 * @typedef {import("./circle.js").LonLat} LonLat
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").GeoJSONSource} GeoJSONSource
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").VectorTileSource} VectorTileSource
 * @typedef {{ center: LonLat, zoom: number }} Camera
 * @typedef {import("./placed.js").Placed} Placed
 */

/** A fix farther than this from the own land does not widen the view, in degrees. */
const REACH_DEG = 0.4;

/** In a narrower circle the shares are not written, in pixels. */
const SHARES_PX = 110;

/** Nearer to the middle of an area a share would cover its cross, in pixels. */
const CLEAR_PX = 26;

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

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
    this.styled = false;
    this.seen = box.clientWidth > 0;
    this.drawn = "";
    this.hatched = "";
    this.tokens = readTokens();
    const { bounds_deg, centre, boundaries } = view.info;
    this.map = new LibreMap({
      container: box,
      style: mapStyle(this.tokens, centre.kode, boundaries),
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
    // The theme may have been changed while the style was being read.
    this.map.on("style.load", () => {
      this.styled = true;
      this.retheme();
    });
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

  /** Stops the map and what it still asks for. */
  close() {
    this.map.remove();
  }

  /** @param {string} id */
  addIcon(id) {
    const icon = drawIcons(this.tokens)[id];
    if (icon && !this.map.hasImage(id)) this.map.addImage(id, icon, { pixelRatio: ICON_RATIO });
  }

  /** Takes over the colours of the theme that is on. */
  retheme() {
    this.tokens = readTokens();
    if (!this.styled) return;
    for (const [id, icon] of Object.entries(drawIcons(this.tokens)))
      if (this.map.hasImage(id)) this.map.updateImage(id, icon);
    const fresh = mapStyle(this.tokens, this.view.info.centre.kode, this.view.info.boundaries);
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
        one.fix.outline_95,
        one.others.map((fix) => fix.n),
      ]),
    );
    if (key === this.drawn) return;
    this.drawn = key;
    this.placed = placed;
    this.hatched = "";
    this.put("lingkar", placed.flatMap(areas));
    this.put("titik", placed.map(point));
    this.put(
      "nama",
      placed.filter((one) => one.sel).flatMap((one) => [nameTag(one), ...otherTags(one)]),
    );
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

  /** @param {string} version of the boundaries that are in force now */
  useBoundaries(version) {
    const found = /** @type {VectorTileSource | undefined} */ (this.map.getSource("dasar"));
    found?.setTiles(tilesOf(version));
    this.hatched = "";
  }

  /** Hatches the part of the selected area that lies outside of the own centre, as far as tiles are loaded. */
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
    const sides = hatch(ringsOf(one.fix), /** @type {LonLat[][][]} */ (polygons));
    this.put("arsir", [feature({ type: "MultiLineString", coordinates: sides.outside }, {})]);
    this.put(
      "bagian",
      this.widthPixels(one.fix) < SHARES_PX
        ? []
        : partLabels(one, sides, this.view).map((label) => this.besideMiddle(label, one.fix)),
    );
  }

  /**
   * Lifts a share off the cross in the middle of the area, so that both are read.
   *
   * @param {GeoJSON.Feature<GeoJSON.Point>} label
   * @param {Fix} fix
   */
  besideMiddle(label, fix) {
    const at = this.map.project(/** @type {LonLat} */ (label.geometry.coordinates));
    const lifted = at.dist(this.map.project(middleOf(fix))) < CLEAR_PX;
    return { ...label, properties: { ...label.properties, lifted } };
  }

  /** @param {Fix} fix how wide its 95 % area is on the screen */
  widthPixels(fix) {
    const xs = ringsOf(fix)
      .flat()
      .map((corner) => this.map.project(corner).x);
    return xs.length ? Math.max(...xs) - Math.min(...xs) : 0;
  }

  /** Shows the selected call or incident at a scale where its area fills a good part of the map. */
  show() {
    const one = this.placed.find((item) => item.sel);
    if (!one) return;
    this.locked = false;
    this.before = null;
    this.fly(boxOf(one.fix), 40);
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
