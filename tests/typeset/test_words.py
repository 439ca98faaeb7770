"""Names in tables, and the rows that are shown."""

from rich.cells import cell_len

from deltarule.typeset.words import MAXIMUM_COLUMNS, TIE, counted, heads, legend, places_shown, short_name, unbroken


def test_rows_beyond_the_limit_are_cut_before_the_last():
    assert places_shown(500, 30) == [*range(29), None, 499]
    assert places_shown(30, 30) == list(range(30))
    assert places_shown(3, 1) == [0, None]
    # An ellipsis in place of one row alone saves nothing.
    assert (places_shown(2, 1), places_shown(31, 30)) == ([0, 1], list(range(31)))


def test_names_stay_on_one_line():
    assert short_name("a\nb") == r"a\nb"
    assert short_name(("p", 1)) == "('p', 1)"
    assert short_name("x" * 20) == "x" * 13 + "..."


def test_a_name_from_right_to_left_is_kept_from_turning_the_figures_beside_it():
    """The mark has no width and stands outside the name, which reads on as it is."""
    mark = "\u200e"
    for name in ("שושנה", "زهرة", "a שושנה", "x\u0661"):
        assert short_name(name) == f"{mark}{name}{mark}"
        assert cell_len(short_name(name)) == cell_len(name)
    assert heads(["שושנ"], 1, "x") == [f"{mark}שושנ{mark}"]  # four letters stand above figures
    for name in ("rose", "名前", "é", "1"):
        assert short_name(name) == name


def test_a_count_has_its_noun_in_the_singular_for_one_only():
    assert [counted(n, "row") for n in (0, 1, 2, 10_000)] == ["0 rows", "1 row", "2 rows", "10,000 rows"]


def test_names_stand_above_figures_if_all_are_short():
    assert heads(["a", "abcd"], 2, "x") == ["a", "abcd"]
    assert heads(["a", "abcde"], 2, "x") == ["x1", "x2"]
    assert heads((), 3, "") == ["1", "2", "3"]
    assert heads(["a"], 2, "x") == ["x1", "x2"]


def test_a_legend_says_what_numbers_stand_for():
    assert legend("inputs", ["x1", "x2"], ["length", "width"]) == [f"inputs: x1{TIE}={TIE}length, x2{TIE}={TIE}width"]
    assert legend("inputs", ["a", "b"], ["a", "b"]) == []
    assert legend("inputs", ["x1", "x2"], []) == []


def test_a_long_legend_is_cut_before_the_last():
    names = [f"class number {n}" for n in range(40)]
    (text,) = legend("neurons", [str(n) for n in range(40)], names)
    assert text.endswith(", ..., " + unbroken("39 = class number 39"))
    assert text.count("=") == MAXIMUM_COLUMNS
