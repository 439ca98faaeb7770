"""Bad use of the command line: the command, the option or the place that was probably intended is named."""

# ruff: noqa: E501 - the tables of errors have a case a line

import pytest

from deltarule.cli.output import listed
from deltarule.cli.written import PAGE_SUFFIXES, Output, check_outputs
from samples import refused

COMMANDS = (
    "tutorial",
    "work",
    "train",
    "predict",
    "evaluate",
    "inspect",
    "sweep",
    "new",
    "sheet",
    "template",
    "check",
    "play",
)


# ---- Commands.


def test_without_arguments_the_commands_and_the_first_steps_are_shown(command):
    code, out, err = command()
    shown = out + err
    assert code == 2
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert "First steps:\n    deltarule new " in shown
    assert "deltarule COMMAND --help" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_fits_80_columns_and_names_its_arguments_plainly(command, name):
    code, out, _ = command(name, "--help")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert out.startswith(f"Usage: deltarule {name} [OPTIONS]")
    assert "{" not in out
    assert "<" not in out


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("traim", "No such command 'traim'. Did you mean 'train'?"),
        ("fit", "No such command 'fit'. Did you mean 'train'?"),
        ("grade", "No such command 'grade'. Did you mean 'check'?"),
        ("solve", "No such command 'solve'. Did you mean 'work'?"),
        (
            "xyz",
            "No such command 'xyz'. The commands are tutorial, work, train, predict, evaluate, inspect, sweep, new, sheet, template, check, play.",
        ),
        ("help", "There is no command 'help'. Write: deltarule --help"),
        ("problem.toml", "A command comes before the problem file, as in: deltarule work problem.toml"),
        ("--train", "No such option: --train. A command has no dashes: deltarule train"),
    ],
)
def test_an_unknown_command_gets_the_one_that_was_probably_intended(command, typed, remedy):
    code, out, err = command(typed)
    assert (code, out) == (2, "")
    assert " ".join(err.split()).endswith(f"Error: {remedy}")
    assert max(map(len, err.splitlines())) <= 80


# ---- Options.


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["train"], "Missing argument 'PROBLEM'. Give the name of a problem file; deltarule new writes one."),
        (["train", "a", "--curve", "x"], "No such option: --curve. Did you mean --curves?"),
        (["work", "a", "--rowz", "3"], "No such option: --rowz. Did you mean --rows?"),
        (["train", "a", "--zzz"], "No such option: --zzz. deltarule train --help lists the options."),
        (
            ["train", "a", "--learning-rate", "3"],
            "The option --learning-rate goes with --data. Write learning_rate = 0.05 in [descent] of the problem file.",
        ),
        (["train", "a", "--standardise"], "Write standardise = true in [data] of the problem file."),
        (["train", "a", "--title", "x"], 'Write title = "Three classes in the plane" at the top of the problem file.'),
        (["sweep", "a", "--lr", "3"], "No such option: --lr. Did you mean --learning-rate?"),
        (["sweep", "a", "--l2", "3"], "No such option: --l2. Did you mean --weight-decay?"),
        (
            ["train", "a", "--momentum", "3"],
            "The option --momentum goes with --data. Write momentum = 0.9 in [descent] of the problem file.",
        ),
        (["train", "a", "--optimizer", "adam"], "There is no choice of optimiser: "),
        (
            ["train", "a", "--solver", "exact"],
            "The option --solver goes with --data. Here the training is by gradient descent. Leave it out; deltarule train --data",
        ),
        (
            ["sweep", "--data", "a.csv", "--solver", "exact"],
            "No such option: --solver. Here the training is by gradient descent. Leave it out; deltarule train --data",
        ),
        (["train", "a", "--hidden", "3"], "deltarule trains a single layer of neurons"),
        (["new", "--learning-rate", "0,5"], "Write 0.5, with a decimal point."),
    ],
)
def test_an_unknown_option_or_value_gets_a_remedy(command, arguments, remedy):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert f"Try 'deltarule {arguments[0]} -h' for help." in err
    assert remedy in " ".join(err.split())
    assert max(map(len, err.splitlines())) <= 80


def test_a_decimal_comma_in_a_list_of_numbers_is_noticed(command, question_1):
    for option in ("--learning-rate", "--weight-decay"):
        code, out, err = command("sweep", question_1, option, "0,05")
        assert (code, out) == (2, "")
        assert "must have a point before their decimals. Got '0,05'. If a comma stands for a decimal point" in " ".join(
            err.split()
        )


def test_a_whole_number_gets_no_decimal_point(command):
    assert "decimal point" not in command("work", "a", "--decimals", "1,5")[2]


# ---- Files to be written.


@pytest.mark.parametrize(
    ("arguments", "rule", "remedy"),
    [
        (["train", "--out", "c.svg"], "file of --out must end in .toml or .safetensors. Got 'c.svg'.", "Give it to --curves, which writes .svg files."),
        (["train", "--out", "c.txt"], "file of --out must end in .toml or .safetensors. Got 'c.txt'.", "Write 'c.toml', for example."),
        (["train", "--out", "c.json"], "file of --out must end in .toml or .safetensors. Got 'c.json'.", "The option --json prints JSON."),
        (["train", "--curves", "c.toml"], "file of --curves must end in .svg, .pdf or .png. Got 'c.toml'.", "Give it to --out, which writes .toml files."),
        (["sweep", "--plot", "c.csv"], "file of --plot must end in .svg, .pdf or .png. Got 'c.csv'.", "Give it to --out, which writes .csv files."),
        (["sweep", "--best-out", "c.csv"], "file of --best-out must end in .toml. Got 'c.csv'.", "Give it to --out, which writes .csv files."),
        (["train", "--curves", "c.jpg"], "file of --curves must end in .svg, .pdf or .png. Got 'c.jpg'.", "Write 'c.svg', for example."),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_gets_the_option_that_writes_it(command, question_1, arguments, rule, remedy):
    name, *options = arguments
    code, out, err = command(name, question_1, *options)
    assert (code, out) == (2, "")
    assert f"{rule} {remedy}" in " ".join(err.split())


@pytest.mark.parametrize(
    ("name", "remedy"), [("m.csv", "Write 'm.html', for example."), ("m.json", "The option --json")]
)
def test_a_page_is_html_for_one_answer_and_for_a_folder(command, question_1, tmp_path, name, remedy):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answer.toml").write_text("[iteration.1]\ncost = 1.0\n")
    for answer in ("answer.toml", "answers"):
        code, out, err = command("check", question_1, tmp_path / answer, "--page", tmp_path / name)
        assert (code, out) == (2, "")
        assert f"The file of --page must end in .html or .htm. Got '{name}'. {remedy}" in " ".join(err.split())
    assert not (tmp_path / name).exists()


def test_options_left_out_and_files_that_can_be_written_pass(tmp_path):
    check_outputs(Output("--out", None, (".toml",)), Output("--curves", tmp_path / "A.SVG", (".svg",)))


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with refused("file of --out", "lie in a directory", "does not exist", "Make it first."):
        check_outputs(Output("--out", tmp_path / "none" / "a.toml", (".toml",)))


def test_words_are_listed_with_or_before_the_last():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a or b", "a, b or c"]
    assert PAGE_SUFFIXES[0] == ".html"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("check", "problem.toml", ""), "the answer"),
        (("check", "", "answer.toml"), "the problem"),
        (("new", "--out", ""), "what is given to --out"),
        (("new", "--for", "class.txt", "--out="), "what is given to --out"),
        (("check", "problem.toml", "answer.toml", "--page", ""), "what is given to --page"),
        (("work", "problem.toml", "--root="), "what is given to --root"),
    ],
)
def test_an_empty_argument_is_not_the_current_folder(command, arguments, what):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert f"{what} is empty. Give a path; in a script, look at the variable for it." in " ".join(err.split())
