"""To ONNX: a model as a graph that any runtime computes, scaling and labels inside."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from deltarule import checks
from deltarule.errors import InputError, MissingExtraError
from deltarule.files import write_whole
from deltarule.layers import Layer, kind_name
from deltarule.layers.answers import AnsweringLayer
from deltarule.layers.classes import LogisticLayer, SoftmaxLayer
from deltarule.layers.kinds import row_of
from deltarule.layers.linear import LinearLayer
from deltarule.layers.perceptron import PerceptronLayer, RosenblattLayer
from deltarule.model import Model, gives_probabilities
from deltarule.training import Run

# The set of operators that is used, of 2021, and the format that holds it: old runtimes read them too.
OPSET, IR = 15, 8


def to_onnx(model: Model | Run | Layer, path: str | os.PathLike[str]) -> None:
    """Write the model as an ONNX file, whole or not at all.

    Its input "inputs" is (P, N), in the layer's precision, not scaled yet: the scaling is inside. Its outputs are "labels" (P,)
    where the layer has classes, "probabilities" (P, C) of softmax and logistic layers (see `Model.probabilities`), and "outputs" of
    all other layers: numbers in the targets' own units (P, K). Independent neurons have "labels" (P, K) of 0 and 1.

    Parameters
    ----------
    model : a model, a run or a layer. Columns of a table become inputs before: `model.encoding`.
    path : the file; usually its name ends in .onnx.

    Raises
    ------
    InputError
        If the file cannot be written, the kind of layer is the user's own, or classes are neither texts nor whole numbers.
    MissingExtraError
        If the package onnx is not installed.
    """
    try:
        import onnx
    except ImportError as error:
        raise MissingExtraError("a model for ONNX", "onnx", "onnx") from error
    path = checks.path("ONNX file", path)
    model = Model.of(model)
    write_whole(path, _Graph(onnx, model).whole().SerializeToString())


class _Graph:
    """The graph of a model while it is made: nodes, and constants by name."""

    def __init__(self, onnx: Any, model: Model) -> None:
        self.onnx, self.model, self.layer = onnx, model, model.layer
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.type = onnx.helper.np_dtype_to_tensor_dtype(model.layer.dtype)

    def whole(self) -> Any:
        """The model of ONNX."""
        layer, helper = self.layer, self.onnx.helper
        U = self.synaptic_input()
        outputs = []
        if layer.has_classes:
            outputs.append(self.labels(U))
        if gives_probabilities(layer):
            outputs.append(helper.make_tensor_value_info(self.probabilities(U), self.type, [None, None]))
        elif not layer.has_classes:
            outputs.append(helper.make_tensor_value_info(self.numbers(U), self.type, [None, layer.neurons]))
        given = helper.make_tensor_value_info("inputs", self.type, [None, layer.inputs])
        graph = helper.make_graph(self.nodes, "deltarule", [given], outputs, self.constants)
        opset = helper.make_opsetid("", OPSET)
        made = helper.make_model(
            graph, opset_imports=[opset], producer_name="deltarule", producer_version=self.model.versions["deltarule"]
        )
        made.ir_version = IR
        self.onnx.checker.check_model(made, full_check=True)
        return made

    def node(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """A node; the result is the name of its output."""
        name = output or f"{operator.lower()}{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, values: Any, dtype: Any = None) -> str:
        """A constant, in the layer's precision where no dtype is given."""
        array = np.asarray(values, self.layer.dtype if dtype is None else dtype)
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def synaptic_input(self) -> str:
        """U = ((x - shift) * scale) W + b."""
        X, layer, scaling = "inputs", self.layer, self.model.input_scaling
        if scaling is not None:
            X = self.node("Sub", X, self.constant("input_shift", scaling.shift))
            X = self.node("Mul", X, self.constant("input_scale", scaling.scale))
        U = self.node("MatMul", X, self.constant("weights", layer.weights))
        return self.node("Add", U, self.constant("biases", layer.biases)) if layer.has_biases else U

    def activated(self, U: str) -> str:
        """Y = f(U)."""
        operator = None if isinstance(self.layer, RosenblattLayer) else row_of(OPERATORS, self.layer)
        if operator is None:
            raise InputError(
                "layer",
                "be of a kind that ONNX has operators for",
                f"a {kind_name(self.layer)} layer",
                "Use a kind of deltarule.",
            )
        if operator == "":
            operator = "Sigmoid" if getattr(self.layer, "activation", "") == "sigmoid" else "Tanh"
        return self.node(operator, U, axis=1) if operator == "Softmax" else self.node(operator, U)

    def numbers(self, U: str) -> str:
        """The outputs in the targets' own units."""
        Y, scaling = self.activated(U), self.model.target_scaling
        if scaling is None:
            return self.node("Identity", Y, output="outputs")
        Y = self.node("Div", Y, self.constant("target_scale", scaling.scale))
        return self.node("Add", Y, self.constant("target_shift", scaling.shift), output="outputs")

    def probabilities(self, U: str) -> str:
        """The probability of each class."""
        Y, layer, name = self.activated(U), self.layer, "probabilities"
        if isinstance(layer, SoftmaxLayer) or layer.classes is None:
            return self.node("Identity", Y, output=name)
        if layer.neurons == 1:
            return self.node("Concat", self.node("Sub", self.constant("one", [1.0]), Y), Y, output=name, axis=1)
        total = self.node("ReduceSum", Y, self.constant("over_classes", [1], np.int64), keepdims=1)
        share = self.node("Div", Y, total)
        none = self.node("LessOrEqual", total, self.constant("zero", [0.0]))
        return self.node("Where", none, self.constant("equal_share", [1 / layer.neurons]), share, output=name)

    def labels(self, U: str) -> Any:
        """The predicted class of each pattern, or the answer of each independent neuron."""
        layer, helper, types = self.layer, self.onnx.helper, self.onnx.TensorProto
        if isinstance(layer, AnsweringLayer) and not layer.is_one_against_rest():
            above = "GreaterOrEqual" if layer.yes_at_threshold else "Greater"
            yes = self.node(above, U, self.constant("threshold", [0.0]))
            if layer.classes is None:
                low, high = map(int, layer.answers)
                no, positive = self.constant("no", [low], np.int64), self.constant("yes", [high], np.int64)
                self.node("Where", yes, positive, no, output="labels")
                return helper.make_tensor_value_info("labels", types.INT64, [None, layer.neurons])
            at = self.node(
                "Squeeze", self.node("Cast", yes, to=types.INT64), self.constant("of_neurons", [1], np.int64)
            )
        else:
            at = self.node("ArgMax", U, axis=1, keepdims=0)
        classes, kind = self.classes()
        self.node("Gather", classes, at, output="labels", axis=0)
        return helper.make_tensor_value_info("labels", kind, [None])

    def classes(self) -> tuple[str, Any]:
        """The classes as a constant: whole numbers, or texts."""
        found, types = self.layer.classes or (), self.onnx.TensorProto
        if all(type(label) is bool for label in found):
            return self.constant("classes", found, np.bool_), types.BOOL
        if all(type(label) is int and -(2**63) <= label < 2**63 for label in found):
            return self.constant("classes", found, np.int64), types.INT64
        if not all(isinstance(label, str) for label in found):
            got = next(label for label in found if not isinstance(label, str))
            raise InputError(
                "classes", "be all texts or all whole numbers for ONNX", repr(got), "Train on such labels."
            )
        self.constants.append(
            self.onnx.helper.make_tensor(
                "classes", types.STRING, [len(found)], [str(label).encode() for label in found]
            )
        )
        return "classes", types.STRING


# The operator of each kind's activation; "" where the layer says which.
OPERATORS: dict[type[Layer], str] = {
    LinearLayer: "Identity",
    SoftmaxLayer: "Softmax",
    LogisticLayer: "Sigmoid",
    PerceptronLayer: "",
}
