// The page: one state, what follows from it, and the loop that shows it. What is shown is update t of the problem as it stands,
// worked from its start: a change of a pattern or of the learning rate changes all updates, and the way there does not matter.

import { controlsOf } from "./controls.js";
import { curveOf } from "./curve.js";
import { evaluate, updatesPerEpoch, work } from "./descent.js";
import { withClass, withInputs, withoutPattern, withPattern, withStart, withTarget, replaced } from "./editing.js";
import { announce, button, byId, element, icon, iconButton, labelled, menu, setText } from "./elements.js";
import { costTable, figureFile, latex, markdown, problemFile, save } from "./exports.js";
import { count, figure, short, typed } from "./figures.js";
import { extend, historyOf, pointAt } from "./history.js";
import { KINDS } from "./layers.js";
import { key, matricesOf } from "./matrices.js";
import { PasteError, pastedState } from "./pasting.js";
import { meansOf, planeOf, shownClasses } from "./plane.js";
import { planeInputs, scoresOf } from "./regions.js";
import { checkedState, lastUpdate, MOST, packed, taskOf, unpacked } from "./state.js";
import { formulas } from "./sums.js";
import { LANGUAGES, say, speak, WORDS } from "./words.js";

// Milliseconds of a frame that may go into working updates.
const WORKING = 12;
// So long the last layer stays in sight while a changed problem is worked again: what flickers says nothing.
const PATIENCE = 250;
// Updates a second; from 60 on so many a frame.
const SPEEDS = [1, 4, 15, 60, 600, 6000];
const FRAMES = 60;
// Milliseconds after a change before the link follows it.
const LINK_DELAY = 400;

const presets = JSON.parse(byId("presets").textContent);
const opened = checkedState(JSON.parse(byId("opened").textContent));

let state = opened;
let task = taskOf(state);
let way = historyOf(task);
let shownPoint = way.head;
let changedAt = 0;
let playing = false;
let owed = 0;
let lastFrame = 0;
let speed = 15;
let brush = 0;
let isLogarithmic = false;
let isStale = true;
let linkTimer = 0;
let isLinked = false;
/** @type {Record<string, string>} */
let kept = {};

/** @param {State} next @typedef {import("./state.js").State} State */
function adopt(next) {
  const before = state;
  state = checkedState(next);
  const isSameWork = ["kind", "classes", "inputs", "targets", "weights", "biases", "descent"].every(
    (name) => JSON.stringify(/** @type {any} */ (before)[name]) === JSON.stringify(/** @type {any} */ (state)[name]),
  );
  if (!isSameWork) {
    task = taskOf(state);
    way = historyOf(task);
    changedAt = performance.now();
    const fits = shownPoint.W.length === state.weights.length && shownPoint.b.length === state.weights[0].length;
    if (!fits || state.updates === 0) shownPoint = way.head;
  }
  isStale = true;
  isLinked = true;
  clearTimeout(linkTimer);
  linkTimer = setTimeout(link, LINK_DELAY);
}

/** @param {(state: State) => State} change */
const change = (change) => {
  const next = change(state);
  const isNewData = next.inputs.length !== state.inputs.length || next.classes !== state.classes;
  adopt(next);
  if (isNewData) dress();
};

/** Another problem: the plane fits it, and nothing plays. @param {State} next */
function open(next) {
  playing = false;
  adopt(next);
  shownPoint = way.head;
  brush = 0;
  plane.fit(state, task);
  dress();
}

/** @param {number} updates */
function go(updates) {
  adopt({ ...state, updates: Math.min(Math.max(updates, 0), lastUpdate(state)) });
}

// ---- The link.

async function link() {
  const parts = Object.entries(kept).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const own = await packed(state);
  const address = `#${[...parts, `s=${own}`].join("&")}`;
  if (isLinked) window.history.replaceState(null, "", address);
  return address;
}

async function followLink() {
  const given = new URLSearchParams(location.hash.slice(1));
  kept = {};
  for (const name of ["hide", "lang"]) {
    const value = given.get(name);
    if (value !== null && value.length <= MOST.title) kept[name] = value;
  }
  const language = kept.lang ?? navigator.language.slice(0, 2);
  speak(language in WORDS && Object.hasOwn(WORDS, language) ? language : "en");
  document.documentElement.lang = Object.hasOwn(WORDS, language) ? language : "en";
  const hidden = (kept.hide ?? "").split(",");
  for (const section of document.querySelectorAll("[data-part]")) {
    /** @type {any} */ (section).hidden = hidden.includes(/** @type {any} */ (section).dataset.part);
  }
  const text = given.get("s");
  let fault = "";
  if (text !== null) {
    try {
      open(await unpacked(text));
      return;
    } catch (error) {
      fault = say("badLink", say(error instanceof Error ? error.message : "damaged"));
    }
  }
  build();
  open(opened);
  isLinked = false;
  clearTimeout(linkTimer);
  announce(fault);
}

// ---- The patterns.

/** @param {number} p */
const whereIs = (p) => state.inputs[p].map(short).join(", ");

const plane = planeOf(byId("figure"), () => ({ state, task }), {
  select: (p) => adopt({ ...state, selected: p }),
  move: (p, x, target) =>
    adopt(target && !state.classes ? withTarget(withInputs(state, p, x), p, target) : withInputs(state, p, x)),
  settle: (p) => announce(say("moved", p + 1, whereIs(p))),
  add: (x, target) => {
    if (state.inputs.length >= MOST.patterns) return announce(say("fullPatterns", MOST.patterns));
    change((state) => withPattern(state, x, target ?? newTarget()));
    announce(say("added", state.selected + 1, whereIs(state.selected)));
  },
  remove,
  classify: (p, label) => classify(p, label),
});

/** What a pattern that is added is. */
function newTarget() {
  if (state.classes) return Math.min(brush, state.classes.length - 1);
  const row = task.D[state.selected].slice();
  const classes = shownClasses(state, task);
  const [no, yes] = KINDS[state.kind].answers(2);
  if (classes) row[state.neuron] = brush ? yes : no;
  return row;
}

/** @param {number} p @param {number} label */
function classify(p, label) {
  if (state.classes) return adopt(withTarget(state, p, label));
  const [no, yes] = KINDS[state.kind].answers(2);
  adopt(withTarget(state, p, replaced(task.D[p], state.neuron, label ? yes : no)));
}

/** @param {number} p */
function remove(p) {
  if (state.inputs.length < 2) return announce(say("lastPattern"));
  change((state) => withoutPattern(state, p));
  announce(say("removed", p + 1, state.inputs.length));
}

/** The names of the neurons: those of the classes, of the target columns, or of the class that a single one says yes for. */
function neuronNames() {
  const K = state.weights[0].length;
  if (!state.classes) return /** @type {string[]} */ (state.target_names);
  return K === state.classes.length ? state.classes : [state.classes[1]];
}

// ---- What is built once, and again where words, classes or inputs change.

const matrices = matricesOf(byId("matrices"), byId("told"), {
  edit: ({ matrix, row, column }, value) => {
    const { W, b } = shownPoint;
    const isBias = matrix === "b0";
    const weights = isBias ? W : replaced(W, row, replaced(W[row], column, value));
    change((state) => withStart(state, weights, state.biases && (isBias ? replaced(b, column, value) : b)));
  },
  select: (p) => adopt({ ...state, selected: p }),
});
const curve = curveOf(byId("curve"), go);
/** @type {ReturnType<typeof controlsOf>} */
let controls;

/** Everything that has words. */
function build() {
  for (const each of document.querySelectorAll("[data-say]")) setText(each, say(/** @type {any} */ (each).dataset.say));
  document.title = say("title");
  setText(byId("about"), say("about", byId("about").dataset.version));
  controls = controlsOf(byId("settings"), change, () => shownPoint);
  const themes = /** @type {[string, string][]} */ ([
    ["", say("themeAuto")],
    ["light", say("themeLight")],
    ["dark", say("themeDark")],
  ]);
  const large = button(
    say("large"),
    () => {
      const on = document.documentElement.classList.toggle("large");
      large.setAttribute("aria-pressed", String(on));
      plane.measure();
      curve.measure();
      isStale = true;
    },
    { title: say("largeHint"), "aria-pressed": String(document.documentElement.classList.contains("large")) },
  );
  byId("tools").replaceChildren(
    labelled(say("problem"), problemMenu()),
    labelled(
      say("theme"),
      menu(themes, document.documentElement.dataset.theme ?? "", (value) => {
        document.documentElement.dataset.theme = value;
      }),
    ),
    labelled(
      say("language"),
      menu(Object.entries(LANGUAGES), document.documentElement.lang, (value) => {
        kept.lang = value;
        speak(value);
        document.documentElement.lang = value;
        build();
        dress();
        isStale = true;
      }),
    ),
    large,
    button(say("copyLink"), copyLink),
  );
  buildTransport();
  const text = element("textarea", {
    id: "pasted",
    rows: 5,
    spellcheck: "false",
    "aria-describedby": "paste-hint",
    placeholder: "x1\tx2\tclass\n0\t4\tA\n2\t1\tC",
  });
  byId("paste").replaceChildren(
    element("label", { for: "pasted" }, say("paste")),
    element("p", { class: "note", id: "paste-hint" }, say("pasteHint")),
    text,
    element(
      "div",
      { class: "row" },
      button(say("usePasted"), () => usePasted(text.value)),
    ),
  );
  byId("keep").replaceChildren(
    button(say("saveProblem"), () => save("problem.toml", "application/toml", problemFile(state))),
    button(say("saveMarkdown"), () => save("update.md", "text/markdown", markdown(view()))),
    button(say("saveLatex"), () => save("update.tex", "application/x-tex", latex(view()))),
    button(say("saveHistory"), () => save("costs.csv", "text/csv", costTable(way))),
    button(say("saveFigure"), () => save("figure.svg", "image/svg+xml", figureFile(byId("figure")))),
    button(say("print"), () => window.print()),
  );
}

function problemMenu() {
  const own = /** @type {[string, string][]} */ ([["", say("own")]]);
  const options = own.concat(Object.keys(presets).map((name) => [name, say(name)]));
  return menu(options, "", (name) => open(name ? checkedState(presets[name]) : opened));
}

/** @param {string} text */
function usePasted(text) {
  try {
    open(pastedState(text, state));
    announce(say("pasted", state.inputs.length, state.inputs[0].length));
  } catch (error) {
    announce(error instanceof PasteError ? error.message : say("pasteEmpty"));
  }
}

async function copyLink() {
  isLinked = true;
  const address = await link();
  try {
    await navigator.clipboard.writeText(location.href.split("#")[0] + address);
    announce(say("copied"));
  } catch {
    announce(say("notCopied"));
  }
}

/** @type {any} */
let playButton;
/** @type {any} */
let scrub;
/** @type {any} */
let reachedField;

function buildTransport() {
  const stopped = (/** @type {() => void} */ act) => () => {
    playing = false;
    act();
    sayWhereWeAre = true;
  };
  playButton = iconButton("play", say("play"), () => {
    if (!playing && state.updates >= lastUpdate(state)) go(0);
    playing = !playing;
    sayWhereWeAre = !playing;
    isStale = true;
  });
  reachedField = element("input", { type: "text", inputmode: "numeric", size: 6, autocomplete: "off" });
  reachedField.addEventListener(
    "change",
    stopped(() => {
      const value = typed(reachedField.value);
      if (Number.isInteger(value)) go(value);
    }),
  );
  scrub = element("input", { type: "range", min: 0, max: 1, step: 1, id: "scrub" });
  scrub.addEventListener(
    "input",
    stopped(() => go(Number(scrub.value))),
  );
  const speeds = /** @type {[string, string][]} */ (
    SPEEDS.map((each) => [String(each), each <= FRAMES ? say("perSecond", each) : say("perFrame", each / FRAMES)])
  );
  byId("transport").replaceChildren(
    element(
      "div",
      { class: "row" },
      iconButton(
        "reset",
        say("reset"),
        stopped(() => go(0)),
      ),
      iconButton(
        "back",
        say("back"),
        stopped(() => go(Math.min(state.updates, way.head.updates) - 1)),
      ),
      playButton,
      iconButton(
        "step",
        say("step"),
        stopped(() => go(state.updates + 1)),
      ),
      iconButton(
        "end",
        say("end"),
        stopped(() => go(lastUpdate(state))),
      ),
    ),
    scrub,
  );
  byId("pace").replaceChildren(
    labelled(say("updates"), reachedField),
    labelled(
      say("speed"),
      menu(speeds, String(speed), (value) => {
        speed = Number(value);
      }),
    ),
  );
}

let sayWhereWeAre = false;

/** What depends on the classes and the inputs. */
function dress() {
  const classes = shownClasses(state, task);
  const parts = [];
  if (classes) {
    brush = Math.min(brush, classes.names.length - 1);
    const choices = classes.names.map((name, k) => {
      const input = element("input", {
        type: "radio",
        name: "brush",
        checked: k === brush,
        change: () => {
          brush = k;
        },
      });
      return element("label", { class: "brush" }, input, key(k), name);
    });
    parts.push(element("fieldset", { class: "brushes" }, element("legend", {}, say("brush")), ...choices));
    if (state.classes && state.classes.length < MOST.neurons)
      parts.push(button(say("addClass"), () => change(withClass)));
  }
  const N = state.inputs[0].length;
  const named = /** @type {[string, string][]} */ (state.input_names.map((name, n) => [String(n), name]));
  if (N > 2) {
    const axis = (/** @type {0 | 1} */ place) =>
      menu(named, String(state.shown[place]), (value) => {
        const chosen = Number(value);
        const other = state.shown[1 - place] === chosen ? state.shown[place] : state.shown[1 - place];
        const shown = /** @type {[number, number]} */ (place ? [other, chosen] : [chosen, other]);
        adopt({ ...state, shown });
        plane.fit(state, task);
        dress();
      });
    parts.push(labelled(say("across"), axis(0)), labelled(say("upwards"), axis(1)));
  }
  const neurons = neuronNames();
  if (!state.classes && neurons.length > 1) {
    const options = /** @type {[string, string][]} */ (neurons.map((name, k) => [String(k), name]));
    parts.push(
      labelled(
        say("neuronShown"),
        menu(options, String(state.neuron), (value) => {
          adopt({ ...state, neuron: Number(value) });
          if (N === 1) plane.fit(state, task);
        }),
      ),
    );
  }
  const zoomed = (/** @type {() => void} */ act) => () => {
    act();
    isStale = true;
  };
  parts.push(
    element(
      "span",
      { class: "row zoom" },
      iconButton(
        "plus",
        say("zoomIn"),
        zoomed(() => plane.zoom(0.8)),
      ),
      iconButton(
        "minus",
        say("zoomOut"),
        zoomed(() => plane.zoom(1.25)),
      ),
      button(
        say("fit"),
        zoomed(() => plane.fit(state, task)),
      ),
    ),
  );
  byId("brushes").replaceChildren(...parts);
  setText(byId("rest"), N > 2 ? say("restAt") : "");
}

// ---- The chosen pattern, entry by entry.

let patternForm = "";

function drawPattern() {
  const p = state.selected;
  const root = byId("pattern");
  const form = JSON.stringify([state.input_names, state.classes, neuronNames(), say("remove")]);
  if (form !== patternForm) {
    patternForm = form;
    const input = (/** @type {string} */ name, /** @type {(value: number) => void} */ set) => {
      const field = element("input", { type: "text", inputmode: "decimal", size: 5, autocomplete: "off" });
      field.addEventListener("focus", () => {
        field.value = field.dataset.value;
        field.select();
      });
      field.addEventListener("change", () => {
        const value = typed(field.value);
        if (Math.abs(value) <= MOST.number) set(value);
      });
      return labelled(name, field);
    };
    const inputs = state.input_names.map((name, n) =>
      input(name, (value) =>
        adopt(withInputs(state, state.selected, replaced(state.inputs[state.selected], n, value))),
      ),
    );
    const targets = state.classes
      ? [
          labelled(
            say("desired"),
            menu(
              state.classes.map((name, k) => [String(k), name]),
              "",
              (value) => classify(state.selected, Number(value)),
            ),
          ),
        ]
      : neuronNames().map((name, k) =>
          input(`d ${name}`, (value) => {
            const row = replaced(task.D[state.selected], k, value);
            const allowed = KINDS[state.kind].predicts === null || KINDS[state.kind].answers(2).includes(value);
            if (allowed) adopt(withTarget(state, state.selected, row));
          }),
        );
    root.replaceChildren(
      element("strong", {}),
      ...inputs,
      ...targets,
      button(say("remove"), () => remove(state.selected)),
    );
  }
  setText(root.querySelector("strong"), say("pattern", p + 1));
  const values = state.classes ? [...state.inputs[p], Number(state.targets[p])] : [...state.inputs[p], ...task.D[p]];
  root.querySelectorAll("input, select").forEach((/** @type {any} */ each, /** @type {number} */ place) => {
    each.dataset.value = String(values[place]);
    const text = each.tagName === "INPUT" ? String(Number(values[place].toPrecision(5))) : each.dataset.value;
    if (each !== document.activeElement && each.value !== text) each.value = text;
  });
}

// ---- What is drawn for each frame in which something changed.

/** @returns {import("./matrices.js").View} */
const view = () => ({ state, task, point: shownPoint, step: work(task, shownPoint), neurons: neuronNames() });

/** The equations of the boundaries, in words of the figure. */
function drawBoundaries() {
  const classes = shownClasses(state, task);
  const root = byId("boundaries");
  /** @type {string[]} */
  const lines = [];
  if (classes && state.inputs[0].length > 1) {
    const inputs = planeInputs(shownPoint.W, shownPoint.b, state.shown, meansOf(state));
    const scores = scoresOf(state.classes ? inputs : [inputs[state.neuron]]);
    const names = state.shown.map((n) => state.input_names[n]);
    scores.forEach((first, a) =>
      scores.slice(a + 1).forEach((second, place) => {
        const f = first.map((value, each) => value - second[each]);
        const equation = f[0] || f[1] ? `${linearForm(f, names, state.decimals)} = 0` : say("noBoundary");
        lines.push(`${classes.names[a]} | ${classes.names[a + 1 + place]}:  ${equation}`);
      }),
    );
  }
  const items = [...root.children];
  while (items.length > lines.length) items.pop()?.remove();
  while (items.length < lines.length) items.push(root.appendChild(element("li")));
  lines.forEach((line, place) => setText(items[place], line));
}

/** a1 x1 + a2 x2 + c @param {number[]} f @param {string[]} names @param {number} decimals */
function linearForm(f, names, decimals) {
  return [...names, ""].reduce((text, name, place) => {
    const part = `${figure(Math.abs(f[place]), decimals)} ${name}`.trim();
    const sign = f[place] < 0 ? "−" : "+";
    return text ? `${text} ${sign} ${part}` : `${f[place] < 0 ? "−" : ""}${part}`;
  }, "");
}

/** @param {import("./descent.js").Step} step */
function drawStatus(step) {
  const { cost, errors } = evaluate(task, shownPoint.W, shownPoint.b);
  const last = lastUpdate(state);
  const norm = Math.hypot(...step.GW.flat(), ...step.Gb);
  const decimals = Math.max(state.decimals, 4);
  const each = updatesPerEpoch(state.descent, state.inputs.length);
  const parts = [
    [say("updates"), `${count(shownPoint.updates)} / ${count(last)}`],
    ...(each > 1 ? [[say("epochs"), count(Math.floor(shownPoint.updates / each))]] : []),
    [say("cost"), figure(cost, decimals)],
    ...(errors === null ? [] : [[say("errors"), say("errorsOf", errors, state.inputs.length)]]),
    [say("gradient"), norm > 0 && norm < 1e-3 ? norm.toExponential(2).replace("-", "−") : figure(norm, decimals)],
    [say("rate"), short(step.rate)],
  ];
  const root = byId("status");
  if (root.children.length !== parts.length) {
    root.replaceChildren(...parts.map(() => element("div", {}, element("dt"), element("dd"))));
  }
  parts.forEach(([name, value], place) => {
    setText(root.children[place].children[0], name);
    setText(root.children[place].children[1], value);
  });
  const diverged = way.diverged && shownPoint.updates === way.head.updates;
  setText(byId("warning"), diverged ? say("diverged", count(way.head.updates)) : "");
  if (diverged) playing = false;
  if (sayWhereWeAre && shownPoint.updates === Math.min(state.updates, last)) {
    sayWhereWeAre = false;
    const wrong = errors === null ? "" : say("summaryErrors", errors, state.inputs.length);
    announce(say("summary", count(shownPoint.updates), figure(cost, decimals), wrong));
  }
}

function draw() {
  const now = view();
  plane.draw(state, task, shownPoint);
  matrices.draw(now);
  curve.draw(way, shownPoint.updates, isLogarithmic);
  controls.draw(state);
  drawPattern();
  drawBoundaries();
  drawStatus(now.step);
  setText(byId("work-title"), say("workOf", count(shownPoint.updates + 1), count(now.step.epoch)));
  setText(byId("problem-title"), state.title);
  const lines = formulas(task);
  const root = byId("formulas");
  if (root.textContent !== lines.join("")) root.replaceChildren(...lines.map((line) => element("li", {}, line)));
  const last = lastUpdate(state);
  scrub.max = String(last);
  scrub.value = String(state.updates);
  scrub.setAttribute("aria-label", say("scrub", count(last)));
  if (reachedField !== document.activeElement) reachedField.value = String(shownPoint.updates);
  const sign = playing ? "pause" : "play";
  if (playButton.dataset.sign !== sign) {
    playButton.dataset.sign = sign;
    playButton.replaceChildren(icon(sign));
    for (const name of ["aria-label", "title"]) playButton.setAttribute(name, say(sign));
  }
}

/** @param {number} now */
function frame(now) {
  if (playing) {
    owed += (Math.min(now - lastFrame, 250) / 1000) * speed;
    const steps = Math.floor(owed);
    owed -= steps;
    const last = lastUpdate(state);
    if (steps > 0) {
      state = { ...state, updates: Math.min(state.updates + steps, last) };
      isStale = true;
    }
    if (state.updates >= last) {
      playing = false;
      sayWhereWeAre = true;
    }
    if (!playing) adopt(state);
  }
  lastFrame = now;
  if (isStale || shownPoint.updates !== state.updates) {
    const isThere = extend(way, state.updates, performance.now() + WORKING);
    if (isThere && way.diverged && state.updates > way.head.updates) state = { ...state, updates: way.head.updates };
    if (isThere || performance.now() - changedAt > PATIENCE) shownPoint = pointAt(way, state.updates);
    isStale = !isThere;
    draw();
  }
  requestAnimationFrame(frame);
}

new ResizeObserver(() => {
  plane.measure();
  curve.measure();
  isStale = true;
}).observe(byId("figure").parentElement);
byId("logarithmic").addEventListener("change", (/** @type {any} */ event) => {
  isLogarithmic = event.target.checked;
  isStale = true;
});
window.addEventListener("hashchange", () => void followLink());
build();
open(opened);
isLinked = false;
clearTimeout(linkTimer);
void followLink();
requestAnimationFrame(frame);
