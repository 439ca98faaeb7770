// The plane: patterns are chosen, moved, added and removed in it by mouse, touch and keyboard.

import { drawn } from "./elements.js";
import { frameOf } from "./frame.js";
import { landscapeOf } from "./landscape.js";
import { marksOf } from "./marks.js";
import { isLine, meansOf, placeOf, shownClasses } from "./shown.js";

/** @typedef {import("./state.js").State} State */

// Pixels of the figure by which an arrow key moves a pattern; with Shift a fifth of them.
const STRIDE = 10;
// A pointer that moves less has tapped.
const TAP = 6;

/**
 * @param {any} root an svg element
 * @param {() => {state: State, task: import("./descent.js").Task}} current
 * @param {{select: (p: number) => void, move: (p: number, x: number[], target?: number[]) => void, settle: (p: number) => void,
 *   add: (x: number[], target?: number[]) => void, remove: (p: number) => void, classify: (p: number, label: number) => void}} actions
 */
export function planeOf(root, current, actions) {
  const opening = drawn("rect");
  const ground = drawn("rect", { class: "ground" });
  const [areas, lines] = [0, 1].map(() => drawn("g", { "clip-path": "url(#plot)" }));
  const axes = drawn("g", { class: "axes", "aria-hidden": "true" });
  const group = drawn("g", { class: "marks" });
  const clip = drawn("clipPath", { id: "plot" }, opening);
  root.replaceChildren(drawn("defs", {}, clip), ground, areas, lines, axes, group);
  const frame = frameOf(root, [opening, ground], axes);
  const landscape = landscapeOf(areas, lines, frame);
  const marks = marksOf(group, frame);

  /** @type {{p: number, x: number, y: number, moved: boolean} | null} */
  let held = null;
  /** @type {[number, number] | null} */
  let pressed = null;
  // Whether the chosen pattern gets the focus when it is drawn: the keyboard chose it.
  let wantsFocus = false;

  /** Two decimals more than the figure resolves are of no use to anybody. @param {number} value @param {number} size */
  const rounded = (value, size) => {
    const digits = Math.max(0, 3 - Math.ceil(Math.log10(size)));
    return Number(value.toFixed(Math.min(digits, 12)));
  };

  /** The inputs (and for one input the desired output) at a place of the figure. @param {[number, number]} place @param {number[] | null} before @param {number} [p] */
  function patternAt(place, before, p) {
    const { state, task } = current();
    const { left, right, low, high } = frame.box();
    const [width, height] = [right - left, high - low];
    const [x, y] = frame.fromFigure(...place);
    const [across, upwards] = state.shown;
    const inputs = (before ?? meansOf(state)).slice();
    inputs[across] = rounded(x, width);
    if (!isLine(state)) inputs[upwards] = rounded(y, height);
    /** @type {number[] | undefined} */
    let target;
    if (isLine(state) && !shownClasses(state, task)) {
      target = p === undefined ? new Array(state.weights[0].length).fill(0) : task.D[p].slice();
      /** @type {number[]} */ (target)[state.neuron] = rounded(y, height);
    }
    return { inputs, target };
  }

  ground.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0) return;
    const p = marks.nearest(frame.pointer(event));
    if (p === null) pressed = [event.clientX, event.clientY];
    else hold(event, ground, p);
  });
  ground.addEventListener("pointercancel", () => {
    pressed = null;
  });
  ground.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
    const tapped = pressed !== null && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < TAP;
    pressed = null;
    if (!tapped) return;
    const { inputs, target } = patternAt(frame.pointer(event), null);
    actions.add(inputs, target);
  });

  group.addEventListener("pointerdown", (/** @type {any} */ event) => {
    const mark = event.target.closest("[data-p]");
    if (!mark || event.button !== 0) return;
    hold(event, mark, Number(mark.dataset.p));
    mark.focus({ preventScroll: true });
  });
  /** @param {PointerEvent} event @param {any} target @param {number} p */
  function hold(event, target, p) {
    held = { p, x: event.clientX, y: event.clientY, moved: false };
    target.setPointerCapture(event.pointerId);
    event.preventDefault();
    wantsFocus = target === ground;
    actions.select(p);
  }
  root.addEventListener("pointermove", (/** @type {any} */ event) => {
    if (!held) return;
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < TAP / 2) return;
    held.moved = true;
    const { inputs, target } = patternAt(frame.pointer(event), current().state.inputs[held.p], held.p);
    actions.move(held.p, inputs, target);
  });
  const release = () => {
    if (held?.moved) actions.settle(held.p);
    held = null;
  };
  root.addEventListener("pointerup", release);
  root.addEventListener("pointercancel", release);
  group.addEventListener("focusin", (/** @type {any} */ event) => {
    const mark = event.target.closest("[data-p]");
    if (mark && Number(mark.dataset.p) !== current().state.selected) actions.select(Number(mark.dataset.p));
  });
  group.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { state, task } = current();
    const p = state.selected;
    const last = state.inputs.length - 1;
    const stride = event.shiftKey ? STRIDE / 5 : STRIDE;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, -stride], ArrowDown: [0, stride] };
    /** @type {Record<string, number>} */
    const chosen = { PageUp: Math.max(0, p - 1), PageDown: Math.min(last, p + 1), Home: 0, End: last };
    const label = Number(event.key);
    const classes = shownClasses(state, task);
    if (event.key in arrows) {
      const [x, y] = frame.toFigure(...placeOf(state, task, p));
      const { inputs, target } = patternAt([x + arrows[event.key][0], y + arrows[event.key][1]], state.inputs[p], p);
      actions.move(p, inputs, target);
      actions.settle(p);
    } else if (event.key in chosen) actions.select(chosen[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") actions.remove(p);
    else if (event.key === "Insert") actions.add(...addedBeside(state, task, p));
    else if (classes && label >= 1 && label <= classes.names.length) actions.classify(p, label - 1);
    else return;
    event.preventDefault();
    wantsFocus = true;
  });

  /** A new pattern beside another. @param {State} state @param {any} task @param {number} p @returns {[number[], number[] | undefined]} */
  function addedBeside(state, task, p) {
    const [x, y] = frame.toFigure(...placeOf(state, task, p));
    const right = x + 3 * STRIDE < frame.plot.right ? x + 3 * STRIDE : x - 3 * STRIDE;
    const { inputs, target } = patternAt([right, y], state.inputs[p]);
    return [inputs, target];
  }

  return {
    /** @param {State} state @param {any} task @param {any} point the layer that is shown */
    draw(state, task, point) {
      landscape.draw(state, task, point);
      frame.drawAxes(state);
      marks.draw(state, task, point);
      if (wantsFocus) marks.focus(state.selected);
      wantsFocus = false;
    },
    fit: frame.fit,
    zoom: frame.zoom,
    measure: frame.measure,
  };
}
