"""Whether the patterns of a question are linearly separable, for results.json."""

from __future__ import annotations

from typing import Any

from deltarule.analysis.separability import separability


def separability_report(X: Any, targets: Any) -> dict[str, Any]:
    """The outcome of `separability`, its sentence and its certificate, as plain values.

    Parameters
    ----------
    X : (P, N) inputs.
    targets : (P,) labels.
    """
    report = separability(X, targets).to_dict()
    # The word is the one that results.json has had from the beginning: "separable", "quasi-separable", "overlapping".
    return {"verdict": report["outcome"].replace("_", "-"), **report}
