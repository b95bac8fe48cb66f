/**
 * Numbers, times and telephone numbers as they are written at the centre.
 *
 * @typedef {ReturnType<typeof createFormat>} Format
 */

const ZONES = /** @type {Record<string, string>} */ ({
  "Asia/Jakarta": "WIB",
  "Asia/Pontianak": "WIB",
  "Asia/Makassar": "WITA",
  "Asia/Jayapura": "WIT",
});

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");

/**
 * Time that passed: `00.42`, `14.05`, `3.05.00`, `4 hari`.
 *
 * @param {number} seconds
 * @param {string} day word for days
 */
export function duration(seconds, day = "hari") {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 172800) return `${Math.floor(whole / 86400)} ${day}`;
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}.${two(whole % 60)}`;
  return hours ? `${hours}.${rest}` : rest;
}

/**
 * A telephone number in groups that can be read aloud; null stays null.
 *
 * @param {string | null} number
 */
export function phone(number) {
  if (!number) return null;
  const mobile = /^\+62(8\d{2})(\d{3,4})(\d{3,5})$/.exec(number);
  if (mobile) return `+62 ${mobile[1]}-${mobile[2]}-${mobile[3]}`;
  const big = /^\+62(21|22|24|31|61)(\d{3,4}?)(\d{3,4})$/.exec(number);
  if (big) return `+62 ${big[1]}-${big[2]}-${big[3]}`;
  const land = /^\+62([2-79]\d{2})(\d{3})(\d{2,5})$/.exec(number);
  if (land) return `+62 ${land[1]}-${land[2]}-${land[3]}`;
  return number;
}

/**
 * @param {{ language: "id" | "en", timeZone: string }} where
 */
export function createFormat({ language, timeZone }) {
  const mark = language === "id" ? "," : ".";
  const zone = ZONES[timeZone] ?? timeZone;
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });

  /** @param {Date} at */
  const split = (at) => Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]));

  /**
   * @param {number} value
   * @param {number} digits
   */
  const decimal = (value, digits) => value.toFixed(digits).replace(".", mark);

  return {
    zone,
    decimal,
    /** @param {Date} at `19.42.08` */
    clock(at) {
      const p = split(at);
      return `${p.hour}.${p.minute}.${p.second}`;
    },
    /** @param {Date} at `19.42` */
    minute(at) {
      const p = split(at);
      return `${p.hour}.${p.minute}`;
    },
    /** @param {Date} at `22/11/2026` */
    date(at) {
      const p = split(at);
      return `${p.day}/${p.month}/${p.year}`;
    },
    /** @param {Date} at `22/11/2026 19.42 WIB` */
    full(at) {
      return `${this.date(at)} ${this.minute(at)} ${zone}`;
    },
    /** @param {number} metres `14 m`, `1,4 km`, `40 km` */
    distance(metres) {
      if (metres < 995) return `${metres < 100 ? Math.round(metres) : Math.round(metres / 5) * 5} m`;
      return metres < 9950 ? `${decimal(metres / 1000, 1)} km` : `${Math.round(metres / 1000)} km`;
    },
    /** @param {number} share a share below 1 is never written as 100 per cent, one above 0 never as 0; never torn apart */
    percent(share) {
      return `${this.percentNumber(share)}\u00a0%`;
    },
    /** @param {number} share */
    percentNumber(share) {
      if (share >= 1) return "100";
      if (share <= 0) return "0";
      if (share < 0.005) return "<1";
      return String(Math.min(99, Math.round(share * 100)));
    },
    /** @param {number} seconds `0,8 dtk`, `12 dtk` */
    seconds(seconds) {
      const unit = language === "id" ? "dtk" : "s";
      return `${seconds < 9.95 ? decimal(Math.max(0, seconds), 1) : Math.round(seconds)} ${unit}`;
    },
    /** @param {number} seconds */
    age(seconds) {
      return duration(seconds, language === "id" ? "hari" : "days");
    },
  };
}
