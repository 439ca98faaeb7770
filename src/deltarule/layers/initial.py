"""Weights and biases as a layer starts: drawn at random."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.checks import Matrix, Seed, Vector, generator, whole
from deltarule.memory import check_fits


def random_parameters(inputs: int, neurons: int, seed: Seed) -> tuple[Matrix, Vector]:
    r"""Weights and biases drawn from the uniform distribution on (-1/sqrt(N), 1/sqrt(N)).

    For inputs of mean 0 and variance 1 the synaptic inputs then have variance of about 1/3, on the steep part of every
    activation (LeCun et al., "Efficient BackProp", 1998, section 4.6). It is also the default of `torch.nn.Linear` (there:
    Kaiming uniform with a = sqrt(5)), so that a layer starts as the handout's layers do.

    Parameters
    ----------
    inputs : N, at least 1.
    neurons : K, at least 1.
    seed : of `numpy.random.default_rng`, or a generator, which is then drawn from: W row by row, then b.

    Returns
    -------
    (weights, biases)
        (N, K) and (K,), in float64.

    Raises
    ------
    InputError
        If a size or the seed is not such a number, or the weights do not fit into memory.

    Examples
    --------
    >>> weights, biases = random_parameters(inputs=4, neurons=3, seed=0)
    >>> weights.shape, biases.shape, bool(abs(weights).max() < 0.5)
    ((4, 3), (3,), True)
    """
    inputs = whole("number of inputs", inputs, 1, "Give the number of columns of the data.")
    neurons = whole("number of neurons", neurons, 1, "Give the number of outputs.")
    check_fits("layer", f"{inputs:,} x {neurons:,} weights", 8 * inputs * neurons, "Give fewer inputs or neurons.")
    rng = generator("seed", seed)
    bound = 1 / np.sqrt(inputs)
    return rng.uniform(-bound, bound, (inputs, neurons)), rng.uniform(-bound, bound, neurons)


def constant_inputs(X: Any) -> NDArray[np.bool_]:
    """(N,) which inputs are the same in all patterns: nothing can be learned of their weights.

    A weight that is drawn for such an input stays as it is drawn, or shares what the bias learns; where the input is another one
    later, it would change the outputs by chance. So it is better 0 from the start.

    Parameters
    ----------
    X : (P, N) inputs, which may be a sparse array.

    Examples
    --------
    >>> constant_inputs(np.array([[1.0, 5.0], [2.0, 5.0]])).tolist()
    [False, True]
    """
    low, high = X.min(axis=0), X.max(axis=0)
    same = (low.toarray() if hasattr(low, "toarray") else low) == (high.toarray() if hasattr(high, "toarray") else high)
    return np.asarray(same).reshape(-1)
