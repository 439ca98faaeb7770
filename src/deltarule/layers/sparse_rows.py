"""Sparse inputs: a `scipy.sparse` array by rows that counts its rows as a dense one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scipy.sparse import csr_array

from deltarule.checks import numbers
from deltarule.errors import InputError
from deltarule.typeset.words import counted

if TYPE_CHECKING:
    from deltarule.layers.base import Layer


class SparseRows(csr_array):
    """(P, N) inputs by rows. `len` is P, which scipy leaves open; parts of it are of this type too."""

    def __len__(self) -> int:
        return int(self.shape[0])


def sparse_rows(layer: Layer, X: Any) -> SparseRows:
    """Sparse inputs, checked against a layer and of its dtype. CSR stays as it is where it can; other forms become CSR once.

    Parameters
    ----------
    layer : whose inputs they are.
    X : (P, N), a sparse array or matrix of scipy.

    Raises
    ------
    InputError
        If its shape does not fit, or an entry is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from deltarule.layers import LinearLayer
    >>> rows = sparse_rows(LinearLayer([[1.0], [2.0]], [0.0]), csr_array([[0.0, 3.0], [1.0, 0.0]]))
    >>> len(rows), type(rows[:1]).__name__, (rows @ np.array([[1.0], [2.0]])).tolist()
    (2, 'SparseRows', [[6.0], [1.0]])
    """
    if len(X.shape) != 2:
        raise InputError("inputs", "have two dimensions", f"{len(X.shape)}", "Give a row a pattern.")
    if X.shape[0] == 0:
        raise InputError("inputs", "have at least one row (pattern)", "none", "Check that the data were read.")
    if X.shape[1] != layer.inputs:
        rule = f"have {counted(layer.inputs, 'column')}, one for each input of the layer"
        remedy = "Check the columns chosen, or give the weights one row an input."
        raise InputError("inputs", rule, f"{X.shape[1]}", remedy)
    found = csr_array(X)
    if not found.has_canonical_format:
        found = found.copy()  # of the user
        found.sum_duplicates()
    values = numbers("inputs", found.data, 1, layer.dtype) if found.nnz else found.data.astype(layer.dtype)
    parts = tuple(part if part.flags.writeable else part.copy() for part in (values, found.indices, found.indptr))
    rows = SparseRows(parts, shape=found.shape)
    rows.has_canonical_format = True
    return rows
