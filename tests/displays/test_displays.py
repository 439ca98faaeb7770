"""Displays draw what estimators predict, into new figures or the user's, and stay small whatever the data."""

import io
import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import NotFittedError
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import deltarule as dr
from deltarule import plots
from deltarule.displays import DecisionRegionsDisplay, LearningCurvesDisplay, WeightsDisplay
from deltarule.errors import InputError
from deltarule.plots.plane import MOST

WINE = load_wine(as_frame=True)
X, Y = WINE.data, np.array(["red", "rosé", "white"])[WINE.target]
PAIR = ("alcohol", "flavanoids")
SMALL = 2_000_000  # bytes of a figure


@pytest.fixture(scope="module")
def softmax():
    return dr.SoftmaxClassifier(standardise=True).fit(X, Y)


@pytest.fixture(scope="module")
def pipeline():
    return make_pipeline(StandardScaler(), dr.SoftmaxClassifier()).fit(X, Y)


def predicted_at(display, estimator, points, **others):
    """Naive: the estimator asked at points of the plane, the other inputs at the values given or at their means."""
    frame = pd.DataFrame({name: np.full(len(points), others.get(name, X[name].mean())) for name in X.columns})
    frame[list(PAIR)] = points
    return estimator.predict(frame)


def in_box(display, count=300):
    (left, right), (low, high) = display.data.x_limits, display.data.y_limits
    return np.random.default_rng(0).uniform([left, low], [right, high], (count, 2))


def cell_classes(display, points):
    """The classes of the cells in which points lie."""
    raster, (left, right), (low, high) = display.data.raster, display.data.x_limits, display.data.y_limits
    column = ((points[:, 0] - left) / (right - left) * raster.shape[1]).astype(int)
    row = ((points[:, 1] - low) / (high - low) * raster.shape[0]).astype(int)
    return np.array(display.data.classes)[raster[row, column]]


def test_a_pipeline_is_asked_at_a_raster_of_places(pipeline):
    display = DecisionRegionsDisplay.from_estimator(pipeline, X, Y, features=PAIR, at={"hue": 1.25})
    points = in_box(display)
    agree = cell_classes(display, points) == predicted_at(display, pipeline, points, hue=1.25)
    assert agree.mean() > 0.99  # but for points in cells through which a boundary runs
    assert_array_equal(display.data.wrong, pipeline.predict(X) != Y)
    assert_array_equal(display.data.points, X[list(PAIR)])
    assert display.ax_.get_xlabel() == "alcohol\nhue = 1.25, the other 10 inputs at their means"
    (image,) = display.ax_.images
    assert image.get_extent() == [*display.data.x_limits, *display.data.y_limits]


def test_an_estimator_of_ours_has_exact_regions_those_of_its_layer(softmax):
    display = DecisionRegionsDisplay.from_estimator(softmax, X, Y, features=PAIR)
    plane = plots.decision_regions(softmax.layer_, X.to_numpy(), Y, inputs=(0, 6))
    for found, expected in zip(display.data.polygons, plane.polygons, strict=True):
        assert_array_equal(found, expected)
    raster = DecisionRegionsDisplay.from_estimator(
        make_pipeline(StandardScaler(), dr.SoftmaxClassifier()).fit(X, Y), X, Y, features=PAIR
    )
    points = in_box(raster)  # standardising first is the same model: the two ways agree
    agree = cell_classes(raster, points) == predicted_at(display, softmax, points)
    assert agree.mean() > 0.99


def test_a_layer_a_run_and_a_search_have_regions_too():
    iris = load_iris()
    inputs, labels = iris.data[:, 2:], iris.target
    run = dr.train(dr.SoftmaxLayer.random(2, [0, 1, 2]), inputs, labels, dr.Descent(0.01, 20), "direct")
    search = dr.SoftmaxClassifierCV(weight_decays=[0.1, 1.0], cv=3).fit(inputs, labels)
    grid = GridSearchCV(dr.SoftmaxClassifier(), {"weight_decay": [0.1, 1.0]}, cv=3).fit(inputs, labels)
    for trained in (run, run.layer, search):
        data = DecisionRegionsDisplay.from_estimator(trained, inputs, labels).data
        assert data.classes == (0, 1, 2)
        assert len(data.polygons) == 3
    assert DecisionRegionsDisplay.from_estimator(grid, inputs, labels, resolution=50).data.raster.shape == (50, 50)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_column_of_words_stands_at_the_value_given(library):
    library = pytest.importorskip(library).DataFrame
    rng = np.random.default_rng(1)
    frame = library(
        {
            "length": rng.normal(size=60),
            "colour": rng.choice(["blue", "red"], 60).tolist(),
            "width": rng.normal(size=60),
        }
    )
    labels = np.where(np.asarray(frame["length"]) + 2 * (np.asarray(frame["colour"]) == "red") > 1, "yes", "no")
    encoded = make_column_transformer((OneHotEncoder(), ["colour"]), remainder="passthrough")
    model = make_pipeline(encoded, dr.SoftmaxClassifier()).fit(frame, labels)
    options = {"features": ("length", "width"), "resolution": 40}
    red = DecisionRegionsDisplay.from_estimator(model, frame, labels, at={"colour": "red"}, **options)
    blue = DecisionRegionsDisplay.from_estimator(model, frame, labels, at={"colour": "blue"}, **options)
    assert (red.data.raster == 1).sum() > 1.5 * (blue.data.raster == 1).sum()
    assert red.data.note == "colour = red"
    with pytest.raises(InputError, match=re.escape("column 'colour' must hold numbers, or have a value in at")):
        DecisionRegionsDisplay.from_estimator(model, frame, labels, **options)
    with pytest.raises(InputError, match="Choose other features"):
        DecisionRegionsDisplay.from_estimator(model, frame, labels, features=("length", "colour"))


def test_a_display_draws_into_the_users_axes_and_again(softmax):
    axes = Figure().subplots(2, 2)
    display = DecisionRegionsDisplay.from_estimator(softmax, X, Y, ax=axes[0, 1], legend=False)
    assert display.ax_ is axes[0, 1]
    assert display.figure_ is axes[0, 1].figure
    assert display._repr_svg_() is None  # the notebook shows the user's figure
    assert display.plot(ax=axes[1, 0]).ax_ is axes[1, 0]
    again = display.plot()
    assert again is display
    assert again.figure_ is not axes[0, 0].figure
    assert "<svg" in again._repr_svg_()


def test_large_sets_are_thinned_and_the_figure_says_so(tmp_path):
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(60_000, 2)).astype(np.float32)
    labels = (inputs[:, 0] > 0).astype(int)
    labels[:3] = 2  # a rare class is shown
    layer = dr.SoftmaxLayer([[-3.0, 3.0, 0.0], [0.0, 0.0, 0.0]], [0.0, 0.0, -9.0], classes=[0, 1, 2])
    display = DecisionRegionsDisplay.from_estimator(layer, inputs, labels)
    drawn = sum(len(line.get_xdata()) for line in display.ax_.lines if line.get_marker() in ("o", "s", "^"))
    wrong = sum(len(line.get_xdata()) for line in display.ax_.lines if line.get_markerfacecolor() == "none")
    shown = drawn - wrong
    assert MOST <= shown <= MOST + 3
    assert f"{shown:,} of 60,000 patterns shown" in display.ax_.get_xlabel()
    assert any(line.get_marker() == "^" and len(line.get_xdata()) for line in display.ax_.lines)
    assert len(display.data.points) == 60_000  # the data have all
    assert all(display.save(tmp_path / f"f.{kind}").stat().st_size < SMALL for kind in ("svg", "png", "pdf"))


@pytest.mark.slow
def test_two_hundred_classes_are_drawn_with_the_boundaries_that_separate(tmp_path):
    rng = np.random.default_rng(0)
    centres = rng.uniform(-9, 9, (200, 2))
    layer = dr.SoftmaxLayer(2 * centres.T, -(centres**2).sum(axis=1), classes=[f"class {k}" for k in range(200)])
    labels = [f"class {k}" for k in range(200)]
    plane = plots.decision_regions(layer, centres, labels)
    # u_k is -|x - c_k|^2 but for |x|^2: regions are those of the nearest centre.
    assert not plane.wrong.any()
    for start, end in plane.boundaries:
        along = start + np.array([[0.01], [0.5], [0.99]]) * (end - start)
        distances = np.sort(np.linalg.norm(along[:, None] - centres, axis=2), axis=1)
        assert_allclose(distances[:, 0], distances[:, 1], atol=1e-9)
    # Euler's formula: a map of F regions whose corners have three edges has at most 3 F - 3 edges.
    assert 200 <= len(plane.boundaries) <= 3 * 200 - 3
    figure = plane.draw()
    assert "200 classes" in figure.axes[0].get_xlabel()
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["boundary"]
    assert all(plane.save(tmp_path / f"f.{kind}").stat().st_size < SMALL for kind in ("svg", "png"))


def test_of_many_classes_no_two_have_the_same_colour_and_marker():
    centres = np.random.default_rng(0).normal(size=(20, 2))
    layer = dr.SoftmaxLayer(2 * centres.T, -(centres**2).sum(axis=1), classes=range(20))
    handles = plots.decision_regions(layer, centres, range(20)).handles()[:20]
    assert len({(handle.get_marker(), handle.get_markerfacecolor()) for handle in handles}) == 20


@pytest.mark.parametrize(
    ("trained", "options", "message"),
    [
        (dr.LinearLayerRegressor().fit(X, WINE.target), {}, "layer must tell classes apart"),
        (make_pipeline(dr.LinearLayerRegressor()).fit(X, WINE.target), {}, "estimator must predict classes"),
        (3, {}, "estimator must have a method fit. Got a int"),
        ("softmax", {"features": ("alcohol", "flavonoids")}, "name of one input. Got 'flavonoids'. Did you mean"),
        ("softmax", {"features": ("alcohol", "alcohol")}, "be two different ones of the 13 inputs"),
        ("softmax", {"at": {"hues": 1.0}}, "name of one input. Got 'hues'"),
        ("softmax", {"at": {13: 1.0}}, "be for some of the 13 inputs, counted from 0. Got 13"),
        ("pipeline", {"resolution": 1}, "resolution must be a whole number of at least 2"),
        ("softmax", {"resolution": 0}, "resolution must be a whole number of at least 2"),
        ("softmax", {"resolution": 2.5}, "resolution must be a whole number of at least 2"),
        ("pipeline", {"x_limits": (3, 1)}, "x limits must be two increasing numbers"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(trained, options, message, request):
    trained = request.getfixturevalue(trained) if isinstance(trained, str) else trained
    with pytest.raises(InputError, match=re.escape(message)):
        DecisionRegionsDisplay.from_estimator(trained, X, Y if len(options) else WINE.target, **options)


def test_what_is_not_fitted_is_refused_as_scikit_learn_does():
    for made in (DecisionRegionsDisplay.from_estimator, lambda model, *_: WeightsDisplay.from_estimator(model)):
        with pytest.raises(NotFittedError):
            made(dr.SoftmaxClassifier(), X, Y)


def test_learning_curves_of_an_estimator_are_those_of_its_run():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = dr.SoftmaxClassifier(solver="descent", epochs=3, tolerance=None).fit(X, Y, X_val=X[::3], y_val=Y[::3])
    display = LearningCurvesDisplay.from_estimator(model)
    cost, accuracy = display.data.panels
    assert_array_equal(cost.lines[0].y, model.loss_curve_)
    assert_array_equal(cost.lines[1].y, model.validation_curve_)
    assert_array_equal(accuracy.lines[0].y, model.run_.history.accuracy)
    display.figure_.savefig(io.BytesIO(), format="png")
    low, high = display.ax_.get_xlim()
    ticks = [tick for tick in display.ax_.get_xticks() if low <= tick <= high]
    assert ticks == [0, 1, 2, 3]  # an epoch is whole
    axes = Figure().subplots(3)
    assert LearningCurvesDisplay.from_run(model.run_, ax=axes[0]).ax_ is axes[0]  # the cost alone
    assert axes[0].get_ylabel() == "cost"
    assert LearningCurvesDisplay.from_run(model.run_, ax=axes[1:]).ax_ is axes[1]
    assert axes[2].get_ylabel() == "accuracy"
    with pytest.raises(InputError, match="be fitted by descent, to have learning curves"):
        LearningCurvesDisplay.from_estimator(dr.SoftmaxClassifier().fit(X, Y))


def test_weights_are_shown_with_the_names_of_inputs_and_classes(softmax):
    display = WeightsDisplay.from_estimator(softmax)
    assert_array_equal(display.ax_.images[0].get_array(), softmax.layer_.weights)
    assert [label.get_text() for label in display.ax_.get_xticklabels()] == ["red", "rosé", "white"]
    assert display.ax_.get_yticklabels()[0].get_text() == "alcohol"
    of_model = WeightsDisplay.from_estimator(dr.Model(softmax.layer_))
    assert_array_equal(of_model.ax_.images[0].get_array(), softmax.layer_.weights)


@pytest.mark.slow
@pytest.mark.parametrize("searched", [False, True])
def test_learning_curves_of_a_pipeline_are_those_of_its_last_step(searched):
    model = make_pipeline(StandardScaler(), dr.SoftmaxClassifier(solver="descent", epochs=9, tolerance=None))
    if searched:
        model = GridSearchCV(model, {"softmaxclassifier__weight_decay": [1.0]}, cv=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nine epochs are few
        model.fit(X, Y)
    run = (model.best_estimator_ if searched else model)[-1].run_
    drawn = LearningCurvesDisplay.from_estimator(model).ax_.lines[0].get_ydata()
    assert_array_equal(drawn, LearningCurvesDisplay.from_run(run).ax_.lines[0].get_ydata())


def test_learning_curves_of_an_exact_pipeline_name_its_last_step(pipeline):
    with pytest.raises(InputError, match="Got a SoftmaxClassifier without run_"):
        LearningCurvesDisplay.from_estimator(pipeline)


def test_weights_of_a_pipeline_have_the_names_that_its_other_steps_give():
    data = X.assign(colour=Y)
    columns = make_column_transformer((OneHotEncoder(), ["colour"]), (StandardScaler(), ["alcohol"]))
    model = make_pipeline(columns, dr.SoftmaxClassifier()).fit(data, Y)
    display = WeightsDisplay.from_estimator(model)
    assert display.data.rows == columns.get_feature_names_out().tolist()
    assert_array_equal(display.data.values, model[-1].layer_.weights)


def test_weights_of_a_pipeline_without_names_are_counted():
    model = make_pipeline(StandardScaler(), dr.SoftmaxClassifier()).fit(X.to_numpy(), Y)
    assert WeightsDisplay.from_estimator(model).data.rows[:2] == ["x1", "x2"]


def test_of_many_weights_each_cell_shows_the_largest_of_its_rows(tmp_path):
    W = np.random.default_rng(0).normal(size=(4100, 3))
    display = WeightsDisplay.from_estimator(dr.LinearLayer(W, None))
    shown = np.asarray(display.ax_.images[0].get_array())
    assert shown.shape == (373, 3)  # 11 rows a cell, the last 8
    for row, block in enumerate(W[start : start + 11] for start in range(0, 4100, 11)):
        assert_array_equal(shown[row], block[np.abs(block).argmax(axis=0), range(3)])
    assert display.ax_.get_ylabel() == "inputs (a cell: the largest of 11)"
    assert all(display.save(tmp_path / f"f.{kind}").stat().st_size < SMALL for kind in ("svg", "png"))


def test_the_confusion_matrix_is_scikit_learns_own(softmax):
    axes = Figure().subplots()
    shown = ConfusionMatrixDisplay.from_estimator(softmax, X, Y, ax=axes)
    assert_array_equal(shown.confusion_matrix, confusion_matrix(Y, softmax.predict(X)))
    assert shown.display_labels.tolist() == ["red", "rosé", "white"]
