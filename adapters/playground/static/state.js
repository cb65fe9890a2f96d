// What the page knows, kept up to date by the server's feed; everything else listens to it.

export const state = {
  ready: false,
  workspace: "",
  personas: new Map(),
  channels: new Map(),
  lines: new Map(),
  reactions: [],
  clock: null,
  sample: { state: "waiting", channel: "" },
  channel: "",
  persona: "",
  thread: null,
  editing: null,
  picking: null,
  unread: new Set(),
};

const bus = new EventTarget();

/** Call `act` whenever one of `kinds` happens: ready, line, gone, channel, clock, sample, seen, turn, online. */
export function on(kinds, act) {
  for (const kind of kinds.split(" ")) bus.addEventListener(kind, (event) => act(event.detail));
}

export function emit(kind, detail) {
  bus.dispatchEvent(new CustomEvent(kind, { detail }));
}

/** Change what the person looks at or does (channel, persona, thread, editing, picking). */
export function turn(change) {
  Object.assign(state, change);
  state.unread.delete(state.channel);
  emit("turn", change);
}

export const me = () => state.personas.get(state.persona);
export const room = () => state.channels.get(state.channel);
const byAge = (a, b) => (a.id < b.id ? -1 : 1);

let strands = null;

/** All lines by the channel or thread they stand in, oldest first; made anew after a change. */
function woven() {
  if (strands) return strands;
  strands = new Map();
  for (const line of [...state.lines.values()].sort(byAge)) {
    const place = line.thread ?? line.channel;
    if (!strands.has(place)) strands.set(place, []);
    strands.get(place).push(line);
  }
  return strands;
}

/** The lines that the chosen persona sees in a channel: of its thread `thread`, or of the channel itself (null). */
export function visible(channel, thread) {
  const lines = woven().get(thread ?? channel) ?? [];
  return lines.filter((line) => !line.only_for || line.only_for === state.persona);
}

/** The rehearsal's present moment. */
export function now() {
  const { at, clock } = state.clock;
  return new Date(Date.parse(clock.now) + (performance.now() - at));
}

function everything(data) {
  state.workspace = data.workspace;
  state.personas = new Map(data.personas.map((persona) => [persona.id, persona]));
  state.channels = new Map(data.channels.map((channel) => [channel.id, channel]));
  state.lines = new Map(data.lines.map((line) => [line.id, line]));
  state.reactions = data.reactions;
  state.clock = { clock: data.clock, at: performance.now() };
  state.sample = data.sample;
  if (!state.personas.has(state.persona)) state.persona = data.personas[0].id;
  if (!state.channels.has(state.channel)) state.channel = data.sample.channel;
  if (state.thread && !state.lines.has(state.thread)) state.thread = null;
  state.ready = true;
}

const changes = {
  snapshot: (data) => everything(data),
  line: (line) => {
    const fresh = !state.lines.has(line.id);
    state.lines.set(line.id, line);
    if (fresh && line.channel !== state.channel) state.unread.add(line.channel);
    if (fresh) emit("heard", line);
  },
  gone: ({ id }) => {
    state.lines.delete(id);
    if (state.thread === id) turn({ thread: null });
  },
  channel: ({ id, kith }) => Object.assign(state.channels.get(id), { kith }),
  clock: (clock) => (state.clock = { clock, at: performance.now() }),
  sample: (sample) => (state.sample = sample),
  seen: () => {},
};

/** Follow the feed for as long as the page is open. */
export function listen() {
  const source = new EventSource("/events");
  for (const [kind, change] of Object.entries(changes)) {
    source.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      strands = null;
      change(data);
      emit(kind === "snapshot" ? "ready" : kind, data);
    });
  }
  source.addEventListener("open", () => emit("online", true));
  source.addEventListener("error", () => {
    emit("online", false);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
}
