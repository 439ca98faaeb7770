"""A model as text: layer, columns, scaling, descent, outcome, versions, weights."""

from __future__ import annotations

from deltarule.model import Model
from deltarule.show.document import Document, Part
from deltarule.show.records import document_view
from deltarule.show.run_document import layer_document
from deltarule.show.sentences import descent_sentence, exact_sentence, layer_sentence, parameters_title
from deltarule.show.terminal import parameter_lines
from deltarule.typeset.columns import Line, joined, wrapped
from deltarule.typeset.words import counted
from deltarule.views import register

# Columns and levels that are named.
NAMED = 12
# Inputs of a layer whose weights are shown after a training.
MOST_INPUTS = 60


def model_sentences(model: Model) -> list[str]:
    """What a model is: a sentence each on its layer, columns, scaling, descent, outcome and versions.

    Parameters
    ----------
    model : the model.
    """
    found = [layer_sentence(model.layer)]
    if model.target_names is not None:
        found.append(f"predicts {_named([str(name) for name in model.target_names])}")
    if model.encoding is not None:
        columns = [
            column.name if column.levels is None else f"{column.name} ({_named(list(column.levels))})"
            for column in model.encoding.columns
        ]
        found.append(f"from {counted(len(columns), 'column')}: {_named(columns)}")
        if model.encoding.fill is not None:
            found.append("cells without a value are filled with what was usual among the training patterns")
    if model.input_scaling is not None:
        found.append("inputs are scaled by the model")
    if model.target_scaling is not None:
        found.append("predictions are scaled back to the targets' own units")
    if model.run is not None:
        found += [descent_sentence(model.run.descent), str(model.run.outcome)]
    if model.exact is not None:
        found += [exact_sentence(model.exact), model.exact.message]
    return [*found, "made with " + ", ".join(f"{name} {version}" for name, version in model.versions.items())]


def _named(words: list[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more


def model_lines(model: Model, width: int, decimals: int = 4) -> list[Line]:
    """A model, line by line, with its weights and biases.

    Parameters
    ----------
    model : the model.
    width : characters a line.
    decimals : of each figure.
    """
    lines = [line for sentence in model_sentences(model) for line in wrapped(sentence, width)]
    names = [str(name) for name in model.input_names or ()]
    return [*lines, Line(""), *parameter_lines(model.layer, decimals, width, input_names=names)]


def short_parameter_lines(model: Model, width: int, decimals: int = 4) -> list[Line]:
    """The weights and biases of a model under a heading, with the names of inputs and targets; nothing where they are many.

    Parameters
    ----------
    model : the model.
    width : characters a line.
    decimals : of each figure.
    """
    layer = model.layer
    if layer.inputs > MOST_INPUTS:
        return []
    names = [str(name) for name in model.input_names or ()]
    targets = [str(name) for name in model.target_names or ()] if layer.classes is None else []
    heading = [Line(""), Line(parameters_title(layer), "bold")]
    return [*heading, *parameter_lines(layer, decimals, width, input_names=names, neuron_names=targets)]


def model_text(model: Model) -> str:
    """A model as plain text of at most 80 columns.

    Parameters
    ----------
    model : the model.
    """
    return joined(model_lines(model, 80))


def model_document(model: Model) -> Document:
    """A model as a document, for notebooks.

    Parameters
    ----------
    model : the model.
    """
    parts: tuple[Part, ...] = layer_document(model.layer).parts
    return Document("", "Model", tuple(model_sentences(model)), parts)


register(Model, document_view(model_text, model_document))
