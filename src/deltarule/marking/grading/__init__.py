"""Marks: which entries are right, within rounding, follow, or are wrong."""
