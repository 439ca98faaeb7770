// A table that is pasted, from a spreadsheet or a CSV file, as a problem: inputs, and in the last column labels or numbers.

import { typed } from "./figures.js";
import { randomParameters } from "./generator.js";
import { neuronsFor } from "./layers.js";
import { checkedState, MOST } from "./state.js";
import { say } from "./words.js";

// More classes than this, all of them numbers, are numbers to be predicted.
const MOST_LABELS = 8;
// Characters of a table that is read.
const MOST_PASTED = 500000;

/** What a user should be told: its message is a sentence of the page. */
export class PasteError extends Error {}

/** The cells of a table: separated by tabs, semicolons, or commas. @param {string} text */
function cellsOf(text) {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  const separator = ["\t", ";", ","].find((each) => lines[0]?.includes(each)) ?? /\s+/;
  return lines.map((line) =>
    line
      .trim()
      .split(separator)
      .map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")),
  );
}

/**
 * @param {string} text
 * @param {import("./state.js").State} before its descent is kept
 * @returns {import("./state.js").State}
 */
export function pastedState(text, before) {
  const [head, ...rest] = cellsOf(text.slice(0, MOST_PASTED));
  const width = head?.length ?? 0;
  const isNamed = width > 1 && head.slice(0, -1).every((cell) => Number.isNaN(typed(cell)));
  const rows = isNamed ? rest : head ? [head, ...rest] : [];
  if (rows.length < 2 || width < 2) throw new PasteError(say("pasteEmpty"));
  const first = isNamed ? 2 : 1;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0) throw new PasteError(say("pasteRagged", ragged + first, rows[ragged].length, width));
  const N = width - 1;
  const inputs = rows.map((row, p) =>
    row.slice(0, N).map((cell, n) => {
      const value = typed(cell);
      if (!(Math.abs(value) <= MOST.number))
        throw new PasteError(say("pasteNumber", p + first, n + 1, cell.slice(0, MOST.name)));
      return value;
    }),
  );
  const answers = rows.map((row) => row[N].slice(0, MOST.name));
  const numbers = answers.map(typed);
  const isNumeric = numbers.every((value) => Math.abs(value) <= MOST.number);
  const labels = [...new Set(answers)].sort((a, b) => (isNumeric ? typed(a) - typed(b) : a < b ? -1 : 1));
  const hasClasses =
    !isNumeric || (labels.length <= MOST_LABELS && numbers.every(Number.isInteger) && labels.length < rows.length / 2);
  if (rows.length > MOST.patterns || N > MOST.inputs || (hasClasses && labels.length > MOST.neurons)) {
    throw new PasteError(say("pasteMany", MOST.patterns, MOST.inputs, MOST.neurons));
  }
  if (hasClasses && labels.length < 2) throw new PasteError(say("pasteOneClass"));
  const kind = hasClasses ? "softmax" : "linear";
  const { weights, biases } = randomParameters(N, hasClasses ? neuronsFor(kind, labels.length) : 1, 0);
  return checkedState({
    title: say("own"),
    kind,
    classes: hasClasses ? labels : null,
    input_names: isNamed ? head.slice(0, N) : inputs[0].map((_, n) => `x${n + 1}`),
    target_names: hasClasses ? null : [isNamed ? head[N] : "d"],
    inputs,
    targets: hasClasses ? answers.map((answer) => labels.indexOf(answer)) : numbers.map((value) => [value]),
    weights,
    biases,
    descent: {
      ...before.descent,
      learning_rate: 0.1,
      reduction: "mean",
      batch_size: null,
      epochs: Math.min(before.descent.epochs, 1000),
      schedule: {},
    },
    decimals: before.decimals,
  });
}
