"""Saved models: one file (safetensors), from and to PyTorch, ONNX and scikit-learn.

container (named arrays and a document in one file, with a checksum over all of it), document (records as plain values, and back),
saving (`save` and `load`); pytorch, onnx and sklearn, each imported when asked for.
"""

from deltarule.storage.document import run_from
from deltarule.storage.onnx import to_onnx
from deltarule.storage.pytorch import from_torch, to_torch
from deltarule.storage.saving import load, save
from deltarule.storage.sklearn import from_sklearn, to_sklearn

__all__ = ["from_sklearn", "from_torch", "load", "run_from", "save", "to_onnx", "to_sklearn", "to_torch"]
