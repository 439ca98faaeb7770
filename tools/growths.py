"""The four growths of `tools.grow`: a kind of layer, an engine, a mistake and an output form, each as edits of a few files.

Each is a real one, with its tests: softplus neurons; an engine of plain loops; half a learning rate; reStructuredText.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """Text put into a file.

    path : of the file, from the root of the project.
    text : what is written.
    below : the beginning of the line below which it is put, which stands in the file once; None: the file is new.
    """

    path: str
    text: str
    below: str | None = None


@dataclass(frozen=True)
class Growth:
    """What is added, and the tests that then hold of it.

    edits : the files touched.
    tests : arguments of pytest.
    """

    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


KIND = Growth(
    edits=(
        Edit(
            "src/deltarule/layers/softplus.py",
            '''"""Softplus neurons: y = log(1 + e^u), by the squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit

from deltarule.checks import Matrix
from deltarule.layers.numbers import NumberLayer


@dataclass(frozen=True, eq=False, repr=False)
class SoftplusLayer(NumberLayer):
    """Y = log(1 + e^U), squared error. Targets: (P, K) numbers, above 0 if they are to be reached."""

    kind: ClassVar[str] = "softplus"
    has_slopes: ClassVar[bool] = True

    @property
    def output_range(self) -> tuple[float, float]:
        """From 0 on."""
        return 0.0, np.inf

    def activate(self, U: Matrix) -> Matrix:
        """Log(1 + e^u)."""
        return np.logaddexp(np.zeros((), U.dtype), U)

    def output_slope(self, Y: Matrix) -> Matrix:
        """f'(u) = 1 - e^-y."""
        return -np.expm1(-Y)

    def slope_change(self, U: Matrix) -> Matrix:
        """f''(u) = s (1 - s) with s = 1 / (1 + e^-u)."""
        s: Matrix = expit(U)
        return s * (1 - s)
''',
        ),
        Edit("src/deltarule/layers/kinds.py", "    SoftplusLayer,\n", below="    PerceptronLayer,"),
        Edit(
            "src/deltarule/layers/kinds.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.layers.perceptron import ",
        ),
        Edit(
            "src/deltarule/show/notation.py",
            """    SoftplusLayer: Notation(
        "y",
        lambda _layer: Activation(
            Maths("ln(1 + e^u)", r"\\ln(1 + e^u)"),
            _each(lambda u: maths(LN, grouped(maths("1 +", power("e", number(u)))))),
            Slope(
                Maths("1 - e^-y", "1 - e^{-y}"),
                Maths("(1 - e^-Y)", "(1 - e^{-Y})"),
                lambda y: maths("1 -", power("e", negated(y))),
            ),
        ),
        SQUARED_ERROR,
        slopes_in_delta=True,
    ),
""",
            below="NOTATIONS: dict[type[Layer], Notation] = {",
        ),
        Edit(
            "src/deltarule/show/notation.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.errors import InputError",
        ),
        Edit(
            "src/deltarule/engines/autograd.py",
            "    SoftplusLayer: Row(lambda _layer: nn.Softplus(threshold=100), nn.MSELoss, _rows, half=0.5),\n",
            below="KINDS: dict[type[Layer], Row] = {",
        ),
        Edit(
            "src/deltarule/engines/autograd.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.sums import FEW",
        ),
        Edit(
            "src/deltarule/engines/for_kernels.py",
            "    SoftplusLayer: lambda _layer: formulas.SOFTPLUS,\n",
            below="FORMULAS: dict[type[Layer], Callable[[Any], int]] = {",
        ),
        Edit(
            "src/deltarule/engines/for_kernels.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.engines.kernels.wide_tiles import InputTiles, NeuronTiles, WideTiles",
        ),
        Edit("src/deltarule/engines/kernels/formulas.py", "SOFTPLUS = 12\n", below="LINEAR, SIGMOID, TANH, "),
        Edit(
            "src/deltarule/engines/kernels/formulas.py",
            """    if number_of(kind) == SOFTPLUS:
        return (softplus(u) - d) * sigmoid(u)
""",
            below="        return (y - d) * (1.0 - y * y)",
        ),
        Edit(
            "src/deltarule/engines/kernels/formulas.py",
            """    if number_of(kind) == SOFTPLUS:
        e = d - softplus(u)
        return e * e * 0.5
""",
            below="        return d * softplus(0.0 - u) + (1.0 - d)",
        ),
        Edit(
            "src/deltarule/marking/mistakes/layer_kinds.py",
            "    SoftplusLayer: LayerKind(squared_error=True),\n",
            below="KINDS: dict[type[Layer], LayerKind] = {",
        ),
        Edit(
            "src/deltarule/marking/mistakes/layer_kinds.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.errors import InputError",
        ),
        Edit("tests/samples.py", '    "softplus",\n', below='    "perceptron tanh",'),
        Edit(
            "tests/samples.py",
            '        "softplus": ("softplus", SoftplusLayer(W, b), rng.uniform(0, 2, (patterns, neurons))),\n',
            below="    numbers = {",
        ),
        Edit(
            "tests/samples.py",
            "from deltarule.layers.softplus import SoftplusLayer\n",
            below="from deltarule.layers import Layer, ",
        ),
        Edit("tests/naive.py", 'SQUARED += ("softplus",)\n', below="SQUARED = "),
        Edit(
            "tests/naive.py",
            """    if kind == "softplus":
        return [math.log(1 + math.exp(x)) for x in u]
""",
            below="        return list(u)",
        ),
        Edit(
            "tests/naive.py",
            """    if kind == "softplus":
        return [(yk - dk) / (1 + math.exp(-x)) for dk, yk, x in zip(d, y, u, strict=True)]
""",
            below="        return [(yk - dk) * yk * (1 - yk) for dk, yk",
        ),
        Edit(
            "tests/layers/test_formulas.py",
            '    "softplus": torch.nn.Softplus(threshold=100),\n',
            below="TORCH_ACTIVATIONS = {",
        ),
        Edit("tests/layers/test_base.py", '    "softplus": (False, True, False),\n', below="ANSWERS = {"),
        Edit("tests/layers/test_base.py", '        "softplus",\n', below='        "perceptron",'),
        Edit("tests/layers/test_invariants.py", '    "softplus",\n', below="UNBOUNDED = ("),
    ),
    tests=(
        "tests/layers",
        "tests/show/test_forms.py",
        "tests/engines/test_engines.py",
        "tests/engines/test_compiled.py",
    ),
)

ENGINE = Growth(
    edits=(
        Edit(
            "src/deltarule/engines/loops.py",
            '''"""The same descent in plain loops over Python's floats: slow, and to be read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deltarule.descent import Batch
from deltarule.engines.base import EpochEngine, Work
from deltarule.layers import Layer


class LoopsEngine(EpochEngine):
    """W <- W - a (X^T delta + L W), b <- b - a 1^T delta, number by number."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.reached = work.layer

    def run_epoch(self, order: NDArray[np.intp], batches: list[Batch]) -> None:
        """One update a batch."""
        for batch in batches:
            self._update(batch)

    def _update(self, batch: Batch) -> None:
        layer, descent, patterns = self.reached, self.work.descent, self.work.training.take(batch)
        delta = layer.scaled_delta(patterns.X @ layer.weights + layer.biases, patterns, descent.reduction)
        W, b = layer.weights.copy(), layer.biases.copy()
        for k in range(layer.neurons):
            for n in range(layer.inputs):
                gradient = sum(float(x[n]) * float(d[k]) for x, d in zip(patterns.X, delta, strict=True))
                W[n, k] -= descent.learning_rate * (gradient + descent.weight_decay * float(layer.weights[n, k]))
            b[k] -= descent.learning_rate * sum(float(d[k]) for d in delta)
        self.reached = layer.with_unchecked_parameters(W, b)

    def layer(self) -> Layer:
        """The layer as it stands."""
        return self.reached


start = LoopsEngine
''',
        ),
        Edit("src/deltarule/engines/__init__.py", 'ENGINES += ("loops",)\n', below="ENGINES = "),
    ),
    tests=("tests/engines/test_engines.py", "tests/test_training.py"),
)

MISTAKE = Growth(
    edits=(
        Edit(
            "src/deltarule/marking/mistakes/updates.py",
            """    Mistake(
        "rate-quartered",
        "The step is the learning rate times the gradient. You took a quarter of that.",
        "Look at the length of the step.",
        rows(*factor(0.25, STEPS)),
    ),
""",
            below="MISTAKES = (",
        ),
        Edit(
            "docs/answer-file.md",
            "| `rate-quartered` | The step is the learning rate times the gradient. You took a quarter of that. |\n",
            below="| `rate-on-one` |",
        ),
        Edit(
            "tests/marking/mistakes/test_table.py",
            '    ("rate-quartered", SOFTMAX, 2, stepped(lambda s: s.a / 4, lambda s: s.a / 4)),\n',
            below="CASES = [",
        ),
        Edit(
            "tests/marking/mistakes/test_mistakes.py",
            '        ("rate-quartered", {"weights": [1.1], "biases": [0.25]}),  # 0.5 + 0.025 * 24; 0.025 * 10\n',
            below='        ("rate-twice", {"weights"',
        ),
    ),
    tests=("tests/marking/mistakes", "tests/test_docs.py"),
)

FORM = Growth(
    edits=(
        Edit(
            "src/deltarule/show/rst.py",
            '''"""A worked step as reStructuredText: formulas as mathematics, matrices as CSV tables."""

from __future__ import annotations

from collections.abc import Iterable

from deltarule.show.document import Document, Part, Table
from deltarule.typeset.words import one_line


def rst(documents: Iterable[Document]) -> str:
    """Worked steps, one below the other."""
    blocks: list[str] = []
    for each in documents:
        blocks += [_headed(one_line(each.heading or each.title), "="), *map(one_line, each.sentences)]
        for part in each.parts:
            blocks += _part(part)
    return "\\n\\n".join(blocks) + "\\n"


def _headed(text: str, line: str) -> str:
    return f"{text}\\n{line * len(text)}"


def _part(part: Part) -> list[str]:
    formulas = [] if part.formula is None else [part.formula.latex]
    formulas += [" ".join(piece.latex for piece in line) for line in part.lines]
    figures = [part.value] if part.value else []
    return [_headed(part.title, "-"), *(f":math:`{latex}`" for latex in formulas), *figures, *map(_table, part.tables)]


def _table(table: Table) -> str:
    lines = [("", *table.heads), *((label, *row) for label, row in zip(table.labels, table.rows, strict=True))]
    cells = (", ".join(f\'"{cell}"\' for cell in line) for line in lines)
    return ".. csv-table::\\n   :header-rows: 1\\n\\n" + "\\n".join(f"   {line}" for line in cells)
''',
        ),
        Edit("src/deltarule/show/forms.py", '    "rst": Form((".rst",), _rst),\n', below='    "markdown": Form('),
        Edit("tests/show/test_forms.py", '    "rst",\n', below='    "markdown",'),
        Edit("tests/cli/test_work.py", '    ".rst",\n', below='    ".md",'),
        Edit(
            "src/deltarule/show/forms.py",
            """

def _rst(documents: Sequence[Document], _standalone: bool) -> str:
    from deltarule.show.rst import rst

    return rst(documents)
""",
            below="    return markdown(documents)",
        ),
        Edit(
            "tests/show/test_forms.py",
            """

@pytest.mark.parametrize("name", NAMES)
def test_a_step_in_restructured_text_has_every_figure(name):
    worked, work = worked_by(name, {}, None)
    text = rendered("rst", [work])
    assert text.count(":math:") == sum((part.formula is not None) + len(part.lines) for part in work.parts)
    for part in work.parts:
        for table in part.tables:
            for row in table.rows:
                assert ", ".join(f'"{cell}"' for cell in row) in text
""",
            below="    return worked, iteration_document(worked, decimals, rows)",
        ),
    ),
    tests=("tests/show/test_forms.py", "tests/cli/test_work.py"),
)

GROWTHS = {"kind of layer": KIND, "engine": ENGINE, "mistake": MISTAKE, "output form": FORM}
