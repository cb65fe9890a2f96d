// The list of channels, and the head of the one that is open.

import { post } from "./api.js";
import { byId, el, reconcile } from "./dom.js";
import { on, room, state, turn } from "./state.js";
import { say } from "./words.js";

const list = byId("channel-list");

function draw() {
  reconcile(
    list,
    [...state.channels.values()].map((channel) => {
      const here = channel.id === state.channel;
      const unread = state.unread.has(channel.id);
      return { key: channel.id, sig: JSON.stringify([channel, here, unread]), make: () => entry(channel, here, unread) };
    }),
  );
  const { name, purpose, kith } = room();
  byId("channel-name").textContent = say("channel.name", { name });
  byId("channel-purpose").textContent = purpose;
  reconcile(byId("room-kith"), [{ key: state.channel, sig: String(kith), make: () => (kith ? present() : invite()) }]);
  document.title = `${say("channel.name", { name })} · ${say("page.title")}`;
}

function entry(channel, here, unread) {
  const button = el(
    "button",
    {
      type: "button",
      "aria-current": here ? "page" : null,
      class: unread ? "unread" : null,
      data: { focus: channel.id },
      on: { click: () => open(channel.id) },
    },
    el("span", { class: "hash", "aria-hidden": "true" }, "#"),
    el("span", {}, channel.name),
    channel.kith && el("img", { src: "/static/kith.svg", alt: say("channel.has_kith"), width: 18, height: 18 }),
    unread && el("span", { class: "dot" }, el("span", { class: "unseen" }, say("channel.unread"))),
  );
  return el("li", {}, button);
}

function open(channel) {
  turn({ channel, thread: null, editing: null, picking: null });
  showList(false);
}

const present = () =>
  el("p", { class: "present" }, el("img", { src: "/static/kith.svg", alt: "", width: 20, height: 20 }), say("channel.has_kith"));

const invite = () =>
  el(
    "div",
    { class: "absent" },
    el("p", {}, say("channel.invite_hint")),
    el("button", { type: "button", class: "main", data: { focus: "invite" }, on: { click: ask } }, say("channel.invite")),
  );

async function ask(event) {
  event.target.disabled = true;
  await post("invite", { channel: state.channel, persona: state.persona });
  event.target.disabled = false;
}

/** On narrow pages the list lies over the talk until a channel is chosen. */
function showList(shown) {
  document.body.classList.toggle("with-channels", shown);
  const toggle = byId("nav-toggle");
  toggle.setAttribute("aria-expanded", String(shown));
  toggle.setAttribute("aria-label", say(shown ? "page.close_channels" : "page.open_channels"));
  if (shown) list.querySelector("[aria-current]")?.focus();
}

export function channels() {
  on("ready channel line turn", draw);
  byId("nav-toggle").addEventListener("click", () => showList(!document.body.classList.contains("with-channels")));
  byId("conversation").addEventListener("pointerdown", () => showList(false));
  byId("channels").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("with-channels")) {
      showList(false);
      byId("nav-toggle").focus();
    }
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(to, buttons.length - 1))].focus();
  });
}
