// Weights that are printed rounded: whether an answer was worked from others that round to them, as in
// `deltarule.marking.mistakes.rounded_start`.

import { decimalsOf } from "./figures.js";
import { COUNTS, rightParts, rowsOf } from "./hands.js";

/**
 * @typedef {import("./hands.js").Exercise} Exercise
 * @typedef {import("./judging.js").Answer} Answer
 */

// Figures may differ by 1.5 half units; 95% must agree then; U must be off in at least 2 rows and 2 columns.
export const START_SLACK = 1.5;
const AGREEING = 0.95;
const SEVERAL = 2;
// Half units by which a figure is off at most, as the search sees it.
const FARTHEST = 1e6;
// Rounds of the search, and a step of its derivatives.
const ROUNDS = 60;
const STEP = 1e-6;
// A damping of the search beyond which no step is left.
const MOST_DAMPED = 1e12;

/**
 * The weights behind those of an exercise, if they explain the answer; else null.
 * @param {Exercise} exercise
 * @param {Answer} answer
 * @param {Record<string, number[]>} right
 * @returns {number[][] | null}
 */
export function startBehind(exercise, answer, right) {
  const { X, W } = exercise;
  const K = W[0].length;
  const start = W.flat();
  const half = 0.5 * 10 ** -Math.max(...start.map(decimalsOf), exercise.decimals);
  const U = answer.U;
  const wrong = U.values.flatMap((value, place) => {
    const own = 0.5 * 10 ** -U.decimals[place];
    const slack = own * 1e-6 + 1e-12 * Math.abs(value);
    return Math.abs(value - right.U[place]) > own + slack ? [place] : [];
  });
  const isTooWrong = (/** @type {number} */ place) => {
    const reach = half * X[Math.floor(place / K)].reduce((sum, x) => sum + Math.abs(x), 0);
    const most = reach + 0.5 * 10 ** -U.decimals[place];
    return Math.abs(U.values[place] - right.U[place]) > most * (1 + 1e-6) + 1e-12 * Math.abs(U.values[place]);
  };
  const [rows, columns] = [(/** @type {number} */ p) => Math.floor(p / K), (/** @type {number} */ p) => p % K].map(
    (line) => new Set(wrong.map(line)).size,
  );
  if (wrong.some(isTooWrong) || Math.min(rows, columns) < SEVERAL) return null;
  const parts = Object.keys(answer).filter((part) => !COUNTS.includes(part));

  /** How many half units each figure is off. @param {number[]} flat */
  function halfUnits(flat) {
    const worked = rightParts({ ...exercise, W: rowsOf(flat, K) });
    return parts.flatMap((part) => {
      const { values, decimals } = answer[part];
      return values.flatMap((value, place) => {
        if (Number.isNaN(value)) return [];
        const off = (value - worked[part][place]) / (0.5 * 10 ** -decimals[place]);
        return [Number.isNaN(off) ? FARTHEST : Math.min(Math.max(off, -FARTHEST), FARTHEST)];
      });
    });
  }

  const found = smallest(
    halfUnits,
    start,
    start.map((w) => w - half),
    start.map((w) => w + half),
  );
  const close = halfUnits(found).filter((off) => Math.abs(off) <= START_SLACK).length;
  if (close < AGREEING * halfUnits(start).length || close <= wrong.length) return null;
  return rowsOf(found, K);
}

/** 2 (sqrt(1 + r^2) - 1), summed: one slip counts little more once it is far off. @param {number[]} residuals */
const softly = (residuals) => residuals.reduce((sum, r) => sum + 2 * (Math.sqrt(1 + r * r) - 1), 0);

/**
 * Where residuals are smallest in a box, by Levenberg's and Marquardt's damped steps with weights for the soft loss.
 * @param {(flat: number[]) => number[]} residualsOf @param {number[]} start @param {number[]} low @param {number[]} high
 */
function smallest(residualsOf, start, low, high) {
  let at = start;
  let residuals = residualsOf(at);
  let damping = 1e-3;
  const inside = (/** @type {number[]} */ flat) => flat.map((w, i) => Math.min(Math.max(w, low[i]), high[i]));
  for (let round = 0; round < ROUNDS && damping < MOST_DAMPED; round++) {
    const slopes = at.map((_, i) => {
      const moved = residualsOf(at.map((w, j) => (i === j ? w + STEP : w)));
      return moved.map((r, place) => (r - residuals[place]) / STEP);
    });
    const weights = residuals.map((r) => 1 / Math.sqrt(1 + r * r));
    const product = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
      a.reduce((sum, value, place) => sum + weights[place] * value * b[place], 0);
    const gradient = slopes.map((slope) => product(slope, residuals));
    // Those that a step would move out of the box stay at its side.
    const free = at.map((w, i) => !((w <= low[i] && gradient[i] > 0) || (w >= high[i] && gradient[i] < 0)));
    const chosen = at.flatMap((_, i) => (free[i] ? [i] : []));
    if (chosen.length === 0) break;
    const table = chosen.map((i) =>
      chosen.map((j) => product(slopes[i], slopes[j]) * (i === j ? 1 + damping : 1) + (i === j ? 1e-12 : 0)),
    );
    const step = solved(
      table,
      chosen.map((i) => -gradient[i]),
    );
    const next = inside(at.map((w, i) => (free[i] ? w + step[chosen.indexOf(i)] : w)));
    const there = residualsOf(next);
    const gained = softly(residuals) - softly(there);
    if (gained > 0) {
      [at, residuals, damping] = [next, there, damping / 5];
      if (gained < 1e-9 * softly(there)) break;
    } else damping *= 5;
  }
  return at;
}

/** The solution of linear equations, by elimination. @param {number[][]} table @param {number[]} right */
function solved(table, right) {
  const rows = table.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(rows[best][i]) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    for (let k = 0; k < n; k++) {
      if (k === i || rows[k][i] === 0) continue;
      const factor = rows[k][i] / rows[i][i];
      for (let j = i; j <= n; j++) rows[k][j] -= factor * rows[i][j];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}
