/**
 * What to ask a caller on a border, one key for each reply, and what was replied before.
 *
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Answer} Answer
 * @typedef {import("../types.js").Question} Question
 * @typedef {import("../types.js").Reply} Reply
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Actions} Actions
 */

import { el } from "../dom.js";
import { language, t } from "../i18n.js";
import { centreName } from "../words.js";

/** @type {[string, Reply][]} the key and what it takes down */
export const REPLY_KEYS = [
  ["Y", "ya"],
  ["T", "tidak"],
  ["K", "tidak_tahu"],
];

/** @param {{ text: string, text_en: string }} asked */
function wordsOf(asked) {
  return language() === "en" ? asked.text_en : asked.text;
}

/**
 * The question, while the centre is not sure, and the replies that were taken down.
 *
 * @param {Call} call
 * @param {View} view
 * @param {Actions} actions
 */
export function questionSection(call, view, actions) {
  const question = call.jurisdiction?.question ?? null;
  const given = (call.answers ?? []).filter((one) => one.reply !== null);
  if (!question && !given.length) return null;
  return el(
    "div",
    { class: "sec question" },
    el("h3", {}, t(question ? "question.title" : "question.given")),
    ...(question ? asking(question, actions) : []),
    ...given.map((one) => answerRow(one, actions)),
    before(call, view),
  );
}

/**
 * @param {Question} question
 * @param {Actions} actions
 */
function asking(question, actions) {
  const text = wordsOf(question);
  const replies = el("div", { class: "replies", role: "group", "aria-labelledby": "question-text" });
  for (const [key, reply] of REPLY_KEYS) {
    const word = t(`reply.${reply}`);
    const kbd = el("kbd", { "aria-hidden": "true" }, key);
    const said = { class: "act", type: "button", "data-reply": reply, "aria-describedby": "question-text" };
    const node = el("button", said, kbd, word);
    node.addEventListener("click", () => actions.reply(reply));
    replies.append(node);
  }
  return [el("p", { class: "ask", id: "question-text", role: "status" }, `“${text}”`), replies];
}

/**
 * @param {Answer} answer
 * @param {Actions} actions
 */
function answerRow(answer, actions) {
  const text = wordsOf(answer);
  const back = el("button", { class: "act mini", type: "button", "aria-label": t("reply.undo.long", { text }) });
  back.append(t("reply.undo"));
  back.addEventListener("click", () => actions.takeBack(answer.question_n));
  return el(
    "div",
    { class: "lk answered" },
    el("b", {}, t(`reply.${answer.reply}`)),
    el("span", { class: "m", title: answer.by }, text),
    el("span", { class: "sp" }),
    back,
  );
}

/**
 * What the position alone said, once answers count.
 *
 * @param {Call} call
 * @param {View} view
 */
function before(call, view) {
  const decision = call.jurisdiction?.before_answers;
  if (!decision) return null;
  const parts = decision.shares.slice(0, 3).map((one) => `${centreName(one.nama)} ${view.format.percent(one.share)}`);
  return el("p", { class: "plain" }, t("question.before", { parts: parts.join(", ") }));
}
