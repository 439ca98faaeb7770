"""Compiled code on disk: what is damaged, foreign, stale or not ours is compiled anew, and the numbers are right."""

import errno
import importlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import pytest
from numba.core.registry import cpu_target

from deltarule.engines.kernels import disk, sealed_files
from deltarule.engines.kernels.disk import KernelCache, fingerprint, folders
from kernel_families import JIT_OFF

MADE_OF = "0123456789abcdef" * 4
pytestmark = pytest.mark.skipif(JIT_OFF, reason="nothing is compiled")


@pytest.fixture(autouse=True)
def _nothing_said_yet():
    disk.say.cache_clear()
    fingerprint.cache_clear()


def kernel(x):
    return 3 * x + 1


def other_kernel(x):
    return 5 * x + 2


def fresh(*places, function=kernel, made_of=MADE_OF):
    """The function as a new process has it: nothing is compiled, and code may be kept in these places."""
    made = numba.njit(function)
    made._cache = KernelCache(function, made_of, lambda: list(places))
    return made


def is_found(made):
    """Whether a function that was called was found on disk."""
    return sum(made.stats.cache_hits.values()) == 1


def kept(place, *, function=kernel, argument=2, made_of=MADE_OF):
    """The one file that a place has for a call of the function, which is made first."""
    before = set(place.glob("*"))
    made = fresh(place, function=function, made_of=made_of)
    made(argument)
    (path,) = set(place.glob("*")) - before
    return path


# ---- Damage to a file. Each takes the path of the file, and the folder of another place.


def empty(path, elsewhere):
    path.write_bytes(b"")


def cut_in_the_hash(path, elsewhere):
    path.write_bytes(path.read_bytes()[:10])


def cut_in_half(path, elsewhere):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def garbage(path, elsewhere):
    path.write_bytes(os.urandom(10_000))


def a_bit_of_machine_code_flipped(path, elsewhere):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def a_byte_more(path, elsewhere):
    path.write_bytes(path.read_bytes() + b"\0")


def code_of_another_function(path, elsewhere):
    path.write_bytes(kept(elsewhere, function=other_kernel).read_bytes())


def code_for_another_signature(path, elsewhere):
    path.write_bytes(kept(elsewhere, argument=2.5).read_bytes())


def code_from_other_sources(path, elsewhere):
    path.write_bytes(kept(elsewhere, made_of="f" * 64).read_bytes())


def a_pickle_of_something_else(path, elsewhere):
    path.write_bytes(pickle.dumps({"a": 1}))


def sealed_but_no_code(path, elsewhere):
    made = fresh(path.parent)
    _, key = made._cache._file((numba.int64,), cpu_target.target_context.codegen())
    sealed_files.write(path, key, pickle.dumps((1, 2, 3)))


def a_folder_with_files(path, elsewhere):
    path.unlink()
    path.mkdir()
    (path / "file").write_text("text")


def a_pipe(path, elsewhere):
    path.unlink()
    os.mkfifo(path)


def a_link_to_a_device(path, elsewhere):
    path.unlink()
    path.symlink_to("/dev/zero")


def anyone_may_write(path, elsewhere):
    path.chmod(0o666)


DAMAGE = (
    empty,
    cut_in_the_hash,
    cut_in_half,
    garbage,
    a_bit_of_machine_code_flipped,
    a_byte_more,
    code_of_another_function,
    code_for_another_signature,
    code_from_other_sources,
    a_pickle_of_something_else,
    sealed_but_no_code,
    a_folder_with_files,
    a_pipe,
    a_link_to_a_device,
    anyone_may_write,
)


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda each: each.__name__)
def test_a_damaged_file_is_compiled_anew_once_and_said_once(damage, tmp_path, caplog):
    place, elsewhere = tmp_path / "place", tmp_path / "elsewhere"
    path = kept(place)
    damage(path, elsewhere)
    for _ in range(2):  # a second process of the same kind comes before the first has replaced the file
        assert fresh(place)._cache.load_overload((numba.int64,), cpu_target.target_context) is None
    anew = fresh(place)
    assert anew(2) == 7
    assert not is_found(anew)
    assert [record.getMessage() for record in caplog.records] == [
        f"deltarule: Compiled code in {str(place)!r} is damaged or cannot be read. It is compiled anew."
    ]
    healed = fresh(place)
    assert healed(2) == 7
    assert is_found(healed)
    assert [each.name for each in place.iterdir()] == [path.name]


def missing(path):
    path.unlink()


def no_folder(path):
    path.unlink()
    path.parent.rmdir()


def a_link_to_nowhere(path):
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize("change", [missing, no_folder, a_link_to_nowhere], ids=lambda each: each.__name__)
def test_what_is_not_there_is_compiled_without_a_word(change, tmp_path, caplog):
    place = tmp_path / "place"
    change(kept(place))
    assert fresh(place)(2) == 7
    assert not caplog.records
    found = fresh(place)
    assert found(2) == 7
    assert is_found(found)


def test_what_nobody_may_read_is_replaced(tmp_path):
    path = kept(tmp_path)
    path.chmod(0o000)
    assert fresh(tmp_path)(2) == 7
    found = fresh(tmp_path)
    assert found(2) == 7
    assert is_found(found)


# ---- Places.


def test_code_is_looked_for_in_each_place_and_kept_in_the_first_that_can_be_written(tmp_path, caplog):
    file = tmp_path / "file"
    file.write_text("text")
    first, last = tmp_path / "first", tmp_path / "last"
    kept(last)
    found = fresh(file, first, last)
    assert found(2) == 7
    assert is_found(found)
    assert fresh(file, file / "below", first, last)(2.5) == 8.5
    assert len(list(first.iterdir())) == len(list(last.iterdir())) == 1
    assert not caplog.records


def test_without_a_place_code_is_not_kept_and_this_is_said_once(tmp_path, caplog):
    file = tmp_path / "file"
    file.write_text("text")
    for _ in range(2):
        assert fresh(file / "below")(2) == 7
    (record,) = caplog.records
    assert str(file / "below") in record.getMessage()
    assert "Set NUMBA_CACHE_DIR to a folder of your own." in record.getMessage()
    assert file.read_text() == "text"


def test_without_a_home_code_is_not_kept(caplog):
    assert fresh()(2) == 7
    assert "there is no home folder" in caplog.text


def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch, caplog):
    def full(path, content):
        path.open("wb").close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert fresh(tmp_path)(2) == 7
    assert not list(tmp_path.iterdir())
    assert "No space left" in caplog.text


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_a_folder_that_others_may_write_to_is_not_used_and_this_is_said(tmp_path, caplog):
    place, own = tmp_path / "place", tmp_path / "own"
    kept(place)
    place.chmod(0o777)
    anew = fresh(place, own)
    assert anew(2) == 7
    assert not is_found(anew)
    assert [record.getMessage() for record in caplog.records] == [
        f"deltarule: Compiled code in {str(place)!r} is not used, since others may write there."
    ]
    found = fresh(place, own)
    assert found(2) == 7
    assert is_found(found)
    assert len(list(own.iterdir())) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
@pytest.mark.parametrize(
    ("mode", "user", "group", "ours"),
    [
        (0o755, os.geteuid(), os.getegid(), True),
        (0o755, 0, 0, True),
        (0o775, os.geteuid(), os.getegid(), True),
        (0o775, os.geteuid(), os.getegid() + 4321, False),
        (0o757, os.geteuid(), os.getegid(), False),
        (0o755, os.geteuid() + 4321, os.getegid(), False),
    ],
)
def test_ours_is_what_only_those_may_write_who_may_change_the_program(mode, user, group, ours):
    assert sealed_files.is_ours(os.stat_result((mode, 0, 0, 1, user, group, 0, 0, 0, 0))) is ours


def test_the_places_are_the_folder_that_is_named_or_the_sources_and_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    assert folders() == [tmp_path / "deltarule"]
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    beside = Path(disk.__file__).parent / "__pycache__"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert folders() == [beside, tmp_path / "deltarule"]
    monkeypatch.setenv("XDG_CACHE_HOME", "~/no home")
    if sys.platform == "linux":
        assert folders() == [beside]


# ---- Stale code.


def test_code_from_other_sources_is_never_loaded(tmp_path):
    kept(tmp_path)
    other = fresh(tmp_path, made_of="f" * 64)
    assert other(2) == 7
    assert not is_found(other)


def test_a_source_that_changes_changes_the_fingerprint_also_at_the_same_size_and_date(tmp_path, monkeypatch):
    package = tmp_path / "some_kernels"
    package.mkdir()
    (package / "__init__.py").write_text("")
    source = package / "formulas.py"
    source.write_text("a = 1\n")
    os.utime(source, (1, 1))
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    before = fingerprint("some_kernels")
    fingerprint.cache_clear()
    assert fingerprint("some_kernels") == before
    source.write_text("a = 2\n")
    os.utime(source, (1, 1))
    fingerprint.cache_clear()
    assert fingerprint("some_kernels") != before


@pytest.mark.parametrize("module", ["numba", "llvmlite", "numpy"])
def test_another_version_of_what_compiles_changes_the_fingerprint(module, monkeypatch):
    before = fingerprint()
    fingerprint.cache_clear()
    monkeypatch.setattr(importlib.import_module(module), "__version__", "0.0.0")
    assert fingerprint() != before


def test_old_code_from_other_sources_is_removed_and_other_files_stay(tmp_path):
    old, recent = kept(tmp_path, made_of="e" * 64), kept(tmp_path, made_of="f" * 64)
    own = kept(tmp_path)
    others = [tmp_path / name for name in ("descend.py311.nbi", "descend.py311.1.nbc", "lock", "module.pyc")]
    for path in others:
        path.write_text("")
    half_written = tmp_path / f"{own.name}.0123456789abcdef"
    half_written.write_text("")
    for path in (old, own, half_written, *others):
        os.utime(path, (1, 1))
    fresh(tmp_path)(2.5)
    names = {path.name for path in tmp_path.iterdir()}
    assert {recent.name, own.name, "lock", "module.pyc"} < names
    assert len(names) == 5


# ---- Processes at once.


def test_what_several_write_at_once_is_whole(tmp_path):
    def write(worker):
        for number in range(20):
            sealed_files.write(tmp_path / f"{number}.nbc", b"key", b"%d" % number * 10_000)
            assert sealed_files.read(tmp_path / f"{number}.nbc", b"key") == b"%d" % number * 10_000

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert len(list(tmp_path.iterdir())) == 20


def test_a_file_is_held_for_its_signature_alone(tmp_path):
    kept(tmp_path)
    held = [fresh(tmp_path)._cache.holds((each,), cpu_target.target_context) for each in (numba.int64, numba.float64)]
    assert held == [True, False]


def test_flush_removes_the_code_of_the_function_alone(tmp_path):
    kept(tmp_path)
    path = kept(tmp_path, function=other_kernel)
    fresh(tmp_path)._cache.flush()
    assert list(tmp_path.iterdir()) == [path]


# ---- The kernels themselves.

TRAIN = """
import deltarule as dr
from deltarule.engines import thresholds
with thresholds.using(spared_seconds=0.0):
    run = dr.train(dr.LinearLayer([[2.0]], [0.0]), [[1.0], [2.0]], [[1.0], [1.0]], dr.Descent(0.01, 3), engine="compiled")
print(run.layer.weights, run.layer.biases)
"""


@pytest.mark.slow
def test_training_survives_damage_to_all_kernels_on_disk(tmp_path):
    def train(folder):
        process = subprocess.run(
            [sys.executable, "-c", TRAIN], env=os.environ | {"NUMBA_CACHE_DIR": str(folder)}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return process.stdout, process.stderr

    expected, compiling = train(tmp_path)
    assert compiling.count("\n") == 1
    assert "Kernels are compiled" in compiling
    paths = list((tmp_path / "deltarule").iterdir())
    assert paths
    for path in paths:
        a_bit_of_machine_code_flipped(path, None)
    output, said = train(tmp_path)
    assert output == expected
    assert said.count("\n") == 2
    assert "is damaged" in said
    assert train(tmp_path) == (expected, "")
