/**
 * Starts the console: log-in, first picture, live stream, keys.
 *
 * @typedef {import("./types.js").Actions} Actions
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Incident} Incident
 * @typedef {import("./types.js").Selection} Selection
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").View} View
 */

import { ApiError, api } from "./api.js";
import { byId, el } from "./dom.js";
import { Feed } from "./feed.js";
import { createFormat } from "./format.js";
import { language, remember, remembered, setLanguage, t } from "./i18n.js";
import { listenToKeys } from "./keys.js";
import { CallMap } from "./map.js";
import { callOrder, isHeld, renderCalls, watchPointer } from "./panels/calls.js";
import { renderDetail } from "./panels/detail.js";
import { incidentOrder, renderIncidents } from "./panels/incidents.js";
import { renderRing } from "./panels/ring.js";
import { renderClock, renderLink, renderTop } from "./panels/top.js";
import { fieldText, reasonText } from "./reasons.js";
import { emptyState, mergeCall, mergeIncident, mergeSnapshot, openIncidents, queue, ringing } from "./state.js";
import { hearServerTime, tick } from "./timers.js";
import { numberOf, positionLine } from "./words.js";

/** @type {View | null} */
let view = null;
/** @type {CallMap | null} */
let map = null;
let wasHeld = false;
let pending = false;

const feed = new Feed({
  call: (call) => {
    const current = view;
    if (!current) return;
    const known = current.state.calls.has(call.call_id);
    update({ state: mergeCall(current.state, call) });
    if (!known) announce(t("calls.new", { what: `${numberOf(call)}, ${positionLine(call, current.format)}` }));
  },
  incident: (incident) => view && update({ state: mergeIncident(view.state, incident) }),
  beat: ({ at }) => hearServerTime(at),
  resync: () => void resync(),
  lost: () => void checkSession(),
});

/** @param {Partial<View>} change */
function update(change) {
  if (!view) return;
  view = { ...view, ...change };
  if (pending) return;
  pending = true;
  // Many events in one frame are one drawing.
  requestAnimationFrame(() => {
    pending = false;
    render();
  });
}

function render() {
  if (!view) return;
  renderTop(view);
  renderRing(view, actions);
  renderCalls(view, actions);
  renderIncidents(view, actions);
  renderDetail(view, actions);
  map?.draw(view);
  const active = queue(view.state).filter((call) => call.state !== "ended");
  const open = openIncidents(view.state);
  const without = [...active, ...open].filter((item) => !item.fix).length;
  byId("map-count").textContent = t("map.count", { calls: active.length, incidents: open.length, nopos: without });
}

/** Every second: clock, ages, the state of the line, and rows that waited for the pointer. */
function second() {
  if (!view) return;
  feed.watch();
  renderClock(view);
  renderLink(view, feed.silentSeconds());
  tick(view.format);
  const held = isHeld();
  if (held !== wasHeld && !held) render();
  wasHeld = held;
}

/** @param {string} text */
function announce(text) {
  byId("announce").textContent = text;
}

/**
 * @param {string} text
 * @param {boolean} [bad]
 */
function say(text, bad = false) {
  const box = byId("say");
  box.setAttribute("aria-live", bad ? "assertive" : "polite");
  const at = view && bad ? el("span", { class: "t rd" }, view.format.clock(new Date())) : null;
  box.replaceChildren(...(at ? [at] : []), el("span", { class: "el" }, text));
}

/** @param {unknown} error */
function sayError(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return say(t("failed.offline"), true);
  if (error.status === 401) {
    say(t("failed.session"), true);
    return showLogin();
  }
  const field = error.field && fieldText(error.field);
  const reason = reasonText(error.message);
  return say(field ? t("failed.field", { field, reason }) : t("failed", { reason }), true);
}

/** @returns {Call | undefined} */
function selectedCall() {
  return view?.selection?.kind === "call" ? view.state.calls.get(view.selection.id) : undefined;
}

/**
 * Sends something about the selected call and shows the answer at once; the stream brings it again later.
 *
 * @param {() => Promise<Call | Incident>} send
 * @param {string} [done]
 */
async function act(send, done = t("saved")) {
  try {
    const item = await send();
    take(item);
    say(done);
    update({ form: null });
    return item;
  } catch (error) {
    sayError(error);
    return null;
  }
}

/** @param {Call | Incident} item */
function take(item) {
  if (!view) return;
  if ("incident_id" in item && "number" in item && typeof item.number === "number")
    update({ state: mergeIncident(view.state, /** @type {Incident} */ (item)) });
  else update({ state: mergeCall(view.state, /** @type {Call} */ (item)) });
}

/**
 * Ends the line, where there is one.
 *
 * @param {Call} call
 */
async function hangUp(call) {
  if (call.state === "ringing" || call.state === "answered") await api.end(call.call_id, "centre_hung_up");
}

/** @type {Actions} */
const actions = {
  select(selection) {
    update({ selection, form: null });
    if (selection) byId("console").dataset.open = "detail";
    render();
    map?.follow();
  },
  show() {
    if (matchMedia("(max-width: 700px)").matches) showView("peta");
    map?.show();
  },
  back() {
    delete byId("console").dataset.open;
    update({ form: null });
  },
  form(name) {
    update({ form: name });
    // At once, so that the next key already meets the form.
    render();
  },
  answer() {
    const chosen = selectedCall();
    const waits = chosen && (chosen.state === "ringing" || chosen.state === "waiting");
    const call = waits ? chosen : view ? ringing(view.state)[0] : undefined;
    if (!call) return;
    if (call !== chosen) actions.select({ kind: "call", id: call.call_id });
    void act(() => api.answer(call.call_id));
  },
  prank() {
    const call = selectedCall();
    if (!call || call.disposition === "prank") return;
    void act(async () => {
      await hangUp(call);
      return api.dispose(call.call_id, "prank");
    }, t("saved.prank"));
  },
  open(what) {
    const call = selectedCall();
    if (call) void act(() => api.open({ call_id: call.call_id, ...what }));
  },
  link(incident) {
    const call = selectedCall();
    if (call) void act(() => api.link(call.call_id, incident));
  },
  edit({ category, note }) {
    const call = selectedCall();
    if (call) void act(() => api.note(call.call_id, { note, ...(category ? { category } : {}) }));
  },
  closeAs(disposition) {
    const { selection } = view ?? {};
    const call = selectedCall();
    if (call)
      void act(async () => {
        await hangUp(call);
        return api.dispose(call.call_id, disposition);
      });
    else if (selection) void act(() => api.close(selection.id, disposition));
  },
  refuse: (text) => say(text, true),
};

/** @param {number} step */
function move(step) {
  if (!view) return;
  const kind = view.selection?.kind ?? "call";
  const order = kind === "call" ? callOrder() : incidentOrder();
  const at = order.indexOf(view.selection?.id ?? "");
  const id = order[at < 0 ? (step > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + step))];
  if (!id) return;
  actions.select({ kind, id });
  delete byId("console").dataset.open;
  const row = document.querySelector(`[data-${kind}="${CSS.escape(id)}"]`);
  if (row instanceof HTMLElement) row.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** Left and right change between the list of calls and the list of incidents. */
function swap() {
  if (!view) return;
  const toCalls = view.selection?.kind === "incident";
  const id = (toCalls ? callOrder() : incidentOrder())[0];
  if (id) actions.select({ kind: toCalls ? "call" : "incident", id });
}

function leave() {
  const filter = /** @type {HTMLInputElement} */ (byId("filter"));
  if (view?.form) return actions.form(null);
  if (filter.value || document.activeElement === filter) {
    filter.value = "";
    filter.blur();
    return update({ filter: "" });
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  return actions.back();
}

async function otherLanguage() {
  await setLanguage(language() === "id" ? "en" : "id");
  if (view) update({ format: createFormat({ language: language(), timeZone: view.timeZone }) });
}

function otherTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
  remember("theme", root.dataset.theme);
  map?.retheme();
}

/** @param {string} name */
function showView(name) {
  const frame = byId("console");
  frame.dataset.view = name;
  delete frame.dataset.open;
  for (const tab of byId("tabs").children)
    if (tab instanceof HTMLElement)
      if (tab.dataset.view === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
  if (name === "peta") map?.shown();
}

async function logout() {
  await api.logout().catch(sayError);
  remember("session", "");
  location.reload();
}

const named = /** @type {Record<string, () => void>} */ ({
  language: () => void otherLanguage(),
  theme: otherTheme,
  logout: () => void logout(),
  fit: () => map?.fit(),
});

function listen() {
  for (const node of document.querySelectorAll("[data-action]"))
    node.addEventListener("click", () => named[/** @type {HTMLElement} */ (node).dataset.action ?? ""]?.());
  for (const tab of byId("tabs").children)
    tab.addEventListener("click", () => showView(/** @type {HTMLElement} */ (tab).dataset.view ?? ""));
  const filter = /** @type {HTMLInputElement} */ (byId("filter"));
  filter.addEventListener("input", () => update({ filter: filter.value }));
  const toggle = byId("done-toggle");
  toggle.addEventListener("click", () => {
    const list = byId("done");
    list.hidden = !list.hidden;
    toggle.setAttribute("aria-expanded", String(!list.hidden));
    render();
  });
  watchPointer(render);
  const call = (/** @type {() => void} */ run) => () => selectedCall() && run();
  listenToKeys({
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    ArrowRight: swap,
    ArrowLeft: swap,
    Enter: () => actions.show(),
    Escape: leave,
    "/": () => filter.focus(),
    a: () => actions.answer(),
    p: () => actions.prank(),
    j: call(() => !selectedCall()?.incident_id && actions.form("open")),
    e: call(() => actions.form("edit")),
    x: () => view?.selection && actions.form("close"),
    f: () => map?.fit(),
    i: () => void otherLanguage(),
    c: otherTheme,
  });
  byId("login-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void login(new FormData(/** @type {HTMLFormElement} */ (event.target)));
  });
}

function showLogin() {
  feed.stop();
  remember("session", "");
  byId("console").hidden = true;
  byId("login").hidden = false;
  byId("user").focus();
}

/** @param {FormData} data */
async function login(data) {
  const said = byId("login-error");
  said.textContent = "";
  try {
    const session = await api.login(String(data.get("user")), String(data.get("password")));
    /** @type {HTMLInputElement} */ (byId("password")).value = "";
    await open(session);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const key = { 0: "offline", 403: "role", 429: "many" }[error.status] ?? "wrong";
    said.textContent = t(`login.${key}`);
  }
}

/** @param {Session} session */
async function open(session) {
  const { kode } = session.centre;
  const [snapshot, info, { time_zone: timeZone }] = await Promise.all([api.state(), api.map(), api.centre(kode)]);
  hearServerTime(snapshot.at);
  view = {
    state: mergeSnapshot(emptyState(), snapshot),
    session,
    info,
    timeZone,
    format: createFormat({ language: language(), timeZone }),
    selection: view?.selection ?? null,
    filter: "",
    form: null,
  };
  remember("session", session.user);
  byId("login").hidden = true;
  byId("console").hidden = false;
  feed.start(snapshot.n);
  if (!map) startMap(view);
  render();
  second();
}

/** @param {View} current */
function startMap(current) {
  try {
    map = new CallMap(byId("peta"), current, {
      label: t("map.label", { centre: current.info.centre.nama }),
      select: actions.select,
      boundaries: (loaded) => {
        byId("map-failed").hidden = loaded;
        byId("map-failed").textContent = loaded ? "" : t("map.noboundaries");
      },
      fitted: (fitted) => document.querySelector("[data-action=fit]")?.setAttribute("aria-pressed", String(fitted)),
    });
    // A read-only look at the map for tests and for support at the desk.
    Object.defineProperty(window, "geo112", { value: Object.freeze({ map: map.map }) });
  } catch (error) {
    console.warn(error);
    const failed = byId("map-failed");
    failed.textContent = t("map.failed");
    failed.hidden = false;
  }
}

async function resync() {
  try {
    const snapshot = await api.state();
    hearServerTime(snapshot.at);
    if (!view) return;
    update({ state: mergeSnapshot(view.state, snapshot, { afresh: true }) });
    feed.start(snapshot.n);
  } catch (error) {
    sayError(error);
  }
}

/** The line broke: when the server says that the session is over, ask for the password again. */
async function checkSession() {
  try {
    await api.session();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) sayError(error);
  }
}

async function start() {
  const wanted = remembered("theme") ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
  document.documentElement.dataset.theme = wanted === "light" ? "light" : "dark";
  await setLanguage(remembered("language") === "en" ? "en" : "id");
  listen();
  setInterval(second, 1000);
  // Without a log-in before there is nothing to ask the server for.
  if (!remembered("session")) return showLogin();
  try {
    await open(await api.session());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showLogin();
  }
}

void start();
