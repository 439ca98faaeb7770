"""What to do about unknown keys and tables of a problem file: other words for the known keys, and what is not supported."""

from __future__ import annotations

from deltarule.errors import nearest
from deltarule.not_supported import LAYERS, SINGLE, plain_word
from deltarule.not_supported import NOT_SUPPORTED as ELSEWHERE
from deltarule.not_supported import not_supported as remedy_for
from deltarule.problem.keys import KEYS, OUTER, TABLES

# What other programs know, and what there is here instead.
NOT_SUPPORTED = {
    **ELSEWHERE,
    "loss loss_function cost cost_function criterion objective": (
        "The cost follows from the kind of layer: squared error for linear and perceptron (Rosenblatt's "
        "criterion for hard outputs), cross-entropy for logistic and softmax. Leave it out."
    ),
    "neurons units size width n_neurons num_neurons n_outputs num_outputs output_size": (
        "The number of neurons follows from the weights, or with init from the targets. Leave it out."
    ),
    "n_inputs num_inputs input_size input_dim": "The number of inputs follows from the data. Leave it out.",
    "n_classes num_classes": "The classes are the sorted labels of the targets; classes in [layer] lists them. Leave it out.",
    "engine device backend": "The engine is an option of the command: deltarule train --engine. Leave it out.",
    "validation validation_split valid val": (
        "A validation set is an option of the command: deltarule sweep --validation. Leave it out; "
        "split = {test = 0.4, seed = 2} in [data] sets a test set apart."
    ),
}
# Other words for the known keys; a word may stand for several.
SYNONYMS = {
    "learning_rate": "lr eta rate learning_speed step_size stepsize alpha",
    "epochs": "iterations iters steps max_iter max_iterations n_iter num_epochs n_epochs max_epochs nepochs passes updates",
    "batch_size": "batch batches minibatch mini_batch minibatch_size mini_batch_size bs",
    "weight_decay": "regularization regularisation regularizer l2 l2_penalty l2_regularization lambda alpha penalty "
    " decay reg ridge",
    "tolerance": "tol stop stopping threshold",
    "reduction": "averaging average",
    "momentum": "beta_1 heavy_ball mu",
    "nesterov": "nesterov_momentum nesterovs_momentum",
    "schedule": "scheduler lr_schedule lr_scheduler learning_rate_schedule lr_decay learning_rate_decay "
    "warmup warm_up annealing gamma",
    "patience": "early_stopping n_iter_no_change epochs_without_improvement",
    "monitor": "metric watch",
    "min_change": "min_delta",
    "decay_biases": "decay_bias bias_decay",
    "seed": "random_state random_seed rng",
    "order": "shuffle shuffled ordering sequence",
    "kind": "type model layer_type",
    "weights": "w weight theta kernel coefficients",
    "biases": "b bias intercept intercepts offsets",
    "classes": "class_names class_labels labels_in_order",
    "header": "has_header names_row",
    "separator": "sep delimiter delim",
    "decimal_mark": "decimal_point decimal_separator decimal_comma",
    "activation": "f transfer transfer_function nonlinearity activation_function",
    "init": "initial initialisation initialization initializer random",
    "inputs": "x features patterns samples data",
    "targets": "y d t labels label outputs desired desired_outputs answers",
    "table": "file path csv filename source",
    "target": "column target_column label_column",
    "dataset": "data_set builtin",
    "split": "test_size test_share test_set train_test_split holdout",
    "standardise": "standardize normalise normalize scale scale_inputs zscore standard_scaler",
    "centre": "center mean_center",
    "scale_targets": "scale_target normalise_targets normalize_targets scale_outputs minmax min_max",
    "decimals": "digits precision places",
    "title": "name heading",
    "asked": "ask parts questions required",
    "credit": "partial_credit grading",
    "hint_cost": "hint hints hint_penalty hint_costs",
}
_TABLE_SYNONYMS = {
    "layer": "model neuron neurons perceptron softmax logistic linear",
    "data": "dataset patterns inputs input training_data",
    "descent": "training train optimizer optimiser sgd gradient_descent learning hyperparameters",
    "conventions": "convention notation",
    "show": "display output format",
    "marking": "marks grading grade scoring score",
}
_ANSWER_TABLES = ("iteration", "convergence", "boundaries", "metrics")


def key_remedy(table: str, key: str) -> str:
    """What to do about a key that the table does not have.

    Parameters
    ----------
    table : a table's name, as in `KEYS`.
    key : as it was written.

    Examples
    --------
    >>> key_remedy("descent", "lr"), key_remedy("descent", "decimals")
    ("Did you mean 'learning_rate'?", 'It belongs in [show]: move it there.')
    """
    word = plain_word(key)
    if key in KEYS[""]:
        return "It belongs at the top of the file, above all tables."
    braces = [name for name, outer in OUTER.items() if outer == table and key in KEYS[name]]
    if braces:
        return f"It belongs in {braces[0]}: write {KEYS[table][braces[0]].written}."
    homes = [name for name in TABLES if key in KEYS[name]]
    if homes:
        return f"It belongs in [{homes[0]}]: move it there."
    return not_supported(word) or _synonym(table, word) or nearest(key, KEYS[table])


def table_remedy(name: str) -> str:
    """What to do about a table of this `name`, which a problem file does not have."""
    word = plain_word(name)
    if word in _ANSWER_TABLES:
        return "This is a table of an answer file. Give the problem file first, then the answer."
    if LAYERS.fullmatch(word):
        return SINGLE
    known = [table for table, words in _TABLE_SYNONYMS.items() if word in words.split()]
    return f"Did you mean [{known[0]}]?" if known else nearest(name, TABLES)


def not_supported(word: str) -> str:
    """What to do about something that other programs have and deltarule does not have; "" for any other word."""
    return remedy_for(word, NOT_SUPPORTED)


def key_of(word: str) -> tuple[str, str] | None:
    """The table and the name of the key that a word stands for; None for any other word.

    Examples
    --------
    >>> key_of("learning-rate"), key_of("lr"), key_of("fast")
    (('descent', 'learning_rate'), ('descent', 'learning_rate'), None)
    """
    word = plain_word(word)
    for table in ("descent", "data", "layer", "show", ""):
        for key in KEYS[table]:
            if word == key or word in SYNONYMS[key].split():
                return table, key
    return None


def _synonym(table: str, word: str) -> str:
    """The remedy for another word for a known key; "" for any other word."""
    intended = [key for key, words in SYNONYMS.items() if word == key or word in words.split()]
    here = [repr(key) for key in intended if key in KEYS[table]]
    if here:
        return f"Did you mean {' or '.join(here)}?"
    for key in intended:
        for home in ("", *TABLES):
            if key in KEYS[home]:
                place = f"in [{home}]" if home else "at the top of the file, above all tables"
                return f"Did you mean {key!r}? It belongs {place}."
    return ""
