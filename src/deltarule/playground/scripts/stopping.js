// Where playing stops before the end: after an epoch, or at the first epoch after which the cost is low enough.

import { advanced, evaluate, updatesPerEpoch } from "./descent.js";
import { element, labelled, part } from "./elements.js";
import { short, typed } from "./figures.js";
import { pointAt } from "./history.js";
import { MOST } from "./state.js";
import { say } from "./words.js";

/**
 * The first update after `from` and up to `to` that ends an epoch with a cost of at most `most`; null if there is none. Of a way with
 * more epochs than are recorded it looks at those that are, and between the last two at each.
 * @param {import("./history.js").History} way
 * @param {number} from
 * @param {number} to
 * @param {number} most
 */
export function firstBelow({ task, ...way }, from, to, most) {
  const found = way.costs.findIndex(({ updates, cost }) => updates > from && updates <= to && cost <= most);
  if (found < 0) return null;
  const each = updatesPerEpoch(task.descent, task.X.length);
  let point = pointAt({ task, ...way }, Math.max(from, way.costs[found - 1]?.updates ?? 0));
  while (point.updates < way.costs[found].updates) {
    point = advanced(task, point);
    if (point.updates % each === 0 && evaluate(task, point.W, point.b).cost <= most) break;
  }
  return point.updates;
}

export function stoppingOf() {
  /** @type {Record<string, number | null>} */
  const stops = { epoch: null, cost: null };
  /** @type {Record<string, (value: number) => boolean>} */
  const rules = {
    epoch: (value) => Number.isInteger(value) && value >= 1 && value <= MOST.updates,
    cost: (value) => Math.abs(value) <= MOST.number,
  };

  /** @param {"epoch" | "cost"} name @param {string} key */
  function field(name, key) {
    const input = element("input", {
      type: "text",
      inputmode: "decimal",
      size: 6,
      autocomplete: "off",
      placeholder: say("never"),
      value: stops[name] === null ? "" : String(stops[name]),
    });
    input.addEventListener("change", () => {
      const value = input.value.trim() === "" ? null : typed(input.value);
      const holds = value === null || rules[name](value);
      input.setAttribute("aria-invalid", String(!holds));
      if (holds) stops[name] = value;
    });
    return part(key, labelled(say(key), input));
  }

  return {
    fields: () => [field("epoch", "stopEpoch"), field("cost", "stopCost")],
    /**
     * Where it stops on the way from one update to another, and why as a sentence; null if it goes on.
     * @param {import("./history.js").History} way as far as `to`
     * @param {number} from
     * @param {number} to
     * @returns {{updates: number, why: string} | null}
     */
    at(way, from, to) {
      const { epoch, cost } = stops;
      const end = (epoch ?? Infinity) * updatesPerEpoch(way.task.descent, way.task.X.length);
      const last = from < end && end <= to ? end : to;
      const low = cost === null ? null : firstBelow(way, from, last, cost);
      if (low !== null) return { updates: low, why: say("stoppedCost", short(Number(cost))) };
      return last === end ? { updates: end, why: say("stoppedEpoch", Number(epoch)) } : null;
    },
  };
}
