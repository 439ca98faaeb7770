// The plane's frame: how big it is, which part of the plane it shows, and its axes.

import { drawAll, sized } from "./elements.js";
import { short, ticks } from "./figures.js";
import { isLine, placeOf } from "./shown.js";

/** @typedef {import("./state.js").State} State */

// The height of the figure as a share of its width.
const SHARE = 0.78;
// Letters that a tick has room for, across and upwards.
const ACROSS = 3.6;
const UPWARDS = 2.2;
// Pixels beyond which nothing is in sight.
const FAR = 1e5;

/** A box round all patterns. @param {State} state @param {import("./descent.js").Task} task */
function boxOf(state, task) {
  const places = state.inputs.map((_, p) => placeOf(state, task, p));
  /** @param {number} axis */
  const range = (axis) => {
    const values = places.map((place) => place[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const margin = 0.12 * (high - low) || Math.max(1, Math.abs(low));
    return [low - margin, high + margin];
  };
  const [[left, right], [low, high]] = [range(0), range(1)];
  return { left, right, low, high };
}

/** @param {number} value */
const drawable = (value) => (Number.isFinite(value) ? Math.min(Math.max(value, -FAR), FAR) : 0);

/**
 * @param {any} root an svg element
 * @param {any[]} grounds rectangles that are as large as the plane
 * @param {any} axes the group of the axes
 */
export function frameOf(root, grounds, axes) {
  const plot = { left: 0, right: 1, top: 0, bottom: 1 };
  let size = { width: 1, height: 1, em: 16 };
  let box = { left: 0, right: 1, low: 0, high: 1 };

  function measure() {
    size = sized(root, SHARE);
    const { width, height, em } = size;
    Object.assign(plot, { left: 3.3 * em, right: width - 0.6 * em, top: 0.6 * em, bottom: height - 2.9 * em });
    const sides = { x: plot.left, y: plot.top, width: plot.right - plot.left, height: plot.bottom - plot.top };
    for (const each of grounds) {
      for (const [name, value] of Object.entries(sides)) each.setAttribute(name, String(value));
    }
  }
  measure();

  /** @param {number} x @param {number} y @returns {[number, number]} */
  const toFigure = (x, y) => [
    drawable(plot.left + ((x - box.left) / (box.right - box.left)) * (plot.right - plot.left)),
    drawable(plot.bottom - ((y - box.low) / (box.high - box.low)) * (plot.bottom - plot.top)),
  ];

  return {
    plot,
    measure,
    toFigure,
    /** The size of a letter. */
    em: () => size.em,
    box: () => box,
    /** @param {number} x @param {number} y @returns {[number, number]} */
    fromFigure: (x, y) => [
      box.left + ((x - plot.left) / (plot.right - plot.left)) * (box.right - box.left),
      box.low + ((plot.bottom - y) / (plot.bottom - plot.top)) * (box.high - box.low),
    ],
    /** Where a pointer is, inside the plane. @param {PointerEvent} event @returns {[number, number]} */
    pointer(event) {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
      return [Math.min(Math.max(place.x, plot.left), plot.right), Math.min(Math.max(place.y, plot.top), plot.bottom)];
    },
    /** @param {State} state @param {import("./descent.js").Task} task */
    fit(state, task) {
      box = boxOf(state, task);
    },
    /** @param {number} factor by which the sides of the part in sight grow */
    zoom(factor) {
      const [x, y] = [(box.left + box.right) / 2, (box.low + box.high) / 2];
      const [width, height] = [(box.right - box.left) * factor, (box.high - box.low) * factor];
      const next = { left: x - width / 2, right: x + width / 2, low: y - height / 2, high: y + height / 2 };
      if (Number.isFinite(width) && next.left < next.right && next.low < next.high) box = next;
    },
    /** @param {State} state */
    drawAxes(state) {
      const { em, height } = size;
      const { left, right, top, bottom } = plot;
      const xs = ticks(box.left, box.right, Math.max(2, Math.floor((right - left) / (ACROSS * em))));
      const ys = ticks(box.low, box.high, Math.max(2, Math.floor((bottom - top) / (UPWARDS * em))));
      const [across, upwards] = state.shown;
      const marks = [
        `M${left},${top}V${bottom}H${right}`,
        ...xs.map((x) => `M${toFigure(x, 0)[0].toFixed(1)},${bottom}v5`),
        ...ys.map((y) => `M${left},${toFigure(0, y)[1].toFixed(1)}h-5`),
      ];
      /** @param {string} kind @param {string} text @param {number} x @param {number} y @param {string} [transform] */
      const text = (kind, text, x, y, transform = "") => ({ x, y, class: kind, transform, text });
      const vertical = isLine(state) ? "d, y" : state.input_names[upwards];
      const turned = `translate(${0.85 * em} ${(top + bottom) / 2}) rotate(-90)`;
      drawAll(axes, "path", [{ d: marks.join("") }]);
      drawAll(axes, "text", [
        ...xs.map((x) => text("tick across", short(x), toFigure(x, 0)[0], bottom + 1.2 * em)),
        ...ys.map((y) => text("tick up", short(y), left - 0.5 * em, toFigure(0, y)[1] + 0.3 * em)),
        text("axis", state.input_names[across], (left + right) / 2, height - 0.5 * em),
        text("axis", vertical, 0, 0, turned),
      ]);
    },
  };
}
