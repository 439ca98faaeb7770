"""Reading answers: every form that a figure may be written in, and what is wrong with each that cannot be read."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np
import pytest

from deltarule.errors import AnswerError
from deltarule.marking import answer_from, read_answer
from problem_files import four_patterns

U = [[0.5, -0.2, 0.1], [0.3, 0.4, -0.6], [2, 1, 0], [-1, 0.25, 3.5]]


SOFTMAX = four_patterns()
ONE_NEURON = four_patterns([0.1, 0.2, 0.3, 0.4], "linear", 1)


@pytest.fixture
def read(tmp_path):
    """The answer of a file with that text."""

    def reading(text, name="answer.toml", of=SOFTMAX):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_answer(path, of)

    return reading


def of(part, value, problem=SOFTMAX, table="iteration"):
    """The answer that gives one part, and the part; None where it is a fault."""
    answer = answer_from({table: {"1": {part: value}} if table == "iteration" else {part: value}}, problem)
    return answer, next(iter(answer.parts.values()), None)


# ---- Forms of the file.


def test_toml_json_and_csv_read_alike(read, tmp_path):
    rows = "\n".join(",".join(map(str, row)) for row in U)
    (tmp_path / "u.csv").write_text(rows)
    files = {
        "a.toml": f"[iteration.1]\nsynaptic_inputs = {U}",
        "b.toml": '[iteration.1]\nsynaptic_inputs = "u.csv"',
        "c.json": json.dumps({"iteration": {"1": {"synaptic_inputs": U}}}),
        "iteration.1.synaptic_inputs.csv": rows,
        "d.toml": "\n".join(["[iteration.1]", *(f"rows.synaptic_inputs.{p + 1} = {row}" for p, row in enumerate(U))]),
        "e.TOML": f"[iteration.1]\nsynaptic_inputs = {U}",
        "f.JSON": json.dumps({"iteration": {"1": {"synaptic_inputs": U}}}),
    }
    for name, text in files.items():
        answer = read(text, name)
        assert answer.faults == {}, name
        np.testing.assert_array_equal(answer.parts["iteration.1.synaptic_inputs"].values, U, err_msg=name)


def test_a_byte_order_mark_windows_and_old_mac_lines_do_no_harm(read):
    for text in (
        b"\xef\xbb\xbf[iteration.1]\r\ncost = 3.80\r\n",
        b"[iteration.1]\ncost = 3.80",
    ):
        assert read(text).parts["iteration.1.cost"].values == 3.8
    csv = b"1,2,3\r4,5,6\r7,8,9\r0,0,1\r"
    for text in (csv, csv.replace(b"\r", b"\r\n"), b"\xef\xbb\xbf" + csv.replace(b"\r", b"\n")):
        part = read(text, "iteration.1.delta.csv").parts["iteration.1.delta"]
        np.testing.assert_array_equal(part.values, [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 0, 1]])


def test_digits_are_those_written(read):
    text = "decimals = 1\n[iteration.1]\nsynaptic_inputs = [[3.80, 3.8, 4], [1e2, 1.5e-3, -0.0], [1, 2, 3], [1, 2, 3]]"
    part = read(text).parts["iteration.1.synaptic_inputs"]
    # Never fewer than the answer's own: 4 stands for 4.0 where all is written with one decimal.
    assert part.decimals[:2].tolist() == [[2, 1, 1], [1, 4, 1]]
    np.testing.assert_allclose(part.half[0], [0.005, 0.05, 0.05])
    assert read("[iteration.1]\ncost = 4").parts["iteration.1.cost"].decimals == 2  # the problem's
    counted = read("decimals = 3\n[iteration.1]\nerrors = 2").parts["iteration.1.errors"]
    assert (counted.decimals, counted.values) == (0, 2)


def test_digits_beyond_float64_say_no_more(read):
    for text in ("3.1234567890123456789012345678901", "1e-99999", "1.1e-400"):
        assert read(f"[iteration.1]\ncost = {text}").parts["iteration.1.cost"].decimals == 15


# ---- Shapes.


def test_rows_are_given_one_by_one(read):
    answer = read("[iteration.1]\nrows.delta.4 = [1, 2, 3]\nrows.weights.2 = [4, 5, 6]\nrows.predicted.3 = ['C']")
    delta, weights = answer.parts["iteration.1.delta"], answer.parts["iteration.1.weights"]
    assert not delta.complete
    np.testing.assert_array_equal(delta.values, [[np.nan] * 3] * 3 + [[1, 2, 3]])
    np.testing.assert_array_equal(weights.values, [[np.nan] * 3, [4, 5, 6]])
    np.testing.assert_array_equal(answer.parts["iteration.1.predicted"].values, [np.nan, np.nan, 2, np.nan])


def test_rows_of_a_mini_batch_are_numbered_as_the_patterns_are():
    mini = four_patterns(descent={"batch_size": 2, "seed": 3})
    order = np.random.default_rng(3).permutation(4)[:2]
    answer, part = of("rows", {"delta": {str(order[1] + 1): [1, 2, 3]}}, mini)
    np.testing.assert_array_equal(part.values, [[np.nan] * 3, [1, 2, 3]])
    absent = next(p for p in range(1, 5) if p - 1 not in order)
    answer, part = of("rows", {"delta": {str(absent): [1, 2, 3]}}, mini)
    assert part is None
    assert "no row" in answer.faults[f"iteration.1.delta.{absent}"]


def test_rows_for_columns_are_seen_where_they_can_be():
    answer, part = of("delta", np.transpose(U).tolist())
    assert part.transposed
    assert answer.faults == {}
    np.testing.assert_array_equal(part.values, U)
    assert not of("delta", U)[1].transposed


@pytest.mark.parametrize(
    ("part", "forms"),
    [
        ("biases", [[1, 2, 3], [[1, 2, 3]], [[1], [2], [3]], np.array([1, 2, 3]), (1, 2, 3)]),
        ("cost", [1, [1], [[1]], np.float32(1), np.array([1.0]), Decimal(1)]),
        ("delta", [U, np.array(U), [np.array(row) for row in U], tuple(map(tuple, U))]),
    ],
)
def test_a_row_and_a_number_in_any_brackets(part, forms):
    plain = of(part, forms[0])[1].values
    for form in forms[1:]:
        np.testing.assert_array_equal(of(part, form)[1].values, plain)


def test_one_neuron_may_be_a_list():
    for part, values in (("synaptic_inputs", [1, 2, 3, 4]), ("weights", [1, 2]), ("delta", [[1], [2], [3], [4]])):
        found = of(part, values, ONE_NEURON)[1].values
        assert found.shape == (len(values), 1)
        np.testing.assert_array_equal(found.ravel(), np.ravel(values))
    for biases in (0.5, [0.5], "0.5", ["0.5"]):
        np.testing.assert_array_equal(of("biases", biases, ONE_NEURON)[1].values, [0.5])
    assert of("biases", 0.5)[1] is None  # of three neurons


def test_independent_neurons_predict_a_row_of_0_and_1_each():
    both = four_patterns([[0, 1], [1, 1], [0, 0], [1, 0]], "logistic", 2)
    written = [[0, 1], [1, 1], [0, 0], [1, 0]]
    np.testing.assert_array_equal(of("predicted", written, both)[1].values, written)
    assert of("predicted", [0, 1, 1, 0], both)[1] is None


# ---- Classes.


def test_classes_by_label_by_number_from_1_and_from_0():
    for written in (["A", "C", "B", "A"], [1, 3, 2, 1], [["A"], ["C"], ["B"], ["A"]], np.array(["A", "C", "B", "A"])):
        answer, part = of("predicted", written)
        assert (part.values.tolist(), part.from_zero, answer.faults) == ([0, 2, 1, 0], False, {})
    part = of("predicted", [0, 2, 1, 0])[1]
    assert (part.values.tolist(), part.from_zero) == ([0, 2, 1, 0], True)
    assert of("predicted", [0, 3, 1, 1])[1] is None  # neither from 0 nor from 1


def test_labels_that_are_numbers_are_labels_first():
    numbers = four_patterns([3, 7, 0, 3])  # sorted: 0, 3, 7
    part = of("predicted", [3, 7, 0, 3], numbers)[1]
    assert (part.values.tolist(), part.from_zero) == ([1, 2, 0, 1], False)
    part = of("predicted", [Decimal("3.0"), Decimal(7), 0, 3.0], numbers)[1]
    assert (part.values.tolist(), part.from_zero) == ([1, 2, 0, 1], False)


def test_labels_that_are_no_text_are_read_from_a_table_of_texts():
    yes = four_patterns([True, False, True, True], "logistic", 1)
    for written in ([True, False, False, True], ["True", "False", "False", "True"], [2, 1, 1, 2]):
        assert of("predicted", written, yes)[1].values.tolist() == [1, 0, 0, 1]


def test_a_csv_of_labels(read):
    headed = ("predicted\nA\nC\nB\nA", "p;class\n1;A\n2;C\n3;B\n4;A\n")
    for text in ("A\nC\nB\nA\n", "A,C,B,A\n", " 1 \n3\n2\n1", *headed):
        assert read(text, "iteration.1.predicted.csv").parts["iteration.1.predicted"].values.tolist() == [0, 2, 1, 0]


# ---- Counting.


def test_iterations_counted_from_0():
    alone = answer_from({"iteration": {"0": {"cost": 3}}}, SOFTMAX)
    assert (list(alone.parts), alone.counted_from_zero) == (["iteration.1.cost"], True)
    first = {"cost": 3, "bias_gradient": [1, 2, 3]}
    answer = answer_from({"iteration": {"0": first, "1": {"cost": 2}}}, SOFTMAX)
    names = ["iteration.1.cost", "iteration.1.bias_gradient", "iteration.2.cost"]
    assert (list(answer.parts), answer.counted_from_zero) == (names, True)
    by_number = answer_from({"iteration": {0: first, 1: {"cost": 2}}}, SOFTMAX)
    assert (list(by_number.parts), by_number.counted_from_zero) == (names, True)


def test_iteration_0_that_may_be_the_start_beside_iteration_1_is_asked_back():
    answer = answer_from({"iteration": {"0": {"cost": 3}, "1": {"cost": 2}}, "convergence": {"updates": 5}}, SOFTMAX)
    assert (list(answer.parts), list(answer.faults)) == (["convergence.updates"], ["iteration.0", "iteration.1"])
    assert all("Iteration 0 and iteration 1 both stand. Which is the first" in why for why in answer.faults.values())


def test_iteration_0_that_has_the_problems_own_layer_is_the_start():
    start = {"W": SOFTMAX.layer.weights, "b": SOFTMAX.layer.biases}
    answer = answer_from({"iteration": {"0": start, "1": {"cost": 2}}}, SOFTMAX)
    assert (list(answer.parts), answer.faults, answer.counted_from_zero) == (["iteration.1.cost"], {}, False)


def test_parts_stand_in_the_order_in_which_they_are_worked():
    document = {
        "metrics": {"training_cost": 1},
        "iteration": {"2": {"cost": 1}, "1": {"biases": [1, 2, 3], "synaptic_inputs": U}},
        "convergence": {"cost": 1, "updates": 5},
    }
    assert list(answer_from(document, SOFTMAX).parts) == [
        "iteration.1.synaptic_inputs", "iteration.1.biases", "iteration.2.cost",
        "convergence.updates", "convergence.cost", "metrics.training_cost",
    ]  # fmt: skip


# ---- What cannot be read.


@pytest.mark.parametrize(
    ("table", "part", "value", "why"),
    [
        ("iteration", "delta", [[1, 2, 3]] * 3, "4 rows and 3 columns. Got 3 rows and 3 columns"),
        ("iteration", "delta", [[1, 2, 3], [1, 2], [1, 2, 3], [1, 2, 3]], "3 columns in each row"),
        ("iteration", "delta", [], "4 rows"),
        ("iteration", "delta", [[], [], [], []], "4 rows and 3 columns"),
        ("iteration", "biases", [], "3 entries"),
        ("iteration", "biases", [1, 2], "3 entries. Got 2"),
        ("iteration", "delta", [["one", 2, 3]] * 4, "hold numbers. Got 'one' in row 1, column 1"),
        ("iteration", "cost", "three", "hold numbers. Got 'three'"),
        ("iteration", "cost", "1,234", "say what its comma means. Got '1,234'. Write 1.234 or 1234."),
        ("iteration", "cost", "12,29,1", "be one figure"),
        ("iteration", "cost", "1+2j", "real numbers"),
        ("iteration", "cost", "-inf", "finite"),
        ("iteration", "cost", True, "hold numbers. Got True"),
        ("iteration", "cost", float("nan"), "finite"),
        ("iteration", "cost", Decimal("-Infinity"), "finite"),
        ("iteration", "cost", Decimal("1e400"), "float64"),
        ("iteration", "cost", 10**400, "float64"),
        ("iteration", "errors", 2.2, "whole"),
        ("iteration", "delta", "no.csv", "file that exists. Got no.csv"),
        ("iteration", "delta", "many words", "hold numbers. Got 'many words'"),
        ("iteration", "delta", "[[1 2 3]\n ...\n [4 5 6]]", "be complete. Got '...' in the place of figures. Print the"),
        ("iteration", "deltas", U, "Did you mean 'delta'?"),
        ("iteration", "predicted", ["A", "B", "C"], "4 labels"),
        ("iteration", "predicted", ["A", "B", "C", "D"], "A, B, C, or 1 to 3. Got D in place 4"),
        ("iteration", "predicted", "A", "4 labels"),
        ("iteration", "rows", [1], "rows.outputs.18"),
        ("convergence", "delta", U, "no such part"),
        ("convergence", "updates", 2.5, "whole"),
        ("boundaries", "A-D", [1, 2, 3], "no such pair"),
        ("boundaries", "A-B", [1, 2], "3 entries"),
        ("metrics", "training_mse", [1], "A softmax layer has only cost, errors and accuracy."),
        ("metrics", "training_mean", [1], "no such figure"),
        ("metrics", "test_cost", 1, "no test set"),
        ("metrics", "luck", 1, "no such figure"),
    ],
)  # fmt: skip
def test_each_fault_names_its_part_and_the_reason(table, part, value, why, tmp_path):
    name = f"iteration.1.{part}" if table == "iteration" else f"{table}.{part}"
    inner = {"1": {part: value, "bias_gradient": [1, 2, 3]}} if table == "iteration" else {part: value}
    answer = answer_from({table: inner}, SOFTMAX, folder=tmp_path)
    assert list(answer.faults) == [name]
    assert why in answer.faults[name]
    assert list(answer.parts) == (["iteration.1.bias_gradient"] if table == "iteration" else [])


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ({"delta": {"9": [1, 2, 3]}}, "iteration.1.delta.9"),
        ({"delta": {"x": [1, 2, 3]}}, "iteration.1.delta.x"),
        ({"delta": {"²": [1, 2, 3]}}, "iteration.1.delta.²"),
        ({"delta": {"1": [1, 2]}}, "iteration.1.delta.1"),
        ({"delta": {"1": 4}}, "iteration.1.delta.1"),
        ({"delta": [1, 2, 3]}, "iteration.1.delta"),
        ({"cost": {"1": [1]}}, "iteration.1.cost"),
        ({"biases": {"1": [1, 2, 3]}}, "iteration.1.biases"),
        ({3: {"1": [1]}}, "iteration.1.3"),
    ],
)
def test_rows_that_do_not_exist_are_faults(rows, fault):
    assert list(of("rows", rows)[0].faults) == [fault]


def test_a_part_without_rows_cannot_be_given_by_rows():
    for part, why in (("cost", "is one number"), ("errors", "is one number"), ("biases", "has only one row")):
        for rows in ({"1": 2}, 2):
            assert of("rows", {part: rows})[0].faults == {
                f"iteration.1.{part}": f"This {why}. Write it without `rows`."
            }


@pytest.mark.parametrize(
    "text",
    [
        "u1,u2,u3\n0.69,0.31,-0.99\n1,2,3\n1,2,3\n1,2,3\n",
        "0,69;0,31;-0,99\n1;2;3\n1;2;3\n1;2;3",
        "0,69\t0,31\t-0,99\n1\t2\t3\n1\t2\t3\n1\t2\t3\n",
        "sep=;\n;A;B;C\np1;0,69;0,31;−0,99\np2;1;2;3\np3;1;2;3\np4;1;2;3",
        ",0,1,2\n0,0.69,0.31,-0.99\n1,1,2,3\n2,1,2,3\n3,1,2,3\n",
        '"0,69","0,31","-0,99"\n1,2,3\n1,2,3\n1,2,3\n',
        "# made by np.savetxt\n0.69 0.31 -0.99\n1 2 3\n1 2 3\n1 2 3\n",
    ],
)
def test_a_csv_file_is_read_as_a_spreadsheet_writes_it(read, tmp_path, text):
    """Beside an answer and alone."""
    (tmp_path / "d.csv").write_text(text)
    for answer in (read('[iteration.1]\ndelta = "d.csv"\ncost = 1'), read(text, "iteration.1.delta.csv")):
        assert answer.faults == {}
        part = answer.parts["iteration.1.delta"]
        np.testing.assert_array_equal(part.values, [[0.69, 0.31, -0.99], [1, 2, 3], [1, 2, 3], [1, 2, 3]])


def test_a_csv_file_whose_commas_may_be_decimal_commas_is_asked_back(read, tmp_path):
    (tmp_path / "d.csv").write_text("0,69,0,31,0,01\n" * 4)
    answer = read('[iteration.1]\ndelta = "d.csv"\ncost = 1')
    assert list(answer.parts) == ["iteration.1.cost"]
    assert "say which commas separate figures" in answer.faults["iteration.1.delta"]
    with pytest.raises(AnswerError, match=r"iteration\.1\.delta\.csv: .* which commas"):
        read("0,69,0,31,0,01\n" * 4, "iteration.1.delta.csv")


def test_a_csv_of_labels_that_are_words_has_no_heading(read):
    labels = four_patterns(["a;b", "C", "C", "a;b"], columns=1, kind="logistic")
    found = read("a;b\nC\nC\nC\n", "iteration.1.predicted.csv", labels).parts["iteration.1.predicted"]
    assert found.values.tolist() == [1, 0, 0, 0]


def test_parts_that_a_kind_of_layer_does_not_have_are_faults():
    answer = answer_from({"iteration": {"1": {"errors": 2, "predicted": [1, 2, 1, 1], "cost": 3}}}, ONE_NEURON)
    assert list(answer.parts) == ["iteration.1.cost"]
    assert all("a linear layer predicts numbers" in why for why in answer.faults.values())
    assert len(answer.faults) == 2
    assert "no classes" in of("A-B", [1, 2, 3], ONE_NEURON, "boundaries")[0].faults["boundaries.A-B"]


def test_iterations_and_tables_that_do_not_exist_are_faults():
    document = {
        "iteration": {"6": {"cost": 1}, "-1": {"cost": 1}, "x": {"cost": 1}, "2": 3}, "iterations": {}, "metrics": 1,
        "convergence": [1], 5: 1,
    }  # fmt: skip
    faults = answer_from(document, SOFTMAX).faults
    tables = {"iterations", "metrics", "convergence", "5"}
    assert set(faults) == tables | {"iteration.6", "iteration.-1", "iteration.x", "iteration.2"}
    assert "1 to 5" in faults["iteration.6"]
    assert "Did you mean 'iteration'?" in faults["iterations"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"decimals": 20, "iteration": {"1": {"cost": 1.5}}}', "0 to 15"),
        ('{"decimals": "two", "iteration": {"1": {"cost": 1.5}}}', "whole number"),
        ('{"decimals": 2, "iteration": {"1": {"cost": 1.5}}, "decimals": 3}', "This stands twice. Keep one."),
        ('{"decimals": 2, "iteration": {"1": {"cost": 1.5}}, "decimals": {"a": [1]}}', "This stands twice. Keep one."),
    ],
    ids=range(4),
)
def test_decimals_that_cannot_be_read_cost_nothing_but_themselves(read, text, why):
    answer = read(text, "a.json")
    assert answer.parts["iteration.1.cost"].values == 1.5
    assert list(answer.faults) == ["decimals"]
    assert why in answer.faults["decimals"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8-sig"])
def test_an_answer_is_read_in_the_encodings_that_people_save(read, encoding):
    text = (
        "\ufeff# Lösung\n[iteration.1]\ncost = 1.5\n"
        if encoding == "utf-16-le"
        else "# Lösung\n[iteration.1]\ncost = 1.5\n"
    )
    assert read(text.encode(encoding), "a.toml").parts["iteration.1.cost"].values == 1.5


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.toml", "", "empty"),
        ("a.toml", " \n\t\n", "empty"),
        ("a.toml", "title = 'nothing done'", "nothing to mark"),
        ("a.toml", "[iteration.1]", "nothing to mark"),
        ("a.toml", "[iteration.1\n", "not valid TOML"),
        ("a.toml", "cost", "not valid TOML"),
        ("a.toml", f"cost = {'[' * 5000}{']' * 5000}", "at most 50 deep"),
        ("a.toml", f"[iteration.1]\ncost{'.a' * 2000} = 1", "at most 50 deep"),
        ("a.json", f"{'[' * 50000}{']' * 50000}", "at most 50 deep"),
        ("a.json", f"{'[' * 60}{']' * 60}", "at most 50 deep"),
        ("a.json", "[1, 2]", "has tables"),
        ("a.toml", "[layer]\n[data]\n[iteration.1]", "This is a problem. Give the problem first, then the answer."),
        ("a.json", "{", "not valid JSON"),
        ("a.toml", "[iteration.1]\n# é".encode("utf-16")[2:], "UTF-8"),
        ("a.toml", b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        ("iteration.1.delta.csv", f'1,"{"x" * 200000}"', "not valid CSV"),
    ],
    ids=range(16),
)
def test_a_file_that_is_not_an_answer_is_refused(read, name, text, why):
    with pytest.raises(AnswerError, match=name) as raised:
        read(text, name)
    assert why in str(raised.value)
    assert len(str(raised.value)) < 400


def test_a_missing_file_and_an_impossible_file_name_are_refused(tmp_path, read):
    with pytest.raises(AnswerError, match=r"none\.toml: The answer must be a file that exists"):
        read_answer(tmp_path / "none.toml", SOFTMAX)
    faults = read('[iteration.1]\ndelta = "a\\u0000.csv"').faults
    assert "have a path that the system can use" in faults["iteration.1.delta"]


@pytest.mark.parametrize("depth", [3, 10, 45])
def test_brackets_in_brackets(read, depth):
    nested = f"{'[' * depth}1{']' * depth}"
    answer = read(f"[iteration.1]\nweights = {nested}\nbiases = {nested}\npredicted = {nested}")
    assert len(answer.faults) == 3
    assert all(len(why) < 200 for why in answer.faults.values())
