/**
 * Starts the console: log-in, first picture, live stream.
 *
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").View} View
 */

import { actions } from "./actions.js";
import { ApiError, api } from "./api.js";
import { current, drawWith, render, update } from "./current.js";
import { byId } from "./dom.js";
import { Feed } from "./feed.js";
import { createFormat } from "./format.js";
import { language, remember, remembered, t } from "./i18n.js";
import { listenToMenu, listenToTabs, otherLanguage, otherTheme, restoreLook } from "./layout.js";
import { CallMap } from "./map.js";
import { isHeld, renderCalls, watchPointer } from "./panels/calls.js";
import { renderDetail } from "./panels/detail.js";
import { renderIncidents } from "./panels/incidents.js";
import { renderRing } from "./panels/ring.js";
import { renderClock, renderLink, renderTop } from "./panels/top.js";
import { announce, sayError, whenSessionOver } from "./say.js";
import { listenToShortcuts } from "./shortcuts.js";
import { emptyState, mergeCall, mergeIncident, mergeSnapshot, openIncidents, queue } from "./state.js";
import { hearServerTime, tick } from "./timers.js";
import { numberOf, positionLine } from "./words.js";

let wasHeld = false;

const feed = new Feed({
  call: (call) => {
    const { view } = current;
    if (!view) return;
    const known = view.state.calls.has(call.call_id);
    update({ state: mergeCall(view.state, call) });
    if (!known) announce(t("calls.new", { what: `${numberOf(call)}, ${positionLine(call, view.format)}` }));
  },
  incident: (incident) => current.view && update({ state: mergeIncident(current.view.state, incident) }),
  beat: ({ at, boundaries }) => {
    hearServerTime(at);
    if (current.view && boundaries !== current.view.info.boundaries) void takeBoundaries();
  },
  resync: () => void resync(),
  lost: () => void checkSession(),
});

function draw() {
  const { view, map } = current;
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
  const { view } = current;
  if (!view) return;
  feed.watch();
  renderClock(view);
  renderLink(view, feed.silentSeconds());
  tick(view.format);
  const held = isHeld();
  if (held !== wasHeld && !held) render();
  wasHeld = held;
}

async function logout() {
  // Tiles that are still on their way would be refused, and nobody looks at the map any more.
  current.map?.close();
  current.map = null;
  await api.logout().catch(sayError);
  remember("session", "");
  location.reload();
}

const named = /** @type {Record<string, () => void>} */ ({
  language: () => void otherLanguage(),
  theme: otherTheme,
  logout: () => void logout(),
  fit: () => current.map?.fit(),
});

function listen() {
  for (const node of document.querySelectorAll("[data-action]"))
    node.addEventListener("click", () => named[/** @type {HTMLElement} */ (node).dataset.action ?? ""]?.());
  listenToTabs();
  listenToMenu();
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
  listenToShortcuts();
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
  current.view = {
    state: mergeSnapshot(emptyState(), snapshot),
    session,
    info,
    timeZone,
    format: createFormat({ language: language(), timeZone }),
    selection: current.view?.selection ?? null,
    filter: "",
    form: null,
    given: current.view?.given ?? null,
  };
  remember("session", session.user);
  byId("login").hidden = true;
  byId("console").hidden = false;
  feed.start(snapshot.n);
  if (!current.map) startMap(current.view);
  render();
  second();
}

/** @param {View} view */
function startMap(view) {
  try {
    current.map = new CallMap(byId("peta"), view, {
      label: t("map.label", { centre: view.info.centre.nama }),
      select: actions.select,
      boundaries: (loaded) => {
        byId("map-failed").hidden = loaded;
        byId("map-failed").textContent = loaded ? "" : t("map.noboundaries");
      },
      fitted: (fitted) => document.querySelector("[data-action=fit]")?.setAttribute("aria-pressed", String(fitted)),
    });
    // A read-only look at the map for tests and for support at the desk.
    Object.defineProperty(window, "geo112", { value: Object.freeze({ map: current.map.map }) });
  } catch (error) {
    console.warn(error);
    const failed = byId("map-failed");
    failed.textContent = t("map.failed");
    failed.hidden = false;
  }
}

/** Other boundaries are in force: draw the map and its names anew. */
async function takeBoundaries() {
  try {
    const info = await api.map();
    if (!current.view) return;
    update({ info });
    current.map?.useBoundaries(info.boundaries);
  } catch (error) {
    sayError(error);
  }
}

async function resync() {
  try {
    const snapshot = await api.state();
    hearServerTime(snapshot.at);
    if (!current.view) return;
    update({ state: mergeSnapshot(current.view.state, snapshot, { afresh: true }) });
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
  drawWith(draw);
  whenSessionOver(showLogin);
  await restoreLook();
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
