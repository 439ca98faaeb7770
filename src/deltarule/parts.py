"""The parts that an answer may have, and their names: "iteration.1.delta", "convergence.weights", "boundaries.A-B".

A `PartName` is the one place that puts a name together and takes it apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

from deltarule.checks import text, whole
from deltarule.conventions import Conventions
from deltarule.show.notation import SYMBOLS

TABLES = ("iteration", "convergence", "boundaries", "metrics")
# The parts of an iteration, in the order in which they are worked.
ITERATION_PARTS = (
    *("synaptic_inputs", "outputs", "predicted", "errors", "cost", "delta"),
    *("weight_gradient", "bias_gradient", "weight_velocity", "bias_velocity", "weights", "biases"),
)
CONVERGENCE_PARTS = ("updates", "weights", "biases", "cost", "errors", "inputs", "outputs", "predicted")
# A metric's name is a set and a measure: "test_accuracy".
SETS = ("training", "test")
METRICS_OF_CLASSES, METRICS_OF_NUMBERS = ("cost", "errors", "accuracy"), ("cost", "mse", "r2")
METRICS = tuple(dict.fromkeys((*METRICS_OF_CLASSES, *METRICS_OF_NUMBERS)))

# Counts and classes are exact: they have no decimals, and are not rounded.
COUNTS = ("predicted", "errors", "updates")
# Only layers that predict classes have these.
OF_CLASSES = ("predicted", "errors")
# Only descents with momentum have these.
OF_MOMENTUM = ("weight_velocity", "bias_velocity")
ROWS_OF_PATTERNS = ("synaptic_inputs", "outputs", "predicted", "delta", "inputs")
# The last axis of these has an entry for each neuron.
COLUMNS_OF_NEURONS = (
    *("synaptic_inputs", "outputs", "delta"),
    *("weight_gradient", "bias_gradient", *OF_MOMENTUM, "weights", "biases"),
)
# Words for parts whose symbol alone would not be understood in a list of parts. All others have the symbols of a worked step.
WORDS = {"cost": "cost J", "inputs": "patterns"}
# A number with more digits is not the number of an iteration.
LONGEST_NUMBER = 18


class PartName(str):
    """The name of a part: a text, "iteration.1.delta", whose pieces can be asked for.

    It equals the plain text, so that files, JSON and keys of dictionaries need no conversion.

    Parameters
    ----------
    table : "iteration", "convergence", "boundaries" or "metrics".
    number : of the iteration, counted from 1; None in the other tables.
    part : "delta"; in the table of boundaries the pair of classes, "A-B"; in that of metrics "test_accuracy".

    Examples
    --------
    >>> name = PartName.parse("iteration.12.delta")
    >>> name.table, name.number, name.part, name == "iteration.12.delta"
    ('iteration', 12, 'delta', True)
    """

    __slots__ = ("number", "part", "table")

    table: str
    number: int | None
    part: str

    def __new__(cls, table: str, number: int | None, part: str) -> Self:
        """Put the text together; a number or a part that is missing leaves no point behind."""
        table, part = text("table of the part", table), text("part", part)
        if number is not None:
            number = whole("iteration", number, 0, "Give the number of an iteration.", maximum=None)
        pieces = [table, *([] if number is None else [str(number)]), *([part] if part else [])]
        name = super().__new__(cls, ".".join(pieces))
        name.table, name.number, name.part = table, number, part
        return name

    def __getnewargs__(self) -> tuple[str, int | None, str]:  # type: ignore[override] # for copies, and other processes
        return self.table, self.number, self.part

    @classmethod
    def parse(cls, name: str) -> Self:
        """The part that a text, `name`, stands for; in "iteration.1" the part is empty."""
        if isinstance(name, cls):
            return name
        table, _, rest = text("name of the part", name).partition(".")
        number, _, part = rest.partition(".")
        if table == "iteration" and number.isdecimal() and len(number) <= LONGEST_NUMBER:
            return cls(table, int(number), part)
        return cls(table, None, rest)

    @staticmethod
    def in_iteration(number: int, part: str) -> PartName:
        """The name of a part of an iteration."""
        try:
            return _in_iteration(number, part)
        except TypeError:  # what cannot be looked up, as a list
            return PartName("iteration", number, part)

    def later(self, updates: int) -> PartName:
        """The same part of the iteration that is this number of updates later."""
        number = (self.number or 0) + whole("number of updates", updates, -(self.number or 0), "Give how many.")
        return PartName(self.table, number, self.part)

    @property
    def is_count(self) -> bool:
        """Whether its entries are counts or classes, which are exact."""
        return self.part in COUNTS

    @property
    def has_rows_of_patterns(self) -> bool:
        """Whether it has a row for each pattern."""
        return self.part in ROWS_OF_PATTERNS

    @property
    def is_parameter(self) -> bool:
        """Whether it is the weights or the biases of a layer."""
        return self.part in ("weights", "biases")

    @property
    def set_and_measure(self) -> tuple[str, str]:
        """The two pieces of a metric: ("test", "accuracy")."""
        which, _, measure = self.part.partition("_")
        return which, measure

    @property
    def place(self) -> tuple[int, int, int]:
        """The place in the order in which parts are worked, for `sorted`."""
        known = {"iteration": ITERATION_PARTS, "convergence": CONVERGENCE_PARTS}.get(self.table, ())
        return TABLES.index(self.table), self.number or 0, known.index(self.part) if self.part in known else 0

    @property
    def symbol(self) -> str:
        """The symbol or word of the part alone; the part itself where it has none."""
        if self.part in WORDS:
            return WORDS[self.part]
        return SYMBOLS[self.part].text if self.part in SYMBOLS else self.part

    @property
    def heading(self) -> str:
        """The part as a reader calls it.

        Examples
        --------
        >>> [PartName.parse(name).heading for name in ("iteration.1.synaptic_inputs", "boundaries.A-B", "metrics.test_mse")]
        ['iteration 1: U', 'boundary A-B', 'test mse']
        >>> [PartName.parse(name).heading for name in ("iteration.1", "iteration", "convergence.weights")]
        ['iteration 1', 'iteration', 'convergence: W']
        """
        if self.table == "iteration":
            if self.number is None:
                return f"iteration {self.part}".rstrip()
            return f"iteration {self.number}: {self.symbol}" if self.part else f"iteration {self.number}"
        if self.table == "convergence":
            return f"convergence: {self.symbol}"
        return f"boundary {self.part}" if self.table == "boundaries" else self.part.replace("_", " ") or self.table


def as_written_name(name: PartName, conventions: Conventions) -> PartName:
    """The name of the part in which a part of the house is written.

    Parameters
    ----------
    name : in the house.
    conventions : those in which it is written.

    Examples
    --------
    >>> as_written_name(PartName.parse("iteration.1.biases"), Conventions(biases="first column"))
    'iteration.1.weights'
    """
    if name.table not in ("iteration", "convergence") or conventions.writes(name.part):
        return name
    return PartName(name.table, name.number, conventions.part_of(name.part))


@lru_cache(maxsize=4096)  # an answer is reworked some hundred times, with the same few names
def _in_iteration(number: int, part: str) -> PartName:
    return PartName("iteration", number, part)


def pairs_of(classes: Sequence[Any], key: str) -> list[tuple[int, int]]:
    """The places of the two classes that "A-B" names, from 0; several pairs where labels with hyphens can be read in several ways.

    Parameters
    ----------
    classes : the labels of the layer, in order.
    key : two of them with a hyphen between.

    Examples
    --------
    >>> pairs_of(["A", "B", "B-A"], "B-A"), pairs_of(["A", "B", "B-A"], "B-A-B"), pairs_of(["A", "B"], "A-C")
    ([(1, 0)], [(2, 1)], [])
    """
    places = {str(label): place for place, label in enumerate(classes)}
    longest = 2 * max(map(len, places), default=0) + 1  # a longer key is none, and may be very long
    cut = [at for at, letter in enumerate(key) if letter == "-"] if len(key) <= longest else []
    found = ((places.get(key[:at]), places.get(key[at + 1 :])) for at in cut)
    return [(a, b) for a, b in found if a is not None and b is not None and a != b]


def in_order_of_classes(name: PartName, classes: Sequence[Any]) -> PartName:
    """The name of a boundary with its two classes in the order of the layer's; any other name as it is.

    Parameters
    ----------
    name : of a part; "boundaries.B-A" is the boundary of A and B too.
    classes : the labels of the layer, in order.

    Examples
    --------
    >>> in_order_of_classes(PartName.parse("boundaries.B-A"), ["A", "B"])
    'boundaries.A-B'
    """
    pairs = pairs_of(classes, name.part) if name.table == "boundaries" else []
    if len(pairs) != 1:
        return name
    first, second = sorted(pairs[0])
    return PartName(name.table, None, f"{classes[first]}-{classes[second]}")
