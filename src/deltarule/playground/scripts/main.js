// The page: one state, what follows from it, and the loop that shows it. What is shown is update t of the problem as it stands,
// worked from its start: a change of a pattern or of the learning rate changes all updates, and the way there does not matter.

import { addressOf, readAddress } from "./address.js";
import { comparingOf } from "./comparing.js";
import { controlsOf } from "./controls.js";
import { curveOf } from "./curve.js";
import { work } from "./descent.js";
import { replaced, withInputs, withoutPattern, withPattern, withStart, withTarget } from "./editing.js";
import { announce, button, byId, element, labelled, menu, part, putAway, setText } from "./elements.js";
import { costTable, figureFile, latex, markdown, problemFile, save } from "./exports.js";
import { count, short } from "./figures.js";
import { formulasOf } from "./formulas.js";
import { extend, historyOf, pointAt } from "./history.js";
import { hosted, isHosted, tellHeight } from "./hosted.js";
import { pngOf, pythonLines, updatePage } from "./keeping.js";
import { KINDS } from "./layers.js";
import { lookingOf } from "./looking.js";
import { mathOf } from "./mathml.js";
import { matricesOf } from "./matrices.js";
import { patternOf } from "./pattern.js";
import { planeOf } from "./plane.js";
import { practiceOf } from "./practice.js";
import { reporter } from "./scorm.js";
import { shownClasses } from "./shown.js";
import { checkedState, lastUpdate, MOST, neuronNames, packed, taskOf, unpacked } from "./state.js";
import { drawBoundaries, drawLowest, drawSeparability, drawStatus } from "./status.js";
import { stoppingOf } from "./stopping.js";
import { takingOf } from "./taking.js";
import { transportOf } from "./transport.js";
import { recalled, remember } from "./remembered.js";
import { LANGUAGES, say, speak } from "./words.js";

// Milliseconds of a frame that may go into working updates.
const WORKING = 12;
// So long the last layer stays in sight while a changed problem is worked again: what flickers says nothing.
const PATIENCE = 250;
// Patterns of which all matrices are drawn in each frame.
const FEW = 300;
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
let isStale = true;
// From where on playing has not looked yet whether it should stop.
let playedFrom = 0;
// Whether a sentence should say where the descent stands, once it is there.
let isToBeTold = false;
let drawnFrames = 0;
let addressTimer = 0;
let formulasShown = "";
/** @type {import("./address.js").Kept} */
let kept = { hide: [], lang: null, practice: false };

// Whether this page is an exercise of a course: the problem is the page's own, and the matrices stay hidden.
const isPracticeOnly = document.body.dataset.practice === "only";
// What was worked on in this browser before: a link's state.
const before = isHosted || isPracticeOnly ? null : recalled(opened.title);

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
  if (isHosted || isPracticeOnly) return;
  const address = await addressOf(kept, state);
  window.history.replaceState(null, "", address);
  if (state.updates > 0 || workOf(state) !== workOf(opened)) remember(opened.title, await packed(state));
}

/** Go on where this browser was. @param {string} link */
async function goOn(link) {
  const found = await unpacked(link).catch(() => null);
  if (found) open(found);
  else announce(say("badLink", say("damaged")));
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
  practise(kept.practice);
  open((isPracticeOnly ? null : found.state) ?? opened);
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
const stopping = stoppingOf();
const transport = transportOf(byId("transport"), byId("pace"), {
  go,
  stopFields: stopping.fields,
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
const comparing = comparingOf(byId("compare"), byId("compared"), {
  matrices: {
    edit: () => undefined,
    select: (p) => adopt({ ...state, selected: p }),
  },
  compared: (on) => {
    document.body.classList.toggle("comparing", on);
    measure();
  },
  pointAt: (updates) => (extend(way, updates, performance.now() + WORKING) ? pointAt(way, updates) : null),
});
const curve = curveOf(byId("curve"), byId("curve-choice"), byId("curve-title"), {
  go,
  changed: () => {
    isStale = true;
  },
});
const taking = takingOf(byId("paste"), () => state, open);
const course = reporter(isPracticeOnly);
const practice = practiceOf(byId("practice-tools"), byId("practice"), {
  isOnly: isPracticeOnly,
  isHeard: course.isHeard,
  toggled: (on) => {
    kept.practice = on;
    practise(on);
    adopt(state);
  },
  open,
  scored: course.tell,
  restored: course.restored,
});

/** @param {boolean} on whether the matrices are hidden */
function practise(on) {
  practice.set(on);
  transport.stop();
  document.body.classList.toggle("practising", practice.isOn());
  byId("practice").hidden = !practice.isOn();
  measure();
}
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
    ...(isPracticeOnly ? [] : [part("problem", labelled(say("problem"), problemMenu()))]),
    part(
      "theme",
      labelled(
        say("theme"),
        menu(themes, document.documentElement.dataset.theme ?? "", (value) => {
          document.documentElement.dataset.theme = value;
        }),
      ),
    ),
    part(
      "language",
      labelled(
        say("language"),
        menu(Object.entries(LANGUAGES), document.documentElement.lang, (value) => {
          kept.lang = value;
          speakAndBuild(value);
          adopt(state);
        }),
      ),
    ),
    part("large", large),
    ...(isHosted || isPracticeOnly ? [] : [part("link", button(say("copyLink"), copyLink))]),
    ...(before === null
      ? []
      : [
          part(
            "before",
            button(say("goOn"), () => goOn(before), { title: say("goOnHint") }),
          ),
        ]),
  );
  transport.build();
  curve.build();
  looking.build();
  taking.build();
  practice.build();
  comparing.build();
  byId("keep").replaceChildren(
    button(say("saveProblem"), () => save("problem.toml", "application/toml", problemFile(state))),
    button(say("saveMarkdown"), () => save("update.md", "text/markdown", markdown(view()))),
    button(say("saveLatex"), () => save("update.tex", "application/x-tex", latex(view()))),
    button(say("savePage"), () => save("update.html", "text/html", updatePage(view()))),
    button(say("savePython"), () => save("update.py", "text/x-python", pythonLines(state))),
    button(say("saveHistory"), () => save("costs.csv", "text/csv", costTable(way))),
    button(say("saveFigure"), () => save("figure.svg", "image/svg+xml", figureFile(byId("figure")))),
    button(say("saveFigurePng"), () => savePng("figure.png", byId("figure"))),
    button(say("saveCurve"), () => save("costs.svg", "image/svg+xml", figureFile(byId("curve")))),
    button(say("saveCurvePng"), () => savePng("costs.png", byId("curve"))),
    button(say("print"), () => window.print()),
  );
  putAway(kept.hide);
}

/** @param {string} name @param {any} figure */
async function savePng(name, figure) {
  try {
    save(name, "image/png", await pngOf(figure));
  } catch {
    announce(say("notDrawn"));
  }
}

function problemMenu() {
  const own = /** @type {[string, string][]} */ ([["", say("own")]]);
  const options = own.concat(Object.keys(presets).map((name) => [name, say(name)]));
  return menu(options, "", (name) => open(name ? checkedState(presets[name]) : opened));
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
  if (practice.isOn()) practice.draw(now);
  // Of many patterns the matrices are drawn in every third frame while it plays: nobody reads them faster.
  else if (!transport.isPlaying() || state.inputs.length <= FEW || drawnFrames++ % 3 === 0) {
    matrices.draw(now);
    if (!comparing.draw(now)) isStale = true;
  }
  curve.draw(way, shownPoint.updates);
  controls.draw(state);
  transport.draw(state, shownPoint.updates);
  pattern.draw();
  drawBoundaries(byId("boundaries"), now);
  drawSeparability(byId("separability"), now);
  // Not while a pattern is dragged: it takes a part of a frame.
  if (performance.now() - changedAt > PATIENCE) drawLowest(byId("lowest"), now);
  else isStale = true;
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
  taking.draw(state);
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
    state = { ...state, updates: Math.min(state.updates + due, lastUpdate(state)) };
    isStale = true;
  }
  if (isStale || shownPoint.updates !== state.updates) {
    const isThere = extend(way, state.updates, performance.now() + WORKING);
    if (isThere && way.diverged && state.updates > way.head.updates) rest(way.head.updates);
    const stop = isThere && transport.isPlaying() ? stopping.at(way, playedFrom, state.updates) : null;
    if (stop) rest(stop.updates, stop.why);
    else if (isThere && transport.isPlaying() && state.updates === lastUpdate(state)) rest(state.updates);
    if (isThere || performance.now() - changedAt > PATIENCE) shownPoint = pointAt(way, state.updates);
    if (isThere || !transport.isPlaying()) playedFrom = state.updates;
    isStale = !isThere;
    draw();
    if (isThere) tellHost(state);
  }
  requestAnimationFrame(frame);
}

/** Playing is over. @param {number} updates @param {string} [why] */
function rest(updates, why) {
  transport.stop();
  adopt({ ...state, updates });
  if (why === undefined) return;
  announce(why);
  isToBeTold = false;
}

function measure() {
  plane.measure();
  curve.measure();
  isStale = true;
}

new ResizeObserver(measure).observe(byId("figure").parentElement);
tellHeight();
window.addEventListener("hashchange", () => void followAddress());
void followAddress().then(() => requestAnimationFrame(frame));
