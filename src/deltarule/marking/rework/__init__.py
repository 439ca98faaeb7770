"""An exercise worked again: without a mistake, from a student's own figures, with rounded figures, or with a mistake.

exercise : the problem as the formulas take it.
ingredients : what each part is worked from, and `Worksheet`.
worksheet : `rework`, the parts of iterations.
rounding, tolerance : what rounding on the way may do, and when a figure counts as another.
candidate_layers, boundary_multiples : the layers that figures about training may come from, and equations of boundaries.
"""
