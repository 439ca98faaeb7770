// The way of a descent, kept so that any update of it can be looked at again: some of its points, between which others are worked
// anew. What is shown depends on the problem and the number of updates alone, never on how one came there.

import { advanced, evaluate, start, updatesPerEpoch, work } from "./descent.js";

// Points that are kept; beyond it every second one goes, and those that follow are kept half as often.
const MOST_KEPT = 2000;

/**
 * @typedef {import("./descent.js").Task} Task
 * @typedef {import("./descent.js").Point} Point
 * @typedef {{updates: number, cost: number, errors: number | null, gradient?: number}} Recorded the layer as it stands
 *   after an epoch; gradient: the norm of that of the next update, once it is worked
 *
 * @typedef {object} History
 * @property {Task} task
 * @property {Point[]} points those kept: after 0, `every`, 2 `every`, ... updates
 * @property {number} every
 * @property {Point} head the farthest point
 * @property {Recorded[]} costs
 * @property {number} costEvery epochs between two of them
 * @property {boolean} diverged whether the update after the head makes something infinite
 */

/** @param {Task} task @returns {History} */
export function historyOf(task) {
  const head = start(task);
  const first = { updates: 0, ...evaluate(task, head.W, head.b) };
  return { task, points: [head], every: 1, head, costs: [first], costEvery: 1, diverged: false };
}

/** @param {import("./descent.js").Step} step */
export const gradientNorm = ({ GW, Gb }) => Math.hypot(...GW.flat(), ...Gb);

/** @template T @param {T[]} list */
const everySecond = (list) => list.filter((_, place) => place % 2 === 0);

/** @param {Point} point */
const isFinitePoint = ({ W, b }) => W.every((row) => row.every(Number.isFinite)) && b.every(Number.isFinite);

/**
 * Go on until so many updates are done, or time is up.
 * @param {History} history it is changed
 * @param {number} updates
 * @param {number} deadline by `performance.now()`; at least one update is done
 * @returns {boolean} whether it came there, or as far as it goes
 */
export function extend(history, updates, deadline) {
  const { task } = history;
  const each = updatesPerEpoch(task.descent, task.X.length);
  while (history.head.updates < updates && !history.diverged) {
    const step = work(task, history.head);
    const recorded = history.costs[history.costs.length - 1];
    if (recorded.updates === history.head.updates) recorded.gradient = gradientNorm(step);
    const next = advanced(task, history.head, step);
    if (!isFinitePoint(next)) {
      history.diverged = true;
      break;
    }
    history.head = next;
    if (next.updates % history.every === 0) history.points.push(next);
    if (history.points.length > MOST_KEPT) {
      history.points = everySecond(history.points);
      history.every *= 2;
    }
    if (next.updates % (each * history.costEvery) === 0) {
      history.costs.push({ updates: next.updates, ...evaluate(task, next.W, next.b) });
    }
    if (history.costs.length > MOST_KEPT) {
      history.costs = everySecond(history.costs);
      history.costEvery *= 2;
    }
    if (performance.now() > deadline) break;
  }
  return history.diverged || history.head.updates >= updates;
}

/**
 * The layer after so many updates, at most those of the head.
 * @param {History} history
 * @param {number} updates
 * @returns {Point}
 */
export function pointAt(history, updates) {
  if (updates >= history.head.updates) return history.head;
  let point = history.points[Math.floor(updates / history.every)];
  while (point.updates < updates) point = advanced(history.task, point);
  return point;
}
