// Two updates side by side: that in sight, and another one of the same way.

import { work } from "./descent.js";
import { button, element, labelled } from "./elements.js";
import { count, typed } from "./figures.js";
import { matricesOf } from "./matrices.js";
import { lastUpdate } from "./state.js";
import { say } from "./words.js";

/**
 * @param {any} tools where the other update is chosen
 * @param {any} root where it is shown
 * @param {{matrices: Parameters<typeof matricesOf>[2], compared: (on: boolean) => void, pointAt: (updates: number) => import("./descent.js").Point | null}} actions
 * pointAt: the layer after so many updates; null where it is not there yet
 */
export function comparingOf(tools, root, actions) {
  /** The number of the other update, from 1; null: none is shown. @type {number | null} */
  let other = null;
  /** @type {import("./state.js").State | null} */
  let state = null;
  const heading = element("h3");
  const told = element("p", { class: "told-other", "aria-live": "polite" });
  const tables = element("div");
  const matrices = matricesOf(tables, told, actions.matrices);
  root.replaceChildren(heading, told, tables);

  function build() {
    const field = element("input", { type: "text", inputmode: "numeric", autocomplete: "off", size: 6 });
    field.value = other === null ? "" : String(other);
    field.addEventListener("change", () => {
      const value = typed(field.value);
      const last = state === null ? 1 : lastUpdate(state);
      other = Number.isInteger(value) ? Math.min(Math.max(value, 1), last) : null;
      field.value = other === null ? "" : String(other);
      show();
    });
    const close = button(say("compareEnd"), () => {
      other = null;
      field.value = "";
      show();
    });
    tools.replaceChildren(labelled(say("compare"), field, say("compareHint")), close);
    show();
  }

  function show() {
    root.hidden = other === null;
    const close = tools.querySelector("button");
    if (close) close.hidden = other === null;
    actions.compared(other !== null);
  }

  return {
    build,
    /** @param {import("./matrices.js").View} view @returns {boolean} whether all that is asked for is shown */
    draw(view) {
      state = view.state;
      if (other === null) return true;
      const updates = Math.min(other, lastUpdate(state)) - 1;
      const point = actions.pointAt(updates);
      if (point === null) return false;
      const step = work(view.task, point);
      heading.textContent = say("workOf", count(point.updates + 1), count(step.epoch));
      matrices.draw({ ...view, point, step });
      return true;
    },
  };
}
