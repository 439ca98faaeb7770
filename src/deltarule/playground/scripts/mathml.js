// Formulas as MathML, from the little LaTeX that `formulas.js` writes: letters, numbers, signs, \frac, \text, ^ and _.

const MATHML = "http://www.w3.org/1998/Math/MathML";
const TOKENS = /\\text\{[^}]*\}|\\[a-zA-Z]+|\d+|[^\s]/g;
/** @type {Record<string, [string, string]>} */
const SIGNS = {
  "\\delta": ["mi", "δ"],
  "\\partial": ["mi", "∂"],
  "\\ln": ["mi", "ln"],
  "\\tanh": ["mi", "tanh"],
  "\\sum": ["mo", "∑"],
  "\\circ": ["mo", "∘"],
  "\\ge": ["mo", "≥"],
  "\\leftarrow": ["mo", "←"],
  "-": ["mo", "−"],
  "'": ["mo", "′"],
};

/** @param {string} tag @param {...(Node | string)} children */
function made(tag, ...children) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...children);
  return node;
}

/** @param {string} latex @returns {Element} */
export function mathOf(latex) {
  const tokens = latex.match(TOKENS) ?? [];
  let place = 0;

  /** A token, or what stands in braces. @returns {Element} */
  function atom() {
    const token = tokens[place++];
    if (token === "{") {
      const row = made("mrow", ...list());
      place++;
      return row;
    }
    if (token === "\\frac") return made("mfrac", atom(), atom());
    if (token.startsWith("\\text")) return made("mtext", token.slice(6, -1).replace(/^ | $/g, "\u00a0"));
    if (token in SIGNS) return made(...SIGNS[token]);
    if (/\d/.test(token)) return made("mn", token);
    return made(/[a-zA-Z]/.test(token) ? "mi" : "mo", token);
  }

  /** @returns {Element[]} */
  function list() {
    const nodes = [];
    while (place < tokens.length && tokens[place] !== "}") {
      const base = atom();
      /** @type {Record<string, Element>} */
      const scripts = {};
      while (tokens[place] === "_" || tokens[place] === "^") {
        const which = tokens[place++];
        scripts[which] = atom();
      }
      const { _: below, "^": above } = scripts;
      if (below && above) nodes.push(made("msubsup", base, below, above));
      else if (below) nodes.push(made("msub", base, below));
      else nodes.push(above ? made("msup", base, above) : base);
    }
    return nodes;
  }

  return made("math", made("mrow", ...list()));
}
