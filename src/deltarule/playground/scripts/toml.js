// The part of TOML 1.0 that problem files use: tables, dotted keys, texts, numbers, truth values, lists and tables in braces.
// Dates and lists of tables are in none of them. What is no such text is refused with its line.

// Characters of a file, and how deep values lie in each other.
const MOST_TOML = 2000000;
const DEEPEST = 30;

/** @typedef {{[key: string]: any}} Table a table without a prototype, so that no key is there before it is read */

/** A text that is not read; its message is the number of the line. */
export class TomlError extends Error {}

const ESCAPES = /** @type {Record<string, string>} */ ({
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  '"': '"',
  "\\": "\\",
});
// Letters that stand in no TOML, and halves of letters.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]|\p{Surrogate}/u;
const NUMBER = /^[+-]?(?:(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?|inf|nan)$/;
const OTHER_BASE = /^0(?:x[\da-fA-F](?:_?[\da-fA-F])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/;

/** @returns {Table} */
const newTable = () => Object.create(null);

/**
 * @param {string} text
 * @returns {Table}
 */
export function tomlOf(text) {
  let place = 0;
  // Tables that are complete: those in braces, and those that stand under a head.
  const closed = new WeakSet();
  const headed = new WeakSet();

  /** @returns {never} */
  function refuse() {
    throw new TomlError(String(text.slice(0, place).split("\n").length));
  }

  /** @param {boolean} holds */
  const must = (holds) => (holds ? undefined : refuse());
  if (text.length > MOST_TOML) refuse();
  text = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const control = text.search(CONTROLS);
  if (control >= 0) {
    place = control;
    refuse();
  }

  /** @param {RegExp} pattern a sticky one @returns {string} what it finds here, or "" */
  function taken(pattern) {
    pattern.lastIndex = place;
    const found = pattern.exec(text)?.[0] ?? "";
    place += found.length;
    return found;
  }
  const blanks = () => taken(/[ \t]*/y);
  const lines = () => taken(/(?:[ \t\n]|#[^\n]*)*/y);

  function endOfLine() {
    blanks();
    taken(/#[^\n]*/y);
    must(place >= text.length || text[place] === "\n");
  }

  /** What stands after a backslash, in a text. @param {boolean} isLong */
  function escaped(isLong) {
    const letter = text[place++];
    if (letter === "u" || letter === "U") {
      const digits = taken(letter === "u" ? /[\da-fA-F]{4}/y : /[\da-fA-F]{8}/y);
      const code = Number.parseInt(digits, 16);
      must(digits !== "" && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff));
      return String.fromCodePoint(code);
    }
    if (isLong && /[ \t\n]/.test(letter ?? "")) {
      place--;
      must(taken(/[ \t]*\n[ \t\n]*/y) !== "");
      return "";
    }
    must(Object.hasOwn(ESCAPES, letter ?? "-"));
    return ESCAPES[letter];
  }

  /** @param {boolean} mayBeLong */
  function quoted(mayBeLong) {
    const mark = text[place];
    const isLong = mayBeLong && text.startsWith(mark.repeat(3), place);
    place += isLong ? 3 : 1;
    if (isLong && text[place] === "\n") place++;
    const plain = mark === '"' ? (isLong ? /[^"\\]+/y : /[^"\\\n]+/y) : isLong ? /[^']+/y : /[^'\n]+/y;
    const parts = [];
    for (;;) {
      parts.push(taken(plain));
      must(place < text.length && (isLong || text[place] !== "\n"));
      if (text[place] === "\\" && mark === '"') {
        place++;
        parts.push(escaped(isLong));
      } else if (!isLong) {
        place++;
        return parts.join("");
      } else if (text.startsWith(mark.repeat(3), place)) {
        // Up to two marks may stand before the last three.
        const marks = taken(mark === '"' ? /"{3,5}/y : /'{3,5}/y);
        return parts.join("") + mark.repeat(marks.length - 3);
      } else parts.push(text[place++]);
    }
  }

  function keys() {
    const found = [];
    do {
      blanks();
      const isQuoted = text[place] === '"' || text[place] === "'";
      const key = isQuoted ? quoted(false) : taken(/[\w-]+/y);
      must(isQuoted || key !== "");
      found.push(key);
      blanks();
    } while (taken(/\./y));
    return found;
  }

  /** The table of a key, which is made if it is not there. @param {Table} table @param {string} key */
  function inner(table, key) {
    table[key] ??= newTable();
    const found = table[key];
    must(typeof found === "object" && !Array.isArray(found) && !closed.has(found));
    return found;
  }

  /** @param {Table} table @param {number} depth */
  function pair(table, depth) {
    const [last, ...before] = keys().reverse();
    const home = before.reverse().reduce(inner, table);
    must(!(last in home));
    must(taken(/=/y) !== "");
    blanks();
    home[last] = value(depth + 1);
  }

  /** @param {number} depth @returns {any} */
  function value(depth) {
    must(depth < DEEPEST);
    const first = text[place];
    if (first === '"' || first === "'") return quoted(true);
    if (first === "[") return list(depth);
    if (first === "{") return braces(depth);
    const word = taken(/[\w.+-]+/y);
    if (word === "true" || word === "false") return word === "true";
    const plain = word.replaceAll("_", "");
    if (OTHER_BASE.test(word)) return Number(plain);
    must(NUMBER.test(word));
    return plain.endsWith("nan") ? Number.NaN : Number(plain.replace("inf", "Infinity"));
  }

  /** @param {number} depth */
  function list(depth) {
    place++;
    const found = [];
    for (;;) {
      lines();
      if (taken(/\]/y)) return found;
      found.push(value(depth + 1));
      lines();
      if (!taken(/,/y)) must(text[place] === "]");
    }
  }

  /** @param {number} depth */
  function braces(depth) {
    place++;
    const table = newTable();
    blanks();
    if (!taken(/\}/y)) {
      do {
        pair(table, depth);
        blanks();
      } while (taken(/,/y));
      must(taken(/\}/y) !== "");
    }
    closed.add(table);
    return table;
  }

  const root = newTable();
  let table = root;
  for (;;) {
    lines();
    if (place >= text.length) return root;
    if (taken(/\[/y)) {
      table = keys().reduce(inner, root);
      must(taken(/\]/y) !== "" && !headed.has(table));
      headed.add(table);
    } else pair(table, 0);
    endOfLine();
  }
}
