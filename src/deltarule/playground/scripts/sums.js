// Where an entry of a matrix comes from: the sum with its numbers, and the rows and columns that it is made of.

import { bracketed, figure, short } from "./figures.js";
import { KINDS, largest } from "./layers.js";

/**
 * @typedef {import("./descent.js").Task} Task
 * @typedef {import("./descent.js").Step} Step
 * @typedef {import("./descent.js").Point} Point
 * @typedef {{matrix: string, row?: number, column?: number}} Source all entries of a matrix in a row, in a column, or the one in both
 * @typedef {{text: string, sources: Source[]}} Explanation
 * @typedef {{inputs: string[], neurons: string[], patterns: string[]}} Names
 */

// Terms of a sum that are written out.
const MOST_TERMS = 40;

/**
 * @param {Task} task
 * @param {Point} point the layer before
 * @param {Step} step
 * @param {Names} names
 * @param {number} decimals
 * @param {{matrix: string, row: number, column: number}} entry row: place in the batch, or input, or 0 of biases
 * @returns {Explanation}
 */
export function explained(task, point, step, names, decimals, { matrix, row, column }) {
  /** @param {number} value */
  const f = (value) => figure(value, decimals);
  /** @param {number} value */
  const g = (value) => bracketed(f(value));
  const { descent } = task;
  const k = column;
  const at = `${names.patterns[row] ?? ""}, ${names.neurons[k] ?? ""}`;
  /** @param {string[]} terms */
  const added = (terms) =>
    terms.length <= MOST_TERMS
      ? terms.join(" + ")
      : `${terms.slice(0, MOST_TERMS).join(" + ")} + … (${terms.length - MOST_TERMS})`;
  /** @param {number} gradient @param {number} value @param {string} of @param {number | undefined} before @param {number | undefined} v */
  const velocity = (gradient, value, of, before, v) =>
    `${of} = m V + ∂J = ${short(descent.momentum)} × ${g(before ?? 0)} + ${g(gradient)} = ${f(v ?? value)}`;
  const name = {
    X: `x(${names.patterns[row]}, ${names.inputs[column]})`,
    W: `w(${names.inputs[row]}, ${names.neurons[k]})`,
    b: `b(${names.neurons[k]})`,
  };
  switch (matrix) {
    case "X":
      return { text: `${name.X} = ${f(step.X[row][column])}`, sources: [] };
    case "D":
      return { text: `d(${at}) = ${f(step.D[row][k])}`, sources: [] };
    case "W0":
      return { text: `${name.W} = ${f(point.W[row][k])}`, sources: [] };
    case "b0":
      return { text: `${name.b} = ${f(point.b[k])}`, sources: [] };
    case "U": {
      const x = step.X[row];
      const terms = x.map((value, n) => `${g(value)} × ${g(point.W[n][k])}`);
      if (task.hasBiases) terms.push(g(point.b[k]));
      return {
        text: `u(${at}) = ${x.map((_, n) => `x${sub(n)} w${sub(n)}`).join(" + ")}${task.hasBiases ? " + b" : ""} = ${added(terms)} = ${f(step.U[row][k])}`,
        sources: [
          { matrix: "X", row },
          { matrix: "W0", column: k },
          ...(task.hasBiases ? [{ matrix: "b0", row: 0, column: k }] : []),
        ],
      };
    }
    case "Y":
      return output(task.kind, step, f, at, row, k);
    case "slopes": {
      const y = g(step.Y[row][k]);
      const rule = task.kind === "tanh" ? `1 − y² = 1 − ${y}²` : `y (1 − y) = ${y} × (1 − ${y})`;
      return {
        text: `f'(${at}) = ${rule} = ${f(step.slopes?.[row][k] ?? 0)}`,
        sources: [{ matrix: "Y", row, column: k }],
      };
    }
    case "delta": {
      const sloped = KINDS[task.kind].predicts === null && step.slopes !== null;
      const scaled = step.scale === 1 ? "" : `${short(step.scale)} × `;
      const rule = `${scaled ? "scale × " : ""}(y − d)${sloped ? " f'(u)" : ""}`;
      const numbers = `${scaled}(${f(step.Y[row][k])} − ${g(step.D[row][k])})${sloped ? ` × ${g(step.slopes?.[row][k] ?? 0)}` : ""}`;
      const sources = [
        { matrix: "Y", row, column: k },
        { matrix: "D", row, column: k },
      ];
      if (sloped) sources.push({ matrix: "slopes", row, column: k });
      return { text: `δ(${at}) = ${rule} = ${numbers} = ${f(step.delta[row][k])}`, sources };
    }
    case "J":
      return patternCost(task, step, f, names.patterns[row], row);
    case "GW": {
      const terms = step.X.map((x, p) => `${g(x[row])} × ${g(step.delta[p][k])}`);
      const L = descent.weight_decay;
      if (L) terms.push(`${short(L)} × ${g(point.W[row][k])}`);
      return {
        text: `∂J/∂${name.W} = Σ x δ${L ? " + L w" : ""} = ${added(terms)} = ${f(step.GW[row][k])}`,
        sources: [
          { matrix: "X", column: row },
          { matrix: "delta", column: k },
          ...(L ? [{ matrix: "W0", row, column: k }] : []),
        ],
      };
    }
    case "Gb": {
      const terms = task.hasBiases ? step.delta.map((delta) => g(delta[k])) : ["0"];
      if (descent.decay_biases) terms.push(`${short(descent.weight_decay)} × ${g(point.b[k])}`);
      return {
        text: `∂J/∂${name.b} = Σ δ${descent.decay_biases ? " + L b" : ""} = ${added(terms)} = ${f(step.Gb[k])}`,
        sources: [{ matrix: "delta", column: k }],
      };
    }
    case "VW":
      return {
        text: velocity(
          step.GW[row][k],
          0,
          `v(${names.inputs[row]}, ${names.neurons[k]})`,
          point.VW?.[row][k],
          step.VW?.[row][k],
        ),
        sources: [{ matrix: "GW", row, column: k }],
      };
    case "Vb":
      return {
        text: velocity(step.Gb[k], 0, `v(${names.neurons[k]})`, point.Vb?.[k], step.Vb?.[k]),
        sources: [{ matrix: "Gb", row: 0, column: k }],
      };
    default: {
      const isWeight = matrix === "W1";
      const before = isWeight ? point.W[row][k] : point.b[k];
      const after = isWeight ? step.W[row][k] : step.b[k];
      const G = isWeight ? step.GW[row][k] : step.Gb[k];
      const V = isWeight ? step.VW?.[row][k] : step.Vb?.[k];
      const [from, gradient, speed] = isWeight ? ["W0", "GW", "VW"] : ["b0", "Gb", "Vb"];
      const letter = isWeight ? name.W : name.b;
      let along = g(G);
      let rule = "∂J";
      if (V !== undefined) {
        along = descent.nesterov ? `(${f(G)} + ${short(descent.momentum)} × ${g(V)})` : g(V);
        rule = descent.nesterov ? "(∂J + m V)" : "V";
      }
      const sources = [{ matrix: from, row, column: k }];
      if (V === undefined || descent.nesterov) sources.push({ matrix: gradient, row, column: k });
      if (V !== undefined) sources.push({ matrix: speed, row, column: k });
      return {
        text: `${letter} ← ${letter} − a ${rule} = ${f(before)} − ${short(step.rate)} × ${along} = ${f(after)}`,
        sources,
      };
    }
  }
}

/** @param {number} n */
const sub = (n) => [...String(n + 1)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join("");

/** @param {string} kind @param {Step} step @param {(value: number) => string} f @param {string} at @param {number} row @param {number} k @returns {Explanation} */
function output(kind, step, f, at, row, k) {
  const u = step.U[row];
  const y = f(step.Y[row][k]);
  const own = [{ matrix: "U", row, column: k }];
  const rules = /** @type {Record<string, () => string>} */ ({
    softmax: () =>
      `e^u / Σ e^u = e^${bracketed(f(u[k]))} / (${u.map((value) => `e^${bracketed(f(value))}`).join(" + ")})`,
    logistic: () => `1 / (1 + e^−u) = 1 / (1 + e^${bracketed(f(-u[k]))})`,
    sigmoid: () => `1 / (1 + e^−u) = 1 / (1 + e^${bracketed(f(-u[k]))})`,
    tanh: () => `tanh u = tanh(${f(u[k])})`,
    step: () => `(u ≥ 0 ? 1 : 0), u = ${f(u[k])}`,
    sign: () => `(u ≥ 0 ? 1 : −1), u = ${f(u[k])}`,
    linear: () => "u",
    adaline: () => "u",
  });
  return { text: `y(${at}) = ${rules[kind]()} = ${y}`, sources: kind === "softmax" ? [{ matrix: "U", row }] : own };
}

/**
 * A pattern's part of the summed cost.
 * @param {Task} task @param {Step} step @param {(value: number) => string} f @param {string} name @param {number} p
 * @returns {Explanation}
 */
function patternCost({ kind }, step, f, name, p) {
  const [u, y, d] = [step.U[p], step.Y[p], step.D[p]];
  const g = (/** @type {number} */ value) => bracketed(f(value));
  const label = largest(d);
  const squared = KINDS[kind].cost === KINDS.linear.cost;
  const fromOutputs = [
    { matrix: "Y", row: p },
    { matrix: "D", row: p },
  ];
  const [rule, numbers, sources] =
    kind === "softmax"
      ? ["−ln y_label", `−ln ${f(y[label])}`, [{ matrix: "Y", row: p, column: label }]]
      : squared
        ? ["½ Σ (d − y)²", `½ [${y.map((value, k) => `(${f(d[k])} − ${g(value)})²`).join(" + ")}]`, fromOutputs]
        : kind === "logistic"
          ? [
              "−Σ [d ln y + (1 − d) ln(1 − y)]",
              `−[${y.map((value, k) => (d[k] > 0.5 ? `ln ${f(value)}` : `ln(1 − ${f(value)})`)).join(" + ")}]`,
              fromOutputs,
            ]
          : [
              "Σ (y − d) u",
              y.map((value, k) => `(${f(value)} − ${g(d[k])}) × ${g(u[k])}`).join(" + "),
              [...fromOutputs, { matrix: "U", row: p }],
            ];
  return { text: `J(${name}) = ${rule} = ${numbers} = ${f(KINDS[kind].cost(u, y, d))}`, sources };
}
