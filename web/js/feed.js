/**
 * Listens to the live stream, goes on where it stopped, and says how long it has been silent.
 *
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Incident} Incident
 * @typedef {{
 *   call: (call: Call) => void, incident: (incident: Incident) => void,
 *   beat: (beat: { n: number, at: string, boundaries: string }) => void, resync: () => void, lost: () => void
 * }} Listeners
 */

/** Waits between attempts to connect, in seconds. */
const BACK_OFF_S = [0.5, 1, 2, 3, 5];

/** The centre counts as reached below the first, as lost from the second on, in seconds of silence. */
export const LATE_S = 7;
export const LOST_S = 10;

export class Feed {
  /** @param {Listeners} listeners */
  constructor(listeners) {
    this.listeners = listeners;
    this.after = 0;
    this.heardAt = performance.now();
    this.openedAt = 0;
    this.attempt = 0;
    /** @type {EventSource | null} */
    this.source = null;
    this.timer = 0;
  }

  /** @param {number} after the last event that is already known */
  start(after) {
    this.stop();
    this.after = after;
    this.heardAt = performance.now();
    this.connect();
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  silentSeconds() {
    return (performance.now() - this.heardAt) / 1000;
  }

  connect() {
    const source = new EventSource(`/api/v1/stream?after=${this.after}`);
    this.source = source;
    this.openedAt = performance.now();
    /**
     * @param {string} name
     * @param {(data: any) => void} use
     */
    const on = (name, use) =>
      source.addEventListener(name, (event) => {
        if (source !== this.source) return;
        const message = /** @type {MessageEvent<string>} */ (event);
        this.heardAt = performance.now();
        this.attempt = 0;
        const id = Number(message.lastEventId);
        if (message.lastEventId !== "" && id > this.after) this.after = id;
        use(JSON.parse(message.data));
      });
    on("call", this.listeners.call);
    on("incident", this.listeners.incident);
    on("heartbeat", this.listeners.beat);
    on("resync", this.listeners.resync);
    source.addEventListener("error", () => {
      if (source === this.source) this.again();
    });
  }

  /** Closes the line and tries again a little later; a silent line counts as broken too. */
  again() {
    this.stop();
    const wait = BACK_OFF_S[Math.min(this.attempt, BACK_OFF_S.length - 1)] ?? 5;
    this.attempt += 1;
    this.timer = window.setTimeout(
      () => {
        this.listeners.lost();
        this.connect();
      },
      wait * (800 + Math.random() * 400),
    );
  }

  /** Called every second: a line that is open and silent is given up. */
  watch() {
    const quiet = (performance.now() - Math.max(this.heardAt, this.openedAt)) / 1000;
    if (this.source && quiet >= LOST_S) this.again();
  }
}
