"""Which entries are right, within rounding, follow, or are wrong.

The rule of "right" is in `rework.tolerance`, that of "within rounding" in `rework.rounding`.

entries : the marks of a part, from what is known of its entries.
iterations, trained_layer : the marks of iterations, and of figures about the trained layer.
fewer_decimals, another_problem : answers with fewer decimals, and to another problem.
"""
