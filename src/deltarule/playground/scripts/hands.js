// One update as many hands work it at once: each rounds, or disturbs, results in between and the figures that it goes on with.
// The formulas of `deltarule.marking.rework.by_hand`, and the hands of `rounding` and `usual_ways` beside it.

import { tosses } from "./generator.js";
import { KINDS, largest } from "./layers.js";

/**
 * @typedef {import("./layers.js").Matrix} Matrix
 * @typedef {number[][]} Values the figures of each hand, row by row
 *
 * What is worked: the patterns of one update, and the layer before it.
 * @typedef {object} Exercise
 * @property {string} kind
 * @property {boolean} hasClasses
 * @property {boolean} hasBiases
 * @property {Matrix} X
 * @property {Matrix} D
 * @property {Matrix} W
 * @property {number[]} b
 * @property {Matrix | null} VW
 * @property {number[] | null} Vb
 * @property {number} rate
 * @property {"sum" | "mean" | "half-mean"} reduction
 * @property {number} scale by which the sum over the patterns is multiplied
 * @property {number} weight_decay
 * @property {boolean} decay_biases
 * @property {number} momentum
 * @property {boolean} nesterov
 * @property {number} decimals
 *
 * @typedef {object} Hands
 * @property {number} count
 * @property {(part: string, values: Values) => Values} between what becomes of results in between of a part
 * @property {(part: string, values: Values) => Values} carried what is carried on of a part
 * @property {boolean[] | null} byOutputs which predict from outputs that they round; null: all
 */

// The parts of an update in the order in which they are worked.
export const PARTS = ["U", "Y", "predicted", "errors", "cost", "delta", "GW", "Gb", "VW", "Vb", "W", "b"];
// What is counted is exact; nothing is worked from dead ends.
export const COUNTS = ["predicted", "errors"];
export const DEAD_ENDS = ["errors", "cost"];
// Binary fractions miss an exact half by some 1e-16; a billionth of a unit lets it be one.
const SLACK = 1e-9;
// So many hands disturb their figures, each by its whole half unit up or down.
export const HANDS = 16;
const SLOPED = ["sigmoid", "tanh"];
const SQUARED = ["sigmoid", "tanh", "linear", "adaline"];

/**
 * The rows and columns of each part that an exercise has.
 * @param {Exercise} exercise
 * @returns {Record<string, [number, number]>}
 */
export function shapesOf({ kind, hasClasses, hasBiases, X, W, momentum }) {
  const [P, N, K] = [X.length, W.length, W[0].length];
  const decides = KINDS[kind].predicts !== null;
  /** @type {[string, boolean, [number, number]][]} */
  const all = [
    ["U", true, [P, K]],
    ["Y", true, [P, K]],
    ["predicted", decides, [P, hasClasses ? 1 : K]],
    ["errors", decides, [1, 1]],
    ["cost", true, [1, 1]],
    ["delta", true, [P, K]],
    ["GW", true, [N, K]],
    ["Gb", hasBiases, [1, K]],
    ["VW", momentum > 0, [N, K]],
    ["Vb", momentum > 0 && hasBiases, [1, K]],
    ["W", true, [N, K]],
    ["b", hasBiases, [1, K]],
  ];
  return Object.fromEntries(all.flatMap(([part, has, shape]) => (has ? [[part, shape]] : [])));
}

/** Whether outputs tell the predicted classes: of several hard outputs more than one may be the largest. @param {Exercise} exercise */
const outputsDecide = ({ kind, hasClasses, W }) =>
  !((kind === "step" || kind === "sign") && hasClasses && W[0].length > 1);

/**
 * The predicted classes by their places, or the answers of independent neurons, of one hand.
 * @param {Exercise} exercise @param {number[]} values U or Y @param {boolean} areOutputs
 */
function decided({ kind, hasClasses, W }, values, areOutputs) {
  const K = W[0].length;
  const { answers, yesAtZero, predicts } = KINDS[kind];
  const [no, yes] = answers(K);
  const threshold = areOutputs ? (kind === "adaline" ? 0 : (no + yes) / 2) : 0;
  const says = (/** @type {number} */ value) => (yesAtZero ? value >= threshold : value > threshold);
  if (!hasClasses) return values.map((value) => (says(value) ? yes : no));
  const rows = rowsOf(values, K);
  return rows.map((row) => (predicts === "largest" || K > 1 ? largest(row) : Number(says(row[0]))));
}

/** @param {number[]} flat @param {number} width @returns {Matrix} */
export const rowsOf = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, row) => flat.slice(row * width, (row + 1) * width));

/** How many predictions of one hand are wrong. @param {Exercise} exercise @param {number[]} predicted */
export const errorsOf = (exercise, predicted) => wrongOf(exercise, predicted).filter(Boolean).length;

/** Which patterns are predicted wrongly. @param {Exercise} exercise @param {number[]} predicted */
export function wrongOf(exercise, predicted) {
  const { D } = exercise;
  const desired = decided(exercise, D.flat(), true);
  const width = predicted.length / D.length;
  const [found, wanted] = [rowsOf(predicted, width), rowsOf(desired, width)];
  return found.map((row, p) => row.some((value, k) => value !== wanted[p][k]));
}

/**
 * All parts of an update, as each hand works them.
 * @param {Exercise} exercise
 * @param {Hands} hands
 * @param {Record<string, (worked: Values) => Values>} [given] what is carried on of parts that are given
 * @returns {Record<string, Values>}
 */
export function workedBy(exercise, hands, given = {}) {
  const { kind, X, W, b, D, scale, weight_decay: L, momentum: m } = exercise;
  const [P, N, K] = [X.length, W.length, W[0].length];
  const { activate, slope, delta } = KINDS[kind];
  const shapes = shapesOf(exercise);
  const flatD = D.flat();
  /** @type {Record<string, Values>} */
  const carried = {};
  /** @type {Record<string, Values>} */
  const found = {};
  /** @param {number[]} values @returns {Values} */
  const all = (values) => Array.from({ length: hands.count }, () => values);
  /** @param {Values} values @param {(value: number, place: number) => number} change */
  const each = (values, change) => values.map((hand) => hand.map(change));
  /** @param {Values} first @param {Values} second @param {(a: number, b: number, place: number) => number} join */
  const both = (first, second, join) =>
    first.map((hand, h) => hand.map((value, place) => join(value, second[h][place], place)));

  /** Left @ right of each hand, the products being results in between. @param {string} part @param {Values} left @param {Values} right @param {[number, number, number]} sizes */
  function products(part, left, right, [rows, inner, columns]) {
    const terms = left.map((hand, h) => {
      const made = [];
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < inner; j++)
          for (let k = 0; k < columns; k++) made.push(hand[i * inner + j] * right[h][j * columns + k]);
      return made;
    });
    return hands.between(part, terms).map((hand) => {
      const sums = new Array(rows * columns).fill(0);
      hand.forEach((value, place) => {
        sums[Math.floor(place / (inner * columns)) * columns + (place % columns)] += value;
      });
      return sums;
    });
  }

  /** @param {Values} U @returns {Values} */
  const exactOutputs = (U) => U.map((hand) => rowsOf(hand, K).flatMap(activate));

  /** @param {Values} U */
  function outputs(U) {
    const exact = exactOutputs(U);
    const result = (/** @type {Values} */ values) => hands.between("Y", values);
    const power = (/** @type {number} */ sign) =>
      each(result(each(U, (u) => Math.exp(sign * u))), (value) => Math.max(value, 0));
    /** @type {Values | null} */
    let made = null;
    if (kind === "softmax") {
      const E = power(1);
      const totals = E.map((hand) => rowsOf(hand, K).map((row) => row.reduce((sum, value) => sum + value, 0)));
      const shown = result(totals);
      made = E.map((hand, h) =>
        hand.map((value, place) => {
          const p = Math.floor(place / K);
          return (value / totals[h][p]) * (totals[h][p] / shown[h][p]);
        }),
      );
    } else if (kind === "logistic" || kind === "sigmoid") {
      const totals = result(each(power(-1), (value) => 1 + value));
      made = each(totals, (total) => 1 / (1 + Math.max(total - 1, 0)));
    } else if (kind === "tanh") {
      const [up, down] = [power(1), power(-1)];
      made = both(up, down, (a, c) => Math.tanh(0.5 * (Math.log(a) - Math.log(c))));
    }
    return made === null ? exact : both(made, exact, (value, other) => (Number.isNaN(value) ? other : value));
  }

  /** Outputs, each up or down: up for the class that a hand takes where two are alike. @param {Values} Y @param {Values} off */
  const turned = (Y, off) =>
    Y.map((hand, h) => {
      const turn = Math.floor(h / 2);
      return hand.map((value, place) => {
        const up = !exercise.hasClasses || K === 1 ? turn % 2 === 1 : turn % K === place % K;
        return value + (up ? off[h][place] : -off[h][place]);
      });
    });

  /** @param {Values} values @param {boolean} areOutputs */
  const classes = (values, areOutputs) => values.map((hand) => decided(exercise, hand, areOutputs));

  function predicted() {
    const { byOutputs } = hands;
    if ("Y" in given && outputsDecide(exercise)) {
      return classes(
        turned(
          carried.Y,
          each(carried.Y, () => SLACK),
        ),
        true,
      );
    }
    const fromInputs = classes(carried.U, false);
    if (byOutputs === null || !outputsDecide(exercise)) return fromInputs;
    const off = both(carried.Y, found.Y, (value, worked) => Math.abs(value - worked) + SLACK);
    const leaning = classes(turned(found.Y, off), true);
    return fromInputs.map((hand, h) => (byOutputs[h] ? leaning[h] : hand));
  }

  /** What each neuron adds to the cost of each pattern; what each pattern does where its cost is one term. @param {Values} Y */
  function terms(Y) {
    if (kind === "softmax") {
      return Y.map((hand) => rowsOf(hand, K).map((row, p) => -Math.log(row[largest(D[p])])));
    }
    if (kind === "logistic") return each(Y, (y, place) => 0 - Math.log(flatD[place] > 0.5 ? y : 1 - y));
    if (SQUARED.includes(kind)) return each(Y, (y, place) => 0.5 * (flatD[place] - y) ** 2);
    return both(Y, carried.U, (y, u, place) => (y - flatD[place]) * u);
  }

  function cost() {
    let made = terms(carried.Y);
    if (!made.every((hand) => hand.every(Number.isFinite))) {
      made = both(made, terms(exactOutputs(carried.U)), (value, other) => (Number.isFinite(value) ? value : other));
    }
    if (SQUARED.includes(kind)) {
      made = each(
        hands.between(
          "squares",
          each(made, (value) => 2 * value),
        ),
        (value) => value / 2,
      );
    }
    const sums = hands.between("cost", made).map((hand) => scale * hand.reduce((sum, value) => sum + value, 0));
    const decayed = [...(L ? [W.flat()] : []), ...(exercise.decay_biases ? [b] : [])].map((values) =>
      hands.between("cost", all(values.map((value) => value * value))),
    );
    return sums.map((sum, h) => [
      decayed.reduce((total, squares) => total + 0.5 * L * squares[h].reduce((s, value) => s + value, 0), sum),
    ]);
  }

  function deltas() {
    const Y = carried.Y;
    if (!SLOPED.includes(kind) || slope === null) {
      return Y.map((hand) => rowsOf(hand, K).flatMap((row, p) => delta(row, D[p]).map((value) => value * scale)));
    }
    const slopes = hands.between("delta", each(Y, slope));
    const made = both(Y, slopes, (y, s, place) => (y - flatD[place]) * s);
    return each(hands.between("delta", made), (value) => value * scale);
  }

  /** @param {string} part @param {Values} sums @param {number[]} values @param {boolean} decays */
  const withDecay = (part, sums, values, decays) =>
    decays ? both(sums, hands.between(part, all(values.map((value) => L * value))), (sum, value) => sum + value) : sums;

  /** @param {string} part @param {string} gradient @param {number[] | null} before */
  function velocity(part, gradient, before) {
    if (before === null) return carried[gradient];
    const products = hands.between(part, all(before.map((value) => m * value)));
    return both(products, carried[gradient], (product, g) => product + g);
  }

  /** @param {string} part @param {number[]} before @param {string} gradient @param {string} speed */
  function updated(part, before, gradient, speed) {
    let along = carried[m ? speed : gradient];
    if (exercise.nesterov) {
      const ahead = hands.between(
        speed,
        each(along, (value) => m * value),
      );
      along = both(carried[gradient], ahead, (g, value) => g + value);
    }
    const steps = hands.between(
      part,
      each(along, (value) => exercise.rate * value),
    );
    return each(steps, (step, place) => before[place] - step);
  }

  const columnSums = (/** @type {Values} */ values) =>
    values.map((hand) => Array.from({ length: K }, (_, k) => rowsOf(hand, K).reduce((sum, row) => sum + row[k], 0)));
  const columns = Array.from({ length: N }, (_, n) => X.map((x) => x[n])).flat();

  /** @type {Record<string, () => Values>} */
  const formulas = {
    U: () => each(products("U", all(X.flat()), all(W.flat()), [P, N, K]), (value, place) => value + b[place % K]),
    Y: () => outputs(carried.U),
    predicted,
    errors: () => carried.predicted.map((hand) => [errorsOf(exercise, hand)]),
    cost,
    delta: deltas,
    GW: () => withDecay("GW", products("GW", all(columns), carried.delta, [N, P, K]), W.flat(), L > 0),
    Gb: () => withDecay("Gb", columnSums(carried.delta), b, exercise.decay_biases),
    VW: () => velocity("VW", "GW", exercise.VW?.flat() ?? null),
    Vb: () => velocity("Vb", "Gb", exercise.Vb),
    W: () => updated("W", W.flat(), "GW", "VW"),
    b: () => updated("b", b, "Gb", "Vb"),
  };
  for (const part of PARTS) {
    if (!(part in shapes)) continue;
    const value = formulas[part]();
    found[part] = value;
    carried[part] = given[part]?.(value) ?? (COUNTS.includes(part) ? value : hands.carried(part, value));
  }
  return found;
}

/** One hand that rounds nothing. @type {Hands} */
export const EXACT = { count: 1, between: (_, values) => values, carried: (_, values) => values, byOutputs: [false] };

/** The right figures of each part. @param {Exercise} exercise @returns {Record<string, number[]>} */
export function rightParts(exercise) {
  return Object.fromEntries(Object.entries(workedBy(exercise, EXACT)).map(([part, values]) => [part, values[0]]));
}

/** NumPy's `rint`: an exact half goes to the even number. @param {number} value at least 0 */
function rint(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** @param {number} size */
const powerOf = (size) => Math.floor(Math.log10(size > 0 ? size : 1) + SLACK);

/** How much rounding may change a figure: half a unit, 0 where it is round already. @param {number} value @param {number} unit */
function halfOf(value, unit) {
  const size = Math.abs(value);
  const nearest = rint(size / (unit > 0 ? unit : 1)) * unit;
  return Math.abs(size - nearest) <= SLACK * unit ? 0 : unit / 2;
}

/** A row of tosses that goes on where it was left. @returns {() => number} */
export function coin() {
  let place = 0;
  return () => {
    const found = tosses(place + 1)[place];
    place += 1;
    return found;
  };
}

/**
 * Hands that disturb their figures, after others that do not. Of exponentials a calculator shows significant digits.
 * @param {number} decimals
 * @param {number} [others]
 * @returns {Hands}
 */
export function disturbingHands(decimals, others = 0) {
  const toss = coin();
  const unit = 10 ** -decimals;
  /** @param {Values} values @param {boolean} areExponentials */
  const disturbed = (values, areExponentials) =>
    values.map((hand, h) => {
      if (h < others) return hand;
      return hand.map((value) => {
        const size = Math.abs(value);
        const shown = size > 0 ? 10 ** (powerOf(size) - decimals) : 0;
        const half = areExponentials ? Math.max(halfOf(value, unit), halfOf(value, shown)) : halfOf(value, unit);
        return value + toss() * half;
      });
    });
  return {
    count: others + HANDS,
    between: (part, values) => disturbed(values, part === "Y"),
    carried: (_, values) => disturbed(values, false),
    byOutputs: Array.from({ length: others + HANDS }, (_, h) => h >= others && (h - others) % 2 === 1),
  };
}

/**
 * A way in which people round.
 * @typedef {{decimals?: number, digits?: number, cut?: boolean, even?: boolean, between: Set<string>, steps: Set<string>}} Way
 */
const NOTHING = /** @type {Set<string>} */ (new Set());
const PRODUCTS = new Set(["U", "GW", "Gb", "VW", "Vb", "W", "b"]);
const [SLOPES, EXPONENTIALS, SQUARES, TERMS] = ["delta", "Y", "squares", "cost"].map((part) => new Set([part]));
/** @param {...Set<string>} sets */
const union = (...sets) => new Set(sets.flatMap((each) => [...each]));
const EVERYTHING = union(PRODUCTS, SLOPES, EXPONENTIALS, SQUARES, TERMS);

/** @param {number} decimals @returns {Way[]} */
function usualWays(decimals) {
  /** @type {Way[]} */
  const ways = [];
  const onTheWay = [
    NOTHING,
    PRODUCTS,
    EXPONENTIALS,
    union(PRODUCTS, SLOPES),
    union(PRODUCTS, EXPONENTIALS),
    union(PRODUCTS, SLOPES, EXPONENTIALS),
  ];
  for (const way of onTheWay) {
    for (const rest of [NOTHING, SQUARES, TERMS, union(SQUARES, TERMS)]) {
      const between = union(way, rest);
      for (const steps of [EVERYTHING, NOTHING]) {
        for (const even of [false, true]) ways.push({ decimals, even, between, steps });
      }
    }
  }
  for (const steps of [new Set(["U"]), EXPONENTIALS, new Set(["W", "b"])]) {
    for (const between of [NOTHING, PRODUCTS]) ways.push({ decimals, between, steps });
  }
  for (const finer of [decimals + 1, decimals + 2]) {
    for (const between of [NOTHING, PRODUCTS, EVERYTHING]) ways.push({ decimals: finer, between, steps: EVERYTHING });
  }
  for (const digits of [3, 4, 5]) {
    for (const how of [{}, { even: true }, { cut: true }]) {
      for (const between of [NOTHING, PRODUCTS, EVERYTHING]) ways.push({ digits, ...how, between, steps: EVERYTHING });
      for (const between of [EVERYTHING, EXPONENTIALS, PRODUCTS])
        ways.push({ digits, ...how, between, steps: NOTHING });
    }
  }
  return ways;
}

/** @param {number} value @param {Way} way */
function roundedIn(value, { decimals, digits, cut, even }) {
  const size = Math.abs(value);
  const scale = digits === undefined ? 10 ** (decimals ?? 0) : 10 ** (digits - 1 - powerOf(size));
  const units = size * scale;
  const whole = even ? rint(units) : Math.floor(units + (cut ? SLACK : 0.5 + SLACK));
  return (Math.sign(value) * whole) / scale;
}

/** Hands of which each rounds in a usual way. @param {number} decimals @returns {Hands} */
export function usualHands(decimals) {
  const ways = usualWays(decimals);
  /** @param {string} part @param {Values} values @param {"between" | "steps"} when */
  const rounded = (part, values, when) =>
    values.map((hand, h) => (ways[h][when].has(part) ? hand.map((value) => roundedIn(value, ways[h])) : hand));
  return {
    count: ways.length,
    between: (part, values) => rounded(part, values, "between"),
    carried: (part, values) => rounded(part, values, "steps"),
    byOutputs: null,
  };
}
