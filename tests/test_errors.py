"""Messages name the subject, the rule, the value got and the remedy; one family catches them all."""

import pickle

import pytest

from deltarule.errors import DeltaruleError, InputError, MissingExtraError, ProblemError, nearest


def test_an_input_error_names_its_four_parts():
    error = InputError("learning rate", "be above 0", -1, "Try 0.05.")
    assert str(error) == "The learning rate must be above 0. Got -1. Try 0.05."
    assert (error.name, error.rule, error.got, error.remedy) == ("learning rate", "be above 0", -1, "Try 0.05.")


def test_a_problem_error_points_at_its_place():
    error = ProblemError("iris.toml, [layer] kind", "unknown kind 'softmx'")
    assert str(error) == "iris.toml, [layer] kind: unknown kind 'softmx'"
    assert (error.where, error.why) == ("iris.toml, [layer] kind", "unknown kind 'softmx'")


def test_a_missing_extra_says_how_to_install_it():
    error = MissingExtraError("the autograd engine", "PyTorch", "autograd")
    assert str(error) == "the autograd engine needs PyTorch. Install it with: pip install 'deltarule[autograd]'"


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (InputError("a", "b", "c", "d"), ValueError),
        (ProblemError("a", "b"), ValueError),
        (MissingExtraError("a", "b", "c"), ImportError),
    ],
)
def test_every_error_is_of_the_family_and_of_its_builtin_kind(error, builtin):
    assert isinstance(error, DeltaruleError)
    assert isinstance(error, builtin)


@pytest.mark.parametrize(
    "error", [InputError("a", "b", 3, "d"), ProblemError("a", "b"), MissingExtraError("a", "b", "c")]
)
def test_errors_cross_processes(error):
    # A pool of workers pickles what its tasks raise.
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other)) == (type(error), str(error))


def test_nearest_names_the_nearest_word_or_all():
    assert nearest("softmx", ("linear", "softmax")) == "Did you mean 'softmax'?"
    assert nearest("xyz", iter(["linear", "softmax"])) == "Known: linear, softmax."


@pytest.mark.parametrize(
    "error",
    [
        InputError("\x1b[1mrate", "be \x07", "\u202e-1\n", "\x9b31m."),
        ProblemError("a\x1b.toml, [data] \x00", "\x1b]0;title\x07"),
        MissingExtraError("\x1b", "\x7f", "\x85"),
        DeltaruleError("\x1b[2J"),
    ],
)
def test_no_error_sends_a_control_character_to_a_terminal(error):
    assert str(error).isprintable()
    assert "\\x" in str(error)


def test_an_error_keeps_what_was_given():
    assert InputError("name", "be text", "\x1b", "Write text.").got == "\x1b"


class Unwritable:
    """An object whose text cannot be had."""

    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize("got", [10**5000, Unwritable()], ids=["int", "object"])
def test_a_value_that_cannot_be_written_out_is_named_by_its_type(got):
    assert str(InputError("rate", "be small", got, "Try 1.")) == (
        f"The rate must be small. Got a value of type {type(got).__name__} that cannot be written out. Try 1."
    )
