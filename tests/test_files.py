"""Files: written whole or not at all, folders made."""

import os
import resource
import socket
from pathlib import Path

import pytest

from deltarule.errors import InputError
from deltarule.files import (
    inputs,
    made_folder,
    make_folder,
    nearest_file,
    new_folder,
    note_input,
    read_regular,
    write_all,
    write_whole,
)


@pytest.mark.parametrize("content", ["é\r\n", "é\r\n".encode()])
def test_text_and_bytes_are_written_as_they_are(tmp_path, content):
    write_whole(tmp_path / "a", content)
    assert (tmp_path / "a").read_bytes() == "é\r\n".encode()


def test_a_written_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_whole(tmp_path / "whole", "")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_kept_and_its_file_replaced(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_an_existing_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o640)


def test_a_protected_file_is_refused_even_to_an_administrator(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(InputError) as caught:
        write_whole(path, "new")
    assert str(caught.value) == (
        f"The file must be one that may be overwritten. Got '{path}', which is protected against writing. "
        "Give another, or change its permissions."
    )
    assert path.read_text() == "old"


def test_a_pipe_is_refused_and_stays_one_through_a_link_too(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(InputError, match=r"must be a file\. Got '.*', a device, pipe or socket\."):
            write_whole(tmp_path / name, "new")
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_link_that_leads_nowhere_is_written_through_and_a_loop_refused(tmp_path):
    (tmp_path / "link").symlink_to("new")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "new").read_text() == "new"
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="symbolic links"):
        write_whole(tmp_path / "loop", "new")
    assert (tmp_path / "loop").is_symlink()


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path, monkeypatch, failing):
    path = tmp_path / "a"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(*{"replace": (Path, "replace"), "fsync": (os, "fsync")}[failing], fail)
        with pytest.raises(InputError) as caught:
            write_whole(path, "new")
    assert str(caught.value) == (
        f"The file must be one that can be written. Got {path} (No space left on device). "
        "Make room, or choose another disk."
    )
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]  # no draft is left


def test_a_folder_is_made_with_its_parents(tmp_path):
    assert make_folder(str(tmp_path / "a" / "b")) == tmp_path / "a" / "b"
    assert make_folder(tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_made_is_reported(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for path, why in [
        (tmp_path / "file", "a file of this name is there"),
        (tmp_path / "file" / "b", "Not a directory"),
    ]:
        with pytest.raises(InputError) as caught:
            make_folder(path)
        assert (
            str(caught.value)
            == f"The folder must be one that can be made and written to. Got {path} ({why}). Give another."
        )
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match=r"\(no permission to write there\)"):
        make_folder(tmp_path)


def test_the_nearest_file_has_one_of_the_suffixes(tmp_path):
    for name in ("iris.toml", "iriss.csv"):
        (tmp_path / name).write_text("")
    assert nearest_file(tmp_path / "irs.toml", [".toml"]) == "Did you mean 'iris.toml'?"
    assert nearest_file(tmp_path / "zzz", [".toml"]) == nearest_file(tmp_path / "no" / "iris.toml", [".toml"])
    assert nearest_file(tmp_path / "zzz", [".toml"]) == "Check the path."


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path):
    for name in ("n" * 255, "é" * 127):
        write_whole(tmp_path / name, "whole")
        assert (tmp_path / name).read_text() == "whole"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("limit", [0, 1, 4096, 100_000])
def test_a_disk_that_is_full_leaves_the_old_file_and_no_draft(tmp_path, limit):
    path = tmp_path / "a"
    path.write_text("old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(InputError, match=r"\(File too large\)\. Make room, or choose another disk\."):
            write_whole(path, "n" * 100_001)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


class Killed(BaseException):
    """What a signal raises."""


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), Killed()])
@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_several_files_are_written_all_or_none(tmp_path, monkeypatch, failing, call, error):
    names = ("a", "b", "c")
    where = {"replace": Path, "fsync": os}[failing]
    real, calls = getattr(where, failing), []

    def fail(*given):
        calls.append(given)
        if len(calls) == call:
            raise error
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(where, failing, fail)
        with pytest.raises(InputError if isinstance(error, OSError) else Killed):
            write_all({tmp_path / name: name for name in names})
    assert list(tmp_path.iterdir()) == []
    write_all({tmp_path / name: name for name in names})
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == list(names)


@pytest.mark.parametrize(("name", "content"), [("a\0", "new"), ("\ud800", "new"), ("a", "half of a letter: \ud800")])
def test_what_the_system_cannot_write_is_refused(tmp_path, name, content):
    with pytest.raises(InputError, match="must have a path and letters that the system can use"):
        write_whole(tmp_path / name, content)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def noted():
    """The files that are read are noted, as in a command."""
    token = inputs.set({})
    yield
    inputs.reset(token)


def test_a_file_that_was_read_is_not_overwritten_by_any_of_its_names(tmp_path, noted):
    path = tmp_path / "a.csv"
    path.write_text("data")
    read_regular(path, "table")
    (tmp_path / "link").symlink_to("a.csv")
    (tmp_path / "hard").hardlink_to(path)
    for name in ("a.csv", "link", "hard"):
        with pytest.raises(InputError) as caught:
            write_whole(tmp_path / name, "new")
        assert (caught.value.rule, caught.value.got) == (
            "be another file than those that are read",
            f"'{tmp_path / name}', which is '{path}'",
        )
    assert path.read_text() == "data"
    write_whole(tmp_path / "b.csv", "new")
    note_input(tmp_path / "b.csv")
    note_input(tmp_path / "none")
    with pytest.raises(InputError):
        write_whole(tmp_path / "b.csv", "newer")


def test_in_python_a_file_may_be_read_and_written_back(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    write_whole(path, read_regular(path, "file") + b" and new")
    assert path.read_text() == "old and new"


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_for_work_that_fails_is_removed_if_it_is_ours_and_empty(tmp_path, there):
    folder = tmp_path / "a" / "b"
    if there:
        folder.parent.mkdir()

    def work(file):
        with made_folder(folder) as made:
            assert made.is_dir()
            if file:
                (made / "file").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(file=False)
    assert [path.name for path in tmp_path.rglob("*")] == (["a"] if there else [])
    with pytest.raises(KeyboardInterrupt):
        work(file=True)
    assert (folder / "file").exists()


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("way", ["set", "deep/er/set", "link"])
def test_a_folder_is_there_whole_at_the_end_only(tmp_path, there, way):
    (tmp_path / "link").symlink_to("linked")
    folder = tmp_path / way
    if there:
        Path(os.path.realpath(folder)).mkdir(parents=True, mode=0o750)
    with new_folder(folder) as draft:
        (draft / "a").write_text("a")
        assert folder.exists() == there
        assert not (folder / "a").exists()
        (draft / "deep").mkdir()
    assert sorted(path.name for path in folder.iterdir()) == ["a", "deep"]
    assert not draft.exists()
    if there:
        assert folder.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(130), InputError("a", "b", "c", "d")])
def test_a_folder_that_is_not_completed_leaves_nothing(tmp_path, there, error):
    folder = tmp_path / "above" / "set"
    if there:
        folder.mkdir(parents=True)

    def fill():
        with new_folder(folder) as draft:
            (draft / "a").write_text("a")
            raise error

    with pytest.raises(type(error)):
        fill()
    assert [path.name for path in tmp_path.rglob("*")] == (["above", "set"] if there else [])


def test_only_a_new_or_an_empty_folder_is_filled(tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    (tmp_path / "current").mkdir()
    monkeypatch.chdir(tmp_path / "current")
    for path, rule, got in [
        (tmp_path / "full", "be a new or an empty one", "which holds files"),
        (tmp_path / "full" / "a", "be one that can be made and written to", "a file of this name is there"),
        (Path(), "be another than the current one", "."),
    ]:
        with pytest.raises(InputError) as caught, new_folder(path):
            pass
        assert caught.value.rule == rule
        assert got in caught.value.got


def test_a_folder_that_somebody_else_fills_meanwhile_is_kept(tmp_path):
    def fill():
        with new_folder(tmp_path / "new"):
            (tmp_path / "new").mkdir()
            (tmp_path / "new" / "of somebody else").touch()

    with pytest.raises(InputError, match="which holds files"):
        fill()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["of somebody else"]
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


# ---- what is read


@pytest.fixture
def home(tmp_path):
    """A folder with a file, beside a file that lies outside it."""
    (tmp_path / "home" / "deep").mkdir(parents=True)
    (tmp_path / "home" / "a.csv").write_bytes(b"inside\r\n")
    (tmp_path / "home" / "deep" / "b.csv").write_bytes(b"deep")
    (tmp_path / "out.csv").write_bytes(b"secret")
    return tmp_path / "home"


def refused(path, **options):
    with pytest.raises(InputError) as caught:
        read_regular(path, "file", **options)
    return caught.value


def test_a_regular_file_is_read_as_it_is_anywhere_or_below_its_root(home):
    assert read_regular(home / "a.csv", "file") == read_regular("a.csv", "file", root=home) == b"inside\r\n"
    assert read_regular("deep/b.csv", "file", root=str(home)) == b"deep"
    assert read_regular(home.parent / "home" / ".." / "out.csv", "file") == b"secret"


def test_links_that_stay_in_the_root_are_followed(home):
    (home / "file").symlink_to("deep/b.csv")
    (home / "folder").symlink_to(home / "deep")
    (home.parent / "way").symlink_to("home")
    assert read_regular("file", "file", root=home) == b"deep"
    assert read_regular("folder/b.csv", "file", root=home.parent / "way") == b"deep"


@pytest.mark.parametrize(
    "way", ["../out.csv", "deep/../../out.csv", "deep/../a.csv", "absolute", "own", "link", "folder"]
)
def test_nothing_outside_the_root_is_read(home, way):
    (home / "link").symlink_to("../out.csv")
    (home / "folder").symlink_to("..")
    path = {
        "absolute": str(home.parent / "out.csv"),
        "own": str(home / "a.csv"),
        "folder": "folder/out.csv",
    }.get(way, way)
    error = refused(path, root=home, remedy="Copy it.")
    assert (error.name, error.rule, error.got, error.remedy) == (
        "file",
        f"lie in the folder '{home}'",
        repr(path),
        "Copy it.",
    )


def test_a_link_that_is_changed_between_the_looks_gains_nothing(home, monkeypatch):
    (home / "link").symlink_to("../out.csv")
    real_path = os.path.realpath

    def changed_back(path, **options):
        if Path(path).name == "link":
            (home / "link").unlink()
            (home / "link").symlink_to("a.csv")
        return real_path(path, **options)

    monkeypatch.setattr(os.path, "realpath", changed_back)
    assert refused("link", root=home).rule == f"lie in the folder '{home}'"


def test_names_of_a_folder_outside_are_not_told(home):
    (home / "folder").symlink_to("..")
    assert refused("folder/ot.csv", root=home, suffixes=[".csv"]).remedy == "Check the path."
    assert refused(home / "folder/ot.csv", suffixes=[".csv"]).remedy == "Did you mean 'out.csv'?"


def test_what_is_no_regular_file_is_refused_without_waiting(home):
    os.mkfifo(home / "pipe")
    (home / "to-pipe").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(home / "socket"))
    for path in ("pipe", "to-pipe", "socket"):
        error = refused(path, root=home)
        assert (error.rule, error.got) == ("be a file", f"'{path}', a device, pipe or socket")
    assert refused("/dev/zero").got == "'/dev/zero', a device, pipe or socket"
    assert refused("deep", root=home).got == "'deep', a directory"


def test_a_larger_file_than_allowed_is_refused(home):
    assert read_regular("a.csv", "file", root=home, limit=8) == b"inside\r\n"
    error = refused("a.csv", root=home, limit=7)
    assert (error.rule, error.got) == ("hold at most 7 bytes", "more in 'a.csv'")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux has files whose size is said to be 0")
def test_a_size_of_zero_that_is_none_does_not_pass_the_limit():
    assert refused("/proc/self/status", limit=10).rule == "hold at most 10 bytes"


@pytest.mark.parametrize(
    ("path", "rule", "remedy"),
    [
        ("b.csv", "be a file that exists", "Did you mean 'a.csv'?"),
        ("a.csv/b.csv", "be a file that can be read", "Check it."),
        ("n" * 300, "be a file that can be read", "Check it."),
        ("a\0.csv", "have a path that the system can use", "Correct it."),
        ("\ud800.csv", "have a path that the system can use", "Correct it."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(home, path, rule, remedy):
    error = refused(path, root=home, suffixes=[".csv"])
    assert (error.name, error.rule, error.remedy) == ("file", rule, remedy)
    assert str(error).isprintable()
