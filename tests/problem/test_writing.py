"""What is written reads back equal; files are replaced whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltarule.errors import InputError, ProblemError
from deltarule.layers import LinearLayer, PerceptronLayer, SoftmaxLayer
from deltarule.problem import problem_from, problem_text, read_problem, write_problem
from problem_files import document, numbers_problem

finite = st.floats(allow_nan=False, allow_infinity=False)
# Characters that UTF-8 can hold: all but the surrogates.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
# NumPy's texts do not tell "a" from "a" with a zero character after it.
label = text.map(lambda word: word.rstrip("\0"))


@given(
    weights=st.lists(st.tuples(finite, finite), min_size=1, max_size=3),
    biases=st.tuples(finite, finite),
    inputs=st.lists(st.tuples(finite, st.integers(-(2**53), 2**53), finite), min_size=2, max_size=30),
    classes=st.one_of(
        st.lists(label.filter(str.strip), min_size=2, max_size=2, unique=True),
        st.lists(st.integers(-9, 9), min_size=2, max_size=2, unique=True),
        st.just([True, False]),
    ),
    title=text,
)
def test_what_is_written_reads_back_bit_equal(tmp_path_factory, weights, biases, inputs, classes, title):
    rows = [row[: len(weights)] for row in inputs]
    targets = [classes[place % 2] for place in range(len(rows))]
    made = {
        "show": {"decimals": 3},
        "descent": {"tolerance": 1e-300, "epochs": 2, "learning_rate": 5e-324, "reduction": "mean"},
        "data": {"inputs": rows, "targets": targets},
        "layer": {"kind": "softmax", "weights": weights, "biases": biases},
        "title": title,
    }
    problem = problem_from(made)
    path = tmp_path_factory.mktemp("written") / "p.toml"
    write_problem(problem, path)
    again = read_problem(path)
    assert again.document == problem.document
    assert again.layer.weights.tobytes() == problem.layer.weights.tobytes()
    assert again.layer.biases.tobytes() == problem.layer.biases.tobytes()
    assert again.X.tobytes() == problem.X.tobytes()
    assert again.targets.tolist() == targets
    assert (again.title, again.descent, again.layer.classes) == (title, problem.descent, problem.layer.classes)
    assert problem_text(again) == problem_text(problem)


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=4), st.tuples(finite, finite))
def test_a_layer_put_in_reads_back_bit_equal(tmp_path_factory, weights, biases):
    data = {"inputs": [[1.0] * len(weights)] * 2, "targets": [[0.5, -1], [1, 0.25]]}
    start = {"kind": "perceptron", "activation": "tanh", "init": {"seed": 3}}
    problem = problem_from(document(start, data))
    layer = PerceptronLayer(weights, biases, activation="tanh")
    path = tmp_path_factory.mktemp("written") / "p.toml"
    write_problem(problem.with_layer(layer), path)
    again = read_problem(path)
    assert again.layer.weights.tobytes() == layer.weights.tobytes()
    assert again.layer.biases.tobytes() == layer.biases.tobytes()
    assert again.layer.activation == "tanh"
    assert problem.document["layer"] == start  # the first problem is as it was


def test_a_matrix_is_written_a_row_a_line_and_a_long_list_over_lines():
    data = {
        "inputs": [[n, 0.5] for n in range(23)],
        "targets": [f"c{n % 3}" for n in range(23)],
        "split": {"test": 5, "seed": 1},
    }
    written = problem_text(problem_from(document({"kind": "softmax", "init": {"seed": 2}}, data, show={"decimals": 4})))
    lines = written.splitlines()
    assert lines[:5] == ['title = "Two"', "", "[layer]", 'kind = "softmax"', "init = {seed = 2}"]
    start = lines.index("inputs = [")
    assert lines[start + 1 : start + 24] == [f"    [{n}, 0.5]," for n in range(23)]
    assert lines[start + 24] == "]"
    start = lines.index("targets = [")
    assert [line.count('"') // 2 for line in lines[start + 1 : start + 5]] == [10, 10, 3, 0]
    assert "split = {test = 5, seed = 1}" in lines
    assert lines[-2:] == ["[show]", "decimals = 4"]


@pytest.mark.parametrize(
    ("layer", "what"),
    [
        (LinearLayer([[1.0, 0], [0, 1]], [0.0, 0]), "kind is 'softmax'. Got 'linear'."),
        (SoftmaxLayer([[1.0, 0]], [0.0, 0], classes=["a", "b"]), "inputs is 2. Got 1."),
        (SoftmaxLayer([[1.0, 0, 0]] * 2, [0.0] * 3, classes=["a", "b", "c"]), "neurons is 2. Got 3."),
        (SoftmaxLayer([[1.0, 0]] * 2, [0.0] * 2, classes=["b", "a"]), "classes is ('a', 'b'). Got ('b', 'a')."),
    ],
)
def test_a_layer_of_another_problem_is_refused(layer, what):
    with pytest.raises(InputError, match=r"^The layer must be like the problem's, whose ") as caught:
        problem_from(document()).with_layer(layer)
    assert what in str(caught.value)


def test_a_layer_of_another_activation_is_refused():
    problem = problem_from(numbers_problem("perceptron", scale_targets=True))
    with pytest.raises(InputError, match=r"whose activation is 'sigmoid'\. Got 'tanh'"):
        problem.with_layer(PerceptronLayer([[1.0]], [0.0], "tanh"))


def test_a_table_is_found_again_from_another_folder(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t.csv").write_text("a,b,t\n1,2,x\n3,4,y\n")
    (tmp_path / "out" / "deep").mkdir(parents=True)
    made = document(data={"table": "data/t.csv", "target": "t"})
    monkeypatch.chdir(tmp_path)
    problem = problem_from(made)  # relative to the folder of now
    for target, table in [("out/deep/p.toml", "../../data/t.csv"), ("data/p.toml", "t.csv"), ("p.toml", "data/t.csv")]:
        write_problem(problem, target)
        again = read_problem(target, root=tmp_path)
        assert again.document["data"]["table"] == table
        assert again.X.tolist() == [[1, 2], [3, 4]]
    absolute = problem_from(document(data={"table": str(tmp_path / "data/t.csv"), "target": "t"}), root=".")
    write_problem(absolute, "out/p.toml")
    assert read_problem("out/p.toml", root=tmp_path).document == absolute.document


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "p.toml"
    write_problem(problem_from(document(title="first")), path)
    before = path.read_bytes()

    def fail(self, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(ProblemError, match=r"No space left on device"):
            write_problem(problem_from(document(title="second")), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["p.toml"]  # no draft is left
    write_problem(problem_from(document(title="second")), path)
    assert read_problem(path).title == "second"


def test_a_file_that_cannot_be_written_is_reported(tmp_path):
    problem = problem_from(document())
    for path, why in [(tmp_path, "directory"), (tmp_path / "none" / "p.toml", "No such file or directory")]:
        with pytest.raises(ProblemError) as caught:
            write_problem(problem, path)
        assert caught.value.where == str(path)
        assert why in caught.value.why
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_kept_and_its_file_replaced(tmp_path):
    (tmp_path / "real.toml").write_text("old")
    (tmp_path / "link.toml").symlink_to("real.toml")
    write_problem(problem_from(document()), tmp_path / "link.toml")
    assert (tmp_path / "link.toml").is_symlink()
    assert read_problem(tmp_path / "real.toml").title == "Two"
