// Known mistakes: what each gives in the place of a part, and which of them is told. Names and figures are those of the table of
// `deltarule.marking.mistakes`, of which these are the commonest; where two give the same, or chance may, nothing is said.

import { EXACT, PARTS, rightParts, rowsOf, shapesOf, workedBy } from "./hands.js";
import { halfUnit, spanOf, TWICE_ROUNDED, within } from "./judging.js";
import { KINDS, largest } from "./layers.js";

/**
 * @typedef {import("./hands.js").Exercise} Exercise
 * @typedef {import("./hands.js").Matrix} Matrix
 * @typedef {import("./judging.js").Answer} Answer
 *
 * An update as far as it is worked, as matrices; `made` has the right figures of the part that is looked at.
 * @typedef {Exercise & {U: Matrix, Y: Matrix, delta: Matrix, GW: Matrix, Gb: Matrix, vW: Matrix, vb: Matrix, P: number, K: number,
 *   squares: boolean, slopes: boolean, activates: boolean, means: boolean, made: Matrix}} Sheet
 * @typedef {(sheet: Sheet) => Matrix | null} Wrong null: it cannot be made here
 */

// A mistake is told where figures drawn at random would fit one no oftener than this.
const CHANCE = 0.02;

/** @param {Matrix} matrix @param {(value: number, row: number, column: number) => number} change */
const each = (matrix, change) => matrix.map((row, r) => row.map((value, c) => change(value, r, c)));
/** @param {Matrix} matrix @param {number} factor */
const times = (matrix, factor) => each(matrix, (value) => factor * value);
/** @param {Matrix} first @param {Matrix} second */
const plus = (first, second) => each(first, (value, r, c) => value + second[r][c]);
/** @param {Matrix} matrix */
const turned = (matrix) => matrix[0].map((_, c) => matrix.map((row) => row[c]));
/** @param {Matrix} left @param {Matrix} right */
const product = (left, right) =>
  left.map((row) => right[0].map((_, k) => row.reduce((sum, value, n) => sum + value * right[n][k], 0)));
/** @param {Matrix} matrix */
const columnSums = (matrix) => [turned(matrix).map((column) => column.reduce((sum, value) => sum + value, 0))];
/** @param {Matrix} matrix @param {number[]} row */
const withRow = (matrix, row) => each(matrix, (value, _, c) => value + row[c]);

/** Delta of other outputs or targets. @param {Sheet} s @param {Matrix} Y @param {Matrix} D @param {Matrix} slopes */
const deltaOf = (s, Y, D, slopes) => each(Y, (y, p, k) => (y - D[p][k]) * slopes[p][k] * s.scale);
/** f'(U) where it stands in delta; else 1. @param {Sheet} s */
const slopesOf = (s) => (s.slopes ? slopesAt(s, s.Y) : ones(s.Y));
/** @param {Sheet} s @param {Matrix} Y */
const slopesAt = (s, Y) => each(Y, (y) => KINDS[s.kind].slope?.(y) ?? 1);
/** @param {Matrix} matrix */
const ones = (matrix) => each(matrix, () => 1);
/** The decay's part of the weights' gradient. @param {Sheet} s @param {number} factor */
const decay = (s, factor) => times(s.W, factor * s.weight_decay);
/** L/2 times the squares of what decays. @param {Sheet} s */
const decayCost = (s) =>
  0.5 * s.weight_decay * [...s.W.flat(), ...(s.decay_biases ? s.b : [])].reduce((sum, w) => sum + w * w, 0);
/** @param {Sheet} s */
const hasBiases = (s) => s.hasBiases && s.b.some((value) => value !== 0);
/** What a step goes along. @param {Sheet} s @param {"W" | "b"} which */
function along(s, which) {
  const [G, V] = which === "W" ? [s.GW, s.vW] : [s.Gb, s.vb];
  if (!s.momentum) return G;
  return s.nesterov ? plus(G, times(V, s.momentum)) : V;
}
/** @param {Sheet} s @param {"W" | "b"} which @param {number} factor @param {Matrix} [way] */
const stepped = (s, which, factor, way = along(s, which)) => plus(which === "W" ? s.W : [s.b], times(way, -factor));
/** The same for weights and for biases. @param {(s: Sheet, which: "W" | "b") => Matrix | null} make */
const steps = (make) => ({
  W: (/** @type {Sheet} */ s) => make(s, "W"),
  b: (/** @type {Sheet} */ s) => make(s, "b"),
});
/** A factor before what a part adds up over the patterns. @param {(s: Sheet) => number | null} factor @returns {Record<string, Wrong>} */
function factors(factor) {
  /** @param {(s: Sheet, factor: number) => Matrix} make @returns {Wrong} */
  const made = (make) => (s) => {
    const number = factor(s);
    return number === null ? null : make(s, number);
  };
  return {
    cost: made((s, number) => [[number * (s.made[0][0] - decayCost(s)) + decayCost(s)]]),
    delta: made((s, number) => times(s.made, number)),
    GW: made((s, number) => plus(times(plus(s.made, decay(s, -1)), number), decay(s, 1))),
    Gb: made((s, number) =>
      each(s.made, (value, _, k) => {
        const own = s.decay_biases ? s.weight_decay * s.b[k] : 0;
        return number * (value - own) + own;
      }),
    ),
  };
}
/** @param {(s: Sheet) => boolean} holds @param {Wrong} make @returns {Wrong} */
const where = (holds, make) => (s) => (holds(s) ? make(s) : null);
const isSoftmax = (/** @type {Sheet} */ s) => s.kind === "softmax";
const isSigmoid = (/** @type {Sheet} */ s) => s.kind === "logistic" || s.kind === "sigmoid";
const hasLogarithm = (/** @type {Sheet} */ s) => s.kind === "softmax" || s.kind === "logistic";
const decays = (/** @type {Sheet} */ s) => s.weight_decay > 0;
const hasMomentum = (/** @type {Sheet} */ s) => s.momentum > 0;

/** The outputs as answers of yes and no. @param {Sheet} s */
const hardOutputs = (s) =>
  isSoftmax(s) ? s.U.map((u) => u.map((_, k) => Number(k === largest(u)))) : each(s.U, (u) => Number(u > 0));

/** @type {Record<string, Record<string, Wrong>>} */
export const MISTAKES = {
  "biases-left-out": { U: where(hasBiases, (s) => product(s.X, s.W)) },
  "biases-subtracted": {
    U: where(hasBiases, (s) =>
      withRow(
        product(s.X, s.W),
        s.b.map((value) => -value),
      ),
    ),
  },
  "biases-twice": {
    U: where(hasBiases, (s) =>
      withRow(
        product(s.X, s.W),
        s.b.map((value) => 2 * value),
      ),
    ),
  },
  "activation-left-out": {
    Y: where(
      (s) => s.activates,
      (s) => s.U,
    ),
  },
  "exponent-sign-turned": {
    Y: where(
      (s) => isSigmoid(s) || isSoftmax(s),
      (s) => times(s.U, -1).map(KINDS[s.kind].activate),
    ),
  },
  "softmax-not-normalised": { Y: where(isSoftmax, (s) => each(s.U, Math.exp)) },
  "softmax-over-patterns": {
    Y: where(
      (s) => isSoftmax(s) && s.P > 1,
      (s) => turned(turned(s.U).map(KINDS.softmax.activate)),
    ),
  },
  "softmax-twice": { Y: where(isSoftmax, (s) => s.made.map(KINDS.softmax.activate)) },
  "exponential-left-out": {
    Y: where(isSoftmax, (s) => s.U.map((u) => u.map((value) => value / u.reduce((sum, each) => sum + each, 0)))),
  },
  "log-base-2": {
    cost: where(
      (s) => hasLogarithm(s) && !decays(s),
      (s) => times(s.made, 1 / Math.LN2),
    ),
  },
  "log-base-10": {
    cost: where(
      (s) => hasLogarithm(s) && !decays(s),
      (s) => times(s.made, 1 / Math.LN10),
    ),
  },
  "mean-for-sum": factors((s) => (!s.means && s.P > 1 ? 1 / s.P : null)),
  "sum-for-mean": factors((s) => (s.means && s.scale !== 1 && s.P > 1 ? 1 / s.scale : null)),
  "half-missing": factors((s) => (s.squares && s.reduction !== "mean" ? 2 : null)),
  "two-extra": factors((s) => (s.squares && s.reduction !== "mean" ? null : 2)),
  "half-extra": factors(() => 0.5),
  "targets-left-out": { delta: (s) => deltaOf(s, s.Y, times(s.D, 0), slopesOf(s)) },
  "hard-outputs": { delta: where(hasLogarithm, (s) => deltaOf(s, hardOutputs(s), s.D, ones(s.Y))) },
  "synaptic-inputs-in-delta": {
    delta: where(
      (s) => s.activates,
      (s) => deltaOf(s, s.U, s.D, slopesOf(s)),
    ),
  },
  "delta-sign": { delta: (s) => times(s.made, -1) },
  "delta-squared": { delta: (s) => each(s.Y, (y, p, k) => (y - s.D[p][k]) ** 2 * slopesOf(s)[p][k] * s.scale) },
  "delta-without-slope": {
    delta: where(
      (s) => s.slopes,
      (s) => deltaOf(s, s.Y, s.D, ones(s.Y)),
    ),
  },
  "slope-twice": {
    delta: where(
      (s) => s.slopes,
      (s) =>
        deltaOf(
          s,
          s.Y,
          s.D,
          each(slopesOf(s), (slope) => slope * slope),
        ),
    ),
  },
  "slope-u-1-u": {
    delta: where(
      (s) => s.slopes,
      (s) => deltaOf(s, s.Y, s.D, slopesAt(s, s.U)),
    ),
  },
  "slope-extra": {
    delta: where(
      (s) => s.kind === "logistic",
      (s) => deltaOf(s, s.Y, s.D, slopesAt(s, s.Y)),
    ),
  },
  "gradients-turned": { GW: (s) => times(s.made, -1), Gb: (s) => times(s.made, -1) },
  "inputs-left-out": {
    GW: (s) =>
      plus(
        s.W.map(() => columnSums(s.delta)[0]),
        decay(s, 1),
      ),
  },
  "product-of-sums": {
    GW: where(
      (s) => s.P > 1,
      (s) => plus(product(turned(columnSums(s.X)), columnSums(s.delta)), decay(s, 1)),
    ),
  },
  "inputs-squared": { GW: (s) => plus(product(turned(each(s.X, (x) => x * x)), s.delta), decay(s, 1)) },
  "outputs-for-delta": { GW: (s) => plus(product(turned(s.X), s.Y), decay(s, 1)) },
  "decay-forgotten": {
    cost: where(decays, (s) => [[s.made[0][0] - decayCost(s)]]),
    GW: where(decays, (s) => plus(s.made, decay(s, -1))),
  },
  "decay-sign": {
    cost: where(decays, (s) => [[s.made[0][0] - 2 * decayCost(s)]]),
    GW: where(decays, (s) => plus(s.made, decay(s, -2))),
  },
  "decay-twice": {
    cost: where(decays, (s) => [[s.made[0][0] + decayCost(s)]]),
    GW: where(decays, (s) => plus(s.made, decay(s, 1))),
  },
  "decay-halved": { GW: where(decays, (s) => plus(s.made, decay(s, -0.5))) },
  ascent: steps((s, which) => stepped(s, which, -s.rate)),
  "rate-missing": steps((s, which) => (s.rate === 1 ? null : stepped(s, which, 1))),
  "rate-twice": steps((s, which) => (s.rate === 1 ? null : stepped(s, which, s.rate * s.rate))),
  "rate-divided": steps((s, which) => (s.rate === 1 ? null : stepped(s, which, 1 / s.rate))),
  "step-alone": steps((s, which) => times(along(s, which), s.rate)),
  "momentum-left-out": steps((s, which) =>
    hasMomentum(s) && s.VW !== null ? stepped(s, which, s.rate, which === "W" ? s.GW : s.Gb) : null,
  ),
  "nesterov-left-out": steps((s, which) =>
    hasMomentum(s) && s.nesterov ? stepped(s, which, s.rate, which === "W" ? s.vW : s.vb) : null,
  ),
  "nesterov-added": steps((s, which) => {
    if (!hasMomentum(s) || s.nesterov) return null;
    const [G, V] = which === "W" ? [s.GW, s.vW] : [s.Gb, s.vb];
    return stepped(s, which, s.rate, plus(G, times(V, s.momentum)));
  }),
  "not-updated": { W: (s) => s.W, b: (s) => [s.b] },
};

/** The sheet of one part, from figures that are carried on. @param {Exercise} exercise @param {Record<string, number[]>} carried @param {Record<string, number[]>} made @param {string} part @returns {Sheet} */
function sheetOf(exercise, carried, made, part) {
  const { kind, W, X } = exercise;
  const K = W[0].length;
  const shapes = shapesOf(exercise);
  const matrix = (/** @type {string} */ name) => (carried[name] ? rowsOf(carried[name], shapes[name][1]) : []);
  const [GW, Gb] = [matrix("GW"), matrix("Gb")];
  return {
    ...exercise,
    U: matrix("U"),
    Y: matrix("Y"),
    delta: matrix("delta"),
    GW,
    Gb,
    vW: exercise.momentum ? matrix("VW") : GW,
    vb: exercise.momentum ? matrix("Vb") : Gb,
    P: X.length,
    K,
    squares: ["sigmoid", "tanh", "linear", "adaline"].includes(kind),
    slopes: kind === "sigmoid" || kind === "tanh",
    activates: !["linear", "adaline"].includes(kind),
    means: exercise.reduction !== "sum",
    made: rowsOf(made[part], shapes[part][1]),
  };
}

/**
 * What each mistake gives in the place of a part, by its name.
 * @param {Exercise} exercise
 * @param {string} part
 * @param {Answer} [answer] whose own figures are carried on; the right ones if left out
 * @returns {Record<string, number[]>}
 */
export function wrongFigures(exercise, part, answer = {}) {
  const right = rightParts(exercise);
  const before = PARTS.slice(0, PARTS.indexOf(part)).filter((each) => each in right);
  const carried = { ...right };
  for (const each of before) {
    const worked = oneHand(exercise, carried, each, answer);
    carried[each] = worked.map((value, place) => {
      const given = answer[each]?.values[place] ?? Number.NaN;
      return Number.isNaN(given) ? value : given;
    });
  }
  const made = { [part]: oneHand(exercise, carried, part, answer) };
  const sheet = sheetOf(exercise, carried, made, part);
  return Object.fromEntries(
    Object.entries(MISTAKES).flatMap(([name, rows]) => {
      const values = rows[part]?.(sheet)?.flat();
      return values?.length ? [[name, values]] : [];
    }),
  );
}

/** A part worked from figures that are carried on. @param {Exercise} exercise @param {Record<string, number[]>} carried @param {string} part @param {Answer} answer */
function oneHand(exercise, carried, part, answer) {
  const before = PARTS.slice(0, PARTS.indexOf(part)).filter((each) => each in answer);
  const given = Object.fromEntries(before.map((each) => [each, () => [carried[each]]]));
  return workedBy(exercise, EXACT, given)[part][0];
}

/**
 * The mistakes that explain parts of an answer, each by the part in which it is first made.
 * @param {Exercise} exercise
 * @param {Answer} answer
 * @param {Record<string, ({verdict: string, follows: boolean} | null)[]>} marks
 * @returns {Record<string, string>} names by parts
 */
export function mistakesOf(exercise, answer, marks) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [part, each] of Object.entries(marks)) {
    if (!each.some((mark) => mark?.verdict === "wrong" && !mark.follows)) continue;
    const right = rightParts(exercise)[part];
    const ways = [wrongFigures(exercise, part, answer), wrongFigures(exercise, part)];
    const given = answer[part];
    const known = given.values.flatMap((value, place) => (Number.isNaN(value) ? [] : [place]));
    const half = (/** @type {number} */ place) => TWICE_ROUNDED * halfUnit(part, given, place);
    const names = new Set(
      ways.flatMap((way) =>
        Object.keys(way).filter(
          (name) =>
            known.every((place) => within(given.values[place], way[name][place], half(place))) &&
            chanceOf(known, way[name], right, half, Object.keys(way).length, 10 ** -exercise.decimals) <= CHANCE,
        ),
      ),
    );
    if (names.size === 1) found[part] = [...names][0];
    else if (names.size === 0) {
      // A minus that got lost, of one figure among others that are right.
      const wrong = known.filter((place) => each[place]?.verdict === "wrong" && !each[place]?.follows);
      const isTurned = wrong.every((place) => within(given.values[place], -right[place], half(place)));
      if (wrong.length === 1 && known.length > 2 && isTurned) found[part] = "sign-lost";
    }
  }
  return found;
}

/**
 * How often a figure drawn at random for each entry would fit one of the mistakes; entries that they leave as they are tell nothing.
 * @param {number[]} known @param {number[]} values @param {number[]} right @param {(place: number) => number} half @param {number} count @param {number} unit
 */
function chanceOf(known, values, right, half, count, unit) {
  const span = spanOf(right, unit);
  const telling = known.filter((place) => Math.abs(values[place] - right[place]) > 2 * half(place));
  if (telling.length === 0) return 1;
  return count * telling.reduce((share, place) => share * Math.min(1, (2 * half(place)) / span), 1);
}
