/**
 * Calls and incidents in the words of a dispatcher.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Fix} Fix
 * @typedef {import("./types.js").Jurisdiction} Jurisdiction
 * @typedef {import("./types.js").MapInfo} MapInfo
 * @typedef {import("./format.js").Format} Format
 */

import { phone } from "./format.js";
import { has, t } from "./i18n.js";

/** The categories of Kota Blitar's own statistics (2023), the most frequent first. */
export const CATEGORIES = [
  "PERMASALAHAN PJU",
  "INFORMASI",
  "PERMINTAAN AMBULANCE",
  "EVAKUASI HEWAN LIAR",
  "EVAKUASI & NON KEBAKARAN",
  "KECELAKAAN RINGAN",
  "EVAKUASI SARANG TAWON",
  "PERMASALAHAN LISTRIK (KABEL, TIANG, KONSLETING, DSB)",
  "KEBAKARAN",
  "POHON TUMBANG",
  "PERAMBASAN POHON",
  "PERMINTAAN AMBULANCE WILAYAH",
  "GANGGUAN KAMTIBMAS",
  "PERMINTAAN AMBULANCE RUMAH SAKIT",
  "ORANG DENGAN GANGGUAN JIWA (ODGJ)",
  "PENEMUAN MAYAT",
  "KEAMANAAN DAN KETERTIBAN UMUM / MASYARAKAT",
  "KEBENCANAAN",
  "KECELAKAAN BERAT",
  "KRIMINAL",
];

export const CALL_DISPOSITIONS = ["normal", "prank", "ghost", "informasi", "salah_sambung", "duplikat"];
export const INCIDENT_DISPOSITIONS = ["selesai", "dibatalkan", "informasi", "duplikat", "dialihkan", "prank", "ghost"];

const ABBREVIATIONS = new Set(["PJU", "ODGJ"]);

/** @param {string} name `KEBAKARAN` reads `Kebakaran`, abbreviations stay */
export function sentence(name) {
  if (name !== name.toUpperCase()) return name;
  const lower = name.replace(/[A-Z]+/g, (word) => (ABBREVIATIONS.has(word) ? word : word.toLowerCase()));
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/** @param {string} name without what stands in brackets */
export function shortCategory(name) {
  return sentence(name.replace(/ \(.*| \/ .*/, ""));
}

/** @param {string} nama `Kabupaten Blitar` reads `Kab. Blitar` */
export function centreName(nama) {
  return nama.replace(/^kabupaten /i, "Kab. ").replace(/^kota administrasi /i, "Kota Adm. ");
}

/** @param {Call} call */
export function numberOf(call) {
  return phone(call.number) ?? t("number.none");
}

/**
 * How a call is named beside its mark on the map: the end of its number, else when it came in.
 *
 * @param {Call} call
 * @param {Format} format
 */
export function shortName(call, format) {
  return call.number ? `…${call.number.slice(-4)}` : format.minute(new Date(call.received_at));
}

/** @param {Call} call */
export function stateOf(call) {
  if (call.disposition && call.disposition !== "normal" && call.state !== "ringing")
    return t(`disposition.${call.disposition}`);
  if (call.state === "answered" && call.answered_by) return t("state.answered.by", { who: call.answered_by });
  const state = t(`state.${call.state}`);
  return call.state === "waiting" && has(`channel.${call.channel}`)
    ? `${state} · ${t(`channel.${call.channel}`)}`
    : state;
}

/** @param {Fix} fix */
export function sourceOf(fix) {
  const method = `source.${fix.source}.${fix.method}`;
  if (has(method)) return t(method);
  return has(`source.${fix.source}`) ? t(`source.${fix.source}`) : fix.source;
}

/**
 * A source beside others; two telephones at one link are told apart.
 *
 * @param {Fix} fix
 */
export function namedSource(fix) {
  return fix.why === "other_phone" ? `${sourceOf(fix)}, ${t("why.other_phone")}` : sourceOf(fix);
}

/**
 * @param {Fix} fix
 * @param {Format} format
 */
export function radiusOf(fix, format) {
  return fix.radius_m === null ? t("radius.unknown.short") : t("radius", { radius: format.distance(fix.radius_m) });
}

/**
 * How far a position may be off, by its shape: `± 850 m (68 %)`, `± 1,3 km × 670 m`, `3,6–4,2 km dari menara`.
 *
 * @param {Fix} fix
 * @param {Format} format
 * @param {{ long?: boolean }} [how]
 */
export function extentOf(fix, format, { long = false } = {}) {
  const { distance } = format;
  if (fix.radius_m === null) return t("radius.unknown");
  const share = fix.confidence_share === null ? "" : format.percent(fix.confidence_share);
  if (fix.semi_major_m && fix.semi_minor_m)
    return t("extent.ellipse", { a: distance(fix.semi_major_m), b: distance(fix.semi_minor_m), share });
  if (fix.outer_m) {
    const key = fix.inner_m ? "extent.band" : "extent.sector";
    return t(long ? `${key}.long` : key, { inner: distance(fix.inner_m ?? 0), outer: distance(fix.outer_m), share });
  }
  if (fix.shape === "Polygon") return t("extent.polygon", { radius: distance(fix.radius_m), share });
  return share
    ? t("radius.stated", { radius: distance(fix.radius_m), share })
    : t("radius", { radius: distance(fix.radius_m) });
}

/**
 * `GPS ponsel ± 14 m · Kepanjenkidul`
 *
 * @param {{ fix: Fix | null, jurisdiction: Jurisdiction | null }} item
 * @param {Format} format
 */
export function positionLine({ fix, jurisdiction }, format) {
  if (!fix) return t("position.none");
  const first = jurisdiction?.kecamatan[0];
  return [`${sourceOf(fix)} ${radiusOf(fix, format)}`, first?.nama].filter(Boolean).join(" · ");
}

/**
 * What the dispatcher must know about the place, plainly.
 *
 * @param {Jurisdiction} jurisdiction
 * @param {MapInfo} map
 * @param {Format} format
 * @returns {{ text: string, urgent: boolean, voice: string | null }}
 */
export function areaSentence(jurisdiction, map, format) {
  const own = centreName(map.centre.nama);
  if (jurisdiction.outcome === "outside") {
    const centre = centreName((jurisdiction.nearest ?? jurisdiction.centre).nama);
    const gap = jurisdiction.gap_m;
    return {
      text:
        gap === null ? t("area.outside.nogap", { centre }) : t("area.outside", { centre, gap: format.distance(gap) }),
      urgent: true,
      voice: voiceOf(jurisdiction.centre.kode, map),
    };
  }
  if (jurisdiction.outcome === "straddles")
    return {
      text: borderSentence(jurisdiction, format),
      urgent: true,
      voice: voiceOf(otherThan(jurisdiction, map), map),
    };
  const centre = centreName(jurisdiction.centre.nama);
  if (jurisdiction.centre.kode === map.centre.kode)
    return { text: t("area.inside", { centre }), urgent: false, voice: null };
  return { text: t("area.other", { centre, own }), urgent: true, voice: voiceOf(jurisdiction.centre.kode, map) };
}

/**
 * @param {Jurisdiction} jurisdiction
 * @param {Format} format
 */
function borderSentence(jurisdiction, format) {
  const parts = jurisdiction.shares.slice(0, 3).map((one) => `${centreName(one.nama)} ${format.percent(one.share)}`);
  const others = jurisdiction.shares.slice(3).reduce((sum, one) => sum + one.share, 0);
  if (others > 0) parts.push(`${t("area.others")} ${format.percent(others)}`);
  // Slits between the source's polygons are no sea.
  if (jurisdiction.outside_share >= 0.005)
    parts.push(t("area.part.outside", { share: format.percent(jurisdiction.outside_share) }));
  if (jurisdiction.unknown_share > 0)
    parts.push(t("area.part.unknown", { share: format.percent(jurisdiction.unknown_share) }));
  return t("area.border", { parts: parts.join(", ") });
}

/**
 * @param {Jurisdiction} jurisdiction
 * @param {MapInfo} map
 */
function otherThan(jurisdiction, map) {
  return jurisdiction.shares.find((one) => one.kode !== map.centre.kode)?.kode ?? "";
}

/**
 * @param {string} kode
 * @param {MapInfo} map
 */
function voiceOf(kode, map) {
  const found = map.neighbours.find((one) => one.kode === kode);
  if (!found) return null;
  if (!found.voice_number) return t("area.novoice", { centre: centreName(found.nama) });
  return t("area.voice", { centre: centreName(found.nama), number: found.voice_number });
}

/**
 * Whom to call besides the centre: Basarnas at sea, the neighbour abroad; calls of older logs do not say.
 *
 * @param {Jurisdiction} jurisdiction
 */
export function secondLines(jurisdiction) {
  return (jurisdiction.second_line ?? []).map((line) =>
    t(line.why === "laut" ? "area.second.laut" : "area.second", { nama: line.nama, number: line.number }),
  );
}

/** @param {Jurisdiction} jurisdiction */
export function outsideWord(jurisdiction) {
  return jurisdiction.outside_kind ? t(`area.kind.${jurisdiction.outside_kind}`) : t("area.sea");
}

/** @param {string} warning */
export function warningText(warning) {
  return has(`warning.${warning}`) ? t(`warning.${warning}`) : warning;
}
