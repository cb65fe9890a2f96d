// Starts the page: every part draws itself from the state, and the state follows the feed.

import { problem } from "./api.js";
import { channels } from "./channels.js";
import { clock } from "./clock.js";
import { composers } from "./composer.js";
import { panel } from "./panel.js";
import { sample } from "./sample.js";
import { listen, on } from "./state.js";
import { talk } from "./talk.js";
import { say } from "./words.js";

let offline = false;

on("online", (online) => {
  if (online !== offline) return;
  offline = !online;
  problem(online ? "" : say("page.offline"), { stays: true });
});

channels();
clock();
composers();
panel();
sample();
talk();
listen();
