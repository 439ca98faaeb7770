"""An exercise worked again: rightly, from earlier figures, rounded, or with a mistake."""
