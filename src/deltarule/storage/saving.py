"""`save` and `load`: a model in one file."""

from __future__ import annotations

import os

from deltarule import checks
from deltarule.files import open_regular, write_whole
from deltarule.layers import Layer
from deltarule.memory import check_fits
from deltarule.model import Model
from deltarule.storage.container import packed, unpacked
from deltarule.storage.document import model_document, model_from
from deltarule.training import Run

SUFFIX = ".safetensors"


def save(model: Model | Run | Layer, path: str | os.PathLike[str]) -> None:
    """Write a model into one file, whole or not at all: layer, classes, columns, levels, scaling, descent, history, versions.

    The file is in the safetensors format, with the same bytes for the same model.

    Parameters
    ----------
    model : a model, a run or a layer.
    path : the file; usually its name ends in .safetensors.

    Raises
    ------
    InputError
        If the file cannot be written; a class or a name is no text, number or truth value; or the kind of layer is the user's own.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from deltarule import SoftmaxLayer
    >>> layer = SoftmaxLayer([[1.0, -1.0]], [0.0, 0.0], classes=["left", "right"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "sides.safetensors")
    ...     save(layer, file)
    ...     load(file).predict([[3.0]]).tolist()
    ['left']
    """
    path = checks.path("model file", path)
    write_whole(path, packed(model_document(Model.of(model))))


def load(path: str | os.PathLike[str]) -> Model:
    """The model that `save` wrote. No code of the file is run.

    Parameters
    ----------
    path : the file.

    Raises
    ------
    InputError
        If there is no such file, or it is cut off, changed since it was written, of a newer format, or of another program.
    """
    path = checks.path("model file", path)
    with open_regular(path, "model file", suffixes=(SUFFIX,)) as file:
        check_fits("model file", repr(str(path)), 3 * os.fstat(file.fileno()).st_size, "Load it on a larger machine.")
        content = file.read()
    return model_from(unpacked(content, str(path)), str(path))
