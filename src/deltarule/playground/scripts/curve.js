// The cost, the errors or the gradient against updates, linear or logarithmic, with a mark where the page stands. A tap goes there.

import { drawn, element, labelled, menu, setText, sized } from "./elements.js";
import { count, short, ticks } from "./figures.js";
import { say } from "./words.js";

const CURVE_SHARE = 0.34;
// What a logarithmic axis shows at least of a cost of 0, as a share of the largest.
const FLOOR = 1e-12;

/** What is shown: the word for it, and its value in what the history records. */
const SHOWN = /** @type {const} */ ({ cost: "cost", errors: "errors", gradient: "gradient" });

/**
 * @param {any} root an svg element
 * @param {any} choice where one chooses what is shown
 * @param {any} heading
 * @param {{go: (updates: number) => void, changed: () => void}} actions
 */
export function curveOf(root, choice, heading, { go, changed }) {
  /** @type {keyof typeof SHOWN} */
  let shown = "cost";
  let isLogarithmic = false;
  const CURVE = { left: 0, right: 1, top: 0, bottom: 1 };
  let em = 16;
  const axes = drawn("path", { class: "frame" });
  const texts = drawn("g", { class: "axes" });
  const line = drawn("polyline", { class: "cost" });
  const mark = drawn("line", { class: "here" });
  root.replaceChildren(axes, texts, line, mark);
  let last = 1;
  root.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const { x } = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
    const share = (x - CURVE.left) / (CURVE.right - CURVE.left);
    if (share >= -0.02 && share <= 1.02) go(Math.round(Math.min(Math.max(share, 0), 1) * last));
  });
  let drawnFor = "";
  function measure() {
    const size = sized(root, CURVE_SHARE);
    em = size.em;
    Object.assign(CURVE, { left: 4.2 * em, right: size.width - 2 * em, top: 0.6 * em, bottom: size.height - 2 * em });
    mark.setAttribute("y1", String(CURVE.top));
    mark.setAttribute("y2", String(CURVE.bottom));
    drawnFor = "";
  }
  measure();
  /** @type {any} */
  let what;
  function build() {
    const options = Object.keys(SHOWN).map((key) => /** @type {[string, string]} */ ([key, say(key)]));
    what = menu(options, shown, (value) => {
      shown = /** @type {keyof typeof SHOWN} */ (value);
      changed();
    });
    const logarithmic = element("input", { type: "checkbox", id: "logarithmic", checked: isLogarithmic });
    logarithmic.addEventListener("change", () => {
      isLogarithmic = logarithmic.checked;
      changed();
    });
    const label = element("label", { class: "field switch" }, logarithmic, element("span", {}, say("logarithmic")));
    choice.replaceChildren(labelled(say("curveShows"), what), label);
  }

  return {
    build,
    measure,
    /** @param {import("./history.js").History} way @param {number} updates */
    draw(way, updates) {
      // Where numbers are predicted, none is wrong.
      const hasErrors = way.costs[0].errors !== null;
      what.options[1].disabled = !hasErrors;
      if (shown === "errors" && !hasErrors) what.value = shown = "cost";
      const costs = way.costs.map((each) => ({ updates: each.updates, cost: each[SHOWN[shown]] ?? Number.NaN }));
      last = Math.max(way.head.updates, 1);
      const here = CURVE.left + (updates / last) * (CURVE.right - CURVE.left);
      mark.setAttribute("x1", here.toFixed(1));
      mark.setAttribute("x2", here.toFixed(1));
      const form = `${costs.length} ${last} ${costs[0].cost} ${costs[costs.length - 1].cost} ${isLogarithmic} ${shown} ${say("curveOf")}`;
      if (form === drawnFor) return;
      drawnFor = form;
      setText(heading, say("curveOf", say(shown)));
      const finite = costs.filter(({ cost }) => Number.isFinite(cost));
      const top = Math.max(...finite.map(({ cost }) => cost), 0);
      const least = Math.min(...finite.map(({ cost }) => cost), top);
      /** @param {number} cost */
      const scaled = (cost) => (isLogarithmic ? Math.log10(Math.max(cost, top * FLOOR || FLOOR)) : cost);
      const bottom = isLogarithmic ? scaled(least) : Math.min(0, least);
      const [low, high] = scaled(top) > bottom ? [bottom, scaled(top)] : [bottom - 1, bottom + 1];
      /** @param {number} x */
      const across = (x) => CURVE.left + (x / last) * (CURVE.right - CURVE.left);
      /** @param {number} value */
      const up = (value) => CURVE.bottom - ((value - low) / (high - low)) * (CURVE.bottom - CURVE.top);
      line.setAttribute(
        "points",
        finite.map((each) => `${across(each.updates).toFixed(1)},${up(scaled(each.cost)).toFixed(1)}`).join(" "),
      );
      const ys = ticks(low, high, 4);
      const xs = ticks(0, last, Math.max(2, Math.floor((CURVE.right - CURVE.left) / (6 * em)))).filter(
        Number.isInteger,
      );
      axes.setAttribute(
        "d",
        [
          `M${CURVE.left},${CURVE.top}V${CURVE.bottom}H${CURVE.right}`,
          ...ys.map((y) => `M${CURVE.left},${up(y).toFixed(1)}h-5`),
          ...xs.map((x) => `M${across(x).toFixed(1)},${CURVE.bottom}v5`),
        ].join(""),
      );
      texts.replaceChildren(
        ...ys.map((y) =>
          drawn(
            "text",
            { x: CURVE.left - 0.5 * em, y: up(y) + 0.3 * em, class: "tick up" },
            short(isLogarithmic ? 10 ** y : y),
          ),
        ),
        ...xs.map((x) => drawn("text", { x: across(x), y: CURVE.bottom + 1.3 * em, class: "tick across" }, count(x))),
      );
      const title = root.querySelector("title") ?? root.insertBefore(drawn("title"), root.firstChild);
      setText(
        title,
        say(
          "curveLabel",
          say(shown),
          short(finite[0]?.cost ?? 0),
          short(finite[finite.length - 1]?.cost ?? 0),
          count(finite[finite.length - 1]?.updates ?? 0),
        ),
      );
    },
  };
}
