"""What all tests share: the profile of hypothesis, and the way to the helpers beside this file."""

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings


def pressed(number, frame):
    """Ctrl-C, a little later where it comes inside coverage's own code: an exception there would leave its lock held."""
    if frame is not None and f"{os.sep}coverage{os.sep}" in frame.f_code.co_filename:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        return
    signal.default_int_handler(number, frame)


# Set here, since a run in the background of a script starts with Ctrl-C ignored; tests press it.
signal.signal(signal.SIGINT, pressed)
signal.signal(signal.SIGALRM, pressed)


# `naive` and `samples` are modules beside the tests; the import mode "importlib" puts no folder on the path.
sys.path.insert(0, str(Path(__file__).parent))

os.environ.setdefault("MPLBACKEND", "Agg")  # no test opens a window

# Tensors here are tiny: where cores are busy, PyTorch's pool of threads makes an update of 0.2 ms take 20.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run and machine; no deadline, since the first call of a kernel compiles it.
settings.register_profile(
    "deltarule", derandomize=True, deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("deltarule")


@pytest.fixture(scope="session", autouse=True)
def compiled_at_once():
    """Kernels are compiled when they are first asked for, so that tests do not depend on what is on disk."""
    from deltarule.engines import thresholds

    with thresholds.using(spared_seconds=0.0):
        yield


@pytest.fixture
def ignore_overflow():
    """With the JIT off the kernels' overflows warn, as NumPy's scalars do."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        yield
