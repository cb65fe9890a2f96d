// The bar that tells of the sample conversation while it plays.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { on, state } from "./state.js";
import { say } from "./words.js";

let shown = "";
let watched = false;

function draw() {
  const { state: now, channel } = state.sample;
  const bar = byId("sample");
  watched ||= now === "playing";
  const wanted = channel !== state.channel || !watched || shown === "put away" ? "" : now;
  bar.hidden = !wanted;
  if (wanted === bar.dataset.shown) return;
  bar.dataset.shown = wanted;
  const button = (key, act) => el("button", { type: "button", class: "quiet", on: { click: act } }, say(key));
  if (wanted === "playing") {
    bar.replaceChildren(
      el("span", {}, say("sample.playing")),
      button("sample.skip", () => post("sample", { do: "skip" })),
      button("sample.stop", () => post("sample", { do: "stop" })),
    );
  } else if (wanted === "over") {
    bar.replaceChildren(el("span", {}, say("sample.over")), button("message.dismiss", putAway));
  }
}

function putAway() {
  shown = "put away";
  draw();
  byId("text").focus();
}

export function sample() {
  on("ready sample turn", draw);
}
