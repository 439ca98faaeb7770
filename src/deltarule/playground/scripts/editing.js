// Changes of the state. Each gives a new state; what follows from a change (the number of neurons, the last update) is put right.

import { updatesPerEpoch } from "./descent.js";
import { randomParameters } from "./generator.js";
import { KINDS, neuronsFor } from "./layers.js";
import { answersOf, lastUpdate, MOST, reaches, withinReach } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** A state whose epochs and updates are within its limits. @param {State} state @returns {State} */
function settled(state) {
  const each = updatesPerEpoch(state.descent, state.inputs.length);
  const epochs = Math.min(state.descent.epochs, Math.floor(MOST.updates / each));
  const within = { ...state, descent: { ...state.descent, epochs } };
  const selected = Math.min(state.selected, state.inputs.length - 1);
  return { ...within, selected, updates: Math.min(state.updates, lastUpdate(within)) };
}

/** Weights and biases of so many neurons: those there are, if they fit; others are drawn. @param {State} state @param {number} K */
function withNeurons(state, K) {
  if (state.weights[0].length === K) return state;
  const { weights, biases } = randomParameters(state.inputs[0].length, K, 0);
  return { ...state, weights, biases: state.biases && biases, neuron: Math.min(state.neuron, K - 1) };
}

/** The kinds of layer that take the targets of a state. @param {State} state */
export function kindsFor(state) {
  return Object.keys(KINDS).filter((kind) => {
    if (state.classes) return kind !== "linear";
    if (kind === "softmax" || kind === "adaline") return false;
    const allowed = answersOf(kind, state.weights[0].length);
    const rows = /** @type {number[][]} */ (state.targets);
    if (!reaches(kind, rows)) return false;
    return allowed === null || rows.every((row) => row.every((each) => allowed.includes(each)));
  });
}

/** @param {State} state @param {string} kind @returns {State} */
export function withKind(state, kind) {
  const changed = { ...state, kind };
  return state.classes ? withNeurons(changed, neuronsFor(kind, state.classes.length)) : changed;
}

/** @param {State} state @param {Partial<State["descent"]>} changes @returns {State} */
export function withDescent(state, changes) {
  const descent = { ...state.descent, ...changes };
  if (!descent.weight_decay) descent.decay_biases = false;
  if (!descent.momentum) descent.nesterov = false;
  const { warm_up = 0, by } = descent.schedule;
  if (by !== "update" && warm_up >= descent.epochs)
    descent.schedule = { ...descent.schedule, warm_up: descent.epochs - 1 };
  return settled({ ...state, descent });
}

/** Another layer to start from; no update is done. @param {State} state @param {number[][]} weights @param {number[] | null} biases */
export const withStart = (state, weights, biases) => ({ ...state, weights, biases, updates: 0 });

/** @param {State} state @param {number} seed @returns {State} */
export function redrawn(state, seed) {
  const { weights, biases } = randomParameters(state.inputs[0].length, state.weights[0].length, seed);
  return withStart(state, weights, state.biases && biases);
}

/** @template T @param {T[]} list @param {number} place @param {T} value */
export const replaced = (list, place, value) => list.map((each, index) => (index === place ? value : each));

/** @param {State} state @param {number} p @param {number[]} x @returns {State} */
export const withInputs = (state, p, x) => ({ ...state, inputs: replaced(state.inputs, p, x), selected: p });

/** @param {State} state @param {number} p @param {number | number[]} target @returns {State} */
export const withTarget = (state, p, target) => ({
  ...state,
  targets: replaced(
    /** @type {any[]} */ (state.targets),
    p,
    Array.isArray(target) ? withinReach(state.kind, target) : target,
  ),
  selected: p,
});

/** @param {State} state @param {number[]} x @param {number | number[]} target @returns {State} */
export function withPattern(state, x, target) {
  const inputs = [...state.inputs, x];
  const targets = /** @type {any[]} */ ([
    ...state.targets,
    Array.isArray(target) ? withinReach(state.kind, target) : target,
  ]);
  return settled({ ...state, inputs, targets, selected: inputs.length - 1 });
}

/** @param {State} state @param {number} p @returns {State} */
export function withoutPattern(state, p) {
  const targets = /** @type {any[]} */ (state.targets);
  return settled({
    ...state,
    inputs: state.inputs.filter((_, place) => place !== p),
    targets: targets.filter((_, place) => place !== p),
    selected: Math.max(0, p - 1),
  });
}

/** One class more, named by the first letter that is free. @param {State} state @returns {State} */
export function withClass(state) {
  const classes = state.classes ?? [];
  const name = [..."ABCDEFGHIJKLMNOP"].find((letter) => !classes.includes(letter)) ?? "";
  const changed = { ...state, classes: [...classes, name], updates: 0 };
  return withNeurons(changed, neuronsFor(state.kind, changed.classes.length));
}
