"""A student's answer: the file, its document, its figures; and the right answer to set beside it.

file : `read_answer`, `answer_from`.
reader : what fits the exercise, and the faults.
figures, csv_file : numbers and labels in any form that people write.
right_answer : the document of a right answer, and its text.
"""
