// One message: who, when, what, and what can be done with it.

import { post } from "./api.js";
import { el, rich } from "./dom.js";
import { openForm } from "./form.js";
import { picture } from "./picture.js";
import { me, state, turn, visible } from "./state.js";
import { timeOf } from "./times.js";
import { say } from "./words.js";

export const avatar = (who, small) =>
  who
    ? el("span", { class: `avatar hue-${who.hue}${small ? " small" : ""}`, "aria-hidden": "true" }, who.initials)
    : el("span", { class: `avatar kith${small ? " small" : ""}`, "aria-hidden": "true" }, el("img", { src: "/static/kith.svg", alt: "" }));

const nameOf = (id) => state.personas.get(id)?.name ?? say("message.by_kith");
const who = (line) => state.personas.has(line.author);
const about = (line) => ({ channel: line.channel, persona: state.persona, message: line.id });

/** What must look the same for a drawn message to stay as it is. */
export const signature = (line, options) =>
  JSON.stringify([line, options, state.editing === line.id, state.picking === line.id, state.persona === line.author, teaserOf(line, options)]);

function teaserOf(line, { inThread }) {
  if (inThread) return [];
  return visible(line.channel, line.id).map((reply) => [reply.author, reply.message?.plain.length ?? 0, reply.id]);
}

/** A message as an article; `compact` follows one of the same author, `inThread` hides the way into the thread. */
export function message(line, { compact, inThread }) {
  const who = state.personas.get(line.author);
  const kind = [who ? "by-person" : "by-kith", compact && "compact", line.only_for && "whisper"].filter(Boolean).join(" ");
  return el(
    "article",
    { class: `message ${kind}`, tabindex: -1, "aria-label": `${nameOf(line.author)}, ${timeOf(line.at)}` },
    avatar(who),
    el(
      "div",
      { class: "body" },
      line.only_for && whisperNote(line),
      head(line, who),
      line.deleted ? el("p", { class: "deleted" }, say("message.deleted")) : content(line),
      line.message?.choices.length > 0 && choices(line),
      reactions(line),
      !inThread && teaser(line),
    ),
    !line.deleted && !line.only_for && state.editing !== line.id && actions(line, inThread),
    state.picking === line.id && picker(line),
  );
}

const head = (line, who) =>
  el(
    "header",
    {},
    el("strong", {}, nameOf(line.author)),
    el("span", { class: "role" }, who ? (who.guest ? say("message.guest") : who.role) : say("message.kith_role")),
    el("time", { datetime: line.at }, timeOf(line.at)),
  );

const whisperNote = (line) =>
  el(
    "p",
    { class: "only-you" },
    [say("message.only_you", { name: nameOf(line.only_for).split(" ")[0] }), line.asked && say("message.asked", { words: line.asked })].filter(Boolean).join(", "),
    el("button", { type: "button", class: "link", data: { focus: "away" }, on: { click: () => post("put-away", about(line)) } }, say("message.dismiss")),
  );

function content(line) {
  if (state.editing === line.id) return editor(line);
  if (line.message) return el("div", { class: "words" }, line.message.parts.map(part));
  return el("p", { class: "words" }, rich(line.text), line.edited && el("small", { class: "edited" }, ` (${say("message.edited")})`));
}

function part(piece) {
  if (piece.kind === "picture") return picture(piece);
  if (piece.items) return el("ul", {}, piece.items.map((item) => el("li", {}, rich(item))));
  return el("p", { class: `part-${piece.kind}` }, rich(piece.text));
}

function choices(line) {
  return el(
    "div",
    { class: "choices" },
    line.message.choices.map((choice) =>
      el("button", { type: "button", data: { focus: `choice-${choice.id}` }, on: { click: () => choose(line, choice) } }, choice.label),
    ),
  );
}

async function choose(line, choice) {
  const answer = await post("choose", { ...about(line), choice: choice.id, about: choice.about });
  if (answer?.form) openForm(answer.form, line.channel);
}

/** "Ask about this", as on the platforms: the command with the message's words. */
async function ask(line) {
  const { channel, persona } = state;
  await post("command", { channel, persona, words: `ask ${line.text}`, thread: line.thread });
}

function editor(line) {
  const field = el("textarea", { rows: 2, "aria-label": say("message.edit_label"), data: { focus: "edit-text" } });
  field.value = line.text;
  const close = () => turn({ editing: null });
  const save = async () => {
    if (await post("edit", { ...about(line), text: field.value })) close();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
    event.stopPropagation();
  });
  queueMicrotask(() => field.focus());
  return el(
    "div",
    { class: "editor" },
    field,
    el("button", { type: "button", class: "main", on: { click: save } }, say("message.save")),
    el("button", { type: "button", class: "quiet", on: { click: close } }, say("message.cancel")),
  );
}

function reactions(line) {
  if (!line.reactions.length) return null;
  return el(
    "div",
    { class: "reactions" },
    line.reactions.map(({ emoji, by }) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": String(by.includes(state.persona)),
          "aria-label": say("message.reaction", { emoji, n: by.length, names: by.map(nameOf).join(", ") }),
          title: by.map(nameOf).join(", "),
          data: { focus: `reaction-${emoji}` },
          on: { click: () => post("react", { ...about(line), emoji }) },
        },
        el("span", { class: "emoji" }, emoji),
        ` ${by.length}`,
      ),
    ),
  );
}

function teaser(line) {
  const replies = visible(line.channel, line.id);
  if (!replies.length) return null;
  const kith = replies.findLast((reply) => reply.author === "kith" && !reply.only_for);
  const asks = kith?.message.parts.find((piece) => piece.kind === "question")?.text;
  const voices = [...new Set(replies.map((reply) => reply.author))].slice(0, 4);
  return el(
    "button",
    { type: "button", class: `teaser${asks ? " kith-asks" : ""}`, data: { focus: "thread" }, on: { click: () => turn({ thread: line.id }) } },
    el("span", { class: "voices" }, voices.map((id) => avatar(state.personas.get(id), true))),
    el("span", { class: "replies" }, say("message.replies", { n: replies.length })),
    asks && el("span", { class: "asks" }, el("span", { class: "unseen" }, `${say("message.kith_in_thread")}: `), asks),
  );
}

function actions(line, inThread) {
  const button = (focus, label, sign, act, more = {}) =>
    el("button", { type: "button", class: "quiet icon", title: label, "aria-label": label, data: { focus }, on: { click: act }, ...more }, el("span", { "aria-hidden": "true" }, sign));
  const picking = state.picking === line.id;
  return el(
    "div",
    { class: "actions", role: "group", "aria-label": say("message.actions", { name: nameOf(line.author) }) },
    button("react", say("message.react"), "☺", () => turn({ picking: picking ? null : line.id }), { "aria-expanded": String(picking) }),
    who(line) && line.text && button("ask", say("message.ask"), "?", () => ask(line)),
    !inThread && button("reply", say("message.reply"), "↳", () => turn({ thread: line.id })),
    line.author === me().id && button("edit", say("message.edit"), "✎", () => turn({ editing: line.id, picking: null })),
    line.author === me().id && button("delete", say("message.delete"), "⌫", () => post("delete", about(line))),
  );
}

const picker = (line) =>
  el(
    "div",
    { class: "picker", role: "group", "aria-label": say("message.react"), on: { keydown: (event) => event.key === "Escape" && turn({ picking: null }) } },
    state.reactions.map((emoji) =>
      el("button", { type: "button", class: "quiet emoji", data: { focus: `pick-${emoji}` }, on: { click: () => pick(line, emoji) } }, emoji),
    ),
  );

async function pick(line, emoji) {
  await post("react", { ...about(line), emoji });
  turn({ picking: null });
}
