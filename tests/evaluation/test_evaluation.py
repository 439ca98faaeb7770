"""Scores are those of scikit-learn on the same predictions, for every kind of layer."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics

import deltarule as dr
from deltarule.data import standardising
from deltarule.evaluation import evaluate, targets_of
from deltarule.evaluation.figure import CalibrationCurve, EvaluationFigure, Heatmap, confusion_picture
from deltarule.evaluation.text import evaluation_lines
from deltarule.model import Model, gives_probabilities
from deltarule.tables.sources import source_of
from samples import NAMES, NUMBERS, sample

CLASSES = [name for name in NAMES if not name.endswith("independent") and name not in NUMBERS]


def evaluated(name, patterns=60):
    given = sample(name, patterns=patterns)
    model = Model(given.layer)
    return model, given, evaluate(model, given.X, given.targets)


@pytest.mark.parametrize("name", CLASSES)
def test_scores_of_classes_are_those_of_scikit_learn(name):
    model, given, found = evaluated(name)
    predicted, classes = model.predict(given.X), list(given.layer.classes)
    assert found.accuracy == pytest.approx(metrics.accuracy_score(given.targets, predicted))
    assert found.balanced_accuracy == pytest.approx(metrics.balanced_accuracy_score(given.targets, predicted))
    assert_array_equal(found.confusion, metrics.confusion_matrix(given.targets, predicted, labels=classes))
    if gives_probabilities(given.layer):
        P = model.probabilities(given.X)
        assert found.log_loss == pytest.approx(metrics.log_loss(given.targets, P, labels=classes))
        score = {"y_score": P[:, 1]} if len(classes) == 2 else {"y_score": P, "multi_class": "ovr", "labels": classes}
        assert found.auc == pytest.approx(metrics.roc_auc_score(given.targets, **score))
    else:
        assert (found.log_loss, found.calibration) == (None, None)


def test_the_log_loss_of_a_softmax_layer_is_its_mean_cost():
    model, given, found = evaluated("softmax")
    assert found.log_loss == pytest.approx(model.layer.cost(given.X, given.targets, "mean"))


@pytest.mark.parametrize("name", NUMBERS)
def test_errors_of_numbers_are_those_of_scikit_learn_in_the_targets_own_units(name):
    given = sample(name)
    raw = np.asarray(given.targets) * 7 + 3
    model = Model(given.layer, target_scaling=standardising(raw))
    found = evaluate(model, given.X, raw).scores
    expected = metrics.mean_squared_error(raw, model.predict(given.X), multioutput="raw_values")
    assert_allclose(found.mean_square_error, expected)
    assert_allclose(found.r2, metrics.r2_score(raw, model.predict(given.X), multioutput="raw_values"))


def test_the_calibration_of_two_classes_worked_by_hand():
    # With the inputs as log-odds: eight of 0.8, of which six are yes; three of 0.25, of which one is yes.
    layer = dr.LogisticLayer([[1.0]], [0.0], classes=["no", "yes"])
    X = np.log(np.array([[4.0]] * 8 + [[1 / 3]] * 3))
    evaluation = evaluate(Model(layer), X, ["yes"] * 6 + ["no"] * 4 + ["yes"])
    found = evaluation.calibration
    assert_allclose(found.predicted, [0.25, 0.8])
    assert_allclose(found.observed, [1 / 3, 0.75])
    assert found.patterns.tolist() == [3, 8]
    assert found.error == pytest.approx(3 / 11 * (1 / 3 - 0.25) + 8 / 11 * 0.05)
    assert "Calibration: the probability of yes\n" in str(evaluation)
    assert "0.2500   0.3333         3\n" in str(evaluation)


def test_the_calibration_of_three_classes_is_that_of_the_predicted_one_worked_by_hand():
    # Softmax of (log 4, 0, 0) is (2/3, 1/6, 1/6): a is predicted with 2/3, and is true of two in three.
    layer = dr.SoftmaxLayer([[np.log(4), 0, 0]], [0, 0, 0], ["a", "b", "c"])
    evaluation = evaluate(Model(layer), [[1.0]] * 3, ["a", "b", "a"])
    assert_allclose(evaluation.calibration.predicted, [2 / 3])
    assert_allclose(evaluation.calibration.observed, [2 / 3])
    assert evaluation.calibration.error == pytest.approx(0, abs=1e-12)
    assert "Calibration: the probability of the predicted class\n" in str(evaluation)


@pytest.mark.parametrize("name", ["softmax", "logistic, one neuron", "logistic, one against rest"])
def test_scores_of_a_layer_in_float32_are_found_in_double_precision(name):
    given = sample(name, patterns=300, dtype=np.float32)
    found, double = (
        evaluate(Model(layer), given.X, given.targets) for layer in (given.layer, given.layer.astype(float))
    )
    assert found.log_loss == pytest.approx(double.log_loss, rel=1e-5)
    assert found.auc == pytest.approx(double.auc, abs=1e-3)


@pytest.mark.parametrize("classes", [("a", "b"), (1, 2), ("1", "2")])
def test_targets_of_a_table_are_read_as_the_classes_are(classes, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,kind\n0.5,{}\n1.5,{}\n".format(*classes))
    model = Model(dr.SoftmaxLayer.random(1, classes), target_names=("kind",))
    assert targets_of(model, source_of(path)).tolist() == list(classes)


def test_targets_of_numbers_are_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,b,a\n0.5,1,2\n1.5,3,4\n")
    model = Model(dr.LinearLayer.random(1, 2), target_names=("a", "b"))
    assert targets_of(model, source_of(path)).tolist() == [[2.0, 1.0], [4.0, 3.0]]
    with pytest.raises(dr.InputError, match="know the names of its targets"):
        targets_of(Model(dr.LinearLayer.random(1, 2)), source_of(path))


def test_of_one_class_there_is_no_area_under_a_curve():
    layer = dr.SoftmaxLayer(np.eye(2), np.zeros(2), ["a", "b"])
    found = evaluate(Model(layer), np.eye(2), ["a", "a"])
    assert found.auc is None
    assert found.balanced_accuracy == 0.5
    assert "auc" not in found.to_dict()


def test_a_label_that_the_model_does_not_know_is_named():
    layer = dr.SoftmaxLayer(np.eye(2), np.zeros(2), ["a", "b"])
    with pytest.raises(dr.InputError, match="Got 'c' in row 2"):
        evaluate(Model(layer), np.eye(2), ["a", "c"])


@pytest.mark.parametrize("name", NAMES)
def test_an_evaluation_is_written_as_json_and_as_text(name):
    _, _, found = evaluated(name)
    assert json.loads(json.dumps(found.to_dict()))["patterns"] == 60
    assert all(len(line) <= 80 for line in str(found).splitlines())
    assert str(found).startswith("60 patterns")


@pytest.mark.parametrize("name", NAMES)
def test_an_evaluation_shows_itself_in_a_notebook(name):
    _, _, found = evaluated(name)
    page = ET.fromstring(f"<div>{re.sub('<style>.*?</style>', '', found._repr_html_(), flags=re.DOTALL)}</div>")
    cells = [cell.text for cell in page.iter("td") if cell.text]
    if found.confusion is not None:
        assert [str(count) for count in found.confusion.ravel()] == cells[: found.confusion.size]
    if found.scores is not None:
        assert f"{found.scores.r2[0]:.4f}".replace("-", "−") in cells


def test_the_confusion_matrix_of_many_classes_is_left_to_json():
    layer = dr.SoftmaxLayer.random(2, list(range(30)))
    found = evaluate(Model(layer), np.ones((30, 2)), list(range(30)))
    assert any("30 classes is in the JSON" in line.text for line in evaluation_lines(found, 80))


# ---- Figures.


def test_cells_are_darker_where_more_of_their_row_lie_in_them():
    _, _, found = evaluated("softmax")
    (axes,) = confusion_picture(found).draw().axes
    shares = found.confusion / found.confusion.sum(axis=1, keepdims=True)
    assert_allclose(axes.images[0].get_array(), shares)
    assert [text.get_text() for text in axes.texts] == [str(count) for count in found.confusion.ravel()]


def test_figures_stand_out_from_their_cells():
    (axes,) = Heatmap(np.array([[1.0, -0.5], [0.2, -1.0]]), ["a", "b"], ["c", "d"], signed=True).draw().axes
    assert [text.get_color() == "white" for text in axes.texts] == [True, False, False, True]
    assert [text.get_text() for text in axes.texts] == ["1.00", "-0.50", "0.20", "-1.00"]
    assert axes.images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(("columns", "turned"), [(4, 0), (5, 45)])
def test_the_names_of_many_columns_are_turned(columns, turned):
    (axes,) = Heatmap(np.ones((2, columns)), ["a", "b"], list("cdefg")[:columns]).draw().axes
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {turned}


def test_the_curve_goes_through_the_calibration():
    _, _, found = evaluated("softmax")
    (axes,) = CalibrationCurve(found).draw().axes
    assert_allclose(axes.lines[1].get_xydata().T, [found.calibration.predicted, found.calibration.observed])


def test_a_figure_has_the_calibration_where_there_is_one():
    matrix, curve = EvaluationFigure(evaluated("softmax")[2]).draw().axes
    assert (len(matrix.images), len(curve.lines)) == (1, 2)
    assert curve.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    assert len(EvaluationFigure(evaluated("adaline, one a class")[2]).draw().axes) == 1


def test_many_names_are_thinned_and_cells_without_figures_have_a_scale():
    figure = Heatmap(np.ones((200, 3)), [f"x{n}" for n in range(200)], ["a", "b", "c"], signed=True).draw()
    axes, _scale = figure.axes
    assert len(axes.get_yticks()) == 40
    assert not axes.texts


def test_numbers_have_no_confusion_matrix_to_draw():
    _, _, found = evaluated("linear")
    with pytest.raises(dr.InputError, match="Layers with classes have one"):
        EvaluationFigure(found).draw()
