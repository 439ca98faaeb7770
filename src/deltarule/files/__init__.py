"""Files that are read if they are regular ones, files that are written whole or not at all, folders that are made."""

from deltarule.files.folders import check_new, made_folder, make_folder, new_folder
from deltarule.files.inputs import inputs, note_input
from deltarule.files.reading import LARGEST_TEXT, nearest_file, open_regular, placed, read_regular
from deltarule.files.writing import check_overwritable, write_all, write_whole

__all__ = [
    "LARGEST_TEXT",
    "check_new",
    "check_overwritable",
    "inputs",
    "made_folder",
    "make_folder",
    "nearest_file",
    "new_folder",
    "note_input",
    "open_regular",
    "placed",
    "read_regular",
    "write_all",
    "write_whole",
]
