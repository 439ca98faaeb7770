// The settings of the layer and the descent. Each field knows when it is shown, what it shows and what it changes.

import { kindsFor, redrawn, withDescent, withKind } from "./editing.js";
import { button, element, labelled, menu, part } from "./elements.js";
import { short, typed } from "./figures.js";
import { isFullBatch, SCHEDULES } from "./descent.js";
import { MOST, SCHEDULE_DEFAULTS, SCHEDULE_PARAMETERS } from "./state.js";
import { say } from "./words.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {(change: (state: State) => State) => void} Change
 * @typedef {{root: any, show: (state: State) => void, isShown: (state: State) => boolean}} Field
 */

/** @type {Record<string, {holds: (value: number) => boolean, rule: () => string}>} */
const RULES = {
  above0: { holds: (value) => value > 0 && value <= MOST.number, rule: () => say("above0") },
  atLeast0: { holds: (value) => value >= 0 && value <= MOST.number, rule: () => say("atLeast0") },
  below1: { holds: (value) => value >= 0 && value < 1, rule: () => say("below1") },
  share: { holds: (value) => value >= 0 && value <= 1, rule: () => say("share") },
  epochs: {
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= MOST.updates,
    rule: () => say("whole1", MOST.updates),
  },
  whole1: {
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= MOST.updates,
    rule: () => say("whole1", MOST.updates),
  },
  whole0: {
    holds: (value) => Number.isInteger(value) && value >= 0 && value <= MOST.updates,
    rule: () => say("whole0", MOST.updates),
  },
  seed: {
    holds: (value) => Number.isSafeInteger(value) && value >= 0,
    rule: () => say("whole0", Number.MAX_SAFE_INTEGER),
  },
  decimals: {
    holds: (value) => Number.isInteger(value) && value >= 0 && value <= MOST.decimals,
    rule: () => say("whole0", MOST.decimals),
  },
};

/**
 * A field for a number. What breaks its rule is said, and changes nothing.
 * @param {string} key the word for it, and the name of the part
 * @param {string} rule
 * @param {(state: State) => number | null} get
 * @param {(state: State, value: number | null) => State} set
 * @param {Change} change
 * @param {(state: State) => boolean} [isShown]
 * @param {{empty?: boolean, hint?: string}} [options] empty: nothing may stand there
 * @returns {Field}
 */
function numberField(key, rule, get, set, change, isShown = () => true, options = {}) {
  const label = say(key);
  const input = element("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    size: 7,
    placeholder: options.empty ? say("all") : null,
  });
  const told = element("span", { class: "told", role: "alert" });
  input.addEventListener("change", () => {
    const value = options.empty && input.value.trim() === "" ? null : typed(input.value);
    const holds = value === null || RULES[rule].holds(value);
    told.textContent = holds ? "" : say("badNumber", label, RULES[rule].rule());
    input.setAttribute("aria-invalid", String(!holds));
    if (holds) change((state) => set(state, value));
  });
  const root = part(key, element("div", { class: "field" }, labelled(label, input, options.hint), told));
  const show = (/** @type {State} */ state) => {
    const value = get(state);
    const text = value === null ? "" : String(value);
    if (input !== document.activeElement && input.getAttribute("aria-invalid") !== "true" && input.value !== text)
      input.value = text;
  };
  return { root, show, isShown };
}

/** @param {string} key @param {(state: State) => [string, string][]} options @param {(state: State) => string} get @param {(state: State, value: string) => State} set @param {Change} change @param {(state: State) => boolean} [isShown] @returns {Field} */
function choiceField(key, options, get, set, change, isShown = () => true) {
  const made = menu([], "", (value) => change((state) => set(state, value)));
  let listed = "";
  const show = (/** @type {State} */ state) => {
    const offered = options(state);
    if (listed !== JSON.stringify(offered)) {
      listed = JSON.stringify(offered);
      made.replaceChildren(...offered.map(([value, text]) => element("option", { value }, text)));
    }
    made.value = get(state);
  };
  return { root: part(key, labelled(say(key), made)), show, isShown };
}

/** @param {string} key @param {(state: State) => boolean} get @param {(state: State, on: boolean) => State} set @param {Change} change @param {(state: State) => boolean} [isShown] @returns {Field} */
function switchField(key, get, set, change, isShown = () => true) {
  const input = element("input", { type: "checkbox", change: () => change((state) => set(state, input.checked)) });
  return {
    root: part(key, element("label", { class: "field switch" }, input, element("span", {}, say(key)))),
    show: (state) => {
      input.checked = get(state);
    },
    isShown,
  };
}

/** The learning rate as a slider too, since what matters is its size. @param {Change} change @returns {Field} */
function rateSlider(change) {
  const input = element("input", { type: "range", min: -5, max: 1, step: 0.05, "aria-label": say("learningRate") });
  input.addEventListener("input", () => {
    const rate = Number((10 ** Number(input.value)).toPrecision(2));
    change((state) => withDescent(state, { learning_rate: rate }));
  });
  return {
    root: part("learningRate", element("label", { class: "field slider" }, input)),
    show: (state) => {
      input.value = String(Math.log10(state.descent.learning_rate));
      input.setAttribute("aria-valuetext", short(state.descent.learning_rate));
    },
    isShown: () => true,
  };
}

const KIND_WORDS = { step: "kindStep" };
const SCHEDULE_WORDS = { step: "stepSchedule" };

/** @param {string} kind */
const kindWord = (kind) => say(/** @type {Record<string, string>} */ (KIND_WORDS)[kind] ?? kind);

/**
 * @param {any} root
 * @param {Change} change
 * @param {() => import("./descent.js").Point} reached the layer as it stands
 */
export function controlsOf(root, change, reached) {
  /** @param {string} name @param {any} value @returns {(state: State) => State} */
  const descent = (name, value) => (state) => withDescent(state, { [name]: value });
  /** @param {State} state */
  const isShuffled = (state) => state.descent.order === "shuffled" && !isFullBatch(state.descent, state.inputs.length);
  /** @param {State} state */
  const isMiniBatch = (state) => !isFullBatch(state.descent, state.inputs.length);
  const schedule = (/** @type {State} */ state) => /** @type {any} */ (state.descent.schedule);
  /** @param {string} name @returns {string[]} */
  const parametersOf = (name) => /** @type {Record<string, string[]>} */ (SCHEDULE_PARAMETERS)[name];
  /** @param {string} key @param {string} rule */
  const parameter = (key, rule) =>
    numberField(
      key,
      rule,
      (state) => schedule(state)[key] ?? null,
      (state, value) => withDescent(state, { schedule: { ...schedule(state), [key]: value } }),
      change,
      (state) => parametersOf(schedule(state).kind).includes(key),
    );
  /** @param {State} state @param {string} kind */
  const withSchedule = (state, kind) => {
    /** @type {any} */
    const made = { kind };
    for (const name of parametersOf(kind)) made[name] = SCHEDULE_DEFAULTS[name];
    return withDescent(state, { schedule: made });
  };
  const seed = element("input", { type: "text", inputmode: "numeric", size: 4, value: "0", "aria-label": say("seed") });
  const newStart = button(
    say("newStart"),
    () => {
      const value = typed(seed.value);
      const holds = RULES.seed.holds(value);
      seed.setAttribute("aria-invalid", String(!holds));
      if (!holds) return;
      change((state) => redrawn(state, value));
      seed.value = String(value + 1);
    },
    { title: say("newStartHint") },
  );
  const fromHere = button(
    say("fromHere"),
    () => {
      const { W, b } = reached();
      change((state) => ({ ...state, weights: W, biases: state.biases && b, updates: 0 }));
    },
    { title: say("fromHereHint") },
  );
  /** @type {Field[]} */
  const fields = [
    choiceField(
      "kind",
      (state) => kindsFor(state).map((kind) => [kind, kindWord(kind)]),
      (state) => state.kind,
      withKind,
      change,
    ),
    numberField(
      "learningRate",
      "above0",
      (state) => state.descent.learning_rate,
      (state, value) => descent("learning_rate", value)(state),
      change,
    ),
    rateSlider(change),
    numberField(
      "epochs",
      "epochs",
      (state) => state.descent.epochs,
      (state, value) => descent("epochs", value)(state),
      change,
    ),
    numberField(
      "batchSize",
      "whole1",
      (state) => state.descent.batch_size,
      (state, value) => descent("batch_size", value)(state),
      change,
      () => true,
      { empty: true, hint: say("batchHint") },
    ),
    choiceField(
      "order",
      () => [
        ["shuffled", say("shuffled")],
        ["given", say("given")],
      ],
      (state) => state.descent.order,
      (state, value) => descent("order", value)(state),
      change,
      isMiniBatch,
    ),
    numberField(
      "seed",
      "seed",
      (state) => state.descent.seed,
      (state, value) => descent("seed", value)(state),
      change,
      isShuffled,
    ),
    choiceField(
      "reduction",
      () => [
        ["sum", say("sum")],
        ["mean", say("mean")],
        ["half-mean", say("half-mean")],
      ],
      (state) => state.descent.reduction,
      (state, value) => descent("reduction", value)(state),
      change,
    ),
    numberField(
      "weightDecay",
      "atLeast0",
      (state) => state.descent.weight_decay,
      (state, value) => descent("weight_decay", value)(state),
      change,
    ),
    switchField(
      "decayBiases",
      (state) => state.descent.decay_biases,
      (state, on) => descent("decay_biases", on)(state),
      change,
      (state) => state.descent.weight_decay > 0 && state.biases !== null,
    ),
    numberField(
      "momentum",
      "below1",
      (state) => state.descent.momentum,
      (state, value) => descent("momentum", value)(state),
      change,
    ),
    switchField(
      "nesterov",
      (state) => state.descent.nesterov,
      (state, on) => descent("nesterov", on)(state),
      change,
      (state) => state.descent.momentum > 0,
    ),
    choiceField(
      "schedule",
      () =>
        Object.keys(SCHEDULES).map((kind) => [
          kind,
          say(/** @type {Record<string, string>} */ (SCHEDULE_WORDS)[kind] ?? kind),
        ]),
      (state) => schedule(state).kind,
      withSchedule,
      change,
    ),
    parameter("every", "whole1"),
    parameter("factor", "above0"),
    parameter("decay", "atLeast0"),
    parameter("start", "share"),
    parameter("rising", "below1"),
    parameter("final", "share"),
    numberField(
      "warmUp",
      "whole0",
      (state) => schedule(state).warm_up ?? 0,
      (state, value) => withDescent(state, { schedule: { ...schedule(state), warm_up: value ?? 0 } }),
      change,
      (state) => !["constant", "one-cycle"].includes(schedule(state).kind),
    ),
    switchField(
      "biasesUsed",
      (state) => state.biases !== null,
      (state, on) => ({ ...state, biases: on ? state.weights[0].map(() => 0) : null }),
      change,
    ),
    numberField(
      "decimals",
      "decimals",
      (state) => state.decimals,
      (state, value) => ({ ...state, decimals: value ?? 2 }),
      change,
    ),
  ];
  /** @type {any[]} */
  let drawn = [];
  root.replaceChildren(
    element("div", { class: "fields" }, ...fields.map((field) => field.root)),
    part("newStart", element("div", { class: "row" }, newStart, seed, fromHere)),
  );
  return {
    /** @param {State} state */
    draw(state) {
      // While it plays only the updates change, which no field here shows.
      const { descent, kind, biases, decimals, inputs, targets } = state;
      const now = [descent, kind, biases, decimals, inputs, targets];
      if (now.every((each, place) => each === drawn[place])) return;
      drawn = now;
      for (const field of fields) {
        field.root.hidden = !field.isShown(state);
        field.show(state);
      }
    },
  };
}
