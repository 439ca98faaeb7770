// Practice mode: the matrices of the update in sight are typed, and each figure is marked at once.

import { drawnProblem } from "./drawing.js";
import { button, element, labelled, setText, toggle } from "./elements.js";
import { figure, short, typed } from "./figures.js";
import { COUNTS, shapesOf } from "./hands.js";
import { expectedAfter, halfUnit, judged, within } from "./judging.js";
import { key } from "./marks.js";
import { mistakesOf } from "./mistakes.js";
import { decimalsPrinted, exerciseOf, MOST_PRACTISED } from "./practising.js";
import { matrixOf, written } from "./reading.js";
import { explained } from "./sums.js";
import { say } from "./words.js";

/**
 * @typedef {import("./hands.js").Exercise} Exercise
 * @typedef {import("./matrices.js").View} View
 * @typedef {import("./judging.js").Mark} Mark
 * @typedef {{part: string, place: number, row: number, column: number, field: any, cell: any}} Place of a figure that is typed
 * @typedef {{matrix: string, row: number, column: number, cell: any}} Stated a figure that is printed
 * @typedef {{of: string, texts: Record<string, string[]>, hints: Record<string, number>}} Kept what a student has done of an exercise
 * @typedef {{earned: number, total: number, percent: number, complete: boolean}} Score
 */

const HINTS = 3;
// Letters of a figure.
const LONGEST = 24;
/** The page's letters of matrices. @type {Record<string, string>} */
const LETTERS = {
  X: "X",
  D: "D",
  W0: "W",
  b0: "b",
  U: "U",
  Y: "Y",
  delta: "δ",
  GW: "∂J/∂W",
  Gb: "∂J/∂b",
  VW: "V",
  Vb: "V",
  W: "W",
  b: "b",
};

/** A number with all its digits. @param {number} value */
const exactly = (value) => String(value).replace("-", "−");

/** A short number for an exercise, by which what was kept of it is known again. @param {string} text */
function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193) >>> 0;
  return hash.toString(36);
}

/**
 * @param {any} tools where it is begun and ended
 * @param {any} root
 * @param {{isOnly: boolean, isHeard: boolean, toggled: (on: boolean) => void, open: (state: import("./state.js").State) => void,
 *   scored: (score: Score, kept: Kept) => void, restored: (of: string) => Kept | null}} actions isOnly: it cannot be ended;
 *   isHeard: a learning management system takes the score
 */
export function practiceOf(tools, root, actions) {
  let isOn = actions.isOnly;
  let built = "";
  /** @type {View} */
  let view;
  /** @type {Exercise} */
  let exercise;
  /** @type {Kept} */
  let kept = { of: "", texts: {}, hints: {} };
  /** What was done of other exercises, while the page is open. @type {Map<string, Kept>} */
  const keptOfAll = new Map();
  /** @type {Place[]} */
  let places = [];
  /** @type {Stated[]} */
  let stated = [];
  /** @type {Place | null} */
  let chosen = null;
  /** @type {Record<string, string>} the mistakes that are told, by parts */
  let mistakes = {};
  /** @type {Record<string, (Mark | "coarse" | "unread" | null)[]>} */
  let marks = {};
  let hasStartBehind = false;
  /** The seed of the last problem that was drawn. */
  let seed = -1;
  /** @type {any} */
  let told;
  /** @type {any} */
  let scoreLine;
  /** @type {any} */
  let hintButton;

  // ---- What is typed, and what it is worth.

  /** @param {string} part @param {number} place @returns {import("./reading.js").Written | null} */
  function figureAt(part, place) {
    const text = kept.texts[part]?.[place] ?? "";
    if (text === "") return null;
    if (part === "predicted" && exercise.hasClasses) return { value: Number(text), decimals: 0 };
    return written(text);
  }

  /** @param {string} part @param {number} count @returns {import("./judging.js").Given} */
  function givenOf(part, count) {
    const figures = Array.from({ length: count }, (_, place) => figureAt(part, place));
    const least = COUNTS.includes(part) ? 0 : exercise.decimals;
    return {
      values: figures.map((each) => each?.value ?? Number.NaN),
      decimals: figures.map((each) => Math.max(each?.decimals ?? 0, least)),
    };
  }

  function mark() {
    const shapes = Object.entries(shapesOf(exercise));
    const answer = Object.fromEntries(shapes.map(([part, [rows, columns]]) => [part, givenOf(part, rows * columns)]));
    // A figure with too few decimals is neither right nor wrong, and nothing follows from it.
    const expected = expectedAfter(exercise, answer);
    /** @type {Record<string, Set<number>>} */
    const coarse = {};
    for (const [part, given] of Object.entries(answer)) {
      if (COUNTS.includes(part)) continue;
      coarse[part] = new Set(
        given.values.flatMap((value, place) => {
          const decimals = figureAt(part, place)?.decimals ?? exercise.decimals;
          const isCoarse =
            decimals < exercise.decimals &&
            !within(value, expected[part][place], halfUnit(part, given, place)) &&
            within(value, expected[part][place], 0.5 * 10 ** -decimals);
          return isCoarse ? [place] : [];
        }),
      );
      given.values = given.values.map((value, place) => (coarse[part].has(place) ? Number.NaN : value));
    }
    const found = judged(exercise, answer);
    hasStartBehind = found.startRounded;
    mistakes = found.startRounded ? {} : mistakesOf(exercise, answer, found.marks);
    marks = Object.fromEntries(
      shapes.map(([part, [rows, columns]]) => [
        part,
        Array.from({ length: rows * columns }, (_, place) => {
          if (coarse[part]?.has(place)) return "coarse";
          const each = found.marks[part]?.[place] ?? null;
          return each === null && kept.texts[part]?.[place] ? "unread" : each;
        }),
      ]),
    );
  }

  /** @param {Mark | "coarse" | "unread" | null | undefined} each */
  const counts = (each) => typeof each === "object" && each !== null && (each.verdict !== "wrong" || each.follows);

  /** @returns {Score} */
  function score() {
    const earned = places.reduce((sum, { part, place }) => {
      const asked = kept.hints[`${part} ${place}`] ?? 0;
      return sum + (counts(marks[part]?.[place]) ? 1 - asked / HINTS : 0);
    }, 0);
    const total = places.length;
    const complete = places.every(({ part, place }) => counts(marks[part]?.[place]));
    return { earned, total, percent: total ? Math.round((100 * earned) / total) : 0, complete };
  }

  /** @param {Mark | "coarse" | "unread" | null | undefined} each @returns {[string, string]} its class and what is said of it */
  function said(each) {
    if (!each) return ["", ""];
    if (each === "coarse") return ["coarse", say("markCoarse", exercise.decimals)];
    if (each === "unread") return ["unread", say("markUnread")];
    if (each.verdict === "wrong") return each.follows ? ["follows", say("markFollows")] : ["bad", say("markWrong")];
    return each.verdict === "right" ? ["good", say("markRight")] : ["near", say("markRounding")];
  }

  /** @param {Place} place */
  function nameOf({ part, row, column }) {
    const letter = { predicted: say("predicted"), errors: say("errors"), cost: say("cost") }[part] ?? LETTERS[part];
    if (part === "errors" || part === "cost") return letter;
    const { state, neurons, step } = view;
    const isOfInputs = ["GW", "VW", "W"].includes(part);
    const isRow = ["Gb", "Vb", "b"].includes(part);
    const head = isOfInputs ? state.input_names[row] : String(step.batch[row] + 1);
    const shown =
      part === "predicted" && exercise.hasClasses ? head : [...(isRow ? [] : [head]), neurons[column]].join(", ");
    return `${letter} ${shown}`;
  }

  function show() {
    for (const each of places) {
      const [kind, words] = said(marks[each.part]?.[each.place]);
      each.cell.dataset.mark = kind;
      each.field.setAttribute("aria-label", words ? `${nameOf(each)}: ${words}` : nameOf(each));
      if (kind === "bad" || kind === "unread") each.field.setAttribute("aria-invalid", "true");
      else each.field.removeAttribute("aria-invalid");
    }
    const { earned, total, percent } = score();
    setText(scoreLine, say("scoreIs", short(Math.round(10 * earned) / 10), total, percent));
    drawHint();
  }

  /** What is said of the figure that was typed last. */
  function tell() {
    if (chosen === null) return;
    const [, words] = said(marks[chosen.part]?.[chosen.place]);
    const parts = [];
    if (words) parts.push(say("markOf", nameOf(chosen), words));
    const each = marks[chosen.part]?.[chosen.place];
    const isWrong = typeof each === "object" && each !== null && each.verdict === "wrong" && !each.follows;
    const mistake = mistakes[chosen.part];
    if (isWrong && mistake) parts.push(say(`m-${mistake}`));
    if (hasStartBehind) parts.push(say("startBehind"));
    setText(told, parts.join(" "));
  }

  function changed() {
    mark();
    show();
    tell();
    actions.scored(score(), kept);
  }

  /** @param {Place} place @param {string} text */
  function write({ part, place, field }, text) {
    kept.texts[part] ??= [];
    kept.texts[part][place] = text.slice(0, LONGEST);
    if (field.value !== text) field.value = text;
  }

  // ---- Hints: where, by what rule, and the figure.

  function drawHint() {
    const asked = chosen === null ? 0 : (kept.hints[`${chosen.part} ${chosen.place}`] ?? 0);
    setText(hintButton, say("hint", Math.min(asked + 1, HINTS)));
    hintButton.disabled = chosen === null;
  }

  function hint() {
    if (chosen === null) return setText(told, say("hintNone"));
    const name = `${chosen.part} ${chosen.place}`;
    const asked = Math.min((kept.hints[name] ?? 0) + 1, HINTS);
    kept.hints[name] = asked;
    const { text, sources } = explanation(chosen);
    light(sources);
    const lines = [nameOf(chosen), say("hintWhere", sources.map(sourceText).join("; "))];
    if (asked > 1) {
      const mistake = mistakes[chosen.part];
      if (mistake) lines.push(say(`m-${mistake}`));
      lines.push(say("hintRule", text));
    }
    if (asked > 2) lines.push(numberOf(chosen));
    setText(told, lines.join(" · "));
    show();
    actions.scored(score(), kept);
  }

  /** @param {Place} place @returns {{text: string, sources: import("./sums.js").Source[]}} the rule without its numbers, and what it takes */
  function explanation({ part, row, column }) {
    const { state, task, point, step, neurons } = view;
    if (part === "predicted") return { text: say("rulePredicted"), sources: [{ matrix: "U", row }] };
    if (part === "errors") return { text: say("ruleErrors"), sources: [{ matrix: "predicted" }, { matrix: "D" }] };
    if (part === "cost") return { text: say("ruleCost"), sources: [{ matrix: "Y" }, { matrix: "D" }] };
    const matrix = part === "W" || part === "b" ? `${part}1` : part;
    const names = { inputs: state.input_names, neurons, patterns: step.batch.map((p) => String(p + 1)) };
    const { text, sources } = explained(task, point, step, names, state.decimals, { matrix, row, column });
    const pieces = text.split(" = ");
    const rule = pieces[0].includes("←") ? pieces[0] : pieces.slice(0, 2).join(" = ");
    return {
      text: rule.replace(/, u$/, ""),
      sources: sources.filter((each) => each.matrix !== "slopes" && (each.matrix !== "b0" || exercise.hasBiases)),
    };
  }

  /** @param {import("./sums.js").Source} source */
  function sourceText({ matrix, row, column }) {
    const { state, step, neurons } = view;
    const letter = matrix === "predicted" ? say("predicted") : LETTERS[matrix];
    const isRow = ["b0", "Gb", "Vb"].includes(matrix);
    const rows = ["W0", "GW", "VW"].includes(matrix) ? state.input_names : step.batch.map((p) => String(p + 1));
    const columns = matrix === "X" ? state.input_names : neurons;
    if (column !== undefined && (row === undefined || isRow)) return say("hintColumn", letter, columns[column]);
    if (row === undefined) return say("hintWhole", letter);
    if (column === undefined) return say("hintRow", letter, rows[row]);
    return say("hintPlace", letter, rows[row], columns[column]);
  }

  /** @param {import("./sums.js").Source[]} sources */
  function light(sources) {
    const isLit = (/** @type {string} */ matrix, /** @type {number} */ row, /** @type {number} */ column) =>
      sources.some((each) => each.matrix === matrix && (each.row ?? row) === row && (each.column ?? column) === column);
    for (const { cell, matrix, row, column } of stated) toggle(cell, "source", isLit(matrix, row, column));
    for (const { cell, part, row, column } of places) toggle(cell, "source", isLit(part, row, column));
  }

  /** @param {Place} place */
  function numberOf({ part, place }) {
    const answer = Object.fromEntries(
      Object.entries(shapesOf(exercise)).map(([each, [rows, columns]]) => [each, givenOf(each, rows * columns)]),
    );
    const right = expectedAfter(exercise, {})[part][place];
    const own = expectedAfter(exercise, answer)[part][place];
    /** @param {number} value */
    const shown = (value) => {
      if (part === "predicted" && exercise.hasClasses) return /** @type {string[]} */ (view.state.classes)[value];
      return figure(value, COUNTS.includes(part) ? 0 : exercise.decimals);
    };
    const isOther = hasWrongBefore(part) && shown(own) !== shown(right);
    return isOther ? say("hintNumberOwn", shown(own)) : say("hintNumber", shown(right));
  }

  /** Whether a figure before a part is wrong, so that what follows from it counts. @param {string} part */
  function hasWrongBefore(part) {
    const parts = Object.keys(marks);
    return parts
      .slice(0, parts.indexOf(part))
      .some((each) => marks[each].some((mark) => typeof mark === "object" && mark?.verdict === "wrong"));
  }

  // ---- The sheet.

  /** @param {Place} place */
  function choose(place) {
    chosen = place;
    light([]);
    for (const row of root.querySelectorAll("tr.chosen")) toggle(row, "chosen", false);
    const row = place.cell.closest("tr");
    if (row) toggle(row, "chosen", true);
    tell();
    drawHint();
  }

  /** @param {Place} place @param {any} event */
  function paste(place, event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (written(text) !== null) return;
    event.preventDefault();
    const rows = matrixOf(text);
    if (rows === null) return setText(told, say("pasteUnread"));
    const [height, width] = shapesOf(exercise)[place.part];
    const isWhole = rows.length === height && rows[0].length === width;
    let count = 0;
    rows.forEach((cells, r) =>
      cells.forEach((cell, c) => {
        const [row, column] = isWhole ? [r, c] : [place.row + r, place.column + c];
        const at = places.find((each) => each.part === place.part && each.row === row && each.column === column);
        if (at === undefined) return;
        write(at, cell);
        count += 1;
      }),
    );
    changed();
    setText(told, `${say("pastedPractice", count)} ${told.textContent}`);
  }

  /** @param {any} event @param {Place} place */
  function arrow(event, place) {
    const { field, cell } = place;
    const isText = field.tagName === "INPUT";
    const atStart = !isText || field.selectionEnd === 0 || field.value === "";
    const atEnd = !isText || field.selectionStart === field.value.length;
    const line = cell.parentElement;
    const index = [...line.children].indexOf(cell);
    const beside = (/** @type {string} */ way) => {
      let next = cell[way];
      while (next && !next.querySelector("input, select")) next = next[way];
      return next;
    };
    /** @type {Record<string, () => any>} */
    const ways = {
      Enter: () => line.nextElementSibling?.children[index],
      ...(isText && { ArrowUp: () => line.previousElementSibling?.children[index] }),
      ...(isText && { ArrowDown: () => line.nextElementSibling?.children[index] }),
      ...(atStart && isText && { ArrowLeft: () => beside("previousElementSibling") }),
      ...(atEnd && isText && { ArrowRight: () => beside("nextElementSibling") }),
    };
    if (!(event.key in ways)) return;
    event.preventDefault();
    const next = ways[event.key]()?.querySelector?.("input, select");
    if (next) next.focus();
    else if (event.key === "Enter") field.dispatchEvent(new Event("change"));
  }

  /** @param {string} part @param {number} row @param {number} column @param {any} cell */
  function fieldOf(part, row, column, cell) {
    const [, columns] = shapesOf(exercise)[part];
    const place = row * columns + column;
    const text = kept.texts[part]?.[place] ?? "";
    /** @type {Place} */
    const made = { part, place, row, column, field: null, cell };
    if (part === "predicted" && exercise.hasClasses) {
      made.field = element("select", {}, element("option", { value: "" }, ""));
      (view.state.classes ?? []).forEach((name, k) =>
        made.field.append(element("option", { value: k, selected: String(k) === text }, name)),
      );
    } else {
      made.field = element("input", { type: "text", inputmode: "decimal", autocomplete: "off", maxlength: LONGEST });
      made.field.value = text;
      made.field.addEventListener("paste", (/** @type {any} */ event) => paste(made, event));
    }
    made.field.addEventListener("change", () => {
      write(made, made.field.value.trim());
      changed();
    });
    made.field.addEventListener("focus", () => choose(made));
    made.field.addEventListener("keydown", (/** @type {any} */ event) => arrow(event, made));
    places.push(made);
    return made.field;
  }

  /** @typedef {{title: string, columns: string[], marked?: boolean, cell: (row: number, column: number, td: any) => any}} Block */

  /** Printed figures. @param {string} matrix @param {number[][]} rows @returns {Block["cell"]} */
  function statedCells(matrix, rows) {
    const decimals = decimalsPrinted(rows.flat(), exercise.decimals);
    return (row, column) => {
      const cell = element("span", {}, figure(rows[row][column], decimals));
      stated.push({ matrix, row, column, cell });
      return cell;
    };
  }

  /** @param {string} part @returns {Block["cell"]} */
  const typedCells = (part) => (row, column, td) => fieldOf(part, row, column, td);

  /** @param {string} caption @param {string[]} heads @param {Block[]} blocks @param {string} [kind] */
  function tableOf(caption, heads, blocks, kind = "") {
    const [above, below] = [element("tr", {}, element("td")), element("tr", {}, element("td"))];
    for (const { title, columns, marked } of blocks) {
      above.append(element("th", { colspan: columns.length, scope: "colgroup", class: "first" }, title));
      columns.forEach((name, k) => {
        const head = element(name ? "th" : "td", { scope: name ? "col" : null, class: k ? "" : "first" });
        if (marked) head.append(key(k));
        head.append(name);
        below.append(head);
      });
    }
    const body = element("tbody");
    heads.forEach((name, row) => {
      const line = element("tr", {}, element("th", { scope: "row" }, name));
      for (const { columns, cell } of blocks) {
        columns.forEach((_, column) => {
          const td = element("td", { class: column ? "" : "first" });
          td.append(cell(row, column, td));
          line.append(td);
        });
      }
      body.append(line);
    });
    const table = element("table", { class: kind }, element("thead", {}, above, below), body);
    if (caption) table.prepend(element("caption", {}, caption));
    return element("div", { class: "scroll" }, table);
  }

  /** W over b. @param {string} caption @param {string} title @param {Block["cell"]} W @param {Block["cell"] | null} b */
  function layerTable(caption, title, W, b) {
    const { state, neurons } = view;
    const N = state.input_names.length;
    const cell = (/** @type {number} */ row, /** @type {number} */ column, /** @type {any} */ td) =>
      row < N || b === null ? W(row, column, td) : b(0, column, td);
    const marked = state.classes !== null && neurons.length > 1;
    const heads = [...state.input_names, ...(b ? [say("bias")] : [])];
    return tableOf(caption, heads, [{ title, columns: neurons, marked, cell }]);
  }

  function sheet() {
    const { state, neurons, step } = view;
    const shapes = shapesOf(exercise);
    const marked = state.classes !== null && neurons.length > 1;
    const has = (/** @type {string} */ part) => part in shapes;
    const biases = (/** @type {string} */ part) => (has(part) ? typedCells(part) : null);
    const heads = step.batch.map((p) => String(p + 1));
    /** @type {Block[]} */
    const blocks = [
      { title: "X", columns: state.input_names, cell: statedCells("X", exercise.X) },
      { title: "D", columns: neurons, marked, cell: statedCells("D", exercise.D) },
      { title: "U", columns: neurons, marked, cell: typedCells("U") },
      { title: "Y = f(U)", columns: neurons, marked, cell: typedCells("Y") },
      ...(has("predicted")
        ? [
            {
              title: say("predicted"),
              columns: exercise.hasClasses ? [""] : neurons,
              cell: typedCells("predicted"),
            },
          ]
        : []),
      { title: say("delta"), columns: neurons, marked, cell: typedCells("delta") },
    ];
    const single = ["errors", "cost"].filter(has).map((part) => {
      const box = element("span", { class: "single" });
      box.append(fieldOf(part, 0, 0, box));
      return element("label", { class: "field" }, element("span", {}, say(part)), box);
    });
    const before = [
      layerTable(
        say("before"),
        "W, b",
        statedCells("W0", exercise.W),
        exercise.hasBiases ? statedCells("b0", [exercise.b]) : null,
      ),
    ];
    if (exercise.VW) {
      const b = exercise.Vb && exercise.hasBiases ? statedCells("Vb0", [exercise.Vb]) : null;
      before.push(layerTable(say("velocities"), "V", statedCells("VW0", exercise.VW), b));
    }
    const patterns = tableOf("", heads, blocks, "patterns");
    const after = [
      layerTable(say("gradients"), exercise.hasBiases ? "∂J/∂W, ∂J/∂b" : "∂J/∂W", typedCells("GW"), biases("Gb")),
      ...(has("VW") ? [layerTable(say("velocities"), "V", typedCells("VW"), biases("Vb"))] : []),
      layerTable(say("after"), exercise.hasBiases ? "W, b" : "W", typedCells("W"), biases("b")),
    ];
    return [
      element("div", { class: "layers" }, ...before),
      patterns,
      element("div", { class: "row singles" }, ...single),
      element("div", { class: "layers" }, ...after),
    ];
  }

  /** The settings that the work depends on. */
  function settingsText() {
    const { rate, weight_decay, momentum, nesterov, reduction } = exercise;
    const parts = [say("practiceRate", exactly(rate)), say("practiceCost", say(reduction))];
    if (weight_decay) parts.push(say("practiceDecay", exactly(weight_decay)));
    if (momentum) parts.push(say("practiceMomentum", exactly(momentum)) + (nesterov ? ` (${say("nesterov")})` : ""));
    return `${parts.join(", ")}.`;
  }

  /** Where a problem is drawn; an exercise of a course is the same for all. */
  function drawing() {
    const number = element("input", { type: "text", inputmode: "numeric", size: 5, autocomplete: "off" });
    number.value = String(Math.max(seed, 0));
    let isTyped = false;
    number.addEventListener("input", () => (isTyped = true));
    const draw = button(
      say("newPractice"),
      () => {
        // The seed that was typed, or the one after the last.
        const given = isTyped ? typed(number.value) : seed + 1;
        const holds = Number.isSafeInteger(given) && given >= 0;
        number.setAttribute("aria-invalid", String(!holds));
        if (!holds) {
          setText(told, say("badNumber", say("practiceSeed"), say("whole0", Number.MAX_SAFE_INTEGER)));
          return;
        }
        [seed, isTyped] = [given, false];
        number.value = String(given);
        const drawn = drawnProblem(view.state, given, `${say("practice")} ${given}`);
        if (drawn === view.state) setText(told, say("practiceNone"));
        else actions.open(drawn);
      },
      { title: say("newPracticeHint") },
    );
    return [labelled(say("practiceSeed"), number), draw];
  }

  function build() {
    [places, stated, chosen] = [[], [], null];
    if (exercise.X.length > MOST_PRACTISED)
      return root.replaceChildren(element("p", { class: "note" }, say("practiceMany", MOST_PRACTISED)));
    if (!Object.values(expectedAfter(exercise, {})).flat().every(Number.isFinite))
      return root.replaceChildren(element("p", { class: "note" }, say("practiceDiverged")));
    told = element("p", { id: "practice-told", "aria-live": "polite" });
    scoreLine = element("strong", { class: "score" });
    hintButton = button("", hint, { title: say("hintCost") });
    const clear = button(say("clearPractice"), () => {
      kept = { ...kept, texts: {}, hints: {} };
      build();
      actions.scored(score(), kept);
    });
    root.replaceChildren(
      element("p", { class: "note" }, say("practiceIntro", exercise.decimals), " ", settingsText()),
      element("div", { class: "row practice-bar" }, scoreLine, hintButton, clear, ...(actions.isOnly ? [] : drawing())),
      told,
      ...(actions.isOnly && !actions.isHeard ? [element("p", { class: "note" }, say("noSystem"))] : []),
      ...sheet(),
    );
    mark();
    show();
  }

  /** The button that begins and ends it. */
  function buildTools() {
    const begin = button(
      say(isOn ? "showAgain" : "practise"),
      () => {
        isOn = !isOn;
        buildTools();
        built = "";
        actions.toggled(isOn);
      },
      { title: say("practiseHint") },
    );
    tools.replaceChildren(...(actions.isOnly ? [] : [begin]));
  }

  return {
    /** Whether the matrices are hidden. */
    isOn: () => isOn,
    /** Everything that has words. */
    build() {
      buildTools();
      built = "";
    },
    /** @param {boolean} on */
    set(on) {
      isOn = on || actions.isOnly;
      built = "";
      buildTools();
    },
    /** @param {View} given */
    draw(given) {
      if (!isOn) return;
      view = given;
      exercise = exerciseOf(given.state, given.task, given.point, given.step);
      const worked = JSON.stringify(exercise);
      const look = JSON.stringify([worked, given.state.input_names, given.neurons, given.state.classes]);
      if (look === built) return;
      built = look;
      const of = fingerprint(worked);
      if (kept.of !== of) {
        keptOfAll.set(kept.of, kept);
        kept = keptOfAll.get(of) ?? actions.restored(of) ?? { of, texts: {}, hints: {} };
      }
      build();
      if (places.length) actions.scored(score(), kept);
    },
  };
}
