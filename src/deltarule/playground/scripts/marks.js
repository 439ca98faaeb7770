// The marks of patterns: their shapes and colours, which are wrong, and what is said of each.

import { synapticInputs } from "./descent.js";
import { drawAll, drawn } from "./elements.js";
import { figure, short } from "./figures.js";
import { isWrong, KINDS, predictedClass } from "./layers.js";
import { placeOf, shownClasses } from "./shown.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */

// Okabe and Ito, "Color Universal Design" (2008): told apart with every common form of colour blindness. As in `deltarule.plots`.
export const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"];
// Each begins at a place, and goes on from there by relative commands.
export const SHAPES = [
  "M-6.5,0a6.5,6.5 0 1,0 13,0a6.5,6.5 0 1,0 -13,0z",
  "M-6,-6h12v12h-12z",
  "M0,-7.5l7,13h-14z",
  "M0,-8.5l7,8.5l-7,8.5l-7,-8.5z",
  "M0,7.5l7,-13h-14z",
  "M-2.5,-7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
  "M-7,-3.5l3.5,-3.5l3.5,3.5l3.5,-3.5l3.5,3.5l-3.5,3.5l3.5,3.5l-3.5,3.5l-3.5,-3.5l-3.5,3.5l-3.5,-3.5l3.5,-3.5z",
  "M0,-8.5l2.2,5.7l6,0.2l-4.7,3.8l1.6,5.8l-5.1,-3.4l-5.1,3.4l1.6,-5.8l-4.7,-3.8l6,-0.2z",
];
const WRONG = "M5,-12l7,7m0,-7l-7,7";
// More patterns than this have smaller marks.
const MANY = 60;
// More than this are drawn as a few paths: thousands of elements take longer than a frame. Only the chosen one is an element.
const CROWD = 300;
// Colours of numbers in such a crowd.
const SHADES = 8;
// From so far a pointer reaches a mark, before it is scaled.
const POINTER_REACH = 14;

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
      drawn("path", { class: "wrong", d: WRONG }),
    );
    shape.setAttribute("class", "shape");
    return { root, shape, values: {} };
  }

  const crowd = drawn("g", { class: "crowd" });
  group.append(crowd);
  /** Where the marks of a crowd stand, in pixels of the figure; what they are drawn for. */
  let places = /** @type {[number, number][]} */ ([]);
  let drawnFor = "";
  let reach = 0;
  let chosen = -1;

  /** @param {string} shape @param {number[]} patterns @param {number} scale */
  const together = (shape, patterns, scale) => {
    const [, x, y, rest] = /** @type {string[]} */ (/^M([-\d.]+),([-\d.]+)(.*)/.exec(shape));
    return patterns
      .map((p) => {
        const [left, top] = places[p];
        return `M${(left / scale + Number(x)).toFixed(2)},${(top / scale + Number(y)).toFixed(2)}${rest}`;
      })
      .join("");
  };

  /**
   * All marks but that of the chosen pattern, each class in one path, and all crosses in another.
   * @param {State} state @param {any} task @param {(p: number) => number} group the class, or the shade
   * @param {string[]} fills of the groups @param {boolean} hasClasses @param {boolean[]} wrong @param {number} scale
   */
  function drawCrowd(state, task, group, fills, hasClasses, wrong, scale) {
    const corners = [frame.toFigure(0, 0), frame.toFigure(1, 1), state.shown, state.neuron, scale, fills.length];
    const form = JSON.stringify(corners);
    const isMoved = form !== drawnFor || crowd.inputs !== state.inputs || crowd.targets !== state.targets;
    const transform = `scale(${scale.toFixed(3)})`;
    if (isMoved) {
      drawnFor = form;
      Object.assign(crowd, { inputs: state.inputs, targets: state.targets });
      places = state.inputs.map((_, p) => frame.toFigure(...placeOf(state, task, p)));
      /** @type {number[][]} */
      const groups = fills.map(() => []);
      places.forEach((_, p) => groups[group(p)].push(p));
      const marks = groups.map((patterns, k) => ({
        d: together(SHAPES[hasClasses ? k : 0], patterns, scale),
        fill: fills[k],
        class: "shape",
        transform,
      }));
      drawAll(crowd, "path", [...marks, { d: "", fill: "none", class: "crosses", transform }]);
    }
    const crosses = together(
      WRONG,
      places.map((_, p) => p).filter((p) => wrong[p]),
      scale,
    );
    if (crowd.lastChild.getAttribute("d") !== crosses) crowd.lastChild.setAttribute("d", crosses);
  }

  /** @param {State} state @param {any} task @param {any} point */
  function draw(state, task, point) {
    const classes = shownClasses(state, task);
    const isCrowd = state.inputs.length > CROWD;
    const shown = isCrowd ? [state.selected] : state.inputs.map((_, p) => p);
    // In a crowd another chosen pattern is another element, so that its label is said.
    if (isCrowd && chosen !== state.selected) for (const mark of drawnMarks.splice(0)) mark.root.remove();
    chosen = state.selected;
    for (const mark of drawnMarks.splice(shown.length)) mark.root.remove();
    while (drawnMarks.length < shown.length) {
      const mark = newMark(drawnMarks.length);
      drawnMarks.push(mark);
      group.append(mark.root);
    }
    const numbers = classes ? [] : task.D.map((/** @type {number[]} */ d) => d[Math.min(state.neuron, d.length - 1)]);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const scale = (frame.em() / 16) * (state.inputs.length > MANY ? 0.75 : 1);
    reach = POINTER_REACH * scale;
    /** @param {number} p */
    const share = (p) => (most > least ? (numbers[p] - least) / (most - least) : 0.5);
    /** @param {number} share */
    const shade = (share) => `color-mix(in srgb, ${COLOURS[0]} ${Math.round(100 * share)}%, white)`;
    const U = synapticInputs(task, point.W, point.b);
    const wrong = U.map((u, p) => isWrong(state.kind, task.hasClasses, u, task.D[p]) === true);
    if (isCrowd) {
      const fills = classes
        ? COLOURS.slice(0, classes.names.length)
        : Array.from({ length: SHADES }, (_, k) => shade(k / (SHADES - 1)));
      const group = (/** @type {number} */ p) => classes?.of(p) ?? Math.round(share(p) * (SHADES - 1));
      drawCrowd(state, task, group, fills, classes !== null, wrong, scale);
    } else if (drawnFor) {
      drawnFor = "";
      crowd.replaceChildren();
    }
    shown.forEach((p, place) => {
      const mark = drawnMarks[place];
      const isChosen = p === state.selected;
      const [left, top] = frame.toFigure(...placeOf(state, task, p));
      const label = classes?.of(p) ?? 0;
      set(mark, mark.root, "data-p", String(p));
      set(mark, mark.root, "transform", `translate(${left.toFixed(2)} ${top.toFixed(2)}) scale(${scale.toFixed(3)})`);
      set(mark, mark.root, "tabindex", isChosen ? "0" : "-1");
      set(mark, mark.root, "class", `mark${isChosen ? " chosen" : ""}${wrong[p] ? " is-wrong" : ""}`);
      set(mark, mark.shape, "d", SHAPES[label]);
      set(mark, mark.shape, "fill", classes ? COLOURS[label] : shade(share(p)));
      if (isChosen || !mark.values["aria-label"])
        set(mark, mark.root, "aria-label", labelOf(state, task, p, wrong[p], U[p]));
    });
  }

  return {
    draw,
    /** @param {number} p */
    focus: (p) => (drawnMarks[p] ?? drawnMarks[0]).root.focus({ preventScroll: true }),
    /** The pattern of a crowd that is nearest to a place of the figure, and within reach; null if there is none. @param {[number, number]} place */
    nearest([x, y]) {
      if (!drawnFor) return null;
      let [best, distance] = [-1, reach];
      places.forEach(([left, top], p) => {
        const away = Math.hypot(left - x, top - y);
        if (away < distance) [best, distance] = [p, away];
      });
      return best < 0 ? null : best;
    },
  };
}
