"""`deltarule inspect`: what is in the file of a model."""

from __future__ import annotations

from typing import Annotated

import typer

from deltarule.cli.data_options import ModelFile
from deltarule.cli.output import print_json, print_lines, width


def inspect(
    model: ModelFile,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the model as one JSON document.")] = False,
) -> None:
    """Show what a model is: layer, columns, scaling, descent, outcome, weights.

    Example:  deltarule inspect iris.safetensors
    """
    from deltarule.show.model_text import model_lines
    from deltarule.storage.saving import load

    loaded = load(model)
    if json:
        print_json(loaded.to_dict())
    else:
        print_lines(model_lines(loaded, width()))
