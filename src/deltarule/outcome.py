"""How a piece of work ended: one vocabulary for runs, sweeps, the optimum and separability.

What a user can do about the end of a run stands in `deltarule.remarks`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from deltarule.typeset.words import counted
from deltarule.views import Shown


class Ending(enum.Enum):
    """A way in which work can end; each value is the sentence that says so. Its kinds are enums derived from this one."""

    @property
    def key(self) -> str:
        """The word for JSON and tables, as in "epochs_done"."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The word for people, as in "epochs done"."""
        return self.key.replace("_", " ")

    @property
    def ended(self) -> bool:
        """Whether the work came to the end that was asked for."""
        return True


class Reason(Ending):
    """Why a training run ended."""

    EPOCHS_DONE = "all epochs done"
    TOLERANCE_MET = "the cost changed by no more than the tolerance"
    NO_ERRORS = "no training pattern is predicted wrongly, and the cost is 0"
    PATIENCE_OVER = "the validation set showed nothing better for as many epochs as patience allows"
    COST_NOT_FINITE = "the cost, a weight or a bias is not finite"
    INTERRUPTED = "interrupted by the user"

    @property
    def label(self) -> str:
        """The word for people; a cost that is not finite is a sign that the descent diverged."""
        return "diverged" if self is Reason.COST_NOT_FINITE else super().label

    @property
    def ended(self) -> bool:
        """Whether the run came to an end by itself: it did not diverge, and was not interrupted."""
        return self not in (Reason.COST_NOT_FINITE, Reason.INTERRUPTED)


@dataclass(frozen=True)
class Outcome(Shown):
    """How a run ended.

    Attributes
    ----------
    reason : why.
    epochs : the number of epochs that led to the layer returned.
    remarks : sentences for the user, without full stops: remedies, and what was noticed.
    later_epochs : epochs that were run after those, where the best layer is kept (`Descent.patience`).
    """

    reason: Reason
    epochs: int
    remarks: tuple[str, ...] = ()
    later_epochs: int = 0

    def __getstate__(self) -> dict[str, Any]:
        # The reason by its name: skops cannot make a member of an enum.
        return vars(self) | {"reason": self.reason.name}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state | {"reason": Reason[state["reason"]]})

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON: the key of the reason, the epochs, the remarks, and `message`, all of it in sentences."""
        return {
            "reason": self.reason.key,
            "epochs": self.epochs,
            "later_epochs": self.later_epochs,
            "remarks": list(self.remarks),
            "message": str(self),
        }

    def __str__(self) -> str:
        end = f"After {counted(self.epochs + self.later_epochs, 'epoch')}: {self.reason.value}"
        kept = [f"The layer kept is the best one, of epoch {self.epochs}"] if self.later_epochs else []
        return ". ".join([end, *kept, *self.remarks]) + "."
