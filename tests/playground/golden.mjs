// Works problems with the playground's core: a JSON list on standard input, a JSON list of what came out on standard output.
// Its argument is the folder of the core's sources.
import { readFileSync } from "node:fs";

const scripts = process.argv[2];
const { generatorOf, permutation, randomParameters } = await import(`${scripts}/generator.js`);
const { advanced, evaluate, start, work } = await import(`${scripts}/descent.js`);
const { boundary, planeInputs, regions, scoresOf } = await import(`${scripts}/regions.js`);

const { KINDS } = await import(`${scripts}/layers.js`);
const { WORDS } = await import(`${scripts}/words.js`);
const { checkedState, packed, taskOf, unpacked } = await import(`${scripts}/state.js`);
const { PasteError, pastedState } = await import(`${scripts}/pasting.js`);
const { lowestCost } = await import(`${scripts}/lowest.js`);
const { inseparable } = await import(`${scripts}/separable.js`);
const { FileError, openedState } = await import(`${scripts}/opening.js`);
const { TomlError, tomlOf } = await import(`${scripts}/toml.js`);
const { problemFile } = await import(`${scripts}/exports.js`);
const { shapesOf } = await import(`${scripts}/hands.js`);
const { judged } = await import(`${scripts}/judging.js`);
const { MISTAKES, mistakesOf, wrongFigures } = await import(`${scripts}/mistakes.js`);
const { exerciseOf } = await import(`${scripts}/practising.js`);
const { drawnProblem } = await import(`${scripts}/drawing.js`);
const { pythonLines } = await import(`${scripts}/keeping.js`);
const { matrixOf, written } = await import(`${scripts}/reading.js`);
const { keptOf, keptText } = await import(`${scripts}/scorm.js`);

/** What becomes of a state: itself as it is checked, or null; a fault where what was taken could not be worked. */
function stateOf(given) {
  let state = null;
  try {
    state = checkedState(given);
  } catch (error) {
    return { state, fault: error.constructor === Error ? null : String(error) };
  }
  try {
    const task = taskOf(state);
    let point = start(task);
    for (let update = 0; update < 3; update++) point = advanced(task, point);
    evaluate(task, point.W, point.b);
    return { state, fault: null };
  } catch (error) {
    return { state, fault: String(error) };
  }
}

/** What becomes of a table that is pasted: a state, or the sentence that refuses it. */
function pasteOf(text, before) {
  try {
    const state = pastedState(text, before);
    return { state, refused: null, fault: stateOf(state).fault };
  } catch (error) {
    const isTold = error instanceof PasteError && error.message !== "";
    return { state: null, refused: error.message, fault: isTold ? null : String(error) };
  }
}

/** What becomes of a problem file: a state, or the sentence that refuses it. */
function fileOf(text) {
  try {
    const { state } = openedState(text, "file");
    return { state, refused: null, fault: stateOf(state).fault };
  } catch (error) {
    const isTold = error instanceof FileError && error.message !== "";
    return { state: null, refused: error.message, fault: isTold ? null : String(error) };
  }
}

/** Numbers that JSON has not, as texts. */
const plain = (_key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);

/** What a text is as TOML; the line at which it is refused. */
function readOf(text) {
  try {
    return { value: JSON.stringify(tomlOf(text), plain), line: null };
  } catch (error) {
    if (error instanceof TomlError) return { value: null, line: Number(error.message) };
    throw error;
  }
}

/** What becomes of a link; a state comes back as it went. */
async function linkOf(link) {
  try {
    return { state: await unpacked(link), refused: null };
  } catch (error) {
    return { state: null, refused: error.message };
  }
}

/** The exercise of a state's first update. */
function exercise(given) {
  const state = checkedState(given);
  const task = taskOf(state);
  const point = start(task);
  return exerciseOf(state, task, point, work(task, point));
}

/** Figures of an answer as they come from JSON, where null stands for what is not given. */
const figures = (answer) =>
  Object.fromEntries(
    Object.entries(answer).map(([part, { values, decimals }]) => [
      part,
      { decimals, values: values.map((value) => value ?? Number.NaN) },
    ]),
  );

const tasks = {
  shapes: ({ state }) => shapesOf(exercise(state)),
  python: ({ states }) => states.map((state) => pythonLines(checkedState(state))),
  matrices: ({ texts }) => texts.map(matrixOf),
  written: ({ texts }) => texts.map(written),
  drawn: ({ state, seeds }) => seeds.map((seed) => drawnProblem(checkedState(state), seed, "drawn")),
  kept: ({ kept }) => kept.map((each) => [keptText(each), keptOf(keptText(each), each.of)]),
  keptTexts: ({ texts, of }) => texts.map((text) => keptOf(text, of)),
  mistakes: () => Object.keys(MISTAKES),
  wrongFigures({ state }) {
    const given = exercise(state);
    return Object.fromEntries(Object.keys(shapesOf(given)).map((part) => [part, wrongFigures(given, part)]));
  },
  named: ({ state, answers }) =>
    answers.map(figures).map((answer) => mistakesOf(exercise(state), answer, judged(exercise(state), answer).marks)),
  judged: ({ state, answers }) => answers.map((answer) => judged(exercise(state), figures(answer))),
  words: () => WORDS,
  pastes: ({ texts, before }) => texts.map((text) => pasteOf(text, before)),
  packed: ({ state }) => packed(state),
  links: ({ links }) => Promise.all(links.map(linkOf)),
  lowest: ({ states }) => states.map((state) => lowestCost(taskOf(checkedState(state)))),
  separable: ({ problems }) => problems.map(({ inputs, labels, classes }) => inseparable(inputs, labels, classes)),
  opened: ({ texts }) => texts.map(fileOf),
  toml: ({ texts }) => texts.map(readOf),
  files: ({ states }) => states.map(problemFile),
  states: ({ states }) => states.map(stateOf),
  descent({ task, updates }) {
    let point = start(task);
    while (point.updates < updates) point = advanced(task, point);
    const step = work(task, point);
    const { cost, errors } = evaluate(task, point.W, point.b, step.batch);
    const costs = step.U.map((u, p) => KINDS[task.kind].cost(u, step.Y[p], step.D[p]));
    return { ...step, costs, cost, errors, after: evaluate(task, step.W, step.b) };
  },
  permutations({ seed, count, draws }) {
    let generator = generatorOf(seed);
    return Array.from({ length: draws }, () => {
      const drawn = permutation(generator, count);
      generator = drawn.generator;
      return drawn.order;
    });
  },
  parameters: ({ inputs, neurons, seed }) => randomParameters(inputs, neurons, seed),
  plane({ W, b, box }) {
    const scores = scoresOf(planeInputs(W, b, [0, 1], [0, 0]));
    const pairs = scores.flatMap((_, i) => scores.slice(i + 1).map((_, j) => [i, i + 1 + j]));
    return { regions: regions(scores, box), lines: pairs.map(([i, j]) => boundary(scores, i, j, box)) };
  },
};

const given = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(given.map((each) => tasks[each.what](each)))));
