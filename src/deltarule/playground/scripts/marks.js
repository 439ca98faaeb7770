// The marks of patterns: their shapes and colours, which are wrong, and what is said of each.

import { synapticInput } from "./descent.js";
import { drawn } from "./elements.js";
import { figure, short } from "./figures.js";
import { isWrong, KINDS, predictedClass } from "./layers.js";
import { placeOf, shownClasses } from "./shown.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */

// Okabe and Ito, "Color Universal Design" (2008): told apart with every common form of colour blindness. As in `deltarule.plots`.
export const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"];
export const SHAPES = [
  "M-6.5,0a6.5,6.5 0 1,0 13,0a6.5,6.5 0 1,0 -13,0z",
  "M-6,-6h12v12h-12z",
  "M0,-7.5L7,5.5H-7z",
  "M0,-8.5L7,0L0,8.5L-7,0z",
  "M0,7.5L7,-5.5H-7z",
  "M-2.5,-7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
  "M-7,-3.5L-3.5,-7L0,-3.5L3.5,-7L7,-3.5L3.5,0L7,3.5L3.5,7L0,3.5L-3.5,7L-7,3.5L-3.5,0z",
  "M0,-8.5L2.2,-2.8L8.2,-2.6L3.5,1.2L5.1,7L0,3.6L-5.1,7L-3.5,1.2L-8.2,-2.6L-2.2,-2.8z",
];
// More patterns than this have smaller marks.
const MANY = 60;

/** The mark of a class: its shape in its colour. @param {number} k */
export const key = (k) =>
  drawn(
    "svg",
    { class: "key", viewBox: "-10 -10 20 20", "aria-hidden": "true" },
    drawn("path", { d: SHAPES[k], fill: COLOURS[k], class: "shape" }),
  );

/** @param {State} state @param {any} task @param {number} p @param {boolean} wrong @param {number[]} u */
function labelOf(state, task, p, wrong, u) {
  const inputs = state.inputs[p].map((value, n) => `${state.input_names[n]} = ${short(value)}`).join(", ");
  const desired = state.classes
    ? say("classIs", state.classes[Number(state.targets[p])])
    : say("desiredIs", task.D[p].map((/** @type {number} */ d) => figure(d, state.decimals)).join(", "));
  if (!state.classes || KINDS[state.kind].predicts === null) return say("pointLabel", p + 1, inputs, desired);
  return `${say("pointLabel", p + 1, inputs, desired)}; ${wrong ? say("predictedWrong", state.classes[predictedClass(state.kind, u)]) : say("predictedRight")}`;
}

/** @param {any} group of the figure @param {ReturnType<typeof import("./frame.js").frameOf>} frame */
export function marksOf(group, frame) {
  /**
   * A mark for each pattern. Thousands are drawn in each frame, so what stays as it was is left alone.
   * @type {{root: any, shape: any, values: Record<string, string>}[]}
   */
  const drawnMarks = [];

  /** @param {typeof drawnMarks[0]} mark @param {any} target @param {string} name @param {string} value */
  function set(mark, target, name, value) {
    if (mark.values[name] === value) return;
    mark.values[name] = value;
    target.setAttribute(name, value);
  }

  /** @param {number} p */
  function newMark(p) {
    const shape = drawn("path");
    const root = drawn(
      "g",
      { "data-p": p, role: "button" },
      drawn("circle", { class: "reach", r: 20 }),
      drawn("circle", { class: "ring", r: 12.5 }),
      shape,
      drawn("path", { class: "wrong", d: "M5,-12l7,7m0,-7l-7,7" }),
    );
    shape.setAttribute("class", "shape");
    return { root, shape, values: {} };
  }

  /** @param {State} state @param {any} task @param {any} point */
  function draw(state, task, point) {
    const classes = shownClasses(state, task);
    for (const mark of drawnMarks.splice(state.inputs.length)) mark.root.remove();
    while (drawnMarks.length < state.inputs.length) {
      const mark = newMark(drawnMarks.length);
      drawnMarks.push(mark);
      group.append(mark.root);
    }
    const numbers = classes ? [] : task.D.map((/** @type {number[]} */ d) => d[Math.min(state.neuron, d.length - 1)]);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const scale = (frame.em() / 16) * (state.inputs.length > MANY ? 0.75 : 1);
    state.inputs.forEach((x, p) => {
      const mark = drawnMarks[p];
      const isChosen = p === state.selected;
      const [left, top] = frame.toFigure(...placeOf(state, task, p));
      const label = classes?.of(p) ?? 0;
      const share = most > least ? (numbers[p] - least) / (most - least) : 0.5;
      const u = synapticInput(x, point.W, point.b);
      const wrong = isWrong(state.kind, task.hasClasses, u, task.D[p]) === true;
      set(mark, mark.root, "transform", `translate(${left.toFixed(2)} ${top.toFixed(2)}) scale(${scale.toFixed(3)})`);
      set(mark, mark.root, "tabindex", isChosen ? "0" : "-1");
      set(mark, mark.root, "class", `mark${isChosen ? " chosen" : ""}${wrong ? " is-wrong" : ""}`);
      set(mark, mark.shape, "d", SHAPES[label]);
      set(
        mark,
        mark.shape,
        "fill",
        classes ? COLOURS[label] : `color-mix(in srgb, ${COLOURS[0]} ${Math.round(100 * share)}%, white)`,
      );
      if (isChosen || !mark.values["aria-label"]) set(mark, mark.root, "aria-label", labelOf(state, task, p, wrong, u));
    });
  }

  return {
    draw,
    /** @param {number} p */
    focus: (p) => drawnMarks[p].root.focus(),
  };
}
