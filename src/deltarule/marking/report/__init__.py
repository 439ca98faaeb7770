"""Marks as text and as a page."""
