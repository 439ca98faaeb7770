"""Unknown and missing tables and keys are named, with where they should be."""

# ruff: noqa: E501 - the tables of errors have a case a line

import pytest

from problem_files import changed, document, error


def without(name, key=None):
    made = document()
    if key is None:
        del made[name]
    else:
        del made[name][key]
    return made


@pytest.mark.parametrize(
    ("made", "where", "why"),
    [
        (document(titel="x"), "titel", "There is no such key. Did you mean 'title'?"),
        (document(epochs=3), "epochs", "There is no such key. It belongs in [descent]: move it there."),
        (document(dat={"a": 1}), "[dat]", "There is no such table. Did you mean 'data'?"),
        (
            document(title=3),
            "title",
            'The value of title must be text. Got 3. Write title = "Three classes in the plane".',
        ),
        (document(title={"a": 1}), "title", "The value of title must be text. Got {'a': 1}. Write title = "),
        (without("layer"), "[layer]", "This table is missing. Add a line [layer], and its keys below it."),
        (without("data"), "[data]", "This table is missing. Add a line [data], and its keys below it."),
        (without("descent"), "[descent]", "This table is missing. Add a line [descent], and its keys below it."),
        (
            document() | {"layer": "softmax"},
            "[layer]",
            "The layer must be a table. Got 'softmax'. Write [layer] above its keys, in single brackets.",
        ),
        (
            document() | {"data": [{}]},
            "[data]",
            "The data must be a table. Got a list of tables. Write [data] above its keys, in single brackets.",
        ),
        (changed("layer", kinds=1), "[layer] kinds", "There is no such key. Did you mean 'kind'?"),
        (
            changed("layer", title="x"),
            "[layer] title",
            "There is no such key. It belongs at the top of the file, above all tables.",
        ),
        (
            changed("layer", seed=1),
            "[layer] seed",
            "There is no such key. It belongs in init: write init = {seed = 1}.",
        ),
        (
            changed("data", test=0.4),
            "[data] test",
            "There is no such key. It belongs in split: write split = {test = 0.4, seed = 2}.",
        ),
        (changed("data", decimals=2), "[data] decimals", "There is no such key. It belongs in [show]: move it there."),
        (
            changed("descent", zzz=2),
            "[descent] zzz",
            "There is no such key. Known: learning_rate, epochs, batch_size, ",
        ),
        (document(show={"decimal": 2}), "[show] decimal", "There is no such key. Did you mean 'decimals'?"),
        (without("layer", "kind"), "[layer] kind", 'This key is missing. Add kind = "softmax".'),
        (
            without("layer", "weights"),
            "[layer] weights",
            "This key is missing. Add weights = [[0.1, -0.2], [0.3, 0.0]] (a row an input, a column a neuron), or init = {seed = 1}.",
        ),
        (
            without("data", "inputs"),
            "[data] inputs",
            "This key is missing. Add inputs = [[0, 4], [-1, 3]] (a row a pattern).",
        ),
        (
            without("data", "targets"),
            "[data] targets",
            'This key is missing. Add targets = ["A", "B"] (one a pattern).',
        ),
        (
            without("descent", "learning_rate"),
            "[descent] learning_rate",
            "This key is missing. Add learning_rate = 0.05.",
        ),
        (without("descent", "epochs"), "[descent] epochs", "This key is missing. Add epochs = 1000."),
    ],
)
def test_unknown_and_missing_tables_and_keys_are_reported(made, where, why):
    found = error(made)
    assert found.where == f"problem, {where}"
    assert found.why.startswith(why)


def test_a_problem_is_made_of_a_dictionary():
    assert str(error([1])) == "problem: The document must be a dictionary. Got [1]. Give tables by name."
