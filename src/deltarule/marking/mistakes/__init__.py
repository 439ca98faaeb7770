"""The known mistakes: what each changes, and what a tutor says of it."""
