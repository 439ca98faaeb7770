"""The axes of a figure: labels, ticks that are text, limits for numbers near the largest float."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from deltarule.plots.appearance import POWER_LIMITS, shown
from deltarule.typeset.figures import thousands, true_minus

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

# Above these, the margins and ticks that matplotlib chooses go beyond the largest float, 1.8e308.
DIVERGED = {"log": 1e200, "linear": 1e307}


def label_axis(axis: Axis, label: str) -> None:
    """Label an axis, and put the power of ten of very large or small ticks into the label, as in "cost (×10¹⁴)".

    matplotlib would write that power above the axes, where the legend stands. Other ticks are written as `tick_text` does.

    Parameters
    ----------
    axis : the x or y axis; its data are drawn.
    label : what the axis shows; "" for nothing but the power.
    """
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    formatter = axis.get_major_formatter()
    if isinstance(formatter, ScalarFormatter):
        exponent = math.floor(math.log10(max(map(abs, axis.get_view_interval()))))
        low, high = POWER_LIMITS
        large_or_small = not low < exponent < high
        formatter.set_scientific(large_or_small)
        if large_or_small:
            formatter.set_powerlimits((exponent, exponent))
            axis.get_offset_text().set_visible(False)
            factor = f"×{_power(exponent)}"
            label = f"{label} ({factor})" if label else factor
        elif all(float(tick).is_integer() for tick in axis.get_majorticklocs()):
            axis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value)))
    axis.set_label_text(shown(label))


def plain_log_ticks(axis: Axis) -> None:
    """Powers of ten as 0.001, 1, 1000 or 10⁻⁷: text, not mathematics, so that it stays text in an SVG.

    Over less than two decades the ticks between the powers are labelled too: 2 and 5, or all within a single decade.

    Parameters
    ----------
    axis : the x or y axis, which is logarithmic.
    """
    from matplotlib.ticker import FuncFormatter

    def between(value: float, _: int | None) -> str:
        low, high = axis.get_view_interval()
        decades = math.log10(high / low)
        first = int(f"{value:.0e}"[0])
        return power_text(value) if decades < 0.7 or (decades < 2 and first in (2, 5)) else ""

    axis.set_major_formatter(FuncFormatter(lambda value, _: power_text(value)))
    axis.set_minor_formatter(FuncFormatter(between))


def fit_diverged(axes: Axes) -> None:
    """Set limits and ticks of a y axis whose data come near the largest float; others stay as matplotlib sets them.

    Parameters
    ----------
    axes : the axes, whose data are drawn.
    """
    from matplotlib.ticker import FixedLocator, NullLocator

    scale, highest = axes.get_yscale(), float(axes.dataLim.ymax)
    if highest < DIVERGED.get(scale, math.inf):
        return
    axes.set_autoscaley_on(False)
    axes.yaxis.set_minor_locator(NullLocator())
    if scale == "linear":
        axes.set_ylim(min(axes.dataLim.ymin, 0.0), highest)
        axes.yaxis.set_major_locator(FixedLocator([0.0, 0.5e308, 1e308, 1.5e308]))
        return
    low, high = max(math.log10(axes.dataLim.minposy), -300.0), math.log10(highest)
    margin = 0.05 * max(high - low, 1.0)
    axes.set_ylim(10 ** (low - margin / 5), 10 ** (high + margin) if high + margin < 308 else sys.float_info.max)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if 8 * step > high - low)
    axes.yaxis.set_major_locator(FixedLocator([10.0**power for power in range(-300, 309) if power % step == 0]))


def tick_text(value: float) -> str:
    """The label of a tick that is written out: with commas between thousands from 10,000 on, and a true minus sign.

    Parameters
    ----------
    value : of the tick.

    Examples
    --------
    >>> tick_text(5000.0), tick_text(-20000.0), tick_text(2.5)
    ('5000', '−20,000', '2.5')
    """
    text = thousands(int(value)) if float(value).is_integer() else f"{value:g}"
    return true_minus(text)


def power_text(value: float) -> str:
    """The label of a tick of a logarithmic axis.

    Parameters
    ----------
    value : of the tick.

    Examples
    --------
    >>> power_text(0.01), power_text(1000.0), power_text(1e5), power_text(1e-7), power_text(2e6)
    ('0.01', '1000', '100,000', '10⁻⁷', '2×10⁶')
    """
    if 1e-4 < value < 1e6:
        return tick_text(value)
    mantissa, exponent = f"{value:.0e}".split("e")
    power = _power(int(exponent))
    return power if mantissa == "1" else f"{mantissa}×{power}"


def _power(exponent: int) -> str:
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
