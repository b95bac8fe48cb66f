/**
 * What the server sends, as docs/api.md names it.
 *
 * @typedef {{ kode: string, nama: string }} Place
 * @typedef {{ kode: string, nama: string, share: number }} Share
 * @typedef {{
 *   shape: string, lat_deg: number, lon_deg: number, radius_m: number | null, confidence_share: number | null,
 *   radius_95_m: number | null, taken_at: string | null, recorded_at: string, source: string,
 *   method: string | null, warnings: string[]
 * }} Fix
 * @typedef {{
 *   outcome: "inside" | "straddles" | "outside", centre: Place, shares: Share[], kecamatan: Share[],
 *   outside_share: number, unknown_share: number, nearest: Place | null, gap_m: number | null,
 *   question: string | null, boundaries: string, warnings: string[]
 * }} Jurisdiction
 * @typedef {{ field: string | null, reason: string, at: string }} Refused
 * @typedef {"waiting" | "ringing" | "answered" | "ended"} CallState
 * @typedef {{
 *   call_id: string, n: number, channel: string, state: CallState, number: string | null, received_at: string,
 *   ringing_at: string | null, answered_at: string | null, answered_by: string | null, ended_at: string | null,
 *   end_reason: string | null, disposition: string | null, category: string | null, note: string,
 *   incident_id: string | null, simulated: boolean, fix: Fix | null, fixes: Fix[],
 *   jurisdiction: Jurisdiction | null, refused: Refused[]
 * }} Call
 * @typedef {{
 *   incident_id: string, n: number, number: number, category: string, priority: number, state: "open" | "closed",
 *   disposition: string | null, note: string, opened_at: string, opened_by: string | null,
 *   closed_at: string | null, call_ids: string[], fix: Fix | null, jurisdiction: Jurisdiction | null,
 *   simulated: boolean
 * }} Incident
 * @typedef {{ n: number, at: string, centre: Place, simulated: boolean, calls: Call[], incidents: Incident[] }} Snapshot
 * @typedef {{ user: string, name: string, roles: string[], centre: Place }} Session
 * @typedef {{
 *   centre: Place, neighbours: { kode: string, nama: string, voice_number: string | null }[],
 *   bounds_deg: [number, number, number, number], boundaries: string
 * }} MapInfo
 * @typedef {{ kind: "call", id: string } | { kind: "incident", id: string } | null} Selection
 * @typedef {null | "open" | "edit" | "close"} FormName
 *
 * What the panels draw from: read by all, written through current.js alone.
 * @typedef {{
 *   state: import("./state.js").State, session: Session, info: MapInfo, timeZone: string, format: import("./format.js").Format,
 *   selection: Selection, filter: string, form: FormName
 * }} View
 *
 * What a panel may ask for.
 * @typedef {{
 *   select: (selection: Selection) => void, show: () => void, back: () => void, form: (name: FormName) => void,
 *   answer: () => void, prank: () => void,
 *   open: (what: { category: string, priority: number, note: string }) => void,
 *   link: (incident: string) => void, edit: (what: { category: string, note: string }) => void,
 *   closeAs: (disposition: string) => void, refuse: (text: string) => void
 * }} Actions
 */
export {};
