// The formulas of a layer under a descent, as LaTeX; `mathml.js` shows them, and the exports hold them. As in `deltarule.show`.

import { KINDS } from "./layers.js";
import { say } from "./words.js";

/** y = f(u) of each kind. @type {Record<string, () => string>} */
const OUTPUTS = {
  softmax: () => String.raw`y_k = \frac{e^{u_k}}{\sum_j e^{u_j}}`,
  logistic: () => String.raw`y = \frac{1}{1 + e^{-u}}`,
  sigmoid: () => String.raw`y = \frac{1}{1 + e^{-u}}`,
  tanh: () => String.raw`y = \tanh u`,
  step: () => hard("0"),
  sign: () => hard("-1"),
  linear: () => "y = u",
  adaline: () => "y = u",
};

/** @param {string} low the answer no */
const hard = (low) => String.raw`y = 1 \text{ ${say("where")} } u \ge 0 \text{, ${say("otherwise")} } ${low}`;

/** The cost: its sign, where its sum has a 1/2, over what it goes, and a term. @param {string} kind */
function costOf(kind) {
  if (KINDS[kind].cost === KINDS.linear.cost)
    return { sign: "", isHalved: true, sum: String.raw`\sum_{p,k}`, term: "(d - y)^2" };
  if (kind === "softmax")
    return { sign: "-", isHalved: false, sum: String.raw`\sum_p`, term: String.raw`\ln y_{\text{label}}` };
  if (kind === "logistic") {
    return {
      sign: "-",
      isHalved: false,
      sum: String.raw`\sum_{p,k}`,
      term: String.raw`[d \ln y + (1 - d) \ln(1 - y)]`,
    };
  }
  return { sign: "", isHalved: false, sum: String.raw`\sum_{p,k}`, term: "(y - d) u" };
}

/** @param {string} above @param {string} below */
const fraction = (above, below) => String.raw`\frac{${above}}{${below}}`;

/**
 * @param {import("./descent.js").Task} task
 * @returns {string[]} a formula each
 */
export function formulasOf({ kind, hasBiases, descent }) {
  const { sign, isHalved, sum, term } = costOf(kind);
  const { reduction, weight_decay: decays, decay_biases: decaysBiases, momentum, nesterov } = descent;
  const count = kind === "softmax" ? "P" : "P K";
  const half = isHalved ? fraction("1", "2") : "";
  const before = { sum: half, mean: fraction("1", count), "half-mean": fraction("1", isHalved ? "2 P" : "P") }[
    reduction
  ];
  const scale = { sum: "", mean: fraction(isHalved ? "2" : "1", count), "half-mean": fraction("1", "P") }[reduction];
  const squares = (/** @type {string} */ letter) => ` + ${fraction("L", "2")} \\sum ${letter}^2`;
  const decay = (decays ? squares("W") : "") + (decaysBiases ? squares("b") : "");
  const slope = kind === "sigmoid" || kind === "tanh" ? String.raw` \circ f'(U)` : "";
  /** @param {string} letter @param {string} product @param {boolean} isDecayed */
  const updated = (letter, product, isDecayed) => {
    const gradient = String.raw`\frac{\partial J}{\partial ${letter}}`;
    const velocity = `V_${letter}`;
    const along = nesterov ? `(${gradient} + m ${velocity})` : momentum ? velocity : gradient;
    return [
      `${gradient} = ${product}${isDecayed ? ` + L ${letter}` : ""}`,
      ...(momentum ? [String.raw`${velocity} \leftarrow m ${velocity} + ${gradient}`] : []),
      String.raw`${letter} \leftarrow ${letter} - a ${along}`,
    ];
  };
  return [
    `U = X W${hasBiases ? " + b" : ""}`,
    OUTPUTS[kind](),
    `J = ${sign}${before} ${sum} ${term}${decay}`,
    String.raw`\delta = ${scale} (Y - D)${slope}`,
    ...updated("W", String.raw`X^T \delta`, decays > 0),
    ...(hasBiases ? updated("b", String.raw`1^T \delta`, decaysBiases) : []),
  ];
}
