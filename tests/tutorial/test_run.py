"""The tutorial as a function: its questions, its plan, its progress and its refusals."""

import pytest

from deltarule import Descent, PerceptronLayer, tutorial
from deltarule.errors import InputError, MissingExtraError
from deltarule.tutorial.iris import softmax_of
from deltarule.tutorial.plan import FULL, SMALL
from deltarule.tutorial.progress import Progress, reported


@pytest.mark.slow
def test_one_question_can_be_answered_alone(tmp_path):
    results = tutorial.run(tmp_path, [1])
    assert "question_1" in results
    assert "question_2" not in results
    assert {entry["question"] for entry in results["account"]} == {1}
    assert "Question 2" not in (tmp_path / "index.html").read_text()


def test_an_unknown_question_is_named(tmp_path):
    with pytest.raises(InputError, match=r"The question must be 1, 2 or 3. Got 4. Leave it out for all three."):
        tutorial.run(tmp_path, [4])
    with pytest.raises(InputError, match="Got none"):
        tutorial.run(tmp_path, [])


def test_without_pytorch_it_refuses_before_it_works(tmp_path, monkeypatch):
    monkeypatch.setattr(tutorial, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(
        MissingExtraError, match=r"the tutorial needs PyTorch. Install it with: pip install 'deltarule\[autograd\]'"
    ):
        tutorial.run(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_steps_are_reported_in_order_with_their_share():
    reports: list[tuple[str, float]] = []
    steps = {1: {"a": ("first", 2), "b": ("second", 4)}}
    progress = Progress(steps, lambda text, done: reports.append((text, done)))
    progress.question(1)
    progress.begin("a")
    progress.within(0.5)
    progress.begin("b")
    progress.begin_last()
    assert reports == [
        ("question 1: first", 0),
        ("question 1: first", 1),
        ("question 1: second", 2),
        ("figures and page", 6),
    ]


def test_progress_is_silent_unless_it_is_shown(capsys):
    for show in (False, True):
        with reported({1: {"a": ("first", 6)}}, show=show) as progress:
            progress.question(1)
            progress.begin("a")
            progress.begin_last()
        lines = capsys.readouterr().err.splitlines()
        assert bool(lines) == show
    # The last step counts 6 seconds too.
    assert lines[1] == "deltarule tutorial [ 50%] figures and page"


def test_a_small_plan_shortens_descents_but_not_to_nothing():
    descent = Descent(learning_rate=0.1, epochs=1000)
    assert FULL.shortened(descent) == descent
    assert SMALL.shortened(descent).epochs == 20
    assert SMALL.epochs(3) == 1


def test_softmax_twice_refuses_another_kind_of_layer_by_name():
    layer = PerceptronLayer([[1.0]], [0.0])
    with pytest.raises(InputError, match=r"must be a softmax layer\. Got PerceptronLayer"):
        softmax_of(layer)
