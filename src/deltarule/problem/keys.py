"""The keys of a problem file, one declaration each: for reading, for messages, and for the page docs/problem-file.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deltarule.conventions import HOUSE
from deltarule.descent import Descent
from deltarule.schedules import CONSTANT
from deltarule.typeset.figures import DEFAULT_DECIMALS


@dataclass(frozen=True)
class Type:
    """A type of value.

    Attributes
    ----------
    name : as a reader sees it.
    python : what the TOML reader must give; None where the code that uses the value checks it.
    """

    name: str
    python: type | None = None


TEXT = Type("text", str)
WORD = Type("text")  # one of a few; the code that knows them checks it
FLAG = Type("true or false", bool)
BRACES = Type("a table in braces", Mapping)  # its keys are those of the table of the same name
NUMBER, WHOLE = Type("a number"), Type("a whole number")
NUMBERS, ROWS = Type("a list of numbers"), Type("a list of rows of numbers")


@dataclass(frozen=True)
class Key:
    """A key of a table.

    Attributes
    ----------
    name : of the key.
    type : of its value.
    example : a value as it is written in a file.
    meaning : sentences for the reference page.
    left_out : what holds without the key, for the reference page; "" where the key is required.
    default : the value of a key that is left out, where there is one.
    note : what a message adds to the example.
    mistakes : lines of a file that are wrong; the reference page shows the message for each.
    """

    name: str
    type: Type
    example: str
    meaning: str
    left_out: str = ""
    default: Any = None
    note: str = ""
    mistakes: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """The key as it is written in a file."""
        return f"{self.name} = {self.example}"

    @property
    def remedy(self) -> str:
        """What to write, for a message."""
        return self.written + self.note


_TITLE = Key(
    "title",
    TEXT,
    '"Three classes in the plane"',
    "Stands above all results.",
    "the name of the file",
    mistakes=("title = 3",),
)

_LAYER = (
    Key(
        "kind",
        WORD,
        '"softmax"',
        "`linear`: y = u, squared error; with `classes` it is Adaline. `perceptron`: y = f(u), squared error; with a hard "
        "`activation` it is Rosenblatt's, trained by his rule. "
        "`logistic`: y = 1 / (1 + e^-u), cross-entropy. `softmax`: one neuron a class, cross-entropy.",
        mistakes=('kind = "softmx"',),
    ),
    Key(
        "weights",
        ROWS,
        "[[0.1, -0.2], [0.3, 0.0]]",
        "W, (N, K): a row an input, a column a neuron; otherwise where `[conventions]` say so. Required unless `init` is there.",
        "drawn by `init`",
        note=" (a row an input, a column a neuron), or init = {seed = 1}",
        mistakes=(
            "weights = [[0.1, -0.2], [0.3]]",
            "weights = [[0.1, -0.2]]",
            "weights = [[0,1, 0,2], [0,3, 0,0]]",
            'weights = [["0,1", 0.2], [0.3, 0.0]]',
        ),
    ),
    Key(
        "biases",
        Type("a list of numbers, or false"),
        "[0.0, 0.0]",
        "b, (K): one a neuron. Not beside `[conventions]` whose weights hold them. `false`: the layer has no biases, U = X W.",
        "zeros, or drawn by `init`",
        note=", or biases = false for a layer without biases",
        mistakes=("biases = [0.0, 0.0, 0.0]", "biases = true"),
    ),
    Key(
        "init",
        BRACES,
        "{seed = 1}",
        "Draws weights and biases from the uniform distribution on (-1/sqrt(N), 1/sqrt(N)), instead of `weights` and "
        "`biases`. The number of neurons follows from the targets.",
        "`weights` and `biases` are given",
        mistakes=("init = 1", "init = {seed = 1}\nbiases = [0.0, 0.0]"),
    ),
    Key(
        "activation",
        WORD,
        '"sigmoid"',
        "f of a perceptron layer: `sigmoid` (outputs between 0 and 1) or `tanh` (between -1 and 1), which descend the squared "
        "error; `step` (1 where u >= 0, else 0) or `sign` (1 where u >= 0, else -1), trained by Rosenblatt's rule, "
        'delta = Y - D. Only for `kind = "perceptron"`.',
        "`sigmoid`",
        mistakes=('activation = "tanh"', 'kind = "perceptron"\nactivation = "relu"'),
    ),
    Key(
        "classes",
        Type("a list of labels", list),
        '["A", "B", "C"]',
        "The classes of a softmax or logistic layer, or of one with hard outputs, in the order of its neurons (the columns of the "
        "weights). A class may have no pattern. A linear layer with classes is Adaline: one neuron has two, coded -1 and 1, and "
        "predicts the second where y >= 0; otherwise there is one neuron a class.",
        "the sorted labels of the targets",
        mistakes=('classes = ["A"]', 'classes = ["A", "A"]', 'classes = ["A", "C"]'),
    ),
)

_INIT = (
    Key(
        "seed",
        WHOLE,
        "1",
        "The seed of `numpy.random.default_rng`. Equal seeds draw equal layers.",
        mistakes=("init = {}", "init = {seed = -1}"),
    ),
)

_DATA = (
    Key(
        "inputs",
        ROWS,
        "[[0, 4], [-1, 3]]",
        'X, (P, N): a row a pattern. Beside `table`: the names of the input columns, as in `inputs = ["length"]`.',
        "beside `table`: all columns but the targets",
        note=" (a row a pattern)",
        mistakes=(
            "inputs = [[0, 4], [-1, 3], [2]]",
            "inputs = [[0, 4], [-1, nan]]",
            "inputs = [[0,5, 4,0], [1,5, 3,0]]",
        ),
    ),
    Key(
        "targets",
        Type("a list of labels, of numbers, or of rows of numbers"),
        '["A", "B"]',
        "The desired outputs, one a pattern. See [Targets](#targets).",
        "`table` or `dataset` brings them",
        note=" (one a pattern)",
        mistakes=('targets = ["A"]', 'targets = ["A", "A"]', 'targets = ["A", 1]'),
    ),
    Key(
        "table",
        TEXT,
        '"flowers.csv"',
        "A CSV file (with a row of names first) or one of Parquet, Feather or JSON lines (.jsonl), in the folder of the problem "
        "file or below it; elsewhere only "
        "below a folder that is stated (`--root`, or `root=` in Python). "
        'A name such as `"part-*.parquet"` stands for all files that match, at most 10,000. Needs `target`.',
        "the data stand in the problem file, or come from `dataset`",
        mistakes=('table = "flowers.csv"\ntarget = "species"', 'table = "../flowers.csv"\ntarget = "species"'),
    ),
    Key(
        "target",
        Type("text, a whole number, or a list of them"),
        '"species"',
        "The column of `table` that holds the targets: labels or numbers. A list of columns holds numbers. With `header = false` "
        "also the place of a column, as in `target = 5`.",
        "the targets do not come from a table",
        note=', or target = ["weight", "waist"]',
        mistakes=('target = "species"',),
    ),
    Key(
        "header",
        FLAG,
        "false",
        "Whether the first row of a CSV `table` holds the names of its columns. `false`: it holds data; the columns are then named "
        "`x1`, `x2`, ... by their places, and `target` and `inputs` may give places, as in `target = 5`.",
        "it does; a first row that looks like data is an error",
        mistakes=("header = false",),
    ),
    Key(
        "separator",
        WORD,
        '";"',
        'What stands between the columns of a CSV `table`: `","`, `";"`, `"tab"` or `"|"`. It is never guessed.',
        "a comma; another one is an error",
        mistakes=('separator = ":"',),
    ),
    Key(
        "decimal_mark",
        WORD,
        '","',
        'The decimal mark of the numbers in a CSV `table`: `"."` or `","`.',
        "a point",
        mistakes=('decimal_mark = ","',),
    ),
    Key(
        "dataset",
        WORD,
        '"iris"',
        "Data that come with deltarule: `iris` (150 flowers, three classes) or `linnerud` (20 men, three numbers).",
        "the data stand in the problem file, or come from `table`",
        mistakes=('dataset = "iriss"',),
    ),
    Key(
        "split",
        BRACES,
        "{test = 0.4, seed = 2}",
        "Sets a test set apart, exactly as scikit-learn's `train_test_split` does.",
        "all patterns are training patterns",
        mistakes=("split = 0.4",),
    ),
    Key(
        "standardise",
        FLAG,
        "true",
        "Scales each input to mean 0 and variance 1, by the training patterns.",
        "`false`",
        default=False,
        mistakes=("standardise = 1",),
    ),
    Key(
        "centre",
        FLAG,
        "true",
        "Shifts each input to mean 0, by the training patterns.",
        "`false`",
        default=False,
        mistakes=("standardise = true\ncentre = true",),
    ),
    Key(
        "scale_targets",
        FLAG,
        "true",
        "Scales each target to [0, 1], by the training patterns. For layers that predict numbers.",
        "`false`",
        default=False,
        mistakes=("scale_targets = true",),
    ),
)

_SPLIT = (
    Key(
        "test",
        NUMBER,
        "0.4",
        "The size of the test set: a share between 0 and 1, or a whole number of patterns.",
        mistakes=("split = {seed = 2}", "split = {test = 2, seed = 2}"),
    ),
    Key(
        "seed",
        WHOLE,
        "2",
        "The seed of the permutation: `random_state` of scikit-learn.",
        mistakes=("split = {test = 1}",),
    ),
    Key(
        "stratified",
        FLAG,
        "true",
        "Keeps the share of each class the same in both sets.",
        "`false`",
        default=False,
        mistakes=("split = {test = 1, seed = 2, stratified = true}",),
    ),
)

_DESCENT = (
    Key(
        "learning_rate",
        NUMBER,
        "0.05",
        "a of W <- W - a dJ/dW, above 0.",
        mistakes=("learning_rate = 0", 'learning_rate = "0,05"'),
    ),
    Key("epochs", WHOLE, "1000", "Passes over the training patterns, at least 1.", mistakes=("epochs = 0",)),
    Key(
        "batch_size",
        WHOLE,
        "16",
        "Patterns an update. A batch smaller than the training set makes mini-batches; 1 is an update a pattern (online).",
        "all patterns in each update (full batch)",
        default=Descent.batch_size,
        mistakes=("batch_size = 0",),
    ),
    Key(
        "reduction",
        WORD,
        '"mean"',
        "`sum`: the cost adds the costs of the patterns. `mean`: it is their mean, as in PyTorch's losses. "
        "`half-mean`: it is the sum over the number of patterns, as in 1/(2P) sum (d - y)^2.",
        f"`{Descent.reduction}`",
        default=Descent.reduction,
        mistakes=('reduction = "average"',),
    ),
    Key(
        "weight_decay",
        NUMBER,
        "0.01",
        "L, at least 0: adds L/2 sum W^2 to the cost. Biases are not decayed.",
        f"`{Descent.weight_decay:g}`",
        default=Descent.weight_decay,
        mistakes=("weight_decay = -1",),
    ),
    Key(
        "tolerance",
        NUMBER,
        "1e-6",
        "Training stops after the first epoch whose cost differs from the one before by at most this share of it.",
        "all epochs are run",
        default=Descent.tolerance,
        mistakes=("tolerance = -1",),
    ),
    Key(
        "seed",
        WHOLE,
        "0",
        "The seed of the permutations of mini-batches.",
        f"`{Descent.seed}`",
        default=Descent.seed,
        mistakes=("seed = 1.5",),
    ),
    Key(
        "order",
        WORD,
        '"given"',
        "The order of the patterns in mini-batches. `shuffled`: a new permutation each epoch. `given`: as they stand in the data.",
        f"`{Descent.order}`",
        default=Descent.order,
        mistakes=('order = "random"',),
    ),
    Key(
        "decay_biases",
        FLAG,
        "true",
        "Decays the biases too: adds L/2 sum b^2 to the cost.",
        "`false`",
        default=Descent.decay_biases,
        mistakes=("decay_biases = true",),
    ),
    Key(
        "momentum",
        NUMBER,
        "0.9",
        "m, at least 0 and below 1. Each gradient G goes into a velocity, V <- m V + G, which is 0 at first; then W <- W - a V.",
        f"`{Descent.momentum:g}`",
        default=Descent.momentum,
        mistakes=("momentum = 1",),
    ),
    Key(
        "nesterov",
        FLAG,
        "true",
        "Nesterov's momentum: W <- W - a (G + m V).",
        "`false`",
        default=Descent.nesterov,
        mistakes=("nesterov = true",),
    ),
    Key(
        "schedule",
        Type("a word, or a table in braces"),
        '{kind = "step", every = 10, factor = 0.5}',
        "How the learning rate changes after t epochs, of T in all. The kinds: `constant`, `step` (factor^floor(t / every)), "
        "`exponential` (factor^t), `inverse-time` (1 / (1 + decay t)), `cosine` (final + (1 - final) (1 + cos(pi t / T)) / 2) and "
        '`one-cycle` (start, rising, final). With `warm_up = n` the rate rises for n epochs first; with `by = "update"` it '
        "changes with each update instead.",
        "`constant`",
        default=CONSTANT,
        mistakes=(
            'schedule = "linear"',
            'schedule = {kind = "step"}',
            'schedule = {kind = "cosine", every = 2}',
            "schedule = {every = 2}",
        ),
    ),
)

_STOPPING = (
    Key(
        "patience",
        WHOLE,
        "20",
        "Training stops once the test set (or the validation set of a sweep) shows nothing better for so many epochs, and the best "
        "layer is kept. The accuracy on a set that decided this is too good: keep another one for the final word.",
        "all epochs are run, and the last layer is kept",
        default=Descent.patience,
        mistakes=("patience = 0",),
    ),
    Key(
        "monitor",
        WORD,
        '"accuracy"',
        "What patience looks at: a lower `cost`, or a higher `accuracy`.",
        f"`{Descent.monitor}`",
        default=Descent.monitor,
        mistakes=('monitor = "accuracy"', 'patience = 20\nmonitor = "loss"'),
    ),
    Key(
        "min_change",
        NUMBER,
        "0.001",
        "By how much it must be better, in the cost or in the accuracy (a share from 0 to 1).",
        f"`{Descent.min_change:g}`",
        default=Descent.min_change,
        mistakes=("min_change = 0.1",),
    ),
)

_CONVENTIONS = (
    Key(
        "delta",
        WORD,
        '"D - Y"',
        "The sign of delta. `Y - D`: delta is dJ/dU, and dJ/dW = X^T delta. `D - Y`: delta is -dJ/dU, and dJ/dW = -X^T delta. "
        "The gradients and the update, W <- W - a dJ/dW, are the same.",
        f"`{HOUSE.delta}`",
        default=HOUSE.delta,
        mistakes=('delta = "T - Y"',),
    ),
    Key(
        "weights",
        WORD,
        '"neurons x inputs"',
        "The shape of W and dJ/dW, here and in answers. `inputs x neurons`: U = X W + b. `neurons x inputs`: U = X W^T + b.",
        f"`{HOUSE.weights}`",
        default=HOUSE.weights,
        mistakes=('weights = "by neuron"',),
    ),
    Key(
        "biases",
        WORD,
        '"first column"',
        "`vector`: b stands beside W. `first column`: X has a first column of ones, which is not written in `[data]`, and W and "
        "dJ/dW hold what belongs to the biases as their first row (first column where a row is a neuron); there are no `biases`. "
        "`last column` likewise.",
        f"`{HOUSE.biases}`",
        default=HOUSE.biases,
        mistakes=('biases = "first column"',),
    ),
)

_SHOW = (
    Key(
        "decimals",
        WHOLE,
        str(DEFAULT_DECIMALS),
        "Decimals of the figures shown, 0 to 15. Answers are rounded to them too, unless they say otherwise.",
        f"`{DEFAULT_DECIMALS}`",
        default=DEFAULT_DECIMALS,
        mistakes=("decimals = 16",),
    ),
)

_MARKING = (
    Key(
        "asked",
        Type("a list of names of parts", list),
        '["iteration.1", "convergence.weights"]',
        "The parts that are asked for, by their names in an [answer file](answer-file.md#tables-and-keys): `iteration.1.delta`, "
        "`convergence.weights`, `boundaries.A-B`, `metrics.training_accuracy`; `iteration.1` stands for all parts of iteration 1, "
        "and `boundaries` for those of all pairs. A part that is asked for and missing is worth 0 of its weight; one that is not "
        "asked for is marked, and worth nothing.",
        "whatever is given is marked, and what is missing costs nothing",
        mistakes=(
            'asked = ["iteration.1.dleta"]',
            'asked = ["delta"]',
            'asked = ["iteration.0.delta"]',
            'asked = ["boundaries.A-C"]',
            'asked = ["metrics.test_accuracy"]',
            "asked = []",
        ),
    ),
    Key(
        "weights",
        Type("a table in braces of names and numbers"),
        '{cost = 0.5, "iteration.1.delta" = 2}',
        "What parts are worth beside each other: by the whole name of a part, or by its last word for all parts of that word.",
        "each part is worth 1",
        default={},
        mistakes=(
            "weights = {dleta = 2}",
            "weights = {delta = 0}",
            'asked = ["iteration.1.cost"]\nweights = {delta = 2}',
        ),
    ),
    Key(
        "credit",
        WORD,
        '"all-or-nothing"',
        "`entries`: a part is worth the share of its entries that are right, within rounding or follow. `all-or-nothing`: it is "
        "worth nothing unless all of them are.",
        "`entries`",
        default="entries",
        mistakes=('credit = "none"',),
    ),
    Key(
        "conventions",
        WORD,
        '"any"',
        "`own`: answers follow the `[conventions]` of the problem; one that follows others throughout is told so, and loses the "
        "marks of what is written otherwise. `any`: it is told so, and loses nothing.",
        "`own`",
        default="own",
        mistakes=('conventions = "all"',),
    ),
    Key(
        "hint_cost",
        NUMBER,
        "0.1",
        "The share of all marks, from 0 to 1, that each hint costs (`deltarule check --hint`). Students write how many they asked "
        "for into the answer: `hints = 1`.",
        "hints cost nothing",
        default=0.0,
        mistakes=("hint_cost = 10",),
    ),
)

# The tables of a file, and the keys above them all ("").
TABLES = ("layer", "data", "descent", "conventions", "show", "marking")
# The keys of each table by their names. A table in braces has the name of its key.
KEYS: dict[str, dict[str, Key]] = {
    table: {key.name: key for key in keys}
    for table, keys in {
        "": (_TITLE,),
        "layer": _LAYER,
        "data": _DATA,
        "descent": (*_DESCENT, *_STOPPING),
        "conventions": _CONVENTIONS,
        "show": _SHOW,
        "marking": _MARKING,
        "init": _INIT,
        "split": _SPLIT,
    }.items()
}
# The table in which a table in braces stands.
OUTER = {key.name: table for table, keys in KEYS.items() for key in keys.values() if key.type is BRACES}
