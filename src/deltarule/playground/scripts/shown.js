// What the plane shows of a state: which classes, and where a pattern stands.

import { short } from "./figures.js";
import { KINDS } from "./layers.js";

/** @typedef {import("./state.js").State} State */

/**
 * How patterns are shown: their class if they have one, else the answer or the number of one neuron.
 * @param {State} state
 * @param {import("./descent.js").Task} task
 */
export function shownClasses(state, task) {
  if (state.classes) return { names: state.classes, of: (/** @type {number} */ p) => Number(state.targets[p]) };
  if (KINDS[state.kind].predicts === null) return null;
  const [no, yes] = KINDS[state.kind].answers(2);
  return {
    names: [short(no), short(yes)],
    of: (/** @type {number} */ p) => (task.D[p][state.neuron] > (no + yes) / 2 ? 1 : 0),
  };
}

/** The means of the inputs, where those that are not shown stand. @param {State} state */
export const meansOf = ({ inputs }) =>
  inputs[0].map((_, n) => inputs.reduce((sum, x) => sum + x[n], 0) / inputs.length);

/** @param {State} state */
export const isLine = (state) => state.inputs[0].length === 1;

/**
 * Where a pattern stands in the figure's own units: its two inputs, or its input and its desired output.
 * @param {State} state @param {import("./descent.js").Task} task @param {number} p
 * @returns {[number, number]}
 */
export function placeOf(state, task, p) {
  const [across, upwards] = state.shown;
  const x = state.inputs[p];
  return isLine(state) ? [x[0], task.D[p][Math.min(state.neuron, task.D[p].length - 1)]] : [x[across], x[upwards]];
}
