// The kinds of layer: activation, cost, delta, and which predictions are wrong. The formulas of `deltarule.layers`, and no more.
// A row is what belongs to one pattern: u, y and d have K entries.

/**
 * @typedef {number[]} Row
 * @typedef {number[][]} Matrix
 *
 * A kind of layer.
 * @typedef {object} Kind
 * @property {(u: Row) => Row} activate y = f(u)
 * @property {(u: Row, y: Row, d: Row) => number} cost the pattern's part of the summed cost
 * @property {(y: Row, d: Row) => Row} delta its derivative by u
 * @property {((y: number) => number) | null} slope f'(u) from y, where f acts on each neuron and is not linear
 * @property {(K: number) => number} meanFactor the mean cost divided by (summed cost / number of patterns)
 * @property {(K: number) => [number, number]} answers the desired outputs of no and yes, where targets are labels
 * @property {"largest" | "answers" | null} predicts how it predicts: the class of the largest u; each neuron yes or no; numbers
 * @property {boolean} yesAtZero whether a neuron says yes where u is 0
 */

/** @param {number} u */
const sigmoid = (u) => 1 / (1 + Math.exp(-u));
/** log(1 + e^u) @param {number} u */
const softplus = (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
/** @param {Row} y @param {Row} d */
const difference = (y, d) => y.map((value, k) => value - d[k]);
/** @param {Row} row */
const sum = (row) => row.reduce((total, value) => total + value, 0);
/** @param {Row} row the place of the largest entry; of equal ones, the first */
export const largest = (row) => row.reduce((best, value, k) => (value > row[best] ? k : best), 0);

/** @param {Row} u */
function softmax(u) {
  const top = Math.max(...u);
  const powers = u.map((value) => Math.exp(value - top));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** log sum_j e^(u_j) - u_label @param {Row} u @param {Row} _y @param {Row} d */
function crossEntropyOfClasses(u, _y, d) {
  const top = Math.max(...u);
  return Math.log(sum(u.map((value) => Math.exp(value - top)))) - (u[largest(d)] - top);
}

/** @param {Row} u @param {Row} _y @param {Row} d */
const crossEntropyOfNeurons = (u, _y, d) =>
  sum(u.map((value, k) => d[k] * softplus(-value) + (1 - d[k]) * softplus(value)));
/** @param {Row} _u @param {Row} y @param {Row} d */
const squaredError = (_u, y, d) => 0.5 * sum(y.map((value, k) => (d[k] - value) ** 2));
/** Rosenblatt's criterion @param {Row} u @param {Row} y @param {Row} d */
const criterion = (u, y, d) => sum(u.map((value, k) => (y[k] - d[k]) * value));

/** @param {(y: number) => number} slope */
const slopedDifference = (slope) => (/** @type {Row} */ y, /** @type {Row} */ d) =>
  y.map((value, k) => (value - d[k]) * slope(value));
/** @type {() => [number, number]} */
const zeroAndOne = () => [0, 1];
/** @type {() => [number, number]} */
const minusAndOne = () => [-1, 1];
/** @param {number} y */
const sigmoidSlope = (y) => y * (1 - y);
/** @param {number} y */
const tanhSlope = (y) => 1 - y * y;
/** @param {number} K */
const overNeurons = (K) => 1 / K;
/** @param {number} K */
const withoutHalf = (K) => 2 / K;

/** @type {Record<string, Kind>} */
export const KINDS = {
  softmax: {
    activate: softmax,
    cost: crossEntropyOfClasses,
    delta: difference,
    slope: null,
    meanFactor: () => 1,
    answers: zeroAndOne,
    predicts: "largest",
    yesAtZero: false,
  },
  logistic: {
    activate: (u) => u.map(sigmoid),
    cost: crossEntropyOfNeurons,
    delta: difference,
    slope: sigmoidSlope,
    meanFactor: overNeurons,
    answers: zeroAndOne,
    predicts: "answers",
    yesAtZero: false,
  },
  sigmoid: {
    activate: (u) => u.map(sigmoid),
    cost: squaredError,
    delta: slopedDifference(sigmoidSlope),
    slope: sigmoidSlope,
    meanFactor: withoutHalf,
    answers: zeroAndOne,
    predicts: null,
    yesAtZero: false,
  },
  tanh: {
    activate: (u) => u.map(Math.tanh),
    cost: squaredError,
    delta: slopedDifference(tanhSlope),
    slope: tanhSlope,
    meanFactor: withoutHalf,
    answers: minusAndOne,
    predicts: null,
    yesAtZero: false,
  },
  step: {
    activate: (u) => u.map((value) => (value < 0 ? 0 : 1)),
    cost: criterion,
    delta: difference,
    slope: null,
    meanFactor: overNeurons,
    answers: zeroAndOne,
    predicts: "answers",
    yesAtZero: true,
  },
  sign: {
    activate: (u) => u.map((value) => (value < 0 ? -1 : 1)),
    cost: criterion,
    delta: difference,
    slope: null,
    meanFactor: overNeurons,
    answers: minusAndOne,
    predicts: "answers",
    yesAtZero: true,
  },
  linear: {
    activate: (u) => u.slice(),
    cost: squaredError,
    delta: difference,
    slope: null,
    meanFactor: withoutHalf,
    answers: zeroAndOne,
    predicts: null,
    yesAtZero: false,
  },
  adaline: {
    activate: (u) => u.slice(),
    cost: squaredError,
    delta: difference,
    slope: null,
    meanFactor: withoutHalf,
    answers: (K) => (K === 1 ? [-1, 1] : [0, 1]),
    predicts: "answers",
    yesAtZero: true,
  },
};

/**
 * The neurons that a kind has for so many classes.
 * @param {string} kind
 * @param {number} classes
 */
export const neuronsFor = (kind, classes) => (classes === 2 && KINDS[kind].predicts === "answers" ? 1 : classes);

/**
 * Labels as rows of desired outputs.
 * @param {string} kind
 * @param {number} K neurons; one neuron has two classes, and says yes for the second
 * @param {number[]} labels places of classes, from 0
 * @returns {Matrix}
 */
export function desiredOutputs(kind, K, labels) {
  const [no, yes] = KINDS[kind].answers(K);
  return labels.map((label) =>
    K === 1 ? [label === 1 ? yes : no] : Array.from({ length: K }, (_, k) => (k === label ? yes : no)),
  );
}

/**
 * The place of the class that a layer with classes predicts: the second of one neuron's two where it says yes, else that of the largest u.
 * @param {string} kind
 * @param {Row} u
 */
export const predictedClass = (kind, u) => (u.length > 1 ? largest(u) : Number(saysYes(kind, u[0])));

/** @param {string} kind @param {number} u */
const saysYes = (kind, u) => (KINDS[kind].yesAtZero ? u >= 0 : u > 0);

/**
 * Whether a pattern is predicted wrongly; null where the layer predicts numbers.
 * @param {string} kind
 * @param {boolean} hasClasses whether targets are labels; if not, neurons answer independently
 * @param {Row} u
 * @param {Row} d
 * @returns {boolean | null}
 */
export function isWrong(kind, hasClasses, u, d) {
  const { predicts, answers } = KINDS[kind];
  if (predicts === null) return null;
  if (predicts === "largest" || (hasClasses && u.length > 1)) return largest(u) !== largest(d);
  const [no, yes] = answers(u.length);
  return u.some((value, k) => saysYes(kind, value) !== d[k] > (no + yes) / 2);
}
