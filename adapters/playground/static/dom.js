// Builds elements from plain data; text only ever becomes text.

export const byId = (id) => document.getElementById(id);

/** An element; `on` holds listeners, `data` data attributes, everything else is an attribute (true: without value). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const signatures = new WeakMap();

/** Make `box` hold one node per item ({key, sig, make}), touching only what changed and keeping the focus. */
export function reconcile(box, items) {
  const old = new Map([...box.children].map((node) => [node.dataset.key, node]));
  let place = box.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (!node || signatures.get(node) !== item.sig) {
      const fresh = item.make();
      fresh.dataset.key = item.key;
      signatures.set(fresh, item.sig);
      if (node) {
        if (place === node) place = fresh;
        swap(node, fresh);
      }
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else box.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
}

function swap(node, fresh) {
  const within = node.contains(document.activeElement);
  const focus = within ? document.activeElement.dataset.focus : undefined;
  node.replaceWith(fresh);
  if (!within) return;
  const target = focus ? fresh.querySelector(`[data-focus="${CSS.escape(focus)}"]`) : null;
  (target ?? fresh).focus({ preventScroll: true });
}

const TOKENS = /(https?:\/\/[^\s<>"”]*[^\s<>"”.,;:!?)])|(?<![\w@])(@kith\b)/giu;

/** Plain text as nodes, with links to follow and Kith's name set off. */
export function rich(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(TOKENS)) {
    nodes.push(text.slice(from, found.index));
    const [whole, url] = found;
    nodes.push(
      url
        ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url)
        : el("span", { class: "names-kith" }, whole),
    );
    from = found.index + whole.length;
  }
  return [...nodes, text.slice(from)];
}
