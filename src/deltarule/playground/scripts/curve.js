// The cost against updates, linear or logarithmic, with a mark where the page stands. A tap goes there.

import { drawn, setText } from "./elements.js";
import { count, short, ticks } from "./figures.js";
import { say } from "./words.js";

const CURVE_WIDTH = 640;
const CURVE_HEIGHT = 220;
const CURVE = { left: 62, right: CURVE_WIDTH - 30, top: 10, bottom: CURVE_HEIGHT - 34 };
// What a logarithmic axis shows at least of a cost of 0, as a share of the largest.
const FLOOR = 1e-12;

/** @param {any} root an svg element @param {(updates: number) => void} go */
export function curveOf(root, go) {
  root.setAttribute("viewBox", `0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}`);
  const axes = drawn("path", { class: "frame" });
  const texts = drawn("g", { class: "axes" });
  const line = drawn("polyline", { class: "cost" });
  const mark = drawn("line", { class: "here", y1: CURVE.top, y2: CURVE.bottom });
  root.replaceChildren(axes, texts, line, mark);
  let last = 1;
  root.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
    const share = (x - CURVE.left) / (CURVE.right - CURVE.left);
    if (share >= -0.02 && share <= 1.02) go(Math.round(Math.min(Math.max(share, 0), 1) * last));
  });
  let drawnFor = "";
  return {
    /** @param {import("./history.js").History} way @param {number} updates @param {boolean} isLogarithmic */
    draw(way, updates, isLogarithmic) {
      const { costs } = way;
      last = Math.max(way.head.updates, 1);
      const here = CURVE.left + (updates / last) * (CURVE.right - CURVE.left);
      mark.setAttribute("x1", here.toFixed(1));
      mark.setAttribute("x2", here.toFixed(1));
      const form = `${costs.length} ${last} ${costs[0].cost} ${costs[costs.length - 1].cost} ${isLogarithmic} ${say("curve")}`;
      if (form === drawnFor) return;
      drawnFor = form;
      const finite = costs.filter(({ cost }) => Number.isFinite(cost));
      const top = Math.max(...finite.map(({ cost }) => cost), 0);
      const least = Math.min(...finite.map(({ cost }) => cost));
      /** @param {number} cost */
      const scaled = (cost) => (isLogarithmic ? Math.log10(Math.max(cost, top * FLOOR || FLOOR)) : cost);
      const bottom = isLogarithmic ? scaled(least) : Math.min(0, least);
      const [low, high] = scaled(top) > bottom ? [bottom, scaled(top)] : [bottom - 1, bottom + 1];
      /** @param {number} x */
      const across = (x) => CURVE.left + (x / last) * (CURVE.right - CURVE.left);
      /** @param {number} value */
      const up = (value) => CURVE.bottom - ((value - low) / (high - low)) * (CURVE.bottom - CURVE.top);
      line.setAttribute("points", finite.map((each) => `${across(each.updates).toFixed(1)},${up(scaled(each.cost)).toFixed(1)}`).join(" "));
      const ys = ticks(low, high, 4);
      const xs = ticks(0, last, 5).filter(Number.isInteger);
      axes.setAttribute("d", [
        `M${CURVE.left},${CURVE.top}V${CURVE.bottom}H${CURVE.right}`,
        ...ys.map((y) => `M${CURVE.left},${up(y).toFixed(1)}h-5`),
        ...xs.map((x) => `M${across(x).toFixed(1)},${CURVE.bottom}v5`),
      ].join(""));
      texts.replaceChildren(
        ...ys.map((y) => drawn("text", { x: CURVE.left - 9, y: up(y) + 5, class: "tick up" }, short(isLogarithmic ? 10 ** y : y))),
        ...xs.map((x) => drawn("text", { x: across(x), y: CURVE.bottom + 20, class: "tick across" }, count(x))),
      );
      const title = root.querySelector("title") ?? root.insertBefore(drawn("title"), root.firstChild);
      setText(title, say("curveLabel", short(costs[0].cost), short(costs[costs.length - 1].cost), count(way.head.updates)));
    },
  };
}
