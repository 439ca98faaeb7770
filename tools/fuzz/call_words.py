"""Public functions, the arguments that are right for each, and wrong ones, as lines of Python."""

from __future__ import annotations

SETUP = """\
import copy, datetime, decimal, fractions, pathlib, pickle
import numpy as np, pyarrow as pa, scipy.sparse, torch
import deltarule as dr
from deltarule import class_list, conventions, data, layers, marking, metrics, plots, setting, tables
X = [[0.0, 4.0], [-1.0, 3.0], [2.0, 3.0], [-2.0, 2.0]]
t = ["A", "A", "B", "B"]
D = [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0], [0.2, 0.1]]
document = {
    "layer": {"kind": "softmax", "weights": [[0.1, 0.2], [0.3, -0.1]]},
    "data": {"inputs": X, "targets": t},
    "descent": {"learning_rate": 0.1, "epochs": 5},
}
problem = dr.problem_from(document)
softmax, linear = problem.layer, dr.LinearLayer.random(2, 2, seed=0)
run = dr.train(problem, engine="direct")
"""
WRONG = (
    "None",
    "3",
    "0",
    "-1",
    "1.5",
    "'x'",
    "''",
    "b'x'",
    "object()",
    "[]",
    "{}",
    "()",
    "set()",
    "True",
    "1j",
    "10**400",
    "2**63",
    "float('nan')",
    "float('inf')",
    "1e308",
    "np.array(3)",
    "np.array('x')",
    "np.zeros((0, 2))",
    "np.zeros((4, 0))",
    "np.zeros((2, 2, 2))",
    "np.zeros(4)",
    "np.float16(1)",
    "np.int8(3)",
    "np.zeros((4, 2), 'f2')",
    "np.zeros((4, 2), complex)",
    "np.zeros((4, 2), object)",
    "np.array([[1, 2], [3]], dtype=object)",
    "np.ma.masked_array(X, mask=[[1, 0]] * 4)",
    "np.ma.masked_array(t, mask=[1, 0, 0, 0])",
    "np.ma.masked",
    "np.datetime64('2020-01-01')",
    "np.array(['NaT'] * 4, 'M8[D]')",
    "np.zeros(4, [('a', 'f8')])",
    "np.matrix(X)",
    "np.full((4, 2), np.nan)",
    "np.full((4, 2), 1e308)",
    "np.array(t)[:, None]",
    "np.array([0, 1, 0, 1])[:, None]",
    "np.array([2**63, 2**63 + 1, 2**63, 1], 'u8')",
    "[2**63, 2**63 + 1, 2**63, 1]",
    "['A', 1, 'B', 'B']",
    "['A', None, 'B', 'B']",
    "['A', 'A\\x00', 'A', 'B']",
    "[float('inf'), 0, 1, 1]",
    "[[1, 0], [0, 1], [1, 0]]",
    "torch.ones(4, 2)",
    "torch.ones(4, 2, requires_grad=True)",
    "torch.ones(4, 2).to_sparse()",
    "scipy.sparse.csr_matrix(X)",
    "pa.array(t)",
    "pa.table({'a': [1.0, 2, 3, 4], 'b': [1.0, 2, 3, 4]})",
    "range(4)",
    "iter(X)",
    "(x for x in X)",
    "lambda *a: 0",
    "dr",
    "dr.SoftmaxLayer",
    "dr.Descent",
    "pathlib.Path('.')",
    "pathlib.Path('x\\x00')",
    "decimal.Decimal('0.1')",
    "fractions.Fraction(1, 3)",
    "datetime.date(2020, 1, 1)",
    "[X]",
    "[[10**400, 1]] * 4",
    "[['1', '2']] * 4",
    "{'A': 1}",
    "slice(None)",
    "...",
    "Exception()",
    "X[:1]",
    "t[:1]",
    "'A' * 10000",
    "np.random.default_rng(0)",
    "np.array(X).T",
    "np.asfortranarray(X)",
    "np.array(X, 'f4')",
    "np.array(X, '>f8')",
    "np.array(X)[::-1]",
    "np.array(X, 'i1')",
    "np.array([True, False, True, False])",
    "-0.0",
    "1e-320",
    "memoryview(b'abcd')",
    "'softmax'",
    "'sum'",
    "np.str_('A')",
    "np.array(1.0)",
    "[0.1, 0.1]",
    "[1, 2]",
    "[-1]",
    "[None]",
    "(0, 0)",
    "(0, 99)",
    "'\\ud800'",
    "'\\x1b[31m'",
    "X",
    "t",
    "D",
    "softmax",
    "linear",
    "problem",
    "run",
)
# Each argument: words that are right there.
LAYER, INPUTS, TARGETS = (
    (
        "softmax",
        "dr.SoftmaxLayer.random(2, ['A', 'B'])",
        "dr.LogisticLayer.random(2, ['A', 'B'])",
        "softmax.astype('f4')",
    ),
    ("X", "np.array(X)"),
    ("t", "np.array(t)", "[[1, 0], [1, 0], [0, 1], [0, 1]]"),
)
NUMBERS, ROWS = (
    ("linear", "dr.PerceptronLayer.random(2, 2)", "dr.PerceptronLayer.random(2, 2, activation='tanh')"),
    ("D", "np.array(D)"),
)
DESCENT = (
    "dr.Descent(0.1, 3)",
    "dr.Descent(0.1, 3, batch_size=2)",
    "dr.Descent(1e300, 3)",
    "dr.Descent(0.1, 3, 'mean')",
)
WEIGHTS, COUNT, SMALL = ("None", "[1, 2, 0, 1]", "np.ones(4)"), ("1", "2", "3"), ("0.1", "1e-3", "0")
REDUCTION, SEED, BOOL, TEXT, PATH = (
    ("'sum'", "'mean'"),
    ("0", "7", "np.random.default_rng(0)"),
    ("True", "False"),
    ("'a'", "'x1'"),
    ("'out.csv'", "'out.svg'", "'out.toml'", "'out.json'"),
)
CLASSES, ENGINE, KIND = (
    ("['A', 'B']", "('A', 'B')", "[0, 1]"),
    ("'direct'", "'compiled'", "'autograd'"),
    ("'softmax'", "'logistic'", "'linear'", "'perceptron'"),
)
PROBLEM, RUN = ("problem", "problem.with_title('x')"), ("run", "dr.train(linear, X, D, dr.Descent(0.1, 3), 'direct')")
SWEEP = (
    "dr.sweep(softmax, X, t, learning_rate=[0.1, 1], epochs=3, validation=(X[:2], t[1:3]))",
    "dr.sweep('linear', X, D, learning_rate=[0.1, 1], epochs=3)",
)
ITERATION, ANSWER = (
    ("dr.iterate(problem)", "dr.iterate(problem, iteration=2)"),
    ("{'iteration': {'1': {'cost': 1.0}}}", "marking.worked_answer(problem)", "marking.answer_from({}, problem)"),
)
MATRIX, DTYPE = ("[[0.1, 0.2], [0.3, 0.4]]", "np.eye(2)"), ("'f4'", "np.float64", "np.dtype('f4')")
Words = tuple[str, ...]
# Each call: what stands for the function, then its arguments; the names of arguments with = are optional.
CALLS: tuple[tuple[str, dict[str, Words]], ...] = (
    (
        "dr.train",
        {
            "0": LAYER + NUMBERS,
            "1": INPUTS,
            "2": TARGETS + ROWS,
            "3": DESCENT,
            "engine=": ENGINE,
            "validation=": ("(X, t)", "None"),
            "sample_weight=": WEIGHTS,
            "record_every=": COUNT,
        },
    ),
    (
        "dr.train",
        {
            "0": LAYER,
            "1": INPUTS,
            "2": TARGETS,
            "3": DESCENT,
            "engine=": ENGINE,
            "validation=": ("(X, t)", "None"),
            "sample_weight=": WEIGHTS,
            "progress=": ("False", "lambda *a: None"),
        },
    ),
    ("dr.train", {"0": PROBLEM, "engine=": ENGINE, "record_every=": COUNT}),
    (
        "dr.iterate",
        {"0": LAYER, "1": INPUTS, "2": TARGETS, "3": DESCENT, "iteration=": COUNT, "sample_weight=": WEIGHTS},
    ),
    ("dr.iterate", {"0": PROBLEM, "iteration=": COUNT}),
    (
        "dr.sweep",
        {
            "0": LAYER + KIND,
            "1": INPUTS,
            "2": TARGETS,
            "learning_rate=": ("0.1", "[0.1, 1]"),
            "epochs=": COUNT,
            "batch_size=": ("None", "[None, 2]"),
            "weight_decay=": SMALL,
            "seed=": ("0", "range(2)"),
            "tolerance=": ("None", "0.1"),
            "reduction=": REDUCTION,
            "validation=": ("(X[:2], t[1:3])",),
            "folds=": ("2", "None"),
            "record_every=": COUNT,
            "sample_weight=": WEIGHTS,
        },
    ),
    (
        "dr.sweep",
        {
            "0": LAYER,
            "1": INPUTS,
            "2": TARGETS,
            "descents=": ("[dr.Descent(0.1, 2)]", "[dr.Descent(0.1, 2), dr.Descent(0.2, 2)]"),
        },
    ),
    (
        "dr.sweep_problem",
        {
            "0": PROBLEM,
            "learning_rate=": ("0.1", "[0.1, 1]"),
            "seed=": ("0", "range(2)"),
            "validation=": ("0.5", "2"),
            "folds=": ("2", "None"),
            "epochs=": COUNT,
        },
    ),
    ("dr.separability", {"0": INPUTS, "1": TARGETS}),
    ("dr.separability", {"0": PROBLEM}),
    (
        "dr.optimum",
        {
            "0": LAYER + NUMBERS[:1],
            "1": INPUTS,
            "2": TARGETS + ROWS,
            "3": ("dr.Descent(0.1, 3, weight_decay=0.1)",),
            "sample_weight=": WEIGHTS,
        },
    ),
    ("dr.boundaries", {"0": LAYER}),
    ("dr.check", {"0": PROBLEM, "1": ANSWER}),
    ("dr.mark_folder", {"0": PATH, "1": PATH, "processes=": COUNT, "progress=": BOOL}),
    ("dr.read_answer", {"0": PATH, "1": PROBLEM}),
    ("dr.read_problem", {"0": PATH}),
    ("dr.write_problem", {"0": PROBLEM, "1": ("'out.toml'",)}),
    (
        "dr.problem_from",
        {
            "0": ("document", "{}", "{'layer': {}}", "{**document, 'show': {'decimals': 0}}"),
            "1": ("'.'", "pathlib.Path('.')"),
        },
    ),
    (
        "dr.new_problem",
        {
            "0": KIND,
            "1": ("4", "6"),
            "2": ("1", "2"),
            "classes=": ("None", "2"),
            "neurons=": ("None",),
            "epochs=": COUNT,
            "decimals=": ("1", "2"),
            "seed=": SEED,
            "learning_rate=": ("None", "0.1"),
            "separable=": ("None", *BOOL),
            "one_decimal=": BOOL,
        },
    ),
    (
        "dr.Descent",
        {
            "0": SMALL[:2],
            "1": COUNT,
            "batch_size=": ("None", "2"),
            "reduction=": REDUCTION,
            "weight_decay=": SMALL,
            "tolerance=": ("None", "0"),
            "seed=": SEED,
        },
    ),
    ("dr.SoftmaxLayer", {"0": MATRIX, "1": ("[0, 0]",), "2": CLASSES}),
    ("dr.LogisticLayer", {"0": MATRIX, "1": ("[0, 0]",), "classes=": (*CLASSES, "None")}),
    ("dr.LinearLayer", {"0": MATRIX, "1": ("[0, 0]",)}),
    ("dr.PerceptronLayer", {"0": MATRIX, "1": ("[0, 0]",), "activation=": ("'sigmoid'", "'tanh'")}),
    ("dr.SoftmaxLayer.random", {"0": COUNT, "1": CLASSES, "seed=": SEED}),
    ("dr.LinearLayer.random", {"0": COUNT, "1": COUNT, "seed=": SEED}),
    ("dr.LogisticLayer.random", {"0": COUNT, "classes=": CLASSES, "seed=": SEED}),
    ("dr.PerceptronLayer.random", {"0": COUNT, "1": COUNT, "activation=": ("'tanh'",)}),
    ("dr.SoftmaxLayer.for_targets", {"0": ("2",), "1": TARGETS, "classes=": (*CLASSES, "None"), "seed=": SEED}),
    ("dr.LinearLayer.for_targets", {"0": ("2",), "1": ROWS}),
    *(
        (f"{layer}.{name}", {"0": INPUTS})
        for layer in ("softmax", "linear")
        for name in ("predict", "output", "synaptic_input", "check_inputs")
    ),
    *(
        (f"softmax.{name}", {"0": INPUTS, "1": TARGETS, "sample_weight=": WEIGHTS})
        for name in ("cost", "delta", "errors", "patterns")
    ),
    *(
        (f"linear.{name}", {"0": INPUTS, "1": ROWS, "sample_weight=": WEIGHTS})
        for name in ("cost", "delta", "errors", "patterns")
    ),
    ("softmax.cost", {"0": INPUTS, "1": TARGETS, "2": REDUCTION, "weight_decay=": SMALL}),
    ("softmax.encode", {"0": TARGETS}),
    ("linear.encode", {"0": ROWS}),
    ("softmax.astype", {"0": DTYPE}),
    ("softmax.with_parameters", {"0": MATRIX, "1": ("[0, 0]",)}),
    ("problem.with_descent", {"0": DESCENT}),
    ("problem.with_layer", {"0": LAYER[:1]}),
    ("problem.with_conventions", {"0": ("conventions.Conventions('D - Y')",)}),
    ("problem.with_title", {"0": TEXT}),
    ("marking.answer_from", {"0": ANSWER[:1], "1": PROBLEM}),
    ("marking.worked_answer", {"0": PROBLEM}),
    ("marking.answer_text", {"0": ANSWER[1:2]}),
    ("marking.blank_answer", {"0": PROBLEM}),
    ("marking.template", {"0": PROBLEM, "1": ("'toml'", "'json'", "'markdown'")}),
    ("data.split", {"0": ("4", "10"), "1": ("0.5", "2"), "2": ("0", "7"), "stratified=": BOOL, "labels=": ("t",)}),
    ("data.standardising", {"0": INPUTS}),
    ("data.centring", {"0": INPUTS}),
    ("data.min_max", {"0": INPUTS}),
    ("data.standardising(X).apply", {"0": INPUTS}),
    ("data.standardising(X).undo", {"0": INPUTS}),
    ("metrics.scores", {"0": NUMBERS, "1": INPUTS, "2": ROWS, "scaling=": ("None", "data.min_max(D)")}),
    ("metrics.mean_square_error", {"0": ROWS, "1": ROWS}),
    ("metrics.r2", {"0": ROWS, "1": ROWS}),
    ("tables.read_table", {"0": PATH, "target=": TEXT, "inputs=": ("None", "['a']")}),
    ("setting.ProblemRequest", {"0": KIND, "1": ("4",), "2": COUNT, "classes=": COUNT, "decimals=": COUNT}),
    ("setting.conditions", {"0": PROBLEM, "separable=": BOOL}),
    ("setting.sheet", {"0": PROBLEM, "1": ("'html'", "'latex'"), "formulas=": BOOL}),
    ("setting.student_seed", {"0": ("0",), "1": TEXT}),
    ("setting.read_students", {"0": PATH}),
    ("class_list.read_class_list", {"0": PATH, "1": TEXT, "ids=": TEXT}),
    (
        "setting.write_one",
        {"0": ("'out.toml'",), "1": ("setting.ProblemRequest(patterns=4)",), "forms=": ("['html']",)},
    ),
    (
        "plots.learning_curves",
        {
            "0": RUN,
            "count=": ("'accuracy'", "'errors'"),
            "log_x=": BOOL,
            "log_y=": BOOL,
            "references=": ("{'a': 1.0}",),
            "marks=": ("{'a': 1.0}",),
        },
    ),
    ("plots.svg_text", {"0": ("plots.learning_curves(run)",), "1": TEXT, "2": TEXT}),
    (
        "plots.decision_regions",
        {
            "0": LAYER,
            "1": INPUTS,
            "2": TARGETS,
            "inputs=": ("(0, 1)",),
            "names=": ("('a', 'b')",),
            "x_limits=": ("(0, 1)", "None"),
            "at=": ("None", "[0, 0]"),
        },
    ),
    ("plots.sweep_curves", {"0": SWEEP}),
    ("plots.strips", {"0": ("{'a': [1.0, 2.0]}",), "references=": ("{'a': 1.0}",), "log=": BOOL}),
    ("plots.traces", {"0": ("[1, 2, 3]",), "1": ("{'a': [1.0, 2.0, 3.0]}",), "x_label=": TEXT, "log_y=": BOOL}),
    ("plots.save", {"0": ("plots.learning_curves(run)",), "1": PATH}),
    ("plots.with_dark_mode", {"0": ("plots.svg_text(plots.learning_curves(run))",)}),
    ("plots.grid", {"0": ("[plots.decision_regions(softmax, X, t)]",), "columns=": COUNT}),
    *(
        (f"({sweep}).{name}", {"0": ("'validation_cost'", "'training_cost'", "'cost'")})
        for sweep in SWEEP
        for name in ("best_by", "best_place", "ranking", "refit")
    ),
    *(
        (f"({sweep}).test", {"0": INPUTS, "1": TARGETS, "by=": ("'validation_cost'",), "refit=": BOOL})
        for sweep in SWEEP
    ),
    *((f"({sweep}).save", {"0": PATH}) for sweep in SWEEP),
    *((f"({sweep}).__getitem__", {"0": COUNT}) for sweep in SWEEP),
)
LOOKS = (
    "{}",
    "{}",
    "repr({})",
    "str({})",
    "copy.deepcopy({})",
    "pickle.loads(pickle.dumps({}))",
    "getattr({}, 'to_dict', dict)()",
    "getattr({}, '_repr_html_', str)()",
)
