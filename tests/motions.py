"""Momentum, schedules and decay of biases for tests that draw descents."""

from hypothesis import strategies as st

from deltarule.schedules import Schedule

SCHEDULES = (
    Schedule(),
    Schedule(),
    Schedule("step", every=2, factor=0.5),
    Schedule("exponential", factor=0.9, by="update"),
    Schedule("cosine"),
    Schedule("cosine", warm_up=3, by="update"),
    Schedule("one-cycle", by="update"),
)


@st.composite
def motions(draw, weight_decay):
    """What a descent is given beside its rate and batches: any momentum, any schedule, biases decayed or not.

    weight_decay : of the descent; without one biases are not decayed.
    """
    momentum = draw(st.sampled_from([0.0, 0.0, 0.5, 0.9]))
    return {
        "momentum": momentum,
        "nesterov": momentum > 0 and draw(st.booleans()),
        "schedule": draw(st.sampled_from(SCHEDULES)),
        "decay_biases": weight_decay > 0 and draw(st.booleans()),
    }
