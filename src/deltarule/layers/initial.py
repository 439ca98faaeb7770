"""Weights and biases as a layer starts: drawn at random."""

from __future__ import annotations

import numpy as np

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
