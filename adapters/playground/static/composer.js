// Where one writes: as whom, what, and which commands there are.

import { post } from "./api.js";
import { byId, el, reconcile } from "./dom.js";
import { openForm } from "./form.js";
import { avatar } from "./message.js";
import { emit, me, on, room, state, turn } from "./state.js";
import { commands, say } from "./words.js";

/** As the rehearsal itself tells whether Kith is spoken to. */
const NAMES_KITH = /(?<![\w@])@kith\b/i;

/** Put a composer into `box`: for the channel, or (`inThread`) for the thread that is open. */
export function composer(box, inThread) {
  const id = inThread ? "thread-text" : "text";
  const people = el("div", { class: "people" });
  const hints = el("ul", { id: `${id}-hints`, class: "hints", role: "listbox", "aria-label": say("compose.commands"), hidden: true });
  const guest = el("p", { class: "guest-note", hidden: true }, say("compose.guest"));
  const absent = el("p", { class: "guest-note", role: "status", hidden: true }, say("compose.absent"));
  const field = el("textarea", {
    id, rows: 1, maxlength: 4000, "aria-autocomplete": "list", "aria-controls": hints.id, "aria-describedby": `${id}-how`,
  });
  const form = el(
    "form",
    { class: "composer", autocomplete: "off" },
    el("fieldset", { class: "speak-as" }, el("legend", {}, say("compose.speak_as")), people),
    guest,
    absent,
    hints,
    el("div", { class: "write" }, field, el("button", { class: "main", type: "submit" }, say("compose.send"))),
    el("p", { class: "how", id: `${id}-how` }, say("compose.hint")),
  );
  box.append(form);
  let spokeIn = "";

  const draw = () => {
    reconcile(people, [...state.personas.values()].map((who) => ({
      key: who.id,
      sig: JSON.stringify([who, who.id === state.persona]),
      make: () => chip(who, id),
    })));
    const name = me().name.split(" ")[0];
    const where = say("channel.name", { name: room().name });
    field.setAttribute("aria-label", inThread ? say("compose.reply_label") : say("compose.label", { where }));
    field.placeholder = say(inThread ? "compose.reply_placeholder" : "compose.placeholder", { name });
    guest.hidden = !me().guest;
    if (room().kith || spokeIn !== state.channel) absent.hidden = true;
  };
  const choosing = hinting(field, hints);
  field.addEventListener("input", () => {
    choosing.show();
    emit("typed", field.value);
  });
  field.addEventListener("keydown", (event) => {
    if (choosing.took(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const { channel, persona } = state;
    choosing.hide();
    field.value = "";
    const answer = await post("say", { channel, persona, text, thread: inThread ? state.thread : null });
    if (!answer) field.value ||= text;
    else emit("sent", text);
    spokeIn = channel;
    absent.hidden = room().kith || !NAMES_KITH.test(text);
    if (answer?.form) openForm(answer.form, channel);
  });
  on("ready turn channel", draw);
}

function chip(who, group) {
  const input = el("input", { type: "radio", name: `as-${group}`, value: who.id, "aria-label": `${who.name}, ${who.role}`, data: { focus: who.id }, on: { change: () => turn({ persona: who.id, editing: null }) } });
  input.checked = who.id === state.persona;
  return el("label", { class: "chip", title: `${who.name}, ${who.role}` }, input, avatar(who), el("span", { class: "chip-name" }, who.name.split(" ")[0]));
}

/** The list of commands above the field while the text begins with a slash. */
function hinting(field, list) {
  let at = 0;
  let offered = [];
  const hide = () => {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    at = (to + offered.length) % offered.length;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const take = () => {
    field.value = `/kith ${offered[at].word}`;
    hide();
    field.focus();
  };
  const show = () => {
    const begun = /^\/(?:kith)?\s*([a-z]*)$/i.exec(field.value) ?? /^\/(k|ki|kit)$/i.exec(field.value);
    const word = begun && /^(k|ki|kit)$/i.test(begun[1]) && !/\s/.test(field.value) ? "" : begun?.[1]?.toLowerCase();
    offered = begun ? commands.filter((command) => command.word.startsWith(word)) : [];
    if (!offered.length || field.value === `/kith ${offered[0].word}`) return hide();
    list.replaceChildren(
      ...offered.map((command, number) =>
        el(
          "li",
          { role: "option", id: `${list.id}-${number}`, on: { mousedown: (event) => { event.preventDefault(); at = number; take(); } } },
          el("b", {}, `/kith ${command.word}`),
          el("span", {}, command.says),
        ),
      ),
    );
    list.hidden = false;
    mark(0);
  };
  /** Whether a key was meant for the list. */
  const took = (event) => {
    if (list.hidden) return false;
    const acts = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: take, Tab: take, Escape: hide };
    const act = event.shiftKey ? undefined : acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
    return Boolean(act);
  };
  field.addEventListener("blur", hide);
  return { show, hide, took };
}

export function composers() {
  composer(byId("composer"), false);
  composer(byId("thread-composer"), true);
}
