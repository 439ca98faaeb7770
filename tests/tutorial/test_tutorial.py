"""The tutorial, run once for real: its results against the figures of the handout's recomputation, and its page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from deltarule import tutorial
from deltarule.cli import main
from deltarule.errors import InputError, MissingExtraError
from deltarule.tutorial import handout
from deltarule.tutorial.account import bracket, compare, rounds_to
from deltarule.tutorial.page import value
from deltarule.tutorial.progress import Teller


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tutorial")
    tutorial.run(out)
    return out


@pytest.fixture(scope="module")
def results(folder: Path) -> dict:
    return json.loads((folder / "results.json").read_text())


PRINTED = handout.printed("question_1")


def entries(results: dict, question: int) -> dict:
    return {entry["what"]: entry for entry in results["account"] if entry["question"] == question}


def names(results: dict, answer: str) -> list[str]:
    return [mistake["name"] for mistake in results["marks"][answer]["mistakes"]]


class TestQuestion1:
    def test_the_first_iteration(self, results: dict) -> None:
        # Worked from W0 as printed: cost 34.4994, 14 errors; the handout's own predictions.
        first = results["question_1"]["first_iteration"]
        assert_allclose(first["synaptic_inputs"][0], [2.72, -1.56, -0.76], atol=1e-12)
        assert first["cost"] == pytest.approx(34.4994, abs=5e-5)
        assert first["errors"] == 14
        place = {"A": 1, "B": 2, "C": 3}
        assert [place[said] for said in first["predicted"]] == [1, 1, 1, 3, 1, 1, 1, 3, 3, 1, 1, 3, 1, 1, 3, 3, 1, 1]
        assert_allclose(first["weights"], [[0.2787, -0.5450, 0.8863], [0.5401, -0.1217, -0.3184]], atol=5e-5)
        assert_allclose(first["biases"], [-0.3214, 0.2663, 0.0551], atol=5e-5)
        assert len(first["delta"]) == len(first["outputs"]) == 18

    def test_a_rounded_initial_layer_gives_the_printed_cost(self, results: dict) -> None:
        rounding = results["question_1"]["initial_weights"]
        assert rounding["cost_from_printed"] == pytest.approx(34.4994, abs=5e-5)
        assert rounding["its_cost"] == pytest.approx(34.36, abs=1e-6)
        # It rounds to the W0 printed: no entry is half a unit of the last decimal away.
        moved = np.array(rounding["nearest_with_printed_cost"]) - rounding["printed"]
        assert 0 < np.abs(moved).max() <= 0.005

    def test_convergence_is_after_exactly_1500_updates(self, results: dict) -> None:
        there = results["question_1"]["convergence"]
        assert there["updates"] == 1500
        assert there["updates_that_match_the_handout"] == [1500]
        assert_allclose(there["weights"], PRINTED["convergence"]["weights"], atol=0.005)
        assert_allclose(there["biases"], PRINTED["convergence"]["biases"], atol=0.005)
        assert there["cost"] == pytest.approx(0.5784, abs=5e-5)
        assert there["errors"] == 0

    def test_boundaries(self, results: dict) -> None:
        found = {tuple(line["classes"]): np.array(line["coefficients"]) for line in results["question_1"]["boundaries"]}
        for pair, printed in PRINTED["boundaries"].items():
            a, b = pair.split("-")
            line = found[a, b] if (a, b) in found else -found[b, a]
            assert_allclose(line, printed, atol=0.005)

    def test_the_classes_are_separable_and_the_cost_goes_on_falling(self, results: dict) -> None:
        question = results["question_1"]
        assert question["separability"]["outcome"] == "separable"
        cost = dict(zip(question["heading"]["updates"], question["heading"]["cost"], strict=True))
        assert cost[5000] == pytest.approx(0.2301, abs=5e-5)
        assert cost[20_000] == pytest.approx(0.0621, abs=5e-5)
        # The angle to the maximum-margin direction shrinks (like 1 over log t: slowly) while the weights grow.
        angles, norms = question["heading"]["degrees_from_maximum_margin"], question["heading"]["weight_norm"]
        assert angles[-1] < 5
        assert np.all(np.diff(angles[-10:]) < 0)
        assert np.all(np.diff(norms[-10:]) > 0)

    def test_account(self, results: dict) -> None:
        found = entries(results, 1)
        assert found["first iteration: cost"]["verdict"] == "within rounding"
        assert found["first iteration: U, row 1"]["verdict"] == "within rounding"
        assert found["first iteration: b after the update"]["verdict"] == "equal"
        assert found["convergence: W"]["verdict"] == "equal"
        # The third entry of row 6 is 0.01, not 0.0, however it is computed.
        assert found["probabilities: f(U), row 6"]["verdict"] == "differs"
        assert found["probabilities: the patterns printed beside f(U)"]["verdict"] == "differs"
        differs = [what for what, entry in found.items() if entry["verdict"] == "differs"]
        assert len(differs) == 3

    def test_the_checker_finds_why(self, results: dict) -> None:
        assert names(results, "question_1") == ["start-rounded", "patterns-reordered"]
        found = entries(results, 1)
        assert "no entry changed by more than 0.004" in found["first iteration: U, row 1"]["why"]
        assert found["first iteration: cost"]["why"] == "start-rounded, as above."
        patterns = found["probabilities: the patterns printed beside f(U)"]
        order = [int(n) for n in re.search(r"patterns ([\d, ]+)\.", patterns["why"])[1].split(", ")]
        assert [patterns["computed"][n - 1] for n in order] == patterns["printed"]


# Of the five test rows. Weights 162, 176, 211, 169, 193: mean 182.2, squares 408.04 + 38.44 + 829.44 + 174.24 + 116.64 = 1566.8;
# waists 35, 37, 38, 34, 38; pulses 62, 54, 56, 50, 58.
TEST_VARIANCE = (1566.8 / 5, 13.2 / 5, 80 / 5)


class TestQuestion2:
    def test_scaling(self, results: dict) -> None:
        found = entries(results, 2)
        for what in ("inputs: mean", "inputs: variance", "targets: scale", "targets: min"):
            assert found[f"training {what}"]["verdict"] == "equal"

    def test_direct_and_autograd_agree_at_equal_step_lengths(self, results: dict) -> None:
        assert results["question_2"]["agreement"] < 1e-9
        assert results["question_2"]["agreement_all"]["biases"] < 1e-9
        # P K / 2 = 15 * 3 / 2
        assert results["question_2"]["step_length"]["direct_to_autograd"] == 22.5

    def test_the_optimum(self, results: dict) -> None:
        optimum = results["question_2"]["optimum"]
        assert optimum["train_mse_scaled"] == pytest.approx(0.04174446, abs=5e-9)
        assert optimum["gradient_norm"] < 1e-10
        assert_allclose(optimum["test_mse"], [933.42, 1.5649, 25.568], rtol=1e-4)
        assert_allclose(optimum["test_r2"], [-1.979, 0.4072, -0.598], atol=5e-4)
        # Weight and pulse have worse local minima as well.
        for name in ("weight", "pulse"):
            assert sum(end["minimum"] for end in optimum["minima"][name]) > 1
        least = [ends[0]["train_mse_scaled"] for ends in optimum["minima"].values()]
        assert np.mean(least) == pytest.approx(optimum["train_mse_scaled"], abs=1e-8)

    def test_scores_are_those_of_scikit_learn(self, results: dict) -> None:
        from sklearn.datasets import load_linnerud
        from sklearn.metrics import mean_squared_error, r2_score
        from sklearn.model_selection import train_test_split

        X, y = load_linnerud(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)
        low, span = y_train.min(axis=0), np.ptp(y_train, axis=0)
        for form, epochs in (("direct", 10_000), ("autograd", 50_000)):
            found = results["question_2"][form]
            assert found["epochs"] == epochs
            U = (X_test - X_train.mean(axis=0)) / X_train.std(axis=0) @ found["weights"] + found["biases"]
            predicted = low + span / (1 + np.exp(-U))
            columns = [
                found[measure][name] for measure in ("mse", "r2", "r2_swapped") for name in ("weight", "waist", "pulse")
            ]
            expected = [
                *mean_squared_error(y_test, predicted, multioutput="raw_values"),
                *r2_score(y_test, predicted, multioutput="raw_values"),
                *r2_score(predicted, y_test, multioutput="raw_values"),
            ]
            assert_allclose(columns, expected, rtol=1e-9)

    def test_waist_is_best_predicted(self, results: dict) -> None:
        question = results["question_2"]
        assert question["best_predicted"] == "waist"
        assert sum(question["best_predicted_counts"]["direct"].values()) == 100
        assert question["best_predicted_counts"]["direct"]["waist"] > 90

    def test_stopping_early_generalises_better(self, results: dict) -> None:
        early = results["question_2"]["early_stopping"]
        assert early["epoch"] < early["epochs_at_the_end"]
        assert early["test_cost"] < early["test_cost_at_the_end"]

    def test_printed_scores_are_bracketed(self, results: dict) -> None:
        found = entries(results, 2)
        for form in ("direct", "autograd"):
            assert found[f"{form}: mean square error (test)"]["verdict"] == "bracketed"
            assert found[f"{form}: R2 (test)"]["verdict"] == "bracketed"
            assert names(results, f"question_2_{form}") == ["r2-swapped", "other-start"]
            # R2 from the printed mean square error and the spread of the test set, not from any prediction.
            mse = handout.printed(f"question_2_{form}")["metrics"]["test_mse"]
            rightly = ", ".join(f"{1 - error / spread:.4f}" for error, spread in zip(mse, TEST_VARIANCE, strict=True))
            assert rightly in found[f"{form}: R2 (test)"]["why"]


class TestQuestion3:
    def test_curves_run_from_epoch_0_to_1000(self, results: dict) -> None:
        curves = results["question_3"]["batch_16"]
        for name in ("train_cost", "test_cost", "train_accuracy", "test_accuracy"):
            assert len(curves[name]) == 1001
        assert curves["train_cost"][-1] < 0.07 < curves["train_cost"][0]
        assert curves["largest_difference_between_engines"] < 1e-9

    def test_the_printed_losses_from_the_printed_weights(self, results: dict) -> None:
        twice = results["question_3"]["softmax_twice"]
        train, test = twice["printed_weights"]["train"], twice["printed_weights"]["test"]
        assert twice["least_loss"] == pytest.approx(np.log(1 + 2 / np.e), abs=1e-12)
        assert train["cross_entropy"] == pytest.approx(0.07227, abs=5e-6)
        assert test["cross_entropy"] == pytest.approx(0.07993, abs=5e-6)
        assert train["softmax_twice_loss"] == pytest.approx(0.59377, abs=5e-6)
        assert test["softmax_twice_loss"] == pytest.approx(0.59888, abs=5e-6)
        metrics = handout.printed("question_3")["metrics"]
        for found, printed in ((train, metrics["training_cost"]), (test, metrics["test_cost"])):
            assert found["divided_by_patterns"]["low"] < printed < found["divided_by_patterns"]["high"]
        assert (train["errors"], train["patterns"]) == (3, 90)
        assert (test["errors"], test["patterns"]) == (3, 60)

    def test_softmax_twice_is_the_same_in_torch(self, results: dict) -> None:
        assert results["question_3"]["softmax_twice"]["torch_and_chain_rule_differ_by"] < 1e-9

    def test_batch_sizes(self, results: dict) -> None:
        rows = results["question_3"]["batch_sizes"]
        assert [row["batch_size"] for row in rows] == [2, 4, 8, 16, 24, 32, 64, 90]
        for row in rows:
            assert set(row["seconds_per_epoch"]) == {"direct", "autograd", "compiled"}
            assert 0.9 < row["train_accuracy"] <= 1
        # More updates an epoch fit the training set better.
        assert np.all(np.diff([row["train_cost"] for row in rows]) > 0)

    def test_separability(self, results: dict) -> None:
        assert results["question_3"]["separability"]["outcome"] != "separable"
        assert results["question_3"]["separability_setosa"]["outcome"] == "separable"

    def test_account(self, results: dict) -> None:
        found = entries(results, 3)
        assert found["training accuracy"]["verdict"] == found["test accuracy"]["verdict"] == "equal"
        for what in ("training loss", "test loss", "weights (inputs x neurons)", "biases"):
            assert found[what]["verdict"] == "bracketed"

    def test_the_checker_finds_why(self, results: dict) -> None:
        assert names(results, "question_3") == ["softmax-twice", "cost-per-batch"]


class Links(HTMLParser):
    """What a page would fetch, its identifiers and its unclosed tags."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.linked: list[str] = []
        self.ids: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, given in attrs:
            if name in ("src", "href", "xlink:href") and given and not given.startswith(("#", "data:")):
                (self.linked if tag == "a" else self.fetched).append(given)
            if name == "id" and given:
                self.ids.append(given)


class TestPage:
    def test_it_fetches_nothing_and_runs_no_script(self, folder: Path) -> None:
        links = Links()
        links.feed((folder / "index.html").read_text())
        assert links.fetched == []
        assert all((folder / name).is_file() for name in links.linked)
        assert "script" not in links.tags
        assert {"math", "svg", "table", "figure"} <= links.tags

    def test_identifiers_are_unique_over_all_figures(self, folder: Path) -> None:
        links = Links()
        links.feed((folder / "index.html").read_text())
        assert len(links.ids) == len(set(links.ids))

    def test_nothing_is_left_unfilled(self, folder: Path) -> None:
        text = re.sub(r"<(style|svg).*?</\1>", "", (folder / "index.html").read_text(), flags=re.DOTALL)
        assert not re.search(r"\bNone\b|\bnan\b|\binf\b|\{\{|Undefined|np\.float", text)

    def test_every_figure_is_a_file_too(self, folder: Path) -> None:
        names = {path.name for path in folder.glob("*.svg")}
        assert len(names) == 11
        for path in folder.glob("*.svg"):
            assert path.read_text().rstrip().endswith("</svg>")

    def test_the_printed_answers_can_be_marked_again(
        self, folder: Path, results: dict, capsys: pytest.CaptureFixture
    ) -> None:
        for name, marked in results["marks"].items():
            files = (folder / "printed" / f"{name}.{kind}.toml" for kind in ("problem", "answer"))
            with pytest.raises(SystemExit, match="1"):
                main(["check", *map(str, files), "--json"])
            assert json.loads(capsys.readouterr().out)["mistakes"] == marked["mistakes"]

    def test_every_entry_of_the_account_is_shown(self, folder: Path, results: dict) -> None:
        page = (folder / "index.html").read_text()
        assert page.count('class="verdict') == len(results["account"]) + 4  # and the four of the legend
        for entry in results["account"]:
            assert entry["verdict"] in ("equal", "within rounding", "bracketed", "differs")
            if entry["verdict"] == "differs":
                assert entry["why"], entry["what"]


def test_one_question_alone(tmp_path: Path) -> None:
    results = tutorial.run(tmp_path, [1])
    assert "question_1" in results
    assert "question_2" not in results
    assert {entry["question"] for entry in results["account"]} == {1}
    assert "Question 2" not in (tmp_path / "index.html").read_text()


def test_an_unknown_question_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"The question must be 1, 2 or 3. Got 4. Leave it out for all three."):
        tutorial.run(tmp_path, [4])
    with pytest.raises(InputError, match="Got none"):
        tutorial.run(tmp_path, [])


def test_without_torch_it_says_so_before_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutorial, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(
        MissingExtraError, match=r"the tutorial needs PyTorch. Install it with: pip install 'deltarule\[autograd\]'"
    ):
        tutorial.run(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_steps_are_told_in_order_with_their_share() -> None:
    told: list[tuple[str, float]] = []
    say = Teller({1: {"a": ("first", 2), "b": ("second", 4)}}, lambda text, done: told.append((text, done)))
    say.question(1)
    say("a")
    say.within(0.5)
    say("b")
    say.last()
    assert told == [
        ("question 1: first", 0),
        ("question 1: first", 1),
        ("question 1: second", 2),
        ("figures and page", 6),
    ]


def test_rounds_to() -> None:
    assert rounds_to(2.675, 2.68, 2)  # exactly between: either is right
    assert rounds_to(2.675, 2.67, 2)
    assert not rounds_to(2.6849, 2.67, 2)


def test_verdicts() -> None:
    assert compare(1, "x", 0.28, 0.2787, 2).verdict == "equal"
    assert compare(1, "x", 0.28, 0.2849, 2).verdict == "equal"
    assert compare(1, "x", 0.28, 0.2851, 2).verdict == "differs"
    assert bracket(1, "x", [1.0, 5.0], [[0, 4], [2, 6]], "").verdict == "bracketed"
    assert bracket(1, "x", [1.0, 7.0], [[0, 4], [2, 6]], "").verdict == "differs"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (14.0, "14"),
        (-0.5, "−0.5"),
        ("waist", "waist"),
        ([1, -2], "(1, −2)"),
        ({"low": 1.5, "median": 2.0, "high": 2.5}, "1.5 <span class=to>to</span> 2.5"),
        ({"a_b": 1.0, "all": [1, 2]}, "a b: 1"),
        ([[1, 2], [3, 4]], "(1, 2)<br>(3, 4)"),
    ],
)
def test_values_of_the_account(given: object, shown: str) -> None:
    assert str(value(given)) == shown


def test_values_with_decimals() -> None:
    assert value(9.7e-6, 4) == "0.0000"
    assert "<details><summary>7 rows" in str(value([[1, 2]] * 7))
