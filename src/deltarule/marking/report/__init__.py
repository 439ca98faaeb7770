"""Marks as text and as a page; their views."""

from deltarule.marking.marks import Marks
from deltarule.marking.report.page import marks_fragment
from deltarule.marking.report.text import marks_text
from deltarule.views import View, register

register(Marks, View(marks_text, html=marks_fragment))
