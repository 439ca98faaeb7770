"""The mistakes that practice mode names: figures and names are those of `deltarule.marking.mistakes`."""

import numpy as np

from deltarule.marking.answer.file import answer_for
from deltarule.marking.checking import check
from deltarule.marking.mistakes.registry import BY_NAME
from deltarule.marking.rework.exercise import Exercise
from deltarule.marking.rework.worksheet import rework
from deltarule.parts import PartName
from deltarule.playground.presets import question
from deltarule.playground.state import state_of
from playground_node import worked
from practice import LETTERS, answer_of, as_typed, practice_problem, way_of

PARTS = {letter: part for part, letter in LETTERS.items()}
# In the first update the velocity is the gradient; and a sign that got lost is told of an entry, not worked.
LATER = {"momentum-left-out"}


def forms_of(exercise, name, part):
    """What each form of a mistake gives for a part of iteration 1."""
    for variant in BY_NAME[name].variants(exercise):
        figures = rework(variant.exercise or exercise, [1], variant.made())
        yield np.ravel(np.asarray(figures[PartName.in_iteration(1, part)], float))


def test_what_a_mistake_gives_is_what_the_table_of_mistakes_gives():
    problems = [practice_problem(seed) for seed in range(96)]
    *found, names = worked(
        [*({"what": "wrongFigures", "state": state_of(problem)} for problem in problems), {"what": "mistakes"}]
    )
    seen = set()
    for problem, parts in zip(problems, found, strict=True):
        exercise = Exercise.of(problem)
        for letter, wrong in parts.items():
            seen |= wrong.keys()
            for name, values in wrong.items():
                forms = forms_of(exercise, name, PARTS[letter])
                assert any(np.allclose(values, form, rtol=1e-9, atol=1e-9) for form in forms), (letter, name)
    assert seen == set(names) - LATER


def test_each_mistake_has_its_sentence_in_every_language():
    names, words = worked([{"what": "mistakes"}, {"what": "words"}])
    for language in words.values():
        assert {f"m-{name}" for name in (*names, "sign-lost")} == {key for key in language if key.startswith("m-")}


def named(seeds):
    problems = [practice_problem(seed) for seed in seeds]
    answers = [answer_of(problem, seed) for problem, seed in zip(problems, seeds, strict=True)]
    tasks = [
        {
            "what": "named",
            "state": state_of(problem),
            "answers": [as_typed(answer_for(Exercise.of(problem), answer))],
        }
        for problem, answer in zip(problems, answers, strict=True)
    ]
    return [each for (each,) in worked(tasks)]


def test_right_answers_and_single_slips_are_called_no_mistake():
    seeds = [seed for seed in range(120) if way_of(seed) in ("right", "slip")]
    assert named(seeds) == [{} for _ in seeds]


def test_a_gradient_of_the_other_sign_and_a_factor_too_many_are_named_or_nothing_is():
    for way, names in [("turned", {"gradients-turned", "ascent"}), ("doubled", {"two-extra", "half-missing"})]:
        seeds = [seed for seed in range(120) if way_of(seed) == way]
        found = [set(each.values()) for each in named(seeds)]
        assert all(each <= names for each in found), way
        assert sum(map(bool, found)) > len(seeds) / 2, way


def rows(values, decimals=2):
    flat = np.ravel(values)
    return {"values": np.round(flat, decimals).tolist(), "decimals": [decimals] * flat.size}


def test_mistakes_of_question_1_are_named_as_check_names_them():
    problem = question(1)
    layer, (X, D, _) = problem.layer, problem.patterns
    U = layer.synaptic_input(X)
    Y = np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
    delta, gradient = Y - D, X.T @ (Y - D)
    cases = {
        "softmax-not-normalised": ("outputs", np.exp(U)),
        "softmax-over-patterns": ("outputs", np.exp(U) / np.exp(U).sum(axis=0)),
        "targets-left-out": ("delta", Y),
        "mean-for-sum": ("weight_gradient", gradient / 18),
        "inputs-squared": ("weight_gradient", (X**2).T @ delta),
        "ascent": ("weights", layer.weights + 0.05 * gradient),
        "rate-missing": ("weights", layer.weights - gradient),
        "step-alone": ("weights", 0.05 * gradient),
    }
    answers = [{LETTERS[part]: rows(values)} for part, values in cases.values()]
    (found,) = worked([{"what": "named", "state": state_of(problem), "answers": answers}])
    for (name, (part, values)), told in zip(cases.items(), found, strict=True):
        assert told == {LETTERS[part]: name}
        marks = check(problem, {"decimals": 2, "iteration": {"1": {part: np.round(values, 2).tolist()}}})
        assert name in [each.name for each in marks.mistakes]


def test_one_wrong_figure_alone_names_no_mistake_that_chance_may_give():
    answer = {"Y": {"values": [0.5, *[None] * 53], "decimals": [2] * 54}}
    (found,) = worked([{"what": "named", "state": state_of(question(1)), "answers": [answer]}])
    assert found == [{}]
