// Forwards, back, play and pause, and how fast.

import { element, icon, iconButton, labelled, menu, part } from "./elements.js";
import { count, typed } from "./figures.js";
import { lastUpdate } from "./state.js";
import { say } from "./words.js";

// Updates a second; from 60 on so many a frame.
const SPEEDS = [1, 4, 15, 60, 600, 6000];
const FRAMES = 60;
// Seconds of a frame that are made up for; a page that was not in sight does not run after its time.
const MOST_SECONDS = 0.25;

/**
 * @param {any} root
 * @param {any} pace where the number of updates and the speed stand
 * @param {{go: (updates: number) => void, stopped: () => void, stopFields: () => any[]}} actions stopped: it came to rest, and may be told
 */
export function transportOf(root, pace, actions) {
  let playing = false;
  let speed = 15;
  // Parts of an update that are due.
  let owed = 0;
  let before = 0;
  /** @type {import("./state.js").State} */
  let state;
  /** The updates that are done. */
  let done = 0;
  /** @type {any} */
  let playButton;
  /** @type {any} */
  let scrub;
  /** @type {any} */
  let field;

  /** @param {() => number} updates */
  const stopAt = (updates) => () => {
    playing = false;
    actions.go(updates());
    actions.stopped();
  };

  function play() {
    if (!playing && state.updates >= lastUpdate(state)) actions.go(0);
    playing = !playing;
    owed = 0;
    if (!playing) stopAt(() => state.updates)();
    drawPlay();
  }

  function drawPlay() {
    const sign = playing ? "pause" : "play";
    if (playButton.dataset.sign === sign) return;
    playButton.dataset.sign = sign;
    playButton.replaceChildren(icon(sign));
    for (const name of ["aria-label", "title"]) playButton.setAttribute(name, say(sign));
  }

  function build() {
    playButton = iconButton("play", say("play"), play);
    field = element("input", { type: "text", inputmode: "numeric", size: 6, autocomplete: "off" });
    field.addEventListener("change", () => {
      const value = typed(field.value);
      if (Number.isInteger(value)) stopAt(() => value)();
    });
    scrub = element("input", { type: "range", min: 0, max: 1, step: 1, id: "scrub" });
    scrub.addEventListener("input", () => stopAt(() => Number(scrub.value))());
    /** @type {[string, () => number][]} */
    const ways = [
      ["reset", () => 0],
      ["back", () => done - 1],
      ["step", () => state.updates + 1],
      ["end", () => lastUpdate(state)],
    ];
    const [reset, back, step, end] = ways.map(([name, updates]) => iconButton(name, say(name), stopAt(updates)));
    root.replaceChildren(element("div", { class: "row" }, reset, back, playButton, step, end), scrub);
    const speeds = /** @type {[string, string][]} */ (
      SPEEDS.map((each) => [String(each), each <= FRAMES ? say("perSecond", each) : say("perFrame", each / FRAMES)])
    );
    const choice = menu(speeds, String(speed), (value) => {
      speed = Number(value);
    });
    pace.replaceChildren(
      part("updates", labelled(say("updates"), field)),
      part("speed", labelled(say("speed"), choice)),
      ...actions.stopFields(),
    );
  }

  return {
    build,
    /** The updates that are due by now, while it plays. @param {number} now milliseconds @returns {number} */
    due(now) {
      if (playing) owed += Math.min((now - before) / 1000, MOST_SECONDS) * speed;
      before = now;
      const whole = playing ? Math.floor(owed) : 0;
      owed -= whole;
      return whole;
    },
    isPlaying: () => playing,
    /** It came to the end, or to where it should stop, or diverges. */
    stop() {
      if (playing) actions.stopped();
      playing = false;
    },
    /** @param {import("./state.js").State} given @param {number} reached the updates that are done */
    draw(given, reached) {
      state = given;
      done = reached;
      const last = lastUpdate(state);
      scrub.max = String(last);
      scrub.value = String(state.updates);
      scrub.setAttribute("aria-label", say("scrub", count(last)));
      if (field !== document.activeElement) field.value = String(reached);
      drawPlay();
    },
  };
}
