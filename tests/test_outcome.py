"""How a run ended, as words for people, for JSON and as sentences."""

import json

from deltarule.outcome import Outcome, Reason


def test_each_reason_has_a_key_a_label_and_whether_the_work_came_to_its_end():
    assert [(reason.key, reason.label, reason.ended) for reason in Reason] == [
        ("epochs_done", "epochs done", True),
        ("tolerance_met", "tolerance met", True),
        ("no_errors", "no errors", True),
        ("patience_over", "patience over", True),
        ("cost_not_finite", "diverged", False),
        ("interrupted", "interrupted", False),
    ]


def test_an_outcome_is_sentences():
    assert str(Outcome(Reason.EPOCHS_DONE, 1)) == "After 1 epoch: all epochs done."
    told = Outcome(Reason.COST_NOT_FINITE, 12, ("It diverges", "Try 0.1"))
    assert str(told) == "After 12 epochs: the cost, a weight or a bias is not finite. It diverges. Try 0.1."


def test_an_outcome_is_plain_json():
    told = Outcome(Reason.INTERRUPTED, 3, ("A remark",))
    assert json.loads(json.dumps(told.to_dict())) == {
        "reason": "interrupted",
        "epochs": 3,
        "later_epochs": 0,
        "remarks": ["A remark"],
        "message": "After 3 epochs: interrupted by the user. A remark.",
    }
