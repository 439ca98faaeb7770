// NumPy's `default_rng(seed)`: the same permutations and uniform numbers, bit by bit.
// O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms", 2014 (XSL RR 128/64), and NumPy's
// SeedSequence, Generator.permutation (Durstenfeld's shuffle by masked rejection) and Generator.uniform.

const MASK_32 = 0xffffffffn;
const MASK_64 = (1n << 64n) - 1n;
const MASK_128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/**
 * A generator as it stands; it never changes: what draws from it gives a new one.
 * @typedef {{state: bigint, increment: bigint, left: number | null}} Generator
 * left: 32 bits that the last draw left over.
 */

/**
 * The eight words of 32 bits that NumPy's SeedSequence makes of a seed.
 * @param {number} seed a whole number of at least 0
 * @returns {number[]}
 */
function seedWords(seed) {
  const entropy = seed > 0xffffffff ? [seed % 2 ** 32, Math.floor(seed / 2 ** 32)] : [seed];
  let constant = 0x43b0d7e5;
  /** @param {number} value */
  const hash = (value) => {
    value = (value ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e8875) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  /** @param {number} x @param {number} y */
  const mix = (x, y) => {
    const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const pool = [0, 1, 2, 3].map((place) => hash(entropy[place] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
    }
  }
  let second = 0x8b51f9dd;
  return Array.from({ length: 8 }, (_, place) => {
    let value = (pool[place % 4] ^ second) >>> 0;
    second = Math.imul(second, 0x58f38ded) >>> 0;
    value = Math.imul(value, second) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  });
}

/**
 * @param {number} seed a whole number of at least 0
 * @returns {Generator}
 */
export function generatorOf(seed) {
  const words = seedWords(seed).map(BigInt);
  const halves = [0, 2, 4, 6].map((place) => words[place] | (words[place + 1] << 32n));
  const increment = ((((halves[2] << 64n) | halves[3]) << 1n) | 1n) & MASK_128;
  const state = (increment + ((halves[0] << 64n) | halves[1])) & MASK_128;
  return { state: advancedState(state, increment), increment, left: null };
}

/** @param {bigint} state @param {bigint} increment */
function advancedState(state, increment) {
  return (state * MULTIPLIER + increment) & MASK_128;
}

/**
 * 64 bits from a state: its halves' XOR, turned right by its six highest bits.
 * @param {bigint} state
 */
function bitsOf(state) {
  const mixed = (state >> 64n) ^ (state & MASK_64);
  const turn = state >> 122n;
  return ((mixed >> turn) | (mixed << ((64n - turn) & 63n))) & MASK_64;
}

/**
 * A permutation of 0, ..., count - 1, and the generator after it.
 * @param {Generator} generator
 * @param {number} count
 * @returns {{order: number[], generator: Generator}}
 */
export function permutation(generator, count) {
  let { state, left } = generator;
  const { increment } = generator;
  const draw = () => {
    if (left !== null) {
      const kept = left;
      left = null;
      return kept;
    }
    state = advancedState(state, increment);
    const bits = bitsOf(state);
    left = Number(bits >> 32n);
    return Number(bits & MASK_32);
  };
  const order = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last--) {
    const mask = 2 ** (32 - Math.clz32(last)) - 1;
    let chosen = (draw() & mask) >>> 0;
    while (chosen > last) chosen = (draw() & mask) >>> 0;
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return { order, generator: { state, increment, left } };
}

/**
 * The weights and biases of a new layer: uniform on (-1/sqrt(N), 1/sqrt(N)), W row by row, then b.
 * @param {number} inputs N
 * @param {number} neurons K
 * @param {number} seed
 * @returns {{weights: number[][], biases: number[]}}
 */
export function randomParameters(inputs, neurons, seed) {
  let { state } = generatorOf(seed);
  const { increment } = generatorOf(seed);
  const bound = 1 / Math.sqrt(inputs);
  const draw = () => {
    state = advancedState(state, increment);
    return -bound + 2 * bound * (Number(bitsOf(state) >> 11n) / 2 ** 53);
  };
  const row = () => Array.from({ length: neurons }, draw);
  const weights = Array.from({ length: inputs }, row);
  return { weights, biases: row() };
}

/**
 * Numbers evenly from 0 to 1, and the generator after them.
 * @param {Generator} generator
 * @param {number} count
 * @returns {{numbers: number[], generator: Generator}}
 */
export function uniforms(generator, count) {
  let { state } = generator;
  const numbers = Array.from({ length: count }, () => {
    state = advancedState(state, generator.increment);
    return Number(bitsOf(state) >> 11n) / 2 ** 53;
  });
  return { numbers, generator: { ...generator, state } };
}

/** @type {number[]} */
const tossed = [];
let tossing = generatorOf(0);

/**
 * The first tosses of a coin by `default_rng(0).choice([-1, 1], count)`, of which each half of 64 bits gives one.
 * @param {number} count
 * @returns {number[]} at least so many
 */
export function tosses(count) {
  while (tossed.length < count) {
    const state = advancedState(tossing.state, tossing.increment);
    tossing = { ...tossing, state };
    const bits = bitsOf(state);
    for (const half of [bits & MASK_32, bits >> 32n]) tossed.push(half >> 31n ? 1 : -1);
  }
  return tossed;
}
