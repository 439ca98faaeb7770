"""Formulas in two notations: sums, signs and powers."""

from hypothesis import given
from hypothesis import strategies as st

from deltarule.typeset.maths import DOTS, factor, maths, negated, number, total


@given(
    st.lists(st.text("0123456789", min_size=1, max_size=9), min_size=1, max_size=30),
    st.integers(0, 90),
    st.integers(0, 30),
)
def test_a_long_sum_keeps_its_ends(figures, longest, gap):
    terms = [number(text) for text in figures]
    if 0 < gap < len(terms):
        terms.insert(gap, DOTS)
    pieces = total(terms, longest)
    shown = [piece.text.removeprefix("+ ") for piece in pieces]
    assert shown[0] == terms[0].text
    assert shown[-1] == terms[-1].text
    assert all(piece.text.startswith("+ ") for piece in pieces[1:])
    assert shown.count("...") <= 1
    if "..." in shown:
        cut = shown.index("...")
        known = [term.text for term in terms if term != DOTS]
        assert shown[:cut] == known[:cut]
        # A term is never left out for an ellipsis no shorter than it.
        assert DOTS in terms or len(known) > cut + 1
    else:
        assert shown == figures
    if len(shown) > 3:
        assert len(" ".join(shown)) <= longest + 10


def test_signs():
    assert [negated(text).text for text in ("1.5", "-1.5", "0.00", "0", "-1e-03")] == [
        "-1.5",
        "1.5",
        "0.00",
        "0",
        "1e-03",
    ]
    assert maths(factor("-1.5e-03"), "x").latex == r"({-1.5 \times 10^{-3}}) x"
    assert number("inf").latex == r"\text{inf}"
