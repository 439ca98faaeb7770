"""A table is split, filled and scaled by its training rows alone, and the model repeats it on new data."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes, load_iris
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import deltarule as dr
from deltarule.data import split
from deltarule.fitting import Columns, Preparation, fit_table
from deltarule.layers.kinds import class_of
from deltarule.tables.sources import source_of, source_of_frame


def iris():
    frame = load_iris(as_frame=True).frame
    frame["species"] = frame.pop("target").map({0: "setosa", 1: "versicolor", 2: "virginica"})
    return frame


def fitted(frame, columns=None, preparation=None, kind=None, **descent):
    return fit_table(
        source_of_frame("table", frame),
        columns or Columns(("species",)),
        preparation or Preparation(),
        kind,
        descent=descent,
        engine="direct",
    )


def message(frame, *arguments, **options):
    with pytest.raises(dr.InputError) as caught:
        fitted(frame, *arguments, **options)
    return str(caught.value)


def test_what_is_filled_and_scaled_is_learned_from_the_training_rows_alone():
    frame = iris()
    frame.iloc[::7, 1] = np.nan
    fit = fitted(frame, preparation=Preparation(missing="mean", test=0.3, seed=2), epochs=3)
    rows, kept = split(150, 0.3, 2)
    inputs = frame.drop(columns="species").to_numpy()
    fill = SimpleImputer().fit(inputs[rows])
    scale = StandardScaler().fit(fill.transform(inputs[rows]))
    assert_allclose(fit.training[0], scale.transform(fill.transform(inputs[rows])), atol=1e-12)
    assert_allclose(fit.test[0], scale.transform(fill.transform(inputs[kept])), atol=1e-12)
    assert_array_equal(fit.test[1], frame["species"].to_numpy()[kept])
    assert_allclose(fit.model.inputs_of(frame)[kept], fit.test[0], atol=1e-12)
    assert any("of the column 'sepal width (cm)' became its mean" in remark for remark in fit.remarks)


def test_the_rows_without_a_number_to_predict_are_named():
    frame = load_diabetes(as_frame=True).frame
    frame.loc[[3, 271], "target"] = np.nan
    assert "in column 'target', rows 4, 272. Remove the rows." in message(frame, Columns(("target",)), None, "linear")
    frame.loc[:, "target"] = np.nan
    assert "rows 1, 2, 3, 4, 5 and 437 more" in message(frame, Columns(("target",)), None, "linear")


def test_the_rows_without_a_label_are_named():
    frame = iris()
    frame.loc[[3, 77], "species"] = None
    assert "in column 'species', rows 4, 78. Fill it, or remove the row." in message(frame)


def test_the_rate_from_the_curvature_brings_a_descent_to_the_optimum():
    frame = iris()
    fit = fitted(frame, weight_decay=0.01, epochs=3000)
    X, labels = StandardScaler().fit_transform(frame.drop(columns="species")), frame["species"]
    best = LogisticRegression(C=1 / (0.01 * 150), tol=1e-10, max_iter=10_000).fit(X, labels)
    # The penalty is the same; of the weights only differences between classes matter beside it.
    assert_allclose(fit.model.probabilities(frame), best.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize("kind", ["softmax", "logistic"])
@pytest.mark.parametrize("biases", [True, False])
def test_costs_never_rise_at_the_rate_from_the_curvature(kind, biases):
    source = source_of_frame("table", iris())
    fit = fit_table(
        source, Columns(("species",)), Preparation(), kind, descent={"epochs": 200}, biases=biases, engine="direct"
    )
    assert np.all(np.diff(fit.model.run.history.cost) <= 0)
    assert fit.model.layer.has_biases is biases


@pytest.mark.parametrize("kind", ["linear", "perceptron"])
def test_numbers_are_predicted_in_their_own_units(kind):
    frame = load_diabetes(as_frame=True).frame
    frame["double"] = 2 * frame["target"]
    fit = fitted(frame, Columns(("target", "double")), kind=kind, epochs=500)
    predicted = fit.model.predict(frame)
    assert_allclose(predicted[:, 1], 2 * predicted[:, 0], rtol=0.2)
    assert np.corrcoef(predicted[:, 0], frame["target"])[0, 1] > 0.6
    assert (fit.model.target_scaling is None) == (kind == "linear")


@pytest.mark.parametrize(
    ("kind", "options"),
    [("linear", {}), ("logistic", {}), ("softmax", {}), ("perceptron", {"activation": "tanh"}),
     ("perceptron", {"activation": "step"}), ("perceptron", {"activation": "sign"}), ("linear", {"classes": ["no", "yes"]})],
)  # fmt: skip
def test_every_kind_of_layer_is_fitted(kind, options):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=40), "b": rng.normal(size=40)})
    numbers = (kind == "linear" and not options) or options.get("activation") == "tanh"
    frame["t"] = frame["a"] + 1 if numbers else np.where(frame["a"] + frame["b"] > 0, "yes", "no")
    source = source_of_frame("table", frame)
    fit = fit_table(source, Columns(("t",)), Preparation(), kind, descent={"epochs": 20}, engine="direct", **options)
    assert len(fit.model.predict(frame)) == 40
    assert isinstance(fit.model.layer, class_of(type(fit.model.layer), **options))


def test_mini_batches_and_momentum_take_a_smaller_rate():
    full, batches = fitted(iris(), epochs=2), fitted(iris(), epochs=2, batch_size=8, momentum=0.9)
    assert batches.model.run.descent.learning_rate < full.model.run.descent.learning_rate


def test_a_target_of_numbers_asks_for_the_kind():
    frame = iris()
    frame["species"] = np.arange(150) % 3
    assert "The kind of layer must be given where the target holds numbers" in message(frame)
    assert fitted(frame, kind="softmax", epochs=2).model.layer.classes == (0, 1, 2)


def test_truth_values_are_labels():
    frame = iris().assign(species=lambda given: given["species"] == "setosa")
    assert fitted(frame, epochs=2).model.layer.classes == (False, True)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (Columns(("speces",)), "Did you mean 'species'"),
        (Columns(("species",), inputs=("species",)), "inputs must be other columns than targets"),
        (Columns(("species",), inputs=("petal length (cm)",), leave_out=("petal length (cm)",)), "beside"),
        (Columns(("species",), inputs=("petal length (cm)",), categories=("petal width (cm)",)), "be among the inputs"),
    ],
)
def test_columns_that_are_not_there_or_two_things_at_once_are_refused(columns, words):
    assert words in message(iris(), columns)


def test_labels_for_a_layer_of_numbers_are_refused():
    assert "Classes need a softmax layer" in message(iris(), kind="linear")


def test_scaling_the_targets_is_refused_for_classes():
    assert "be left out for classes" in message(iris(), preparation=Preparation(scale_targets=True))


def test_a_missing_target_is_refused_with_its_row():
    frame = load_diabetes(as_frame=True).frame
    frame.loc[4, "target"] = np.nan
    assert "column 'target', row 5" in message(frame, Columns(("target",)), kind="linear")
    flowers = iris()
    flowers.loc[2, "species"] = None
    assert "row 3" in message(flowers)


def test_blanks_around_labels_are_trimmed_and_it_is_said(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,t\n1,yes\n2,no\n3,yes \n4,no\n")
    fit = fit_table(source_of(path), Columns(("t",)), Preparation(), descent={"epochs": 2}, engine="direct")
    assert fit.model.layer.classes == ("no", "yes")
    assert any("are read as one, 'yes'" in remark for remark in fit.remarks)


def test_the_inputs_are_not_scaled_where_it_is_not_asked():
    fit = fitted(iris(), preparation=Preparation(scale="none"), epochs=2)
    assert fit.model.input_scaling is None
    assert_array_equal(fit.training[0], iris().drop(columns="species"))


def test_fractions_are_no_labels():
    frame = pd.DataFrame({"a": [1.0, 2.0, 4.0], "t": [1.5, 2.5, 1.5]})
    assert "be texts, whole numbers or booleans for a softmax layer" in message(frame, Columns(("t",)), kind="softmax")


def test_a_column_that_cannot_be_scaled_is_named():
    frame = pd.DataFrame({"b": [1.0, 2.0], "a": [1e300, -1e300], "species": ["x", "y"]})
    assert "Got the column 'a'" in message(frame)


@pytest.mark.parametrize("kind", ["softmax", "logistic", "linear"])
@pytest.mark.parametrize("activation", ["tanh", "step"])
def test_an_activation_is_refused_for_a_kind_that_has_its_own(kind, activation):
    with pytest.raises(dr.InputError) as caught:
        fit_table(
            source_of_frame("table", iris()),
            Columns(("species",)),
            Preparation(),
            kind,
            descent={},
            activation=activation,
        )
    assert f"left out for a {kind} layer, which has its own. Got '{activation}'." in str(caught.value)
    assert "--kind perceptron" in str(caught.value)


@pytest.mark.parametrize("kind", ["softmax", "logistic"])
@pytest.mark.parametrize("lost", ["setosa", "virginica"])
def test_a_split_that_leaves_no_training_row_of_a_class_is_refused_with_a_remedy(kind, lost):
    _, test = split(150, 0.2, 0)
    frame = iris()
    frame["species"] = frame["species"].replace(lost, "versicolor")
    frame.loc[test[:5], "species"] = lost
    told = message(frame, preparation=Preparation(test=0.2), kind=kind)
    assert f"The training set must have rows of each class. Got none of {lost!r} among 120 rows" in told
    assert "Add --stratified (in Python stratified=True), or keep fewer rows (--test)." in told
    assert fitted(frame, preparation=Preparation(test=0.2, stratified=True), kind=kind, epochs=1)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("kind", [None, "softmax", "logistic"])
@pytest.mark.parametrize("test", [None, 0.5])
def test_a_table_of_one_class_is_refused_with_its_column(rows, kind, test):
    if rows == 1 and test is not None:
        return
    told = message(iris()[:rows], preparation=Preparation(test=test), kind=kind)
    assert "must have at least two classes. Got 'setosa' alone in column 'species'. Choose another column" in told


def test_what_needs_a_test_set_asks_for_one():
    assert "Add --test 0.2" in message(iris(), preparation=Preparation(stratified=True))
    assert "must go with a test set, by which training stops. Got none. Add --test 0.2" in message(iris(), patience=3)


def test_stratified_sets_have_the_same_share_of_each_class():
    fit = fitted(iris(), preparation=Preparation(test=0.2, stratified=True), epochs=1)
    assert np.unique(fit.test[1], return_counts=True)[1].tolist() == [10, 10, 10]
    frame = load_diabetes(as_frame=True).frame
    words = message(frame, Columns(("target",)), Preparation(test=0.2, stratified=True), "linear")
    assert "stratified split must have a label for each pattern" in words


def test_missing_categories_become_the_most_frequent_one_and_it_is_said():
    frame = pd.DataFrame({"a": ["x", "y", "y", None, "z"], "b": [1.0, 2, 4, 8, 16], "t": ["p", "q", "p", "q", "p"]})
    fit = fitted(frame, Columns(("t",)), Preparation(missing="median", scale="none"), epochs=1)
    assert fit.training[0][3].tolist() == [0, 1, 0, 8]
    assert "1 missing value of the column 'a' became its most frequent category, 'y'" in fit.remarks


def test_rosenblatts_rule_has_the_rate_one_where_none_is_given():
    source = source_of_frame("table", iris())
    fit = fit_table(
        source,
        Columns(("species",)),
        Preparation(),
        "perceptron",
        activation="step",
        descent={"epochs": 2},
        engine="direct",
    )
    assert fit.model.run.descent.learning_rate == 1


@pytest.mark.parametrize("scale", ["standardise", "centre", "none"])
@pytest.mark.parametrize("kind", ["softmax", "logistic"])
def test_what_is_the_same_in_all_training_rows_starts_with_a_weight_of_0_and_is_told(scale, kind):
    frame = iris().assign(site=5.0, colour=["red"] * 149 + ["blue"])
    fit = fitted(
        frame, Columns(("species",)), Preparation(scale=scale, test=1, seed=3), kind, epochs=1, learning_rate=1e-12
    )
    names = list(fit.model.layer.input_names)
    same = [names.index("site")]
    if len(np.unique(fit.training[0][:, names.index("colour=red")])) == 1:
        same += [names.index("colour=blue"), names.index("colour=red")]
    weights = fit.model.layer.weights
    assert_allclose(weights[same], 0, atol=1e-9)
    assert (np.abs(weights[[n for n in range(len(names)) if n not in same]]) > 1e-6).all()
    told = [remark for remark in fit.remarks if "the same in all training rows" in remark]
    assert len(told) == 1
    assert "'site'" in told[0]


def test_a_constant_column_changes_no_prediction_whatever_the_seed():
    frame = iris().assign(site=5.0)
    models = [
        fitted(frame, preparation=Preparation(seed=seed), epochs=500, learning_rate=0.5, reduction="mean").model
        for seed in (0, 1)
    ]
    for model in models:
        assert_allclose(model.probabilities(frame.assign(site=60.0)), model.probabilities(frame), rtol=1e-12)
