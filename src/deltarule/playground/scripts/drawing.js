// New problems for hand-work by a seed, in the manner of `deltarule new`: small whole inputs, an initial layer of two decimals,
// figures that everyone rounds alike, predictions that are neither all right nor all wrong, and a cost that falls.

import { start, work } from "./descent.js";
import { generatorOf, permutation, uniforms } from "./generator.js";
import { errorsOf, rightParts, rowsOf } from "./hands.js";
import { KINDS, largest, neuronsFor } from "./layers.js";
import { exerciseOf } from "./practising.js";
import { checkedState, taskOf } from "./state.js";

/** @typedef {import("./state.js").State} State */

const PATTERNS = 8;
const INPUTS = 2;
const CLASSES = ["A", "B", "C"];
const NEURONS = 2;
const MOST_INPUT = 4;
// Draws of a problem that are tried.
const DRAWS = 2000;
// A figure may not lie nearer to a half of its last decimal; predictions are clear by so much.
const NEAR_HALF = 0.02;
const CLEAR = 0.02;
// Rates, the largest first, of which the first is taken with which the cost falls.
const RATES = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

/**
 * A problem of the kind and the decimals of a state; the state itself where none is found.
 * @param {State} state
 * @param {number} seed a whole number of at least 0
 * @param {string} title
 * @returns {State}
 */
export function drawnProblem(state, seed, title) {
  let generator = generatorOf(seed);
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = candidate(state, generator, title);
    generator = drawn.generator;
    if (!startsWell(drawn.state)) continue;
    for (const learning_rate of RATES) {
      const made = { ...drawn.state, descent: { ...drawn.state.descent, learning_rate } };
      if (stepsWell(made)) return made;
    }
  }
  return state;
}

/** @param {State} state @param {import("./generator.js").Generator} given @param {string} title */
function candidate({ kind, classes, decimals, descent }, given, title) {
  let generator = given;
  /** @param {number} count numbers from -1 to 1 */
  const numbers = (count) => {
    const drawn = uniforms(generator, count);
    generator = drawn.generator;
    return drawn.numbers.map((value) => 2 * value - 1);
  };
  const side = 2 * MOST_INPUT + 1;
  const places = permutation(generator, side ** INPUTS);
  generator = places.generator;
  const inputs = places.order
    .slice(0, PATTERNS)
    .map((place) => [(place % side) - MOST_INPUT, Math.floor(place / side) - MOST_INPUT]);
  const labels = classes === null ? null : CLASSES.slice(0, classes.length === 2 ? 2 : CLASSES.length);
  const K = labels === null ? NEURONS : neuronsFor(kind, labels.length);
  const rounded = (/** @type {number} */ value) => Math.round(100 * value) / 100 + 0;
  const weights = Array.from({ length: INPUTS }, () => numbers(K).map((value) => rounded(value / Math.sqrt(INPUTS))));
  const biases = numbers(K).map(rounded);
  const columns = labels?.length ?? K;
  const teacher = Array.from({ length: INPUTS + 1 }, () => numbers(columns));
  const taught = inputs.map((x) =>
    teacher[0].map((_, k) => (x[0] * teacher[0][k] + x[1] * teacher[1][k]) / MOST_INPUT + teacher[2][k]),
  );
  const tenths = (/** @type {number} */ value) => Math.round(10 * value) / 10 + 0;
  /** @type {Record<string, (value: number) => number>} */
  const reached = {
    sigmoid: (value) => tenths(Math.min(Math.max(1 / (1 + Math.exp(-value)), 0.1), 0.9)),
    tanh: (value) => tenths(Math.min(Math.max(Math.tanh(value), -0.9), 0.9)),
    linear: (value) => Math.round(2 * value) + 0,
  };
  const [no, yes] = KINDS[kind].answers(K);
  const number = reached[kind] ?? ((/** @type {number} */ value) => (value > 0 ? yes : no));
  const state = checkedState({
    title,
    kind,
    classes: labels,
    input_names: ["x1", "x2"],
    target_names: labels ? null : weights[0].map((_, k) => `d${k + 1}`),
    inputs,
    targets: labels ? taught.map(largest) : taught.map((row) => row.map(number)),
    weights,
    biases,
    descent: { learning_rate: 0.1, epochs: 1000, reduction: descent.reduction, batch_size: null, seed: 0 },
    decimals,
  });
  return { state, generator };
}

/** The exercise of a state's first update. @param {State} state */
function firstExercise(state) {
  const task = taskOf(state);
  const point = start(task);
  return exerciseOf(state, task, point, work(task, point));
}

/** Whether all people round figures alike. @param {number[][]} figures @param {number} decimals */
const areClear = (figures, decimals) =>
  figures
    .flat()
    .every((value) => Number.isInteger(value) || Math.abs(((Math.abs(value) * 10 ** decimals) % 1) - 0.5) >= NEAR_HALF);

/** Whether the figures before the step are as they should be. @param {State} state */
function startsWell(state) {
  if (state.classes && new Set(state.targets.flat()).size < state.classes.length) return false;
  const exercise = firstExercise(state);
  const { predicted, U, Y, cost, delta, GW, Gb = [] } = rightParts(exercise);
  if (!areClear([U, Y, cost, delta, GW, Gb], state.decimals)) return false;
  if (!predicted) return true;
  const isTied = KINDS[state.kind].predicts === "largest" ? isClose(Y, exercise.b.length) : U.some(isSmall);
  const errors = errorsOf(exercise, predicted);
  return !isTied && errors > 0 && errors < PATTERNS;
}

/** Whether the step shows, and the cost falls. @param {State} state */
function stepsWell(state) {
  const exercise = firstExercise(state);
  const right = rightParts(exercise);
  const K = exercise.b.length;
  if (!areClear([right.W, right.b ?? []], state.decimals)) return false;
  const before = exercise.W.flat();
  if (!right.W.some((value, place) => Math.abs(value - before[place]) >= 10 ** -state.decimals)) return false;
  return rightParts({ ...exercise, W: rowsOf(right.W, K), b: right.b ?? exercise.b }).cost[0] < right.cost[0];
}

/** @param {number} u */
const isSmall = (u) => Math.abs(u) < CLEAR;

/** Whether two outputs of a row lead together. @param {number[]} Y @param {number} K */
const isClose = (Y, K) =>
  Y.some((_, place) => {
    if (place % K) return false;
    const [first, second] = Y.slice(place, place + K).sort((a, b) => b - a);
    return first - second < CLEAR;
  });
