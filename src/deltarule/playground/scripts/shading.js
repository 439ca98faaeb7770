// How sure a layer is: the probability of the class that it predicts, cell by cell, as a few paths of one class and one depth each.

import { KINDS, largest } from "./layers.js";
import { COLOURS } from "./marks.js";

// Pixels of a cell, and depths of a colour.
const CELL = 5;
const DEPTHS = 8;

/** The kinds whose outputs are probabilities. @param {import("./state.js").State} state */
export const hasProbabilities = ({ kind, classes }) => classes !== null && (kind === "softmax" || kind === "logistic");

/**
 * The paths of a shaded plane.
 * @param {string} kind
 * @param {import("./regions.js").Linear[]} inputs u of each neuron over the plane
 * @param {number} classes
 * @param {ReturnType<typeof import("./frame.js").frameOf>} frame
 */
export function shades(kind, inputs, classes, frame) {
  const { left, right, top, bottom } = frame.plot;
  const { activate } = KINDS[kind];
  /** @type {string[][]} */
  const paths = Array.from({ length: classes }, () => new Array(DEPTHS).fill(""));
  for (let y = top; y < bottom; y += CELL) {
    const height = Math.min(CELL, bottom - y).toFixed(1);
    let [begun, before] = [left, -1];
    /** @param {number} end */
    const close = (end) => {
      if (before < 0) return;
      const width = (end - begun).toFixed(1);
      const cell = `M${begun.toFixed(1)},${y.toFixed(1)}h${width}v${height}h-${width}z`;
      paths[Math.floor(before / DEPTHS)][before % DEPTHS] += cell;
    };
    for (let x = left; x < right; x += CELL) {
      const [x1, x2] = frame.fromFigure(x + CELL / 2, y + CELL / 2);
      const outputs = activate(inputs.map(([a, b, c]) => a * x1 + b * x2 + c));
      const sure = outputs.length === 1 ? [1 - outputs[0], outputs[0]] : outputs;
      const k = largest(sure);
      const share = (sure[k] - 1 / classes) / (1 - 1 / classes);
      const now = k * DEPTHS + Math.min(Math.max(Math.floor(share * DEPTHS), 0), DEPTHS - 1);
      if (now === before) continue;
      close(x);
      [begun, before] = [x, now];
    }
    close(right);
  }
  return paths.flatMap((depths, k) =>
    depths.map((d, depth) => ({
      d,
      fill: COLOURS[k],
      class: "shade",
      "fill-opacity": (0.03 + (0.6 * (depth + 0.5)) / DEPTHS).toFixed(3),
    })),
  );
}
