// A problem file as a state of the page: the files that the page and `deltarule new` write. What a file asks for beyond that, as a
// table of its own or a scaling, is refused by its name: the page would train on something else.

import { randomParameters } from "./generator.js";
import { neuronsFor } from "./layers.js";
import { answersOf, checkedState, MOST, SCHEDULE_PARAMETERS } from "./state.js";
import { TomlError, tomlOf } from "./toml.js";
import { say } from "./words.js";

/** What a user should be told: its message is a sentence of the page. */
export class FileError extends Error {}

// The keys that the page reads, and those that change nothing on it.
/** @type {Record<string, string[]>} */
const READ = {
  layer: ["kind", "weights", "biases", "init", "activation", "classes"],
  data: ["inputs", "targets"],
  descent: [
    ...["learning_rate", "epochs", "batch_size", "reduction", "weight_decay", "decay_biases", "momentum", "nesterov"],
    ...["schedule", "seed", "order", "tolerance", "patience", "monitor", "min_change"],
  ],
  show: ["decimals"],
};
const LEFT = ["marking"];
const NEEDED = { layer: ["kind"], data: ["inputs", "targets"], descent: ["learning_rate", "epochs"] };

/** @param {string} key @param {...(string | number)} values @returns {never} */
function refuse(key, ...values) {
  throw new FileError(say(key, ...values));
}

/** @param {any} file */
function checkKeys(file) {
  for (const [name, table] of Object.entries(file)) {
    if (name === "title" || LEFT.includes(name)) continue;
    if (!Object.hasOwn(READ, name) || typeof table !== "object") refuse("fileKey", name.slice(0, MOST.name));
    const other = Object.keys(table).find((key) => !READ[name].includes(key));
    if (other !== undefined) refuse("fileKey", `[${name}] ${other.slice(0, MOST.name)}`);
  }
  for (const [name, keys] of Object.entries(NEEDED)) {
    for (const key of keys) if (file[name]?.[key] === undefined) refuse("fileMissing", `[${name}] ${key}`);
  }
}

// Parameters of a schedule that have no default.
const OWN = ["every", "decay"];

/** @param {any} given @returns {any} */
function scheduleOf(given) {
  const schedule = typeof given === "string" ? { kind: given } : (given ?? { kind: "constant" });
  const parameters = Object.hasOwn(SCHEDULE_PARAMETERS, schedule.kind)
    ? /** @type {Record<string, string[]>} */ (SCHEDULE_PARAMETERS)[schedule.kind]
    : refuse("fileValue", "[descent] schedule");
  const known = ["kind", "warm_up", "by", ...parameters];
  const isMissing = parameters.some(
    (name) => !(name in schedule) && (OWN.includes(name) || (name === "factor" && schedule.kind === "exponential")),
  );
  if (isMissing || !Object.keys(schedule).every((key) => known.includes(key)))
    refuse("fileValue", "[descent] schedule");
  return schedule;
}

/** The word of the page for a kind of layer. @param {any} layer */
function kindOf({ kind, activation, classes }) {
  if (kind === "perceptron") {
    const word = activation ?? "sigmoid";
    if (!["sigmoid", "tanh", "step", "sign"].includes(word)) refuse("fileValue", "[layer] activation");
    return word;
  }
  if (activation !== undefined) refuse("fileValue", "[layer] activation");
  if (kind === "linear") return classes === undefined ? "linear" : "adaline";
  return kind === "logistic" || kind === "softmax" ? kind : refuse("fileValue", "[layer] kind");
}

/** By code points, as Python sorts. @param {string} a @param {string} b */
function byLetters(a, b) {
  const [first, second] = [[...a], [...b]];
  const place = first.findIndex((letter, index) => letter !== second[index]);
  if (place < 0) return first.length - second.length;
  return place >= second.length ? 1 : Number(first[place].codePointAt(0)) - Number(second[place].codePointAt(0));
}

/** Labels in order; truth values as Python writes them. @param {any[]} labels */
function sorted(labels) {
  const distinct = [...new Set(labels)];
  const isText = typeof distinct[0] === "string";
  return distinct.sort(isText ? byLetters : (a, b) => Number(a) - Number(b));
}

/** @param {any} label */
const nameOf = (label) => (typeof label === "boolean" ? (label ? "True" : "False") : String(label));

/** @param {any} label */
const isLabel = (label) =>
  typeof label === "boolean" || Number.isInteger(label) || (typeof label === "string" && label.trim() !== "");

/**
 * Classes and targets as a state holds them.
 * @param {string} kind @param {any[]} given @param {any} classes those that the file names
 * @returns {{classes: string[] | null, targets: any[]}}
 */
function targetsOf(kind, given, classes) {
  const rows = given.every(Array.isArray);
  const hasClasses = !["linear", "sigmoid", "tanh"].includes(kind);
  if (!hasClasses) return { classes: null, targets: rows ? given : given.map((each) => [each]) };
  const K = rows ? given[0].length : 0;
  /** @type {any[]} */
  const answers = answersOf(kind, Math.max(K, 1)) ?? [];
  // A column of answers is that of one neuron that says yes or no by itself, if its kind has such.
  const areAnswers = given.flat().every((each) => answers.includes(each)) && kind !== "softmax" && kind !== "adaline";
  if (rows && K > 1 && (kind === "softmax" || kind === "adaline")) {
    const names = classes ?? given[0].map((/** @type {any} */ _, /** @type {number} */ k) => k + 1);
    const isOneHot = given.every(
      (row) => row.length === K && row.every((/** @type {any} */ each) => each === 0 || each === 1),
    );
    if (!isOneHot || names.length !== K || given.some((row) => row.filter(Boolean).length !== 1)) {
      refuse("fileValue", "[data] targets");
    }
    return { classes: names.map(nameOf), targets: given.map((row) => row.indexOf(1)) };
  }
  if (rows && (K > 1 || areAnswers)) return { classes: null, targets: given };
  const labels = rows ? given.map((row) => row[0]) : given;
  if (!labels.every((each) => isLabel(each) && typeof each === typeof labels[0])) refuse("fileValue", "[data] targets");
  const names = classes ?? sorted(labels);
  const targets = labels.map((label) => names.indexOf(label));
  if (targets.includes(-1)) refuse("fileValue", "[layer] classes");
  return { classes: names.map(nameOf), targets };
}

/** The names that Python gives target columns. @param {any[]} given @param {number} K */
const namesOf = (given, K) => (Array.isArray(given[0]) ? Array.from({ length: K }, (_, k) => `d${k + 1}`) : ["target"]);

/**
 * @param {string} text a problem file
 * @param {string} name of the file, which is its title if it has none
 * @returns {{state: import("./state.js").State, isCut: boolean}} isCut: it would stop before its epochs are over
 */
export function openedState(text, name) {
  /** @type {any} */
  let file;
  try {
    file = tomlOf(text);
  } catch (error) {
    if (error instanceof TomlError) refuse("fileLine", error.message);
    throw error;
  }
  checkKeys(file);
  const { layer, data, descent, show = {} } = file;
  const kind = kindOf(layer);
  const { inputs, targets: given } = data;
  if (!Array.isArray(inputs) || !Array.isArray(inputs[0]) || !inputs[0].length) refuse("fileValue", "[data] inputs");
  if (!Array.isArray(given) || given.length !== inputs.length) refuse("fileValue", "[data] targets");
  if (layer.classes !== undefined && !(Array.isArray(layer.classes) && layer.classes.every(isLabel))) {
    refuse("fileValue", "[layer] classes");
  }
  const { classes, targets } = targetsOf(kind, given, layer.classes);
  const N = inputs[0].length;
  const K = classes ? neuronsFor(kind, classes.length) : Number(targets[0].length);
  const isMany = inputs.length > MOST.patterns || N > MOST.inputs || K > MOST.neurons;
  if (isMany || (classes?.length ?? 0) > MOST.neurons) refuse("pasteMany", MOST.patterns, MOST.inputs, MOST.neurons);
  if (!(K >= 1)) refuse("fileValue", "[data] targets");
  const { seed } = layer.init ?? {};
  if (layer.init !== undefined && !(Number.isSafeInteger(seed) && seed >= 0)) refuse("fileValue", "[layer] init");
  if (layer.init === undefined && layer.weights === undefined) refuse("fileMissing", "[layer] weights");
  const drawn = layer.init === undefined ? null : randomParameters(N, K, seed);
  const biases = layer.biases === false ? null : (layer.biases ?? drawn?.biases ?? new Array(K).fill(0));
  const schedule = scheduleOf(descent.schedule);
  const alone = [
    ["nesterov", "momentum"],
    ["decay_biases", "weight_decay"],
  ].find(([name, other]) => descent[name] && !descent[other]);
  if (alone) refuse("fileValue", `[descent] ${alone[0]}`);
  try {
    const state = checkedState({
      title: file.title ?? name,
      kind,
      classes,
      input_names: inputs[0].map((/** @type {any} */ _, /** @type {number} */ n) => `x${n + 1}`),
      target_names: classes ? null : namesOf(given, K),
      inputs,
      targets,
      weights: layer.weights ?? drawn?.weights,
      biases,
      descent: { ...descent, schedule },
      decimals: show.decimals ?? 2,
    });
    return { state, isCut: descent.tolerance !== undefined || descent.patience !== undefined };
  } catch (error) {
    return refuse("fileValue", error instanceof Error ? error.message : "");
  }
}
