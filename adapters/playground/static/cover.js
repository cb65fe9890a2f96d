// On narrow pages a pane covers the talk: what lies beneath is then out of reach for keys and screen readers.

import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 760px)");

/** Make the talk reachable again, or not, as the panes now lie. */
export function cover() {
  const covered = narrow.matches && ["thread", "panel"].some((pane) => !byId(pane).hidden);
  byId("conversation").inert = covered;
}

narrow.addEventListener("change", cover);
