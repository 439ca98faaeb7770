// What else is taken away: the update as a page, the Python lines that work the same, and figures as PNG.

import { figureFile, namedMatrices, problemFile } from "./exports.js";
import { figure } from "./figures.js";
import { formulasOf } from "./formulas.js";
import { mathOf } from "./mathml.js";
import { lastUpdate } from "./state.js";
import { say } from "./words.js";

// Pixels of a PNG for one of the page: sharp on paper and projectors.
const SHARPNESS = 2;
const STYLE =
  "body{font:16px/1.4 system-ui,sans-serif;margin:1rem}table{border-collapse:collapse;margin:.5rem 0 1rem}" +
  "td{padding:.1rem .5rem;text-align:right;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}li{margin:.3rem 0}";

/** @param {string} text as HTML */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The update as a page of its own. @param {import("./matrices.js").View} view */
export function updatePage(view) {
  const { state, point, step, task } = view;
  const serializer = new XMLSerializer();
  const formulas = formulasOf(task).map((line) => `<li>${serializer.serializeToString(mathOf(line))}</li>`);
  const tables = namedMatrices(view).map(
    ([name, rows]) =>
      `<table><caption>${escaped(name)}</caption>\n${rows
        .map((row) => `<tr>${row.map((value) => `<td>${figure(value, state.decimals)}</td>`).join("")}</tr>\n`)
        .join("")}</table>`,
  );
  return [
    "<!DOCTYPE html>",
    `<html lang="${document.documentElement.lang}">`,
    '<meta charset="utf-8">',
    `<title>${escaped(state.title)}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${escaped(state.title)}</h1>`,
    `<p>${escaped(say("workOf", point.updates + 1, step.epoch))}</p>`,
    `<ul>${formulas.join("\n")}</ul>`,
    ...tables,
    "</html>",
    "",
  ].join("\n");
}

/** Python that works the update in sight, and trains the layer. @param {import("./state.js").State} state */
export function pythonLines(state) {
  // Three apostrophes would end Python's text; TOML has another way to write one.
  const problem = problemFile(state).replaceAll("'''", "\\u0027\\u0027\\u0027");
  return [
    "import tomllib",
    "",
    "import deltarule",
    "",
    `problem = deltarule.problem_from(tomllib.loads(r'''`,
    `${problem}'''))`,
    `update = deltarule.iterate(problem, iteration=${Math.min(state.updates + 1, lastUpdate(state))})`,
    "print(update.synaptic_inputs, update.outputs, update.delta)",
    "print(update.weight_gradient, update.weights, update.biases)",
    "",
    "layer = deltarule.train(problem).layer",
    "print(layer.weights, layer.biases)",
    "",
  ].join("\n");
}

/**
 * A figure of the page as PNG, on the page's own paper.
 * @param {any} figureElement an svg element
 * @returns {Promise<Blob>}
 */
export async function pngOf(figureElement) {
  const { width, height } = figureElement.viewBox.baseVal;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width * SHARPNESS, height * SHARPNESS];
  const picture = new Image(canvas.width, canvas.height);
  const text = figureFile(figureElement).replace("<svg", `<svg width="${canvas.width}" height="${canvas.height}"`);
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paint.fillStyle = getComputedStyle(document.body).backgroundColor;
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("png"))), "image/png"),
  );
}
