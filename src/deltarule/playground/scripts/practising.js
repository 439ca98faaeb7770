// What is practised: the update in sight, from figures as they are printed, so that whoever works from what stands there is right.

import { decimalsOf } from "./figures.js";
import { KINDS } from "./layers.js";

/**
 * @typedef {import("./hands.js").Exercise} Exercise
 */

// Decimals of figures that are printed as they are; others are rounded to so many more than the page shows.
const MOST_DECIMALS = 6;
const MORE_DECIMALS = 2;
// Significant digits of a learning rate, which a schedule may make a long number.
const RATE_DIGITS = 6;
// Patterns of an update that is worked by hand.
export const MOST_PRACTISED = 40;

/** The decimals with which figures are printed. @param {number[]} figures @param {number} decimals of the page */
export function decimalsPrinted(figures, decimals) {
  const needed = Math.max(0, ...figures.map(decimalsOf));
  return needed <= MOST_DECIMALS ? needed : Math.max(MOST_DECIMALS, decimals + MORE_DECIMALS);
}

/** @template {number[] | number[][]} T @param {T} figures @param {number} decimals @returns {T} */
function printed(figures, decimals) {
  const places = decimalsPrinted(/** @type {number[]} */ (figures.flat()), decimals);
  const one = (/** @type {number} */ value) => Number(value.toFixed(places)) + 0;
  return /** @type {T} */ (figures.map((each) => (Array.isArray(each) ? each.map(one) : one(each))));
}

/**
 * The exercise of an update.
 * @param {import("./state.js").State} state
 * @param {import("./descent.js").Task} task
 * @param {import("./descent.js").Point} point
 * @param {import("./descent.js").Step} step
 * @returns {Exercise}
 */
export function exerciseOf(state, task, point, step) {
  const { decimals } = state;
  const { reduction, weight_decay, decay_biases, momentum, nesterov } = task.descent;
  return {
    kind: task.kind,
    hasClasses: task.hasClasses && KINDS[task.kind].predicts !== null,
    hasBiases: task.hasBiases,
    X: printed(step.X, decimals),
    D: printed(step.D, decimals),
    W: printed(point.W, decimals),
    b: printed(point.b, decimals),
    VW: point.VW && printed(point.VW, decimals),
    Vb: point.Vb && printed(point.Vb, decimals),
    rate: Number(step.rate.toPrecision(RATE_DIGITS)),
    reduction,
    scale: step.scale,
    weight_decay,
    decay_biases,
    momentum,
    nesterov,
    decimals,
  };
}
