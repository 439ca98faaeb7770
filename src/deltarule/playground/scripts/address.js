// The address of the page: the state, and what an instructor sets for those who follow the link.

import { packed, unpacked } from "./state.js";

// The keys that stand before the state: parts of the page that are hidden, its language, and whether it is practised.
const KEPT = ["hide", "lang", "practice"];
// Letters of their values.
const MOST_LETTERS = 2000;

/** @typedef {{hide: string[], lang: string | null, practice: boolean}} Kept */

/**
 * What the address says; the state is null where there is none, and the fault says why one could not be read.
 * @returns {Promise<{kept: Kept, state: import("./state.js").State | null, fault: string | null}>}
 */
export async function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const [hide, lang, practice] = KEPT.map((name) => given.get(name)?.slice(0, MOST_LETTERS) ?? null);
  const kept = { hide: hide?.split(",").filter(Boolean) ?? [], lang, practice: practice === "1" };
  const text = given.get("s");
  try {
    return { kept, state: text === null ? null : await unpacked(text), fault: null };
  } catch (error) {
    return { kept, state: null, fault: error instanceof Error ? error.message : "damaged" };
  }
}

/** @param {Kept} kept @param {import("./state.js").State} state */
export async function addressOf({ hide, lang, practice }, state) {
  const parts = [`s=${await packed(state)}`];
  if (practice) parts.unshift("practice=1");
  if (lang !== null) parts.unshift(`lang=${encodeURIComponent(lang)}`);
  if (hide.length) parts.unshift(`hide=${hide.map(encodeURIComponent).join(",")}`);
  return `#${parts.join("&")}`;
}
