// Elements of the page. Texts go in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number | boolean | null | ((event: any) => void)>} Attributes */

/** @param {Element} made @param {Attributes} attributes @param {(Node | string)[]} children */
function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * @param {string} tag
 * @param {Attributes} [attributes] functions are listeners; true is an attribute without a value; false and null are left out
 * @param {...(Node | string)} children
 * @returns {any}
 */
export const element = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);

/** @param {string} tag @param {Attributes} [attributes] @param {...(Node | string)} children @returns {any} */
export const drawn = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, tag), attributes, children);

/** Keep as many children as are drawn, and set their attributes. @param {any} group @param {string} tag @param {{text?: string, [name: string]: any}[]} wanted */
export function drawAll(group, tag, wanted) {
  const found = [...group.querySelectorAll(`:scope > ${tag}`)];
  wanted.forEach(({ text, ...attributes }, place) => {
    const each = found[place] ?? group.appendChild(drawn(tag));
    for (const [name, value] of Object.entries(attributes)) each.setAttribute(name, String(value));
    if (text !== undefined) setText(each, text);
  });
  found.slice(wanted.length).forEach((each) => each.remove());
}

/** An element of the page by its id. @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** Change a text only where it is another: browsers lay out again what is set. @param {Element} target @param {string} text */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** @param {Element} target @param {string} name @param {boolean} on */
export const toggle = (target, name, on) => target.classList.toggle(name, on);

/**
 * A figure is as many units wide as it has pixels, so that its letters and marks are as large as those of the page.
 * @param {any} figure an svg element
 * @param {number} share its height as a share of its width
 * @returns {{width: number, height: number, em: number}} em: the height of a letter
 */
export function sized(figure, share) {
  const em = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const width = Math.max(figure.parentElement.clientWidth, 12 * em);
  const height = Math.round(Math.min(width * share, Math.max(0.62 * window.innerHeight, 16 * em)));
  figure.setAttribute("viewBox", `0 0 ${width} ${height}`);
  return { width, height, em };
}

/** Say something to a screen reader, and show it. @param {string} text */
export function announce(text) {
  setText(byId("said"), text);
}

/** Name a part of the page, by which a link can hide it. @param {string} name @param {any} target */
export function part(name, target) {
  target.dataset.part = name;
  return target;
}

/** Hide the parts that a link names, and show all others. @param {string[]} names */
export function putAway(names) {
  const hidden = names.map((name) => name.toLowerCase());
  for (const each of document.querySelectorAll("[data-part]")) {
    toggle(each, "put-away", hidden.includes(/** @type {any} */ (each).dataset.part.toLowerCase()));
  }
}

/** @param {string} label @param {any} control @param {string} [hint] */
export function labelled(label, control, hint) {
  return element("label", { class: "field", title: hint ?? null }, element("span", {}, label), control);
}

/** @param {[string, string][]} options value and text @param {string} chosen @param {(value: string) => void} change */
export function menu(options, chosen, change) {
  const made = element("select", { change: () => change(made.value) });
  for (const [value, text] of options) made.append(element("option", { value, selected: value === chosen }, text));
  return made;
}

// Drawn, since not every machine has letters for them.
/** @type {Record<string, string>} */
const ICONS = {
  reset: "M4,4h3v16h-3zM20,4v16L8,12z",
  back: "M16,4v16L6,12z",
  play: "M6,3v18L20,12z",
  pause: "M6,4h4v16h-4zM14,4h4v16h-4z",
  step: "M8,4v16L18,12z",
  end: "M17,4h3v16h-3zM4,4v16L16,12z",
  plus: "M10,4h4v6h6v4h-6v6h-4v-6h-6v-4h6z",
  minus: "M4,10h16v4h-16z",
};

/** @param {string} name */
export const icon = (name) =>
  drawn("svg", { viewBox: "0 0 24 24", class: "sign", "aria-hidden": "true" }, drawn("path", { d: ICONS[name] }));

/** A button with a sign instead of a word, which is its label. @param {string} name @param {string} label @param {() => void} act */
export const iconButton = (name, label, act) =>
  element(
    "button",
    { type: "button", click: act, class: "icon", title: label, "aria-label": label, "data-sign": name },
    icon(name),
  );

/** @param {string} label @param {() => void} act @param {Attributes} [attributes] */
export const button = (label, act, attributes = {}) =>
  element("button", { type: "button", click: act, ...attributes }, label);
