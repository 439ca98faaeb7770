"""How sweeps and scores show themselves."""

import xml.etree.ElementTree as ET

import numpy as np

from deltarule import Score, sweep
from sweep_samples import LINE


def test_the_text_shows_the_best_and_what_diverged(ignore_overflow):
    result = sweep(
        **LINE,
        learning_rate=[*np.linspace(0.1, 0.4, 12), 50],
        epochs=6000,
        validation=([[3.0]], [[7.0]]),
        tolerance=1e-3,
    )
    text = str(result)
    assert max(map(len, text.splitlines())) <= 80
    assert "13 models, linear layer" in text
    assert "compared on 1 validation pattern" in text
    assert "... and 3 more models" in text
    assert "1 of 13 models diverged; the smallest learning rate among them is 50." in " ".join(text.split())
    first = next(line for line in text.splitlines() if line.split()[:1] == [str(result.best_place())])
    assert "tolerance met" in first
    assert f"Best by validation cost: model {result.best_place()}" in text
    assert "As the best of 12, it looks better" in " ".join(text.split())
    assert repr(result) == "<Sweep of 13 models>"


def test_a_best_rate_at_the_end_of_those_tried_is_said():
    options = {"epochs": 3, "validation": ([[3.0]], [[6.0]])}
    assert "the largest of those tried: try larger" in " ".join(
        str(sweep(**LINE, learning_rate=[0.01, 0.1], **options)).split()
    )
    assert "the smallest of those tried: try smaller" in " ".join(
        str(sweep(**LINE, learning_rate=[0.5, 0.9], **options)).split()
    )
    assert "those tried" not in str(sweep(**LINE, learning_rate=[0.1, 0.5, 0.9], **options))


def test_a_batch_of_all_patterns_is_called_the_full_batch():
    count = len(LINE["X"])
    for size in (None, count, count + 1):
        about = str(sweep(**LINE, learning_rate=[0.1, 0.2], epochs=1, batch_size=size))
        assert "full batch, weight decay 0" in " ".join(about.split())
    about = str(sweep(**LINE, learning_rate=[0.1, 0.2], epochs=1, batch_size=count - 1))
    assert f"batch size {count - 1}, weight decay 0" in " ".join(about.split())


def test_without_validation_patterns_the_text_says_so():
    text = " ".join(str(sweep(**LINE, learning_rate=[0.1, 0.2], epochs=1)).split())
    assert "there are no validation patterns to choose by" in text
    assert "Best" not in text


def test_a_sweep_in_a_notebook_is_a_table_of_the_best_models(swept):
    root = ET.fromstring(f"<div>{swept._repr_html_()}</div>")
    heads = [head.text for head in root.iter("th") if head.get("scope") == "col"]
    assert heads == ["rate", "batch", "decay", "seed", "validation cost", "accuracy", "training cost"]
    rows = [head.text for head in root.iter("th") if head.get("scope") == "row"]
    assert rows == [f"model {place}" for place in swept.ranking()[:10]]
    text = "".join(root.itertext())
    assert "The first 10 of 24 different models" in text
    assert f"Best by validation cost: model {swept.best_place()}" in text


def test_a_score_is_one_sentence():
    score = Score(1, True, 9, 0.5, 1.0, 8 / 9, 2)
    assert str(score) == (
        "Test set, scored once, for model 1 (refitted): cost 0.5000, 1 wrong of 9 patterns, accuracy 0.8889. 2 patterns of it "
        "are also among the training or validation patterns."
    )
    assert score._repr_html_() == f"<p>{score}</p>"
    assert str(Score(0, False, 9, 0.5, None, None, 0)) == "Test set, scored once, for model 0: cost 0.5000."


def test_a_diverged_model_does_not_decide_the_notation_of_the_others(ignore_overflow):
    """Above a rate of 1 each update multiplies the bias by more than -1: the last finite cost has 300 digits."""
    result = sweep(**LINE, learning_rate=[0.001, 0.002, 50], epochs=200, validation=([[3.0]], [[700.0]]))
    table = str(result).split("\n\n")[1].splitlines()[:-1]
    rows = {words[0]: words for words in map(str.split, table)}
    assert "diverged" in rows["2"]
    assert "e+" in " ".join(rows["2"])
    assert "e" not in "".join(rows["0"] + rows["1"])
