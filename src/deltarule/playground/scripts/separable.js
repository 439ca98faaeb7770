// Whether lines can tell the classes apart, in the plane and on a line, with a proof that can be looked at. It is right or silent:
// signs are worked in whole numbers, and beyond two inputs only a layer that has all patterns right says anything.
//
// If a point lies in the hulls of two classes, no two linear scores order both classes rightly: each would be the larger one there.

/** @typedef {[bigint, bigint]} Place */
/** @typedef {{a: number[], b: number[]}} Crossing patterns of two classes whose hulls meet: a point, a segment or a triangle of each */

// Patterns of which a proof is looked for, and digits of a number that is worked exactly.
const MOST_PROVED = 2000;
const MOST_DIGITS = 40;

/** All numbers times one power of ten, as whole numbers; null where that takes too many digits. @param {number[]} values @returns {bigint[] | null} */
function wholeNumbers(values) {
  const parts = values.map((value) => {
    const [, sign, whole, fraction = "", power = "0"] = /** @type {string[]} */ (
      /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
    );
    return { digits: BigInt(sign + whole + fraction), exponent: Number(power) - fraction.length };
  });
  const least = Math.min(...parts.map(({ exponent }) => exponent), 0);
  if (Math.max(...parts.map(({ exponent }) => exponent)) - least > MOST_DIGITS) return null;
  return parts.map(({ digits, exponent }) => digits * 10n ** BigInt(exponent - least));
}

/** Twice the area of a triangle: above 0 where it turns left. @param {Place} p @param {Place} q @param {Place} r */
const turn = (p, q, r) => (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);

/** The corners of a hull, in order, without those on its sides. A. M. Andrew, Information Processing Letters 9 (1979). @param {number[]} patterns @param {Place[]} places */
function hull(patterns, places) {
  const sorted = [...patterns].sort((p, q) => {
    const [a, b] = [places[p], places[q]];
    return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : p - q;
  });
  const distinct = sorted.filter((p, n) => {
    const before = n ? places[sorted[n - 1]] : null;
    return before === null || before[0] !== places[p][0] || before[1] !== places[p][1];
  });
  if (distinct.length < 3) return distinct;
  /** @param {number[]} order */
  const half = (order) => {
    /** @type {number[]} */
    const kept = [];
    for (const p of order) {
      while (kept.length > 1 && turn(places[kept[kept.length - 2]], places[kept[kept.length - 1]], places[p]) <= 0n)
        kept.pop();
      kept.push(p);
    }
    return kept.slice(0, -1);
  };
  return [...half(distinct), ...half(distinct.reverse())];
}

/** Whether a place lies between two others, on the segment. @param {Place} p @param {Place} a @param {Place} b */
const isBetween = (p, a, b) =>
  turn(a, b, p) === 0n && (p[0] - a[0]) * (p[0] - b[0]) + (p[1] - a[1]) * (p[1] - b[1]) <= 0n;

/** The corners of the triangle, segment or point of a hull in which a place lies; null if it lies outside. @param {Place} p @param {number[]} corners @param {Place[]} places @returns {number[] | null} */
function around(p, corners, places) {
  const [first, ...rest] = corners;
  if (!rest.length) return places[first][0] === p[0] && places[first][1] === p[1] ? [first] : null;
  if (rest.length === 1) return isBetween(p, places[first], places[rest[0]]) ? corners : null;
  for (let n = 1; n < rest.length; n++) {
    const triangle = [first, rest[n - 1], rest[n]];
    const isInside = triangle.every((corner, m) => turn(places[corner], places[triangle[(m + 1) % 3]], p) >= 0n);
    if (isInside) return triangle;
  }
  return null;
}

/** Patterns of two hulls that show a common point; null if there is none. @param {number[]} first @param {number[]} second @param {Place[]} places @returns {Crossing | null} */
function meeting(first, second, places) {
  for (const p of first) {
    const b = around(places[p], second, places);
    if (b) return { a: [p], b };
  }
  for (const q of second) {
    const a = around(places[q], first, places);
    if (a) return { a, b: [q] };
  }
  // No corner lies in the other hull: if they meet, two sides cross.
  for (let n = 0; n < first.length; n++) {
    const a = [first[n], first[(n + 1) % first.length]];
    const [p, q] = a.map((each) => places[each]);
    for (let m = 0; m < second.length; m++) {
      const b = [second[m], second[(m + 1) % second.length]];
      const [r, s] = b.map((each) => places[each]);
      const signs = [turn(p, q, r), turn(p, q, s), turn(r, s, p), turn(r, s, q)].map((each) =>
        each > 0n ? 1 : each < 0n ? -1 : 0,
      );
      if (signs[0] * signs[1] < 0 && signs[2] * signs[3] < 0) return { a, b };
    }
  }
  return null;
}

/**
 * Two classes whose hulls meet, so that no lines tell them apart; null where there are none, or where it is not known.
 * @param {number[][]} inputs of one or two columns; of more nothing is known
 * @param {number[]} labels
 * @param {number} classes
 * @returns {{classes: [number, number], patterns: Crossing} | null}
 */
export function inseparable(inputs, labels, classes) {
  const N = inputs[0].length;
  if (N > 2 || inputs.length > MOST_PROVED) return null;
  const columns = Array.from({ length: N }, (_, n) => wholeNumbers(inputs.map((x) => x[n])));
  if (columns.includes(null)) return null;
  const places = inputs.map((_, p) => /** @type {Place} */ ([columns[0]?.[p] ?? 0n, columns[1]?.[p] ?? 0n]));
  const hulls = Array.from({ length: classes }, (_, k) =>
    hull(
      labels.map((_, p) => p).filter((p) => labels[p] === k),
      places,
    ),
  );
  for (let first = 0; first < classes; first++) {
    for (let second = first + 1; second < classes; second++) {
      if (!hulls[first].length || !hulls[second].length) continue;
      const patterns = meeting(hulls[first], hulls[second], places);
      if (patterns) return { classes: [first, second], patterns };
    }
  }
  return null;
}
