"""`deltarule sweep`: what is printed, the honest choice, JSON, files, every bad input."""

from __future__ import annotations

import importlib
import json
import re
import tomllib

import numpy as np
import pyarrow.csv
import pytest

from command_line import LINE, LINNERUD, one_message, process, written
from deltarule import Descent, load, read_problem, sweep, train
from deltarule.data import split
from deltarule.layers import random_parameters

# What is said on standard error before the work.
SIZE = re.compile(r"Training [\d,]+ models?, about [\d.,]+ [MG]B\.\n")
IRIS = """
title = "Iris"
[layer]
kind = "softmax"
init = {seed = 0}
[data]
dataset = "iris"
standardise = true
split = {test = 0.3, seed = 1}
[descent]
learning_rate = 0.05
epochs = 10
reduction = "mean"
"""


@pytest.fixture
def iris(tmp_path):
    return written(tmp_path, IRIS)


@pytest.fixture
def no_work(monkeypatch):
    def work(*arguments, **options):
        raise AssertionError("trained")

    monkeypatch.setattr(importlib.import_module("deltarule.engines.many_models"), "descend", work)


def unwrapped(out):
    """What is printed, its lines joined."""
    return " ".join(out.split())


def document_of(command, *arguments):
    code, out, err = command("sweep", *arguments, "--json")
    assert code == 0
    assert SIZE.fullmatch(err)
    assert out.count("\n") == 1
    return json.loads(out)


def test_the_json_of_a_sweep_names_columns_and_classes_also_of_the_best(command, iris):
    document = document_of(command, iris, "--learning-rate", "0.01,0.1", "--validation", "0.2", "--epochs", "2")
    columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert document["input_names"] == document["best"]["input_names"] == columns
    assert document["classes"] == document["best"]["classes"] == ["setosa", "versicolor", "virginica"]
    assert document["interrupted"] is False


# ---- What is swept.


def test_lists_and_ranges_make_the_grid_of_the_library(command, iris):
    document = document_of(
        command,
        iris,
        *("--learning-rate", "0.5,1e-2:1:3", "--batch-size", "16,all", "--weight-decay", "0, 1e-3", "--epochs", "2,3"),
        *("--momentum", "0,0.9"),
    )
    problem = read_problem(iris)
    result = sweep(
        problem.layer,
        problem.X,
        problem.targets,
        learning_rate=[0.5, 0.01, 0.1, 1],
        batch_size=[16, None],
        weight_decay=[0, 1e-3],
        momentum=[0, 0.9],
        epochs=[2, 3],
        reduction="mean",
    )
    assert len(result) == 64
    assert document["models"]["cost"] == result.to_dict()["models"]["cost"]
    for name in ("batch_size", "weight_decay", "momentum", "epochs", "seed"):
        assert document["models"][name] == result.columns[name].tolist()
    np.testing.assert_allclose(document["models"]["learning_rate"], result.columns["learning_rate"], rtol=1e-14)
    assert (document["best"], document["test"], document["title"]) == (None, None, "Iris")


def test_what_is_left_out_is_as_the_problem_says(command, tmp_path):
    path = written(tmp_path, IRIS + "batch_size = 7\nweight_decay = 0.5\nseed = 3\ntolerance = 1e-9\n")
    document = document_of(command, path)
    problem = read_problem(path)
    run = train(problem.layer, problem.X, problem.targets, problem.descent, "direct")
    models = document["models"]
    assert (models["batch_size"], models["weight_decay"], models["seed"], models["tolerance"]) == (
        [7],
        [0.5],
        [3],
        [1e-9],
    )
    assert models["cost"][0] == pytest.approx(run.history.cost[-1], rel=1e-9)


def test_seeds_are_of_the_order_and_of_a_layer_that_is_drawn(command, tmp_path):
    path = written(tmp_path, LINNERUD.replace('kind = "perceptron"', 'kind = "perceptron"\nactivation = "tanh"'))
    document = document_of(command, path, "--seeds", 3, "--batch-size", 5)
    problem = read_problem(path)
    for seed in range(3):
        layer = problem.layer.with_parameters(*random_parameters(3, 3, seed))
        assert layer.activation == "tanh"
        run = train(layer, problem.X, problem.targets, Descent(0.01, 20, batch_size=5, seed=seed), "direct")
        assert document["models"]["cost"][seed] == pytest.approx(run.history.cost[-1], rel=1e-9)
    # A layer that is given stays where it is: by the full batch the seeds change nothing.
    given = document_of(command, written(tmp_path, LINE), "--seeds", 2)
    assert given["models"]["cost"][0] == given["models"]["cost"][1]


# ---- The choice.


def test_a_share_of_the_training_patterns_is_the_validation_set_split_by_class(command, iris):
    document = document_of(command, iris, "--learning-rate", "0.01,0.1,1", "--validation", "0.2")
    problem = read_problem(iris)
    kept, out = split(105, 0.2, 0, stratified=True, labels=problem.targets.tolist())
    costs = []
    for rate in (0.01, 0.1, 1):
        descent = Descent(rate, 10, reduction="mean")
        layer = train(problem.layer, problem.X[kept], problem.targets[kept], descent, "direct").layer
        costs.append(layer.cost(problem.X[out], problem.targets[out], "mean"))
    np.testing.assert_allclose(document["models"]["validation_cost"], costs, rtol=1e-9)
    best = document["best"]
    assert (best["model"], best["by"]) == (int(np.argmin(costs)), "validation_cost")
    assert document["test"]["model"] == best["model"]
    assert document["test"]["patterns"] == 45
    counted = document_of(command, iris, "--validation", "21")
    assert counted["models"]["updates"] == [10]
    assert counted["best"]["outcome"]["epochs"] == 10


def test_the_test_set_is_looked_at_once_and_for_the_chosen_model(command, iris, monkeypatch):
    """Whatever the test patterns are, the table and the choice are the same."""
    options = ("--learning-rate", "0.01:1:4", "--folds", 3)
    before = document_of(command, iris, *options)
    problem = read_problem(iris)
    looks = []
    reading = importlib.import_module("deltarule.problem")
    swapped = type(problem)(**{**vars(problem), "test": (problem.test[0][::-1] * 3, problem.test[1])})
    monkeypatch.setattr(reading, "read_problem", lambda path, root: swapped)
    real = importlib.import_module("deltarule.sweeps.result").Sweep.test

    def test(self, *patterns, **given):
        looks.append(patterns)
        return real(self, *patterns, **given)

    monkeypatch.setattr("deltarule.sweeps.result.Sweep.test", test)
    after = document_of(command, iris, *options)
    assert after["models"] == before["models"]
    assert after["best"]["model"] == before["best"]["model"]
    assert after["test"]["cost"] != before["test"]["cost"]
    assert len(looks) == 1


def test_the_table_shows_the_best_first_and_how_it_was_chosen(command, iris):
    code, out, err = command(
        "sweep", iris, "--learning-rate", "1e-3:1:10", "--batch-size", "4,all", "--seeds", 2, "--folds", 3
    )
    assert code == 0
    assert SIZE.fullmatch(err)
    assert max(map(len, out.splitlines())) <= 80
    assert out.startswith("Iris\n40 models, softmax layer, 4 inputs, 3 neurons")
    text = unwrapped(out)
    assert "compared by 3-fold cross-validation" in text
    assert "... and 20 more models" in text
    rows = [line.split() for line in out.splitlines() if line[:5].strip().isdigit()]
    assert len(rows) == 20
    document = document_of(
        command, iris, "--learning-rate", "1e-3:1:10", "--batch-size", "4,all", "--seeds", 2, "--folds", 3
    )
    costs = np.array(document["models"]["validation_cost"])
    assert [int(row[0]) for row in rows] == np.argsort(costs, kind="stable")[:20].tolist()
    best = int(np.argmin(costs))
    assert f"Best by validation cost: model {best}: learning rate" in text
    test = document["test"]
    assert f"Test set, scored once, for model {best}: cost {test['cost']:.4f}" in text
    assert f"{test['errors']:.0f} wrong of 45 patterns, accuracy {test['accuracy']:.4f}." in text


def test_without_validation_patterns_nothing_is_chosen(command, iris):
    code, out, _ = command("sweep", iris, "--learning-rate", "0.01,0.1")
    assert code == 0
    assert "No model is chosen, and the test set is not used" in unwrapped(out)
    assert "Add --validation 0.2 or --folds 5 (in Python validation=0.2 or folds=5)." in unwrapped(out)
    assert "Test set, scored" not in out


def test_numbers_are_scored_in_the_units_before_scaling(command, tmp_path):
    code, out, _ = command("sweep", written(tmp_path, LINNERUD), "--learning-rate", "0.01,0.1", "--validation", 3)
    assert code == 0
    assert "12 training patterns; compared on 3 validation patterns" in unwrapped(out)
    assert "Mean square error and R2 (in the units before scaling)" in out
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line[:5] in ("weigh", "waist", "pulse")}
    assert float(rows["weight"][1]) > 10  # pounds: scaled ones would have errors below 1


def test_a_problem_without_a_test_set_says_so(command, tmp_path):
    code, out, _ = command("sweep", written(tmp_path, IRIS.replace("split", "# split")), "--folds", 2)
    assert code == 0
    assert "has no test set to score it on. Add split to [data]" in unwrapped(out)


def test_what_diverges_is_an_outcome(command, tmp_path):
    path = written(tmp_path, LINE.replace("[[-1], [1]]", "[[-1], [1], [2]]").replace("[-2, 2]", "[-2, 2, 4]"))
    options = ("--epochs", 3000, "--folds", 3, "--out", tmp_path / "t.csv", "--plot", tmp_path / "p.svg")
    code, out, err = command("sweep", path, "--learning-rate", "0.1,50", *options)
    assert code == 0
    assert SIZE.fullmatch(err)
    assert "1 of 2 models diverged; the smallest learning rate among them is 50." in unwrapped(out)
    assert next(line for line in out.splitlines() if line.startswith("    1")).endswith("diverged")
    code, out, err = command("sweep", path, "--learning-rate", "40,50", *options, "--best-out", tmp_path / "b.toml")
    assert code == 0
    assert SIZE.fullmatch(err)
    assert "No model is chosen, since all diverged" in unwrapped(out)
    assert out.endswith(f"\nWritten: {tmp_path / 't.csv'}\n")
    assert not (tmp_path / "b.toml").exists()


def test_test_patterns_seen_before_are_said(command, tmp_path):
    text = LINE.replace("[[-1], [1]]", "[[-1], [1], [1], [1], [2], [3]]").replace("[-2, 2]", "[-2, 2, 2, 2, 4, 6]")
    path = written(tmp_path, text.replace("[descent]", "split = {test = 2, seed = 0}\n[descent]"))
    problem = read_problem(path)
    seen = sum(any(x == y for y in problem.X[:, 0]) for x in problem.test[0][:, 0])
    assert seen == 1
    assert "1 pattern of it is also among the training or validation patterns." in unwrapped(
        command("sweep", path, "--folds", 2)[1]
    )


# ---- Files.


def test_the_table_the_figure_and_the_best_problem_are_written(command, iris, tmp_path):
    files = [tmp_path / name for name in ("t.csv", "p.png", "best.toml")]
    options = [x for pair in zip(("--out", "--plot", "--best-out"), files, strict=True) for x in pair]
    grid = ("--learning-rate", "0.01,0.3", "--batch-size", "8,all", "--folds", 3)
    code, out, err = command("sweep", iris, *grid, *options)
    assert code == 0
    assert SIZE.fullmatch(err)
    assert out.endswith("\n" + "".join(f"Written: {path}\n" for path in files))
    document = document_of(command, iris, *grid)
    assert pyarrow.csv.read_csv(files[0]).to_pydict() == document["models"]
    assert files[1].read_bytes().startswith(b"\x89PNG")
    best = document["best"]
    again, problem = read_problem(files[2]), read_problem(iris)
    assert again.layer.weights.tolist() == best["weights"]
    place = best["model"]
    assert again.descent.learning_rate == document["models"]["learning_rate"][place]
    assert (again.descent.batch_size or 105) == document["models"]["batch_size"][place]
    assert again.X.tolist() == problem.X.tolist()
    assert "init" not in tomllib.loads(files[2].read_text())["layer"]
    # With --json, only the document is printed, and the files are written all the same.
    files[0].unlink()
    document_of(command, iris, *grid, "--out", files[0])
    assert files[0].exists()


@pytest.mark.parametrize("name", ["t.parquet", "t.json"])
def test_other_forms_of_the_table(command, iris, tmp_path, name):
    assert command("sweep", iris, "--out", tmp_path / name)[0] == 0
    assert (tmp_path / name).stat().st_size > 0


# ---- Bad input.


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--learning-rate", "fast"], "learning rates must be numbers with commas between them. Got 'fast'."),
        (["--learning-rate", "0.1,,1"], "Got ''. Write them without spaces"),
        (["--learning-rate", "0.1,0.1,abc"], "must be numbers with commas between them. Got 'abc'."),
        (["--learning-rate", "0.1,-1"], "learning rate must be a finite number above 0. Got -1.0."),
        (
            ["--learning-rate", "0.1:1"],
            "range of learning rates must say how many values it has. Got '0.1:1'. Write LOW:HIGH:COUNT, as in 0.1:1:10.",
        ),
        (["--learning-rate", "1:fast"], "Got '1:fast'. Write them without spaces, as in 0.01,0.1,1 or 1e-3:1:10."),
        (["--learning-rate", "1:2:3:4"], "Got '1:2:3:4'. Write them without spaces, as in 0.01,0.1,1 or 1e-3:1:10."),
        (["--learning-rate", "0:1:3"], "above 0. Got 0.0. Write LOW:HIGH:COUNT"),
        (["--learning-rate", "1e-3:1:1"], "at least 2. Got 1."),
        (["--learning-rate", "1e-3:1:1000000000"], "at most 100000."),
        (
            ["--batch-size", "4,some"],
            "batch sizes must be whole numbers (or all) with commas between them. Got 'some'.",
        ),
        (["--batch-size", "0"], "batch size must be a whole number of at least 1. Got 0."),
        (["--momentum", "0.5,1"], "momentum must be below 1. Got 1.0."),
        (["--weight-decay", "-1"], "weight decay must be a finite number of at least 0. Got -1.0."),
        (["--epochs", "1.5"], "epochs must be whole numbers with commas between them. Got '1.5'."),
        (["--epochs", "0"], "number of epochs must be a whole number of at least 1."),
        (["--seeds", "0"], "number of seeds must be a whole number of at least 1. Got 0."),
        (["--folds", "1"], "number of folds must be a whole number of at least 2."),
        (["--folds", "1000"], "at most the number of patterns, 105."),
        (["--validation", "some"], "validation share must be a share between 0 and 1"),
        (["--validation", "1.5"], "validation set must be a share between 0 and 1, or a whole number of patterns"),
        (["--validation", "0"], "validation set must be a share between 0 and 1"),
        (
            ["--validation", "1"],
            "split by class into training and validation set must have enough patterns of each class",
        ),
        (["--validation", "0.2", "--folds", "3"], "must be a validation set or folds. Got both."),
        (
            ["--best-out", "b.toml"],
            "must be chosen on validation patterns. Got none. Add --validation 0.2 or --folds 5",
        ),
        (["--out", "t.xlsx"], "file of --out must end in .csv, .parquet or .json. Got 't.xlsx'."),
        (
            ["--out", "t.xlsx"],
            "file of --out must end in .csv, .parquet or .json. Got 't.xlsx'. Write 't.csv', for example.",
        ),
        (["--plot", "p.jpg"], "must end in .svg, .pdf or .png. Got 'p.jpg'."),
        (["--plot", "t.csv"], "Got 't.csv'. Give it to --out, which writes .csv files."),
        (["--out", "none/t.csv"], "'none' does not exist"),
        (["--plot", "none/p.svg"], "'none' does not exist"),
        (["--folds", "3", "--best-out", "none/b.toml"], "'none' does not exist"),
        (["--out", "t.json", "--best-out", "./t.json", "--folds", "3"], "Give it to --out, which writes .json files."),
        (
            ["--out", "t.json", "--best-out", "./t.json", "--folds", "3"],
            "end in .toml. Got 't.json'. Give it to --out",
        ),
    ],
)
def test_a_bad_option_is_one_clear_message(command, no_work, iris, monkeypatch, arguments, told):
    monkeypatch.chdir(iris.parent)
    code, out, err = command("sweep", iris, *arguments)
    assert (code, out) == (2, "")
    assert told in one_message(err)
    assert [path.name for path in iris.parent.iterdir()] == ["problem.toml"]


def test_a_bad_problem_is_one_clear_message(command, no_work, tmp_path):
    code, _, err = command("sweep", written(tmp_path, IRIS.replace("softmax", "sofmax")))
    assert code == 2
    assert "softmax" in one_message(err)


def test_help_fits_80_columns_and_has_an_example(command):
    code, out, _ = command("sweep", "--help")
    assert code == 0
    assert "Example:  deltarule sweep" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.slow
def test_the_installed_command_sweeps(iris):
    done = process("sweep", iris, "--learning-rate", "0.1,1", "--folds", "2", "--json")
    assert done.returncode == 0
    assert SIZE.fullmatch(done.stderr)
    assert len(json.loads(done.stdout)["models"]["cost"]) == 2


def test_ctrl_c_keeps_what_was_reached(command, iris, monkeypatch):
    many_models = importlib.import_module("deltarule.engines.many_models")
    real = many_models.descend

    def interrupted(layers, training, validation, descents, record_every, progress):
        def stop(share, ended):
            if ended == 1:  # of three under way together
                raise KeyboardInterrupt

        return real(layers, training, validation, descents, record_every, stop)

    monkeypatch.setattr(many_models, "descend", interrupted)
    code, out, err = command(
        "sweep", iris, "--learning-rate", "0.01", "--epochs", "5,1000000000,1000000001", "--validation", "0.2"
    )
    assert code == 0
    assert SIZE.fullmatch(err)
    assert "2 models did not end: the sweep was interrupted." in unwrapped(out)
    assert "Best by validation cost: model 0" in unwrapped(out)


@pytest.mark.parametrize("seeds", ["1", "1,1"])
def test_the_option_for_seeds_is_named_where_one_seed_is_given(command, iris, seeds):
    code, _, err = command("sweep", iris, "--seed", seeds)
    assert code == 2
    assert "Did you mean --seeds? It takes a number N: the seeds are 0 to N-1." in unwrapped(err)


# ---- Sizes.


def test_before_the_work_the_number_of_models_and_their_memory_are_said(command, iris):
    _, _, err = command("sweep", iris, "--learning-rate", "1e-3:1:10", "--seeds", 3)
    assert err == "Training 30 models, about 0.1 MB.\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--seeds", 10**9), "1,000,000,000 models"),
        (("--seeds", 10**6, "--learning-rate", "1e-9:1:100000"), "100,000,000,000 models"),
        (("--learning-rate", "1e-9:1:1000000000"), "count of a range of learning rates must be at most 100000"),
        (("--folds", 10**9), "at most the number of patterns"),
    ],
)
def test_a_sweep_that_would_not_fit_into_memory_is_refused_at_once(command, iris, no_work, options, message):
    code, out, err = command("sweep", iris, *options)
    assert (code, out) == (2, "")
    assert message in unwrapped(err)


# ---- Tables.


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{n / 9:.2f},{('blue', 'red')[n % 2]},{'ab'[n % 8 > 3]}\n" for n in range(60)]
    path.write_text("x,colour,kind\n" + "".join(rows))
    return path


ON_TABLE = ("--target", "kind", "--learning-rate", "0.01,0.1", "--epochs", "20")


def test_a_table_is_swept_and_the_chosen_model_written(command, table, tmp_path):
    model, records = tmp_path / "m.safetensors", tmp_path / "t.json"
    options = ("--batch-size", "8,all", "--validation", "0.2", "--test", 12, "--best-out", model, "--out", records)
    code, out, err = command("sweep", "--data", table, *ON_TABLE, *options)
    assert code == 0
    assert "Best by validation cost: model" in unwrapped(out)
    assert "Test set, scored once" in unwrapped(out)
    assert "Note: The inputs are standardised by the training patterns" in unwrapped(err)
    models = json.loads(records.read_text())["models"]
    loaded = load(model)
    assert loaded.input_names == ("x", "colour=blue", "colour=red")
    assert len(models["cost"]) == 4
    assert loaded.run.descent.learning_rate == models["learning_rate"][int(np.argmin(models["validation_cost"]))]


def test_the_document_of_a_table_has_all_models_and_the_best(command, table):
    code, out, _ = command(
        "sweep", "--data", table, *ON_TABLE, "--folds", 3, "--seeds", 2, "--leave-out", "colour", "--json"
    )
    document = json.loads(out)
    assert code == 0
    assert document["title"] == str(table)
    assert (document["input_names"], document["classes"], document["folds"]) == (["x"], ["a", "b"], 3)
    assert document["models"]["seed"] == [0, 1, 0, 1]
    assert document["best"]["model"] == int(np.argmin(document["models"]["validation_cost"]))


def test_what_all_models_share_reaches_them(command, table):
    options = (
        "--reduction",
        "mean",
        "--schedule",
        "cosine",
        "--order",
        "given",
        "--tolerance",
        "1e-9",
        "--validation",
        0.2,
        "--batch-size",
        4,
    )
    patience = ("--patience", 3, "--monitor", "accuracy", "--min-change", 0.01, "--momentum", 0.5, "--nesterov")
    decay = ("--weight-decay", 0.1, "--decay-biases")
    code, out, err = command("sweep", "--data", table, *ON_TABLE, *options, *patience, *decay, "--json")
    assert code == 0, err
    found = json.loads(out)["best"]["descent"]
    expected = Descent(
        found["learning_rate"], 20, 4, "mean", 0.1, 1e-9, 0, "given", decay_biases=True, momentum=0.5, nesterov=True,
        schedule="cosine", patience=3, monitor="accuracy", min_change=0.01,
    )  # fmt: skip
    assert found == expected.to_dict()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Or sweep on a table: --data FILE --target COLUMN."),
        (("p.toml", "--data", "t.csv"), "not both"),
        (("p.toml", "--target", "kind"), "The option --target goes with --data."),
        (("--data", "t.csv", "--learning-rate", 1), "The target must be given with a table. Got none."),
        (("--data", "t.csv", "--target", "kid", "--learning-rate", 1), "Did you mean 'kind'?"),
        (("--data", "t.csv", "--target", "kind"), "as in --learning-rate 1e-3:1:10"),
        (("--data", "t.csv", *ON_TABLE, "--validation", 0.2, "--folds", 3), "be a validation set or folds. Got both."),
        (("--data", "t.csv", *ON_TABLE, "--validation", 60), "The validation set must be a share between 0 and 1"),
        (("--data", "t.csv", *ON_TABLE, "--best-out", "m.safetensors"), "best model must be chosen on validation patterns"),
        (("--data", "t.csv", *ON_TABLE, "--folds", 3, "--best-out", "p.toml"), "end in .safetensors"),
        (("--data", "none.csv", *ON_TABLE), "exists"),
        (("--data", "t.csv", *ON_TABLE, "--activation", "tanh"), "--kind perceptron"),
        (("--data", "t.csv", *ON_TABLE, "--stratified"), "Add --test 0.2"),
        (("--data", "t.csv", *ON_TABLE, "--order", "given"), "The order must go with mini-batches."),
        (("--data", "t.csv", *ON_TABLE, "--order", "given", "--batch-size", "all"), "The order must go with mini-batches."),
        (("--data", "t.csv", *ON_TABLE, "--no-biases", "--weight-decay", 1, "--decay-biases"), "layer that has biases"),
        (("--data", "t.csv", *ON_TABLE, "--root", "."), "The option --root goes with a problem file."),
    ],
)  # fmt: skip
def test_bad_use_of_a_table_is_one_clear_message(command, no_work, table, monkeypatch, arguments, told):
    monkeypatch.chdir(table.parent)
    code, out, err = command("sweep", *arguments)
    assert (code, out) == (2, "")
    assert told in unwrapped(err)
    assert [path.name for path in table.parent.iterdir()] == ["t.csv"]
