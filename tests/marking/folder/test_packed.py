"""What is read of a zip file, and how large it may be; and which names are told of files that hold no answer."""

from __future__ import annotations

import io
import zipfile

import pytest

from deltarule.errors import InputError
from deltarule.marking.folder.choosing import HandedFile, answer_among
from deltarule.marking.folder.packed import unzipped


def zip_file(size):
    """A student's zip file that says it has so many bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("answer.toml", "x = 1")

    def read(limit):
        if size > limit:
            raise InputError("file", f"have at most {limit:,} bytes", size, "Pack the answer alone.")
        return content.getvalue()

    return HandedFile(("a.zip",), read)


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_students_zip_file_has_at_most_64_mebibytes(more, is_read):
    faults = []
    assert [each.shown for each in unzipped(zip_file(64 * 2**20 + more), faults)] == ["answer.toml"] * is_read
    assert [fault.partition(" Got")[0] for fault in faults] == (
        [] if is_read else ["The file must have at most 67,108,864 bytes."]
    )


@pytest.mark.parametrize(("count", "among"), [(0, ""), (1, " among a.pdf"), (4, " among a.pdf, b.pdf, c.pdf")])
def test_of_files_that_are_no_answer_three_are_named(count, among):
    files = [HandedFile((f"{letter}.pdf",), lambda _limit: b"") for letter in "abcd"[:count]]
    found, note = answer_among(files)
    assert found is None
    assert note.partition(")")[2] == among
