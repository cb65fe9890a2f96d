// Writes moments as people do where the page's language is spoken, in the rehearsal's own zone.

import { now, state } from "./state.js";
import { say } from "./words.js";

const written = (options) => (moment) =>
  new Intl.DateTimeFormat(say("page.dates"), { timeZone: state.clock.clock.zone, ...options }).format(new Date(moment));

export const timeOf = written({ hour: "2-digit", minute: "2-digit" });
export const dayOf = written({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const dateOf = written({ weekday: "short", day: "numeric", month: "short" });
export const clockOf = written({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
export const momentOf = written({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** A day's heading; today has a word of its own. */
export const dayHeading = (moment) => (dayOf(moment) === dayOf(now()) ? say("message.today") : dayOf(moment));
