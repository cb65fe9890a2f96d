// Asks the server for something and shows its one sentence if that cannot be.

import { byId } from "./dom.js";
import { say } from "./words.js";

let fading;

/** Show a sentence for a while; an empty one takes it away. */
export function problem(sentence, { stays = false } = {}) {
  clearTimeout(fading);
  byId("problem").textContent = sentence;
  if (sentence && !stays) fading = setTimeout(() => problem(""), 8000);
}

/** POST JSON; the answer's data, or null after its sentence was shown. */
export async function post(path, body) {
  let answer;
  let data;
  try {
    answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    data = await answer.json();
  } catch {
    problem(say("error.offline"));
    return null;
  }
  if (answer.ok) {
    problem("");
    return data;
  }
  problem(data.error);
  return null;
}

export async function get(path) {
  try {
    const answer = await fetch(`/api/${path}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
