"""Formulas as MathML."""

from xml.etree import ElementTree as ET

import pytest

from deltarule.typeset.mathml import mathml, mathml_line
from deltarule.typeset.maths import maths, number, total

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def leaves(markup):
    """The texts of a `math` element, in order."""
    root = ET.fromstring(str(markup))
    assert root.tag == f"{NAMESPACE}math"
    return [node.text for node in root.iter() if node.text and node.text.strip()]


def test_a_negative_figure_is_a_group_so_that_its_sign_is_not_spaced_as_a_subtraction():
    root = ET.fromstring(str(mathml("2 - -0.5")))
    groups = [[child.text for child in row] for row in root.iter(f"{NAMESPACE}mrow")]
    assert ["\N{MINUS SIGN}", "0.5"] in groups


@pytest.mark.parametrize("display", ["inline", "block"])
def test_the_display_is_that_asked_for(display):
    assert ET.fromstring(str(mathml("u", display))).get("display") == display


def test_a_function_is_apart_from_what_it_is_taken_of_but_for_a_parenthesis():
    def spaces(latex):
        return len(list(ET.fromstring(str(mathml(latex))).iter(f"{NAMESPACE}mspace")))

    assert spaces(r"\ln y") == 1
    assert spaces(r"\ln(1 - y)") == 0
    assert spaces(r"d \ln y") == 2


def test_a_line_may_break_between_its_pieces():
    line = str(mathml_line(total([number("1"), number("-2"), maths("x")])))
    pieces = line.split("<wbr/>")
    assert len(pieces) == 3
    assert leaves(pieces[1])[0] == "+"
    assert leaves(pieces[2]) == ["+", "x"]
