// Gradient descent as `deltarule.descent` and `deltarule.iteration` have it: the rate in force, the order of the patterns, one
// update with every matrix on the way.

import { generatorOf, permutation } from "./generator.js";
import { isWrong, KINDS } from "./layers.js";

/**
 * @typedef {import("./layers.js").Row} Row
 * @typedef {import("./layers.js").Matrix} Matrix
 *
 * @typedef {object} Schedule see `deltarule.Schedule`
 * @property {string} kind
 * @property {number} [every]
 * @property {number} [factor]
 * @property {number} [decay]
 * @property {number} [start]
 * @property {number} [final]
 * @property {number} [rising]
 * @property {number} [warm_up]
 * @property {string} [by]
 *
 * @typedef {object} Descent see `deltarule.Descent`
 * @property {number} learning_rate
 * @property {number} epochs
 * @property {number | null} batch_size
 * @property {"sum" | "mean" | "half-mean"} reduction
 * @property {number} weight_decay
 * @property {boolean} decay_biases
 * @property {number} momentum
 * @property {boolean} nesterov
 * @property {Schedule} schedule
 * @property {number} seed
 * @property {"shuffled" | "given"} order
 *
 * What is trained on what.
 * @typedef {object} Task
 * @property {string} kind a key of KINDS
 * @property {boolean} hasClasses
 * @property {Matrix} X
 * @property {Matrix} D
 * @property {Matrix} weights
 * @property {Row} biases
 * @property {boolean} hasBiases
 * @property {Descent} descent
 *
 * A layer on its way. It never changes: an update makes a new one.
 * @typedef {object} Point
 * @property {number} updates done before
 * @property {Matrix} W
 * @property {Row} b
 * @property {Matrix | null} VW velocities; null before the first update, and without momentum
 * @property {Row | null} Vb
 * @property {number[]} order of the patterns in this epoch
 * @property {import("./generator.js").Generator | null} generator as it stands after that order was drawn
 *
 * One update, with every matrix; P rows, those of its batch.
 * @typedef {object} Step
 * @property {number} epoch counted from 1
 * @property {number[]} batch places of its patterns, from 0
 * @property {Matrix} X
 * @property {Matrix} D
 * @property {Matrix} U
 * @property {Matrix} Y
 * @property {Matrix | null} slopes
 * @property {Matrix} delta
 * @property {number} scale by which the patterns' delta is multiplied
 * @property {Matrix} GW gradients
 * @property {Row} Gb
 * @property {Matrix | null} VW velocities after the update
 * @property {Row | null} Vb
 * @property {number} rate
 * @property {Matrix} W after the update
 * @property {Row} b
 */

/** From 1 to 0 as the share of the way goes from 0 to 1. @param {number} share */
const halfCosine = (share) => (1 + Math.cos(Math.PI * share)) / 2;

/** f(t) of each kind of schedule, in a run of T. @type {Record<string, (t: number, T: number, s: Schedule) => number>} */
export const SCHEDULES = {
  constant: () => 1,
  step: (t, _T, { every = 1, factor = 0.1 }) => factor ** Math.floor(t / every),
  exponential: (t, _T, { factor = 1 }) => factor ** t,
  "inverse-time": (t, _T, { decay = 0 }) => 1 / (1 + decay * t),
  cosine: (t, T, { final = 0 }) => final + (1 - final) * halfCosine(Math.min(t / T, 1)),
  "one-cycle": (t, T, { start = 0.04, rising = 0.3, final = 4e-6 }) => {
    const top = rising * T - 1;
    if (t <= top) return 1 + (start - 1) * halfCosine(t >= top ? 1 : t / top);
    return final + (1 - final) * halfCosine((t - top) / (T - 1 - top));
  },
};

/** @param {Descent} descent @param {number} patterns */
export const isFullBatch = (descent, patterns) => descent.batch_size === null || descent.batch_size >= patterns;
/** @param {Descent} descent @param {number} patterns */
export const updatesPerEpoch = (descent, patterns) =>
  descent.batch_size === null ? 1 : Math.ceil(patterns / descent.batch_size);

/**
 * The learning rate in force after so many updates; after the last epoch it stays.
 * @param {Descent} descent
 * @param {number} updates
 * @param {number} patterns
 */
function rateAt(descent, updates, patterns) {
  const { schedule, epochs } = descent;
  const each = updatesPerEpoch(descent, patterns);
  const epoch = Math.min(Math.floor(updates / each), epochs - 1);
  const byUpdate = schedule.by === "update";
  const t = byUpdate ? epoch * each + (updates % each) : epoch;
  const total = byUpdate ? epochs * each : epochs;
  const warmUp = schedule.warm_up ?? 0;
  if (t < warmUp) return (descent.learning_rate * (t + 1)) / (warmUp + 1);
  return descent.learning_rate * SCHEDULES[schedule.kind](t - warmUp, Math.max(total - warmUp, 1), schedule);
}

/** The order of the patterns in the next epoch. @param {Task} task @param {Point["generator"]} generator */
function nextOrder(task, generator) {
  const count = task.X.length;
  if (generator === null) return { order: Array.from({ length: count }, (_, place) => place), generator };
  return permutation(generator, count);
}

/**
 * Where a descent starts.
 * @param {Task} task
 * @returns {Point}
 */
export function start(task) {
  const { descent, X } = task;
  const shuffled = descent.order === "shuffled" && !isFullBatch(descent, X.length);
  const drawn = nextOrder(task, shuffled ? generatorOf(descent.seed) : null);
  return { updates: 0, W: task.weights, b: task.biases, VW: null, Vb: null, ...drawn };
}

/**
 * The factor from the sum over patterns to the reduced cost.
 * @param {Task} task
 * @param {number} patterns
 */
function scaleOf({ kind, descent, biases }, patterns) {
  if (descent.reduction === "sum") return 1;
  return (descent.reduction === "mean" ? KINDS[kind].meanFactor(biases.length) : 1) / patterns;
}

/** X W + b of one pattern. @param {Row} x @param {Matrix} W @param {Row} b @returns {Row} */
export function synapticInput(x, W, b) {
  const u = new Array(b.length).fill(0);
  for (let n = 0; n < x.length; n++) {
    for (let k = 0; k < u.length; k++) u[k] += x[n] * W[n][k];
  }
  for (let k = 0; k < u.length; k++) u[k] += b[k];
  return u;
}

/** The last layer whose synaptic inputs were worked: a frame asks for them several times. */
let lastInputs = /** @type {{X: Matrix, W: Matrix, b: Row, U: Matrix} | null} */ (null);

/** X W + b of all patterns. @param {{X: Matrix}} task @param {Matrix} W @param {Row} b @returns {Matrix} */
export function synapticInputs({ X }, W, b) {
  if (lastInputs?.X !== X || lastInputs.W !== W || lastInputs.b !== b)
    lastInputs = { X, W, b, U: X.map((x) => synapticInput(x, W, b)) };
  return lastInputs.U;
}

/**
 * The next update: U = X W + b, delta = dJ/dU, G = X^T delta + L W, V <- m V + G, W <- W - a V, and b likewise.
 * @param {Task} task
 * @param {Point} point
 * @returns {Step}
 */
export function work(task, point) {
  const { descent } = task;
  const kind = KINDS[task.kind];
  const { W, b } = point;
  const { weight_decay: L, momentum: m } = descent;
  const patterns = task.X.length;
  const each = updatesPerEpoch(descent, patterns);
  const size = descent.batch_size ?? patterns;
  const first = (point.updates % each) * size;
  const batch = point.order.slice(first, first + size);
  const X = batch.map((p) => task.X[p]);
  const D = batch.map((p) => task.D[p]);
  const scale = scaleOf(task, batch.length);
  const isWhole = batch.length === patterns && !task.descent.batch_size;
  const U = isWhole ? synapticInputs(task, W, b) : X.map((x) => synapticInput(x, W, b));
  const Y = U.map(kind.activate);
  const { slope } = kind;
  const slopes = slope === null ? null : Y.map((y) => y.map(slope));
  const delta = Y.map((y, p) => kind.delta(y, D[p]).map((value) => value * scale));
  const GW = W.map((row) => row.map((w) => (L ? L * w : 0)));
  const Gb = b.map((value) => (descent.decay_biases ? L * value : 0));
  for (let p = 0; p < batch.length; p++) {
    for (let k = 0; k < b.length; k++) {
      for (let n = 0; n < W.length; n++) GW[n][k] += X[p][n] * delta[p][k];
      if (task.hasBiases) Gb[k] += delta[p][k];
    }
  }
  const rate = rateAt(descent, point.updates, patterns);
  let VW = null;
  let Vb = null;
  if (m) {
    VW = GW.map((row, n) => row.map((g, k) => m * (point.VW?.[n][k] ?? 0) + g));
    Vb = Gb.map((g, k) => m * (point.Vb?.[k] ?? 0) + g);
  }
  /** @param {number} g @param {number | undefined} v */
  const along = (g, v) => (v === undefined ? g : descent.nesterov ? g + m * v : v);
  return {
    epoch: 1 + Math.floor(point.updates / each),
    batch,
    X,
    D,
    U,
    Y,
    slopes,
    delta,
    scale,
    GW,
    Gb,
    VW,
    Vb,
    rate,
    W: W.map((row, n) => row.map((w, k) => w - rate * along(GW[n][k], VW?.[n][k]))),
    b: b.map((value, k) => value - rate * along(Gb[k], Vb?.[k])),
  };
}

/**
 * The layer after the next update.
 * @param {Task} task
 * @param {Point} point
 * @param {Step} [step] that update, if it is worked already
 * @returns {Point}
 */
export function advanced(task, point, step = work(task, point)) {
  const { W, b, VW, Vb } = step;
  const updates = point.updates + 1;
  const isNewEpoch = updates % updatesPerEpoch(task.descent, task.X.length) === 0;
  const drawn = isNewEpoch ? nextOrder(task, point.generator) : { order: point.order, generator: point.generator };
  return { updates, W, b, VW, Vb, ...drawn };
}

/** The last layer that was evaluated on all patterns: how it stands is drawn where it was just recorded. */
let lastEvaluated =
  /** @type {{task: Task, W: Matrix, b: Row, found: {cost: number, errors: number | null}} | null} */ (null);

/**
 * The cost, decay included, and the number of wrong predictions (null where numbers are predicted).
 * @param {Task} task
 * @param {Matrix} W
 * @param {Row} b
 * @param {number[]} [places] of the patterns; all if left out
 */
export function evaluate(task, W, b, places) {
  if (places) return evaluated(task, W, b, places);
  const isLast = lastEvaluated?.task === task && lastEvaluated.W === W && lastEvaluated.b === b;
  if (!lastEvaluated || !isLast) lastEvaluated = { task, W, b, found: evaluated(task, W, b, null) };
  return lastEvaluated.found;
}

/** @param {Task} task @param {Matrix} W @param {Row} b @param {number[] | null} places null: all */
function evaluated(task, W, b, places) {
  const { kind, hasClasses, descent, X, D } = task;
  const chosen = places ?? X.map((_, p) => p);
  let total = 0;
  let wrong = 0;
  const U = places ? null : synapticInputs(task, W, b);
  for (const p of chosen) {
    const u = U?.[p] ?? synapticInput(X[p], W, b);
    total += KINDS[kind].cost(u, KINDS[kind].activate(u), D[p]);
    if (isWrong(kind, hasClasses, u, D[p])) wrong++;
  }
  let cost = total * scaleOf(task, chosen.length);
  if (descent.weight_decay) {
    let squares = W.flat().reduce((sum, w) => sum + w * w, 0);
    if (descent.decay_biases) squares += b.reduce((sum, value) => sum + value * value, 0);
    cost += 0.5 * descent.weight_decay * squares;
  }
  return { cost, errors: KINDS[kind].predicts === null ? null : wrong };
}
