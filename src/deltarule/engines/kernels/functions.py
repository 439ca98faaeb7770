"""Exponential, logarithm, sigmoid and tanh of lanes, by polynomials.

Accuracy (tests hold it over the whole range): within 3 units in the last place, exp within 2. e^x is 0 below x = -690
(-69 in float32) and infinity above 709 (88); the sigmoid's and tanh's limits are exact; a NaN stays a NaN.

e^x: x = n log 2 + r with whole n and |r| <= log(2) / 2, so e^x = 2^n e^r (Muller, "Elementary Functions", 3rd ed.,
section 11.1; Cody and Waite's two-part log 2). The polynomials interpolate at Chebyshev's points, with errors below
2e-17 (float64) and 1e-8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from deltarule.engines.kernels.compiling import inlined
from deltarule.engines.kernels.lanes import exponent, fma, power_of_shifted, shift, where_greater
from deltarule.engines.kernels.vectors import machine_code, multiply_add_code


def polynomial(double: Sequence[float], single: Sequence[float]) -> Any:
    """A function of lanes: a polynomial.

    Parameters
    ----------
    double, single : its coefficients for float64 and for float32, the highest power first.
    """

    def plain(x: Any) -> Any:
        coefficients = double if x.dtype == np.float64 else single
        value = np.full_like(x, coefficients[0])
        for coefficient in coefficients[1:]:
            value = value * x + x.dtype.type(coefficient)
        return value

    @machine_code(plain)
    def even_and_odd(typingctx: Any, x: Any) -> Any:
        # p(x) = even(x^2) + x odd(x^2), each by Horner: no more operations than one Horner of all (but x^2), in half
        # as many that wait for each other.
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            vector = arguments[0].type
            coefficients = double if x.dtype.bitwidth == 64 else single
            terms = [ir.Constant(vector, [c] * vector.count) for c in reversed(coefficients)]
            square = builder.fmul(arguments[0], arguments[0])
            halves = []
            for half in (terms[::2], terms[1::2]):
                sums = half[-1] if half else None
                for term in half[-2::-1]:
                    sums = multiply_add_code(builder, sums, square, term)
                halves.append(sums)
            even, odd = halves
            return even if odd is None else multiply_add_code(builder, odd, arguments[0], even)

        return x(x), build

    return even_and_odd


# (e^r - 1 - r) / r^2 on |r| <= log(2) / 2.
_exp_tail = polynomial(
    [
        2.5100375924709716851e-8, 2.7620075999810651055e-7, 2.755726848011633485e-6, 2.4801521322116824174e-5,
        1.98412698630406699e-4, 1.388888891719688114e-3, 8.3333333333300644245e-3, 4.1666666666624161578e-2,
        1.6666666666666667452e-1, 5.0000000000000010211e-1,
    ],
    [1.39261761912e-3, 8.36317313152e-3, 4.16665546616e-2, 1.66665770253e-1, 0.5],
)  # fmt: skip
# (atanh(s) - s) / s^3 as a polynomial in s^2, on |s| <= (sqrt(2) - 1) / (sqrt(2) + 1).
_log_tail = polynomial(
    [
        7.3082255212170834897e-2, 7.6658607453693217242e-2, 9.0914445642827543671e-2, 1.1111105567374867406e-1,
        1.4285714312987881352e-1, 1.9999999999949751939e-1, 3.3333333333333348431e-1,
    ],
    [1.47899752142410492e-1, 1.9994390271592290455e-1, 3.3333342519815825551e-1],
)  # fmt: skip

# Constants are polynomials of degree 0. log 2 in two parts: n times the high part is exact.
_log2_high = polynomial([6.93147180369123816490e-01], [0.693359375])
_log2_low = polynomial([1.90821492927058770002e-10], [-2.12194440054690583e-4])
# Above, e^x is infinity. Below, it is 0: well before the smallest normal number (1e-308, 1e-38), because processors
# take a hundred times as long over the subnormal numbers beyond, also over those that a learning rate would make of a
# probability. No sum of probabilities shows the difference.
_exp_highest = polynomial([709.0], [88.0])
_exp_lowest = polynomial([-690.0], [-69.0])
# tanh rounds to 1 from here on.
_tanh_one = polynomial([44.0], [20.0])


@inlined
def _reduced(x: Any) -> Any:
    """2^n for a whole n, and p = e^r - 1, with e^x = 2^n (1 + p)."""
    shifted = fma(x, 1.4426950408889634, shift(x))
    n = shifted - shift(x)
    r = fma(n, 0.0 - _log2_high(x), x)
    r = fma(n, 0.0 - _log2_low(x), r)
    return power_of_shifted(shifted), fma(r * r, _exp_tail(r), r)


@inlined
def exp(x: Any) -> Any:
    """e^x of lanes."""
    return where_greater(x, _exp_highest(x), math.inf, exp_to_1(x))


@inlined
def exp_to_1(x: Any) -> Any:
    """e^x of lanes up to 0."""
    power, p = _reduced(x)
    # Beyond the bounds the result is nonsense. It is replaced last, so that nothing waits for the comparison.
    return where_greater(_exp_lowest(x), x, 0.0, fma(power, p, power))


@inlined
def sigmoid(u: Any) -> Any:
    """1 / (1 + e^-u) of lanes; an infinite e^-u gives 0."""
    return 1.0 / (exp(0.0 - u) + 1.0)


@inlined
def magnitude(x: Any) -> Any:
    """|x| of lanes."""
    return where_greater(0.0, x, 0.0 - x, x)


@inlined
def tanh(u: Any) -> Any:
    """(e^2|u| - 1) / (e^2|u| + 1) with the sign of u, of lanes; from e^x - 1, which is exact for small x too."""
    x = magnitude(u) * 2.0
    x = where_greater(x, _tanh_one(x), _tanh_one(x), x)
    power, p = _reduced(x)
    less_one = fma(power, p, power - 1.0)
    t = less_one / (less_one + 2.0)
    return where_greater(0.0, u, 0.0 - t, t)


@inlined
def log(x: Any) -> Any:
    """The natural logarithm of lanes from 1 to 2^100; NaN of infinity and of NaN."""
    e = exponent(x)
    m = x * power_of_shifted(shift(x) - e)
    above = where_greater(m, 1.4142135623730951, 1.0, 0.0)
    m = where_greater(m, 1.4142135623730951, m * 0.5, m)
    e = e + above
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    tail = fma(s * z * 2.0, _log_tail(z), e * _log2_low(x))
    return fma(e, _log2_high(x), s * 2.0 + tail) + (x - x)


@inlined
def log1p(x: Any) -> Any:
    """log(1 + x) of lanes from 0 to 1, with what the sum 1 + x lost."""
    w = x + 1.0
    return log(w) + (x - (w - 1.0)) / w


@inlined
def softplus(u: Any) -> Any:
    """log(1 + e^u) = max(u, 0) + log(1 + e^-|u|), of lanes."""
    return where_greater(u, 0.0, u, 0.0) + log1p(exp_to_1(0.0 - magnitude(u)))
