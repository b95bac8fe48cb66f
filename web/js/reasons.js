/** What the server says about a refusal, in the language of the screen; the wording of the server is the fallback. */

import { has, t } from "./i18n.js";

/** @type {[RegExp, string][]} */
const KNOWN = [
  [/^(\S+) looks like a longitude/, "reason.swapped"],
  [/^(\S+) is not a latitude/, "reason.lat"],
  [/^(\S+) is not a longitude/, "reason.lon"],
  [/^0\/0 is what devices send/, "reason.zero"],
  [/^(\S+) is not between 12 S and 7 N/, "reason.lat.abroad"],
  [/^(\S+) is not between 94 E and 142 E/, "reason.lon.abroad"],
  [/^the line is down already/, "reason.down"],
  [/^(.+) has answered this call/, "reason.answered"],
  [/is no pair of coordinates/, "reason.nopair"],
  [/^(\S+) is the short form of a plus code/, "reason.shortcode"],
  [/^the incident is closed/, "reason.incident.closed"],
  [/^the call is about an incident already/, "reason.linked"],
];

/** @param {string} reason */
export function reasonText(reason) {
  for (const [form, key] of KNOWN) {
    const found = form.exec(reason);
    if (found) return t(key, { value: found[1] ?? "" });
  }
  return reason;
}

/** @param {string} field */
export function fieldText(field) {
  const last = field.split(".").at(-1) ?? field;
  return has(`field.${last}`) ? t(`field.${last}`) : field;
}
