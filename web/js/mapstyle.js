/** How the map looks: own land plain, neighbours hatched, borders above, names on top. */

/**
 * @typedef {import("./mapicons.js").Tokens} Tokens
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").StyleSpecification} StyleSpecification
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").LayerSpecification} LayerSpecification
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").SourceSpecification} SourceSpecification
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").ExpressionSpecification} ExpressionSpecification
 * @typedef {import("../vendor/maplibre-gl/maplibre-gl.mjs").SymbolLayerSpecification} SymbolLayerSpecification
 */

/** @returns {SourceSpecification} a circle keeps all its corners at every zoom */
const empty = () => ({ type: "geojson", tolerance: 0, data: { type: "FeatureCollection", features: [] } });
const MEDIUM = ["Inter Medium"];
const BOLD = ["Inter SemiBold"];

/**
 * The version stands in the address, so that a browser never shows tiles of two versions beside each other.
 *
 * @param {string} version of the boundaries
 */
export const tilesOf = (version) => [
  `${location.origin}/api/v1/tiles/{z}/{x}/{y}.mvt?v=${encodeURIComponent(version)}`,
];

/**
 * @param {Tokens} tokens
 * @param {string} own code of the centre
 * @param {string} version of the boundaries
 * @returns {StyleSpecification}
 */
export function mapStyle(tokens, own, version) {
  return {
    version: 8,
    sources: {
      dasar: {
        type: "vector",
        tiles: tilesOf(version),
        minzoom: 0,
        maxzoom: 16,
      },
      lingkar: empty(),
      arsir: empty(),
      titik: empty(),
      nama: empty(),
      bagian: empty(),
    },
    layers: [...landLayers(tokens, own), ...nameLayers(tokens, own), ...callLayers(tokens)],
  };
}

/**
 * @param {Tokens} c
 * @param {string} own
 * @returns {LayerSpecification[]}
 */
function landLayers(c, own) {
  const land = { source: "dasar", "source-layer": "kabkota" };
  const border = { source: "dasar", "source-layer": "batas" };
  return [
    { id: "laut", type: "background", paint: { "background-color": c.sea ?? "" } },
    {
      id: "tetangga",
      type: "fill",
      ...land,
      filter: ["!=", ["get", "kode"], own],
      paint: { "fill-color": c["land-out"] ?? "", "fill-antialias": false },
    },
    {
      id: "celah",
      type: "fill",
      source: "dasar",
      "source-layer": "celah",
      paint: { "fill-color": c["land-out"] ?? "" },
    },
    {
      id: "tetangga-arsir",
      type: "fill",
      ...land,
      filter: ["!=", ["get", "kode"], own],
      paint: { "fill-pattern": "hatch" },
    },
    {
      id: "sendiri",
      type: "fill",
      ...land,
      filter: ["==", ["get", "kode"], own],
      paint: { "fill-color": c["land-in"] ?? "", "fill-antialias": false },
    },
    {
      id: "batas-kecamatan",
      type: "line",
      ...border,
      minzoom: 8,
      filter: ["==", ["get", "tingkat"], "kecamatan"],
      layout: { "line-join": "round" },
      paint: {
        "line-color": c.kec ?? "",
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.25, 10, 0.8, 12, 1],
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1, 16, 2],
        "line-dasharray": [4, 3],
      },
    },
    {
      id: "pantai",
      type: "line",
      ...border,
      filter: ["==", ["get", "tingkat"], "pantai"],
      layout: { "line-join": "round" },
      paint: { "line-color": c.coast ?? "", "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 12, 1.4] },
    },
    {
      id: "batas-kabkota",
      type: "line",
      ...border,
      filter: ["==", ["get", "tingkat"], "kabkota"],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": c["border-2"] ?? "",
        "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 9, 1.1, 12, 1.6, 16, 3],
      },
    },
    {
      id: "batas-sendiri",
      type: "line",
      ...border,
      filter: [
        "all",
        ["!=", ["get", "tingkat"], "kecamatan"],
        ["any", ["==", ["get", "kiri"], own], ["==", ["get", "kanan"], own]],
      ],
      layout: { "line-join": "round" },
      paint: {
        "line-color": c.border ?? "",
        "line-width": ["interpolate", ["linear"], ["zoom"], 6, 1.2, 10, 1.8, 13, 2.2, 16, 3.5],
      },
    },
  ];
}

/**
 * @param {string} id
 * @param {string} layer
 * @param {number} minzoom
 * @param {Tokens} c
 * @param {string} own
 * @returns {LayerSpecification}
 */
function kecamatanNames(id, layer, minzoom, c, own) {
  return {
    id,
    type: "symbol",
    source: "dasar",
    "source-layer": layer,
    minzoom,
    filter: ["==", ["get", "kelas"], "kecamatan"],
    layout: {
      "text-field": ["get", "nama"],
      "text-transform": "uppercase",
      "text-font": MEDIUM,
      "text-letter-spacing": 0.06,
      "text-size": ["interpolate", ["linear"], ["zoom"], 8.5, 9.5, 11, 11, 16, 14],
      "text-max-width": 9,
      "text-padding": 3,
      "symbol-sort-key": ["coalesce", ["get", "rank"], 0],
    },
    paint: {
      "text-color": c["text-3"] ?? "",
      "text-halo-color": ["case", ["==", ["get", "kode_kabkota"], own], c["land-in"] ?? "", c["land-out"] ?? ""],
      "text-halo-width": 1.4,
      "text-opacity": ["interpolate", ["linear"], ["zoom"], 8.5, 0, 9.2, 1],
    },
  };
}

/**
 * @param {Tokens} c
 * @param {string} own
 * @returns {LayerSpecification[]}
 */
function nameLayers(c, own) {
  const label = { source: "dasar", "source-layer": "label" };
  return [
    kecamatanNames("nama-kecamatan", "label", 8.5, c, own),
    // Close up a kecamatan is named in every tile that it fills.
    kecamatanNames("nama-kecamatan-lagi", "label_ulang", 13, c, own),
    {
      id: "nama-kabkota",
      type: "symbol",
      ...label,
      maxzoom: 12.5,
      filter: ["==", ["get", "kelas"], "kabkota"],
      layout: {
        "text-field": ["get", "nama"],
        "text-font": BOLD,
        "text-size": ["interpolate", ["linear"], ["zoom"], 5, 10.5, 8, 12, 11, 14],
        "text-max-width": 8,
        "text-padding": 4,
        "symbol-sort-key": ["case", ["==", ["get", "kode"], own], -1, ["coalesce", ["get", "rank"], 0]],
      },
      paint: { "text-color": c["text-2"] ?? "", "text-halo-color": c["land-out"] ?? "", "text-halo-width": 1.6 },
    },
  ];
}

/**
 * @param {Tokens} c
 * @returns {LayerSpecification[]}
 */
function callLayers(c) {
  const ink = c.text ?? "";
  /** @type {ExpressionSpecification} */
  const chosen = ["boolean", ["get", "sel"], false];
  /** @type {SymbolLayerSpecification["layout"]} */
  const label = {
    "text-field": ["get", "label"],
    "text-font": ["Inter SemiBold"],
    "text-size": 12,
    "text-variable-anchor": ["left", "right", "top", "bottom"],
    "text-radial-offset": ["get", "offset"],
    "text-justify": "auto",
    "text-max-width": 30,
  };
  const paint = { "text-color": ink, "text-halo-color": c["land-in"] ?? "", "text-halo-width": 2 };
  return [
    {
      id: "lingkar",
      type: "fill",
      source: "lingkar",
      filter: ["==", ["get", "role"], "area"],
      paint: { "fill-color": ink, "fill-opacity": ["case", chosen, 0.22, 0.08], "fill-antialias": false },
    },
    {
      id: "arsir",
      type: "line",
      source: "arsir",
      paint: { "line-color": ink, "line-width": 1.4, "line-opacity": 0.6 },
    },
    {
      id: "lingkar-tepi",
      type: "line",
      source: "lingkar",
      filter: ["==", ["get", "role"], "area"],
      paint: { "line-color": ink, "line-width": ["case", chosen, 2.2, 1.2], "line-opacity": ["case", chosen, 1, 0.75] },
    },
    {
      id: "lingkar-dalam",
      type: "line",
      source: "lingkar",
      filter: ["==", ["get", "role"], "stated"],
      paint: { "line-color": ink, "line-width": 1.1, "line-opacity": 0.8, "line-dasharray": [3, 3] },
    },
    {
      id: "lingkar-lain",
      type: "line",
      source: "lingkar",
      filter: ["==", ["get", "role"], "other"],
      paint: { "line-color": ink, "line-width": 1.1, "line-opacity": 0.6, "line-dasharray": [6, 3] },
    },
    {
      id: "titik",
      type: "symbol",
      source: "titik",
      filter: ["!", chosen],
      layout: {
        "icon-image": ["get", "icon"],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        ...label,
        "text-optional": true,
        "symbol-sort-key": ["get", "order"],
      },
      paint,
    },
    {
      id: "titik-terpilih",
      type: "symbol",
      source: "titik",
      filter: chosen,
      layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-ignore-placement": true },
    },
    {
      id: "nama-lain",
      type: "symbol",
      source: "nama",
      filter: ["has", "other"],
      layout: { "text-field": ["get", "label"], "text-font": BOLD, "text-size": 11, "text-anchor": "bottom" },
      paint: { ...paint, "text-halo-width": 2 },
    },
    {
      id: "nama",
      type: "symbol",
      source: "nama",
      filter: ["!", ["has", "other"]],
      layout: {
        "text-field": ["get", "label"],
        "text-font": BOLD,
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": ["get", "offset"],
        "text-max-width": 40,
        "text-allow-overlap": true,
      },
      paint: { ...paint, "text-halo-width": 2.5 },
    },
    {
      id: "bagian",
      type: "symbol",
      source: "bagian",
      layout: {
        "text-field": ["get", "label"],
        "text-font": BOLD,
        "text-size": 13,
        "text-offset": ["case", ["get", "lifted"], ["literal", [0, -1.5]], ["literal", [0, 0]]],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { ...paint, "text-halo-color": c.panel ?? "", "text-halo-width": 2.5 },
    },
  ];
}
