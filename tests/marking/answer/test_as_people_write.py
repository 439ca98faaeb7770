"""Answers as people write them: what stands in them is read whole, in its own place, or is asked back; nothing goes elsewhere."""

from __future__ import annotations

import re

import numpy as np
import pytest

from deltarule.errors import AnswerError
from deltarule.marking import read_answer
from deltarule.marking.answer.headings import table_of_heading
from deltarule.marking.answer.text_blocks import text_document
from problem_files import four_patterns

SOFTMAX = four_patterns(
    targets="CBAA",
    layer={"weights": [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]], "biases": [0.46, -0.13, 0.07]},
    data={"inputs": [[4, 3], [-1, 3], [0, 1], [0, -3]], "targets": [*"CBAA"]},
    descent={"learning_rate": 0.05},
)
# The first iteration of that problem, worked by hand.
RIGHT = {
    "synaptic_inputs": [[2.43, 1.62, -2.26], [2.33, -1.58, 0.24], [1.09, -0.40, -0.04], [-1.43, 0.68, 0.40]],
    "outputs": [[0.69, 0.31, 0.01], [0.87, 0.02, 0.11], [0.65, 0.15, 0.21], [0.06, 0.53, 0.40]],
    "predicted": [0, 0, 0, 1],
    "errors": 3,
    "cost": 12.29,
    "delta": [[0.69, 0.31, -0.99], [0.87, -0.98, 0.11], [-0.35, 0.15, 0.21], [-0.94, 0.53, 0.40]],
    "weight_gradient": [[1.88, 2.21, -4.08], [7.14, -3.48, -3.66]],
    "bias_gradient": [0.27, 0.00, -0.27],
    "weights": [[-0.07, 0.53, -0.30], [0.27, -0.10, 0.07]],
    "biases": [0.45, -0.13, 0.08],
}


@pytest.fixture
def read(tmp_path):
    def reading(text, name="a.txt"):
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return read_answer(tmp_path / name, SOFTMAX)

    return reading


def wrongly_read(answer):
    """The parts that say something else than was written in the right answer."""
    return [
        str(name)
        for name, part in answer.parts.items()
        if (name.table, name.number) != ("iteration", 1)
        or not np.array_equal(part.values, np.array(RIGHT[name.part], float))
    ]


def parts(answer):
    return {name.part for name in answer.parts}


NUMPY = """Homework 1 - Ann Lee

Iteration 1:

U =
[[ 2.43  1.62 -2.26]
 [ 2.33 -1.58  0.24]
 [ 1.09 -0.4  -0.04]
 [-1.43  0.68  0.4 ]]

Y = softmax(U) =
[[0.69 0.31 0.01]
 [0.87 0.02 0.11]
 [0.65 0.15 0.21]
 [0.06 0.53 0.4 ]]

predicted classes: A, A, A, B
number of errors: 3
J = 12.29

delta = Y - D
[[ 0.69  0.31 -0.99]
 [ 0.87 -0.98  0.11]
 [-0.35  0.15  0.21]
 [-0.94  0.53  0.4 ]]

dJ/dW = X^T delta
[[ 1.88  2.21 -4.08]
 [ 7.14 -3.48 -3.66]]
dJ/db
[ 0.27  0.   -0.27]

W <- W - a dJ/dW
[[-0.07  0.53 -0.3 ]
 [ 0.27 -0.1   0.07]]
b = b - a*db = [ 0.45 -0.13  0.08]
"""
LATEX = r"""\documentclass{article}
\title{Homework 1}
\begin{document}
\section{Iteration 1}
The learning rate is $\alpha = 0.05$. We first compute the synaptic inputs:
\begin{equation}
U = X W + b =
\begin{bmatrix} 4 & 3 \\ -1 & 3 \\ 0 & 1 \\ 0 & -3 \end{bmatrix}
\begin{bmatrix}
0.02 & 0.64 & -0.5 \\ 0.63 & -0.27 & -0.11
\end{bmatrix}
+ \begin{bmatrix} 0.46 & -0.13 & 0.07 \end{bmatrix}
=
\begin{bmatrix}
2.43 & 1.62 & -2.26 \\
2.33 & -1.58 & 0.24 \\
1.09 & -0.40 & -0.04 \\
-1.43 & 0.68 & 0.40
\end{bmatrix}
\end{equation}
\begin{align*}
\mathbf{Y} &= f(U) = \begin{array}{r|rrr}
 & \text{A} & \text{B} & \text{C} \\ \hline
1 & 0.69 & 0.31 & 0.01 \\
2 & 0.87 & 0.02 & 0.11 \\
3 & 0.65 & 0.15 & 0.21 \\
4 & 0.06 & 0.53 & 0.40
\end{array} \\
\delta &= Y - D = \begin{pmatrix}
0.69 & 0.31 & -0.99 \\ 0.87 & -0.98 & 0.11 \\ -0.35 & 0.15 & 0.21 \\ -0.94 & 0.53 & 0.40
\end{pmatrix}
\end{align*}
predicted: A, A, A, B

errors: $3$ of 4

\[ \boxed{J = 12.29} \]
\[
\frac{\partial J}{\partial W} = X^T \delta = \begin{bmatrix} 1.88 & 2.21 & -4.08 \\ 7.14 & -3.48 & -3.66 \end{bmatrix}, \quad
\frac{\partial J}{\partial \mathbf{b}} = (0.27,\, 0.00,\, -0.27)^{\top}
\]
$$W_1 = W_0 - \alpha \frac{\partial J}{\partial W} = \begin{bmatrix} -0.07 & 0.53 & -0.30 \\ 0.27 & -0.10 & 0.07 \end{bmatrix}$$
and so $b \leftarrow b - \alpha \frac{\partial J}{\partial b} = (0.45, -0.13, 0.08)^T$.
\end{document}
"""
MARKDOWN = """# Question 1 - iteration 1

**Synaptic inputs** U = XW + b

| p | A | B | C |
|---|--:|--:|--:|
| 1 | 2.43 | 1.62 | −2.26 |
| 2 | 2.33 | −1.58 | 0.24 |
| 3 | 1.09 | −0.40 | −0.04 |
| 4 | −1.43 | 0.68 | 0.40 |

| $Y$ | A | B | C |
|---|--:|--:|--:|
| 1 | 0.69 | 0.31 | 0.01 |
| 2 | 0.87 | 0.02 | 0.11 |
| 3 | 0.65 | 0.15 | 0.21 |
| 4 | 0.06 | 0.53 | 0.40 |

**Predicted**: A, A, A, B

- **Errors**: 3/4
- **Cost (J)**: 12.29

```python
delta = np.array([[0.69, 0.31, -0.99],   # pattern 1
                  [0.87, -0.98, 0.11],   # pattern 2
                  [-0.35, 0.15, 0.21],   # pattern 3
                  [-0.94, 0.53, 0.40]])  # pattern 4
```

Hence $\\nabla_W J = [[1.88, 2.21, -4.08], [7.14, -3.48, -3.66]]$ and $\\nabla_b J = [0.27, 0, -0.27]$.

- **W(1)** = `[[-0.07, 0.53, -0.30], [0.27, -0.10, 0.07]]`
- **b(1)** = `[0.45, -0.13, 0.08]`
"""
TABS = """1. Iteration
U = X W + b
\tA\tB\tC
1\t2,43\t1,62\t-2,26
2\t2,33\t-1,58\t0,24
3\t1,09\t-0,40\t-0,04
4\t-1,43\t0,68\t0,40
Y:
p=1: 0,69 0,31 0,01
p=2: 0,87 0,02 0,11
p=3: 0,65 0,15 0,21
p=4: 0,06 0,53 0,40
predicted\tA\tA\tA\tB
errors\t3
J\t12,29
delta
| 0,69 0,31 -0,99 |
| 0,87 -0,98 0,11 |
| -0,35 0,15 0,21 |
| -0,94 0,53 0,40 |
dJ/dW
      A     B     C
x1  1,88  2,21 -4,08
x2  7,14 -3,48 -3,66

dJ/db = (0,27; 0,00; -0,27)
W [[-0.07 0.53 -0.30]
 [0.27 -0.10 0.07]]
b = [0,45; -0,13; 0,08]
"""
SHEET = (
    "Iteration 1;;;\r\nU;;;\r\n2,43;1,62;-2,26\r\n2,33;-1,58;0,24\r\n1,09;-0,40;-0,04\r\n-1,43;0,68;0,40\r\n;;;\r\n"
    "Y;;;\r\n0,69;0,31;0,01\r\n0,87;0,02;0,11\r\n0,65;0,15;0,21\r\n0,06;0,53;0,40\r\npredicted;A;A;A;B\r\nerrors;3;J;12,29\r\n"
    "delta;;;\r\n0,69;0,31;-0,99\r\n0,87;-0,98;0,11\r\n-0,35;0,15;0,21\r\n-0,94;0,53;0,40\r\n"
    "dJ/dW;1,88;2,21;-4,08\r\n;7,14;-3,48;-3,66\r\ndJ/db;0,27;0,00;-0,27\r\nW;-0,07;0,53;-0,30\r\n;0,27;-0,10;0,07\r\nb;0,45;-0,13;0,08\r\n"
)
ONE_LINE = (
    "Iteration 1\nU = {synaptic_inputs} Y = f(U) = {outputs}\npredicted = A A A B\nerrors = 3   J = 12.29\n"
    "delta = {delta} dW = {weight_gradient}  db = {bias_gradient}\nW_1 = {weights}, b_1 = {biases}, eta = 0.05\n"
).format(**RIGHT)
TOML = (
    "decimals = 2\n[iteration.1]\n"
    + "".join(f"{part} = {value}\n" for part, value in RIGHT.items() if part != "predicted")
    + 'predicted = ["A", "A", "A", "B"]\n'
)
JSON = '{{"decimals": 2,\n "iteration": {{"1": {{\n  {}}}}}}}\n'.format(
    ",\n  ".join(
        f'"{part}": {["A", "A", "A", "B"] if part == "predicted" else value}' for part, value in RIGHT.items()
    ).replace("'", '"')
)
WHOLE = {
    "numpy.txt": NUMPY, "latex.tex": LATEX, "markdown.md": MARKDOWN, "tabs.txt": TABS, "answer.csv": SHEET, "line.txt": ONE_LINE,
    "answer.toml": TOML, "answer.json": JSON,
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_answer_is_read_whole(read, name, encoding):
    answer = read(WHOLE[name].encode(encoding), name)
    assert (wrongly_read(answer), answer.faults, parts(answer)) == ([], {}, {*RIGHT})


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("errors = 3, accuracy = 0.25", {"errors"}),
        ("J = 12.29, MSE = 0.4", {"cost"}),
        ("J = 12.29   E = 3.5", {"cost"}),
        ("b = [0.45, -0.13, 0.08], v = [1, 2, 3]", {"biases"}),
        ("$b = (0.45, -0.13, 0.08)^T$, $v = (1, 2, 3)^T$", {"biases"}),
        ("U = {synaptic_inputs}f(U) = {outputs}", {"synaptic_inputs", "outputs"}),
        ("dW = [[4, -1, 0, 0], [3, 3, 1, -3]] delta = {weight_gradient}", {"weight_gradient"}),
        ("delta = {delta}\n\nGradient\n x1  1.88  2.21 -4.08\n x2  7.14 -3.48 -3.66\n b   0.27  0.00 -0.27", {"delta"}),
        ("delta = {delta}\n| | A | B | C |\n|-|-|-|-|\n| x1 | 1 | 2 | 3 |\n| b | 0.27 | 0.00 | -0.27 |", {"delta"}),
        ("b_1 = 0.45, b_2 = -0.13, b_3 = 0.08, J = 12.29", {"cost"}),
        ("W_0 = [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]]\nW_1 = {weights}", {"weights"}),
        ("W^(1) = [[0.02, 0.64, -0.5], [0.63, -0.27, -0.11]]\nW^(2) = {weights}", {"weights"}),
        ("U: row 1: 9 9 9\nY =\np=1: 0.69 0.31 0.01\np=2: 0.87 0.02 0.11\np=3: 0.65 0.15 0.21\np=4: 0.06 0.53 0.40", {"outputs"}),
        ("dW =\n x1  1.88  2.21 -4.08\n x2  7.14 -3.48 -3.66\n b  0.27 0.00 -0.27", {"weight_gradient", "bias_gradient"}),
        ("W:\n x1: -0.07 0.53 -0.30\n x2: 0.27 -0.10 0.07\n b: 0.45 -0.13 0.08", {"weights", "biases"}),
        ("U = np.array([[2.43, 1.62, -2.26], [2.33, -1.58, 0.24],\n [1.09, -0.4, -0.04], [-1.43, 0.68, 0.4]]) Y = {outputs}",
         {"synaptic_inputs", "outputs"}),
        ("J = 12.29 nats, errors: 3 (of 4)", {"cost", "errors"}),
        ("Gradients:\ndJ/db = {bias_gradient}\nb = {biases}", {"bias_gradient", "biases"}),
        ("U = X W + b\nThen the outputs\n0.69 0.31 0.01\n0.87 0.02 0.11\n0.65 0.15 0.21\n0.06 0.53 0.40\n\nJ = 12.29", {"cost"}),
        ("U = X W + b\nand for Y\n0.69 0.31 0.01\n0.87 0.02 0.11\n0.65 0.15 0.21\n0.06 0.53 0.40\n\nJ = 12.29", {"cost"}),
        ("errors = 3 (accuracy 25%)\nJ = 12.29 and there are 3 errors.", {"cost", "errors"}),
        ("errors = 3 % counted by hand\nJ = 12.29 nats (sum over 4 patterns)", {"cost", "errors"}),
        ("b = [0.45, - 0.13, + 0.08]  # new biases", {"biases"}),
        ("db = {bias_gradient}  (rounded to 2 decimals)\nJ = 1.229·10^1", {"bias_gradient", "cost"}),
        (">>> X.T @ delta\narray([[9.0, 9.0, 9.0], [9.0, 9.0, 9.0]])\n>>> b\narray([0.45, -0.13, 0.08])", {"biases"}),
        ("predicted\n-----\nA, A, A, B\n\nas we see", {"predicted"}),
        ("predicted = A, A, A, B (all but the last)", {"predicted"}),
        (">>> print(predicted)\n['A' 'A' 'A' 'B']\n>>> b\narray([0.45, -0.13, 0.08])", {"predicted", "biases"}),
        ("> predicted\n[1] A A A B\nLevels: A B C\n> J\n[1] 12.29", {"predicted", "cost"}),
        ('predicted <- c("A", "A", "A", "B")\nb <- c(0.45, -0.13, 0.08)', {"predicted", "biases"}),
        ("### 3. Predicted classes\n\n0    A\n1    A\n2    A\n3    B\ndtype: object", {"predicted"}),
        ("d) errors = 3\ne) J = 12.29\n(f) b = {biases}", {"errors", "cost", "biases"}),
        ("| part | value |\n|---|---|\n| predicted | A, A, A, B |\n| errors | 3 |\n| J | 12.29 |", {"predicted", "errors", "cost"}),
    ],
    ids=range(33),
)  # fmt: skip
def test_no_figure_is_taken_for_that_of_another_part(read, text, given):
    answer = read(f"Iteration 1\n{text.format(**RIGHT)}\n")
    assert (wrongly_read(answer), answer.faults, parts(answer)) == ([], {}, given)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("U:                  Y:\n2.43 1.62 -2.26     0.69 0.31 0.01", {"synaptic_inputs", "outputs"}),
        ("Gradients:\nW = {weight_gradient}\nb = {bias_gradient}\nNew:\nW = {weights}", {"weight_gradient", "bias_gradient"}),
        ("### Gradient of the cost\n- b: {bias_gradient}", {"bias_gradient"}),
        ("W = {weights}^T", {"weights"}),
        ("U = [4, 3] W + (0.46, -0.13, 0.07)", {"synaptic_inputs"}),
        ("dW = 0.01 * [[188, 221, -408], [714, -348, -366]]", {"weight_gradient"}),
        ("errors = 75 %", {"errors"}),
        ("errors = 75% of the patterns", {"errors"}),
        ("errors = 3 of N = 4", {"errors"}),
        ("errors = 1 of N = 3", {"errors"}),
        ("errors: 2 (3)", {"errors"}),
        ("b = 0.08 -0.13 0.45 (C, B, A)", {"biases"}),
        ("W^T = {weights}", {"weights"}),
        (">>> W.T\narray({weights})", {"weights"}),
        ("W <- cbind(c(-0.07, 0.53, -0.30), c(0.27, -0.10, 0.07))", {"weights"}),
        ("dW <- matrix(c(1.88, 7.14, 2.21, -3.48, -4.08), nrow = 2)", {"weight_gradient"}),
        ("delta:\np1: 0.69 0.31 -0.99\np1: 0.87 -0.98 0.11\np3: -0.35 0.15 0.21\np4: -0.94 0.53 0.40", {"delta"}),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_may_be_two_things_is_asked_back_and_costs_itself_alone(read, text, asked):
    answer = read(f"Iteration 1\n{text.format(**RIGHT)}\nJ = 12.29\n")
    assert wrongly_read(answer) == []
    assert {name.rpartition(".")[2] for name in answer.faults} == asked
    assert "cost" in parts(answer)


def test_two_parts_side_by_side_in_a_spreadsheet_are_asked_back(read):
    answer = read("Iteration 1\nJ;12,29\nU;;;;Y;;\n2,43;1,62;-2,26;;0,69;0,31;0,01\n", "answer.csv")
    assert parts(answer) == {"cost"}
    assert {*answer.faults} == {"iteration.1.synaptic_inputs", "iteration.1.outputs"}
    assert "side by side" in answer.faults["iteration.1.outputs"]


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("2 Iteration 1", "1"),
        ("3.1. Iteration 1 (10 points)", "1"), ("\\subsection*{1.2 Iteration 2}", "2"), ("(a) Iteration 2", "2"),
        ("Question 1: iteration 2", "2"),
        ("Exercise 1. Second iteration", "2"), ("Second iteration (n = 2)", "2"), ("Iteration n = 2", "2"),
        ("Iteration two", "2"),
        ("Iteration II", "2"), ("Zweite Iteration", "2"), ("2nd update", "2"), ("<h2>Iteration 2</h2>", "2"),
        ("== Iteration 2 ==", "2"), ("After 2 iterations:", "2"), ("In iteration 2:", "2"), ("Iteration 1, in epoch 1", "1"),
        ("Epoch 1, iteration 2", "2"), ("1. Iteration", "1"), ("Iteration 2 of 3", "2"),
    ],
)  # fmt: skip
def test_a_heading_names_its_iteration(heading, number):
    assert text_document(f"{heading}\nb = [1 2]\n") == {"iteration": {number: {"biases": "[1 2]"}}}


@pytest.mark.parametrize(
    "heading", ["Iteration 1 and 2", "Iteration 1 -> 2", "3. Iteration", "Next iteration", "Iteration 2/3"]
)
def test_a_heading_that_may_name_two_iterations_is_asked_back(read, heading):
    answer = read(f"Iteration 1\nJ = 12.29\n{heading}\nb = [9, 9, 9]\n")
    assert parts(answer) == {"cost"}
    assert len(answer.faults) == 1


def test_german_ordinals_are_told_by_the_one_above():
    assert text_document("1. Iteration\nJ = 1.5\n2. Iteration\nJ = 2.5\n") == {
        "iteration": {"1": {"cost": "1.5"}, "2": {"cost": "2.5"}}
    }


@pytest.mark.parametrize(
    "line",
    [
        "Item 1",
        "Iterations",
        "Update the weights",
        "In iteration 2 the cost falls as we see below.",
        "Iteration 2.5",
        "Question 2",
    ],
)
def test_a_line_that_names_no_iteration_heads_nothing(line):
    assert table_of_heading(line) == ()


def test_epochs_are_iterations_where_each_has_one_update(read):
    assert wrongly_read(read("Epoch 1\nJ = 12.29\n")) == []


def changed_by_one_letter(text, letters, step):
    """The text without one of the letters, or with it twice; each time another one."""
    places = [found.start() for found in re.finditer(f"[{re.escape(letters)}]", text)]
    for place in places[::step]:
        yield text[:place] + text[place + 1 :]
        yield text[:place] + text[place] + text[place:]


@pytest.mark.parametrize(
    "name", ["answer.toml", "answer.json", "numpy.txt", "line.txt", "latex.tex", "markdown.md", "tabs.txt"]
)
def test_one_letter_too_many_or_too_few_costs_one_part_at_most(read, name):
    # A decimal comma is a part of its figure, and a sign may be all that tells parts in one line apart.
    letters = {"tabs.txt": '[](){}=:"$&', "line.txt": '[](){},:"$&'}.get(name, '[](){},=:"$&')
    for text in changed_by_one_letter(WHOLE[name], letters, 3):
        answer = read(text, name)
        assert len({*RIGHT} - parts(answer)) <= 1, text
        assert wrongly_read(answer) == [], text


def test_a_row_that_is_missing_moves_no_other(read):
    head = "| p | A | B | C |\n|---|---|---|---|\n"
    table = f"{head}| 1 | 2.43 | 1.62 | -2.26 |\n| 3 | 1.09 | -0.40 | -0.04 |\n| 4 | -1.43 | 0.68 | 0.40 |\n"
    answer = read(f"# Iteration 1\n**U**\n\n{table}\nJ = 12.29\n", "a.md")
    assert parts(answer) == {"cost"}
    assert "must have 4 rows and 3 columns. Got 3 rows and 3 columns" in answer.faults["iteration.1.synaptic_inputs"]


def test_nothing_of_what_stands_on_its_own_is_read_twice(read):
    with pytest.raises(AnswerError):
        read("There is nothing here but W and b, in 3 sentences with [1, 2].\n")
