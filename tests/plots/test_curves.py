"""Learning curves draw the history."""

import dataclasses

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from deltarule import plots
from deltarule.descent import Descent
from deltarule.errors import InputError
from deltarule.layers import LinearLayer
from deltarule.training import train
from figures_read import assert_outside, legend_names, lines_of, placed
from samples import QUESTION_1_LABELS as LABELS
from samples import QUESTION_1_LAYER as FIRST
from samples import QUESTION_1_X as X
from samples import refused
from sweep_samples import softmax_sweep


def test_learning_curves_draw_the_history(run):
    figure = placed(plots.learning_curves(run, cost_label="cross-entropy").draw())
    cost, accuracy = figure.axes
    drawn = lines_of(cost)
    assert_array_equal(drawn["training"].get_xdata(), np.arange(41))
    assert_array_equal(drawn["training"].get_ydata(), run.history.cost)
    assert_array_equal(drawn["validation"].get_ydata(), run.history.validation_cost)
    assert_array_equal(lines_of(accuracy)["training"].get_ydata(), run.history.accuracy)
    assert cost.get_ylabel() == "cross-entropy"
    assert accuracy.get_ylabel() == "accuracy"
    assert accuracy.get_xlabel() == "epoch"
    assert drawn["training"].get_color() != drawn["validation"].get_color()
    assert drawn["training"].is_dashed() != drawn["validation"].is_dashed()
    assert legend_names(cost.get_legend()) == ["training", "validation"]
    assert accuracy.get_legend() is None  # it would say the same
    assert_outside(cost.get_legend(), figure)


@pytest.mark.parametrize(
    ("layer", "targets"), [(FIRST, LABELS), (LinearLayer.random(2, 2, seed=0), np.column_stack([X[:, 0], X.sum(1)]))]
)
def test_means_are_the_costs_of_the_reduction_mean(layer, targets):
    """Of both sets, which are of different sizes: a sum over 18 patterns and one over 9 do not compare."""
    half = slice(None, None, 2)
    validation = (X[half], targets[half])
    weights = np.arange(1, 19) % 3
    run = train(layer, X, targets, Descent(1e-3, epochs=5), "direct", validation=validation, sample_weight=weights)
    training, followed = plots.learning_curves(run, mean=True).panels[0].lines
    # The last epoch's layer, its costs computed anew in the other reduction.
    assert training.y[-1] == pytest.approx(run.layer.cost(X, targets, "mean", sample_weight=weights), rel=1e-12)
    assert followed.y[-1] == pytest.approx(run.layer.cost(*validation, "mean"), rel=1e-12)
    mean = train(layer, X, targets, Descent(1e-3, epochs=5, reduction="mean"), "direct", validation=validation)
    assert_array_equal(plots.learning_curves(mean, mean=True).panels[0].lines[1].y, mean.history.validation_cost)


def test_costs_that_do_not_turn_into_means_are_errors(run):
    decayed = train(FIRST, X, LABELS, Descent(0.05, epochs=2, weight_decay=0.5), "direct")
    with pytest.raises(
        InputError, match=r"weight decay of a mean cost must be 0 .* Got 0\.5\. Train with reduction='mean'"
    ):
        plots.learning_curves(decayed, mean=True)
    with pytest.raises(InputError, match=r"must be Runs where costs are means\. Got a History.* Give the run itself"):
        plots.learning_curves(run.history, mean=True)


def test_errors_and_accuracy_are_steps_and_costs_are_not(run):
    for count in ("errors", "accuracy"):
        cost, counts = plots.learning_curves(run, count=count).draw().axes
        assert {line.get_drawstyle() for line in lines_of(counts).values()} == {"steps-post"}
        assert {line.get_drawstyle() for line in lines_of(cost).values()} == {"default"}


def test_several_runs_have_a_colour_each_and_dashes_for_validation(run):
    alone = train(FIRST, X, LABELS, Descent(0.2, epochs=5), "direct")
    display = plots.learning_curves({"slow": run, "fast": alone.history}, count="errors")
    looks = [(line.label, line.colour, line.dashes) for line in display.panels[0].lines]
    assert [label for label, _, _ in looks] == ["slow, training", "slow, validation", "fast, training"]
    assert looks[0][1] != looks[1][1]
    assert looks[0][1] != looks[2][1]
    assert looks[0][2] == looks[2][2] != looks[1][2]
    assert_array_equal(display.panels[1].lines[0].y, run.history.errors)
    assert_array_equal(display.panels[1].lines[2].x, np.arange(6))
    errors = placed(display.draw()).axes[1]
    ticks = errors.get_yticks()
    assert_array_equal(ticks, np.round(ticks))  # errors are counted
    # Without a validation set anywhere, a run's label is enough.
    assert plots.learning_curves({"a": alone, "b": alone}).panels[0].lines[1].label == "b"


def test_a_layer_that_predicts_numbers_has_one_panel_and_marks_and_references_are_drawn():
    history = train(LinearLayer([[0.0]], [0.0]), [[1.0]], [[1.0]], Descent(0.1, epochs=4), "direct")
    display = plots.learning_curves(history, log_y=True, references={"least": 0.01}, marks={"stop": 3})
    figure = display.draw()
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    assert legend_names(axes.get_legend()) == ["training", "least", "stop"]
    straight = [line.get_xydata().tolist() for line in axes.lines[1:]]
    assert straight == [[[0, 0.01], [1, 0.01]], [[3, 0], [3, 1]]]  # across and along the axes
    assert len(plots.learning_curves(history, count="none").panels) == 1


def test_a_validation_cost_that_is_not_finite_is_a_gap(run):
    broken = dataclasses.replace(run.history, validation_cost=np.where(np.arange(41) == 7, np.inf, 1.0))
    line = plots.learning_curves(broken).panels[0].lines[1]
    assert 7 not in line.x
    assert len(line.x) == 40


def test_long_runs_are_thinned_and_still_reach_every_extreme(run):
    cost = np.random.default_rng(1).uniform(1, 2, 50_001)
    cost[31_415] = 9.0
    long = dataclasses.replace(
        run.history, epoch=np.arange(50_001), cost=cost, validation_cost=None, accuracy=None, validation_accuracy=None
    )
    line = lines_of(plots.learning_curves(long, count="accuracy").draw().axes[0])["training"]
    assert len(line.get_xdata()) <= 4000
    assert [31_415, 9.0] in line.get_xydata().tolist()
    assert line.get_xdata()[[0, -1]].tolist() == [0, 50_000]


def test_runs_that_cannot_be_shown_are_errors(run):
    with pytest.raises(InputError, match=r"The runs must be at least one\. Got none"):
        plots.learning_curves({})
    with pytest.raises(InputError, match=r"The runs must be a Run, a History.* Got list"):
        plots.learning_curves([1.0, 0.5])
    empty = dataclasses.replace(run.history, epoch=np.array([], dtype=int), cost=np.array([]))
    with pytest.raises(InputError, match=r"The history of the run must have a recorded epoch"):
        plots.learning_curves(empty)
    with pytest.raises(InputError, match=r"count must be one of accuracy, errors, none.*Did you mean 'errors'"):
        plots.learning_curves(run, count="error")
    perfect = dataclasses.replace(run.history, cost=np.zeros(41), validation_cost=np.zeros(41))
    with pytest.raises(InputError, match=r"y of cost must have values above 0.*Leave out log_y"):
        plots.learning_curves(perfect, log_y=True)


def test_learning_curves_of_a_sweep_are_those_of_its_best_model():
    result = softmax_sweep(record_every=5)
    line, validation = plots.learning_curves(result).panels[0].lines
    assert_array_equal(line.y, result.best.history.cost)
    assert_array_equal(line.x, [0, 5, 10, 15])
    assert validation.label == "validation"
    chosen = plots.learning_curves({f"model {model}": result[model] for model in (0, 3)})
    assert [line.label for line in chosen.panels[0].lines][::2] == ["model 0, training", "model 3, training"]
    with refused("learning curves", "be of recorded epochs", "record_every=0", "record_every=1"):
        plots.learning_curves(softmax_sweep())
