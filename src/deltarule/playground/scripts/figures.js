// Numbers as people write them: the shortest decimal form, rounded, halves away from zero. The same figures as
// `deltarule.typeset.figures`.

const LARGE = 1e7;
const MINUS = "\u2212";

/**
 * @param {number} value
 * @param {number} decimals
 */
export function figure(value, decimals) {
  if (!Number.isFinite(value)) return String(value).replace("-", MINUS);
  const size = Math.abs(value);
  if (size >= LARGE) return power(value, decimals);
  const rounded = roundedText(size, decimals);
  return value < 0 && /[1-9]/.test(rounded) ? MINUS + rounded : rounded;
}

/** @param {number} size at least 0 @param {number} decimals */
function roundedText(size, decimals) {
  const shortest = String(size);
  if (shortest.includes("e")) return size.toFixed(decimals);
  const [whole, fraction = ""] = shortest.split(".");
  if (fraction.length <= decimals) return decimals ? `${whole}.${fraction.padEnd(decimals, "0")}` : whole;
  let digits = BigInt(whole + fraction.slice(0, decimals));
  if (fraction[decimals] >= "5") digits += 1n;
  const text = digits.toString().padStart(decimals + 1, "0");
  return decimals ? `${text.slice(0, -decimals)}.${text.slice(-decimals)}` : text;
}

/** With a power of ten. @param {number} value @param {number} decimals */
function power(value, decimals) {
  return value.toExponential(decimals).replace("e+", "e").replaceAll("-", MINUS);
}

/** A number in few letters, for axes and settings. @param {number} value */
export const short = (value) => String(Number(value.toPrecision(4))).replace("-", MINUS);

/** A number as the middle of a sum: negative ones stand in brackets. @param {string} text */
export const bracketed = (text) => (text.startsWith(MINUS) ? `(${text})` : text);

/** A count with thin spaces between thousands. @param {number} count */
export const count = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A number as typed: a decimal comma and a true minus are read too; NaN where it is none. @param {string} text */
export function typed(text) {
  const plain = text.trim().replace(MINUS, "-").replace(",", ".");
  return plain === "" ? Number.NaN : Number(plain);
}

/** About `most` round numbers from low to high. @param {number} low @param {number} high */
export function ticks(low, high, most = 7) {
  const rough = (high - low) / most;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step);
  // As many as there may be: a step that is lost in rounding would never come to the end.
  const values = Array.from({ length: most + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
  return values.filter((value) => value >= low && value <= high);
}

/** How many decimals a number needs; infinitely many where it needs a power of ten. @param {number} value */
export const decimalsOf = (value) =>
  Number.isInteger(value) ? 0 : /e/.test(String(value)) ? Infinity : (String(value).split(".")[1] ?? "").length;
