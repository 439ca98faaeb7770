// Figures as they are typed or pasted, with the decimals that are written: from a spreadsheet, a CSV file, or what NumPy and MATLAB
// print. What can be read in two ways is not read.

// Characters that are read, and figures.
const MOST_TEXT = 20000;
const FIGURE = /^[-+]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d{1,3})?$/;

/** @typedef {{value: number, decimals: number}} Written */

/** @param {string} text @returns {string} with plain minus signs and spaces */
const plain = (text) => text.replace(/[\u2212\u2013]/g, "-").replace(/[\u00a0\u2009\u202f]/g, " ");

/**
 * One figure; null where there is none. A decimal comma is read too.
 * @param {string} text
 * @returns {Written | null}
 */
export function written(text) {
  const trimmed = plain(text).trim();
  if (!FIGURE.test(trimmed)) return null;
  const [mantissa, exponent = "0"] = trimmed.replace(",", ".").toLowerCase().split("e");
  const value = Number(`${mantissa}e${exponent}`);
  if (!Number.isFinite(value)) return null;
  const decimals = (mantissa.split(".")[1] ?? "").length - Number(exponent);
  return { value: value + 0, decimals: Math.min(Math.max(0, decimals), 15) };
}

/**
 * The rows of a matrix as texts of figures; null where it is none, or may be read in two ways.
 * @param {string} text
 * @returns {string[][] | null}
 */
export function matrixOf(text) {
  if (text.length > MOST_TEXT) return null;
  const bare = plain(text)
    .replace(/\b(?:np|numpy)\.|\b(?:array|tensor|matrix)\b|,?\s*dtype=[\w.]+/g, "")
    .replace(/^[^\n=]*=(?!=)/, "")
    .replace(/[()]/g, "")
    .trim();
  if (bare === "") return null;
  const rows = writtenCells(bare);
  if (rows === null || rows.length === 0 || rows.some((row) => row.length !== rows[0].length || row.join("") === ""))
    return null;
  return rows.every((row) => row.every((cell) => cell === "" || written(cell) !== null)) ? rows : null;
}

/** @param {string} text */
function writtenCells(text) {
  const hasPoints = /\d\.\d|\.\d|\d\./.test(text);
  const trimmed = (/** @type {string[]} */ cells) => cells.map((cell) => cell.trim());
  /** @param {string} line @returns {string[] | null} */
  function cells(line) {
    if (line.includes("\t")) return trimmed(line.split("\t"));
    if (line.includes(";")) return trimmed(line.replace(/;\s*$/, "").split(";"));
    const isSpaced = /\S\s+\S/.test(line.replace(/,\s/g, ","));
    if (!hasPoints && /,/.test(line) && !/,\s/.test(line)) {
      // 0,69 0,31 has decimal commas; 1,2,3 has whole numbers; 0,69,0,31 may be anything.
      if (isSpaced) return line.trim().split(/\s+/);
      const pieces = trimmed(line.split(","));
      return pieces.length % 2 === 0 || pieces.some((piece) => /^[-+]?0/.test(piece)) ? null : pieces;
    }
    if (!hasPoints && /\d,\d/.test(line)) return null;
    return line
      .trim()
      .split(/\s*,\s*|\s+/)
      .filter((cell) => cell !== "");
  }
  /** @param {string[]} lines */
  const all = (lines) => {
    const made = lines.filter((line) => line.trim() !== "").map(cells);
    return made.some((row) => row === null) ? null : /** @type {string[][]} */ (made);
  };
  if (text.includes("[")) {
    const inside = text.replace(/^\[|\]$/g, "").trim();
    if (inside.includes("["))
      return all(inside.split("]").map((row) => row.replace(/^[\s,;]*\[?/, "").replace(/\s+/g, " ")));
    if (inside.includes(";")) return all(inside.split(/;|\n/));
    return all(inside.split("\n"));
  }
  // MATLAB's rows in one line: 1 2; 3 4.
  if (!text.includes("\n") && text.split(";").every((row) => /\S\s+\S/.test(row.trim())) && text.includes(";"))
    return all(text.split(";"));
  return all(text.split(/\r\n|\r|\n/));
}
