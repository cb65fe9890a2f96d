// The rehearsal's clock in the head of the page.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { now, on, state } from "./state.js";
import { clockOf, momentOf } from "./times.js";
import { say } from "./words.js";

function draw() {
  if (!state.ready) return;
  const face = byId("clock-now");
  face.textContent = clockOf(now());
  face.dateTime = now().toISOString();
  face.classList.toggle("ahead", state.clock.clock.ahead > 0);
}

async function forward({ hours, days, to }) {
  byId("clock-menu").hidePopover();
  const step = to ? { to, channel: state.channel } : hours ? { hours: Number(hours) } : { days: Number(days) };
  if (await post("clock", step)) byId("heard").append(el("p", {}, say("clock.moved", { when: momentOf(now()) })));
}

export function clock() {
  on("ready clock", draw);
  setInterval(draw, 5000);
  for (const button of byId("clock-menu").querySelectorAll("button")) {
    button.addEventListener("click", () => forward(button.dataset));
  }
}
