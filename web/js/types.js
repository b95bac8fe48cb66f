/**
 * What the server sends, as docs/api.md names it.
 *
 * @typedef {{ kode: string, nama: string }} Place
 * @typedef {{ kode: string, nama: string, share: number }} Share
 * @typedef {{
 *   n: number, shape: string, lat_deg: number, lon_deg: number, radius_m: number | null,
 *   confidence_share: number | null, radius_95_m: number | null, area_m2: number | null,
 *   outline_95: [number, number][][] | null, semi_major_m?: number | null, semi_minor_m?: number | null,
 *   inner_m?: number | null, outer_m?: number | null, start_deg?: number | null, opening_deg?: number | null,
 *   taken_at: string | null, recorded_at: string, source: string, method: string | null, warnings: string[],
 *   status: "used" | "known" | "not_used", why: string
 * }} Fix
 * @typedef {{ fix_n: [number, number], gap_m: number }} Contradiction
 * @typedef {{
 *   link_id: string, via: string, state: string, created_at: string, expires_at: string, opened_at: string | null,
 *   last_seen_at: string | null, closed_at: string | null, openers: number, gateway: string, number: string | null
 * }} Link
 * @typedef {Link & { url: string, text: string, whatsapp_url: string | null }} Given
 * @typedef {{
 *   name: string, kind: string, kode: string | null, kecamatan: string | null, kabkota: string | null,
 *   lat_deg: number, lon_deg: number, radius_m: number | null, confidence_share: number | null, score_share: number,
 *   distance_m: number | null, why: string[]
 * }} FoundPlace
 * @typedef {{ number: string, nama: string, why: string }} SecondLine
 * @typedef {{
 *   centre: Share | null, sure: boolean, tell: Share[], shares: Share[], kecamatan: Share[], outside_share: number,
 *   boundary_accuracy_m: number, boundaries: string
 * }} Decision
 * @typedef {"ya" | "tidak" | "tidak_tahu"} Reply
 * @typedef {{
 *   n?: number | null, text: string, text_en: string, kind: string, place: string, lat_deg: number, lon_deg: number,
 *   gain_bits: number, if_yes: Share[], if_no: Share[]
 * }} Question
 * @typedef {{
 *   question_n: number, text: string, text_en: string, kind: string, place: string, reply: Reply | null, by: string,
 *   at: string
 * }} Answer
 * @typedef {{
 *   outcome: "inside" | "straddles" | "outside", centre: Place, shares: Share[], kecamatan: Share[],
 *   outside_share: number, outside_kind: "sea" | "abroad" | "lake" | "gap" | null, second_line: SecondLine[],
 *   unknown_share: number, nearest: Place | null, gap_m: number | null,
 *   question: Question | null, decision?: Decision | null,
 *   before_answers?: Decision | null, boundaries: string, warnings: string[]
 * }} Jurisdiction
 * @typedef {{ field: string | null, reason: string, at: string }} Refused
 * @typedef {"waiting" | "ringing" | "answered" | "ended"} CallState
 * @typedef {{
 *   call_id: string, n: number, channel: string, state: CallState, number: string | null, received_at: string,
 *   ringing_at: string | null, answered_at: string | null, answered_by: string | null, ended_at: string | null,
 *   end_reason: string | null, disposition: string | null, category: string | null, note: string,
 *   incident_id: string | null, simulated: boolean, fix: Fix | null, fixes: Fix[],
 *   jurisdiction: Jurisdiction | null, refused: Refused[], why?: string | null,
 *   contradictions?: Contradiction[], links?: Link[], answers?: Answer[]
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
 * @typedef {null | "open" | "edit" | "close" | "share" | "place"} FormName
 *
 * What the panels draw from: read by all, written through current.js alone.
 * @typedef {{
 *   state: import("./state.js").State, session: Session, info: MapInfo, timeZone: string, format: import("./format.js").Format,
 *   selection: Selection, filter: string, form: FormName,
 *   given: Given | null
 * }} View
 *
 * What a panel may ask for.
 * @typedef {{
 *   select: (selection: Selection) => void, show: () => void, back: () => void, form: (name: FormName) => void,
 *   answer: () => void, prank: () => void,
 *   open: (what: { category: string, priority: number, note: string }) => void,
 *   link: (incident: string) => void, edit: (what: { category: string, note: string }) => void,
 *   closeAs: (disposition: string) => void, refuse: (text: string) => void,
 *   share: (what: { via: string, number: string }) => void, closeShare: (link: string) => void,
 *   renewShare: (link: string) => void, reply: (reply: Reply) => void, takeBack: (question: number) => void,
 *   place: (place: FoundPlace | null, text: string) => void,
 *   search: (text: string) => Promise<FoundPlace[] | null>
 * }} Actions
 */
export {};
