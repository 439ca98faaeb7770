"""Which mistakes explain an answer.

evidence : the entries of the answer, and which of them a prediction meets.
hypotheses : that mistakes were made in some variants, and how well that explains the evidence.
diagnose : the choice among hypotheses.
trained_layer : mistakes in figures about the trained layer.
"""
