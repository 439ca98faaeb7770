"""A mutation tester: it puts small faults into the source, one at a time, and counts those that no test finds.

    python -m tools.mutants                                all packages, all faults
    python -m tools.mutants --only layers --sample 150     150 faults of one package, drawn with --seed
    python -m tools.mutants --again                        only the faults that survived the last time

Why not mutmut or cosmic-ray: both start pytest anew for each fault, and the imports alone (NumPy, PyTorch, Numba, and
three thousand tests to collect) take longer than the tests. Here pytest collects once and forks a child for each fault:

1. Which tests run which lines is measured once, with coverage's contexts, each file of tests in a child of its own
   (kept in build/mutants, and measured again only for files that have changed).
2. A fault in a function: the child gives the function the code of the faulty source and runs the tests that reach the
   line up to the first failure, those that stand nearest first, of these the fastest.
3. A fault in what the import runs (constants, defaults, class bodies), or in a line that no test runs, and each fault that
   survived so: the child forgets the project's modules, imports them anew with the faulty source, and lets pytest collect
   the tests again.
4. A child in which a test takes much longer than it did is ended: its fault counts as found (a loop without end).

Only tests that together take up to --budget seconds are run for a fault. Files must not change while it runs. The compiled
kernels run as they are and are not changed. `equivalent_mutants.txt` lists faults that change no behaviour, each with its
reason.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from itertools import takewhile
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest
from hypothesis import Phase, settings

from tools.mutations import Mutation, mutations

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "deltarule"
TESTS = ROOT / "tests"
BUILD = ROOT / "build" / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.txt")

PACKAGES = ("layers", "engines", "iteration", "training", "problem", "analysis", "setting", "marking")
NOT_CHANGED = (SOURCE / "engines" / "kernels", SOURCE / "analysis" / "kernels")

BUDGET = 15.0  # seconds of tests for one fault: those of one line take a second or two, all tests a minute and a half
SPARE_SECONDS = 8.0  # of processor time for a test, over three times what it took, and for a child over its tests'
MEMORY = 6 << 30  # bytes that a child may use over what it starts with: a loop that collects without end stops here

FOUND, SURVIVED, OPEN = "found", "survived", "open"

OPTIONS = [
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "-q",
    "-s",
    "-x",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:cov",
    "-p",
    "no:xdist",
    "-p",
    "no:faulthandler",
]


# ---- children


@dataclass
class Child:
    """A process that does one task, and writes its result into a file."""

    task: Any
    started: float
    limit: float  # seconds on the clock
    folder: Path


def in_children(
    tasks: Iterable[Any], work: Callable[[Any], Any], seconds: Callable[[Any], float], jobs: int
) -> Iterator[tuple[Any, Any]]:
    """Pairs of a task and work(task), each worked in a fork of this process, `jobs` at a time; None where it was ended.

    `seconds` is how much processor time a task may take. On the clock it may take eight times that, since other work may
    fill the machine.
    """
    waiting = iter(tasks)
    running: dict[int, Child] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        while True:
            while len(running) < jobs and (task := next(waiting, None)) is not None:
                folder = Path(tempfile.mkdtemp(dir=scratch))
                running[_start(work, task, folder, seconds(task))] = Child(
                    task, time.monotonic(), 8 * seconds(task), folder
                )
            if not running:
                return
            pid = os.waitpid(-1, os.WNOHANG)[0]
            if pid in running:
                child = running.pop(pid)
                result = child.folder / "result.json"
                yield child.task, json.loads(result.read_text()) if result.exists() else None
                shutil.rmtree(child.folder, ignore_errors=True)
                continue
            for late, child in running.items():
                if time.monotonic() - child.started > child.limit:
                    os.kill(late, signal.SIGKILL)
            time.sleep(0.01)


def _start(work: Callable[[Any], Any], task: Any, folder: Path, seconds: float) -> int:
    """Fork a child that works a task; its process number."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(folder)  # where tmp_path is
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        result = work(task)
        written = folder / "result.part"
        written.write_text(json.dumps(result))
        written.rename(folder / "result.json")
    finally:
        os._exit(0)


def run_items(session: pytest.Session, items: list[pytest.Item]) -> bool:
    """Whether all these tests pass; it stops at the first that does not."""
    session.testsfailed = 0
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


class Objects:
    """The functions and caches of the project, as the tests' imports have made them."""

    def __init__(self) -> None:
        self.functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        self.caches: list[Any] = []
        for one in gc.get_objects():
            if type(one) is FunctionType and one.__code__.co_filename.startswith(f"{SOURCE}{os.sep}"):
                self.functions[_key(one.__code__)].append(one)
            elif type(one) is _lru_cache_wrapper and str(one.__module__).startswith("deltarule"):
                self.caches.append(one)
        gc.collect()
        gc.freeze()  # children need not look through what they share

    def forget_caches(self) -> None:
        """Empty what functions have cached, so that each test runs all lines that it needs."""
        for cache in self.caches:
            cache.cache_clear()


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_name, code.co_firstlineno


# ---- which test runs which lines


@dataclass
class Reach:
    """What tests need and run."""

    seconds: dict[str, float] = field(default_factory=dict)  # by test, with the fixtures that it shares
    lines: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    failed: list[str] = field(default_factory=list)

    def tests(self, path: Path, lines: Iterable[int] | None, budget: float) -> list[str]:
        """The tests that run one of these lines of a file (any line where `lines` is None), within a budget of seconds.

        Those that stand nearest to the file come first, of these the fastest: the fastest of all look at something else.
        """
        of_file = self.lines.get(str(path.relative_to(ROOT)), {})
        found = set().union(*(of_file.get(line, set()) for line in (of_file if lines is None else lines)))
        chosen, total = [], 0.0
        for test in sorted(
            found - set(self.failed), key=lambda test: (-nearness(path, test), self.seconds[test], test)
        ):
            total += self.seconds[test]
            if total > budget and chosen:
                break
            chosen.append(test)
        return chosen


def nearness(path: Path, test: str) -> int:
    """How many folders, and the name, a test has in common with a file, from the top of the house on."""
    of_test = Path(test.partition("::")[0]).with_suffix("").parts
    of_test = of_test[1:] if of_test[0] == TESTS.name else of_test[2:]
    of_test = (*of_test[:-1], of_test[-1].removeprefix("test_"))
    pairs = zip(path.relative_to(SOURCE).with_suffix("").parts, of_test, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def is_near(path: Path, test: str) -> bool:
    """Whether a test is one of the tests of a file's room."""
    return nearness(path, test) >= max(1, len(path.relative_to(SOURCE).parts) - 1)


def _shared(item: pytest.Item) -> list[str]:
    """The fixtures of a test that other tests share."""
    info = getattr(item, "_fixtureinfo", None)
    found = info.name2fixturedefs.values() if info else ()
    return [f"{one.baseid}::{one.argname}" for definitions in found for one in definitions if one.scope != "function"]


class Measuring:
    """A plugin that tells coverage which test, or shared fixture, runs."""

    def __init__(self, measured: coverage.Coverage, objects: Objects) -> None:
        self.measured = measured
        self.objects = objects
        self.seconds: dict[str, float] = defaultdict(float)
        self.stack: list[str] = []

    @contextlib.contextmanager
    def _as(self, name: str) -> Iterator[None]:
        self.stack.append(name)
        self.measured.switch_context(name)
        start = time.process_time()
        try:
            yield
        finally:
            spent = time.process_time() - start
            self.seconds[name] += spent
            self.stack.pop()
            if self.stack:
                self.seconds[self.stack[-1]] -= spent
                self.measured.switch_context(self.stack[-1])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.objects.forget_caches()
        with self._as(item.nodeid):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        if fixturedef.scope == "function":
            return (yield)
        with self._as(f"{fixturedef.baseid}::{fixturedef.argname}"):
            return (yield)


def measure(session: pytest.Session, items: list[pytest.Item], objects: Objects) -> dict[str, Any]:
    """Run tests; what they need and which lines they run, as plain data."""
    measured = coverage.Coverage(data_file=None, config_file=False, include=[f"{SOURCE}/*"])
    plugin = Measuring(measured, objects)
    session.config.pluginmanager.register(plugin)
    failed = []
    measured.start()
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.testsfailed = 0
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            failed.append(item.nodeid)
    measured.stop()
    data = measured.get_data()
    lines: dict[str, dict[str, list[int]]] = {}
    for name in data.measured_files():
        of_context: dict[str, list[int]] = defaultdict(list)
        for line, contexts in data.contexts_by_lineno(name).items():
            for context in contexts:
                of_context[context].append(line)
        lines[str(Path(name).relative_to(ROOT))] = of_context
    return {
        "seconds": plugin.seconds,
        "shared": {item.nodeid: _shared(item) for item in items},
        "lines": lines,
        "failed": failed,
    }


def _digest(paths: Iterable[Path]) -> str:
    made = hashlib.sha256()
    for path in sorted(paths):
        made.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def reach_of(session: pytest.Session, objects: Objects, jobs: int) -> Reach:
    """What each test reaches: measured, or as it was measured where neither the source nor the test's file has changed."""
    groups: dict[Path, list[pytest.Item]] = defaultdict(list)
    for item in session.items:
        groups[item.path].append(item)
    tests = set(TESTS.rglob("test_*.py"))
    state = _digest({*SOURCE.rglob("*.py"), *TESTS.rglob("*.py")} - tests)
    store = BUILD / "reach.json"
    known: dict[str, Any] = json.loads(store.read_text()) if store.exists() else {}
    files = known.get("files", {}) if known.get("state") == state else {}
    digests = {path: _digest([path]) for path in groups}
    stale = [path for path in groups if files.get(str(path.relative_to(ROOT)), {}).get("digest") != digests[path]]
    stale.sort(key=lambda path: -len(groups[path]))
    start = time.monotonic()
    for count, (path, result) in enumerate(
        in_children(stale, lambda path: measure(session, groups[path], objects), lambda _: 900.0, jobs), start=1
    ):
        if result is None:
            raise SystemExit(f"The tests of {path} did not end.")
        files[str(path.relative_to(ROOT))] = {"digest": digests[path], **result}
        _progress("files of tests, measured", count, len(stale), start)
    if stale:
        BUILD.mkdir(parents=True, exist_ok=True)
        store.write_text(json.dumps({"state": state, "files": files}))
    return _read_reach([files[str(path.relative_to(ROOT))] for path in groups])


def _read_reach(results: list[dict[str, Any]]) -> Reach:
    reach = Reach()
    for result in results:
        reach.failed += result["failed"]
        users: dict[str, list[str]] = defaultdict(list)
        for test, shared in result["shared"].items():
            reach.seconds[test] = sum(result["seconds"].get(name, 0.0) for name in (test, *shared))
            for name in (test, *shared):
                users[name].append(test)
        for path, of_context in result["lines"].items():
            for context, lines in of_context.items():
                for line in lines:
                    reach.lines[path][line].update(users.get(context, ()))
    return reach


# ---- a fault


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def patch(mutation: Mutation, objects: Objects) -> bool:
    """Give the functions of a module the code of its faulty source; False where that can't be done."""
    assert mutation.function is not None
    key = (str(mutation.path), mutation.function.name, _first_line(mutation.function))
    new = [code for code in _codes(compile(mutation.apply(), str(mutation.path), "exec")) if _key(code) == key]
    if len(new) != 1 or not objects.functions[key]:
        return False
    try:
        for function in objects.functions[key]:
            function.__code__ = new[0]
    except ValueError:  # it needs other variables of what is round it
        return False
    return True


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def with_patch(session: pytest.Session, mutation: Mutation, items: list[pytest.Item], objects: Objects) -> str:
    """Whether tests find a fault in a function: FOUND, SURVIVED, or OPEN where the function can't be given other code."""
    if not patch(mutation, objects):
        return OPEN
    objects.forget_caches()
    return SURVIVED if run_items(session, items) else FOUND


class FaultyImport(importlib.machinery.SourceFileLoader):
    """The import of one module with a fault in it; also the plugin that puts it before pytest's own import of tests.

    pytest imports a module itself where its doctests are asked for by name.
    """

    def __init__(self, name: str, mutation: Mutation) -> None:
        super().__init__(name, str(mutation.path))
        self.faulty = compile(mutation.apply(), str(mutation.path), "exec")

    def get_code(self, fullname: str) -> CodeType:
        return self.faulty

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )


def with_import(mutation: Mutation, tests: list[str], limits: Limits) -> str:
    """Whether tests find a fault when all modules are imported anew, one of them with the fault: FOUND or SURVIVED."""
    name = ".".join(mutation.path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
    for module, loaded in [*sys.modules.items()]:
        if str(getattr(loaded, "__file__", None) or "").startswith((f"{SOURCE}{os.sep}", f"{TESTS}{os.sep}")):
            del sys.modules[module]
    faulty = FaultyImport(name, mutation)
    # The tests of the room first: fewer files to collect.
    near = [test for test in tests if is_near(mutation.path, test)]
    rest = [test for test in tests if not is_near(mutation.path, test)]
    passed = all(
        pytest.main([*OPTIONS, *chosen], plugins=[Profile(), limits, faulty]) == 0 for chosen in (near, rest) if chosen
    )
    return SURVIVED if passed else FOUND


class Limits:
    """A plugin that ends its process where a test takes much longer than it did; at other tests it does nothing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}  # what each test took

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if item.nodeid in self.seconds:
            limit = int(time.process_time() + SPARE_SECONDS + 3 * self.seconds[item.nodeid]) + 1
            most = resource.getrlimit(resource.RLIMIT_CPU)[1]
            if most == resource.RLIM_INFINITY or limit < most:
                resource.setrlimit(resource.RLIMIT_CPU, (limit, most))


class Profile:
    """A plugin: a property that fails need not look for its smallest example."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        settings.register_profile(
            "mutants", settings.get_profile("deltarule"), phases=[Phase.explicit, Phase.generate], database=None
        )
        settings.load_profile("mutants")


# ---- all faults


def files_of(package: str) -> list[Path]:
    """The files of a package, or of a module, of the project."""
    alone = SOURCE / f"{package}.py"
    found = [alone] if alone.exists() else sorted((SOURCE / package).rglob("*.py"))
    if not found:
        raise SystemExit(f"There is no package {package!r} in {SOURCE.relative_to(ROOT)}.")
    return [path for path in found if not any(path.is_relative_to(left) for left in NOT_CHANGED)]


def survivors_of(package: str) -> Path:
    """The file with the faults of a package, or of a module such as layers/classes, that survived the last time."""
    return BUILD / f"survived-{package.replace('/', '-')}.json"


def name_of(mutation: Mutation) -> str:
    """What names a fault in files: its place without the line's number, and its change."""
    return " | ".join([str(mutation.path.relative_to(SOURCE)), mutation.scope, mutation.text, mutation.change])


def equivalent() -> dict[str, str]:
    """The faults that change no behaviour, with their reasons."""
    lines = EQUIVALENT.read_text().splitlines() if EQUIVALENT.exists() else []
    entries = (line.rpartition(" | ") for line in lines if line.strip() and not line.startswith("#"))
    return {name: reason for name, _, reason in entries}


class Mutants:
    """The plugin that takes the place of pytest's loop over the tests."""

    def __init__(self, arguments: argparse.Namespace, limits: Limits) -> None:
        self.arguments = arguments
        self.limits = limits
        self.survivors: dict[str, list[Mutation]] = {}
        self.counts: dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise SystemExit("Some tests could not be collected.")
        self.objects = Objects()
        reach = reach_of(session, self.objects, self.arguments.jobs)
        if reach.failed:
            print("These tests fail without a fault, and are left out:", *reach.failed, sep="\n  ")
        self.limits.seconds = reach.seconds
        items = {item.nodeid: item for item in session.items}
        for package in self.arguments.only or PACKAGES:
            self._package(session, package, reach, items)
        print()
        self._table()
        return True

    def _chosen(self, package: str) -> list[Mutation]:
        known = equivalent()
        found = [one for path in files_of(package) for one in mutations(path) if name_of(one) not in known]
        if self.arguments.again:
            store = survivors_of(package)
            last = set(json.loads(store.read_text())) if store.exists() else set()
            return [one for one in found if name_of(one) in last]
        if self.arguments.sample and self.arguments.sample < len(found):
            print(f"{package}: {self.arguments.sample} of {len(found)} faults, drawn with seed {self.arguments.seed}")
            drawn = random.Random(self.arguments.seed).sample(range(len(found)), self.arguments.sample)
            return [found[place] for place in sorted(drawn)]
        print(f"{package}: all {len(found)} faults")
        return found

    def _package(self, session: pytest.Session, package: str, reach: Reach, items: dict[str, pytest.Item]) -> None:
        chosen = self._chosen(package)
        start = time.monotonic()
        tests = {id(one): reach.tests(one.path, one.lines or None, self.arguments.budget) for one in chosen}

        def seconds(mutation: Mutation) -> float:
            return SPARE_SECONDS + 3 * sum(reach.seconds[test] for test in tests[id(mutation)])

        def patched(mutation: Mutation) -> str:
            return with_patch(session, mutation, [items[test] for test in tests[id(mutation)]], self.objects)

        def imported(mutation: Mutation) -> str:
            return with_import(mutation, tests[id(mutation)], self.limits)

        unreached = {id(one) for one in chosen if not tests[id(one)]}
        for one in chosen:
            if id(one) in unreached:  # perhaps the import runs the line: that of a decorator, say
                tests[id(one)] = reach.tests(one.path, None, self.arguments.budget)
        survived = [one for one in chosen if not tests[id(one)]]
        by_import = [
            one
            for one in chosen
            if tests[id(one)] and (one.function is None or one.place.default or id(one) in unreached)
        ]
        left = {id(one) for one in (*survived, *by_import)}
        by_patch = [one for one in chosen if id(one) not in left]
        for count, (one, result) in enumerate(in_children(by_patch, patched, seconds, self.arguments.jobs), start=1):
            _progress(package, count, len(by_patch), start)
            by_import += [one] if result in {SURVIVED, OPEN} else []
            if result == SURVIVED:
                print(f"tried again later: {_told(one)}", flush=True)
        for count, (one, result) in enumerate(
            in_children(by_import, imported, lambda one: seconds(one) + 20, self.arguments.jobs), start=1
        ):
            _progress(f"{package}, imported anew", count, len(by_import), start)
            survived = [*survived, one] if result == SURVIVED else survived
        survived.sort(key=lambda one: (one.path, one.line))
        for one in survived:
            note = "   (no test runs this line)" if id(one) in unreached else ""
            print(f"{_told(one)}{note}\n    in {one.scope}: {one.text}")
        BUILD.mkdir(parents=True, exist_ok=True)
        survivors_of(package).write_text(json.dumps(sorted({name_of(one) for one in survived}), indent=1))
        self.counts[package], self.survivors[package] = len(chosen), survived
        print(
            f"{package}: {len(chosen)} faults, {len(survived)} survived, {time.monotonic() - start:.0f} s", flush=True
        )

    def _table(self) -> None:
        print(f"{'package':<12}{'faults':>8}{'found':>8}{'survived':>10}{'found':>9}")
        for package, count in self.counts.items():
            survived = len(self.survivors[package])
            print(
                f"{package:<12}{count:>8}{count - survived:>8}{survived:>10}{100 * (count - survived) / max(count, 1):>8.1f}%"
            )


def _told(one: Mutation) -> str:
    return f"{one.path.relative_to(ROOT)}:{one.line}: {one.change}"


def _progress(what: str, count: int, of: int, start: float) -> None:
    """Now and then, say how much is done."""
    text = f"{what}: {count} of {of}, {time.monotonic() - start:.0f} s"
    if sys.stdout.isatty():
        print(f"\r{text:<70}", end="\r" if count == of else "", flush=True)
    elif count % 20 == 0 or count == of:
        print(text, flush=True)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", nargs="+", metavar="PACKAGE", help=f"packages or modules; default: {', '.join(PACKAGES)}"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="N faults a package, drawn at random; default: all")
    parser.add_argument("--seed", type=int, default=0, help="of the draw; default: 0")
    parser.add_argument("--again", action="store_true", help="only the faults that survived the last time")
    parser.add_argument("--tests", nargs="+", default=[], metavar="PATH", help="only these tests; default: all")
    parser.add_argument(
        "--budget", type=float, default=BUDGET, metavar="SECONDS", help=f"of tests for one fault; default: {BUDGET:g}"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes; default: 2")
    sys.dont_write_bytecode = False  # the tests are collected again and again
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "src"))
    arguments = parser.parse_args()
    limits = Limits()
    return int(pytest.main([*OPTIONS, *arguments.tests], plugins=[Profile(), limits, Mutants(arguments, limits)]))


if __name__ == "__main__":
    sys.exit(main())
