"""Separability of many patterns: the same verdicts as a linear program, with certificates that plain sums confirm."""

import os
import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings

from deltarule.analysis.conflicts import few_in_conflict
from deltarule.analysis.separability import SeparabilityOutcome, certify, separability
from deltarule.analysis.separating import verdict
from deltarule.interrupts import heard_during
from deltarule.layers import LogisticLayer, SoftmaxLayer
from separability_by_programs import plain_verdict, small_sets


def outcome(found):
    if found.layer is None:
        return SeparabilityOutcome.OVERLAPPING
    return SeparabilityOutcome.SEPARABLE if found.multipliers is None else SeparabilityOutcome.QUASI_SEPARABLE


def check(found, X, D, has_biases=True):
    """What a certificate of many patterns claims, by sums over arrays."""
    Z = np.column_stack([X, np.ones(len(X))]) if has_biases else np.asarray(X, dtype=float)
    wrong = D == 0
    held = np.zeros(D.shape, dtype=bool)
    if found.multipliers is not None:
        lambdas = found.multipliers / found.multipliers.sum()
        held = lambdas > 0
        assert not (held & ~wrong).any()
        signed = D * lambdas.sum(axis=1, keepdims=True) - lambdas
        balance, terms = Z.T @ signed, np.abs(Z).T @ np.abs(signed)
        assert (np.abs(balance) <= 1e-6 * terms + 1e-12 * terms.max()).all()
        assert (held == wrong).all() == (found.layer is None)
    if found.layer is not None:
        theta = np.vstack([found.layer.weights, found.layer.biases])[: Z.shape[1]]
        U = Z @ theta
        margins = np.sum(U * D, axis=1, keepdims=True) - U
        assert margins[wrong & ~held].min() == pytest.approx(1, rel=1e-6)
        assert (np.abs(margins[held]) <= 1e-6 * (1 + (np.abs(Z) @ np.abs(theta)).max())).all()
    return outcome(found)


def clouds(patterns, inputs, classes, noise, seed=0):
    """Labels by a random layer, with noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(patterns, inputs))
    U = X @ rng.normal(size=(inputs, classes)) + noise * rng.gumbel(size=(patterns, classes))
    return X, U.argmax(axis=1)


def kind_for(X, classes, has_biases=True):
    return SoftmaxLayer(
        np.zeros((len(X[0]), classes)), np.zeros(classes) if has_biases else None, tuple(range(classes))
    )


@settings(max_examples=60)
@given(small_sets())
def test_what_is_certain_is_what_a_linear_program_says(patterns):
    X, targets = patterns
    classes = sorted(set(targets))
    D = np.eye(len(classes))[[classes.index(target) for target in targets]]
    found = verdict(kind_for(X, len(classes)), np.array(X, dtype=float), D)
    if found is not None:
        assert check(found, X, D) is plain_verdict(X, targets)


@pytest.mark.parametrize("scale", [1.0, [1e5, 1e-5, 1.0, 1.0, 1e3, 1e-3, 1.0, 10.0]])
@pytest.mark.parametrize(("noise", "expected"), [(0.0, "SEPARABLE"), (1.0, "OVERLAPPING")])
def test_many_patterns_have_a_certificate(noise, expected, scale):
    X, labels = clouds(3000, 8, 3, noise)
    found = separability(X * scale + np.array(scale), labels)
    assert found.outcome.name == expected
    assert check(found, X * scale + np.array(scale), np.eye(3)[labels]).name == expected
    few = found.conflict
    assert (len(few) > 0) == (expected == "OVERLAPPING")
    if len(few):
        # They are enough, and few.
        assert len(few) <= 9 * 2 + 1
        names = labels[few]
        present = np.unique(names)
        assert (
            plain_verdict(X[few].tolist(), np.searchsorted(present, names).tolist())
            is not SeparabilityOutcome.SEPARABLE
        )


def test_of_many_patterns_one_class_may_be_apart():
    X, labels = clouds(3000, 5, 3, 1.0)
    X = np.column_stack([X, np.where(labels == 0, 1.0, -1.0)])
    found = separability(X, labels)
    assert found.outcome is SeparabilityOutcome.QUASI_SEPARABLE
    check(found, X, np.eye(3)[labels])
    assert found.touching.tolist() == np.flatnonzero(labels > 0).tolist()
    assert set(labels[found.conflict]) == {1, 2}


def test_many_patterns_through_the_origin():
    X, labels = clouds(4000, 6, 3, 0.0)
    through = separability(X, labels, biases=False)
    assert through.outcome is SeparabilityOutcome.SEPARABLE
    assert not through.layer.has_biases
    assert check(through, X, np.eye(3)[labels], has_biases=False) is SeparabilityOutcome.SEPARABLE
    # Moved away from the origin, they need biases.
    assert separability(X + 3.0, labels, biases=False).outcome is SeparabilityOutcome.OVERLAPPING
    assert separability(X + 3.0, labels).outcome is SeparabilityOutcome.SEPARABLE


def test_neurons_of_many_patterns_have_one_verdict_together():
    X, labels = clouds(8000, 4, 3, 0.0)
    _, mixed = clouds(8000, 4, 3, 2.0)
    apart = (X[:, 0] > 0.1).astype(float)
    overlapping = (mixed == 1).astype(float)
    layer = LogisticLayer(np.zeros((4, 2)), np.zeros(2))
    for columns, expected in (
        ((apart, 1 - apart), SeparabilityOutcome.SEPARABLE),
        ((overlapping, overlapping), SeparabilityOutcome.OVERLAPPING),
        ((apart, overlapping), SeparabilityOutcome.QUASI_SEPARABLE),
    ):
        D = np.column_stack(columns)
        found = certify(layer, layer.patterns(X, D))
        assert found.outcome is expected
        if found.layer is not None:
            margins = (2 * D - 1) * found.layer.synaptic_input(X)
            assert margins[:, 0].min() == pytest.approx(1, rel=1e-6)
        if found.multipliers is not None:
            assert (found.multipliers[:, 1] > 0).all()
            signed = found.multipliers * (2 * D - 1)
            balance = np.column_stack([X, np.ones(len(X))]).T @ signed
            assert np.abs(balance).max() <= 1e-9
    assert labels.max() == 2


def test_a_conflict_may_need_all_classes():
    # Each two of three sectors are apart through the origin, and so are all three; one far out in a wrong sector is not.
    angles = np.arange(300) * 2 * np.pi / 300 + 0.01
    X = np.column_stack([np.cos(angles), np.sin(angles)])
    labels = (np.arange(300) // 100) % 3
    assert separability(X, labels).outcome is SeparabilityOutcome.SEPARABLE
    X = np.vstack([X, 5 * X[[50]]])
    labels = np.append(labels, 1)
    D = np.eye(3)[labels]
    found = few_in_conflict(X, D, np.where(D > 0, 0.0, 1.0), True)
    assert 300 in found
    assert plain_verdict(
        X[found].tolist(), [int(np.unique(labels[found]).tolist().index(k)) for k in labels[found]]
    ) is not (SeparabilityOutcome.SEPARABLE)


def test_a_conflict_is_not_found_where_there_is_none():
    X, labels = clouds(200, 3, 3, 0.0)
    D = np.eye(3)[labels]
    assert few_in_conflict(X, D, np.where(D > 0, 0.0, 1.0), True) is None


def test_ctrl_c_is_heard_during_machine_code():
    release = threading.Event()
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        heard_during(lambda: release.wait(30))
    assert time.monotonic() - start < 20  # not to the end of the work
    release.set()


def test_errors_of_work_in_a_thread_are_raised():
    with pytest.raises(ZeroDivisionError):
        heard_during(lambda: 1 // 0)
    results = []
    thread = threading.Thread(target=lambda: results.append(heard_during(lambda: "elsewhere")))
    thread.start()
    thread.join()
    assert results == ["elsewhere"]
