// The chosen pattern, entry by entry.

import { replaced, withInputs, withTarget } from "./editing.js";
import { button, element, labelled, menu, setText } from "./elements.js";
import { typed } from "./figures.js";
import { KINDS } from "./layers.js";
import { MOST, neuronNames } from "./state.js";
import { say } from "./words.js";

// Digits of a number that nobody edits.
const DIGITS = 5;

/** The name of a desired output; those that a problem does not name are d, or d1, d2, ... already. @param {string} name */
const desiredName = (name) => (/^d\d*$/.test(name) ? name : `d ${name}`);

/**
 * @param {any} root
 * @param {() => {state: import("./state.js").State, task: import("./descent.js").Task}} current
 * @param {{adopt: (state: import("./state.js").State) => void, classify: (p: number, label: number) => void, remove: (p: number) => void}} actions
 */
export function patternOf(root, current, actions) {
  let built = "";

  /** @param {string} name @param {(value: number) => void} set */
  function numberInput(name, set) {
    const field = element("input", { type: "text", inputmode: "decimal", size: 5, autocomplete: "off" });
    field.addEventListener("focus", () => {
      field.value = field.dataset.value;
      field.select();
    });
    field.addEventListener("change", () => {
      const value = typed(field.value);
      if (Math.abs(value) <= MOST.number) set(value);
    });
    return labelled(name, field);
  }

  /** @param {number} n @param {number} value */
  function setInput(n, value) {
    const { state } = current();
    actions.adopt(withInputs(state, state.selected, replaced(state.inputs[state.selected], n, value)));
  }

  /** @param {number} k @param {number} value */
  function setTarget(k, value) {
    const { state, task } = current();
    const { predicts, answers } = KINDS[state.kind];
    if (predicts !== null && !answers(2).includes(value)) return;
    actions.adopt(withTarget(state, state.selected, replaced(task.D[state.selected], k, value)));
  }

  function build() {
    const { state } = current();
    const inputs = state.input_names.map((name, n) => numberInput(name, (value) => setInput(n, value)));
    const classes = state.classes?.map((name, k) => /** @type {[string, string]} */ ([String(k), name]));
    const targets = classes
      ? [
          labelled(
            say("desired"),
            menu(classes, "", (value) => actions.classify(current().state.selected, Number(value))),
          ),
        ]
      : neuronNames(state).map((name, k) => numberInput(desiredName(name), (value) => setTarget(k, value)));
    const remove = button(say("remove"), () => actions.remove(current().state.selected));
    root.replaceChildren(element("strong"), ...inputs, ...targets, remove);
  }

  return {
    draw() {
      const { state, task } = current();
      const p = state.selected;
      const form = JSON.stringify([state.input_names, state.classes, neuronNames(state), say("remove")]);
      if (form !== built) {
        built = form;
        build();
      }
      setText(root.querySelector("strong"), say("pattern", p + 1));
      const target = state.classes ? [Number(state.targets[p])] : task.D[p];
      const values = [...state.inputs[p], ...target];
      root.querySelectorAll("input, select").forEach((/** @type {any} */ each, /** @type {number} */ place) => {
        each.dataset.value = String(values[place]);
        const text = each.tagName === "INPUT" ? String(Number(values[place].toPrecision(DIGITS))) : each.dataset.value;
        if (each !== document.activeElement && each.value !== text) each.value = text;
      });
    },
  };
}
