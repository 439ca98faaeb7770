"""The known mistakes: a table of ingredients and their wrong neighbours, and what a tutor says of each.

registry, documentation : all of them, and their table for the pages.
mistake : `Mistake`, `Variant`, and variants made together.
neighbours, conditions : what rows of the table are built from, and where they apply.
layer_kinds : what depends on the kind of layer.

The other modules are subjects, from inputs to updates: scalings; outputs; predictions; costs; deltas, slopes; sums,
patterns_summed; reductions, decays; updates, online; transcription, slips, miscopied, class_orders, pattern_orders;
rounded_start, recognised.
"""
