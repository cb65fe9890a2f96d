// A picture of how many people stand where: a dot a person, in one hue, in an order that ranks nothing.

import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_DOTS = 24;
const STEP = 14;

/** The picture as a figure; its text says the same to those who cannot see it. */
export function picture({ title, text, people, bars }) {
  return el(
    "figure",
    { class: "picture" },
    el("figcaption", {}, title),
    el(
      "div",
      { class: "bars", role: "img", "aria-label": `${title}: ${text}` },
      bars.map(({ label, count }) => el("div", { class: "bar" }, el("span", {}, label), drawn(count, people), el("span", { class: "count" }, `${count}`))),
    ),
  );
}

const drawn = (count, people) => (people <= MOST_DOTS ? dots(count, people) : line(count, people));

function dots(count, people) {
  const circles = Array.from({ length: people }, (_, at) => shape("circle", { cx: at * STEP + 6, cy: 7, r: 5, class: at < count ? "there" : "open" }));
  return shape("svg", { viewBox: `0 0 ${people * STEP} 14`, width: people * STEP, height: 14, "aria-hidden": "true" }, circles);
}

function line(count, people) {
  const box = { x: 0, y: 3, height: 8, rx: 4 };
  const width = MOST_DOTS * STEP;
  const parts = [shape("rect", { ...box, width, class: "open" }), shape("rect", { ...box, width: (width * count) / people, class: "there" })];
  return shape("svg", { viewBox: `0 0 ${width} 14`, width, height: 14, "aria-hidden": "true" }, parts);
}

function shape(name, props, children = []) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
