"""The answers of a class: whose each is, which problem it answers, and the marks of all.

origins : how learning platforms name files.  packed, downloads : the answers of a folder or a zip file.
choosing : which of several files is the answer, and which of several answers the latest.
whose : which student handed something in.  giving : each answer to its student.  pairing : the problem of an answer's name.
marked : the marks of a class.  marking : `mark_folder`.  workers : processes.
"""

from deltarule.marking.folder.marked import FolderMarks, MarkedAnswer
from deltarule.marking.folder.marking import mark_folder

__all__ = ["FolderMarks", "MarkedAnswer", "mark_folder"]
