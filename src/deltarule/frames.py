"""What other libraries hold: frames, series, tensors, sparse matrices, masked arrays. Read as they mean it, or refused by name.

Frames and series of pandas, polars and Arrow are read through narwhals. A NumPy array costs one question.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from deltarule.errors import InputError, nearest
from deltarule.printable import brief

# The libraries whose frames and series narwhals reads. They are known by name: none is imported for the question.
_LIBRARIES: Final = frozenset({"pandas", "polars", "pyarrow", "modin", "cudf"})
_NUMBERS = "Turn its values into numbers, or leave the column out."
_DATES = "Give numbers, such as the days since a date, or leave the column out."
_CATEGORIES = "Give numbers, such as a column of 0 and 1 for each category, or leave the column out."


def dense(name: str, values: Any) -> Any:
    """Values as NumPy reads them without a change of meaning: a frame as an array (P, N), all else as it is.

    Parameters
    ----------
    name : what the values are, for messages.
    values : anything.

    Raises
    ------
    InputError
        If an entry is masked or missing, the values are sparse, or a column of a frame holds no numbers; it names the column.

    Examples
    --------
    >>> import pyarrow
    >>> dense("inputs", pyarrow.table({"length": [5.1, 6.3], "whole": [True, False]})).tolist()
    [[5.1, 1.0], [6.3, 0.0]]
    """
    if type(values) is np.ndarray:
        return values
    refuse_stream(name, values)
    refuse_masked(name, values)
    _refuse_sparse(name, values)
    if isinstance(values, list | tuple):
        return _entries(name, values)
    if is_tensor(type(values)):
        return numbers_of_tensor(name, values)
    found = _narwhals(name, values)
    if found is None:
        return values
    if not hasattr(found, "columns"):
        return _column_of_numbers(name, found, "")
    columns = [_column_of_numbers(name, found.get_column(column), f"column {column!r}, ") for column in found.columns]
    return np.column_stack(columns) if columns else np.empty((len(found), 0))


def flat(name: str, values: Any) -> Any:
    """Labels as a list or an array: those of a series, or of a frame with one column; all else as it is.

    Parameters
    ----------
    name : what the labels are, for messages.
    values : anything.

    Raises
    ------
    InputError
        If a label is masked or missing, or the values are sparse.

    Examples
    --------
    >>> import pyarrow
    >>> flat("targets", pyarrow.table({"species": ["setosa", "virginica"]}))
    ['setosa', 'virginica']
    """
    if type(values) is np.ndarray:
        return values
    refuse_stream(name, values)
    refuse_masked(name, values)
    _refuse_sparse(name, values)
    if isinstance(values, np.ndarray):
        return np.asarray(values)  # a column of `np.matrix` would stay a matrix
    found = _narwhals(name, values)
    if found is None or (hasattr(found, "columns") and len(found.columns) != 1):
        return values
    column = found.get_column(found.columns[0]) if hasattr(found, "columns") else found
    _refuse_missing(name, column, "")
    return column.to_list()


def is_frame(values: Any) -> bool:
    """Whether `values` are a frame of pandas, polars or Arrow."""
    return type(values) is not np.ndarray and _columns(values) is not None


def arrow_table(name: str, frame: Any) -> Any:
    """A frame of pandas, polars or Arrow as a `pyarrow.Table`.

    Parameters
    ----------
    name : what the frame is, for messages.
    frame : the frame.

    Raises
    ------
    InputError
        If it is no such frame, two of its columns have one name, or a column mixes types.

    Examples
    --------
    >>> import pyarrow
    >>> arrow_table("inputs", pyarrow.table({"length": [5.1, 6.3]})).column_names
    ['length']
    """
    import pyarrow as pa

    found = _narwhals(name, frame)
    if found is None or not hasattr(found, "columns"):
        raise InputError(name, "be a frame, with columns", f"a {type(frame).__name__}", "Give one of pandas or polars.")
    try:
        table = found.to_arrow()
    except pa.ArrowException as error:
        raise InputError(name, "have columns of one type each", str(error)[:200], "Correct the column.") from None
    # Behind the columns stands the index of pandas, where it is more than a count.
    names = [str(column) for column in found.columns]
    return table.select(range(len(names))).rename_columns(names)


def columns_of(name: str, frame: Any) -> dict[Hashable, NDArray[Any] | None]:
    """The columns of a frame by their names: numbers (P,) with NaN where one is missing; None for a column that holds no numbers.

    Parameters
    ----------
    name : what the frame is, for messages.
    frame : of pandas, polars or Arrow.

    Examples
    --------
    >>> import pyarrow
    >>> columns_of("inputs", pyarrow.table({"length": [5.1, None], "colour": ["red", "blue"]}))
    {'length': array([5.1, nan]), 'colour': None}
    """
    import narwhals.stable.v2 as narwhals

    found = _narwhals(name, frame)
    columns = {column: found.get_column(column) for column in found.columns}
    return {
        column: values.cast(narwhals.Float64).to_numpy().astype(np.float64)
        if values.dtype.is_numeric() or values.dtype == narwhals.Boolean
        else None
        for column, values in columns.items()
    }


def frame_like(frame: Any, columns: Mapping[Hashable, Any]) -> Any:
    """A frame of the library of another frame.

    Parameters
    ----------
    frame : of pandas, polars or Arrow.
    columns : (P,) values by the names of the columns.

    Examples
    --------
    >>> import pyarrow
    >>> frame_like(pyarrow.table({"length": [5.1]}), {"width": np.array([1.5, 2.5])}).column("width").to_pylist()
    [1.5, 2.5]
    """
    import narwhals.stable.v2 as narwhals

    library = narwhals.from_native(frame).implementation
    return narwhals.from_dict(dict(columns), backend=library).to_native()  # type: ignore[arg-type]  # names of pandas


def is_foreign(values: Any) -> bool:
    """Whether `values` are a masked array, or a frame, series or tensor of another library."""
    return isinstance(values, np.ma.MaskedArray) or bool(_libraries(values)) or hasattr(values, "layout")


def column_names(values: Any) -> tuple[Hashable, ...] | None:
    """The names of a frame's columns; None where there is no frame, or pandas only counts its columns.

    Parameters
    ----------
    values : anything.
    """
    columns = _columns(values)
    return None if columns is None or _counted(columns) else tuple(columns)


def _columns(values: Any) -> Any:
    """What holds the names of a frame's columns; None where there is no frame."""
    if type(values) is np.ndarray or isinstance(values, list) or not _libraries(values):
        return None
    return getattr(values, "column_names", getattr(values, "columns", None))  # the `columns` of Arrow are the data


def _counted(columns: Any) -> bool:
    """Whether pandas gave the columns their numbers, 0, 1, ...; numbers that the user gave, such as classes, are names."""
    return type(columns).__name__ == "RangeIndex" and list(columns) == list(range(len(columns)))


def distinct_names(name: str, names: Any, count: int) -> tuple[Hashable, ...] | None:
    """Names of columns, checked: a tuple, or None where there are none.

    Parameters
    ----------
    name : what the names are, for messages.
    names : a list of distinct names; None for none.
    count : how many there must be.

    Raises
    ------
    InputError
        If they are of another number, or one occurs twice.
    """
    if names is None:
        return None
    listed = names.tolist() if isinstance(names, np.ndarray) else names
    rule, remedy = f"be {count} different names", "Name each column once, in their order."
    if not isinstance(listed, list | tuple):
        raise InputError(name, rule, f"a {type(names).__name__}", remedy)
    found = tuple(listed)
    if len(found) != count or any(each is None or not isinstance(each, Hashable) for each in found):
        raise InputError(name, rule, f"{len(found)} of them" if len(found) != count else "what is no name", remedy)
    words = [_word(each) for each in found]
    if len(set(words)) != count:
        twice = next(word for word in words if words.count(word) > 1)
        raise InputError(name, rule, f"{twice!r} twice", remedy)
    return found


def places(name: str, values: Any, names: Sequence[Hashable] | None, whose: str) -> NDArray[np.intp] | None:
    """The place of each name among a frame's columns; None where the columns stand in this order, or have no names.

    Parameters
    ----------
    name : what the values are, for messages.
    values : anything; only the columns of a frame have names.
    names : the names in the order that is needed; None where none are known.
    whose : whose names they are, for messages, as in "those of the training set".

    Raises
    ------
    InputError
        If a name is missing among the columns, or there are others.

    Examples
    --------
    >>> import pyarrow
    >>> places("inputs", pyarrow.table({"b": [1], "a": [2]}), ("a", "b"), "those of the training set").tolist()
    [1, 0]
    """
    columns = _columns(values) if names is not None else None
    if names is None or columns is None:
        return None
    if _counted(columns) and set(map(_word, columns)) != set(map(_word, names)):
        return None
    return places_of_names(name, tuple(columns), names, whose)


def places_of_names(
    name: str, given: Sequence[Hashable], names: Sequence[Hashable], whose: str
) -> NDArray[np.intp] | None:
    """`places`, where the names that the columns have are known.

    Parameters
    ----------
    name : what has the columns, for messages.
    given : the names of its columns.
    names, whose : as for `places`.

    Raises
    ------
    InputError
        As `places`.

    Examples
    --------
    >>> places_of_names("inputs", ("b", "a"), ("a", "b"), "the layer's inputs").tolist()
    [1, 0]
    """
    known = {_word(each) for each in names}
    place = {_word(column): at for at, column in enumerate(given)}
    if list(map(_word, given)) == list(map(_word, names)):
        return None
    missing = [each for each in names if _word(each) not in place]
    others = [column for column in given if _word(column) not in known]
    if missing or others or len(place) != len(given):
        got = (
            f"no column {missing[0]!r}" if missing else f"another column, {others[0]!r}" if others else "one name twice"
        )
        remedy = nearest(str(missing[0]), map(str, others)) if missing and others else "Choose these columns."
        raise InputError(
            name,
            f"have columns of the names of {whose}",
            got,
            f"{remedy} Without names, columns are taken as they stand.",
        )
    return np.array([place[_word(each)] for each in names], dtype=np.intp)


def _word(name: Hashable) -> str:
    """A name as text: a column for the class 1 may be named "1"."""
    return str(name)


def same_names(values: Any, others: Any) -> tuple[Hashable, ...] | None:
    """The names of a frame's columns, if another frame has the same ones, in any order; None otherwise.

    Parameters
    ----------
    values, others : anything.
    """
    names, given = column_names(values), column_names(others)
    alike = names is not None and given is not None and sorted(map(_word, names)) == sorted(map(_word, given))
    return names if alike else None


# ---- Tensors, and lists of what other libraries hold.


def is_tensor(kind: type) -> bool:
    """Whether a type is a tensor of PyTorch's.

    Parameters
    ----------
    kind : any type.
    """
    return any(base.__module__ == "torch" and base.__name__ == "Tensor" for base in kind.__mro__)


def numbers_of_tensor(name: str, tensor: Any) -> NDArray[Any]:
    """The numbers of a tensor, which may be part of a graph, on another device, or of a type that NumPy does not have.

    Parameters
    ----------
    name : what the values are, for messages.
    tensor : of PyTorch.

    Raises
    ------
    InputError
        If its numbers are complex, or cannot be read.
    """
    if tensor.is_complex():
        raise InputError(name, "hold real numbers", f"a tensor of {tensor.dtype}", "Give its real and imaginary parts.")
    try:
        found = tensor.detach()
        if found.is_floating_point() and str(found.dtype) != "torch.float32":
            found = found.double()
        numbers: NDArray[Any] = found.cpu().resolve_neg().numpy()
    except Exception:  # noqa: BLE001 - a tensor without data, quantised, nested, or of another backend
        got = f"a tensor of {tensor.dtype} on the device {tensor.device} that has none"
        raise InputError(name, "hold numbers that can be read", got, "Give its values as a list or an array.") from None
    return numbers


def _entries(name: str, values: Any) -> Any:
    """A list whose tensors, series and scalars of Arrow are read by their meaning; any other list as it is.

    NumPy would take a text of Arrow's for its bytes, and a series by position.
    """
    kinds = _kinds(name, values)
    foreign = {kind for kind in kinds if _is_foreign_entry(kind)}
    if foreign:
        _refuse_reordered(name, [value for value in values if hasattr(value, "iloc")])
        return [_entry(name, value) if type(value) in foreign else value for value in values]
    if kinds & {list, tuple} and any(
        _is_foreign_entry(kind)
        for kind in set().union(*(map(type, row) for row in values if type(row) in (list, tuple)))
    ):
        return [_entries(name, row) if type(row) in (list, tuple) else row for row in values]
    return values


def _kinds(name: str, values: Any) -> set[type]:
    """The types of the entries of a list."""
    try:
        return set(map(type, values))
    except Exception:  # noqa: BLE001 - a list of the user's own may raise anything
        got = f"a value of type {type(values).__name__} that cannot be gone through"
        raise InputError(name, "be a list", got, "Give a list or an array.") from None


def _refuse_reordered(name: str, rows: list[Any]) -> None:
    """An `InputError` where rows that are series of pandas name their entries in several orders."""
    for place, row in enumerate(rows[1:], start=2):
        first, other = list(rows[0].index), list(row.index)
        if first != other and set(map(_word, first)) == set(map(_word, other)):
            got = f"those of row {place} as in {brief(other)} and those of row 1 as in {brief(first)}"
            raise InputError(name, "have entries in the same order in each row", got, "Give pandas.DataFrame(rows).")


def _is_foreign_entry(kind: type) -> bool:
    library = kind.__module__.partition(".")[0]
    return (library in _LIBRARIES and any(hasattr(kind, each) for each in ("as_py", "to_pylist", "iloc"))) or (
        library not in ("builtins", "numpy") and is_tensor(kind)
    )


def _entry(name: str, value: Any) -> Any:
    return value.as_py() if hasattr(value, "as_py") else dense(name, value)


# ---- What is refused.


def refuse_stream(name: str, values: Any) -> None:
    """Raise an `InputError` where values are a `deltarule.Stream`, whose rows are not in memory.

    Parameters
    ----------
    name : what the values are, for messages.
    values : anything.
    """
    if getattr(type(values), "is_stream", False) is True:
        raise InputError(
            name,
            "be rows in memory",
            repr(values),
            "Give a list, an array or a frame of as many rows as fit there. A stream is taken by "
            "dr.train(layer, stream, descent), as its validation=stream, by deltarule.evaluation.evaluate(model, stream) and "
            "by deltarule.model_tables.predictions(model, stream).",
        )


def refuse_masked(name: str, values: Any) -> None:
    """Raise an `InputError` where an entry is masked.

    Parameters
    ----------
    name : what the values are, for messages.
    values : anything.
    """
    if isinstance(values, np.ma.MaskedArray):
        masked = np.ma.is_masked(values)
    elif isinstance(values, list | tuple):
        kinds = _kinds(name, values)
        rows = kinds & {list, tuple}
        inner = set().union(*(map(type, row) for row in values if type(row) in rows)) if rows else set()
        masked = any(issubclass(kind, np.ma.MaskedArray) for kind in kinds | inner) and any(map(_is_masked, values))
    else:
        return
    if masked:
        raise InputError(
            name, "have no entry masked", "a masked array", "Fill the masked entries, or leave out their rows."
        )


def _is_masked(value: Any) -> bool:
    return any(map(_is_masked, value)) if isinstance(value, list | tuple) else bool(np.ma.is_masked(value))


def _refuse_sparse(name: str, values: Any) -> None:
    remedy = ""
    if hasattr(values, "nnz") and (hasattr(values, "toarray") or hasattr(values, "todense")):
        remedy = "Give X.toarray()." if hasattr(values, "toarray") else "Give X.todense()."
    elif "sparse" in str(getattr(values, "layout", "")):  # of PyTorch
        remedy = "Give X.to_dense()."
    elif "Sparse" in str(getattr(values, "dtype", "")):  # of pandas
        remedy = "Give values.sparse.to_dense()."
    if remedy:
        raise InputError(name, "be dense", f"sparse values ({type(values).__name__})", remedy)


def _refuse_missing(name: str, column: Any, where: str) -> None:
    if column.is_null().any():
        row = column.is_null().arg_true()[0] + 1
        rule = "have no label missing" if name in ("targets", "classes") else "have no value missing"
        missing = column.to_list()[row - 1]
        raise InputError(name, rule, f"{missing} in {where}row {row}", "Fill it in, or leave out its row.")


# ---- Frames and series, through narwhals.


def _libraries(values: Any) -> set[str]:
    """Which of the known libraries made the values' type, or a type that it derives from."""
    return {kind.__module__.partition(".")[0] for kind in type(values).__mro__} & _LIBRARIES


def _narwhals(name: str, values: Any) -> Any:
    """The frame or series of narwhals that stands for the values; None where they are neither."""
    library = _libraries(values)
    if not library:
        return None
    import narwhals.stable.v2 as narwhals
    from narwhals.exceptions import DuplicateError

    if library == {"pyarrow"}:
        import pyarrow as pa

        if isinstance(values, pa.Array):
            values = pa.chunked_array([values])
        elif isinstance(values, pa.RecordBatch):
            values = pa.Table.from_batches([values])
    elif library == {"pandas"} and not hasattr(values, "iloc"):  # an index, or an array of pandas
        tuples = getattr(values, "to_flat_index", None)  # an index of several levels
        values = sys.modules["pandas"].Series(values if tuples is None else tuples())
    try:
        found = narwhals.from_native(values, allow_series=True)
        _ = found.columns if hasattr(found, "columns") else None
    except DuplicateError:
        names = [str(column) for column in values.columns]
        twice = next(column for column in names if names.count(column) > 1)
        raise InputError(name, "have columns of different names", f"{twice!r} twice", "Rename one.") from None
    except TypeError:
        return None
    if isinstance(found, narwhals.LazyFrame):
        raise InputError(name, "be read already", f"a {type(values).__name__}", "Give frame.collect().")
    return found


def _column_of_numbers(name: str, column: Any, where: str) -> NDArray[Any]:
    """A column as numbers or booleans."""
    import narwhals.stable.v2 as narwhals

    dtype = column.dtype
    remedy = ""
    if len(column) == 0:
        return np.empty(0)
    if dtype.is_numeric() or dtype == narwhals.Boolean:
        _refuse_missing(name, column, where)
        numbers: NDArray[Any] = column.to_numpy()
        return numbers.astype(np.float64) if numbers.dtype == object else numbers
    if dtype == narwhals.Object:
        # Numbers of Python's own kinds, perhaps: decimals, fractions, booleans among numbers.
        values = column.to_list()
        _refuse_missing(name, column, where)
        bad = next((row for row, value in enumerate(values, 1) if not is_number(value)), None)
        if bad is None:
            return np.array([float(value) for value in values])
        got, remedy = f"{brief(values[bad - 1])} in {where}row {bad}", _NUMBERS
    else:
        got = f"{where or 'values '}of type {getattr(column.to_native(), 'dtype', dtype)}"
        if dtype.is_temporal() or "period" in got:
            remedy = _DATES
        elif dtype in (narwhals.Categorical, narwhals.Enum):
            remedy = _CATEGORIES
        elif "Sparse" in got:
            remedy = "Give frame.sparse.to_dense()."
        elif "complex" in got:
            remedy = "Give its real and imaginary parts as columns."
        else:
            remedy = _NUMBERS
    raise InputError(name, "be numbers", got, remedy)


def is_number(value: Any) -> bool:
    """Whether a value is a real number of any kind; a text is none."""
    if isinstance(value, str | bytes | complex | np.complexfloating | np.datetime64 | np.timedelta64):
        return False
    try:
        float(value)
    except Exception:  # noqa: BLE001 - an object of the user's may raise anything
        return False
    return True
