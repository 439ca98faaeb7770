"""Figures, words, mathematics and columns as people write them: numbers and text in, text out."""
