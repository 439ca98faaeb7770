"""Which mistakes explain an answer.

evidence : the entries of the answer, and as how many each part's count.
likelihood : how likely an entry is, if some work gives it or something else does.
working : the figures that some variants of mistakes would give.
hypotheses : that mistakes were made in some variants, and how likely that makes the evidence.
candidates : the mistakes that may explain one part, each worked in this part alone.
strength : mistakes of the table with another strength.
search : the mistakes that explain an answer, part by part, cheapest explanation first.
diagnose : which of them are named.
trained_layer : mistakes in figures about the trained layer.
"""
