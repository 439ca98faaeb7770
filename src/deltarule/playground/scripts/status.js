// Where the descent stands, in figures and in a sentence, and the equations of the boundaries.

import { evaluate, synapticInputs, updatesPerEpoch } from "./descent.js";
import { element, setText } from "./elements.js";
import { count, figure, short } from "./figures.js";
import { KINDS, largest } from "./layers.js";
import { lowestCost } from "./lowest.js";
import { gradientNorm } from "./history.js";
import { meansOf, shownClasses } from "./shown.js";
import { planeInputs, scoresOf } from "./regions.js";
import { inseparable } from "./separable.js";
import { hasProbabilities } from "./shading.js";
import { lastUpdate } from "./state.js";
import { say } from "./words.js";

// A cost has at least so many decimals; a smaller gradient is written with a power of ten.
const COST_DECIMALS = 4;
const SMALL = 1e-3;
const TINY = 1e-6;

/**
 * @param {any} root a list of terms and what they are
 * @param {import("./matrices.js").View} view
 * @returns {string} the same as a sentence
 */
export function drawStatus(root, { state, task, point, step }) {
  const { cost, errors } = evaluate(task, point.W, point.b);
  const norm = gradientNorm(step);
  const decimals = Math.max(state.decimals, COST_DECIMALS);
  const each = updatesPerEpoch(state.descent, state.inputs.length);
  const isSmall = norm > 0 && norm < SMALL;
  const parts = [
    [say("updates"), `${count(point.updates)} / ${count(lastUpdate(state))}`],
    ...(each > 1 ? [[say("epochs"), count(Math.floor(point.updates / each))]] : []),
    [say("cost"), figure(cost, decimals)],
    ...(errors === null ? [] : [[say("errors"), say("errorsOf", errors, state.inputs.length)]]),
    [say("gradient"), isSmall ? norm.toExponential(2).replace("-", "−") : figure(norm, decimals)],
    [say("rate"), short(step.rate)],
  ];
  if (root.children.length !== parts.length) {
    root.replaceChildren(...parts.map(() => element("div", {}, element("dt"), element("dd"))));
  }
  parts.forEach(([name, value], place) => {
    setText(root.children[place].children[0], name);
    setText(root.children[place].children[1], value);
  });
  const wrong = errors === null ? "" : say("summaryErrors", errors, state.inputs.length);
  return say("summary", count(point.updates), figure(cost, decimals), wrong);
}

/** The patterns of a proof: 3, 5 and 7. @param {number[]} patterns */
const listed = (patterns) => {
  const [last, ...before] = patterns.map((p) => String(p + 1)).reverse();
  return before.length ? say("and_", before.reverse().join(", "), last) : last;
};

/** What lies in the hull of a class, by how many patterns it takes. */
const HULLS = ["", "ofPoint", "ofSegment", "ofTriangle"];

/**
 * Whether the classes can be told apart, and why; nothing where it is not known.
 * @param {import("./matrices.js").View} view
 * @param {number | null} errors of the layer in sight
 */
function separability({ state, task }, errors) {
  const { classes, kind } = state;
  if (!classes || KINDS[kind].predicts === null) return "";
  if (errors === 0) return say("separable");
  if (proof?.task !== task) {
    proof = { task, found: inseparable(state.inputs, /** @type {number[]} */ (state.targets), classes.length) };
  }
  if (!proof.found) return "";
  const { a, b } = proof.found.patterns;
  const [first, second] = proof.found.classes.map((k) => classes[k]);
  return say("inseparable", say(HULLS[a.length], listed(a)), first, say(HULLS[b.length], listed(b)), second);
}

/** The last proof, which is worked once for a problem. */
let proof = /** @type {{task: import("./descent.js").Task, found: ReturnType<typeof inseparable>} | null} */ (null);

/** Whether all patterns are right by a margin: along this layer's own direction the cost of probabilities falls to 0. @param {import("./matrices.js").View} view */
function hasMargins({ task, point }) {
  return synapticInputs(task, point.W, point.b).every((u, p) =>
    task.kind === "softmax"
      ? u.every((value, k) => k === largest(task.D[p]) || value < u[largest(task.D[p])])
      : u.every((value, k) => (task.D[p][k] > 0.5 ? value > 0 : value < 0)),
  );
}

/** Where the cost would go, as far as it is known. @param {any} root @param {import("./matrices.js").View} view */
export function drawLowest(root, view) {
  const { state, task } = view;
  const isEndless = hasProbabilities(state) && !state.descent.weight_decay && hasMargins(view);
  if (isEndless) return setText(root, say("lowestZero"));
  if (lowest?.task !== task) lowest = { task, found: lowestCost(task) };
  const { found } = lowest;
  // A cost beside 0 may be that of weights that grow for ever.
  if (found === null || found < TINY) return setText(root, "");
  setText(root, say("lowest", figure(found, Math.max(state.decimals, COST_DECIMALS))));
}

/** The last lowest cost, which is worked once for a problem. */
let lowest = /** @type {{task: import("./descent.js").Task, found: number | null} | null} */ (null);

/** @param {any} root @param {import("./matrices.js").View} view */
export function drawSeparability(root, view) {
  setText(root, separability(view, evaluate(view.task, view.point.W, view.point.b).errors));
}

/** @param {any} root a list @param {import("./matrices.js").View} view */
export function drawBoundaries(root, { state, task, point }) {
  const classes = shownClasses(state, task);
  /** @type {string[]} */
  const lines = [];
  if (classes && state.inputs[0].length > 1) {
    const inputs = planeInputs(point.W, point.b, state.shown, meansOf(state));
    const scores = scoresOf(state.classes ? inputs : [inputs[state.neuron]]);
    const names = state.shown.map((n) => state.input_names[n]);
    for (let first = 0; first < scores.length; first++) {
      for (let second = first + 1; second < scores.length; second++) {
        const f = scores[first].map((value, place) => value - scores[second][place]);
        const equation = f[0] || f[1] ? `${linearForm(f, names, state.decimals)} = 0` : say("noBoundary");
        lines.push(`${classes.names[first]} | ${classes.names[second]}: ${equation}`);
      }
    }
  }
  const items = [...root.children];
  while (items.length > lines.length) items.pop()?.remove();
  while (items.length < lines.length) items.push(root.appendChild(element("li")));
  lines.forEach((line, place) => setText(items[place], line));
}

/** a1 x1 + a2 x2 + c @param {number[]} f @param {string[]} names @param {number} decimals */
function linearForm(f, names, decimals) {
  return [...names, ""].reduce((text, name, place) => {
    const part = `${figure(Math.abs(f[place]), decimals)} ${name}`.trim();
    const sign = f[place] < 0 ? "−" : "+";
    return text ? `${text} ${sign} ${part}` : `${f[place] < 0 ? "−" : ""}${part}`;
  }, "");
}
