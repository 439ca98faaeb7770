"""The file of a model: arrays and a document in the safetensors format, under a checksum.

What is read runs no code: a header of JSON, and the bytes of arrays. https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deltarule.documents import check_depth
from deltarule.errors import InputError

# The number of the format that is written. A file of a larger one is refused.
FORMAT_VERSION = 1
NAME = "deltarule"
# Where the checksum stands, zeros are hashed in its place.
_BLANK = "0" * 64
_CHECKSUM = re.compile(rb'"checksum":"([0-9a-f]{64})"')
# The first bytes are the length of the header.
_LENGTH = 8
AGAIN = "Get it again from where it came, or train it again."

Arrays = dict[str, NDArray[Any]]


def packed(document: dict[str, Any]) -> bytes:
    """The bytes of a file with a document, which is read back by `unpacked`.

    Parameters
    ----------
    document : dictionaries, lists and plain values for JSON; arrays may stand as values of dictionaries.
    """
    from safetensors.numpy import save

    arrays: Arrays = {}
    plain = _without_arrays(document, "", arrays)
    about = {
        "format": NAME,
        "format_version": str(FORMAT_VERSION),
        "checksum": _BLANK,
        "document": json.dumps(plain, allow_nan=False, sort_keys=True),
    }
    content = _in_order(save(arrays, metadata=about))
    start, stop = _checksum_at(content)
    return content[:start] + _digest(content, start, stop) + content[stop:]


def _in_order(content: bytes) -> bytes:
    """The same file with its metadata in order, which safetensors writes in any: one model has one file."""
    stop = _LENGTH + int.from_bytes(content[:_LENGTH], "little")
    header = json.loads(content[_LENGTH:stop])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    written = json.dumps(header, separators=(",", ":")).encode()
    written += b" " * (-len(written) % _LENGTH)
    return len(written).to_bytes(_LENGTH, "little") + written + content[stop:]


def unpacked(content: bytes, where: str) -> dict[str, Any]:
    """The document of a file, with its arrays in their places.

    Parameters
    ----------
    content : all bytes of the file.
    where : its name, for messages.

    Raises
    ------
    InputError
        If it is another kind of file, cut off, changed since it was written, or of a newer format.
    """
    header = _header(content, where)
    about = header.get("__metadata__")
    place = _checksum_at(content)
    if not isinstance(about, dict) or about.get("format") != NAME or place is None:
        raise _foreign(where, "a safetensors file that deltarule did not write")
    start, stop = place
    if _digest(content, start, stop) != content[start:stop]:
        raise InputError("model file", "be as it was written", f"{where!r}, which has been changed or damaged", AGAIN)
    version = str(about.get("format_version"))
    if not version.isdecimal() or int(version) > FORMAT_VERSION:
        raise InputError(
            "model file",
            f"have a format of at most {FORMAT_VERSION}",
            f"format {version[:20]} in {where!r}",
            "Install a newer deltarule: pip install --upgrade deltarule.",
        )
    return _document(content, about, where)


def _document(content: bytes, about: dict[str, Any], where: str) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        document = json.loads(about["document"])
        check_depth(document)
        for name, array in arrays.items():
            inner = document
            *path, last = name.split(".")
            for part in path:
                inner = inner[part]
            inner[last] = array
    except (SafetensorError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError("model file", "hold a model", f"{where!r} ({type(error).__name__})", AGAIN) from None
    if not isinstance(document, dict):
        raise InputError("model file", "hold a model", f"{where!r}, which holds another document", AGAIN)
    return document


def _header(content: bytes, where: str) -> dict[str, Any]:
    """The header of a file: its arrays by name."""
    if not content:
        raise InputError("model file", "hold a model", f"{where!r}, which is empty", AGAIN)
    length = int.from_bytes(content[:_LENGTH], "little")
    if content[_LENGTH : _LENGTH + 1] != b"{":
        raise _foreign(where, "no safetensors file")
    if _LENGTH + length > len(content):
        raise _cut(where)
    try:
        header = json.loads(content[_LENGTH : _LENGTH + length])
        ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
        end = max(ends, default=0)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise _foreign(where, "a file whose head cannot be read") from None
    if isinstance(end, int) and _LENGTH + length + end > len(content):
        raise _cut(where)
    return dict(header)


def _foreign(where: str, what: str) -> InputError:
    return InputError(
        "model file", "be one that deltarule saved", f"{where!r}, {what}", "Give a file of dr.save or --out."
    )


def _cut(where: str) -> InputError:
    return InputError("model file", "be whole", f"{where!r}, which is cut off", AGAIN)


def _checksum_at(content: bytes) -> Any:
    """Where the checksum stands, from and to; None where there is none."""
    length = int.from_bytes(content[:_LENGTH], "little")
    found = _CHECKSUM.search(content, _LENGTH, _LENGTH + length)
    return None if found is None else found.span(1)


def _digest(content: bytes, start: int, stop: int) -> bytes:
    """SHA-256 over the whole file, with zeros in the place of the checksum."""
    view = memoryview(content)
    sum_ = hashlib.sha256(view[:start])
    sum_.update(_BLANK.encode())
    sum_.update(view[stop:])
    return sum_.hexdigest().encode()


def _without_arrays(value: Any, name: str, arrays: Arrays) -> Any:
    """A document without its arrays, which go into `arrays` by their path."""
    if not isinstance(value, dict):
        return value
    plain = {}
    for key, item in value.items():
        if isinstance(item, np.ndarray):
            arrays[f"{name}{key}"] = np.ascontiguousarray(item)
        else:
            plain[key] = _without_arrays(item, f"{name}{key}.", arrays)
    return plain
