"""Numba's type of a vector of 64 bytes, and the pieces of LLVM code that vectors are handled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

BYTES = 64
INT32, INT64 = ir.IntType(32), ir.IntType(64)


def lane_count(dtype: np.dtype[Any]) -> int:
    """How many numbers of a type a vector has: 8 of float64, 16 of float32."""
    return BYTES // dtype.itemsize


class LanesType(types.Type):  # type: ignore[misc]
    """Numba's type of a vector of lanes."""

    def __init__(self, dtype: types.Float) -> None:
        self.dtype = dtype
        self.count = 8 * BYTES // dtype.bitwidth
        super().__init__(name=f"Lanes({dtype})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: LanesType) -> None:
        scalar = ir.DoubleType() if fe_type.dtype.bitwidth == 64 else ir.FloatType()
        super().__init__(dmm, fe_type, ir.VectorType(scalar, fe_type.count))


def machine_code(plain: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """The decorated builder of LLVM code, as an intrinsic; `plain` itself with the JIT off.

    Parameters
    ----------
    plain : does the same on NumPy arrays; its docstring becomes that of the intrinsic.
    """

    def decorate(build: Callable[..., Any]) -> Any:
        if numba.config.DISABLE_JIT:
            return plain
        build.__doc__ = plain.__doc__
        return intrinsic(build)

    return decorate


def pointer(context: Any, builder: Any, array_type: Any, array: Any, place: Any) -> Any:
    """The address of a place in a flat array.

    Parameters
    ----------
    context, builder : of LLVM code.
    array_type, array : the array's Numba type, and its LLVM value.
    place : the place, as an LLVM value.
    """
    return builder.gep(context.make_array(array_type)(context, builder, array).data, [place])


def as_vector(builder: Any, pointer: Any, vector: Any) -> Any:
    """The address as that of a vector.

    Parameters
    ----------
    builder : of LLVM code.
    pointer : the address.
    vector : LLVM's type of the vector.
    """
    return builder.bitcast(pointer, vector.as_pointer())


def integers_of(vector: Any) -> Any:
    """The type of whole numbers as wide as a vector's lanes."""
    return ir.VectorType(ir.IntType(64 if isinstance(vector.element, ir.DoubleType) else 32), vector.count)


def constant(vector: Any, value: float) -> Any:
    """A number in every lane, as LLVM's constant.

    Parameters
    ----------
    vector : LLVM's type of the vector.
    value : the number.
    """
    return ir.Constant(vector, [value] * vector.count)


def spread(builder: Any, value: Any, count: int) -> Any:
    """A vector with the value in each lane.

    Parameters
    ----------
    builder : of LLVM code.
    value : an LLVM value.
    count : how many lanes.
    """
    vector = ir.VectorType(value.type, count)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, INT32(0))
    return builder.shuffle_vector(
        first, ir.Constant(vector, ir.Undefined), ir.Constant(ir.VectorType(INT32, count), [0] * count)
    )


def suffix(vector: Any) -> str:
    """What LLVM's intrinsics have in their names for vectors of this type, as in "v8f64"."""
    kinds = {"double": "f64", "float": "f32", "i64": "i64", "i32": "i32"}
    return f"v{vector.count}{kinds[str(vector.element)]}"


def call(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """A call of an LLVM intrinsic.

    Parameters
    ----------
    builder : of LLVM code.
    name : the intrinsic's, with its types' suffix.
    result : LLVM's type of what it returns.
    arguments : LLVM values.
    """
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def multiply_add_code(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """A b + c in one rounding.

    Parameters
    ----------
    builder : of LLVM code.
    a, b, c : LLVM values of one vector type.
    """
    return call(builder, f"llvm.fma.{suffix(a.type)}", a.type, [a, b, c])


def below(builder: Any, count: Any, lanes: int) -> Any:
    """A mask of the first lanes.

    Parameters
    ----------
    builder : of LLVM code.
    count : how many, as an LLVM value.
    lanes : how many lanes a vector has.
    """
    numbers = ir.Constant(ir.VectorType(ir.IntType(64), lanes), list(range(lanes)))
    return builder.icmp_signed("<", numbers, spread(builder, count, lanes))
