"""A folder of answers: which problem each belongs to."""
