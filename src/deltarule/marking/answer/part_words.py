r"""The names that people give to parts: `U`, `dJ/dW`, `\delta`, "new weights".

Only names that can mean one thing are here. `D` is the desired output and no delta, `E` may be an energy or an error, `y_pred`
outputs or classes, and `\Delta W` a step or a gradient: those are no parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_NAMES: Mapping[str, str] = {
    "synaptic_inputs": "u z net netinput netinputs synapticinput xw+b logits preactivation preactivations",
    "outputs": "y f(u) fu output yhat softmax(u) sigmoid(u) tanh(u) sigma(u) phi(u) f(z) softmax(z) sigmoid(z) tanh(z) "
    "probabilities",
    "predicted": "prediction predictions predictedclass predictedclasses predictedlabel predictedlabels",
    "errors": "numberoferrors errorcount nerrors misclassified misclassifications classificationerrors",
    "cost": "j loss j(w,b) j(w) costj costfunction costvalue",
    "delta": "dj/du dju djdu du gradu dj/dz dz",
    "weight_gradient": "dw dj/dw djdw gradw wgrad gradwj dwj gradweights gradweight weightsgradient gradientofw "
    "gradientofweights gradientoftheweights gradientw gradientweights wgradient",
    "bias_gradient": "db dj/db djdb gradb bgrad gradbj dbj gradbias gradbiases biasesgradient gradientofb gradientofbias "
    "gradientofbiases gradientofthebiases gradientb gradientbias gradientbiases bgradient",
    "weight_velocity": "v vw vnew newv velocity velocityw velocityofw velocityofweights velocityoftheweights velocityweights "
    "weightsvelocity wvelocity",
    "bias_velocity": "vb velocityb velocityofb velocityofbiases velocityofthebiases velocitybiases velocitybias biasesvelocity "
    "bvelocity",
    "weights": "w weight wnew neww w' wupdated updatedw newweights updatedweights weightsnew weightsafter wafter weightmatrix",
    "biases": "b bias bnew newb b' bupdated updatedb newbiases newbias updatedbiases updatedbias biasesnew biasafter "
    "biasesafter bafter biasvector",
    "updates": "numberofupdates nupdates",
    "inputs": "x patterns",
}
_PARTS = {word: part for part, words in _NAMES.items() for word in (*words.split(), part.replace("_", ""))}
# Names of what the problem gives: whoever writes them down again answers nothing.
_GIVEN = frozenset(
    [
        "x",
        "d",
        "t",
        "p",
        "n",
        "k",
        "m",
        "momentum",
        "a",
        "alpha",
        "eta",
        "lr",
        "learningrate",
        "rate",
        "epochs",
        "targets",
        "target",
        "desired",
        "inputs",
        "patterns",
        "w0",
        "b0",
        "winitial",
        "binitial",
        "initialweights",
        "initialbiases",
        "initialw",
        "initialb",
        "wold",
        "bold",
        "v0",
        "vold",
        "oldv",
        "oldw",
        "oldb",
        "weights0",
        "biases0",
        "given",
        "classes",
        "batchsize",
        "seed",
    ]
)
# LaTeX and letters that are words; what makes a name bold, a formula or a piece of code.
_LATEX_WORDS = re.compile(
    r"\\(?:mathbf|mathrm|boldsymbol|bm|vec|text|mathit|operatorname|textbf|textit|emph|underline|left|right|[,;:! ])(?![A-Za-z])"
)
_WORD = re.compile(r"\\(partial|nabla|delta|sigma|varphi|phi|prime|softmax|tanh)(?![A-Za-z])")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]{0,60})\}\s*\{([^{}]{0,60})\}")
_STYLED = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|bm|vec|text|mathit|operatorname|textbf)\s*\{([^{}]{0,60})\}")
_HAT = re.compile(r"\\(?:wide)?hat\s*\{?\s*([A-Za-z])\s*\}?")
_SYMBOLS = str.maketrans(
    {
        "∂": "d",
        "∇": "grad",
        "δ": "delta",
        "σ": "sigma",
        "φ": "phi",
        "ϕ": "phi",
        "′": "'",
        "’": "'",
        "Δ": "?",
        "ŷ": "yhat",
        "Ŷ": "yhat",
    }
)
_WORDS_OF_LATEX = {"partial": "d", "nabla": "grad", "varphi": "phi", "prime": "'"}
_IGNORED = re.compile(r"[\s_{}*`$^&\\-]++")
_BRACKETED = re.compile(
    r"\((?:new|updated|after(?: the)? update|before(?: the)? update|mean|sum|[a-z]|[a-z]+ [a-z]+)\)$", re.IGNORECASE
)
# Longer ones are prose: no name here has half as many letters.
LONGEST_WORDS = 120


@lru_cache  # a long text has few names, again and again
def part_named(name: str) -> str | None:
    r"""The part that a `name` means; None where it means none, or may mean several.

    Examples
    --------
    >>> [part_named(each) for each in ("U", "dJ/dW", r"\\nabla_b J", r"\\frac{\\partial J}{\\partial W}", "f(U)", "$\\delta$", "J")]
    ['synaptic_inputs', 'weight_gradient', 'bias_gradient', 'weight_gradient', 'outputs', 'delta', 'cost']
    >>> [part_named(each) for each in ("D", "E", "delta_W", "Δ", "y_pred", "W (new)", "Synaptic inputs U", "Cost J:")]
    [None, None, None, None, None, 'weights', 'synaptic_inputs', 'cost']
    """
    if len(name) > LONGEST_WORDS:
        return None
    if name.strip() == "j":  # the cost of one pattern
        return None
    found = _PARTS.get(_spelled(name))
    if found is None:
        text = _BRACKETED.sub("", name.strip(" :*`$")).strip()
        found = _PARTS.get(_spelled(text))
        words, _, symbol = text.rpartition(" ")
        if found is None and words:  # "Synaptic inputs U", "Gradient dJ/dW", "outputs (f(U))"
            symbol = symbol[1:-1] if symbol.startswith("(") and symbol.endswith(")") else symbol
            last, before = _PARTS.get(_spelled(symbol)), _PARTS.get(_spelled(words))
            found = last if before == last or (before is None and _spelled(words) in _GENERAL) else None
    return found


_GENERAL = frozenset(
    [
        "gradient",
        "the",
        "matrix",
        "vector",
        "new",
        "updated",
        "error",
        "errorsignal",
        "newweight",
        "newbias",
        "activations",
        "activation",
        "thecost",
        "gradientofthecost",
        "weightsafterupdate",
        "update",
        "updateof",
    ]
)


@lru_cache  # a long text has few names, again and again
def is_given(name: str) -> bool:
    """Whether a `name` is that of something that a problem gives, such as `X`, `eta` or `W_0`."""
    return len(name) <= LONGEST_WORDS and _spelled(name) in _GIVEN


def _spelled(name: str) -> str:
    """A name without blanks, underscores, capitals and what typesets it."""
    text = name.translate(_SYMBOLS)
    text = _FRACTION.sub(r"\1/\2", _STYLED.sub(r"\1", text))
    text = _HAT.sub(r"\1hat", text)
    text = _WORD.sub(lambda found: _WORDS_OF_LATEX.get(found[1], found[1]), _LATEX_WORDS.sub("", text))
    text = _IGNORED.sub("", text).strip(":.").casefold()
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text
