"""[marking]: what a problem asks for, and what each part is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from deltarule.checks import brief, choice, listed, positive
from deltarule.conventions import BESIDE
from deltarule.errors import InputError, nearest
from deltarule.iteration import FARTHEST
from deltarule.labels import Label
from deltarule.parts import (
    CONVERGENCE_PARTS,
    ITERATION_PARTS,
    METRICS_OF_CLASSES,
    METRICS_OF_NUMBERS,
    OF_CLASSES,
    OF_MOMENTUM,
    SETS,
    TABLES,
    PartName,
    in_order_of_classes,
    pairs_of,
)
from deltarule.problem.section import Section

CREDITS = ("entries", "all-or-nothing")
CONVENTIONS = ("own", "any")
# Letters of a name for which a near one is looked for, and classes among whose pairs it is.
LONGEST_NAME, MOST_CLASSES = 60, 20


@dataclass(frozen=True)
class Marking:
    """What a problem asks for, and what it is worth.

    Parameters
    ----------
    asked : the parts that are asked for, in the order in which they are worked. None: any; what is given is marked.
    weights : the weights of parts, by their names ("iteration.1.delta") or by the last word of it ("delta"); those of others
        are 1.
    credit : "entries": a part is worth the share of its entries that count; "all-or-nothing": it is worth nothing unless all do.
    hint_cost : the share of all marks, from 0 to 1, that asking for a hint costs.
    conventions : "any": an answer that follows other conventions than the problem's throughout loses nothing; "own": it does.

    Examples
    --------
    >>> marking = Marking((PartName.parse("iteration.1.delta"),), {"delta": 2.0})
    >>> marking.weight("iteration.1.delta"), marking.weight("iteration.1.cost")
    (2.0, 1.0)
    """

    asked: tuple[PartName, ...] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    credit: Literal["entries", "all-or-nothing"] = "entries"
    hint_cost: float = 0.0
    conventions: Literal["own", "any"] = "own"

    @property
    def weighs(self) -> bool:
        """Whether parts are asked for or weighed, so that a reader should be told what each is worth."""
        return self.asked is not None or bool(self.weights) or self.credit != CREDITS[0]

    def weight(self, name: str) -> float:
        """The weight of a part; that of its whole `name` goes before that of its last word."""
        return self.weights.get(name, self.weights.get(PartName.parse(name).part, 1.0))

    def cost_of(self, hints: int) -> float:
        """The share of all marks, from 0 to 1, that so many `hints` cost."""
        return min(1.0, hints * self.hint_cost)


@dataclass(frozen=True)
class Askable:
    """What can be asked for of a problem.

    Parameters
    ----------
    kind : of the layer, as in "softmax".
    has_classes : whether the layer predicts classes.
    classes : its labels; empty where it has none.
    updates : of the whole descent.
    has_test : whether there is a test set.
    has_biases : whether the layer has biases.
    has_momentum : whether the descent has momentum.
    """

    kind: str
    has_classes: bool
    classes: Sequence[Label]
    updates: int
    has_test: bool
    has_biases: bool = True
    has_momentum: bool = False

    def parts(self, table: str) -> list[str]:
        """The parts of a table, "iteration", "convergence", "boundaries" or "metrics", by their last words."""
        if table == "boundaries":
            names = [str(label) for label in self.classes[:MOST_CLASSES]]
            return [f"{a}-{b}" for a, b in combinations(names, 2)]
        if table == "metrics":
            measures = METRICS_OF_CLASSES if self.has_classes else METRICS_OF_NUMBERS
            return [f"{which}_{measure}" for which in SETS[: 1 + self.has_test] for measure in measures]
        known = ITERATION_PARTS if table == "iteration" else CONVERGENCE_PARTS
        left_out = {
            *(() if self.has_classes else OF_CLASSES),
            *(() if self.has_biases else BESIDE.values()),
            *(() if self.has_momentum else OF_MOMENTUM),
        }
        return [part for part in known if part not in left_out]

    def named(self, what: str, text: Any) -> Iterator[PartName]:
        """The parts that a text names: one part; or all of an iteration, as in "iteration.1", and all "boundaries".

        Parameters
        ----------
        what : what the text is, for messages.
        text : as it was written.

        Raises
        ------
        InputError
            If the problem has no such part.
        """
        if not isinstance(text, str):
            raise InputError(what, "be text", brief(text), 'Write the names of parts, as in "iteration.1.delta".')
        name = PartName.parse(text)
        if name.table not in TABLES:
            raise self._unknown(what, text, self._guesses(text))
        if name.table == "iteration":
            self._check_number(what, name)
        parts = self.parts(name.table)
        if not name.part and name.table in ("iteration", "boundaries") and parts:
            yield from (PartName(name.table, name.number, part) for part in parts)
        elif name.table == "boundaries" and len(pairs_of(self.classes, name.part)) == 1:
            yield in_order_of_classes(name, self.classes)
        elif name.part in parts and name.table != "boundaries":
            yield name
        elif not self.has_classes and name.part in OF_CLASSES:
            remedy = f"A {self.kind} layer predicts numbers: leave it out."
            raise InputError(what, "be a part that the problem has", repr(text), remedy)
        elif not self.has_momentum and name.part in OF_MOMENTUM:
            raise InputError(
                what, "be a part that the problem has", repr(text), "Its descent has no momentum: leave it out."
            )
        elif not self.has_biases and name.part in BESIDE.values():
            raise InputError(
                what, "be a part that the problem has", repr(text), "Its layer has no biases: leave it out."
            )
        else:
            raise self._unknown(what, text, [PartName(name.table, name.number, part) for part in parts])

    def last_words(self) -> list[str]:
        """The last words of all parts, for which weights may be given."""
        return list(dict.fromkeys(part for table in TABLES for part in self.parts(table)))

    def _check_number(self, what: str, name: PartName) -> None:
        last = min(self.updates, FARTHEST)
        if name.number is None or not 1 <= name.number <= last:
            rule = f"name one of the iterations 1 to {last:,}"
            raise InputError(what, rule, brief(str(name)), 'Write its number, as in "iteration.1.delta".')

    def _unknown(self, what: str, text: str, known: Sequence[str]) -> InputError:
        remedy = nearest(text[:LONGEST_NAME], known) if known else "Leave it out."
        if len(known) == 1:
            remedy = f"Did you mean {str(known[0])!r}?"
        return InputError(what, "be a part that the problem has", brief(text), remedy)

    def _guesses(self, text: str) -> list[PartName]:
        """The first part of this last word, where a text begins with no table; those of iteration 1 where there is none."""
        every = {table: self.parts(table) for table in TABLES}
        table = next((table for table, parts in every.items() if text in parts), None)
        names = every["iteration"] if table is None else [text]
        number = 1 if table in (None, "iteration") else None
        return [PartName(table or "iteration", number, part) for part in names]


def read(keys: Section, askable: Askable) -> Marking | None:
    """What the keys of [marking] ask for; None where there are none.

    Parameters
    ----------
    keys : of [marking].
    askable : what the problem has.
    """
    if not keys.values:
        return None
    asked = None
    with keys.pointing("asked"):
        if "asked" in keys:
            asked = _asked(keys.get("asked"), askable)
    with keys.pointing("weights"):
        weights = dict(_weights(keys.get("weights"), asked, askable))
    with keys.pointing("credit"):
        credit = choice("credit", keys.get("credit"), CREDITS)
    with keys.pointing("hint_cost"):
        hint_cost = positive("cost of a hint", keys.get("hint_cost"), "Give a share, as in 0.1.", zero=True)
        if hint_cost > 1:
            raise InputError("cost of a hint", "be a share from 0 to 1", brief(hint_cost), "A tenth is 0.1.")
    with keys.pointing("conventions"):
        conventions = choice("conventions of answers", keys.get("conventions"), CONVENTIONS)
    return Marking(asked, weights, credit, hint_cost, conventions)  # type: ignore[arg-type] # two of the words above


def _asked(given: Any, askable: Askable) -> tuple[PartName, ...]:
    names = listed("list of parts", given, 'Write names, as in ["iteration.1"].')
    found = [name for text in names for name in askable.named("part that is asked for", text)]
    if not found:
        raise InputError("list of parts", "name at least one", "none", "Leave it out to mark whatever is given.")
    return tuple(sorted(dict.fromkeys(found), key=lambda name: name.place))


def _weights(given: Any, asked: tuple[PartName, ...] | None, askable: Askable) -> Iterator[tuple[str, float]]:
    """The weights by name; a name may be cut up into tables, as TOML does with `iteration.1.delta = 2`."""
    if not isinstance(given, Mapping):
        raise InputError("weights", "be a table of names and numbers", brief(given), "Write {cost = 2}.")
    last_words = askable.last_words()
    for text, value in _flat(given):
        what = "part with a weight"
        if "." not in text and text not in last_words:
            raise InputError(
                what, "be a part that the problem has", brief(text), nearest(text[:LONGEST_NAME], last_words)
            )
        names = [text] if text in last_words else [*askable.named(what, text)]
        if len(names) > 1:
            raise InputError(what, "be one part", repr(text), 'Write one, or the last word of it, as in "delta".')
        name = names[0]
        if asked is not None and not any(name in (each, each.part) for each in asked):
            raise InputError(what, "be asked for", repr(text), "Add it to asked, or leave its weight out.")
        yield str(name), positive(f"weight of {text}", value, "Leave out of asked what is worth nothing.")


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
