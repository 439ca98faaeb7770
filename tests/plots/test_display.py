"""Figures in files, and what is imported when."""

import pkgutil
import subprocess
import sys

import pytest

from deltarule import plots
from deltarule.errors import InputError


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<svg"), ("PDF", b"%PDF-"), ("png", b"\x89PNG")])
def test_files_are_whole_and_the_same_each_time(tmp_path, plane, suffix, start):
    first, second = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    assert plots.save(plane, first) == first
    plane.save(str(second))
    content = first.read_bytes()
    assert content.startswith(start)
    assert content == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name])  # no drafts left


def test_a_figure_that_cannot_be_written_leaves_nothing(tmp_path, plane):
    with pytest.raises(InputError, match=r"must end in \.svg, \.pdf or \.png\. Got 'figure\.jpeg'"):
        plots.save(plane, tmp_path / "figure.jpeg")
    with pytest.raises(InputError, match=r"must be one that can be written\. Got .*missing.*No such file"):
        plots.save(plane, tmp_path / "missing" / "figure.png")
    (tmp_path / "taken.png").mkdir()
    with pytest.raises(InputError, match=r"The file must be a file\. Got .*taken\.png', a directory"):
        plots.save(plane, tmp_path / "taken.png")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.png"]


def test_no_module_has_the_name_of_a_function():
    """Else `from deltarule.plots import strips` would give one or the other, by the order of imports."""
    modules = {module.name for module in pkgutil.iter_modules(plots.__path__)}
    assert not modules & set(plots.__all__)


@pytest.mark.slow
def test_matplotlib_is_imported_when_a_figure_is_drawn_and_pyplot_never():
    program = (
        "import sys, deltarule.plots as p; assert 'matplotlib' not in sys.modules;"
        "p.traces([0, 1], {'a': [1, 2]}).draw();"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_displays_are_short_where_python_shows_them(plane, run, swept):
    curves = plots.learning_curves(run)
    assert repr(curves) == "<Traces of 2 panels>"
    assert repr(curves.panels[0]) == "<Panel 'cost' of 2 lines>"
    assert repr(curves.panels[0].lines[0]) == "<Line 'training' of 41 points>"
    assert repr(plane) == "<DecisionRegions of 3 classes, 18 patterns>"
    assert repr(plots.strips({"a": [1.0, 2.0]})) == "<Strips of 1 row>"
    assert repr(plots.sweep_curves(swept)) == "<SweepCurves of 3 panels>"
