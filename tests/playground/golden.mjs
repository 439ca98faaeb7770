// Works problems with the playground's core: a JSON list on standard input, a JSON list of what came out on standard output.
// Its argument is the folder of the core's sources.
import { readFileSync } from "node:fs";

const scripts = process.argv[2];
const { generatorOf, permutation, randomParameters } = await import(`${scripts}/generator.js`);
const { advanced, evaluate, start, work } = await import(`${scripts}/descent.js`);
const { boundary, planeInputs, regions, scoresOf } = await import(`${scripts}/regions.js`);

const { WORDS } = await import(`${scripts}/words.js`);
const { checkedState, taskOf } = await import(`${scripts}/state.js`);

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

const tasks = {
  words: () => WORDS,
  states: ({ states }) => states.map(stateOf),
  descent({ task, updates }) {
    let point = start(task);
    while (point.updates < updates) point = advanced(task, point);
    const step = work(task, point);
    const { cost, errors } = evaluate(task, point.W, point.b, step.batch);
    return { ...step, cost, errors, after: evaluate(task, step.W, step.b) };
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
process.stdout.write(JSON.stringify(given.map((each) => tasks[each.what](each))));
