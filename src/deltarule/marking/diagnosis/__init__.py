"""Which mistakes explain an answer: the evidence, the hypotheses, and the choice among them."""
