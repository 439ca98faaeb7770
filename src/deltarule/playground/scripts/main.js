// The page: one state, what follows from it, and the loop that shows it. What is shown is update t of the problem as it stands,
// worked from its start: a change of a pattern or of the learning rate changes all updates, and the way there does not matter.

import { addressOf, readAddress } from "./address.js";
import { controlsOf } from "./controls.js";
import { curveOf } from "./curve.js";
import { work } from "./descent.js";
import { replaced, withInputs, withoutPattern, withPattern, withStart, withTarget } from "./editing.js";
import { announce, button, byId, element, labelled, menu, setText } from "./elements.js";
import { costTable, figureFile, latex, markdown, problemFile, save } from "./exports.js";
import { count, short } from "./figures.js";
import { formulasOf } from "./formulas.js";
import { extend, historyOf, pointAt } from "./history.js";
import { hosted, isHosted, tellHeight } from "./hosted.js";
import { KINDS } from "./layers.js";
import { lookingOf } from "./looking.js";
import { mathOf } from "./mathml.js";
import { matricesOf } from "./matrices.js";
import { PasteError, pastedState } from "./pasting.js";
import { FileError, openedState } from "./opening.js";
import { patternOf } from "./pattern.js";
import { planeOf } from "./plane.js";
import { shownClasses } from "./shown.js";
import { checkedState, lastUpdate, MOST, neuronNames, taskOf } from "./state.js";
import { drawBoundaries, drawStatus } from "./status.js";
import { transportOf } from "./transport.js";
import { LANGUAGES, say, speak } from "./words.js";

// Milliseconds of a frame that may go into working updates.
const WORKING = 12;
// So long the last layer stays in sight while a changed problem is worked again: what flickers says nothing.
const PATIENCE = 250;
// Milliseconds after a change before the address follows it.
const ADDRESS_DELAY = 400;

/** @typedef {import("./state.js").State} State */

const presets = JSON.parse(byId("presets").textContent);
const opened = checkedState(JSON.parse(byId("opened").textContent));

let state = opened;
let task = taskOf(state);
let way = historyOf(task);
// The layer in sight.
let shownPoint = way.head;
// When the problem was changed last.
let changedAt = 0;
let isLogarithmic = false;
let isStale = true;
// Whether a sentence should say where the descent stands, once it is there.
let isToBeTold = false;
let addressTimer = 0;
let formulasShown = "";
/** @type {import("./address.js").Kept} */
let kept = { hide: [], lang: null };

const current = () => ({ state, task });

/** What the work depends on. @param {State} state */
const workOf = ({ kind, classes, inputs, targets, weights, biases, descent }) =>
  JSON.stringify([kind, classes, inputs, targets, weights, biases, descent]);

/** @param {State} next */
function adopt(next) {
  const before = workOf(state);
  state = checkedState(next);
  if (workOf(state) !== before) {
    task = taskOf(state);
    way = historyOf(task);
    changedAt = performance.now();
    const fits = shownPoint.W.length === state.weights.length && shownPoint.b.length === state.weights[0].length;
    if (!fits || state.updates === 0) shownPoint = way.head;
  }
  isStale = true;
  clearTimeout(addressTimer);
  addressTimer = setTimeout(writeAddress, ADDRESS_DELAY);
}

/** @param {(state: State) => State} make */
function change(make) {
  const next = make(state);
  const isDressedAnew = next.classes !== state.classes || next.kind !== state.kind;
  adopt(next);
  if (isDressedAnew) looking.build();
}

/** Another problem: the plane fits it, and nothing plays. @param {State} next */
function open(next) {
  transport.stop();
  adopt(next);
  shownPoint = way.head;
  plane.fit(state, task);
  looking.build();
}

/** @param {number} updates */
function go(updates) {
  adopt({ ...state, updates: Math.min(Math.max(updates, 0), lastUpdate(state)) });
}

/** What a host says, as a notebook. @param {any} given */
function hear(given) {
  const next = checkedState(given);
  const isOther = workOf(next) !== workOf(state) || next.classes?.join() !== state.classes?.join();
  if (isOther && next.updates === 0) open(next);
  else adopt(next);
  if (isOther) looking.build();
}

const tellHost = hosted(hear);

async function writeAddress() {
  // What a host has written has no address.
  if (isHosted) return;
  const address = await addressOf(kept, state);
  window.history.replaceState(null, "", address);
}

/** @param {string} language */
function speakAndBuild(language) {
  document.documentElement.lang = speak(language);
  build();
}

async function followAddress() {
  const found = await readAddress();
  kept = found.kept;
  speakAndBuild(kept.lang ?? navigator.language.slice(0, 2));
  for (const section of document.querySelectorAll("[data-part]")) {
    /** @type {any} */ (section).hidden = kept.hide.includes(/** @type {any} */ (section).dataset.part);
  }
  open(found.state ?? opened);
  announce(found.fault === null ? "" : say("badLink", say(found.fault)));
}

// ---- The patterns.

/** @param {number} p */
const whereIs = (p) => state.inputs[p].map(short).join(", ");

const plane = planeOf(byId("figure"), current, {
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
  classify,
});
const looking = lookingOf(byId("brushes"), current, {
  change,
  fit: () => {
    plane.fit(state, task);
    isStale = true;
  },
  zoom: (factor) => {
    plane.zoom(factor);
    isStale = true;
  },
});
const pattern = patternOf(byId("pattern"), current, { adopt, classify, remove });
const transport = transportOf(byId("transport"), byId("pace"), {
  go,
  stopped: () => {
    isToBeTold = true;
    isStale = true;
  },
});

/** What a pattern that is added is. */
function newTarget() {
  if (state.classes) return Math.min(looking.brush(), state.classes.length - 1);
  const row = task.D[state.selected].slice();
  const classes = shownClasses(state, task);
  const [no, yes] = KINDS[state.kind].answers(2);
  if (classes) row[state.neuron] = looking.brush() ? yes : no;
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
      measure();
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
        speakAndBuild(value);
        adopt(state);
      }),
    ),
    large,
    ...(isHosted ? [] : [button(say("copyLink"), copyLink)]),
  );
  transport.build();
  looking.build();
  const text = element("textarea", {
    id: "pasted",
    rows: 5,
    spellcheck: "false",
    "aria-describedby": "paste-hint",
  });
  byId("paste").replaceChildren(
    fileField(),
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

/** A problem file or a table, from a disk. */
function fileField() {
  const field = element("input", { type: "file", accept: ".toml,.csv,.tsv,.txt" });
  field.addEventListener("change", async () => {
    const [file] = field.files;
    // The same file can be opened again.
    const text = file && (await file.text().catch(() => null));
    field.value = "";
    if (text === null) announce(say("fileUnread"));
    else if (text !== undefined) useText(text, file.name);
  });
  return labelled(say("openFile"), field, say("openFileHint"));
}

/** @param {string} text @param {string} name of its file @returns {void} */
function useText(text, name) {
  if (!name.endsWith(".toml")) return usePasted(text);
  try {
    const { state: found, isCut } = openedState(text, name.replace(/\.toml$/, ""));
    open(found);
    const told = say("fileOpened", name, state.inputs.length, state.inputs[0].length);
    announce(isCut ? `${told} ${say("fileCut")}` : told);
  } catch (error) {
    announce(error instanceof FileError ? error.message : say("fileUnread"));
  }
}

/** @param {string} text @returns {void} */
function usePasted(text) {
  if (/^\s*\[layer\]/m.test(text)) return useText(text, `${say("own")}.toml`);
  try {
    open(pastedState(text, state));
    announce(say("pasted", state.inputs.length, state.inputs[0].length));
  } catch (error) {
    announce(error instanceof PasteError ? error.message : say("pasteEmpty"));
  }
}

async function copyLink() {
  await writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    announce(say("copied"));
  } catch {
    announce(say("notCopied"));
  }
}

// ---- What is drawn for each frame in which something changed.

/** @returns {import("./matrices.js").View} */
const view = () => ({ state, task, point: shownPoint, step: work(task, shownPoint), neurons: neuronNames(state) });

function draw() {
  const now = view();
  plane.draw(state, task, shownPoint);
  matrices.draw(now);
  curve.draw(way, shownPoint.updates, isLogarithmic);
  controls.draw(state);
  transport.draw(state, shownPoint.updates);
  pattern.draw();
  drawBoundaries(byId("boundaries"), now);
  const summary = drawStatus(byId("status"), now);
  if (isToBeTold && shownPoint.updates === state.updates) {
    isToBeTold = false;
    announce(summary);
  }
  const isLast = way.diverged && shownPoint.updates === way.head.updates;
  setText(byId("warning"), isLast ? say("diverged", count(way.head.updates)) : "");
  setText(byId("work-title"), say("workOf", count(shownPoint.updates + 1), count(now.step.epoch)));
  setText(byId("problem-title"), state.title);
  setText(byId("plane-help"), say("planeHelp", state.classes ? say("classKeys", state.classes.length) : ""));
  /** @type {any} */ (byId("pasted")).placeholder = state.classes
    ? "x1\tx2\tclass\n0\t4\tA\n2\t1\tC"
    : "x1\tx2\td\n0\t4\t0.5\n2\t1\t1.5";
  setText(byId("rest"), state.inputs[0].length > 2 ? say("restAt") : "");
  const formulas = formulasOf(task);
  if (formulas.join() !== formulasShown) {
    formulasShown = formulas.join();
    byId("formulas").replaceChildren(...formulas.map((line) => element("li", {}, mathOf(line))));
  }
}

/** @param {number} now */
function frame(now) {
  const due = transport.due(now);
  if (due > 0) {
    // The address need not follow each frame.
    const last = lastUpdate(state);
    state = { ...state, updates: Math.min(state.updates + due, last) };
    isStale = true;
    if (state.updates === last) {
      transport.stop();
      adopt(state);
    }
  }
  if (isStale || shownPoint.updates !== state.updates) {
    const isThere = extend(way, state.updates, performance.now() + WORKING);
    if (isThere && way.diverged && state.updates > way.head.updates) {
      state = { ...state, updates: way.head.updates };
      transport.stop();
    }
    if (isThere || performance.now() - changedAt > PATIENCE) shownPoint = pointAt(way, state.updates);
    isStale = !isThere;
    draw();
    if (isThere) tellHost(state);
  }
  requestAnimationFrame(frame);
}

function measure() {
  plane.measure();
  curve.measure();
  isStale = true;
}

new ResizeObserver(measure).observe(byId("figure").parentElement);
byId("logarithmic").addEventListener("change", (/** @type {any} */ event) => {
  isLogarithmic = event.target.checked;
  isStale = true;
});
tellHeight();
window.addEventListener("hashchange", () => void followAddress());
void followAddress().then(() => requestAnimationFrame(frame));
