// What a layer says of the plane: regions and boundaries of classes, lines of equal output, and for one input curves.

import { synapticInput } from "./descent.js";
import { drawAll, drawn } from "./elements.js";
import { short, ticks } from "./figures.js";
import { KINDS } from "./layers.js";
import { COLOURS } from "./marks.js";
import { band, boundary, planeInputs, regions, scoresOf } from "./regions.js";
import { hasProbabilities, shades } from "./shading.js";
import { isLine, meansOf, shownClasses } from "./shown.js";

/** @typedef {import("./state.js").State} State */

// Pieces of a curve, and round values of an output.
const PIECES = 120;
const LEVELS = 8;

/**
 * @param {any} areas the group of what lies below
 * @param {any} lines the group of what lies above it
 * @param {ReturnType<typeof import("./frame.js").frameOf>} frame
 */
export function landscapeOf(areas, lines, frame) {
  // Below the names of the classes.
  const shade = drawn("g");
  areas.append(shade);

  /** @param {[number, number][]} corners */
  const polygon = (corners) =>
    corners
      .map(([x, y]) =>
        frame
          .toFigure(x, y)
          .map((each) => each.toFixed(2))
          .join(","),
      )
      .join(" ");

  /** The middle of the largest circle in sight would be best; the centre of area is near enough. @param {[number, number][]} corners */
  function centre(corners) {
    let [area, x, y] = [0, 0, 0];
    corners.forEach(([x1, y1], place) => {
      const [x2, y2] = corners[(place + 1) % corners.length];
      const cross = x1 * y2 - x2 * y1;
      area += cross;
      x += (x1 + x2) * cross;
      y += (y1 + y2) * cross;
    });
    return frame.toFigure(x / (3 * area), y / (3 * area));
  }

  /** @param {State} state @param {any} task @param {any} point */
  function draw(state, task, point) {
    const classes = shownClasses(state, task);
    const means = meansOf(state);
    const inputs = planeInputs(point.W, point.b, isLine(state) ? [0, 0] : state.shown, means);
    if (classes) {
      const scores = scoresOf(state.classes ? inputs : [inputs[state.neuron]]);
      const found = regions(scores, frame.box());
      const isShaded = state.shaded && hasProbabilities(state) && !isLine(state);
      drawAll(shade, "path", isShaded ? shades(state.kind, inputs, classes.names.length, frame) : []);
      drawAll(
        areas,
        "polygon",
        found.map((corners, k) => ({
          points: polygon(corners),
          fill: isShaded ? "none" : COLOURS[k],
          class: "region",
        })),
      );
      drawAll(
        areas,
        "text",
        found.flatMap((corners, k) => {
          if (!corners.length) return [];
          const [x, y] = centre(corners);
          return [{ x, y, class: "name", text: classes.names[k] }];
        }),
      );
      /** @type {any[]} */
      const ends = [];
      for (let first = 0; first < scores.length; first++) {
        for (let second = first + 1; second < scores.length; second++) {
          const piece = boundary(scores, first, second, frame.box());
          if (piece === null) continue;
          const [[x1, y1], [x2, y2]] = [frame.toFigure(...piece[0]), frame.toFigure(...piece[1])];
          ends.push({ x1, y1, x2, y2, class: "boundary" });
        }
      }
      drawAll(lines, "line", ends);
      drawAll(lines, "text", []);
    } else if (isLine(state)) {
      drawAll(shade, "path", []);
      drawAll(areas, "polygon", []);
      drawAll(areas, "text", []);
      drawAll(lines, "line", []);
      drawAll(lines, "text", []);
    } else drawLevels(state, inputs[Math.min(state.neuron, inputs.length - 1)]);
    drawCurves(state, point);
  }

  /** Bands between round values of one neuron's output, which are lines, since the output rises with u. @param {State} state @param {[number, number, number]} u */
  function drawLevels(state, u) {
    const box = frame.box();
    drawAll(shade, "path", []);
    const corners = [
      [box.left, box.low],
      [box.right, box.low],
      [box.right, box.high],
      [box.left, box.high],
    ];
    const values = corners.map(([x, y]) => u[0] * x + u[1] * y + u[2]);
    const { activate } = KINDS[state.kind];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const [low, high] = [activate([least])[0], activate([most])[0]];
    /** @type {Record<string, (y: number) => number>} */
    const inverse = { sigmoid: (y) => Math.log(y / (1 - y)), tanh: Math.atanh };
    const levels = high > low ? ticks(low, high, LEVELS).filter((y) => y > low && y < high) : [];
    const edges = [least - 1, ...levels.map((y) => (inverse[state.kind] ?? Number)(y)), most + 1];
    const bands = edges.slice(1).map((to, place) => band(u, edges[place], to, frame.box()));
    drawAll(
      areas,
      "polygon",
      bands.map((corners, place) => ({
        points: polygon(corners),
        fill: COLOURS[0],
        class: "level",
        "fill-opacity": (0.04 + (0.5 * (place + 0.5)) / bands.length).toFixed(3),
      })),
    );
    drawAll(areas, "text", []);
    const ends = levels.map((y) =>
      boundary(
        [
          [u[0], u[1], u[2] - (inverse[state.kind] ?? Number)(y)],
          [0, 0, 0],
        ],
        0,
        1,
        frame.box(),
      ),
    );
    drawAll(
      lines,
      "line",
      ends.flatMap((piece) => {
        if (!piece) return [];
        const [[x1, y1], [x2, y2]] = [frame.toFigure(...piece[0]), frame.toFigure(...piece[1])];
        return [{ x1, y1, x2, y2, class: "contour" }];
      }),
    );
    drawAll(
      lines,
      "text",
      ends.flatMap((piece, place) => {
        if (!piece) return [];
        const [x, y] = frame.toFigure((piece[0][0] + piece[1][0]) / 2, (piece[0][1] + piece[1][1]) / 2);
        return [{ x, y, class: "value", text: short(levels[place]) }];
      }),
    );
  }

  /** For one input the outputs of all neurons. @param {State} state @param {any} point */
  function drawCurves(state, point) {
    if (!isLine(state)) return drawAll(lines, "polyline", []);
    const box = frame.box();
    const xs = Array.from({ length: PIECES + 1 }, (_, place) => box.left + (place / PIECES) * (box.right - box.left));
    const outputs = xs.map((x) => KINDS[state.kind].activate(synapticInput([x], point.W, point.b)));
    drawAll(
      lines,
      "polyline",
      point.b.map((/** @type {number} */ _, /** @type {number} */ k) => ({
        points: xs
          .map((x, place) =>
            frame
              .toFigure(x, outputs[place][k])
              .map((each) => each.toFixed(2))
              .join(","),
          )
          .join(" "),
        class: "curve",
        stroke: state.classes && point.b.length > 1 ? COLOURS[k] : "currentColor",
      })),
    );
  }

  return { draw };
}
