"""Marks as text: what is written out of a part, and the sentence at the end."""

from __future__ import annotations

import pytest

from deltarule.marking.marks import Entry, Finding, Marks, PartMarks
from deltarule.marking.report.hints import hints
from deltarule.marking.report.text import entry_text, headed_findings, marks_lines, percent, place_text, summary
from deltarule.parts import PartName

DELTA = PartName.in_iteration(1, "delta")


def part(*verdicts, follows=False):
    entries = tuple(Entry((k, 1), 0.5, 1.5, verdict, follows, 2) for k, verdict in enumerate(verdicts, start=1))
    return PartMarks(DELTA, entries, (len(verdicts), 1), rows=tuple("12345678"[: len(verdicts)]), columns=("1",))


def marks(*parts, mistakes=(), faults=None, alternatives=False):
    return Marks(parts, tuple(mistakes), faults or {}, alternatives)


@pytest.mark.parametrize(("wrong", "more"), [(4, False), (5, True)])
def test_four_wrong_entries_of_a_part_are_written_out(wrong, more):
    text = str(marks(part(*["wrong"] * wrong)))
    assert text.count("should be 1.50") == 4
    assert ("and 1 more" in text) == more


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (marks(part("right")), "All right: 100%."),
        (marks(part("right", "rounding")), "All right, within rounding: 100%."),
        (marks(part("right", "wrong")), "50%: 1 entry is wrong."),
        (marks(part(*["right"] * 299, "wrong")), "99%: 1 entry is wrong."),
        (marks(part("wrong", follows=True)), "100%: 1 entry is wrong, of which 1 follows from earlier ones."),
        (
            marks(part("wrong", "wrong", follows=True)),
            "100%: 2 entries are wrong, of which 2 follow from earlier ones.",
        ),
        (marks(faults={"iteration.1.cost": "why"}), "0%: 1 part could not be read."),
        (marks(part("wrong"), faults={"a": "", "b": ""}), "0%: 1 entry is wrong; 2 parts could not be read."),
    ],
)
def test_one_sentence_says_how_much_is_right(given, sentence):
    assert summary(given) == sentence


def finding(name, is_mistake=True):
    return Finding(name, DELTA, "Why.", f"Look at {name}.", is_mistake)


def test_findings_stand_under_what_they_are():
    found = [finding("a"), finding("b"), finding("c", is_mistake=False)]
    heads = {
        ("Mistakes", "Note"): marks(mistakes=found),
        ("Mistake: one of these", "Note"): marks(mistakes=found, alternatives=True),
        ("Mistake",): marks(mistakes=found[:1]),
        ("Notes",): marks(mistakes=[found[2]] * 2),
    }
    for heading, given in heads.items():
        assert tuple(head for head, _ in headed_findings(given)) == heading


@pytest.mark.parametrize(
    ("level", "sentences"),
    [
        (1, ["Look at iteration 1: delta, row 2, column 1 first."]),
        (2, ["Look at iteration 1: delta, row 2, column 1 first.", "Look at a."]),
        (
            3,
            [
                "Look at iteration 1: delta, row 2, column 1 first.",
                "Look at a.",
                "There should be 1.50 instead of 0.50.",
            ],
        ),
    ],
)
def test_a_hint_says_no_more_than_its_level(level, sentences):
    assert list(hints(marks(part("right", "wrong"), mistakes=[finding("a"), finding("a")]), level)) == sentences


def test_a_hint_where_no_mistake_is_known():
    assert list(hints(marks(part("wrong")), 2))[1] == "None of the mistakes that were tried explains it."


def test_places_and_entries_in_words():
    assert [place_text(Entry(place, 0, 0, "right", None)) for place in ((), (3,), (2, 4))] == [
        "", "entry 3", "row 2, column 4",
    ]  # fmt: skip
    assert [entry_text(value, 2) for value in ("A", 3, 0.005, -1.0)] == ["A", "3", "0.01", "-1.00"]


def test_a_finding_shows_itself_as_a_sentence_of_at_most_80_columns():
    found = Finding(
        "ascent", PartName.parse("iteration.1.weights"), "Your step goes along the gradient. " * 3, "", True
    )
    assert " ".join(str(found).splitlines()) == f"ascent, first seen in iteration 1: W. {found.why.strip()}"
    assert max(map(len, str(found).splitlines())) <= 80


def test_marks_have_a_short_repr():
    given = marks(part("right", "wrong"), mistakes=[finding("a")])
    assert repr(given) == "Marks(right=False, score=0.5, parts=1, mistakes=[a])"


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100%"), (sum([0.1] * 10), "100%"), (1 - 1e-6, "99%"), (1 - 1e-8, "99%"), (0.994, "99%"), (0.0, "0%")],
)
def test_marks_that_add_up_to_all_but_for_binary_fractions_are_all_and_one_of_a_million_lost_is_not(share, text):
    """Ten tenths are 0.9999999999999999 in binary."""
    assert percent(share) == text


def test_a_figure_with_many_digits_is_written_with_an_exponent():
    assert entry_text(1.25e30, 2) == "1.25e+30"
    assert entry_text(125.0, 2) == "125.00"


def test_parts_that_are_wrong_are_red_in_the_table_and_right_ones_are_not():
    name = PartName.in_iteration(1, "outputs")
    right = PartMarks(name, (Entry((1, 1), 0.5, 0.5, "right", False, 2),), (1, 1), rows=("1",), columns=("1",))
    table = [line for line in marks_lines(marks(right, part("wrong")), 80) if line.text.endswith(" of 1")]
    assert [line.style for line in table] == ["", "red"]
