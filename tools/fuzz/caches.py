"""The compiled kernels on disk, damaged: the next run works, and its numbers are the same to the last bit.

Works on a copy of the package and of its kernels, in which everything may be spoilt.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tools.fuzz.case import Fault, Verdict

SECONDS = 600  # a kernel takes a minute to compile, and more on a machine that does other things
PROGRAM = """
import json, numpy as np, deltarule as dr
X = np.random.default_rng(0).normal(size=(6, 3))
run = dr.train(dr.SoftmaxLayer.random(3, [0, 1], seed=0), X, np.arange(6) % 2, dr.Descent(0.1, 7), "compiled")
print(json.dumps([run.layer.weights.tolist(), run.history.cost.tolist()]))
"""
WAYS = (
    "cut",
    "byte",
    "empty",
    "swap",
    "remove",
    "noise",
    "folder",
    "link",
    "pickle",
    "foreign",
    "index of another",
    "all cut",
    "double",
)


@dataclass(frozen=True)
class Rot:
    """A damage.

    way : one of WAYS.
    index : whether to the index of a kernel, or to its code.
    file : which of the files.
    place : where in it, as a share of its length.
    """

    way: str
    index: bool
    file: int
    place: float

    def write(self, folder: Path) -> None:
        """The damage as text."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "ROT").write_text(f"{self}\n{PROGRAM}")


def rots() -> st.SearchStrategy[Rot]:
    """Damages."""
    return st.builds(
        Rot, st.sampled_from(WAYS), st.booleans(), st.integers(0, 30), st.integers(0, 999).map(lambda n: n / 1000)
    )


def _package() -> Path:
    import deltarule

    return Path(deltarule.__file__).parent


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment | {"PYTHONPATH": str(folder), "NUMBA_NUM_THREADS": "1", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@cache
def sound() -> tuple[Path, list[object]]:
    """A copy of the package with its kernels compiled, and what a run gives there."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-cache-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(_package(), folder / "deltarule", symlinks=True)
    done = _run(folder)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return folder, json.loads(done.stdout)


def spoil(files: list[Path], rot: Rot) -> None:
    """Damage a file.

    files : those of the cache, the indexes or the code.
    rot : how.
    """
    file = files[rot.file % len(files)]
    data = file.read_bytes()
    place = int(rot.place * len(data))
    other = files[(rot.file + 1) % len(files)].read_bytes()
    new = {
        "cut": data[:place],
        "byte": data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :] if data else b"x",
        "empty": b"",
        "swap": other,
        "noise": bytes((17 * n * n + 3) % 256 for n in range(len(data))),
        "pickle": b"cos\nabort\n(tR.",  # a pickle that ends the process, where it is loaded
        "foreign": b"\x80\x04N.",  # a pickle of None
        "double": data + data,
    }.get(rot.way)
    if new is not None:
        file.write_bytes(new)
    elif rot.way == "remove":
        file.unlink()
    elif rot.way == "all cut":
        for each in files:
            each.write_bytes(each.read_bytes()[: int(rot.place * each.stat().st_size)])
    elif rot.way == "index of another":
        for each in files:
            each.write_bytes(other)
    elif rot.way == "folder":
        file.unlink()
        file.mkdir()
    elif rot.way == "link":
        file.unlink()
        file.symlink_to("nowhere")


def attempt(rot: Rot) -> Verdict:
    """Damage a copy, and run twice."""
    folder, expected = sound()
    here = Path(tempfile.mkdtemp(prefix="fuzz-rot-"))
    try:
        shutil.copytree(folder / "deltarule", here / "deltarule", symlinks=True)
        ending = ".nbi" if rot.index else ".nbc"
        package = here / "deltarule"
        files = sorted(package.rglob(f"*{ending}")) or sorted(package.rglob("*.nb?"))
        if not files:
            return Verdict("no cache", [Fault("silent", "there is no cache to damage", str(here))])
        spoil(files, rot)
        verdict = Verdict()
        for turn in ("next", "second"):
            done = _run(here)
            told = f"{done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
            what = f"{rot.way}, {'index' if rot.index else 'code'}"
            if done.returncode:
                verdict.faults.append(Fault("traceback", f"{what}: the {turn} run fails", told))
                break
            if json.loads(done.stdout) != expected:
                verdict.faults.append(Fault("difference", f"{what}: the {turn} run gives other numbers", told))
            if turn == "second" and done.stderr.strip():
                verdict.faults.append(Fault("output", f"{what}: said more than once", told))
    finally:
        shutil.rmtree(here, ignore_errors=True)
    return verdict
