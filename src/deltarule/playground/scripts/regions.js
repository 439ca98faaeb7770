// Where the prediction changes: exact polygons and lines in a plane, by half-planes that cut a box one after the other.
// Sutherland and Hodgman, "Reentrant polygon clipping", Communications of the ACM 17 (1974).

/**
 * A linear function of the plane: a x1 + b x2 + c.
 * @typedef {[number, number, number]} Linear
 * @typedef {[number, number]} Place
 * @typedef {{left: number, right: number, low: number, high: number}} Box
 */

/** @param {Linear} f @param {Place} place */
const valueAt = ([a, b, c], [x, y]) => a * x + b * y + c;
/** @param {Linear} f @param {Linear} g @returns {Linear} */
const minus = (f, g) => [f[0] - g[0], f[1] - g[1], f[2] - g[2]];

/**
 * u of each neuron over a plane through input space: two inputs vary, the rest stand at given values.
 * @param {number[][]} W
 * @param {number[]} b
 * @param {[number, number]} shown the two inputs; equal ones: a single input, which x1 shows
 * @param {number[]} rest values of all inputs, of which those shown are not used
 * @returns {Linear[]}
 */
export function planeInputs(W, b, [first, second], rest) {
  return b.map((bias, k) => {
    let c = bias;
    W.forEach((row, n) => {
      if (n !== first && n !== second) c += row[k] * rest[n];
    });
    return [W[first][k], first === second ? 0 : W[second][k], c];
  });
}

/**
 * The scores of the classes, of which the largest decides: with one neuron for two classes 0 and u.
 * @param {Linear[]} inputs
 * @returns {Linear[]}
 */
export const scoresOf = (inputs) => (inputs.length === 1 ? [[0, 0, 0], inputs[0]] : inputs);

/**
 * The part of a convex polygon where a linear function is at least 0.
 * @param {Place[]} corners
 * @param {Linear} f
 * @returns {Place[]}
 */
function cut(corners, f) {
  /** @type {Place[]} */
  const kept = [];
  corners.forEach((start, place) => {
    const end = corners[(place + 1) % corners.length];
    const [a, b] = [valueAt(f, start), valueAt(f, end)];
    if (a >= 0) kept.push(start);
    if ((a > 0 && b < 0) || (a < 0 && b > 0)) {
      const share = a / (a - b);
      kept.push([start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])]);
    }
  });
  return kept;
}

/** @param {Box} box @returns {Place[]} */
const cornersOf = ({ left, right, low, high }) => [
  [left, low],
  [right, low],
  [right, high],
  [left, high],
];

/**
 * For each class the corners of the part of the box where its score is the largest; none where there is no such part.
 * @param {Linear[]} scores
 * @param {Box} box
 * @returns {Place[][]}
 */
export function regions(scores, box) {
  return scores.map((own, place) => {
    const corners = scores.reduce(
      (left, other, k) => (k === place ? left : cut(left, minus(own, other))),
      cornersOf(box),
    );
    return corners.length > 2 ? corners : [];
  });
}

/**
 * The part of the box between two values of a linear function.
 * @param {Linear} f
 * @param {number} from
 * @param {number} to
 * @param {Box} box
 */
export const band = ([a, b, c], from, to, box) => cut(cut(cornersOf(box), [a, b, c - from]), [-a, -b, to - c]);

/**
 * The piece inside the box of the line where two scores are equal and no third is larger; null where there is none.
 * @param {Linear[]} scores
 * @param {number} first
 * @param {number} second
 * @param {Box} box
 * @returns {[Place, Place] | null}
 */
export function boundary(scores, first, second, box) {
  const [a, b, c] = minus(scores[first], scores[second]);
  const length = Math.hypot(a, b);
  if (length === 0) return null;
  /** @type {Place} */
  const point = [(-c * a) / length ** 2, (-c * b) / length ** 2];
  /** @type {Place} */
  const along = [-b / length, a / length];
  /** @type {Linear[]} */
  const conditions = [
    [1, 0, -box.left],
    [-1, 0, box.right],
    [0, 1, -box.low],
    [0, -1, box.high],
  ];
  scores.forEach((other, k) => {
    if (k !== first && k !== second) conditions.push(minus(scores[first], other));
  });
  let [from, to] = [-Infinity, Infinity];
  for (const f of conditions) {
    const offset = valueAt(f, point);
    const slope = f[0] * along[0] + f[1] * along[1];
    if (slope === 0 && offset < 0) return null;
    if (slope > 0) from = Math.max(from, -offset / slope);
    if (slope < 0) to = Math.min(to, -offset / slope);
  }
  if (!(from < to) || !Number.isFinite(from) || !Number.isFinite(to)) return null;
  return [
    [point[0] + from * along[0], point[1] + from * along[1]],
    [point[0] + to * along[0], point[1] + to * along[1]],
  ];
}
