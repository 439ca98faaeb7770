"""A folder of answers: which problem each answers, and the marks of all.

pairing : the problem of an answer's name.  marking : `mark_folder`.
"""

from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.folder.marking import mark_folder

__all__ = ["FolderMarks", "MarkedAnswer", "mark_folder"]
