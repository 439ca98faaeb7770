// Which entries of a practice answer are right, within rounding, follow from the answer's own figures, or are wrong: the rules of
// `deltarule.marking` for one update (`grading.judged`, `rework.following`, `rounding` and `telling`).

import { decimalsOf } from "./figures.js";
import {
  coin,
  COUNTS,
  DEAD_ENDS,
  disturbingHands,
  EXACT,
  HANDS,
  PARTS,
  rightParts,
  shapesOf,
  usualHands,
  workedBy,
  wrongOf,
} from "./hands.js";
import { START_SLACK, startBehind } from "./rounded.js";

/**
 * @typedef {import("./hands.js").Exercise} Exercise
 * @typedef {import("./hands.js").Values} Values
 * @typedef {{values: number[], decimals: number[]}} Given the figures of a part, NaN where none is given
 * @typedef {Record<string, Given>} Answer
 * @typedef {"right" | "rounding" | "wrong"} Verdict
 * @typedef {{verdict: Verdict, follows: boolean}} Mark
 * @typedef {{marks: Record<string, (Mark | null)[]>, startRounded: boolean}} Judged a mark is null where nothing is given
 */

const COUNT_TOLERANCE = 0.25;
const SLACK_OF_HALF = 1e-6;
const SLACK_OF_FIGURE = 1e-12;
// An entry may differ by a quarter more than the largest of the 16 hands; a figure that is rounded twice by 1.1 half units.
const LARGEST_SEEN = 1.25;
export const TWICE_ROUNDED = 1.1;
// With one decimal more than is written, a figure is off by a tenth of half a unit.
const DECIMAL_MORE = 0.1;
// Of the marks at most 15 in 100 may go to figures drawn at random, and half of those of any one part.
const PASSING_SHARE = 0.15;
const PASSING_OF_A_PART = 0.5;
const MINIMUM_UNITS = 20;
const STEPS = 10;
// A part of which more is one value, where less than half of that should be, shows no work.
const SAME_SHARE = 0.8;
const CHANCE_OF_COPIES = 1e-3;

/** Whether a figure is another one within half a unit; an exact half is. @param {number} given @param {number} expected @param {number} half */
export const within = (given, expected, half) =>
  Math.abs(given - expected) <= half + half * SLACK_OF_HALF + SLACK_OF_FIGURE * Math.abs(given);

/** Half a unit of a figure's last decimal; less than one of a count. @param {string} part @param {Given} given @param {number} place */
export const halfUnit = (part, given, place) =>
  COUNTS.includes(part) ? COUNT_TOLERANCE : 0.5 * 10 ** -given.decimals[place];

const isKnown = (/** @type {number} */ value) => !Number.isNaN(value);

/** @param {number[]} values the range of figures that should stand in a part, 0 included @param {number} unit */
export function spanOf(values, unit) {
  const finite = values.filter(Number.isFinite);
  return Math.max(Math.max(0, ...finite) - Math.min(0, ...finite), MINIMUM_UNITS * unit);
}

/**
 * The largest shares from 0 to 1 for which something holds that holds for all smaller ones.
 * @param {(shares: number[]) => boolean[]} holds
 * @param {number} count
 */
function largestShares(holds, count) {
  const found = new Array(count).fill(0);
  for (let step = 1; step <= STEPS; step++) {
    const size = 0.5 ** step;
    holds(found.map((share) => share + size)).forEach((does, place) => {
      if (does) found[place] += size;
    });
  }
  return holds(new Array(count).fill(1)).map((does, place) => (does ? 1 : found[place]));
}

/**
 * The reach of each part, or as much of it as lets few figures pass that are drawn at random.
 * @param {Answer} answer
 * @param {Record<string, number[]>} expected
 * @param {Record<string, number[]>} reach
 * @param {number} unit
 * @returns {Record<string, number[]>}
 */
function telling(answer, expected, reach, unit) {
  const names = Object.keys(reach);
  const entries = names.map((name) => {
    const known = answer[name].values.flatMap((value, place) => (isKnown(value) ? [place] : []));
    const figures = known.map((place) => expected[name][place]);
    const width = spanOf(figures, unit);
    const least = known.map((place) => (2 * halfUnit(name, answer[name], place)) / width);
    const more = known.map((place) => (2 * reach[name][place]) / width);
    const finite = figures.map(Number.isFinite);
    return { least: least.filter((_, place) => finite[place]), more: more.filter((_, place) => finite[place]) };
  });
  const sharesAt = (/** @type {number[]} */ some) =>
    entries.map(({ least, more }, part) => {
      const passed = least.reduce((sum, value, place) => sum + Math.min(1, value + some[part] * more[place]), 0);
      return passed / Math.max(least.length, 1);
    });
  const cut = (/** @type {number} */ limit) =>
    largestShares((some) => sharesAt(some).map((share) => share <= limit), names.length);
  const more = PASSING_OF_A_PART - PASSING_SHARE;
  const mean = (/** @type {number} */ some) =>
    sharesAt(cut(PASSING_SHARE + some * more)).reduce((sum, share) => sum + share, 0) / names.length;
  const [most] = largestShares(([some]) => [mean(some) <= PASSING_SHARE], 1);
  const shares = cut(PASSING_SHARE + most * more);
  return Object.fromEntries(names.map((name, part) => [name, reach[name].map((value) => shares[part] * value)]));
}

/**
 * What rounding may do: each part as hands work it who disturb their figures.
 * @typedef {{byChance: Record<string, Values>, reach: Record<string, number[]>, told: Record<string, number[]>, usual: () => Record<string, Values>}} Rounding
 */

/** @param {Exercise} exercise @param {Answer} answer @param {Record<string, Values>} found @param {Record<string, number[]>} expected @param {Answer} given */
function chances(exercise, answer, found, expected, given) {
  /** @type {Record<string, Values>} */
  const byChance = {};
  /** @type {Record<string, number[]>} */
  const reach = {};
  for (const part of PARTS.filter((each) => each in answer)) {
    byChance[part] = found[part];
    if (part === "errors" && !("predicted" in given)) {
      const wrong = found.predicted.map((hand) => wrongOf(exercise, hand));
      const counts = wrong[0].map((_, p) => wrong.filter((hand) => hand[p]).length);
      const least = counts.filter((count) => count === wrong.length).length;
      const most = counts.filter((count) => count > 0).length;
      byChance[part] = Array.from({ length: most - least + 1 }, (_, more) => [least + more]);
    }
    if (COUNTS.includes(part)) continue;
    reach[part] = expected[part].map((value, place) => {
      const off = found[part].map((hand) => Math.abs(hand[place] - value)).map((each) => (isKnown(each) ? each : 0));
      return LARGEST_SEEN * Math.max(...off);
    });
  }
  return { byChance, reach };
}

/** Which entries of a part may come from rounding. @param {Rounding} rounding @param {string} part @param {Given} given @param {number[]} expected */
function allowed({ byChance, told }, part, given, expected) {
  return given.values.map((value, place) => {
    if (COUNTS.includes(part)) return byChance[part].some((hand) => hand[place] === value);
    return within(value, expected[place], TWICE_ROUNDED * halfUnit(part, given, place) + told[part][place]);
  });
}

/** Whether a usual way of rounding gives all entries of a part. @param {Rounding} rounding @param {string} part @param {Given} given */
function isUsual(rounding, part, given) {
  return rounding
    .usual()
    [part].some((hand) =>
      given.values.every(
        (value, place) => !isKnown(value) || within(value, hand[place], TWICE_ROUNDED * halfUnit(part, given, place)),
      ),
    );
}

/** @template T @param {() => T} make */
function once(make) {
  /** @type {T | null} */
  let made = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** @param {Exercise} exercise @param {Answer} answer @param {Record<string, number[]>} right @returns {Rounding} */
function roundingOf(exercise, answer, right) {
  const found = workedBy(exercise, disturbingHands(exercise.decimals));
  const { byChance, reach } = chances(exercise, answer, found, right, {});
  const told = telling(answer, right, reach, 10 ** -exercise.decimals);
  return { byChance, reach, told, usual: once(() => workedBy(exercise, usualHands(exercise.decimals))) };
}

// The parts that are carried on together.
const TOGETHER = [["U"], ["Y"], ["delta"], ["GW", "Gb"], ["W", "b"]];

/** The parts of which all decimals are carried on: none, all, all but some, or some alone. @param {Exercise} exercise */
function allDecimals({ momentum }) {
  const together = momentum ? [...TOGETHER, ["VW", "Vb"]] : TOGETHER;
  const every = together.flat();
  const allBut = together.map((some) => every.filter((part) => !some.includes(part)));
  return [[], every, ...allBut, ...together];
}

/** @param {Answer} trusted @returns {Record<string, (worked: Values) => Values>} what is carried on of parts as they are written */
const asWritten = (trusted) =>
  Object.fromEntries(
    Object.entries(trusted).map(([part, { values }]) => [
      part,
      (/** @type {Values} */ worked) =>
        worked.map((hand) => hand.map((value, place) => (isKnown(values[place]) ? values[place] : value))),
    ]),
  );

/**
 * What follows from an answer's own parts.
 * @param {Exercise} exercise
 * @param {Answer} answer
 * @param {Answer} trusted the parts that later ones may follow from
 * @param {Rounding} rounding
 * @returns {{figures: Record<string, Values>, rounding: Rounding}}
 */
function followingOf(exercise, answer, trusted, rounding) {
  const ways = allDecimals(exercise);
  const toss = coin();
  /** @param {string} part @returns {(worked: Values) => Values} */
  const carried = (part) => (worked) => {
    const given = trusted[part];
    const halves = given.values.map((_, place) => 0.5 * 10 ** -given.decimals[place]);
    const same = given.values.map((value, place) =>
      worked.slice(0, ways.length).map((hand) => within(value, hand[place], halves[place])),
    );
    const isCount = COUNTS.includes(part);
    return worked.map((hand, h) =>
      given.values.map((value, place) => {
        if (h < ways.length) {
          if (!isKnown(value)) return hand[place];
          return ways[h].includes(part) && same[place][h] ? hand[place] : value;
        }
        const sign = isCount ? 0 : toss();
        if (!isKnown(value)) return hand[place];
        const more = DECIMAL_MORE * (halves[place] + (rounding.reach[part]?.[place] ?? 0));
        const most = same[place].some(Boolean) ? Math.min(more, halves[place]) : halves[place];
        return value + sign * most;
      }),
    );
  };
  const own = Object.fromEntries(Object.keys(trusted).map((part) => [part, carried(part)]));
  const found = workedBy(exercise, disturbingHands(exercise.decimals, ways.length), own);
  /** @type {Record<string, Values>} */
  const figures = {};
  /** @type {Record<string, Values>} */
  const disturbed = {};
  for (const [part, values] of Object.entries(found)) {
    figures[part] = values.slice(0, ways.length);
    disturbed[part] = values.slice(ways.length, ways.length + HANDS);
  }
  const written = Object.fromEntries(Object.entries(figures).map(([part, values]) => [part, values[0]]));
  const { byChance, reach } = chances(exercise, answer, disturbed, written, trusted);
  const told = telling(answer, written, reach, 10 ** -exercise.decimals);
  const usual = once(() => workedBy(exercise, usualHands(exercise.decimals), asWritten(trusted)));
  return { figures, rounding: { byChance, reach, told, usual } };
}

/** The share of the commonest value. @param {number[]} values */
function sameShare(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(...counts.values()) / values.length;
}

/** The numbers that an exercise states, and 0. @param {Exercise} exercise */
function statedNumbers({ X, D, W, b, rate, weight_decay, momentum }) {
  return new Set([...X.flat(), ...D.flat(), ...W.flat(), ...b, rate, weight_decay, momentum, 0]);
}

/**
 * Whether nobody worked a part: one value everywhere, the parameters before the update, or numbers that the exercise states.
 * @param {Exercise} exercise @param {string} part @param {Given} given @param {number[]} right
 */
function isFilled(exercise, part, given, right) {
  if (COUNTS.includes(part)) return false;
  const known = given.values.flatMap((value, place) => (isKnown(value) ? [place] : []));
  const values = known.map((place) => given.values[place]);
  if (known.every((place) => within(given.values[place], right[place], halfUnit(part, given, place)))) return false;
  const isTwo = values.every((value) => value === 0 || value === 1) || values.every((value) => Math.abs(value) === 1);
  if (part === "Y" && isTwo && new Set(values).size > 1 && known.length === given.values.length) return false;
  const before = { W: exercise.W.flat(), b: exercise.b }[part];
  if (before && known.every((place) => given.values[place] === before[place])) return true;
  const isAlike = values.every((value) => value === values[0]);
  const expected = known.map((place) => right[place]);
  if (isAlike && (values[0] === 0 || values.length > 1)) {
    return values[0] === 0 || expected.some((value) => value !== expected[0]);
  }
  const stated = statedNumbers(exercise);
  if (!values.every((value) => stated.has(value))) return false;
  const decimals = Math.max(...values.map(decimalsOf));
  const largest = Math.max(...values.map(Math.abs));
  const like = [...stated].filter((value) => Math.abs(value) <= largest && decimalsOf(value) <= decimals).length;
  const share = like / (2 * largest * 10 ** decimals + 1);
  return share ** new Set(values).size <= CHANCE_OF_COPIES;
}

/** Whether most entries of a part are the same, where they should not be. @param {string} part @param {Given} given @param {number[]} right */
function isTrivial(part, given, right) {
  const known = given.values.flatMap((value, place) => (isKnown(value) ? [place] : []));
  if (known.length < 2) return false;
  const printed = known.map((place) => Math.round(right[place] / (2 * halfUnit(part, given, place))));
  const share = sameShare(known.map((place) => given.values[place]));
  return share > SAME_SHARE && SAME_SHARE > 2 * sameShare(printed);
}

/**
 * The marks of an answer to one update.
 * @param {Exercise} exercise
 * @param {Answer} given parts without any figure may be left out
 * @returns {Judged}
 */
export function judged(exercise, given) {
  const right = rightParts(exercise);
  const shapes = shapesOf(exercise);
  const answer = /** @type {Answer} */ ({});
  for (const part of PARTS) if (part in shapes && given[part]?.values.some(isKnown)) answer[part] = given[part];
  const parts = Object.keys(answer);
  const isRight = Object.fromEntries(
    parts.map((part) => [
      part,
      answer[part].values.map((value, place) => within(value, right[part][place], halfUnit(part, answer[part], place))),
    ]),
  );
  const holds = (/** @type {string} */ part, /** @type {boolean[]} */ flags) =>
    flags.every((flag, place) => flag || !isKnown(answer[part].values[place]));
  if (parts.every((part) => holds(part, isRight[part])))
    return { marks: judgedMarks(answer, isRight, {}, {}), startRounded: false };
  const filled = parts.filter((part) => isFilled(exercise, part, answer[part], right[part]));
  const isBlank = new Set([...filled, ...parts.filter((part) => isTrivial(part, answer[part], right[part]))]);
  if (parts.every((part) => filled.includes(part)))
    return { marks: judgedMarks(answer, isRight, {}, {}), startRounded: false };
  const isTrusted = (/** @type {string} */ part) => right[part].every(Number.isFinite) && !isBlank.has(part);
  const trusted = Object.fromEntries(parts.filter(isTrusted).map((part) => [part, answer[part]]));
  const rounding = roundingOf(exercise, answer, right);
  const own = followingOf(exercise, answer, trusted, rounding);
  /** @type {Record<string, boolean[]>} */
  const isRounding = {};
  /** @type {Record<string, boolean[]>} */
  const follows = {};
  let allRight = true;
  for (const part of parts) {
    const each = answer[part];
    let follow = near(own, part, each);
    if (!holds(part, follow) && isUsual(own.rounding, part, each)) follow = follow.map(() => true);
    let rounded = isRight[part];
    if (isBlank.has(part)) {
      const all = holds(part, follow);
      follow = follow.map((flag) => flag && all);
    } else if (!allRight) {
      const may = allowed(rounding, part, each, right[part]);
      rounded = rounded.map((flag, place) => flag || may[place]);
    }
    if (allRight) rounded = rounded.map((flag, place) => flag || follow[place]);
    if (!holds(part, rounded) && isUsual(rounding, part, each)) rounded = rounded.map(() => true);
    [isRounding[part], follows[part]] = [rounded, follow];
    allRight = allRight && (holds(part, rounded) || DEAD_ENDS.includes(part));
  }
  const marks = judgedMarks(answer, isRight, isRounding, follows);
  return withStartBehind(exercise, answer, right, marks);
}

/** Which entries of a part are near to what follows. @param {{figures: Record<string, Values>, rounding: Rounding}} own @param {string} part @param {Given} given */
function near({ figures, rounding }, part, given) {
  const seen = COUNTS.includes(part)
    ? allowed(rounding, part, given, [])
    : figures[part]
        .map((way) => allowed(rounding, part, given, way))
        .reduce((some, way) => some.map((flag, place) => flag || way[place]));
  return seen.map(
    (flag, place) =>
      flag || figures[part].some((way) => within(given.values[place], way[place], halfUnit(part, given, place))),
  );
}

/**
 * @param {Answer} answer @param {Record<string, boolean[]>} isRight @param {Record<string, boolean[]>} isRounding @param {Record<string, boolean[]>} follows
 * @returns {Record<string, (Mark | null)[]>}
 */
function judgedMarks(answer, isRight, isRounding, follows) {
  /** @param {string} part @param {number} place @returns {Mark} */
  const markOf = (part, place) => ({
    verdict: isRight[part][place] ? "right" : isRounding[part]?.[place] ? "rounding" : "wrong",
    follows: follows[part]?.[place] ?? false,
  });
  return Object.fromEntries(
    Object.entries(answer).map(([part, { values }]) => [
      part,
      values.map((value, place) => (isKnown(value) ? markOf(part, place) : null)),
    ]),
  );
}

/**
 * Entries are within rounding where they come from weights that round to those that are printed.
 * @param {Exercise} exercise @param {Answer} answer @param {Record<string, number[]>} right @param {Record<string, (Mark | null)[]>} marks
 * @returns {Judged}
 */
function withStartBehind(exercise, answer, right, marks) {
  if (!marks.U?.some((mark) => mark?.verdict === "wrong")) return { marks, startRounded: false };
  const behind = startBehind(exercise, answer, right);
  if (behind === null) return { marks, startRounded: false };
  const found = rightParts({ ...exercise, W: behind });
  const close = (/** @type {string} */ part, /** @type {number} */ place) =>
    within(answer[part].values[place], found[part][place], START_SLACK * 0.5 * 10 ** -answer[part].decimals[place]);
  const better = Object.entries(marks).map(([part, each]) => [
    part,
    each.map((mark, place) =>
      mark?.verdict === "wrong" && close(part, place)
        ? { ...mark, verdict: /** @type {Verdict} */ ("rounding") }
        : mark,
    ),
  ]);
  return { marks: Object.fromEntries(better), startRounded: true };
}

/**
 * What each part should be after the answer's own figures before it: those that are right, or follow, are as good as any.
 * @param {Exercise} exercise @param {Answer} answer @returns {Record<string, number[]>}
 */
export function expectedAfter(exercise, answer) {
  return Object.fromEntries(
    Object.entries(workedBy(exercise, EXACT, asWritten(answer))).map(([part, values]) => [part, values[0]]),
  );
}
