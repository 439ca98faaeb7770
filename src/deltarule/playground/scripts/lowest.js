// Where the cost would go: the lowest value that the layer can come near to, by Newton's method. It is known of layers whose cost is
// convex in W and b; of others, of large ones, and where the method does not come to rest, nothing is said.

import { evaluate, synapticInput } from "./descent.js";
import { KINDS } from "./layers.js";

/** @typedef {import("./layers.js").Row} Row */

// The second derivative of a pattern's cost by u.
/** @type {Record<string, (y: Row) => number[][]>} */
const CURVATURES = {
  linear: (y) => y.map((_, k) => y.map((_, l) => Number(k === l))),
  adaline: (y) => CURVATURES.linear(y),
  logistic: (y) => y.map((value, k) => y.map((_, l) => (k === l ? value * (1 - value) : 0))),
  softmax: (y) => y.map((value, k) => y.map((other, l) => (k === l ? value : 0) - value * other)),
};
// Multiplications of one step, steps, and halvings of a step.
const MOST_WORK = 200000;
const MOST_STEPS = 60;
const MOST_HALVINGS = 30;
// What is added to the diagonal, as a share of its mean: a softmax layer has directions in which nothing changes.
const DAMPING = 1e-10;
// The cost is known when a step would change it by less than this share, and when the last one did not change it by much more.
const NEAR = 1e-11;

/** The solution of A x = b by elimination with pivots; null if there is none. @param {number[][]} A it is changed @param {number[]} b */
function solutionOf(A, b) {
  const x = b.slice();
  for (let n = 0; n < x.length; n++) {
    let pivot = n;
    for (let m = n + 1; m < x.length; m++) if (Math.abs(A[m][n]) > Math.abs(A[pivot][n])) pivot = m;
    if (!(Math.abs(A[pivot][n]) > 0)) return null;
    [A[n], A[pivot]] = [A[pivot], A[n]];
    [x[n], x[pivot]] = [x[pivot], x[n]];
    for (let m = n + 1; m < x.length; m++) {
      const factor = A[m][n] / A[n][n];
      if (factor === 0) continue;
      for (let k = n; k < x.length; k++) A[m][k] -= factor * A[n][k];
      x[m] -= factor * x[n];
    }
  }
  for (let n = x.length - 1; n >= 0; n--) {
    for (let k = n + 1; k < x.length; k++) x[n] -= A[n][k] * x[k];
    x[n] /= A[n][n];
  }
  return x.every(Number.isFinite) ? x : null;
}

/**
 * The lowest cost of a task; null where it is not known.
 * @param {import("./descent.js").Task} task
 * @returns {number | null}
 */
export function lowestCost(task) {
  const { kind, X, D, descent, hasBiases } = task;
  const curvature = Object.hasOwn(CURVATURES, kind) ? CURVATURES[kind] : null;
  const [N, K] = [X[0].length, task.biases.length];
  const rows = N + Number(hasBiases);
  const size = rows * K;
  if (curvature === null || X.length * size * size > MOST_WORK) return null;
  // The parameters in one list: row by row of W, then b.
  let w = new Array(size).fill(0);
  /** @param {number[]} w */
  const layer = (w) => {
    const matrix = Array.from({ length: N }, (_, n) => w.slice(n * K, n * K + K));
    return { W: matrix, b: hasBiases ? w.slice(N * K) : task.biases };
  };
  /** @param {number[]} w */
  const costOf = (w) => {
    const { W, b } = layer(w);
    return evaluate(task, W, b).cost;
  };
  const reduced = { sum: 1, mean: KINDS[kind].meanFactor(K) / X.length, "half-mean": 1 / X.length }[descent.reduction];
  /** @param {number} place */
  const decay = (place) => (place < N * K || descent.decay_biases ? descent.weight_decay : 0);
  let cost = costOf(w);
  let fell = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { W, b } = layer(w);
    const g = w.map((value, place) => decay(place) * value);
    const H = w.map((_, place) => w.map((_, other) => (place === other ? decay(place) : 0)));
    for (let p = 0; p < X.length; p++) {
      const x = hasBiases ? [...X[p], 1] : X[p];
      const y = KINDS[kind].activate(synapticInput(X[p], W, b));
      const delta = KINDS[kind].delta(y, D[p]);
      const C = curvature(y);
      for (let n = 0; n < rows; n++) {
        for (let k = 0; k < K; k++) {
          g[n * K + k] += reduced * x[n] * delta[k];
          for (let m = 0; m < rows; m++) {
            const product = reduced * x[n] * x[m];
            for (let l = 0; l < K; l++) H[n * K + k][m * K + l] += product * C[k][l];
          }
        }
      }
    }
    const damping = (DAMPING * H.reduce((sum, row, n) => sum + row[n], 0)) / size;
    H.forEach((row, n) => {
      row[n] += damping || DAMPING;
    });
    const along = solutionOf(H, g);
    if (along === null) return null;
    const promised = 0.5 * along.reduce((sum, value, n) => sum + value * g[n], 0);
    const enough = NEAR * Math.max(Math.abs(cost), Number.MIN_VALUE);
    if (promised <= enough && fell <= 1e6 * enough) return cost;
    let share = 1;
    let next = w.map((value, n) => value - along[n]);
    let nextCost = costOf(next);
    for (let halving = 0; !(nextCost <= cost) && halving < MOST_HALVINGS; halving++) {
      share /= 2;
      next = w.map((value, n) => value - share * along[n]);
      nextCost = costOf(next);
    }
    if (!(nextCost <= cost)) return promised <= 1e3 * enough ? cost : null;
    fell = cost - nextCost;
    [w, cost] = [next, nextCost];
  }
  return null;
}
