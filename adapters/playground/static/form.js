// A form of Kith in a dialog; what was wrong is said at its field.

import { post } from "./api.js";
import { byId, el } from "./dom.js";
import { state } from "./state.js";
import { say } from "./words.js";

const MANY = 6;

/** Open `form`, as sent by the server, for the chosen persona in `channel`. */
export function openForm(form, channel) {
  const dialog = byId("form");
  const persona = state.persona;
  const fields = form.fields.map((field) => ({ field, ...drawn(field) }));
  const wrong = fields.find(({ field }) => field.error);
  const send = async (event) => {
    event.preventDefault();
    const answers = Object.fromEntries(fields.map(({ field, read }) => [field.id, read()]));
    const answer = await post("submit", { channel, persona, form: form.id, about: form.about, answers });
    if (answer?.form) openForm(answer.form, channel);
    else if (answer) dialog.close();
  };
  dialog.replaceChildren(
    el(
      "form",
      { on: { submit: send }, novalidate: true },
      el(
        "header",
        {},
        el("h2", { id: "form-title" }, form.title),
        el("button", { type: "button", class: "quiet icon", "aria-label": say("form.close"), on: { click: () => dialog.close() } }, el("span", { "aria-hidden": "true" }, "✕")),
      ),
      el(
        "div",
        { class: "fields" },
        wrong && el("p", { class: "form-problem", role: "alert" }, say("form.problem")),
        form.intro && el("p", { class: "intro" }, form.intro),
        fields.map(({ node }) => node),
      ),
      el("footer", {}, el("button", { class: "main", type: "submit" }, form.submit)),
    ),
  );
  if (!dialog.open) dialog.showModal();
  const first = (wrong ?? fields[0])?.node;
  (first?.querySelector("input:checked") ?? first?.querySelector("input, select, textarea"))?.focus();
}

function drawn(field) {
  const id = `field-${field.id}`;
  const notes = [
    field.hint && el("p", { class: "hint", id: `${id}-hint` }, field.hint),
    field.error && el("p", { class: "error", id: `${id}-error` }, field.error),
  ].filter(Boolean);
  const described = notes.map((note) => note.id).join(" ") || null;
  const shape = { id, described, invalid: field.error ? "true" : null };
  if (field.kind === "scale") return scale(field, shape, notes);
  if (field.kind === "some_of" || (field.kind === "one_of" && field.options.length <= MANY)) return several(field, shape, notes);
  return single(field, shape, notes);
}

function several(field, { id, described }, notes) {
  const type = field.kind === "some_of" ? "checkbox" : "radio";
  const inputs = field.options.map((option) => {
    const input = el("input", { type, name: id, value: option.value });
    input.checked = field.value.includes(option.value);
    return { input, row: el("label", { class: "option" }, input, el("span", {}, option.label)) };
  });
  const node = el("fieldset", { class: "field", "aria-describedby": described }, el("legend", {}, field.label), notes, inputs.map(({ row }) => row));
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ input }) => input.value);
  return { node, read: () => (type === "checkbox" ? chosen() : (chosen()[0] ?? "")) };
}

/** Radios in a row between two ends; the last option, which is no step, stands by itself below them. */
function scale(field, { id, described }, notes) {
  const words = el("p", { class: "placed", "aria-hidden": "true" });
  const inputs = field.options.map((option) => {
    const input = el("input", { type: "radio", name: id, value: option.value, on: { change: () => words.replaceChildren(option.label) } });
    input.checked = field.value.includes(option.value);
    return { input, option };
  });
  const known = inputs.slice(0, -1);
  const unknown = inputs.at(-1);
  const [left, right] = field.ends;
  words.append(inputs.find(({ input }) => input.checked)?.option.label ?? "");
  const node = el(
    "fieldset",
    { class: "field scale", "aria-describedby": described },
    el("legend", {}, field.label),
    notes,
    el(
      "div",
      { class: "between" },
      el("span", { class: "end", "aria-hidden": "true" }, left),
      el("div", { class: "steps" }, known.map(({ input, option }) => el("label", { title: option.label }, input, el("span", { class: "unseen" }, option.label)))),
      el("span", { class: "end right", "aria-hidden": "true" }, right),
    ),
    el("div", { class: "beside" }, el("label", { class: "option" }, unknown.input, el("span", {}, unknown.option.label)), words),
  );
  return { node, read: () => inputs.find(({ input }) => input.checked)?.input.value ?? "" };
}

function single(field, { id, described, invalid }, notes) {
  const props = { id, "aria-describedby": described, "aria-invalid": invalid };
  const input =
    field.kind === "one_of"
      ? el("select", props, field.options.map((option) => el("option", { value: option.value }, option.label)))
      : field.kind === "text"
        ? el("textarea", { ...props, rows: 5, maxlength: field.most })
        : el("input", { ...props, type: field.kind === "time" ? "time" : "text", maxlength: field.most });
  input.value = field.kind === "people" ? field.value.join(", ") : (field.value[0] ?? "");
  return { node: el("div", { class: "field" }, el("label", { for: id }, field.label), notes, input), read: () => input.value };
}
