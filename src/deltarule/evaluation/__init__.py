"""How well a model predicts data: scoring (`evaluate`), text and figures of what it gives."""

from deltarule.evaluation.scoring import Calibration, Evaluation, evaluate, evaluate_prepared, targets_of

__all__ = ["Calibration", "Evaluation", "evaluate", "evaluate_prepared", "targets_of"]
