"""Marks, answers and folders of answers as text and as pages; their views."""

from deltarule.marking.folder.marked import FolderMarks
from deltarule.marking.given import Answer
from deltarule.marking.marks import Finding, Marks
from deltarule.marking.report.answer import summary_html, summary_text
from deltarule.marking.report.folder import folder_fragment, folder_text
from deltarule.marking.report.page import marks_fragment
from deltarule.marking.report.text import finding_sentence, marks_text
from deltarule.typeset.columns import joined, wrapped
from deltarule.views import View, register

register(Marks, View(marks_text, html=marks_fragment))
register(Finding, View(lambda finding: joined(wrapped(finding_sentence(finding), 80))))
register(Answer, View(summary_text, html=summary_html))
register(FolderMarks, View(folder_text, html=folder_fragment))
