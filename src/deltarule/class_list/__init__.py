"""Class lists as they come: from Moodle, Canvas, Blackboard, a spreadsheet, or a text editor.

table : the rows of a list, whatever separates and encodes them.  headings : those of learning platforms.
name_columns : which columns hold the names.  reading : `read_class_list`.  names : spellings under which a name is the same.
"""

from deltarule.class_list.reading import ClassList, Student, read_class_list

__all__ = ["ClassList", "Student", "read_class_list"]
