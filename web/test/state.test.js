import assert from "node:assert/strict";
import { test } from "node:test";
import {
  doneCalls,
  emptyState,
  isDone,
  mergeCall,
  mergeIncident,
  mergeSnapshot,
  openIncidents,
  queue,
  ringing,
} from "../js/state.js";

const call = (id, n, more = {}) => ({
  call_id: id,
  n,
  state: "ringing",
  received_at: `2026-11-22T12:00:0${id.at(-1)}Z`,
  disposition: null,
  incident_id: null,
  ...more,
});
const incident = (id, n, more = {}) => ({ incident_id: id, n, number: n, state: "open", ...more });
const snapshot = (n, calls, incidents = []) => ({ n, at: "", centre: {}, simulated: false, calls, incidents });

test("a newer call replaces the older one", () => {
  const state = mergeCall(mergeCall(emptyState(), call("c1", 3)), call("c1", 5, { state: "answered" }));
  assert.equal(state.calls.get("c1").state, "answered");
  assert.equal(state.n, 5);
});

test("a call that comes late undoes nothing and changes nothing", () => {
  const state = mergeCall(emptyState(), call("c1", 5, { state: "answered" }));
  assert.equal(mergeCall(state, call("c1", 4)), state);
  assert.equal(mergeCall(state, call("c1", 5)), state);
});

test("every order of the same updates ends in the same state", () => {
  const updates = [
    call("c1", 1),
    call("c1", 4, { state: "ended" }),
    call("c2", 2),
    call("c1", 3, { state: "answered" }),
  ];
  const orders = (list) =>
    list.length < 2 ? [list] : list.flatMap((one, at) => orders(list.toSpliced(at, 1)).map((rest) => [one, ...rest]));
  for (const order of orders(updates)) {
    const state = order.reduce(mergeCall, emptyState());
    assert.equal(state.calls.get("c1").state, "ended");
    assert.equal(state.calls.get("c2").n, 2);
  }
});

test("a merge leaves the state before it as it was", () => {
  const before = mergeCall(emptyState(), call("c1", 1));
  mergeCall(before, call("c2", 2));
  assert.deepEqual([...before.calls.keys()], ["c1"]);
});

test("a snapshot keeps what is newer and drops what is gone", () => {
  const known = [call("c1", 9, { state: "ended" }), call("c2", 4), call("c3", 12)].reduce(mergeCall, emptyState());
  const state = mergeSnapshot(known, snapshot(10, [call("c1", 8), call("c4", 10)]));
  assert.equal(state.calls.get("c1").n, 9);
  assert.ok(!state.calls.has("c2"));
  assert.ok(state.calls.has("c3"));
  assert.ok(state.calls.has("c4"));
  assert.equal(state.n, 12);
});

test("a log that was started afresh replaces everything, but only when that was asked for", () => {
  const known = mergeCall(emptyState(), call("c1", 90));
  assert.ok(mergeSnapshot(known, snapshot(3, [call("c2", 3)])).calls.has("c1"));
  const afresh = mergeSnapshot(known, snapshot(3, [call("c2", 3)]), { afresh: true });
  assert.deepEqual([...afresh.calls.keys()], ["c2"]);
  assert.equal(afresh.n, 3);
});

test("the queue is newest first and a call keeps its place when its state changes", () => {
  const calls = [call("c1", 1), call("c3", 3), call("c2", 2)];
  const ids = (state) => queue(state).map((one) => one.call_id);
  const state = calls.reduce(mergeCall, emptyState());
  assert.deepEqual(ids(state), ["c3", "c2", "c1"]);
  assert.deepEqual(ids(mergeCall(state, call("c2", 9, { state: "answered" }))), ["c3", "c2", "c1"]);
});

test("the call that rings longest is the first to be taken", () => {
  const calls = [call("c1", 1, { state: "answered" }), call("c3", 3), call("c2", 2)];
  assert.deepEqual(
    ringing(calls.reduce(mergeCall, emptyState())).map((one) => one.call_id),
    ["c2", "c3"],
  );
});

test("a panic button rings until somebody takes it", () => {
  const calls = [
    call("c1", 1, { state: "waiting", channel: "app" }),
    call("c2", 2, { state: "waiting", channel: "sms" }),
  ];
  assert.deepEqual(
    ringing(calls.reduce(mergeCall, emptyState())).map((one) => one.call_id),
    ["c1"],
  );
});

test("a call leaves the queue only when no line is open and somebody said what it was", () => {
  assert.ok(!isDone(call("c1", 1, { disposition: "prank" })));
  assert.ok(!isDone(call("c1", 1, { state: "waiting" })));
  assert.ok(isDone(call("c1", 1, { state: "waiting", disposition: "ghost" })));
  assert.ok(!isDone(call("c1", 1, { state: "ended" })));
  assert.ok(!isDone(call("c1", 1, { state: "answered", disposition: "normal" })));
  assert.ok(isDone(call("c1", 1, { state: "ended", disposition: "normal" })));
  assert.ok(isDone(call("c1", 1, { state: "ended", incident_id: "i1" })));
  const state = mergeCall(emptyState(), call("c1", 1, { state: "ended", disposition: "prank" }));
  assert.equal(queue(state).length, 0);
  assert.equal(doneCalls(state).length, 1);
});

test("open incidents stand newest first, closed ones are gone, late ones undo nothing", () => {
  let state = [incident("i1", 1), incident("i2", 2), incident("i3", 3)].reduce(mergeIncident, emptyState());
  state = mergeIncident(state, incident("i2", 5, { number: 2, state: "closed" }));
  state = mergeIncident(state, incident("i2", 4, { number: 2 }));
  assert.deepEqual(
    openIncidents(state).map((one) => one.incident_id),
    ["i3", "i1"],
  );
});
