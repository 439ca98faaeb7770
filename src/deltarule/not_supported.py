"""What other programs have and deltarule has not: what to say where it is asked for, in a file, a command or Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from deltarule.errors import InputError
from deltarule.printable import brief

Function = TypeVar("Function", bound=Callable[..., Any])

SINGLE = (
    "deltarule trains a single layer of neurons: there are no hidden layers. "
    "Keep the layer whose outputs are compared with the targets."
)
PLAIN = "deltarule trains by gradient descent, with or without momentum"
# Words in lower case, with _ between their parts, and the remedy.
NOT_SUPPORTED = {
    "optimizer optimiser sgd": (
        f"There is no choice of optimiser: {PLAIN}. Leave it out; batch_size makes mini-batches."
    ),
    "solver": (
        "Here the training is by gradient descent. Leave it out; deltarule train --data FILE --solver exact goes to the least cost "
        "of a table, and in Python dr.optimum and dr.path do."
    ),
    "adam adamw adamax nadam rmsprop adagrad adadelta amsgrad lion beta beta1 beta2 betas epsilon rho": (
        f"There is no choice of optimiser, and no adaptive one such as Adam: {PLAIN}. Leave it out; schedule changes the "
        "learning rate."
    ),
    "lbfgs l_bfgs newton newton_cg conjugate_gradient": (
        f"There is no choice of optimiser: {PLAIN}. Leave it out; in Python dr.optimum finds the exact minimum."
    ),
    "l1 l1_ratio l1_penalty lasso elastic_net elasticnet": (
        "L1 regularisation is not supported. Leave it out; weight_decay adds L/2 sum W^2 to the cost (L2)."
    ),
    "dropout dropout_rate": (
        "Dropout is not supported. Leave it out; weight_decay adds L/2 sum W^2 to the cost (L2 regularisation)."
    ),
    "batch_norm batch_normalization batchnorm layer_norm": (
        "Normalisation inside the network is not supported. Leave it out; standardise in [data] scales the inputs."
    ),
    "convolution convolutions convolutional conv conv1d conv2d cnn kernel_size stride filters pooling": (
        "Convolutions are not supported: each neuron has a weight for each input. Leave it out."
    ),
    "recurrent rnn lstm gru attention transformer": (
        "Recurrent layers and attention are not supported: an output follows from one pattern's inputs. Leave it out."
    ),
    "clip clip_norm clip_value max_norm gradient_clipping": (
        "Clipping of gradients is not supported. Leave it out; a smaller learning_rate takes smaller steps."
    ),
}
# Words for layers that are not there.
LAYERS = re.compile(r"(hidden|layers?_?\d|layers|network|neural_net|deep|dense|mlp|multi_?layer).*|\d+")


def plain_word(word: str) -> str:
    """A word in lower case, with _ between its parts."""
    return re.sub(r"[\s-]+", "_", word.strip().lower())


def not_supported(word: str, table: Mapping[str, str] = NOT_SUPPORTED) -> str:
    """What to do about something that other programs have and deltarule has not; "" for any other word.

    Parameters
    ----------
    word : as it was written.
    table : remedies by their words.

    Examples
    --------
    >>> not_supported("hidden_layers")[:60], not_supported("learning_rate")
    ('deltarule trains a single layer of neurons: there are no hid', '')
    """
    word = plain_word(word)
    if LAYERS.fullmatch(word):
        return SINGLE
    return next((remedy for words, remedy in table.items() if word in words.split()), "")


def refuses_by_name(function: Function) -> Function:
    """A `function` that says of a keyword which it does not have, and which is not supported, that it is not supported."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            found = re.search(r"unexpected keyword argument '(\w+)'", str(error))
            remedy = not_supported(found[1]) if found and found[1] in kwargs else ""
            if found is None or not remedy:
                raise
            raise InputError(found[1], "be left out", brief(kwargs[found[1]]), remedy) from None

    return cast("Function", told)
