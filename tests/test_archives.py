"""Zip files of others: no path leads out, nothing grows without bound, and what is wrong is named."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from deltarule.files import archives
from deltarule.files.archives import opened_archive
from samples import refused


def made(files, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    "name", ["../a.toml", "/etc/a.toml", "x/../../a.toml", "C:\\a.toml", "..\\a.toml", "\\\\host\\share\\a.toml"]
)
def test_a_path_that_leads_out_is_passed_over_and_told(name):
    with opened_archive(made({name: "1", "b.toml": "2"}), "x.zip") as archive:
        assert [member.parts for member in archive.members()] == [("b.toml",)]
        assert len(archive.refused) == 1
        assert archive.refused[0].endswith("leads out of it")


def test_a_link_is_passed_over_and_told():
    link = zipfile.ZipInfo("a.toml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with opened_archive(content.getvalue(), "x.zip") as archive:
        assert (list(archive.members()), archive.refused) == ([], ["'a.toml' is a link"])


def test_a_file_that_is_too_large_or_shrinks_too_much_is_refused():
    content = made({"large.toml": "x = 1\n" * 2_000_000, "zeros.toml": b"\0" * (2**20 + 1), "small.toml": "0" * 2**20})
    with opened_archive(content, "x.zip") as archive:
        large, zeros, small = archive.members()
        with refused("file", "hold at most 4,194,304 bytes", "'large.toml' in x.zip", "Leave out"):
            archive.read(large, 4 * 2**20)
        with refused("zip file", "shrink no file more than 200 times", "'zeros.toml' in x.zip", "Look at who made it"):
            archive.read(zeros, 4 * 2**20)
        assert len(archive.read(small, 4 * 2**20)) == 2**20


def test_all_files_together_are_bounded():
    with opened_archive(made({f"{n}.toml": "x" * 600 for n in range(3)}), "x.zip") as archive:
        archive.left = 1500
        one, two, three = archive.members()
        assert len(archive.read(one, 1000)) == len(archive.read(two, 1000)) == 600
        with refused("zip file", "bytes of answers", "more in x.zip", "Give smaller ones"):
            archive.read(three, 1000)


def test_very_many_files_are_refused():
    with refused("zip file", f"at most {archives.MAXIMUM_MEMBERS:,} files", "20,001 in x.zip", "smaller"):  # noqa: SIM117
        with opened_archive(made(dict.fromkeys(map(str, range(20_001)), "")), "x.zip"):
            pass


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"no zip file at all", made({"a.toml": "1"})[:-30]],
    ids=["nothing", "two bytes", "a text", "cut off"],  # the bytes of a zip file tell the time
)
def test_what_is_no_zip_file_is_named(content):
    with refused("zip file", "be a zip file", "x.zip", "Download it again."), opened_archive(content, "x.zip"):
        pass


def test_a_damaged_and_an_encrypted_file_are_named():
    content = bytearray(made({"a.toml": "abcdefgh"}, zipfile.ZIP_STORED))
    content[content.index(b"abcdefgh")] ^= 1
    with (
        opened_archive(bytes(content), "x.zip") as archive,
        refused("zip file", "be whole", "'a.toml' in x.zip", "again"),
    ):
        archive.read(next(archive.members()), 10)
    content = bytearray(made({"a.toml": "abcdefgh"}))
    for start in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[start] |= 1  # the bit that says that there is a password
    with (
        opened_archive(bytes(content), "x.zip") as archive,
        refused("zip file", "be a plain one", "'a.toml'", "Unpack it"),
    ):
        archive.read(next(archive.members()), 10)


def test_names_in_utf_8_that_do_not_say_so_are_read_and_old_ones_are_left():
    names = {"Zoë.toml".encode(): ("Zoë.toml",), "Zoë.toml".encode("cp437"): ("Zoë.toml",)}
    for encoded, parts in names.items():
        content = made({"?" * len(encoded): "1"}).replace(b"?" * len(encoded), encoded)
        with opened_archive(content, "x.zip") as archive:
            (member,) = archive.members()
            assert (member.parts, archive.read(member, 9)) == (parts, b"1")
