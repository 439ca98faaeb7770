"""The command line: what is printed, exit codes, JSON, files, every bad input."""

from __future__ import annotations

import importlib
import io
import json
import os
import runpy
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import deltarule
import deltarule.tutorial
from command_line import LINE, LINNERUD, QUESTION_1, one_message, process, written
from deltarule import iterate, read_problem, train
from deltarule.cli import app, main, output

# ---- As a new user runs it.


def test_the_installed_command_and_the_module_are_one():
    for module in (False, True):
        done = process("--version", module=module)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"deltarule {deltarule.__version__}\n", "")


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom deltarule.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'numpy', 'scipy', 'rich', 'torch', 'numba'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage: deltarule" in done.stdout


@pytest.mark.slow
def test_piped_output_is_plain_and_fits_80_columns(question_1):
    done = process("work", question_1, NO_COLOR="1", COLUMNS="80")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "errors  14 of 18" in done.stdout
    assert done.stderr == ""
    assert process("work", question_1).stdout == done.stdout


def test_json_is_one_document_and_nothing_else(question_1):
    done = process("train", question_1, "--json", "--engine", "direct")
    assert done.returncode == 0
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    # facts.md: 0.5784 after 1500 updates.
    assert f"{document['history']['cost'][-1]:.4f}" == "0.5784"


def test_a_mistake_ends_with_2_and_a_message(tmp_path):
    done = process("train", tmp_path / "none.toml", COLUMNS="60")
    assert (done.returncode, done.stdout) == (2, "")
    assert "The problem file must be a file that exists." in one_message(done.stderr)


@pytest.mark.slow
def test_an_interrupted_training_keeps_what_was_reached(tmp_path):
    path = written(tmp_path, QUESTION_1.replace("epochs = 1500", "epochs = 100000000"))
    script = str(Path(sys.executable).with_name("deltarule"))
    started = subprocess.Popen(
        [script, "train", str(path), "--engine", "direct", "--record-every", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Ctrl-C after the imports: from then on it is an outcome; the training itself never ends. The imports are over when
    # the process has computed for some seconds of its own, however busy the machine is.
    process_folder, deadline = Path(f"/proc/{started.pid}"), time.monotonic() + 120
    ticks = os.sysconf("SC_CLK_TCK")
    while time.monotonic() < deadline:
        user, system = (process_folder / "stat").read_text().rpartition(")")[2].split()[11:13]
        if (int(user) + int(system)) / ticks > 4:
            break
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, err) == (0, "")
    document = json.loads(out)
    assert document["outcome"]["reason"] == "interrupted"
    assert document["updates"] == document["outcome"]["epochs"] > 0


def test_the_module_runs_the_command_in_this_process_too(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["deltarule", "--version"])
    script = str(Path(deltarule.__file__).with_name("__main__.py"))
    # Its last act is to let a signal end the process at once: not this one.
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(script, run_name="__main__")
    for number, handler in before.items():
        signal.signal(number, handler)
    assert ended.value.code in (0, None)
    assert capsys.readouterr().out == f"deltarule {deltarule.__version__}\n"
    # Imported, it runs nothing.
    runpy.run_path(script, run_name="imported")
    assert capsys.readouterr().out == ""


def test_output_may_go_to_a_plain_text_stream(monkeypatch):
    """As a notebook's or a test's own stream is: without encoding or `reconfigure`."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert stream.getvalue() == f"deltarule {deltarule.__version__}\n"


# ---- Help and use.


@pytest.mark.parametrize("name", ["tutorial", "work", "train", "sweep"])
def test_each_command_has_help_with_an_example(command, name):
    code, out, _ = command(name, "--help")
    assert code == 0
    assert f"Example:  deltarule {name}" in out
    assert max(map(len, out.splitlines())) <= 80


def test_bare_use_shows_help_and_ends_with_2(command):
    code, out, err = command()
    assert code == 2
    assert "Commands:" in out + err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["work", "x.toml", "--iteration", "one"], "a range such as 1:3. Got 'one'"),
        (["tutorial", "one", "--out", "x"], "it must be a whole number."),
    ],
)
def test_bad_use_ends_with_2_and_says_why(command, arguments, expected):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


def test_the_runner_of_typer_sees_the_same():
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"deltarule {deltarule.__version__}\n")


# ---- work.


def test_work_shows_the_iteration(command, question_1):
    code, out, err = command("work", question_1)
    assert (code, err) == (0, "")
    assert out.startswith("Three classes in the plane\n\nIteration 1, in epoch 1\n")
    # facts.md: cost 34.4994, errors 14.
    assert "= 34.50" in out
    code, out, _ = command("work", question_1, "--decimals", 4, "--iteration", 2, "--rows", 3)
    assert "Iteration 2, in epoch 2" in out
    assert "6.1407" in out
    assert "..." in out


def test_work_takes_the_decimals_of_the_problem(command, tmp_path):
    _, out, _ = command("work", written(tmp_path, QUESTION_1 + "[show]\ndecimals = 3\n"))
    assert "= 34.499\n" in out


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"]])
def test_work_as_json_holds_every_matrix(command, question_1, option):
    code, out, _ = command("work", question_1, *option)
    assert code == 0
    document = json.loads(out)
    problem = read_problem(question_1)
    worked = iterate(problem.layer, problem.X, problem.targets, problem.descent)
    assert document == {"title": "Three classes in the plane", "kind": "softmax", **worked.to_dict()}
    assert document["errors"] == 14


def test_work_on_shipped_data_numbers_and_explains_names(command, tmp_path):
    _, out, _ = command("work", written(tmp_path, LINNERUD))
    assert "inputs: x1 = chins, x2 = situps, x3 = jumps" in out
    assert "neurons: 1 = weight, 2 = waist, 3 = pulse" in out


# ---- train.


def test_train_shows_the_run(command, question_1):
    code, out, err = command("train", question_1, "--engine", "direct")
    assert (code, err) == (0, "")
    assert out.startswith("Three classes in the plane\n18 training patterns\nsoftmax layer")
    assert "\n 1500     0.5784       0    1.0000\n" in out
    assert "Accuracy: 1.0000 training" in out
    assert out.endswith("After 1500 epochs: all epochs done.\n")


def test_train_shows_scores_in_the_units_before_scaling(command, tmp_path):
    path = written(tmp_path, LINNERUD)
    code, out, _ = command("train", path, "--engine", "direct", "--record-every", 0)
    assert code == 0
    assert "15 training patterns, 5 test patterns" in out
    assert "Mean square error and R2 (in the units before scaling)" in out
    row = next(line.split() for line in out[out.index("Mean square") :].splitlines() if line.startswith("weight"))
    _, out, _ = command("train", path, "--engine", "direct", "--json")
    document = json.loads(out)
    # Weights around 180 pounds: scaled ones would have errors below 1.
    assert document["metrics"]["test"]["mean_square_error"]["weight"] > 10
    assert [float(x) for x in row[1:3]] == [
        pytest.approx(document["metrics"]["training"][key]["weight"], abs=5.1e-5) for key in ("mean_square_error", "r2")
    ]
    assert set(document["metrics"]) == {"training", "test"}
    assert document["input_names"] == ["chins", "situps", "jumps"]
    assert document["target_names"] == ["weight", "waist", "pulse"]
    assert document["activation"] == "sigmoid"
    problem = read_problem(path)
    run = train(problem.layer, problem.X, problem.targets, problem.descent, "direct", validation=problem.test)
    timed = ("seconds_per_update",)
    assert {k: v for k, v in run.to_dict().items() if k not in timed}.items() <= document.items()


def test_the_json_of_a_run_on_rows_in_the_file_has_the_names_that_are_shown(command, question_1):
    _, out, _ = command("train", question_1, "--engine", "direct", "--json")
    document = json.loads(out)
    assert (document["input_names"], document["target_names"]) == (["x1", "x2"], ["target"])
    assert document["classes"] == ["A", "B", "C"]


def test_undefined_scores_are_reported_and_null(command, tmp_path):
    path = written(tmp_path, LINE.replace("targets = [-2, 2]", "targets = [3, 3]"))
    _, out, _ = command("train", path, "--engine", "direct")
    assert "undefined" in out
    assert "units" not in out
    _, out, _ = command("train", path, "--engine", "direct", "--json")
    assert list(json.loads(out)["metrics"]["training"]["r2"].values()) == [None]


def test_train_shows_both_accuracies(command, tmp_path):
    text = QUESTION_1.replace("[descent]", "split = {test = 6, seed = 0}\n[descent]")
    _, out, _ = command("train", written(tmp_path, text), "--engine", "direct")
    assert "12 training patterns, 6 test patterns" in out
    assert " training, " in out.splitlines()[-3]
    assert out.splitlines()[-3].endswith(" test")


def test_a_diverging_run_is_an_outcome(command, tmp_path):
    path = written(tmp_path, LINE.replace("learning_rate = 0.25", "learning_rate = 50").replace("60", "6000"))
    code, out, err = command("train", path, "--engine", "direct", "--record-every", 100)
    assert (code, err) == (0, "")
    expected = " ".join(out.split())
    assert "finite" in expected
    # X^T X = 2, and 2 for the bias: the bound is 2 / 2 = 1.
    assert "below a learning rate of 1;" in expected
    assert "Mean square" not in out
    code, out, _ = command("train", path, "--engine", "direct", "--json")
    document = json.loads(out)
    assert (code, document["outcome"]["reason"], document["metrics"]) == (0, "cost_not_finite", {})


def test_no_finite_cost_at_all_is_an_outcome_without_curves(command, tmp_path):
    text = LINE.replace("[[-1], [1]]", "[[-1e200], [1e200]]").replace("[[0.0]]", "[[1e200]]")
    code, out, err = command("train", written(tmp_path, text), "--curves", tmp_path / "c.svg")
    assert (code, err) == (0, "")
    assert "not finite" in out
    assert not (tmp_path / "c.svg").exists()


def test_a_batch_larger_than_the_set_is_allowed_and_said(command, tmp_path):
    code, out, _ = command("train", written(tmp_path, LINE + "batch_size = 10\n"), "--engine", "direct")
    assert code == 0
    sentence = "full batch (batch size 10 is larger than the set of 2)"
    assert sentence in " ".join(out.split())
    assert sentence in " ".join(command("work", tmp_path / "problem.toml")[1].split())


def test_train_writes_the_trained_problem_and_the_curves(command, question_1, tmp_path):
    out_file, curves = tmp_path / "trained.toml", tmp_path / "curves.svg"
    out_file.write_text("old")
    code, out, _ = command("train", question_1, "--engine", "direct", "--out", out_file, "--curves", curves)
    assert code == 0
    assert out.endswith(f"Written: {out_file}\nWritten: {curves}\n")
    assert curves.read_text().startswith("<")
    again = read_problem(out_file)
    problem = read_problem(question_1)
    run = train(problem.layer, problem.X, problem.targets, problem.descent, "direct")
    assert again.layer.weights.tolist() == run.layer.weights.tolist()
    assert tomllib.loads(out_file.read_text())["title"] == "Three classes in the plane"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["curves.svg", "problem.toml", "trained.toml"]
    code, out, _ = command("train", question_1, "--engine", "direct", "--json", "--out", out_file)
    assert json.loads(out)["title"] == "Three classes in the plane"


# ---- Bad input: exit code 2, a message, no traceback.

BAD_PROBLEMS = {
    "shapes do not fit": (("[0.68, -0.39, -0.19]]", "[0.68, -0.39, -0.19], [1, 1, 1]]"), "3"),
    "rows of different lengths": (("[-1, 3]", "[-1, 3, 5]"), "same length"),
    "NaN in the data": (("[0, 4]", "[nan, 4]"), "nan"),
    "infinity in the data": (("[0, 4]", "[0, inf]"), "inf"),
    "NaN in the weights": (("0.88", "nan"), "nan"),
    "one class only": (('"B"', '"A"'), ""),
    "classes that do not match the neurons": (('"C"', '"B"'), "neuron"),
    "learning rate 0": (("learning_rate = 0.05", "learning_rate = 0"), "above 0"),
    "learning rate negative": (("learning_rate = 0.05", "learning_rate = -1"), "above 0"),
    "learning rate text": (("learning_rate = 0.05", 'learning_rate = "fast"'), "'fast'"),
    "batch size 0": (("epochs = 1500", "epochs = 1500\nbatch_size = 0"), "at least 1"),
    "batch size a bool": (("epochs = 1500", "epochs = 1500\nbatch_size = true"), "True"),
    "no epochs": (("epochs = 1500", "epochs = 0"), "at least 1"),
    "unknown key": (("learning_rate", "learning_rat"), "learning_rate"),
    "unknown kind": (('kind = "softmax"', 'kind = "sofmax"'), "softmax"),
    "not TOML": (('kind = "softmax"', "kind = softmax"), "TOML"),
    "more targets than rows": (("[-2, -1], ", ""), "18"),
}


@pytest.mark.parametrize("mistake", BAD_PROBLEMS)
@pytest.mark.parametrize("name", ["work", "train"])
def test_a_bad_problem_is_one_clear_message(command, tmp_path, mistake, name):
    (old, new), expected = BAD_PROBLEMS[mistake]
    text = QUESTION_1.replace(old, new)
    if mistake == "one class only":
        text = text.replace('"C"', '"A"')
    assert text != QUESTION_1
    code, out, err = command(name, written(tmp_path, text))
    assert (code, out) == (2, "")
    message = one_message(err)
    assert message.startswith("Error: problem.toml")
    assert expected in message
    assert all(len(line) <= 80 for line in err.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "",
        QUESTION_1[: QUESTION_1.index("inputs")]
        + "inputs = []\ntargets = []\n[descent]\nlearning_rate = 1\nepochs = 1\n",
    ],
)
def test_nothing_in_the_file_or_in_the_data_is_reported(command, tmp_path, text):
    code, _, err = command("train", written(tmp_path, text))
    assert code == 2
    one_message(err)


def test_a_missing_file_a_directory_and_bytes_are_reported(command, tmp_path):
    code, _, err = command("train", tmp_path / "none.toml")
    assert code == 2
    assert "The problem file must be a file that exists." in one_message(err)
    code, _, err = command("work", tmp_path)
    assert code == 2
    assert "directory" in one_message(err)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    code, _, err = command("work", tmp_path / "bytes.toml")
    assert code == 2
    assert "UTF-8" in one_message(err)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["work", "--iteration", 0], "at least 1"),
        (["work", "--iteration", 1501], "1500"),
        (["work", "--rows", 0], "at least 1. Got 0. Leave out --rows"),
        (["work", "--decimals", -1], "at least 0. Got -1. Give 0 to 15"),
        (["work", "--decimals", 500], "at most 15. Got 500. Give 0 to 15"),
        (["work", "--iteration", 10**20], "a number of at most 18 digits. Got 21 digits."),
        (["work", "--rows", 10**20], "at most 9223372036854775807."),
        (["train", "--record-every", 10**20], "at most 9223372036854775807."),
        (["work", "--format", "jsn"], "Did you mean 'json'?"),
        (["train", "--engine", "direkt"], "Did you mean 'direct'?"),
        (["train", "--record-every", -1], "at least 0"),
        (["train", "--curves", "curves.jpg"], "must end in .svg, .pdf or .png. Got 'curves.jpg'."),
        (
            ["train", "--curves", "none/curves.svg"],
            "must lie in a directory. Got 'none/curves.svg', and 'none' does not exist.",
        ),
        (["train", "--out", "problem.toml/x.toml"], "'problem.toml' is not a directory"),
        (["train", "--out", "."], "must be a file. Got '.', a directory."),
    ],
)
def test_a_bad_option_is_one_clear_message(command, question_1, monkeypatch, arguments, expected):
    monkeypatch.chdir(question_1.parent)
    name, *options = arguments
    code, out, err = command(name, question_1, *options)
    assert (code, out) == (2, "")
    assert expected in one_message(err)


def test_an_output_that_cannot_be_written_is_reported_before_training(command, question_1, monkeypatch):
    monkeypatch.setattr(output.os, "access", lambda path, mode: mode != os.W_OK)  # root may write anywhere
    code, out, err = command("train", question_1, "--out", question_1.with_name("x.toml"))
    assert (code, out) == (2, "")
    assert "can be written to" in one_message(err)


def test_what_must_not_be_replaced_is_reported_before_training(command, failing, tmp_path, monkeypatch):
    arguments = failing(AssertionError("trained"))
    for option, suffix in (("--out", ".toml"), ("--curves", ".svg")):
        os.mkfifo(tmp_path / f"pipe{suffix}")
        (tmp_path / f"protected{suffix}").write_text("")
        (tmp_path / f"protected{suffix}").chmod(0o444)
        (tmp_path / f"link{suffix}").symlink_to(tmp_path / "none" / "x")
        for name, expected in [
            ("pipe", "a device, pipe or socket"),
            ("protected", "must be one that may be overwritten"),
            ("link", "does not exist"),
        ]:
            code, out, err = command(*arguments, option, tmp_path / f"{name}{suffix}")
            assert (code, out) == (2, "")
            assert expected in one_message(err)


@pytest.fixture
def failing(monkeypatch, question_1):
    """A command whose training raises."""

    def run(error):
        def train(*arguments, **options):
            raise error

        # The name `deltarule.training.train`, reached through the module: `deltarule.train` is a function.
        monkeypatch.setattr(importlib.import_module("deltarule.training"), "train", train)
        return ["train", question_1]

    return run


def test_a_file_that_fails_under_way_is_a_message(command, failing):
    code, _, err = command(*failing(PermissionError(13, "Permission denied", "/data/x.csv")))
    assert code == 2
    assert "/data/x.csv: Permission denied. Check" in one_message(err)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError("no file of the user's"), "This is a fault of deltarule, not yours (OSError: no file of the user's)."),
        (ZeroDivisionError(), "This is a fault of deltarule, not yours (ZeroDivisionError)."),
        (RecursionError("too deep"), "This is a fault of deltarule, not yours (RecursionError: too deep)."),
        (EOFError("gone"), "This is a fault of deltarule, not yours (EOFError: gone)."),
        (BrokenPipeError(32, "Broken pipe"), "The system cannot do it: Broken pipe."),
        (OSError(24, "Too many open files"), "The system cannot do it: Too many open files."),
        (MemoryError(), "This does not fit in memory."),
        (SystemExit(7), "This is a fault of deltarule, not yours (SystemExit: 7)."),
        (SystemExit(1), "This is a fault of deltarule, not yours (SystemExit: 1)."),  # 1 would mean a wrong answer
    ],
)
def test_any_other_error_is_a_message_and_ends_with_2(command, failing, error, told):
    code, out, err = command(*failing(error))
    assert (code, out) == (2, "")
    assert told in one_message(err)


def test_debug_before_or_behind_the_command_shows_where_an_error_comes_from(command, failing):
    arguments = failing(ZeroDivisionError("by \x1b[2J nothing"))
    for words in (["--debug", *arguments], [*arguments, "--debug"]):
        code, _, err = command(*words)
        assert code == 2
        assert err.startswith("Traceback (most recent call last):")
        assert "ZeroDivisionError: by \\x1b[2J nothing" in err
    one_message(command(*arguments)[2])
    code, _, err = command("--debug", "train", "none.toml")
    assert "ProblemError" in err


def test_ctrl_c_ends_with_130_and_no_traceback(command, failing, monkeypatch):
    code, out, err = command(*failing(KeyboardInterrupt()))
    assert (code, out, err) == (130, "", "Interrupted.\n")

    def interrupted(**options):
        raise KeyboardInterrupt

    # Before typer has it in hand.
    monkeypatch.setattr("deltarule.cli.app", interrupted)
    assert command("--help") == (130, "", "Interrupted.\n")


# ---- The terminal.


def test_an_import_that_is_interrupted_is_an_interruption(command, failing):
    error = ImportError("half")
    error.__cause__ = KeyboardInterrupt()
    assert command(*failing(error)) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_ends_as_ctrl_c_does(command, question_1, monkeypatch, number):
    tidied = []

    def train(*arguments, **options):
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)  # as `timeout` does, which ends the process and its group
            tidied.append(number)

    monkeypatch.setattr(importlib.import_module("deltarule.training"), "train", train)
    assert command("train", question_1) == (130, "", "Interrupted.\n")
    assert tidied == [number]
    assert signal.getsignal(number) is signal.SIG_DFL


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("command", ["lambda: None", "lambda: signal.raise_signal(signal.SIGINT)", "caught"])
def test_a_signal_at_the_end_of_the_process_ends_it_with_130_and_no_traceback(tmp_path, name, command):
    program = f"""
import signal, deltarule.cli
from deltarule.__main__ import main
def caught():
    try:
        exec("raise KeyboardInterrupt")
    except KeyboardInterrupt:
        raise SystemExit(130)
deltarule.cli.main = {command}
main()
signal.raise_signal(signal.{name})
"""
    (tmp_path / "ends.py").write_text(program)
    ended = subprocess.run([sys.executable, "-m", "ends"], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, b"", b"")


def test_a_terminal_gets_stress_unless_asked_not_to(command, question_1, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")

    def shown():
        """What a terminal would get; isatty is set after pytest's own capture began."""
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        return command("work", question_1, "--rows", 2)[1]

    plain = command("work", question_1, "--rows", 2)[1]
    coloured = shown()
    assert "\x1b[1m" in coloured
    assert "\x1b[31m" in coloured  # wrong predictions, which also say "wrong"
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown() == plain
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert shown() == plain


def test_narrow_terminals_get_narrow_output(command, question_1, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    _, out, _ = command("work", question_1)
    assert max(map(len, out.splitlines())) <= 50


def test_letters_that_the_terminal_lacks_do_not_fail(tmp_path):
    path = tmp_path / "greek.toml"
    path.write_text(QUESTION_1.replace('"A"', '"\N{GREEK SMALL LETTER ALPHA}"'), encoding="utf-8")
    done = process("work", path, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u03b1" in done.stdout  # a code instead of a failure


# ---- tutorial.


def test_tutorial_calls_and_prints(command, tmp_path, monkeypatch):
    calls = []

    def run(out, questions, *, progress, two_processes):
        calls.append((out, list(questions), progress and two_processes))
        return {"account": [{"verdict": "equal"}, {"verdict": "differs"}, {"verdict": "equal"}], "x": float("nan")}

    monkeypatch.setattr(deltarule.tutorial, "run", run)
    code, out, _ = command("tutorial", 2, 1, "--out", tmp_path)
    assert code == 0
    assert out.splitlines() == [
        str(tmp_path / "index.html"),
        str(tmp_path / "results.json"),
        "The handout prints 3 figures. Compared with ours: 2 equal, 1 different.",
    ]
    code, out, _ = command("tutorial", "--json", "--out", tmp_path)
    assert json.loads(out)["x"] is None
    assert calls == [(tmp_path, [2, 1], True), (tmp_path, [1, 2, 3], True)]


def test_tutorial_has_three_questions(command, tmp_path):
    code, out, err = command("tutorial", 4, "--out", tmp_path)
    assert (code, out) == (2, "")
    assert "The question must be 1, 2 or 3. Got 4." in one_message(err)
