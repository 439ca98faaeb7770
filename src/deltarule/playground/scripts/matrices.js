// Every matrix of the next update as tables. The row of the chosen pattern is lit; an entry that is looked at lights what it is made
// of, and its sum is written out.

import { element, setText, toggle } from "./elements.js";
import { count, figure, typed } from "./figures.js";
import { KINDS, predictedClass } from "./layers.js";
import { key } from "./marks.js";
import { explained } from "./sums.js";
import { say } from "./words.js";

// Numbers of a pattern of which more stand closer, so that three inputs and three sloped neurons fit beside the figure.
const MANY_COLUMNS = 14;
// Rows of a batch that are shown, besides that of the chosen pattern.
const MOST_ROWS = 40;

/**
 * @typedef {{matrix: string, row: number, column: number}} Entry
 * @typedef {{title: string, matrix: string, columns: string[], marked?: boolean}} Group columns of one matrix
 * @typedef {{state: import("./state.js").State, task: import("./descent.js").Task, point: import("./descent.js").Point,
 *   step: import("./descent.js").Step, neurons: string[]}} View
 */

/**
 * @param {any} root
 * @param {any} told where the sum is written
 * @param {{edit: (entry: Entry, value: number) => void, select: (p: number) => void}} actions
 */
export function matricesOf(root, told, actions) {
  /** What the tables look like; they are built anew where it changes. */
  let built = "";
  /** @type {{cell: any, entry: Entry}[]} */
  let cells = [];
  /** @type {View} */
  let view;
  /** @type {number[]} places in the batch of the rows that are shown */
  let rows = [];
  /** @type {Record<string, number>} decimals of matrices that are given */
  let needed = {};
  /** @type {any} the task of which they are */
  let counted = null;
  /** @type {Entry | null} */
  let looked = null;

  /** @param {Entry} entry */
  function valueOf({ matrix, row, column }) {
    const { point, step } = view;
    const p = rows[row];
    /** @type {Record<string, () => number | undefined>} */
    const values = {
      W0: () => point.W[row][column],
      b0: () => point.b[column],
      X: () => step.X[p][column],
      D: () => step.D[p][column],
      U: () => step.U[p][column],
      Y: () => step.Y[p][column],
      slopes: () => step.slopes?.[p][column],
      delta: () => step.delta[p][column],
      J: () => KINDS[view.state.kind].cost(step.U[p], step.Y[p], step.D[p]),
      GW: () => step.GW[row][column],
      Gb: () => step.Gb[column],
      VW: () => step.VW?.[row][column],
      Vb: () => step.Vb?.[column],
      W1: () => step.W[row][column],
      b1: () => step.b[column],
    };
    return values[matrix]() ?? 0;
  }

  /** The figure of an entry; those of X and D have no more decimals than they need. @param {Entry} entry */
  const figureOf = (entry) => figure(valueOf(entry), needed[entry.matrix] ?? view.state.decimals);

  /** @param {number[][]} rows */
  const decimalsOf = (rows) =>
    Math.min(
      view.state.decimals,
      Math.max(
        ...rows.flat().map((value) => (Number.isInteger(value) ? 0 : (String(value).split(".")[1] ?? "").length)),
      ),
    );

  /** @param {Entry} entry */
  const isOfPattern = ({ matrix }) => ["X", "D", "U", "Y", "slopes", "delta", "J"].includes(matrix);

  function explain() {
    for (const { cell, entry } of cells) {
      toggle(
        cell,
        "looked",
        looked !== null && entry.matrix === looked.matrix && entry.row === looked.row && entry.column === looked.column,
      );
      toggle(cell, "source", false);
    }
    if (looked === null) return setText(told, say("explainHint"));
    const { state, task, point, step, neurons } = view;
    const row = isOfPattern(looked) ? rows[looked.row] : looked.row;
    const names = { inputs: state.input_names, neurons, patterns: step.batch.map((p) => String(p + 1)) };
    const { text, sources } = explained(task, point, step, names, state.decimals, { ...looked, row });
    for (const { cell, entry } of cells) {
      const place = isOfPattern(entry) ? rows[entry.row] : entry.row;
      toggle(
        cell,
        "source",
        sources.some(
          (each) =>
            each.matrix === entry.matrix &&
            (each.row ?? place) === place &&
            (each.column ?? entry.column) === entry.column,
        ),
      );
    }
    setText(told, text);
  }

  /** @param {any} cell @param {any} table */
  function move(cell, table) {
    for (const each of table.querySelectorAll('[tabindex="0"]')) each.setAttribute("tabindex", "-1");
    cell.setAttribute("tabindex", "0");
  }

  /** @param {Entry} entry @param {any} table */
  function cellOf(entry, table) {
    const isStart = entry.matrix === "W0" || entry.matrix === "b0";
    const label = `${entry.matrix.replace(/[01]$/, "")} ${entry.row + 1}, ${entry.column + 1}`;
    const cell = isStart
      ? element("input", {
          type: "text",
          inputmode: "decimal",
          autocomplete: "off",
          tabindex: "-1",
          "aria-label": label,
        })
      : element("span", { tabindex: "-1" });
    cells.push({ cell, entry });
    cell.addEventListener("focus", () => {
      looked = entry;
      move(cell, table);
      if (isStart) {
        cell.value = String(valueOf(entry));
        cell.select();
      }
      explain();
    });
    if (isStart) {
      cell.addEventListener("change", () => {
        const value = typed(cell.value);
        if (Number.isFinite(value)) actions.edit(entry, value);
      });
      cell.addEventListener("blur", () => {
        cell.value = figureOf(entry);
      });
    } else {
      cell.addEventListener("click", () => cell.focus());
      if (isOfPattern(entry)) cell.addEventListener("click", () => actions.select(view.step.batch[rows[entry.row]]));
    }
    return cell;
  }

  /** @param {any} event */
  function arrow(event) {
    const from = event.target.closest("td");
    const isInput = event.target.tagName === "INPUT";
    if (!from || (isInput && (event.key === "ArrowLeft" || event.key === "ArrowRight"))) return;
    const line = from.parentElement;
    const place = [...line.children].indexOf(from);
    /** @type {Record<string, () => any>} */
    const ways = {
      ArrowLeft: () => from.previousElementSibling,
      ArrowRight: () => from.nextElementSibling,
      ArrowUp: () => line.previousElementSibling?.children[place],
      ArrowDown: () => line.nextElementSibling?.children[place],
    };
    if (!(event.key in ways)) return;
    event.preventDefault();
    ways[event.key]()?.querySelector?.("[tabindex]")?.focus();
  }

  /** @param {string} caption @param {Group[]} groups @param {{head: string, entries: (Entry | null)[], matrix?: string}[]} lines @param {boolean} [hasPrediction] */
  function tableOf(caption, groups, lines, hasPrediction = false) {
    const table = element("table", { keydown: arrow });
    if (caption) table.append(element("caption", {}, caption));
    const above = element("tr", {}, element("td"));
    const below = element("tr", {}, element("td"));
    for (const group of groups) {
      above.append(element("th", { colspan: group.columns.length, scope: "colgroup", class: "first" }, group.title));
      group.columns.forEach((name, k) => {
        const head = element("th", { scope: "col", class: k ? "" : "first" });
        if (group.marked) head.append(key(k));
        head.append(name);
        below.append(head);
      });
    }
    if (hasPrediction) {
      above.append(element("td", { class: "first" }));
      below.append(element("th", { scope: "col", class: "first" }, say("predicted")));
    }
    table.append(element("thead", {}, above, below));
    const body = element("tbody");
    for (const line of lines) {
      const head = element("th", { scope: "row" }, line.head);
      const made = element("tr", {}, head);
      line.entries.forEach((entry) => {
        const first = entry && entry.column === 0 ? "first" : "";
        made.append(element("td", { class: first }, entry ? cellOf(entry, table) : ""));
      });
      if (hasPrediction) made.append(element("td", { class: "first prediction" }));
      body.append(made);
    }
    table.append(body);
    table.querySelector("td [tabindex]")?.setAttribute("tabindex", "0");
    return element("div", { class: "scroll" }, table);
  }

  /** W over b, of one matrix each. @param {string} title @param {string} W @param {string} b */
  function layerTable(title, W, b) {
    const { state, neurons } = view;
    const entries = (/** @type {string} */ matrix, /** @type {number} */ row) =>
      neurons.map((_, column) => ({ matrix, row, column }));
    const lines = state.input_names.map((name, n) => ({ head: name, entries: entries(W, n) }));
    if (state.biases) lines.push({ head: say("bias"), entries: entries(b, 0) });
    const names = { W0: "W, b", GW: "∂J/∂W, ∂J/∂b", VW: "V", W1: "W, b" };
    return tableOf(
      title,
      [{ title: names[/** @type {keyof typeof names} */ (W)], matrix: W, columns: neurons, marked: isMarked() }],
      lines,
    );
  }

  const isMarked = () => view.state.classes !== null && view.neurons.length > 1;

  function build() {
    const { state, step, neurons } = view;
    cells = [];
    const marked = isMarked();
    const groups = [
      { title: say("inputs"), matrix: "X", columns: state.input_names },
      { title: say("desired"), matrix: "D", columns: neurons, marked },
      { title: say("synaptic"), matrix: "U", columns: neurons, marked },
      { title: say("outputs"), matrix: "Y", columns: neurons, marked },
      ...(step.slopes ? [{ title: say("slopes"), matrix: "slopes", columns: neurons, marked }] : []),
      { title: say("delta"), matrix: "delta", columns: neurons, marked },
      { title: say("cost"), matrix: "J", columns: [say("ofPattern")] },
    ];
    const first = layerTable(say("before"), "W0", "b0");
    const gradients = layerTable(say("gradients"), "GW", "Gb");
    const velocities = step.VW ? [layerTable(say("velocities"), "VW", "Vb")] : [];
    const after = layerTable(say("after"), "W1", "b1");
    const lines = rows.map((_, row) => ({
      head: "",
      entries: groups.flatMap(({ matrix, columns }) => columns.map((_, column) => ({ matrix, row, column }))),
    }));
    const patterns = tableOf("", groups, lines, hasPredictions());
    patterns.firstElementChild.classList.add("patterns");
    const columns = groups.reduce((sum, group) => sum + group.columns.length, 0);
    toggle(patterns.firstElementChild, "narrow", columns > MANY_COLUMNS);
    root.replaceChildren(
      element("div", { class: "layers" }, first, gradients, ...velocities, after),
      patterns,
      element("p", { class: "note rows-note" }),
    );
  }

  const hasPredictions = () => view.state.classes !== null && KINDS[view.state.kind].predicts !== null;

  /** @param {number} p place in the batch */
  function prediction(p) {
    const { state, step } = view;
    const found = predictedClass(state.kind, step.U[p]);
    return { text: /** @type {string[]} */ (state.classes)[found], wrong: found !== state.targets[step.batch[p]] };
  }

  return {
    /** @param {View} given */
    draw(given) {
      view = given;
      const { state, step, task, neurons } = view;
      const own = step.batch.indexOf(state.selected);
      rows = step.batch.map((_, place) => place).slice(0, MOST_ROWS);
      if (own >= MOST_ROWS) rows.push(own);
      const form = JSON.stringify([
        state.kind,
        state.input_names,
        neurons,
        rows.length,
        step.slopes !== null,
        step.VW !== null,
        state.biases !== null,
        say("inputs"),
      ]);
      if (form !== built) {
        built = form;
        looked = null;
        build();
      }
      if (task !== counted) needed = { X: decimalsOf(task.X), D: decimalsOf(task.D) };
      counted = task;
      for (const { cell, entry } of cells) {
        const text = figureOf(entry);
        if (cell.tagName !== "INPUT") setText(cell, text);
        else if (cell !== document.activeElement && cell.value !== text) cell.value = text;
        if (isOfPattern(entry) && entry.column === 0 && entry.matrix === "X") {
          const line = cell.closest("tr");
          const p = rows[entry.row];
          toggle(line, "chosen", p === own);
          setText(line.firstElementChild, String(step.batch[p] + 1));
          if (hasPredictions()) {
            const { text: name, wrong } = prediction(p);
            setText(line.lastElementChild, wrong ? `${name} ✗` : name);
            toggle(line.lastElementChild, "wrong", wrong);
          }
        }
      }
      const note = root.querySelector(".rows-note");
      setText(
        note,
        rows.length < step.batch.length ? say("moreRows", count(rows.length), count(step.batch.length)) : "",
      );
      explain();
    },
  };
}
