// A learning management system told of the score, by SCORM 1.2: ADL, "SCORM Version 1.2, The SCORM Run-Time Environment", 2001.

/**
 * The interface that a system puts into a window above the page, or into the one that opened it.
 * @typedef {object} System
 * @property {(nothing: "") => string} LMSInitialize
 * @property {(nothing: "") => string} LMSFinish
 * @property {(name: string) => string} LMSGetValue
 * @property {(name: string, value: string) => string} LMSSetValue
 * @property {(nothing: "") => string} LMSCommit
 */

// Windows that are looked through, and characters that a system keeps.
const MOST_WINDOWS = 10;
export const MOST_KEPT_LETTERS = 4096;
// Milliseconds between two reports.
const REPORT_DELAY = 1000;

/** @param {any} from a window @returns {System | null} */
function systemAbove(from) {
  let at = from;
  for (let step = 0; step < MOST_WINDOWS; step++) {
    try {
      if (at.API) return at.API;
      if (at.parent === at) return null;
      at = at.parent;
    } catch {
      // A window of another site, which tells nothing.
      return null;
    }
  }
  return null;
}

/**
 * What is kept as text, as short as the system wants it: what does not fit is left out from the end.
 * @param {{of: string, texts: Record<string, string[]>, hints: Record<string, number>}} kept
 */
export function keptText({ of, texts, hints }) {
  const typed = Object.entries(texts).flatMap(([part, list]) =>
    list.flatMap((text, place) => (text ? [`${part} ${place} ${text.replace(/[|\s]/g, "")}`] : [])),
  );
  const asked = Object.entries(hints).map(([name, count]) => `? ${name} ${count}`);
  let text = of;
  for (const entry of [...asked, ...typed]) {
    if (text.length + 1 + entry.length > MOST_KEPT_LETTERS) break;
    text += `|${entry}`;
  }
  return text;
}

/**
 * The same as it was; null where it is of another exercise, or of nothing.
 * @param {string} text @param {string} of
 */
export function keptOf(text, of) {
  const [owner, ...entries] = text.slice(0, MOST_KEPT_LETTERS).split("|");
  if (owner !== of) return null;
  /** @type {Record<string, string[]>} */
  const texts = {};
  /** @type {Record<string, number>} */
  const hints = {};
  for (const entry of entries) {
    const asked = /^\? ([A-Za-z]{1,9} \d{1,4}) ([1-3])$/.exec(entry);
    const typed = /^([A-Za-z]{1,9}) (\d{1,4}) (\S{1,24})$/.exec(entry);
    if (asked) hints[asked[1]] = Number(asked[2]);
    else if (typed) {
      const [, part, place, figure] = typed;
      const list = Object.hasOwn(texts, part) ? texts[part] : [];
      list[Number(place)] = figure;
      texts[part] = Array.from(list, (each) => each ?? "");
    }
  }
  return { of, texts, hints };
}

/**
 * What tells the system; it does nothing where there is none. The best score stays, and what was completed once.
 * @param {boolean} isExercise whether the page is one of a course
 */
export function reporter(isExercise) {
  const found = isExercise ? (systemAbove(window) ?? (window.opener ? systemAbove(window.opener) : null)) : null;
  const system = found !== null && String(found.LMSInitialize("")) === "true" ? found : null;
  let text = "";
  let best = 0;
  let isCompleted = false;
  /** @type {(() => void) | null} */
  let due = null;
  let timer = 0;
  const set = (/** @type {string} */ name, /** @type {string} */ value) => system?.LMSSetValue(name, value);

  function send() {
    clearTimeout(timer);
    due?.();
    due = null;
  }

  if (system !== null) {
    const get = (/** @type {string} */ name) => String(system.LMSGetValue(name) ?? "");
    text = get("cmi.suspend_data");
    best = Math.min(Math.max(Number(get("cmi.core.score.raw")) || 0, 0), 100);
    const status = get("cmi.core.lesson_status");
    isCompleted = ["completed", "passed"].includes(status);
    if (["", "not attempted"].includes(status)) {
      set("cmi.core.lesson_status", "incomplete");
      system.LMSCommit("");
    }
    window.addEventListener("pagehide", () => {
      send();
      set("cmi.core.exit", "suspend");
      system.LMSFinish("");
    });
  }
  return {
    /** Whether a system takes the score. */
    isHeard: system !== null,
    /** @param {string} of the exercise */
    restored: (of) => keptOf(text, of),
    /** @param {{percent: number, complete: boolean}} score @param {Parameters<typeof keptText>[0]} kept */
    tell({ percent, complete }, kept) {
      if (system === null) return;
      best = Math.max(best, percent);
      isCompleted ||= complete;
      due = () => {
        set("cmi.core.score.min", "0");
        set("cmi.core.score.max", "100");
        set("cmi.core.score.raw", String(best));
        set("cmi.core.lesson_status", isCompleted ? "completed" : "incomplete");
        set("cmi.suspend_data", keptText(kept));
        system.LMSCommit("");
      };
      clearTimeout(timer);
      timer = window.setTimeout(send, REPORT_DELAY);
    },
  };
}
