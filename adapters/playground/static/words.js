// Every word on the page, from prompts/.

const words = await (await fetch("/words.json")).json();

/** The sentence under `key` with its {slots} filled; `n` chooses between .one and .other. */
export function say(key, facts = {}) {
  const form = key in words || !("n" in facts) ? key : `${key}.${facts.n === 1 ? "one" : "other"}`;
  return (words[form] ?? key).replaceAll(/\{(\w+)\}/g, (slot, name) => facts[name] ?? slot);
}

/** The commands that Kith understands, in the order of the words file. */
export const commands = Object.keys(words)
  .filter((key) => key.startsWith("command."))
  .map((key) => ({ word: key.slice("command.".length), says: words[key] }));
