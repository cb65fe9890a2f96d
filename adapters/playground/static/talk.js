// The talk of a channel and of a thread, drawn as it happens and walked through with the arrow keys.

import { cover } from "./cover.js";
import { byId, el, reconcile } from "./dom.js";
import { message, signature } from "./message.js";
import { now, on, state, turn, visible } from "./state.js";
import { dayHeading, dayOf } from "./times.js";
import { say } from "./words.js";

const TOGETHER = 5 * 60 * 1000;

function items(lines, inThread) {
  const rows = [];
  let before = null;
  for (const line of lines) {
    if (!inThread && (!before || dayOf(before.at) !== dayOf(line.at))) {
      const heading = dayHeading(line.at);
      rows.push({ key: `day-${line.at.slice(0, 10)}-${line.id}`, sig: heading, make: () => el("p", { class: "day" }, el("span", {}, heading)) });
      before = null;
    }
    const close = before && Date.parse(line.at) - Date.parse(before.at) < TOGETHER;
    const compact = Boolean(close && before.author === line.author && !line.only_for && !before.only_for && line.author !== "kith");
    const options = { compact, inThread };
    rows.push({ key: line.id, sig: signature(line, options), make: () => message(line, options) });
    before = line;
  }
  return rows;
}

function fill(box, lines, { inThread, nothing }) {
  const last = lines.at(-1);
  const mine = last && last.id !== box.dataset.last && [last.author, last.only_for].includes(state.persona);
  const follow = mine || atEnd(box);
  box.dataset.last = last?.id ?? "";
  const rows = items(lines, inThread);
  if (!rows.length && nothing) rows.push({ key: "nothing", sig: nothing, make: () => el("p", { class: "nothing" }, nothing) });
  reconcile(box, rows);
  const articles = [...box.querySelectorAll("article")];
  if (!articles.some((article) => article.tabIndex === 0)) articles.at(-1)?.setAttribute("tabindex", "0");
  if (follow) toEnd(box);
  if (follow && last?.only_for) toStart(box, last.id);
}

const ends = new WeakMap();
const atEnd = (box) => ends.get(box) ?? true;
const toEnd = (box) => (box.scrollTop = box.scrollHeight);

/** What was said to one person alone is read from its beginning, also where it is longer than the talk is high. */
function toStart(box, id) {
  const article = box.querySelector(`article[data-key="${CSS.escape(id)}"]`);
  if (article && article.offsetHeight > box.clientHeight) {
    ends.set(box, false);
    article.scrollIntoView({ block: "start" });
  }
}

/** A talk stays at its end, whatever grows around it, until somebody scrolls up. */
function keepEnd(box) {
  let top = 0;
  const scrolled = () => {
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 60) ends.set(box, true);
    else if (box.scrollTop < top) ends.set(box, false);
    top = box.scrollTop;
  };
  box.addEventListener("scroll", scrolled, { passive: true });
  new ResizeObserver(() => atEnd(box) && toEnd(box)).observe(box);
}

let shown = "";
let shownThread = null;

function draw() {
  const box = byId("talk");
  fill(box, visible(state.channel, null), { inThread: false, nothing: say("channel.empty") });
  if (shown !== state.channel) toEnd(box);
  shown = state.channel;
  drawThread();
}

function drawThread() {
  const pane = byId("thread");
  const opening = state.thread && state.lines.get(state.thread);
  const opened = opening && shownThread !== state.thread;
  pane.hidden = !opening;
  document.body.classList.toggle("with-thread", Boolean(opening));
  if (opening) {
    const name = state.channels.get(state.channel).name;
    byId("thread-title").textContent = say("thread.title", { where: say("channel.name", { name }) });
    const box = byId("thread-talk");
    fill(box, [opening, ...visible(state.channel, opening.id)], { inThread: true });
    if (opened) {
      toEnd(box);
      byId("thread-title").focus();
    }
  }
  cover();
  shownThread = opening ? state.thread : null;
}

function closeThread() {
  const opening = state.thread;
  turn({ thread: null });
  const from = byId("talk").querySelector(`article[data-key="${CSS.escape(opening)}"]`);
  (from?.querySelector(".teaser") ?? from ?? byId("talk")).focus();
}

function walk(event) {
  const articles = [...event.currentTarget.querySelectorAll("article")];
  const at = articles.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: articles.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  const next = articles[Math.max(0, Math.min(to, articles.length - 1))];
  for (const article of articles) article.tabIndex = article === next ? 0 : -1;
  next.focus();
}

/** Say new lines of the open channel to those who listen instead of looking. */
function announce(line) {
  if (line.channel !== state.channel || (line.only_for && line.only_for !== state.persona)) return;
  const who = state.personas.get(line.author)?.name ?? say("message.by_kith");
  const log = byId("heard");
  log.append(el("p", {}, `${who}: ${line.message?.plain ?? line.text}`));
  while (log.childElementCount > 20) log.firstElementChild.remove();
}

export function talk() {
  on("ready line gone turn clock", draw);
  on("heard", announce);
  for (const id of ["talk", "thread-talk"]) {
    byId(id).addEventListener("keydown", walk);
    keepEnd(byId(id));
  }
  byId("thread-close").addEventListener("click", closeThread);
  byId("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  let day = "";
  setInterval(() => {
    if (state.ready && day !== (day = dayOf(now()))) draw();
  }, 30_000);
}
