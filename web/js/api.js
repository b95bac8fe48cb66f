/**
 * Talks to the centre's own server.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").FoundPlace} FoundPlace
 * @typedef {import("./types.js").Given} Given
 * @typedef {import("./types.js").Incident} Incident
 * @typedef {import("./types.js").Link} Link
 * @typedef {import("./types.js").MapInfo} MapInfo
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").Snapshot} Snapshot
 */

/** The server refused, or did not answer (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {string | null} field
   */
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function send(method, path, body) {
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, "", null);
  }
  const text = await answer.text();
  const found = text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : null;
  if (!answer.ok) {
    const first = found?.errors?.[0];
    throw new ApiError(
      answer.status,
      String(first?.message ?? found?.detail ?? found?.title ?? answer.statusText),
      found?.field ?? first?.field ?? null,
    );
  }
  return found;
}

/** @param {string} id */
const part = (id) => encodeURIComponent(id);

/** @param {{ lat_deg: number, lon_deg: number, radius_95_m: number | null }} near */
const nearness = ({ lat_deg, lon_deg, radius_95_m }) => ({
  lat_deg: String(lat_deg),
  lon_deg: String(lon_deg),
  ...(radius_95_m ? { radius_m: String(radius_95_m) } : {}),
});

export const api = {
  /**
   * @param {string} user
   * @param {string} password
   * @returns {Promise<Session>}
   */
  login: (user, password) => send("POST", "/login", { user, password }),
  logout: () => send("POST", "/logout"),
  /** @returns {Promise<Session>} */
  session: () => send("GET", "/session"),
  /** @returns {Promise<Snapshot>} */
  state: () => send("GET", "/state"),
  /**
   * @param {string} kode
   * @returns {Promise<{ time_zone: string }>}
   */
  centre: (kode) => send("GET", `/centres/${part(kode)}`),
  /** @returns {Promise<MapInfo>} */
  map: () => send("GET", "/map"),
  /**
   * @param {string} id
   * @returns {Promise<Call>}
   */
  answer: (id) => send("POST", `/calls/${part(id)}/answer`),
  /**
   * @param {string} id
   * @param {string} reason
   * @returns {Promise<Call>}
   */
  end: (id, reason) => send("POST", `/calls/${part(id)}/end`, { reason }),
  /**
   * @param {string} id
   * @param {string} disposition
   * @returns {Promise<Call>}
   */
  dispose: (id, disposition) => send("POST", `/calls/${part(id)}/disposition`, { disposition }),
  /**
   * @param {string} id
   * @param {{ category?: string, note?: string }} what
   * @returns {Promise<Call>}
   */
  note: (id, what) => send("POST", `/calls/${part(id)}/note`, what),
  /**
   * @param {string} id
   * @param {{ lat_deg: number, lon_deg: number, radius_m?: number, confidence_share?: number, source?: string }
   *   | { message: string }} position
   * @returns {Promise<Call>}
   */
  locate: (id, position) => send("POST", `/calls/${part(id)}/fixes`, position),
  /**
   * @param {string} id
   * @param {number} question
   * @param {import("./types.js").Reply | null} reply null takes an earlier one back
   * @returns {Promise<Call>}
   */
  reply: (id, question, reply) => send("POST", `/calls/${part(id)}/answers`, { question_n: question, reply }),
  /**
   * @param {string} id
   * @param {string} incident
   * @returns {Promise<Call>}
   */
  link: (id, incident) => send("POST", `/calls/${part(id)}/link`, { incident_id: incident }),
  /**
   * @param {string} text
   * @param {{ lat_deg: number, lon_deg: number, radius_95_m: number | null } | null} near
   * @returns {Promise<{ places: FoundPlace[] }>}
   */
  places: (text, near) =>
    send("GET", `/places?${new URLSearchParams({ q: text, limit: "8", ...(near ? nearness(near) : {}) })}`),
  /**
   * @param {string} id
   * @param {{ via: string, number?: string }} what
   * @returns {Promise<Given>}
   */
  share: (id, what) => send("POST", `/calls/${part(id)}/links`, what),
  /**
   * @param {string} id
   * @param {string} link
   * @param {"close" | "renew"} step
   * @returns {Promise<Link>}
   */
  shareStep: (id, link, step) => send("POST", `/calls/${part(id)}/links/${part(link)}/${step}`),
  /**
   * @param {string} id
   * @returns {Promise<Call>}
   */
  call: (id) => send("GET", `/calls/${part(id)}`),
  /**
   * @param {{ call_id: string, category: string, priority: number, note?: string }} what
   * @returns {Promise<Incident>}
   */
  open: (what) => send("POST", "/incidents", what),
  /**
   * @param {string} id
   * @param {string} disposition
   * @returns {Promise<Incident>}
   */
  close: (id, disposition) => send("POST", `/incidents/${part(id)}/close`, { disposition }),
};
