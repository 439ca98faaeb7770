"""What notebooks show of layers, iterations and runs."""

import re
from xml.etree import ElementTree as ET

import pytest

from deltarule import Descent, iterate, train
from deltarule.show.document import iteration_document
from deltarule.show.forms import rendered
from samples import QUESTION_1_LABELS, QUESTION_1_LAYER, QUESTION_1_X

WORKED = iterate(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 1500))


@pytest.mark.parametrize("shows", [WORKED, QUESTION_1_LAYER, None], ids=["iteration", "layer", "run"])
def test_notebooks_show_a_fragment_whose_style_stays_inside(shows):
    shows = shows or train(QUESTION_1_LAYER, QUESTION_1_X, QUESTION_1_LABELS, Descent(0.05, 5), "direct")
    root = ET.fromstring(shows._repr_html_())
    assert (root.tag, root.get("class")) == ("div", "deltarule-work")
    style = re.sub(r"@media print \{(.*)\}", r"\1", root.find("style").text, flags=re.DOTALL)
    rules = [rule.split("{")[0] for rule in style.split("}") if "{" in rule]
    assert rules
    assert all(selector.strip().startswith(".deltarule-work") for rule in rules for selector in rule.split(","))
    figures = {cell.text for cell in root.iter("td")}
    assert "−0.34" in figures or "−0.3400" in figures or shows is not WORKED
    assert str(shows)
    assert repr(shows) != str(shows)


def test_layers_say_their_kind_and_weights():
    assert str(QUESTION_1_LAYER).splitlines() == [
        "softmax layer, 2 inputs, 3 neurons, one a class",
        "",
        "           A        B        C",
        "x1    0.8800   0.0800  -0.3400",
        "x2    0.6800  -0.3900  -0.1900",
        "b     0.0000   0.0000   0.0000",
    ]
    assert "0.8800 & 0.0800 & -0.3400" in QUESTION_1_LAYER._repr_latex_()
    assert WORKED._repr_latex_() == rendered("latex", [iteration_document(WORKED)], standalone=False)
