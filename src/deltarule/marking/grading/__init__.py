"""Which entries are right, within rounding, follow, or are wrong.

The rule of "right" is in `rework.tolerance`, that of "within rounding" in `rework.rounding`.

entries : the marks of a part, from what is known of its entries.
judged : which entries of iterations are right, within rounding, follow, or are wrong.
iterations, trained_layer : the marks of iterations, and of figures about the trained layer, with what explains them.
readings, from_zero : answers with fewer digits, and with classes counted from 0.
blank, another_problem : answers in which nothing was worked, and to another problem.
chaos : late iterations of descents that no two computers agree on.
"""
