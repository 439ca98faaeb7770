// What is taken away: a problem file, the update as Markdown or LaTeX, the costs as CSV, the figure as SVG.

import { element } from "./elements.js";
import { figure } from "./figures.js";
import { desiredOutputs } from "./layers.js";
import { lastUpdate } from "./state.js";
import { formulasOf } from "./formulas.js";
import { say } from "./words.js";

/** A text of TOML: JSON's escapes are TOML's too, but for what JSON leaves as it is. @param {string} text */
const quoted = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007F");

/** @param {number[][]} rows */
const matrix = (rows) => `[\n${rows.map((row) => `    [${row.join(", ")}],\n`).join("")}]`;

// Kind and activation in a problem file.
/** @type {Record<string, string[]>} */
const WRITTEN = {
  softmax: ['kind = "softmax"'],
  logistic: ['kind = "logistic"'],
  sigmoid: ['kind = "perceptron"', 'activation = "sigmoid"'],
  tanh: ['kind = "perceptron"', 'activation = "tanh"'],
  step: ['kind = "perceptron"', 'activation = "step"'],
  sign: ['kind = "perceptron"', 'activation = "sign"'],
  linear: ['kind = "linear"'],
  adaline: ['kind = "linear"'],
};

/** The problem as a file that `deltarule work`, `train` and `check` read. @param {import("./state.js").State} state */
export function problemFile(state) {
  const { classes, descent, kind } = state;
  // A sigmoid or tanh perceptron predicts numbers: its classes become rows.
  const asRows = classes !== null && (kind === "sigmoid" || kind === "tanh");
  const K = state.weights[0].length;
  const targets =
    classes === null || asRows
      ? matrix(
          asRows
            ? desiredOutputs(kind, K, /** @type {number[]} */ (state.targets))
            : /** @type {number[][]} */ (state.targets),
        )
      : `[${state.targets.map((place) => quoted(classes[Number(place)])).join(", ")}]`;
  const lines = [
    `# deltarule work problem.toml --iteration ${Math.min(state.updates + 1, lastUpdate(state))}`,
    "# deltarule train problem.toml",
    `title = ${quoted(state.title || say("own"))}`,
    "",
    "[layer]",
    ...WRITTEN[kind],
    `weights = ${matrix(state.weights)}`,
    `biases = ${state.biases ? `[${state.biases.join(", ")}]` : "false"}`,
    ...(classes !== null && !asRows ? [`classes = [${classes.map(quoted).join(", ")}]`] : []),
    "",
    "[data]",
    `inputs = ${matrix(state.inputs)}`,
    `targets = ${targets}`,
    "",
    "[descent]",
    `learning_rate = ${descent.learning_rate}`,
    `epochs = ${descent.epochs}`,
    ...(descent.batch_size === null ? [] : [`batch_size = ${descent.batch_size}`]),
    `reduction = ${quoted(descent.reduction)}`,
    ...(descent.weight_decay ? [`weight_decay = ${descent.weight_decay}`] : []),
    ...(descent.decay_biases ? ["decay_biases = true"] : []),
    ...(descent.momentum ? [`momentum = ${descent.momentum}`] : []),
    ...(descent.nesterov ? ["nesterov = true"] : []),
    ...scheduleLines(descent.schedule),
    `seed = ${descent.seed}`,
    `order = ${quoted(descent.order)}`,
    "",
    "[show]",
    `decimals = ${state.decimals}`,
    "",
  ];
  return lines.join("\n");
}

/** @param {import("./descent.js").Schedule} schedule */
function scheduleLines(schedule) {
  if (schedule.kind === "constant" && !schedule.warm_up) return [];
  const keys = Object.entries(schedule)
    .filter(([name, value]) => name !== "warm_up" || value !== 0)
    .map(([name, value]) => `${name} = ${typeof value === "string" ? quoted(value) : value}`);
  return [`schedule = {${keys.join(", ")}}`];
}

/**
 * The matrices of an update by their names.
 * @param {import("./matrices.js").View} view
 * @returns {[string, number[][]][]}
 */
export function namedMatrices({ point, step, task }) {
  /** @param {number[] | null} row @returns {number[][] | null} */
  const biases = (row) => (task.hasBiases && row ? [row] : null);
  /** @type {[string, number[][] | null][]} */
  const all = [
    ["W", point.W],
    ["b", biases(point.b)],
    ["X", step.X],
    ["D", step.D],
    ["U", step.U],
    ["Y", step.Y],
    ["f'(U)", step.slopes],
    ["delta", step.delta],
    ["dJ/dW", step.GW],
    ["dJ/db", biases(step.Gb)],
    ["V_W", step.VW],
    ["V_b", biases(step.Vb)],
    ["W after", step.W],
    ["b after", biases(step.b)],
  ];
  return all.flatMap(([name, rows]) => (rows ? [[name, rows]] : []));
}

/** @param {import("./matrices.js").View} view */
export function markdown(view) {
  const { state, point, step } = view;
  const f = (/** @type {number} */ value) => figure(value, state.decimals);
  // What Markdown would take for its own in a title is left to be read.
  const title = state.title.replace(/[\\`*_{}[\]<>#|&]/g, "\\$&");
  const tables = namedMatrices(view).map(([name, rows]) =>
    [
      `**${name}**`,
      "",
      `| ${rows[0].map(() => "").join(" | ")} |`,
      `|${rows[0].map(() => " ---: ").join("|")}|`,
      ...rows.map((row) => `| ${row.map(f).join(" | ")} |`),
    ].join("\n"),
  );
  return [
    `# ${title}`,
    say("workOf", point.updates + 1, step.epoch),
    formulasOf(view.task)
      .map((line) => `- $${line}$`)
      .join("\n"),
    ...tables,
    "",
  ].join("\n\n");
}

/** @param {import("./matrices.js").View} view */
export function latex(view) {
  const { state } = view;
  /** @type {Record<string, string>} */
  const letters = {
    "f'(U)": "f'(U)",
    delta: "\\delta",
    "dJ/dW": "\\frac{\\partial J}{\\partial W}",
    "dJ/db": "\\frac{\\partial J}{\\partial b}",
    "W after": "W_{\\text{after}}",
    "b after": "b_{\\text{after}}",
  };
  const f = (/** @type {number} */ value) => figure(value, state.decimals).replace("−", "-");
  const formulas = formulasOf(view.task).map((line) => `\\[ ${line} \\]\n`);
  const matrices = namedMatrices(view).map(
    ([name, rows]) =>
      `\\[ ${letters[name] ?? name} = \\left(\\begin{array}{*{${rows[0].length}}{r}}\n${rows.map((row) => `  ${row.map(f).join(" & ")} \\\\\n`).join("")}\\end{array}\\right) \\]\n`,
  );
  return [...formulas, ...matrices].join("\n");
}

/** @param {import("./history.js").History} way */
export const costTable = (way) =>
  [
    "updates,cost,errors",
    ...way.costs.map(({ updates, cost, errors }) => `${updates},${cost},${errors ?? ""}`),
    "",
  ].join("\n");

/** A figure of the page with the styles that it needs, as a file of its own. @param {any} figureElement */
export function figureFile(figureElement) {
  const copy = figureElement.cloneNode(true);
  const wanted = [
    "fill",
    "stroke",
    "stroke-width",
    "fill-opacity",
    "stroke-opacity",
    "opacity",
    "font-size",
    "font-weight",
    "font-family",
    "text-anchor",
    "paint-order",
    "display",
    "stroke-dasharray",
  ];
  const [from, to] = [figureElement.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((/** @type {Element} */ each, /** @type {number} */ place) => {
    const style = getComputedStyle(each);
    for (const name of wanted) to[place].setAttribute(name, style.getPropertyValue(name));
  });
  for (const each of copy.querySelectorAll(".reach, [display=none]")) each.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** @param {string} name @param {string} type @param {string | Blob} content */
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
