/**
 * What the panels and the keys may ask for.
 *
 * @typedef {import("./types.js").Actions} Actions
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Incident} Incident
 */

import { api } from "./api.js";
import { current, render, selectedCall, update } from "./current.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { isPhone, showView } from "./layout.js";
import { say, sayError } from "./say.js";
import { mergeCall, mergeIncident, ringing } from "./state.js";

/**
 * Sends something about the selected call and shows the answer at once; the stream brings it again later.
 *
 * @param {() => Promise<Call | Incident>} send
 * @param {string} [done]
 */
async function act(send, done = t("saved")) {
  const form = current.view?.form;
  try {
    const item = await send();
    take(item);
    say(done);
    // A form that was opened while the server answered belongs to the next step, and stays.
    if (current.view?.form === form) update({ form: null });
    return item;
  } catch (error) {
    sayError(error);
    return null;
  }
}

/** @param {Call | Incident} item */
function take(item) {
  const { view } = current;
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

/**
 * @param {string} link
 * @param {"close" | "renew"} step
 */
function shareStep(link, step) {
  const call = selectedCall();
  if (!call) return;
  void act(async () => {
    await api.shareStep(call.call_id, link, step);
    return api.call(call.call_id);
  });
}

/** @type {Actions} */
export const actions = {
  select(selection) {
    update({ selection, form: null });
    if (selection) byId("console").dataset.open = "detail";
    render();
    current.map?.follow();
  },
  show() {
    if (isPhone()) showView("peta");
    current.map?.show();
  },
  back() {
    delete byId("console").dataset.open;
    update({ form: null });
  },
  form(name) {
    update({ form: name });
    // On a narrow screen the panel may be closed: letters typed into a form that is not there would be commands.
    if (name) byId("console").dataset.open = "detail";
    // At once, so that the next key already meets the form.
    render();
  },
  answer() {
    const { view } = current;
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
    const { selection } = current.view ?? {};
    const call = selectedCall();
    if (call)
      void act(async () => {
        await hangUp(call);
        return api.dispose(call.call_id, disposition);
      });
    else if (selection) void act(() => api.close(selection.id, disposition));
  },
  refuse: (text) => say(text, true),
  share({ via, number }) {
    const call = selectedCall();
    if (!call) return;
    void act(async () => {
      const given = await api.share(call.call_id, { via, ...(number ? { number } : {}) });
      update({ given });
      return api.call(call.call_id);
    }, t("saved.link"));
  },
  closeShare: (link) => shareStep(link, "close"),
  renewShare: (link) => shareStep(link, "renew"),
  reply(reply) {
    const call = selectedCall();
    const question = call?.jurisdiction?.question?.n;
    if (call && question) void act(() => api.reply(call.call_id, question, reply), t("saved.reply"));
  },
  takeBack(question) {
    const call = selectedCall();
    if (call) void act(() => api.reply(call.call_id, question, null), t("saved.reply.back"));
  },
  async search(text) {
    try {
      const fix = selectedCall()?.fix;
      return (await api.places(text, fix ?? null)).places;
    } catch (error) {
      sayError(error);
      return null;
    }
  },
  place(place, text) {
    const call = selectedCall();
    if (!call) return;
    // What was typed as coordinates is read by the server as it was written.
    const position = place?.radius_m
      ? {
          lat_deg: place.lat_deg,
          lon_deg: place.lon_deg,
          radius_m: place.radius_m,
          confidence_share: place.confidence_share ?? 0.95,
          source: place.kind === "koordinat" ? "TYPED" : "PATOKAN",
        }
      : { message: text };
    void act(() => api.locate(call.call_id, position));
  },
};
