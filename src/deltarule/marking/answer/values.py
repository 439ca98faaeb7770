"""The values of parts: what a text stands for, and what a file beside the answer holds."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from deltarule.checks import brief
from deltarule.errors import InputError
from deltarule.files import read_regular
from deltarule.marking.answer.csv_file import csv_rows
from deltarule.marking.answer.document import CSV_SUFFIXES, TEXT_SUFFIXES
from deltarule.marking.answer.encodings import decoded
from deltarule.marking.answer.label_text import labels_of
from deltarule.marking.answer.matrix_text import matrix_of
from deltarule.marking.answer.numerals import figure_of
from deltarule.marking.answer.tables_of_text import Table
from deltarule.typeset.words import counted

# Endings of files that hold one part, beside the answer that names them.
SUFFIXES_BESIDE = (*CSV_SUFFIXES, *TEXT_SUFFIXES)
# What file systems allow.
LONGEST_FILE_NAME = 255
# Such a file has as many bytes as its figures may have, with what spreadsheets write beside them.
BYTES_OF_A_FILE, BYTES_OF_A_FIGURE = 4096, 64


class Values:
    """Reads the values of an answer's parts.

    Parameters
    ----------
    folder : where files lie that the answer names; None: it names none.
    labels : of the classes, as texts.
    """

    def __init__(self, folder: Path | None, labels: frozenset[str] = frozenset()) -> None:
        self.folder, self.labels = folder, labels
        # A thousand parts may name the same file, which is read once.
        self._files: dict[tuple[str, int], Any] = {}

    def of(self, value: Any, shape: tuple[int, ...], *, labels: bool) -> Any:
        """A part's value as lists of figures or labels; what is no text stays as it is.

        Parameters
        ----------
        value : of the part.
        shape : that it should have.
        labels : whether it is labels of classes.

        Raises
        ------
        InputError
            If a text can be read in no way or in several, or a file cannot be read.
        """
        if (
            isinstance(value, Mapping)
            and shape
            and not any(isinstance(each, Mapping | list) for each in value.values())
        ):
            return Table([[each] for each in value.values()], beside=[*value])  # the entries of a vector by their names
        one_row = len(shape) == 2 and shape[0] == 1 and isinstance(value, list) and len(value) == 1
        text = value[0] if one_row and isinstance(value[0], str) else value  # a row that is given by its number
        if not isinstance(text, str):
            return value
        if shape and len(text) <= LONGEST_FILE_NAME and text.lower().endswith(SUFFIXES_BESIDE):
            return self._file(text, prod(shape), labels=labels)
        return labels_of(text) if labels else matrix_of(text)

    def _file(self, name: str, figures: int, *, labels: bool) -> Any:
        """What a file holds that is named instead of so many figures."""
        if (name, figures) not in self._files:
            try:
                self._files[name, figures] = self._read(name, figures, labels=labels)
            except InputError as error:
                self._files[name, figures] = error
        found = self._files[name, figures]
        if isinstance(found, InputError):
            raise found
        return found

    def _read(self, name: str, figures: int, *, labels: bool) -> Any:
        """What a file holds. Nothing but its figures is ever told."""
        if self.folder is None:
            raise InputError("part", "be numbers", brief(name), "Write the matrix, row by row.")
        content = read_regular(
            name,
            "file",
            root=self.folder,
            limit=BYTES_OF_A_FILE + figures * BYTES_OF_A_FIGURE,
            suffixes=SUFFIXES_BESIDE,
            remedy="Put it beside the answer, and write its name.",
            smaller=f"Write the {counted(figures, 'figure')} of this part.",
        )
        try:
            text = decoded(content)
            read = csv_rows if name.lower().endswith(CSV_SUFFIXES) else labels_of if labels else matrix_of
            found = read(text)
        except InputError as error:
            raise InputError("file", error.rule, "something else", error.remedy) from None
        except (ValueError, csv.Error):
            raise InputError("file", "be CSV, as text in UTF-8", brief(name), "Save it as CSV.") from None
        for number, row in enumerate(found if isinstance(found, list) else [found], start=1):
            cells = {cell for cell in (row if isinstance(row, list) else [row]) if isinstance(cell, str)}
            cells = {cell for cell in cells if cell and figure_of(cell) is None}
            if not cells <= (self.labels if labels else frozenset()):
                only = "labels of the problem" if labels else "figures"
                raise InputError("file", f"hold {only} only", f"something else in row {number}", "Correct it.")
        return found
