"""What a model predicts is written as a table, with labels of the type that the classes have."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

import deltarule as dr
from deltarule.model import Model
from deltarule.model_tables import predictions, write_tables
from deltarule.tables.sources import source_of_frame

ROWS = source_of_frame("table", pa.table({"x": [1.0, -1.0]}))


def table_of(model, source=ROWS):
    return pa.concat_tables(predictions(model, source))


def predicted(classes, **options):
    return table_of(Model(dr.SoftmaxLayer([[-1.0, 1.0]], [0.0, 0.0], classes), **options))


def table_bytes(table, suffix):
    file = io.BytesIO()
    write_tables([table], suffix, file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        (("a", "b"), pa.string()),
        ((1, 2), pa.int64()),
        ((False, True), pa.bool_()),
        ((0.5, 1.5), pa.float64()),
        ((2**63 - 1, -(2**63)), pa.int64()),
    ],
)
def test_labels_of_one_type_make_a_column_of_it(classes, kind):
    column = predicted(classes).column("prediction")
    assert column.type == kind
    assert column.to_pylist() == [classes[1], classes[0]]


@pytest.mark.parametrize("classes", [(1, "a"), (2**63, 1), (-(2**63) - 1, 1), (("a", 1), ("a", 2))])
def test_other_labels_make_a_column_of_texts(classes):
    column = predicted(classes).column("prediction")
    assert column.to_pylist() == [str(classes[1]), str(classes[0])]


def test_columns_have_the_names_of_the_target_and_of_the_classes():
    found = predicted(("a", "b"), target_names=("kind",))
    assert found.column_names == ["kind", "P(a)", "P(b)"]
    np.testing.assert_allclose(found.column("P(b)").to_numpy(), 1 / (1 + np.exp([-2.0, 2.0])))


def test_truth_values_are_written_alike_in_cells_and_in_names_of_columns():
    lines = table_bytes(predicted((False, True), target_names=("sold",)), ".csv").decode().splitlines()
    assert lines[0].replace('"', "") == "sold,P(false),P(true)"
    assert [line.split(",")[0] for line in lines[1:]] == ["true", "false"]


def test_independent_neurons_have_a_column_of_answers_and_one_of_probabilities_each():
    model = Model(dr.LogisticLayer([[1.0, -1.0]], [0.0, 0.0]), target_names=("wet", "cold"))
    found = table_of(model)
    assert found.column_names == ["wet", "cold", "P(wet)", "P(cold)"]
    assert found.column("wet").to_pylist() == [1, 0]


def test_numbers_without_names_are_counted():
    model = Model(dr.LinearLayer([[1.0, 2.0]], [0.0, 0.0]))
    assert table_of(model).to_pydict() == {"1": [1.0, -1.0], "2": [2.0, -2.0]}


@pytest.mark.parametrize(("classes", "target"), [((1, "1"), "kind"), (("a", "b"), "P(a)")])
def test_two_columns_of_one_name_are_refused(classes, target):
    with pytest.raises(dr.InputError, match="have different names in a table"):
        predicted(classes, target_names=(target,))


def test_a_form_that_is_not_known_is_refused():
    with pytest.raises(dr.InputError, match=r"must end in .csv, .parquet, .feather, .jsonl. Got '.xlsx'"):
        table_bytes(predicted(("a", "b")), ".xlsx")


def test_texts_with_commas_and_marks_are_quoted():
    content = table_bytes(predicted(("a,b", 'c"d')), ".csv")
    assert pyarrow.csv.read_csv(io.BytesIO(content)).column("prediction").to_pylist() == ['c"d', "a,b"]
