// What the plane shows, and what is added to it: the class of new patterns, the inputs across and upwards, the neuron, and the zoom.

import { withClass } from "./editing.js";
import { button, element, iconButton, labelled, menu, part } from "./elements.js";
import { key } from "./marks.js";
import { hasProbabilities } from "./shading.js";
import { shownClasses } from "./shown.js";
import { MOST, neuronNames } from "./state.js";
import { say } from "./words.js";

// The side of the plane after and before a step of the zoom.
const CLOSER = 0.8;

/** Places and names, as a menu takes them. @param {string[]} names @returns {[string, string][]} */
const numbered = (names) => names.map((name, place) => [String(place), name]);

/**
 * @param {any} root
 * @param {() => {state: import("./state.js").State, task: import("./descent.js").Task}} current
 * @param {{change: (change: (state: import("./state.js").State) => import("./state.js").State) => void, fit: () => void, zoom: (factor: number) => void}} actions
 */
export function lookingOf(root, current, actions) {
  let brush = 0;

  /** @param {string[]} names */
  function brushes(names) {
    const choices = names.map((name, k) => {
      const choose = () => {
        brush = k;
      };
      const input = element("input", { type: "radio", name: "brush", checked: k === brush, change: choose });
      return element("label", { class: "brush" }, input, key(k), name);
    });
    return element("fieldset", { class: "brushes" }, element("legend", {}, say("brush")), ...choices);
  }

  /** The menu of an input that is shown; the other one is never the same. @param {0 | 1} place */
  function axis(place) {
    const { state } = current();
    return menu(numbered(state.input_names), String(state.shown[place]), (value) => {
      const chosen = Number(value);
      actions.change((state) => {
        const other = state.shown[1 - place] === chosen ? state.shown[place] : state.shown[1 - place];
        return { ...state, shown: place ? [other, chosen] : [chosen, other] };
      });
      actions.fit();
      build();
    });
  }

  function build() {
    const { state, task } = current();
    const classes = shownClasses(state, task);
    const neurons = neuronNames(state);
    const parts = [];
    if (classes) {
      brush = Math.min(brush, classes.names.length - 1);
      parts.push(brushes(classes.names));
    }
    if (state.classes && state.classes.length < MOST.neurons) {
      parts.push(button(say("addClass"), () => actions.change(withClass)));
    }
    if (state.inputs[0].length > 2) parts.push(labelled(say("across"), axis(0)), labelled(say("upwards"), axis(1)));
    if (!state.classes && neurons.length > 1) {
      const choice = menu(numbered(neurons), String(state.neuron), (value) => {
        actions.change((state) => ({ ...state, neuron: Number(value) }));
        if (state.inputs[0].length === 1) actions.fit();
      });
      parts.push(labelled(say("neuronShown"), choice));
    }
    if (hasProbabilities(state) && state.inputs[0].length > 1) {
      const shaded = element("input", { type: "checkbox", checked: state.shaded });
      shaded.addEventListener("change", () => actions.change((state) => ({ ...state, shaded: shaded.checked })));
      parts.push(
        part("shading", element("label", { class: "field switch" }, shaded, element("span", {}, say("shading")))),
      );
    }
    const closer = iconButton("plus", say("zoomIn"), () => actions.zoom(CLOSER));
    const farther = iconButton("minus", say("zoomOut"), () => actions.zoom(1 / CLOSER));
    parts.push(element("span", { class: "row zoom" }, closer, farther, button(say("fit"), actions.fit)));
    root.replaceChildren(...parts);
  }

  return { build, brush: () => brush };
}
