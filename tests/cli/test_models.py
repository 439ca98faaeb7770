"""train --data, predict, evaluate and inspect: what they print and write, and what they say of files that they cannot use."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_diabetes, load_iris

import deltarule as dr
from command_line import LINNERUD, QUESTION_1, one_message, written


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    frame = load_iris(as_frame=True).frame
    frame["species"] = frame.pop("target").map({0: "setosa", 1: "versicolor", 2: "virginica"})
    frame.to_csv(folder / "iris.csv", index=False)
    frame.to_parquet(folder / "iris.parquet")
    frame.iloc[::3].to_csv(folder / "some.csv", index=False)
    load_diabetes(as_frame=True).frame.to_csv(folder / "diabetes.csv", index=False)
    return folder


@pytest.fixture
def fit(command, tables, tmp_path):
    """Train on a table; the result is the model's file."""

    def run(*options, data="iris.csv", target="species"):
        path = tmp_path / "model.safetensors"
        code, _, err = command(
            "train",
            "--data",
            tables / data,
            "--target",
            target,
            "--epochs",
            50,
            "--engine",
            "direct",
            "--out",
            path,
            *options,
        )
        assert code == 0, err
        return path

    return run


# ---- train.


@pytest.mark.slow
def test_a_table_is_trained_on_and_the_model_written(command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    code, out, err = command(
        "train",
        "--data",
        tables / "iris.csv",
        "--target",
        "species",
        "--test",
        0.3,
        "--engine",
        "direct",
        "--out",
        path,
    )
    assert code == 0
    assert "105 training patterns, 45 test patterns" in out
    assert "On the test set" in out
    assert f"Written: {path}" in out
    assert "Note: The learning rate 0.696 follows from the curvature" in " ".join(err.split())
    assert dr.load(path).layer.classes == ("setosa", "versicolor", "virginica")


def test_parquet_and_csv_give_the_same_model(fit):
    one, other = dr.load(fit()), dr.load(fit(data="iris.parquet"))
    assert_array_equal(one.layer.weights, other.layer.weights)
    assert_array_equal(one.run.history.cost, other.run.history.cost)


def test_the_json_document_is_a_run_that_is_read_back(command, tables):
    code, out, _ = command(
        "train",
        "--data",
        tables / "iris.csv",
        "--target",
        "species",
        "--epochs",
        5,
        "--test",
        30,
        "--engine",
        "direct",
        "--json",
    )
    document = json.loads(out)
    run = dr.run_from(document)
    assert code == 0
    assert run.layer.input_names[0] == "sepal length (cm)"
    assert document["metrics"]["test"]["accuracy"] == run.history.validation_accuracy[-1]
    assert document["encoding"]["columns"][0] == {"name": "sepal length (cm)", "levels": None}
    assert document["versions"]["deltarule"] == dr.__version__


def test_the_json_document_of_a_problem_is_a_run_that_is_read_back(command, tmp_path):
    document = json.loads(command("train", written(tmp_path, QUESTION_1), "--engine", "direct", "--json")[1])
    run = dr.run_from(document)
    assert (run.layer.classes, run.outcome.epochs) == (("A", "B", "C"), 1500)
    assert run.layer.weights.tolist() == document["weights"]


@pytest.mark.parametrize("ending", ["csv", "parquet", "feather", "jsonl"])
def test_what_is_wrong_in_a_late_row_leaves_the_old_file_and_prints_nothing(
    command, fit, tables, tmp_path, monkeypatch, ending
):
    monkeypatch.setattr("deltarule.tables.sources.BLOCK", 40)
    model, out = fit(), tmp_path / f"out.{ending}"
    out.write_text("old")
    data = pd.read_csv(tables / "iris.csv")
    data.iloc[120, 2] = np.nan
    data.to_csv(tmp_path / "t.csv", index=False)
    for options in (("--out", out), ()):
        code, printed, err = command("predict", model, tmp_path / "t.csv", *options)
        assert (code, printed) == (2, "")
        assert "column 'petal length (cm)', row 121" in one_message(err)
    assert out.read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([model.name, out.name, "t.csv"])


def test_an_exact_fit_is_printed_saved_and_reported_with_its_certificate(command, tables, tmp_path):
    model, report = tmp_path / "m.safetensors", tmp_path / "about"
    options = ("--solver", "exact", "--weight-decay", 0.01, "--test", 0.2, "--out", model, "--report", report)
    code, out, err = command("train", "--data", tables / "iris.csv", "--target", "species", *options)
    assert code == 0, err
    told = "The minimum: cost 0.24592927"
    assert "exact solver, 120 training patterns, cost: mean, weight decay 0.01" in out
    assert told in out
    assert "learning rate" not in out + err
    shown = command("inspect", model)[1]
    assert "exact solver, 120 training patterns" in shown
    assert told in shown
    page = (report / "index.html").read_text()
    assert told in page
    assert "--solver exact" in page
    assert "Learning curves" not in page
    assert dr.load(model).exact.attained


def test_the_json_document_of_an_exact_fit_has_layer_certificate_and_scores(command, tables):
    options = ("--solver", "exact", "--weight-decay", 0.01, "--json")
    code, out, _ = command(
        "train", "--data", tables / "diabetes.csv", "--target", "target", "--kind", "linear", *options
    )
    document = json.loads(out)
    assert code == 0
    assert document["exact"]["outcome"] == "minimum"
    assert (len(document["weights"]), document["kind"]) == (10, "linear")
    assert document["metrics"]["training"]["r2"]["target"] > 0.5


def test_the_exact_solver_draws_no_curves(command, tables, tmp_path):
    options = ("--solver", "exact", "--curves", tmp_path / "c.svg")
    code, out, err = command("train", "--data", tables / "iris.csv", "--target", "species", *options)
    assert (code, out) == (2, "")
    assert "The curves must be left out with the exact solver" in one_message(err)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ["--order", "given"],
            "The order must be left out with the exact solver, which makes no descent. Got 'given'.",
        ),
        (["--batch-size", 4, "--order", "given"], "The --batch-size must be left out with the exact solver"),
        (["--momentum", 0.5, "--nesterov"], "The momentum must be left out with the exact solver"),
        (["--nesterov"], "The --nesterov must be left out with the exact solver"),
        (
            ["--min-change", 0.1],
            "The --min-change must be left out with the exact solver, which makes no descent. Got 0.1.",
        ),
        (["--learning-rate", 0.1], "The --learning-rate must be left out with the exact solver"),
        (
            ["--engine", "direct"],
            "The engine must be left out with the exact solver, which makes no descent. Got 'direct'.",
        ),
        (
            ["--record-every", 2],
            "The --record-every must be left out with the exact solver, which makes no descent. Got 2.",
        ),
    ],
)
def test_the_exact_solver_refuses_what_a_descent_has_by_the_name_of_its_option(command, tables, options, told):
    table = ("--data", tables / "iris.csv", "--target", "species", "--solver", "exact")
    code, out, err = command("train", *table, *options)
    assert (code, out) == (2, "")
    assert told in one_message(err)
    assert "Leave it out, or choose the descent (--solver descent)." in one_message(err)


@pytest.mark.parametrize("source", ["table", "problem"])
def test_tensorboard_is_told_the_costs_of_a_training_while_it_runs(command, tables, tmp_path, source):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    data = ("--data", tables / "iris.csv", "--target", "species", "--epochs", 7)
    given = data if source == "table" else (written(tmp_path, QUESTION_1.replace("1500", "7")),)
    code, out, err = command("train", *given, "--engine", "direct", "--json", "--log", f"tensorboard:{tmp_path}/log")
    assert code == 0, err
    found = EventAccumulator(str(tmp_path / "log"))
    found.Reload()
    assert [event.step for event in found.Tensors("cost/training")] == json.loads(out)["history"]["epoch"]


@pytest.mark.parametrize("log", ["runs", "tensorboard", "tensorboard:", "mlflow:", "wandb:runs"])
def test_what_is_no_log_is_refused_by_its_option(command, tables, log):
    code, out, err = command("train", "--data", tables / "iris.csv", "--target", "species", "--log", log)
    assert (code, out) == (2, "")
    assert f"The log must be tensorboard:FOLDER, mlflow or mlflow:EXPERIMENT. Got {log!r}." in one_message(err)


@pytest.mark.parametrize("log", ["tensorboard:runs", "mlflow"])
def test_a_log_whose_library_is_missing_is_refused_before_the_table_is_read(command, monkeypatch, log):
    monkeypatch.setattr("deltarule.cli.log_option.find_spec", lambda name: None)
    code, out, err = command("train", "--data", "nowhere.csv", "--target", "species", "--log", log)
    assert (code, out) == (2, "")
    assert f"pip install 'deltarule[{log.split(':')[0]}]'" in one_message(err)


def test_classes_that_are_texts_stay_texts_in_a_csv_file(command, tmp_path):
    frame = pd.DataFrame({"x": [1.0, 2.0, 4.0, 7.0], "code": ["1", "1", "2", "2"]})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.csv", index=False)
    model = tmp_path / "m.safetensors"
    train = ("train", "--data", tmp_path / "t.parquet", "--target", "code", "--epochs", 3, "--engine", "direct")
    assert command(*train, "--out", model)[0] == 0
    expected = command("evaluate", model, tmp_path / "t.parquet")
    assert expected[0] == 0
    assert command("evaluate", model, tmp_path / "t.csv") == expected


def test_every_option_of_a_descent_reaches_it(fit):
    options = (
        "--learning-rate 0.1 --epochs 7 --batch-size 4 --reduction half-mean --weight-decay 0.1 --decay-biases --momentum 0.5 "
        "--nesterov --schedule step:every=2,factor=0.5 --tolerance 1e-9 --patience 3 --monitor accuracy --min-change 0.001 "
        "--order given --seed 3 --test 0.2"
    )
    expected = dr.Descent(
        0.1, 7, 4, "half-mean", 0.1, 1e-9, 3, "given", decay_biases=True, momentum=0.5, nesterov=True,
        schedule={"kind": "step", "every": 2, "factor": 0.5}, patience=3, monitor="accuracy", min_change=0.001,
    )  # fmt: skip
    assert dr.load(fit(*options.split())).run.descent == expected


def test_columns_are_chosen_and_left_out(fit):
    model = dr.load(fit("--inputs", "petal length (cm),petal width (cm)"))
    assert model.input_names == ("petal length (cm)", "petal width (cm)")
    model = dr.load(fit("--leave-out", "petal length (cm)", "--leave-out", "petal width (cm)"))
    assert model.input_names == ("sepal length (cm)", "sepal width (cm)")


@pytest.mark.slow
def test_of_very_many_training_patterns_some_are_scored_and_it_is_said(command, tmp_path):
    x = np.random.default_rng(0).normal(size=100_001)
    pd.DataFrame({"x": x, "t": np.where(x > 0, "a", "b")}).to_parquet(tmp_path / "t.parquet")
    code, out, err = command(
        "train", "--data", tmp_path / "t.parquet", "--target", "t", "--epochs", 2, "--engine", "direct"
    )
    assert code == 0
    assert "Of the 100,001 training patterns 50,001 are scored, one in 2." in " ".join(err.split())
    assert "On the training set\n50,001 patterns\n" in out


def test_a_problem_is_written_as_a_model_with_its_scaling(command, tmp_path):
    path = tmp_path / "m.safetensors"
    assert command("train", written(tmp_path, LINNERUD), "--engine", "direct", "--out", path)[0] == 0
    model = dr.load(path)
    problem = dr.read_problem(tmp_path / "problem.toml")
    raw = problem.input_scaling.undo(problem.X)
    expected = problem.target_scaling.undo(model.layer.predict(problem.X))
    assert_allclose(model.predict(raw), expected)
    assert model.target_names == problem.target_names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "speces"], "Did you mean 'species'?"),
        ([], "The target must be given with a table"),
        (["--target", "species", "--kind", "softmx"], "Did you mean 'softmax'?"),
        (["--target", "species", "--missing", "zero"], "missing values must be one of"),
        (["--target", "species", "--schedule", "step:every"], "have its parameters as NAME=VALUE"),
        (
            ["--target", "species", "--patience", "3"],
            "patience must go with a test set, by which training stops. Got none. Add --test",
        ),
        (["--target", "species", "--activation", "tanh"], "--kind perceptron"),
        (["--target", "species", "--stratified"], "stratified split must go with a test set. Got none. Add --test 0.2"),
        (
            ["--target", "species", "--order", "given"],
            "order must go with mini-batches. Got 'given' for updates of all rows.",
        ),
        (
            ["--target", "species", "--no-biases", "--weight-decay", "0.1", "--decay-biases"],
            "must go with a layer that has biases",
        ),
        (["--target", "species", "--decay-biases"], "The --decay-biases must go with a weight decay above 0."),
        (["--target", "species", "--nesterov"], "The --nesterov must go with a momentum above 0."),
        (
            ["--target", "species", "--record-every", "-1"],
            "The --record-every must be a whole number of at least 0. Got -1.",
        ),
        (["--target", "species", "--out", "m.pt"], "must end in .safetensors"),
        (["--target", "species", "--separator", ":"], "separator must be one of"),
        (["--target", "sepal length (cm)"], "kind of layer must be given"),
        (["--target", "species", "--test", "2.5"], "test set must be a share"),
    ],
)
def test_what_cannot_be_trained_is_told(arguments, words, command, tables):
    code, out, err = command("train", "--data", tables / "iris.csv", *arguments)
    assert (code, out) == (2, "")
    assert words in one_message(err)


def test_one_source_of_data_is_needed(command, tables, tmp_path):
    problem = written(tmp_path, QUESTION_1)
    assert command("train")[0] == 2
    assert command("train", problem, "--data", tables / "iris.csv")[0] == 2
    code, _, err = command("train", "--data", tables / "iris.csv", "--target", "species", "--root", tmp_path)
    assert code == 2
    assert "The option --root goes with a problem file." in err
    code, _, err = command("train", problem, "--learning-rate", "0.1")
    assert code == 2
    assert "goes with --data. Write learning_rate" in " ".join(err.split())


# ---- predict.


def test_predictions_are_written_in_each_form_of_table(command, fit, tables, tmp_path):
    model = fit()
    expected = dr.load(model).predict(pd.read_csv(tables / "some.csv")).tolist()
    readers = {
        "csv": pd.read_csv,
        "parquet": pd.read_parquet,
        "feather": pd.read_feather,
        "jsonl": lambda path: pd.read_json(path, lines=True),
    }
    for form, read in readers.items():
        path = tmp_path / f"p.{form}"
        code, out, _ = command("predict", model, tables / "some.csv", "--out", path)
        assert (code, out) == (0, f"\nWritten: {path}\n")
        found = read(path)
        assert found["species"].tolist() == expected
        assert list(found)[1:] == ["P(setosa)", "P(versicolor)", "P(virginica)"]
        assert_allclose(found.iloc[:, 1:].sum(axis=1), 1)


def test_predictions_are_printed_as_csv_where_no_file_is_named(command, fit, tables):
    code, out, _ = command("predict", fit(), tables / "some.csv")
    assert code == 0
    assert out.splitlines()[0] == '"species","P(setosa)","P(versicolor)","P(virginica)"'
    assert len(out.splitlines()) == 51


def test_numbers_are_predicted_in_their_own_units(command, fit, tables, tmp_path):
    model = fit("--kind", "perceptron", data="diabetes.csv", target="target")
    assert command("predict", model, tables / "diabetes.csv", "--out", tmp_path / "p.csv")[0] == 0
    found = pd.read_csv(tmp_path / "p.csv")["target"]
    assert 25 <= found.min() < found.max() <= 346


def test_a_table_may_lack_the_target_and_have_other_columns(command, fit, tables, tmp_path):
    frame = pd.read_csv(tables / "some.csv").drop(columns="species").iloc[:, ::-1].assign(other="x")
    frame.to_csv(tmp_path / "new.csv", index=False)
    model = fit()
    assert command("predict", model, tmp_path / "new.csv")[1] == command("predict", model, tables / "some.csv")[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame.drop(columns="petal width (cm)"), "have the column 'petal width (cm)'"),
        (lambda frame: frame.assign(**{"petal width (cm)": "x"}), "must be numbers"),
        (lambda frame: frame.assign(**{"petal width (cm)": np.nan}), "have a value in each cell"),
        (lambda frame: frame.iloc[:0], "at least one row"),
    ],
)
def test_a_table_that_does_not_fit_is_told_and_the_old_file_stays(change, words, command, fit, tables, tmp_path):
    out = tmp_path / "p.csv"
    out.write_text("old")
    change(pd.read_csv(tables / "some.csv")).to_csv(tmp_path / "new.csv", index=False)
    code, _, err = command("predict", fit(), tmp_path / "new.csv", "--out", out)
    assert code == 2
    assert words in one_message(err)
    assert out.read_text() == "old"


def test_the_file_of_the_model_is_not_overwritten(command, fit, tables, tmp_path):
    model = fit()
    same = tmp_path / "t.csv"
    same.write_bytes((tables / "some.csv").read_bytes())
    assert "be another file than those that are read" in one_message(command("predict", model, same, "--out", same)[2])


# ---- evaluate.


def test_scores_are_printed_and_given_as_json(command, fit, tables):
    model = fit()
    code, out, _ = command("evaluate", model, tables / "some.csv")
    document = json.loads(command("evaluate", model, tables / "some.csv", "--json")[1])
    assert code == 0
    assert out.startswith("50 patterns\nAccuracy: ")
    assert f"Accuracy: {document['accuracy']:.4f}" in out
    assert np.sum(document["confusion"]) == 50
    frame = pd.read_csv(tables / "some.csv")
    assert document["accuracy"] == pytest.approx(np.mean(dr.load(model).predict(frame) == frame["species"]))


def test_errors_of_numbers_are_given_by_output(command, fit, tables):
    model = fit("--kind", "linear", data="diabetes.csv", target="target")
    document = json.loads(command("evaluate", model, tables / "diabetes.csv", "--json")[1])
    frame = pd.read_csv(tables / "diabetes.csv")
    error = np.mean((dr.load(model).predict(frame)[:, 0] - frame["target"]) ** 2)
    assert document["mean_square_error"]["target"] == pytest.approx(error)
    assert 0 < document["r2"]["target"] < 1


@pytest.mark.slow
def test_the_figure_is_drawn(command, fit, tables, tmp_path):
    assert command("evaluate", fit(), tables / "some.csv", "--plot", tmp_path / "e.svg")[0] == 0
    assert "Confusion matrix" in (tmp_path / "e.svg").read_text()


def test_a_table_without_the_target_is_told(command, fit, tables, tmp_path):
    pd.read_csv(tables / "some.csv").drop(columns="species").to_csv(tmp_path / "new.csv", index=False)
    code, _, err = command("evaluate", fit(), tmp_path / "new.csv")
    assert code == 2
    assert "no column 'species'" in one_message(err)


def test_another_column_may_hold_the_target(command, fit, tables, tmp_path):
    pd.read_csv(tables / "some.csv").rename(columns={"species": "kind"}).to_csv(tmp_path / "new.csv", index=False)
    model = fit()
    expected = command("evaluate", model, tables / "some.csv")[1]
    assert command("evaluate", model, tmp_path / "new.csv", "--target", "kind")[1] == expected


# ---- inspect.


def test_a_model_is_shown_and_given_as_json(command, fit):
    model = fit()
    code, out, _ = command("inspect", model)
    assert code == 0
    assert out.startswith("softmax layer, 4 inputs, 3 neurons, one a class\npredicts species\nfrom 4 columns")
    document = json.loads(command("inspect", model, "--json")[1])
    assert document["layer"]["classes"] == ["setosa", "versicolor", "virginica"]
    assert dr.run_from(document["run"]).outcome.epochs == 50


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"\x10\0\0\0\0\0\0\0{", b"[layer]\nkind = 'softmax'\n" * 5])
def test_what_is_no_model_is_told_by_each_command(content, command, tables, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    for arguments in (
        ["inspect", path],
        ["predict", path, tables / "some.csv"],
        ["evaluate", path, tables / "some.csv"],
    ):
        code, out, err = command(*arguments)
        assert (code, out) == (2, "")
        assert "The model file must" in one_message(err)


# ---- CSV files without names, and of other countries.


def test_a_file_of_semicolons_without_names_is_trained_on_and_predicted(command, tables, tmp_path):
    frame = pd.read_csv(tables / "iris.csv")
    path, model = tmp_path / "iris.csv", tmp_path / "m.safetensors"
    frame.to_csv(path, index=False, header=False, sep=";", decimal=",")
    how = ("--separator", ";", "--decimal", ",", "--no-header")
    train = ("train", "--data", path, "--target", 5, "--epochs", 50, "--engine", "direct", "--out", model)
    assert command(*train, *how)[0] == 0
    assert command("evaluate", model, path, *how)[1].startswith("150 patterns\nAccuracy: 0.9")
    assert "Say --no-header" in one_message(command("predict", model, path, *how[:4])[2])


# ---- The report.


@pytest.mark.slow
def test_the_report_has_what_is_needed_to_repeat_it(command, fit, tables, tmp_path):
    folder = tmp_path / "report"
    fit("--report", folder, "--test", "0.3", "--schedule", "step:every=10,factor=0.5")
    page = (folder / "index.html").read_text()
    assert [file.name for file in folder.iterdir()] == ["index.html"]
    assert page.count("<svg") == 4
    assert not re.search(r"(src|href)=\"?http", page)
    for word in (
        "Accuracy",
        "versicolor",
        "petal width (cm)",
        dr.__version__,
        np.__version__,
        "step (every 10, factor 0.5)",
    ):
        assert word in page
    assert "--target species" in page
    assert "--schedule step:every=10,factor=0.5" in page


@pytest.mark.slow
def test_one_neuron_for_two_classes_is_named_after_the_second(fit, tmp_path, tables):
    frame = pd.read_csv(tables / "iris.csv").iloc[50:]
    frame.to_csv(tables / "two.csv", index=False)
    fit("--kind", "logistic", "--report", tmp_path / "report", data="two.csv")
    weights = (tmp_path / "report/index.html").read_text().rpartition("<svg")[2]
    assert "virginica" in weights
    assert "versicolor" not in weights


def test_the_outcome_says_whether_any_layer_predicts_all(fit):
    assert any("No layer separates the classes" in remark for remark in dr.load(fit()).run.outcome.remarks)


def test_a_report_of_numbers_has_curves_and_weights(fit, tmp_path):
    fit("--kind", "linear", "--report", tmp_path / "report", data="diabetes.csv", target="target")
    page = (tmp_path / "report/index.html").read_text()
    assert page.count("<svg") == 2
    assert "R2 of target" in page


def test_a_folder_that_holds_files_is_not_written_into(command, tables, tmp_path):
    (tmp_path / "a").write_text("kept")
    code, _, err = command("train", "--data", tables / "iris.csv", "--target", "species", "--report", tmp_path)
    assert code == 2
    assert "be a new or an empty one" in one_message(err)
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.slow
def test_names_of_columns_and_classes_cannot_become_markup(command, tmp_path):
    frame = pd.DataFrame({"<script>x": np.arange(6) ** 2 % 5, "t": ["<b>a", "&b", "<b>a", "&b", "<b>a", "&b"]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    folder = tmp_path / "report"
    train = (
        "train",
        "--data",
        tmp_path / "t.csv",
        "--target",
        "t",
        "--epochs",
        2,
        "--engine",
        "direct",
        "--report",
        folder,
    )
    assert command(*train)[0] == 0
    page = (folder / "index.html").read_text()
    assert "<script" not in page
    assert "<b>" not in page
