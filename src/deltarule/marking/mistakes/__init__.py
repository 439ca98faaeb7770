"""The known mistakes: what each changes in the work, and what a tutor says of it.

registry, documentation : all of them, and their table for the pages.
mistake : `Mistake`, `Variant`, and what variants are built from.
layer_kinds : what depends on the kind of layer.

The other modules are subjects: reductions, updates, gradients, outputs, costs, decays, scalings; transcription, slips, miscopied,
class_orders, pattern_orders; rounded_start, recognised.
"""
