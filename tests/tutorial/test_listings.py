"""The code that the page shows, read from the page and run as it stands."""

import html
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose


@pytest.fixture(scope="module")
def listings(small) -> list[str]:
    shown = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", (small / "index.html").read_text(), re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in shown]


def test_the_page_shows_the_data_and_both_ways_to_train(listings):
    assert len(listings) == 3
    assert [("load_linnerud" in text, "X.T @ delta" in text, "backward()" in text) for text in listings] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("place", "form"), [(1, "direct"), (2, "autograd")])
def test_the_code_ends_at_the_layer_that_the_page_shows(listings, small_results, place, form):
    names: dict = {}
    exec(listings[0] + listings[place], names)
    found = small_results["question_2"][form]
    # Thousands of updates, each rounded in its own order.
    assert_allclose(names["W"], found["weights"], atol=1e-10)
    assert_allclose(names["b"], found["biases"], atol=1e-10)
    epochs = int(re.search(r"range\((\d+)\)", listings[place])[1])
    assert epochs == found["epochs"]


def test_the_code_prepares_the_data_as_the_problem_file_does(listings):
    from deltarule.tutorial.printed_answers import problem_of

    names: dict = {}
    exec(listings[0], names)
    problem = problem_of("question_2")
    assert_allclose(names["X"], problem.X, atol=1e-12)
    assert_allclose(names["D"], problem.targets, atol=1e-12)
    assert np.array_equal(names["W0"], problem.layer.weights)
    assert np.array_equal(names["b0"], problem.layer.biases)
