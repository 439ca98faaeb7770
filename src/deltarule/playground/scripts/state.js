// The state of the page: a problem, how many updates are done, and what is looked at. It is plain data, checked wherever it comes
// from, and the link holds all of it.

import { SCHEDULES, updatesPerEpoch } from "./descent.js";
import { desiredOutputs, KINDS, neuronsFor } from "./layers.js";

/**
 * @typedef {object} State
 * @property {string} title
 * @property {string} kind
 * @property {string[] | null} classes null: targets are rows of numbers
 * @property {string[]} input_names
 * @property {string[] | null} target_names
 * @property {number[][]} inputs
 * @property {number[] | number[][]} targets places of classes, or rows
 * @property {number[][]} weights
 * @property {number[] | null} biases null: the layer has none
 * @property {import("./descent.js").Descent} descent
 * @property {number} decimals
 * @property {number} updates
 * @property {[number, number]} shown the inputs across and upwards
 * @property {number} neuron the one that is shown, where there are no classes
 * @property {number} selected the pattern
 * @property {boolean} shaded whether regions are as deep as their class is probable
 */

export const MOST = {
  patterns: 2000,
  inputs: 16,
  neurons: 8,
  updates: 100000,
  name: 40,
  title: 200,
  number: 1e12,
  decimals: 15,
};
// Characters of a link's state, and bytes of what it unpacks to.
const MOST_LINK = 100000;
const MOST_UNPACKED = 2000000;

/** @param {boolean} holds @param {string} what */
function must(holds, what) {
  if (!holds) throw new Error(what);
}

/** @param {unknown} value @param {string} what @returns {number} */
function number(value, what, least = -MOST.number, most = MOST.number) {
  must(typeof value === "number" && value >= least && value <= most, what);
  return /** @type {number} */ (value);
}

/** @param {unknown} value @param {string} what @returns {number} */
function whole(value, what, least = 0, most = Number.MAX_SAFE_INTEGER) {
  must(Number.isInteger(number(value, what, least, most)), what);
  return /** @type {number} */ (value);
}

/** @template T @param {unknown} value @param {string} what @param {number} least @param {number} most @param {(each: unknown) => T} check */
function list(value, what, least, most, check) {
  must(Array.isArray(value) && value.length >= least && value.length <= most, what);
  return /** @type {unknown[]} */ (value).map(check);
}

/** A text on one line, without letters that steer the text around them. @param {unknown} value @param {string} what */
function text(value, what, most = MOST.name) {
  must(typeof value === "string", what);
  return String(value)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, " ")
    .slice(0, most);
}

/** @template T @param {unknown} value @param {T[]} known @param {string} what */
function choice(value, known, what) {
  must(known.includes(/** @type {T} */ (value)), what);
  return /** @type {T} */ (value);
}

/** The parameters of each kind of schedule, and what they must be. */
export const SCHEDULE_PARAMETERS = {
  constant: [],
  step: ["every", "factor"],
  exponential: ["factor"],
  "inverse-time": ["decay"],
  cosine: ["final"],
  "one-cycle": ["start", "rising", "final"],
};
/** @type {Record<string, number>} */
export const SCHEDULE_DEFAULTS = { every: 100, factor: 0.5, decay: 0.01, final: 0, start: 0.04, rising: 0.3 };

/** @param {any} value @param {number} epochs @returns {import("./descent.js").Schedule} */
function checkedSchedule(value, epochs) {
  must(typeof value === "object" && value !== null, "schedule");
  const kind = choice(value.kind ?? "constant", Object.keys(SCHEDULES), "kind of schedule");
  /** @type {any} */
  const schedule = { kind };
  for (const name of SCHEDULE_PARAMETERS[/** @type {keyof typeof SCHEDULE_PARAMETERS} */ (kind)]) {
    // What a problem file leaves out is as Python has it.
    const usual =
      name === "factor" && kind === "step"
        ? 0.1
        : name === "final" && kind === "one-cycle"
          ? 4e-6
          : SCHEDULE_DEFAULTS[name];
    const given = value[name] ?? usual;
    if (name === "every") schedule.every = whole(given, name, 1);
    else if (name === "factor") schedule.factor = number(given, name, Number.MIN_VALUE);
    else if (name === "decay") schedule.decay = number(given, name, 0);
    else
      schedule[name] = number(
        given,
        name,
        name === "rising" ? Number.MIN_VALUE : 0,
        name === "rising" ? 1 - 2 ** -53 : 1,
      );
  }
  const warmUp = whole(value.warm_up ?? 0, "warm-up");
  const by = choice(value.by ?? "epoch", ["epoch", "update"], "by of the schedule");
  if (warmUp) {
    must(kind !== "one-cycle" && (by === "update" || warmUp < epochs), "warm-up");
    schedule.warm_up = warmUp;
  }
  if (by === "update") schedule.by = by;
  return schedule;
}

/** @param {any} value @returns {import("./descent.js").Descent} */
function checkedDescent(value) {
  must(typeof value === "object" && value !== null, "descent");
  const epochs = whole(value.epochs, "epochs", 1, MOST.updates);
  const weight_decay = number(value.weight_decay ?? 0, "weight decay", 0);
  const momentum = number(value.momentum ?? 0, "momentum", 0, 1 - 2 ** -53);
  return {
    learning_rate: number(value.learning_rate, "learning rate", Number.MIN_VALUE),
    epochs,
    batch_size: value.batch_size == null ? null : whole(value.batch_size, "batch size", 1),
    reduction: choice(value.reduction ?? "sum", ["sum", "mean", "half-mean"], "reduction"),
    weight_decay,
    decay_biases: weight_decay > 0 && value.decay_biases === true,
    momentum,
    nesterov: momentum > 0 && value.nesterov === true,
    schedule: checkedSchedule(value.schedule ?? {}, epochs),
    seed: whole(value.seed ?? 0, "seed"),
    order: choice(value.order ?? "shuffled", ["shuffled", "given"], "order"),
  };
}

/**
 * A state that the page can show; an error that names what is wrong where it cannot.
 * @param {any} value anything
 * @returns {State}
 */
export function checkedState(value) {
  must(typeof value === "object" && value !== null, "state");
  const kind = choice(value.kind, Object.keys(KINDS), "kind");
  const inputs = list(value.inputs, "inputs", 1, MOST.patterns, (row) =>
    list(row, "inputs", 1, MOST.inputs, (each) => number(each, "inputs")),
  );
  const N = inputs[0].length;
  must(
    inputs.every((row) => row.length === N),
    "inputs",
  );
  const weights = list(value.weights, "weights", N, N, (row) =>
    list(row, "weights", 1, MOST.neurons, (each) => number(each, "weights", -1e300, 1e300)),
  );
  const K = weights[0].length;
  must(
    weights.every((row) => row.length === K),
    "weights",
  );
  const biases =
    value.biases === null ? null : list(value.biases, "biases", K, K, (each) => number(each, "biases", -1e300, 1e300));
  let classes = null;
  let targets;
  if (value.classes === null) {
    must(kind !== "softmax" && kind !== "adaline", "classes");
    targets = list(value.targets, "targets", inputs.length, inputs.length, (row) =>
      list(row, "targets", K, K, (each) => number(each, "targets")),
    );
    const allowed = answersOf(kind, K);
    must(reaches(kind, targets), "targets");
    must(allowed === null || targets.every((row) => row.every((each) => allowed.includes(each))), "targets");
  } else {
    classes = list(value.classes, "classes", 2, MOST.neurons, (each) => text(each, "classes"));
    const C = classes.length;
    must(kind !== "linear" && new Set(classes).size === C, "classes");
    // Two neurons may stand for two classes too.
    must(K === neuronsFor(kind, C) || K === C, "weights");
    targets = list(value.targets, "targets", inputs.length, inputs.length, (each) => whole(each, "targets", 0, C - 1));
  }
  const descent = checkedDescent(value.descent);
  const updates = descent.epochs * updatesPerEpoch(descent, inputs.length);
  must(updates <= MOST.updates, "epochs");
  const shown = value.shown ?? [0, Math.min(1, N - 1)];
  return {
    title: text(value.title ?? "", "title", MOST.title),
    kind,
    classes,
    input_names: list(value.input_names, "input names", N, N, (each) => text(each, "input names")),
    target_names: classes ? null : list(value.target_names, "target names", K, K, (each) => text(each, "target names")),
    inputs,
    targets,
    weights,
    biases,
    descent,
    decimals: whole(value.decimals ?? 2, "decimals", 0, MOST.decimals),
    updates: whole(value.updates ?? 0, "updates", 0, updates),
    shown: /** @type {[number, number]} */ (list(shown, "shown", 2, 2, (each) => whole(each, "shown", 0, N - 1))),
    neuron: whole(value.neuron ?? 0, "neuron", 0, K - 1),
    selected: whole(value.selected ?? 0, "selected", 0, inputs.length - 1),
    shaded: value.shaded === true,
  };
}

// The desired outputs that a sigmoid and tanh can be trained on, as the problem file has it.
/** @type {Record<string, [number, number]>} */
const REACH = { sigmoid: [0, 1], tanh: [-1, 1] };
// By so much a scaled target may be beyond, from rounding.
const BEYOND = 1e-9;

/** Whether a kind reaches all of these desired outputs. @param {string} kind @param {number[][]} rows */
export function reaches(kind, rows) {
  const [low, high] = REACH[kind] ?? [-Infinity, Infinity];
  return rows.every((row) => row.every((each) => each >= low - BEYOND && each <= high + BEYOND));
}

/** A row of desired outputs as near as a kind reaches. @param {string} kind @param {number[]} row */
export function withinReach(kind, row) {
  const [low, high] = REACH[kind] ?? [-Infinity, Infinity];
  return row.map((each) => Math.min(Math.max(each, low), high));
}

/** The desired outputs that a kind allows without classes; null: any numbers. @param {string} kind @param {number} K */
export const answersOf = (kind, K) => (KINDS[kind].predicts === null ? null : KINDS[kind].answers(K));

/** @param {State} state @returns {import("./descent.js").Task} */
export function taskOf(state) {
  const K = state.weights[0].length;
  const D = state.classes
    ? desiredOutputs(state.kind, K, /** @type {number[]} */ (state.targets))
    : /** @type {number[][]} */ (state.targets);
  return {
    kind: state.kind,
    hasClasses: state.classes !== null,
    X: state.inputs,
    D,
    weights: state.weights,
    biases: state.biases ?? new Array(K).fill(0),
    hasBiases: state.biases !== null,
    descent: state.descent,
  };
}

/**
 * The names of the neurons: those of the classes, of the target columns, or of the class that a single one says yes for.
 * @param {State} state
 */
export function neuronNames({ classes, target_names, weights }) {
  if (!classes) return /** @type {string[]} */ (target_names);
  return weights[0].length === classes.length ? classes : [classes[1]];
}

/** @param {State} state */
export const lastUpdate = (state) => state.descent.epochs * updatesPerEpoch(state.descent, state.inputs.length);

/** @param {ReadableStream} stream @param {number} most bytes */
async function bytesOf(stream, most) {
  const reader = stream.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("tooLong");
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

/** A state as text for a link: JSON, deflated, in letters that an address may hold. @param {State} state */
export async function packed(state) {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = await bytesOf(stream, MOST_UNPACKED);
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The state that a link holds. Errors say "tooLong" or "damaged".
 * @param {string} link
 * @returns {Promise<State>}
 */
export async function unpacked(link) {
  if (link.length > MOST_LINK) throw new Error("tooLong");
  try {
    const letters = atob(link.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return checkedState(JSON.parse(new TextDecoder().decode(await bytesOf(stream, MOST_UNPACKED))));
  } catch (error) {
    throw new Error(error instanceof Error && error.message === "tooLong" ? "tooLong" : "damaged");
  }
}
