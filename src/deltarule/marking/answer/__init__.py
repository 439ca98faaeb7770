"""A student's answer: the file, its figures, and the right answer to set beside it."""
