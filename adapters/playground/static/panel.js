// What Kith sees: the channel's window, and the reading of the one message that is being typed or was sent last.

import { get, post } from "./api.js";
import { cover } from "./cover.js";
import { byId, el } from "./dom.js";
import { me, on, state } from "./state.js";
import { dateOf, momentOf } from "./times.js";
import { say } from "./words.js";

const WAIT = 250;
const reader = { text: "", sent: false, reading: null, asked: 0 };
let looking;

const section = (title, ...body) => el("section", {}, el("h3", {}, title), ...body);
const nothing = (sentence) => el("p", { class: "nothing" }, sentence);

function lookSoon() {
  clearTimeout(looking);
  looking = setTimeout(look, 60);
}

async function look() {
  const { channel } = state;
  const answer = await get(`insight/${encodeURIComponent(channel)}`);
  if (!answer || channel !== state.channel) return;
  const { insight } = answer;
  byId("insight").replaceChildren(...(insight ? drawn(insight) : [nothing(say("panel.no_kith"))]));
}

function drawn({ charter, window, evidence, findings, asked, held }) {
  return [
    section(say("panel.evidence"), evidence.length ? el("ul", { class: "evidence" }, evidence.map(strand)) : nothing(say("panel.no_evidence"))),
    section(say("panel.findings"), findings.length ? el("ul", {}, findings.map(finding)) : nothing(say("panel.no_findings"))),
    section(say("panel.asked"), asked.length ? el("ul", {}, asked.map(entry)) : nothing(say("panel.no_asked"))),
    section(say("panel.held"), held.length ? el("ul", {}, held.map(entry)) : nothing(say("panel.no_held"))),
    section(say("panel.window"), remembered(window), el("p", { class: "span" }, say("panel.window_span", { opened: dateOf(window.opened_at), closes: dateOf(window.closes_at) }))),
    section(say("panel.charter"), agreement(charter)),
  ];
}

const strand = ({ title, count }) =>
  el("li", {}, el("span", {}, title), el("span", { class: "knots", "aria-hidden": "true" }, "●".repeat(Math.min(count, 12))), el("span", { class: "times" }, say("panel.times", { n: count })));

const finding = ({ title, counts }) =>
  el("li", {}, el("b", {}, title), el("p", { class: "counts" }, counts));

const entry = ({ at, title, question, reason }) =>
  el(
    "li",
    {},
    el("b", {}, title),
    reason ? el("p", {}, reason) : question && el("p", { class: "asked" }, question),
    el("time", { datetime: at }, momentOf(at)),
  );

const remembered = (window) =>
  el(
    "dl",
    { class: "figures" },
    [["panel.messages", window.messages], ["panel.people", window.people], ["panel.open", window.open_questions]].map(([key, value]) =>
      el("div", {}, el("dt", {}, say(key)), el("dd", {}, String(value))),
    ),
  );

const agreement = ({ says, since, until, profile, exempt, look_at }) =>
  el(
    "ul",
    { class: "agreement" },
    el("li", {}, el("b", {}, says), `, ${say("panel.since", { when: dateOf(since) })}`),
    until && el("li", {}, say("panel.until", { when: dateOf(until) })),
    el("li", {}, say("panel.profile", { profile })),
    exempt && el("li", {}, say("panel.exempt", { kind: exempt })),
    look_at && el("li", {}, say("panel.look", { when: momentOf(look_at) })),
  );

/** Read what is being typed, a moment after the last key; commands are not for reading. */
function typed(text) {
  clearTimeout(reader.wait);
  reader.text = text.trim();
  if (!reader.text || reader.text.startsWith("/kith")) return;
  reader.wait = setTimeout(() => read(reader.text, false), WAIT);
}

async function read(text, sent) {
  clearTimeout(reader.wait);
  if (text.startsWith("/kith")) return;
  const turn = (reader.asked += 1);
  const reading = me()?.guest ? null : await post("reading", { text });
  if (turn !== reader.asked) return;
  Object.assign(reader, { reading, sent, guest: me()?.guest });
  drawReader();
}

function drawReader() {
  const { reading, sent, guest } = reader;
  byId("reader").replaceChildren(
    el("h3", { id: "reader-title" }, say("panel.reader")),
    el("p", { class: "nothing" }, say(guest ? "panel.reader_guest" : !reading ? "panel.reader_empty" : sent ? "panel.reader_sent" : "panel.reader_typing")),
    reading ? readings(reading) : "",
    el("p", { class: "note" }, say("panel.reader_note")),
  );
}

function readings({ patterns, question }) {
  const clear = patterns.some((pattern) => pattern.clear);
  return el(
    "div",
    {},
    el("ul", { class: "readings" }, patterns.map(strandOf)),
    !clear && el("p", {}, say("panel.reader_none")),
    question && el("p", {}, say("panel.reader_question")),
  );
}

function strandOf({ title, probability, clear, words }) {
  const percent = Math.round(probability * 100);
  const line = el("span", { class: "line", "aria-hidden": "true" }, el("span", {}));
  line.firstElementChild.style.inlineSize = `${percent}%`;
  return el(
    "li",
    { class: clear ? "clear" : null },
    el("span", { class: "title" }, title, clear && el("em", {}, ` · ${say("panel.reader_clear")}`)),
    el("span", { class: "share" }, el("span", { class: "unseen" }, say("panel.reader_share", { percent }))),
    line,
    words.length > 0 && el("span", { class: "through" }, say("panel.reader_words", { words: words.join(", ") })),
  );
}

const wide = matchMedia("(min-width: 1000px)");

function show(shown, { focus = false } = {}) {
  byId("panel").hidden = !shown;
  document.body.classList.toggle("with-panel", shown);
  byId("panel-toggle").setAttribute("aria-expanded", String(shown));
  cover();
  if (focus) (shown ? byId("panel-title") : byId("panel-toggle")).focus();
}

export function panel() {
  drawReader();
  show(wide.matches);
  on("ready turn", lookSoon);
  on("seen channel", lookSoon);
  on("typed", typed);
  on("sent", (text) => read(text, true));
  byId("panel-toggle").addEventListener("click", () => show(byId("panel").hidden, { focus: true }));
  byId("panel-close").addEventListener("click", () => show(false, { focus: true }));
  byId("panel").addEventListener("keydown", (event) => event.key === "Escape" && show(false, { focus: true }));
}
