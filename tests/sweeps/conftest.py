"""What tests of sweeps share."""

import pytest

from sweep_samples import softmax_sweep


@pytest.fixture(scope="session")
def swept():
    """For tests that only read it."""
    return softmax_sweep()
