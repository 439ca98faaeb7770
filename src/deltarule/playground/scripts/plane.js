// The plane: patterns by shape and colour, regions and boundaries, and how patterns are moved, added and removed by mouse, touch and
// keyboard.

import { drawn, setText, sized } from "./elements.js";
import { figure, short, ticks } from "./figures.js";
import { isWrong, KINDS, largest } from "./layers.js";
import { band, boundary, planeInputs, regions, scoresOf } from "./regions.js";
import { synapticInput } from "./descent.js";
import { say } from "./words.js";

/** @typedef {import("./state.js").State} State */

// Okabe and Ito, "Color Universal Design" (2008): told apart with every common form of colour blindness. As in `deltarule.plots`.
export const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"];
export const SHAPES = [
  "M-6.5,0a6.5,6.5 0 1,0 13,0a6.5,6.5 0 1,0 -13,0z",
  "M-6,-6h12v12h-12z",
  "M0,-7.5L7,5.5H-7z",
  "M0,-8.5L7,0L0,8.5L-7,0z",
  "M0,7.5L7,-5.5H-7z",
  "M-2.5,-7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
  "M-7,-3.5L-3.5,-7L0,-3.5L3.5,-7L7,-3.5L3.5,0L7,3.5L3.5,7L0,3.5L-3.5,7L-7,3.5L-3.5,0z",
  "M0,-8.5L2.2,-2.8L8.2,-2.6L3.5,1.2L5.1,7L0,3.6L-5.1,7L-3.5,1.2L-8.2,-2.6L-2.2,-2.8z",
];
// Of the figure, before its axes.
const SHARE = 0.78;
// Pixels of the figure by which an arrow key moves a pattern; with Shift a fifth of them.
const STRIDE = 10;
// More patterns than this have smaller marks.
const MANY = 60;
// A pointer that moves less has tapped.
const TAP = 6;

/**
 * How patterns are shown: their class if they have one, else the answer or the number of one neuron.
 * @param {State} state
 * @param {import("./descent.js").Task} task
 */
export function shownClasses(state, task) {
  if (state.classes) return { names: state.classes, of: (/** @type {number} */ p) => Number(state.targets[p]) };
  if (KINDS[state.kind].predicts === null) return null;
  const [no, yes] = KINDS[state.kind].answers(2);
  return {
    names: [short(no), short(yes)],
    of: (/** @type {number} */ p) => (task.D[p][state.neuron] > (no + yes) / 2 ? 1 : 0),
  };
}

/** The means of the inputs, where those that are not shown stand. @param {State} state */
export const meansOf = ({ inputs }) =>
  inputs[0].map((_, n) => inputs.reduce((sum, x) => sum + x[n], 0) / inputs.length);

/** @param {State} state */
const isLine = (state) => state.inputs[0].length === 1;

/**
 * Where a pattern stands in the figure's own units: its two inputs, or its input and its desired output.
 * @param {State} state @param {import("./descent.js").Task} task @param {number} p
 * @returns {[number, number]}
 */
function placeOf(state, task, p) {
  const [across, upwards] = state.shown;
  const x = state.inputs[p];
  return isLine(state) ? [x[0], task.D[p][Math.min(state.neuron, task.D[p].length - 1)]] : [x[across], x[upwards]];
}

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

/**
 * @param {any} root an svg element
 * @param {() => {state: State, task: import("./descent.js").Task}} current
 * @param {{select: (p: number) => void, move: (p: number, x: number[], target?: number[]) => void, settle: (p: number) => void,
 *   add: (x: number[], target?: number[]) => void, remove: (p: number) => void, classify: (p: number, label: number) => void}} actions
 */
export function planeOf(root, current, actions) {
  const PLOT = { left: 0, right: 1, top: 0, bottom: 1 };
  let size = { width: 1, height: 1, em: 16 };
  const opening = drawn("rect");
  const clip = drawn("clipPath", { id: "plot" }, opening);
  const ground = drawn("rect", { class: "ground" });
  const areas = drawn("g", { "clip-path": "url(#plot)" });
  const lines = drawn("g", { "clip-path": "url(#plot)" });
  const axes = drawn("g", { class: "axes", "aria-hidden": "true" });
  const marks = drawn("g", { class: "marks" });
  root.replaceChildren(drawn("defs", {}, clip), ground, areas, lines, axes, marks);

  function measure() {
    size = sized(root, SHARE);
    const { width, height, em } = size;
    Object.assign(PLOT, { left: 3.3 * em, right: width - 0.6 * em, top: 0.6 * em, bottom: height - 2.9 * em });
    for (const each of [opening, ground]) {
      const frame = { x: PLOT.left, y: PLOT.top, width: PLOT.right - PLOT.left, height: PLOT.bottom - PLOT.top };
      for (const [name, value] of Object.entries(frame)) each.setAttribute(name, String(value));
    }
  }
  measure();

  let box = { left: 0, right: 1, low: 0, high: 1 };
  /** @type {{p: number, x: number, y: number, moved: boolean} | null} */
  let held = null;
  /** @type {[number, number] | null} */
  let pressed = null;
  // Whether the chosen pattern gets the focus when it is drawn: the keyboard chose it.
  let wantsFocus = false;

  /** @param {number} x @param {number} y @returns {[number, number]} */
  const toFigure = (x, y) => [
    PLOT.left + ((x - box.left) / (box.right - box.left)) * (PLOT.right - PLOT.left),
    PLOT.bottom - ((y - box.low) / (box.high - box.low)) * (PLOT.bottom - PLOT.top),
  ];
  /** @param {number} x @param {number} y @returns {[number, number]} */
  const fromFigure = (x, y) => [
    box.left + ((x - PLOT.left) / (PLOT.right - PLOT.left)) * (box.right - box.left),
    box.low + ((PLOT.bottom - y) / (PLOT.bottom - PLOT.top)) * (box.high - box.low),
  ];
  /** @param {PointerEvent} event @returns {[number, number]} */
  const pointer = (event) => {
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
    return [Math.min(Math.max(place.x, PLOT.left), PLOT.right), Math.min(Math.max(place.y, PLOT.top), PLOT.bottom)];
  };
  /** Two decimals more than the figure resolves are of no use to anybody. @param {number} value @param {number} size */
  const rounded = (value, size) => {
    const digits = Math.max(0, 3 - Math.ceil(Math.log10(size)));
    return Number(value.toFixed(Math.min(digits, 12)));
  };

  /** The inputs (and for one input the desired output) at a place of the figure. @param {[number, number]} place @param {number[] | null} before @param {number} [p] */
  function patternAt(place, before, p) {
    const { state, task } = current();
    const [x, y] = fromFigure(...place);
    const [across, upwards] = state.shown;
    const inputs = (before ?? meansOf(state)).slice();
    inputs[across] = rounded(x, box.right - box.left);
    if (!isLine(state)) inputs[upwards] = rounded(y, box.high - box.low);
    /** @type {number[] | undefined} */
    let target;
    if (isLine(state) && !shownClasses(state, task)) {
      target = p === undefined ? new Array(state.weights[0].length).fill(0) : task.D[p].slice();
      /** @type {number[]} */ (target)[state.neuron] = rounded(y, box.high - box.low);
    }
    return { inputs, target };
  }

  ground.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (event.button === 0) pressed = [event.clientX, event.clientY];
  });
  ground.addEventListener("pointercancel", () => {
    pressed = null;
  });
  ground.addEventListener("pointerup", (/** @type {PointerEvent} */ event) => {
    const tapped = pressed !== null && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) < TAP;
    pressed = null;
    if (!tapped) return;
    const { inputs, target } = patternAt(pointer(event), null);
    actions.add(inputs, target);
  });

  marks.addEventListener("pointerdown", (/** @type {any} */ event) => {
    const mark = event.target.closest("[data-p]");
    if (!mark || event.button !== 0) return;
    held = { p: Number(mark.dataset.p), x: event.clientX, y: event.clientY, moved: false };
    mark.setPointerCapture(event.pointerId);
    event.preventDefault();
    mark.focus({ preventScroll: true });
    actions.select(held.p);
  });
  marks.addEventListener("pointermove", (/** @type {any} */ event) => {
    if (!held) return;
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < TAP / 2) return;
    held.moved = true;
    const { inputs, target } = patternAt(pointer(event), current().state.inputs[held.p], held.p);
    actions.move(held.p, inputs, target);
  });
  const release = () => {
    if (held?.moved) actions.settle(held.p);
    held = null;
  };
  marks.addEventListener("pointerup", release);
  marks.addEventListener("pointercancel", release);
  marks.addEventListener("focusin", (/** @type {any} */ event) => {
    const mark = event.target.closest("[data-p]");
    if (mark && Number(mark.dataset.p) !== current().state.selected) actions.select(Number(mark.dataset.p));
  });
  marks.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { state, task } = current();
    const p = state.selected;
    const last = state.inputs.length - 1;
    const stride = event.shiftKey ? STRIDE / 5 : STRIDE;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-stride, 0], ArrowRight: [stride, 0], ArrowUp: [0, -stride], ArrowDown: [0, stride] };
    /** @type {Record<string, number>} */
    const chosen = { PageUp: Math.max(0, p - 1), PageDown: Math.min(last, p + 1), Home: 0, End: last };
    const label = Number(event.key);
    const classes = shownClasses(state, task);
    if (event.key in arrows) {
      const [x, y] = toFigure(...placeOf(state, task, p));
      const { inputs, target } = patternAt([x + arrows[event.key][0], y + arrows[event.key][1]], state.inputs[p], p);
      actions.move(p, inputs, target);
      actions.settle(p);
    } else if (event.key in chosen) actions.select(chosen[event.key]);
    else if (event.key === "Delete" || event.key === "Backspace") actions.remove(p);
    else if (event.key === "Insert") actions.add(...addedBeside(state, task, p));
    else if (classes && label >= 1 && label <= classes.names.length) actions.classify(p, label - 1);
    else return;
    event.preventDefault();
    wantsFocus = true;
  });

  /** A new pattern beside another. @param {State} state @param {any} task @param {number} p @returns {[number[], number[] | undefined]} */
  function addedBeside(state, task, p) {
    const [x, y] = toFigure(...placeOf(state, task, p));
    const right = x + 3 * STRIDE < PLOT.right ? x + 3 * STRIDE : x - 3 * STRIDE;
    const { inputs, target } = patternAt([right, y], state.inputs[p]);
    return [inputs, target];
  }

  /** @param {[number, number][]} corners */
  const polygon = (corners) =>
    corners
      .map(([x, y]) =>
        toFigure(x, y)
          .map((each) => each.toFixed(2))
          .join(","),
      )
      .join(" ");

  /** Keep as many children as are drawn, and set their attributes. @param {any} group @param {string} tag @param {{text?: string, [name: string]: any}[]} wanted */
  function draw(group, tag, wanted) {
    const found = [...group.querySelectorAll(`:scope > ${tag}`)];
    wanted.forEach(({ text, ...attributes }, place) => {
      const each = found[place] ?? group.appendChild(drawn(tag));
      for (const [name, value] of Object.entries(attributes)) each.setAttribute(name, String(value));
      if (text !== undefined) setText(each, text);
    });
    found.slice(wanted.length).forEach((each) => each.remove());
  }

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
    return toFigure(x / (3 * area), y / (3 * area));
  }

  /** @param {State} state @param {any} task @param {any} point */
  function drawLayer(state, task, point) {
    const classes = shownClasses(state, task);
    const means = meansOf(state);
    const inputs = planeInputs(point.W, point.b, isLine(state) ? [0, 0] : state.shown, means);
    if (classes) {
      const scores = scoresOf(state.classes ? inputs : [inputs[state.neuron]]);
      const found = regions(scores, box);
      draw(
        areas,
        "polygon",
        found.map((corners, k) => ({ points: polygon(corners), fill: COLOURS[k], class: "region" })),
      );
      draw(
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
          const piece = boundary(scores, first, second, box);
          if (piece === null) continue;
          const [[x1, y1], [x2, y2]] = [toFigure(...piece[0]), toFigure(...piece[1])];
          ends.push({ x1, y1, x2, y2, class: "boundary" });
        }
      }
      draw(lines, "line", ends);
      draw(lines, "text", []);
    } else if (isLine(state)) {
      draw(areas, "polygon", []);
      draw(areas, "text", []);
      draw(lines, "line", []);
      draw(lines, "text", []);
    } else drawLevels(state, inputs[Math.min(state.neuron, inputs.length - 1)]);
    drawCurves(state, point);
  }

  /** Bands between round values of one neuron's output, which are lines, since the output rises with u. @param {State} state @param {[number, number, number]} u */
  function drawLevels(state, u) {
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
    const levels = high > low ? ticks(low, high, 8).filter((y) => y > low && y < high) : [];
    const edges = [least - 1, ...levels.map((y) => (inverse[state.kind] ?? Number)(y)), most + 1];
    const bands = edges.slice(1).map((to, place) => band(u, edges[place], to, box));
    draw(
      areas,
      "polygon",
      bands.map((corners, place) => ({
        points: polygon(corners),
        fill: COLOURS[0],
        class: "level",
        "fill-opacity": (0.04 + (0.5 * (place + 0.5)) / bands.length).toFixed(3),
      })),
    );
    draw(areas, "text", []);
    const ends = levels.map((y) =>
      boundary(
        [
          [u[0], u[1], u[2] - (inverse[state.kind] ?? Number)(y)],
          [0, 0, 0],
        ],
        0,
        1,
        box,
      ),
    );
    draw(
      lines,
      "line",
      ends.flatMap((piece) => {
        if (!piece) return [];
        const [[x1, y1], [x2, y2]] = [toFigure(...piece[0]), toFigure(...piece[1])];
        return [{ x1, y1, x2, y2, class: "contour" }];
      }),
    );
    draw(
      lines,
      "text",
      ends.flatMap((piece, place) => {
        if (!piece) return [];
        const [x, y] = toFigure((piece[0][0] + piece[1][0]) / 2, (piece[0][1] + piece[1][1]) / 2);
        return [{ x, y, class: "value", text: short(levels[place]) }];
      }),
    );
  }

  /** For one input the outputs of all neurons. @param {State} state @param {any} point */
  function drawCurves(state, point) {
    if (!isLine(state)) return draw(lines, "polyline", []);
    const xs = Array.from({ length: 121 }, (_, place) => box.left + (place / 120) * (box.right - box.left));
    const outputs = xs.map((x) => KINDS[state.kind].activate(synapticInput([x], point.W, point.b)));
    draw(
      lines,
      "polyline",
      point.b.map((/** @type {number} */ _, /** @type {number} */ k) => ({
        points: xs
          .map((x, place) =>
            toFigure(x, outputs[place][k])
              .map((each) => Math.max(-9999, Math.min(9999, each)).toFixed(2))
              .join(","),
          )
          .join(" "),
        class: "curve",
        stroke: state.classes && point.b.length > 1 ? COLOURS[k] : "currentColor",
      })),
    );
  }

  /** @param {State} state */
  function drawAxes(state) {
    const xs = ticks(box.left, box.right, Math.max(2, Math.floor((PLOT.right - PLOT.left) / (3.6 * size.em))));
    const ys = ticks(box.low, box.high, Math.max(2, Math.floor((PLOT.bottom - PLOT.top) / (2.2 * size.em))));
    const [across, upwards] = state.shown;
    const { em } = size;
    draw(axes, "path", [
      {
        d: [
          `M${PLOT.left},${PLOT.top}V${PLOT.bottom}H${PLOT.right}`,
          ...xs.map((x) => `M${toFigure(x, 0)[0].toFixed(1)},${PLOT.bottom}v5`),
          ...ys.map((y) => `M${PLOT.left},${toFigure(0, y)[1].toFixed(1)}h-5`),
        ].join(""),
      },
    ]);
    const vertical = isLine(state) ? "d, y" : state.input_names[upwards];
    draw(axes, "text", [
      ...xs.map((x) => ({
        x: toFigure(x, 0)[0],
        y: PLOT.bottom + 1.2 * em,
        class: "tick across",
        transform: "",
        text: short(x),
      })),
      ...ys.map((y) => ({
        x: PLOT.left - 0.5 * em,
        y: toFigure(0, y)[1] + 0.3 * em,
        class: "tick up",
        transform: "",
        text: short(y),
      })),
      {
        x: (PLOT.left + PLOT.right) / 2,
        y: size.height - 0.5 * em,
        class: "axis",
        transform: "",
        text: state.input_names[across],
      },
      {
        x: 0,
        y: 0,
        class: "axis",
        transform: `translate(${0.85 * em} ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)`,
        text: vertical,
      },
    ]);
  }

  /**
   * A mark for each pattern. Thousands are drawn in each frame, so what stays as it was is left alone.
   * @type {{root: any, shape: any, values: Record<string, string>}[]}
   */
  const drawnMarks = [];

  /** @param {typeof drawnMarks[0]} mark @param {any} target @param {string} name @param {string} value */
  function set(mark, target, name, value) {
    if (mark.values[name] === value) return;
    mark.values[name] = value;
    target.setAttribute(name, value);
  }

  /** @param {number} p */
  function newMark(p) {
    const shape = drawn("path");
    const root = drawn(
      "g",
      { "data-p": p, role: "button" },
      drawn("circle", { class: "reach", r: 20 }),
      drawn("circle", { class: "ring", r: 12.5 }),
      shape,
      drawn("path", { class: "wrong", d: "M5,-12l7,7m0,-7l-7,7" }),
    );
    shape.setAttribute("class", "shape");
    return { root, shape, values: {} };
  }

  /** @param {State} state @param {any} task @param {any} point */
  function drawPatterns(state, task, point) {
    const classes = shownClasses(state, task);
    for (const mark of drawnMarks.splice(state.inputs.length)) mark.root.remove();
    while (drawnMarks.length < state.inputs.length) {
      const mark = newMark(drawnMarks.length);
      drawnMarks.push(mark);
      marks.append(mark.root);
    }
    const numbers = classes ? [] : task.D.map((/** @type {number[]} */ d) => d[Math.min(state.neuron, d.length - 1)]);
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    const scale = (size.em / 16) * (state.inputs.length > MANY ? 0.75 : 1);
    state.inputs.forEach((x, p) => {
      const mark = drawnMarks[p];
      const isChosen = p === state.selected;
      const [left, top] = toFigure(...placeOf(state, task, p));
      const label = classes?.of(p) ?? 0;
      const share = most > least ? (numbers[p] - least) / (most - least) : 0.5;
      const u = synapticInput(x, point.W, point.b);
      const wrong = isWrong(state.kind, task.hasClasses, u, task.D[p]) === true;
      set(mark, mark.root, "transform", `translate(${left.toFixed(2)} ${top.toFixed(2)}) scale(${scale.toFixed(3)})`);
      set(mark, mark.root, "tabindex", isChosen ? "0" : "-1");
      set(mark, mark.root, "class", `mark${isChosen ? " chosen" : ""}${wrong ? " is-wrong" : ""}`);
      set(mark, mark.shape, "d", SHAPES[label]);
      set(
        mark,
        mark.shape,
        "fill",
        classes ? COLOURS[label] : `color-mix(in srgb, ${COLOURS[0]} ${Math.round(100 * share)}%, white)`,
      );
      if (isChosen || !mark.values["aria-label"]) set(mark, mark.root, "aria-label", labelOf(state, task, p, wrong, u));
    });
  }

  /** @param {State} state @param {any} task @param {number} p @param {boolean} wrong @param {number[]} u */
  function labelOf(state, task, p, wrong, u) {
    const inputs = state.inputs[p].map((value, n) => `${state.input_names[n]} = ${short(value)}`).join(", ");
    const predictedName = state.classes ? state.classes[u.length === 1 ? (u[0] > 0 ? 1 : 0) : largest(u)] : "";
    const desired = state.classes
      ? say("classIs", state.classes[Number(state.targets[p])])
      : say("desiredIs", task.D[p].map((/** @type {number} */ d) => figure(d, state.decimals)).join(", "));
    if (!state.classes || KINDS[state.kind].predicts === null) return say("pointLabel", p + 1, inputs, desired);
    return `${say("pointLabel", p + 1, inputs, desired)}; ${wrong ? say("predictedWrong", predictedName) : say("predictedRight")}`;
  }

  return {
    /** @param {State} state @param {any} task @param {any} point the layer that is shown */
    draw(state, task, point) {
      drawLayer(state, task, point);
      drawAxes(state);
      drawPatterns(state, task, point);
      if (wantsFocus) /** @type {any} */ (drawnMarks[state.selected].root).focus();
      wantsFocus = false;
    },
    /** @param {State} state @param {any} task */
    fit(state, task) {
      box = boxOf(state, task);
    },
    measure,
    /** @param {number} factor */
    zoom(factor) {
      const [x, y] = [(box.left + box.right) / 2, (box.low + box.high) / 2];
      const [width, height] = [(box.right - box.left) * factor, (box.high - box.low) * factor];
      if (!(width > 1e-9 && height > 1e-9 && width < 1e9 && height < 1e9)) return;
      box = { left: x - width / 2, right: x + width / 2, low: y - height / 2, high: y + height / 2 };
    },
  };
}
