"""The problem file (TOML): a layer, data and a descent. It is read with errors that point at the key, and written back.

A problem file
--------------
    title = "Three classes in the plane"     # default: the file's name

    [layer]
    kind = "softmax"                         # linear | perceptron | logistic | softmax
    weights = [[0.88, 0.08], [0.68, -0.39]]  # one row an input, one column a neuron
    biases = [0.0, 0.0]                      # default: zeros. Or, for both: init = {seed = 1}
    activation = "sigmoid"                   # perceptron only: sigmoid | tanh

    [data]                                   # one of three sources:
    inputs = [[0, 4], [-1, 3]]               # 1. rows in the file, and
    targets = ["A", "B"]                     #    labels, numbers or rows, one a pattern
    table = "iris.csv"                       # 2. CSV, Parquet, Feather, JSON lines ("part-*.parquet"), relative to this file, and
    target = "species"                       #    a column, or a list of columns of numbers,
    inputs = ["petal_length"]                #    and columns; left out: all but the targets
    dataset = "iris"                         # 3. "iris" | "linnerud"
    split = {test = 0.4, seed = 2}           # scikit-learn's train_test_split; also stratified = true
    standardise = true                       # inputs to mean 0 and variance 1, by the training patterns
    centre = true                            # or only to mean 0
    scale_targets = true                     # numbers to [0, 1], by the training patterns

    [descent]
    learning_rate = 0.05
    epochs = 1500
    # batch_size, reduction, weight_decay, tolerance, seed, order: see `deltarule.Descent`

    [show]
    decimals = 2

    [marking]                                # what is asked for, and what it is worth
    asked = ["iteration.1", "convergence.weights"]
    weights = {cost = 0.5}                   # credit, hint_cost, conventions

All keys, with their defaults and messages, are described in docs/problem-file.md, which is made from `deltarule.problem.keys`.

Targets
-------
Linear and perceptron layers take numbers: rows, or a flat list for one neuron.
Softmax and logistic layers take labels: texts, whole numbers or booleans. The classes are the sorted labels of all patterns, the
test set's too. A logistic layer of two classes has one neuron, or two if the weights have two columns.
Rows of 0 and 1 are one-hot for a softmax layer, with the classes 1 ... K (of a table: the names of the columns). For a
logistic layer they are the targets of independent neurons, one a column.
"""

from deltarule.problem.problem import Problem
from deltarule.problem.reading import problem_from, read_problem
from deltarule.problem.writing import problem_text, write_problem

__all__ = ["Problem", "problem_from", "problem_text", "read_problem", "write_problem"]
