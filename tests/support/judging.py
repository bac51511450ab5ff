"""How mutants are judged: the tests that run a changed function run on it, in forks."""

import contextlib
import ctypes
import gc
import importlib.util
import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NoReturn

import pytest
from coverage import Coverage

import postgres
from judges import ACTS
from planted import PACKAGE, Mutant

ROOT = Path(__file__).parents[2]
OWN_TESTS = ("tests/authz", "tests/gates/test_decided.py")
OPTIONS = [
    "-q",
    "-x",
    "--capture=sys",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:cov",
    f"--rootdir={ROOT}",
    "-W",
    "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
]
COMMON = {"passwords_are_hashed_cheaply", "undeclared_codes"}
NOT_FOUND = "no function"
IMPORT = "import"  # stands for a test: what runs before the first
LONGEST = 120  # seconds of a test that takes a few at most without a mutant
_MOST_MEMORY = 4 << 30


def record(file: Path, digest: str) -> NoReturn:
    """Run every judge without a mutant, and write down what it runs and how long it takes."""
    recorder = _Recorder()
    arguments = [argument for argument in OPTIONS if argument != "-x"]
    pytest.main([*arguments, *OWN_TESTS, *ACTS], plugins=[recorder])
    file.write_text(json.dumps(recorder.found() | {"digest": digest}))
    os._exit(0)


class _Recorder:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.modules: list[str] = []
        self.plain: list[str] = []
        self.caches: list[Any] = []
        self.coverage = Coverage(data_file=None, include=[f"{PACKAGE}/*"], config_file=False)
        self.coverage.start()
        self.coverage.switch_context(IMPORT)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        _prepare()
        self.plain = [item.nodeid for item in session.items if _is_plain(item)]
        parts = [sys.modules[name] for name in sys.modules if name.startswith("authz.")]
        members = [member for part in parts for member in vars(part).values()]
        self.caches = [member for member in members if hasattr(member, "cache_clear")]
        own = (str(ROOT / "src"), str(ROOT / "tests"))
        for name, module in list(sys.modules.items()):
            if not (getattr(module, "__file__", None) or "").startswith(own):
                self.modules.append(name)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        for cached in self.caches:
            cached.cache_clear()  # or a test would not run what an earlier one has
        self.coverage.switch_context(item.nodeid)
        started = time.process_time()
        found = yield
        self.seconds[item.nodeid] = time.process_time() - started
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def found(self) -> dict[str, Any]:
        """What was found, for JSON."""
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {Path(name).name: data.contexts_by_lineno(name) for name in data.measured_files()}
        return {
            "lines": lines,
            "seconds": self.seconds,
            "failed": sorted(self.failed),
            "modules": self.modules,
            "plain": self.plain,
        }


def _is_plain(item: pytest.Item) -> bool:
    """Whether a test needs nothing of what the tests share, but what they all have without a word."""
    assert isinstance(item, pytest.Function)
    for name, definitions in item._fixtureinfo.name2fixturedefs.items():
        shared = any(
            definition.func.__code__.co_filename.endswith("conftest.py") for definition in definitions
        )
        if shared and name not in COMMON:
            return False
    return True


def _prepare() -> None:
    """Make what all tests share, before the forks."""
    import doorstep
    from graph.schema import full_schema

    full_schema()
    for dialect in ("sqlite", "postgres"):
        doorstep._application(doorstep.SETTINGS, dialect)


def forked(work: Callable[[], object]) -> int:
    """The id of a fork, which does something and ends; at the latest with this process."""
    child = os.fork()
    if not child:
        ctypes.CDLL(None).prctl(postgres.PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            work()
        finally:
            os._exit(0)
    return child


class Afresh:
    """A process that has imported nothing of the project's own, and imports it in a fork for each mutant."""

    def __init__(self, planted: Sequence[Mutant]) -> None:
        questions, self._ask = os.pipe()
        reader, answers = os.pipe()
        self._answers = os.fdopen(reader)

        def serve() -> None:
            os.close(self._ask)
            for question in os.fdopen(questions):
                number, tests, plain = json.loads(question)
                mutant = planted[number] if number is not None else None
                found = _in_fork(partial(_afresh, mutant, tests, plain))
                os.write(answers, json.dumps(found).encode() + b"\n")

        forked(serve)
        os.close(questions)
        os.close(answers)

    def ask(self, number: int | None, tests: Sequence[str], *, plain: bool = False) -> dict[str, Any]:
        """What became of a mutant, or of the right code. Plain tests need no more than they import."""
        content = json.dumps([number, tests, plain]).encode() + b"\n"
        while content:
            content = content[os.write(self._ask, content) :]
        return json.loads(self._answers.readline())  # type: ignore[no-any-return]


class Court:
    """Judges mutants one after the other: made in a process that has imported everything."""

    def __init__(
        self, record: dict[str, Any], afresh: Afresh, session: pytest.Session, noticed: dict[str, str]
    ) -> None:
        self._record, self._afresh, self._session, self._noticed = record, afresh, session, noticed
        self._plain = set(record["plain"])
        self._items = {item.nodeid: item for item in session.items}
        failed = set(record["failed"])
        self._seconds = {nodeid: spent for nodeid, spent in record["seconds"].items() if nodeid not in failed}
        functions = [found for found in gc.get_objects() if isinstance(found, FunctionType)]
        self._sound: dict[str, bool] = {}
        self._own = [found for found in functions if found.__code__.co_filename.startswith(str(PACKAGE))]

    def verdict(self, number: int, mutant: Mutant, *, by_all: bool) -> dict[str, Any]:
        """What became of it (`died`, `import`, `timeout`, `lives`), by which test, and the CPU time that it took.

        Its judges are the tests that run it, or all others. One that fails by itself without a mutant, too, is
        no judge: then nothing is said of the mutant (`unsound`).
        """
        running = self._running(mutant)
        found = self._judged(
            number, mutant, [test for test in self._order(mutant) if (test in running) != by_all]
        )
        killer = found["by"]
        if killer in self._items and killer not in self._sound:
            alone = [_in_fork(partial(self._exchanged, None, [killer]))]
            if killer in self._plain:
                alone.append(self._afresh.ask(None, [killer], plain=True))
            self._sound[killer] = all(found["outcome"] == "lives" for found in alone)
        return found if self._sound.get(killer, True) else found | {"outcome": "unsound"}

    def _judged(self, number: int, mutant: Mutant, tests: list[str]) -> dict[str, Any]:
        found, spent = {"outcome": "lives", "by": "", "why": "", "cpu": 0.0}, 0.0
        if not tests:
            return found
        if mutant.functions and not self._runs_at_import(mutant):
            exchanged = _in_fork(partial(self._exchanged, mutant, tests))
            if exchanged["outcome"] != NOT_FOUND:
                return exchanged
        before = [test for test in tests[:1] if test == self._noticed.get(mutant.module + mutant.change)]
        left = [test for test in tests if test not in before]
        plain = [test for test in left if test in self._plain]
        shared = [test for test in left if test not in self._plain]
        parts = [(before, set(before) <= self._plain), (plain, True), (shared, False)]
        for part, is_plain in parts:
            if part and found["outcome"] == "lives":
                found = self._afresh.ask(number, part, plain=is_plain)
                spent += found["cpu"]
        return found | {"cpu": spent}

    def _exchanged(self, mutant: Mutant | None, tests: Sequence[str], answer: int) -> None:
        """Run tests with functions of a mutant, if any, in place of the right ones."""
        functions = mutant.functions if mutant and mutant.functions else {}
        if mutant and not all(self._exchange(mutant, *which) for which in functions):
            _tell(answer, NOT_FOUND, "")
        self._session.config.pluginmanager.register(_Judge(answer))
        items = [self._items[nodeid] for nodeid in tests if nodeid in self._items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def _exchange(self, mutant: Mutant, name: str, line: int) -> bool:
        code = (mutant.functions or {})[name, line]
        file = str(PACKAGE / mutant.module)
        found = [
            function
            for function in self._own
            if (
                function.__code__.co_filename,
                function.__code__.co_qualname,
                function.__code__.co_firstlineno,
            )
            == (file, name, line)
        ]
        if not found or any(function.__code__.co_freevars != code.co_freevars for function in found):
            return False
        for function in found:
            function.__code__ = code
        return True

    def _runs_at_import(self, mutant: Mutant) -> bool:
        lines = self._record["lines"].get(mutant.module, {})
        return any(IMPORT in lines.get(str(line), ()) for line in mutant.body)

    def _tests(self, mutant: Mutant, lines: Iterable[int | str]) -> set[str]:
        contexts = self._record["lines"].get(mutant.module, {})
        return {test for line in lines for test in contexts.get(str(line), ())} & self._seconds.keys()

    def _running(self, mutant: Mutant) -> set[str]:
        """Those that run its function; any of its module, where it runs as that is imported."""
        if mutant.body and not self._runs_at_import(mutant):
            return self._tests(mutant, mutant.body)
        return self._tests(mutant, self._record["lines"].get(mutant.module, {}))

    def _order(self, mutant: Mutant) -> list[str]:
        """What noticed it before, then those that run its statement; else the quickest."""
        statement = self._tests(mutant, mutant.lines)
        cases: dict[str, int] = {}

        before = self._noticed.get(mutant.module + mutant.change)

        def rank(test: str) -> tuple[bool, bool, bool, bool, int, float]:
            name = test.split("[", maxsplit=1)[0]
            cases[name] = cases.get(name, -1) + 1
            on_postgres = "[postgres" in test
            return (
                test != before,
                on_postgres,
                test.startswith(ACTS),
                test not in statement,
                cases[name] // 8,
                self._seconds[test],
            )

        return [test for _, test in sorted((rank(test), test) for test in sorted(self._seconds))]


def warm(work: Callable[[pytest.Session], None]) -> NoReturn:
    """Import everything and collect the tests, and do something in place of running them."""

    class Loop:
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            _prepare()
            gc.unfreeze()
            work(session)
            os._exit(0)

    _silence()
    pytest.main([*OPTIONS, *OWN_TESTS, *ACTS], plugins=[Loop()])
    os._exit(1)


class _Planted(MetaPathFinder, Loader):
    """Imports a module of `authz` as a mutant has it."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant, self._name = mutant, f"authz.{mutant.module.removesuffix('.py')}"

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        """Of this module alone."""
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, PACKAGE / self._mutant.module, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the wrong code."""
        exec(self._mutant.code, vars(module))


def _afresh(mutant: Mutant | None, tests: list[str], plain: bool, answer: int) -> None:
    """Import everything with a mutant, or what plain tests import, and run tests."""
    if mutant is not None:
        sys.meta_path.insert(0, _Planted(mutant))
    place = {nodeid: number for number, nodeid in enumerate(tests)}

    class Order:
        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            items[:] = sorted(
                (item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid]
            )

    files = list(dict.fromkeys(nodeid.split("::")[0] for nodeid in tests))
    options = [*OPTIONS, "--noconftest"] if plain else OPTIONS
    code = pytest.main([*options, *files], plugins=[Order(), _Judge(answer)])
    if code != pytest.ExitCode.OK:
        _tell(answer, IMPORT, IMPORT)


class _Judge:
    """Tells of the first test that fails, and ends the process."""

    def __init__(self, answer: int) -> None:
        self._answer, self._test = answer, IMPORT
        signal.signal(signal.SIGALRM, lambda *_: _tell(answer, "timeout", self._test))
        signal.alarm(LONGEST)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._test = nodeid
        signal.alarm(LONGEST)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            text = re.sub(r"\s+", " ", str(getattr(report.longrepr, "reprcrash", report.longrepr)))
            _tell(self._answer, "died", report.nodeid, text[-300:])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            _tell(self._answer, IMPORT, IMPORT, str(report.longrepr)[-300:])


def _tell(answer: int, outcome: str, by: str, why: str = "") -> NoReturn:
    os.write(answer, json.dumps({"outcome": outcome, "by": by, "why": why}).encode())
    os._exit(0)


def _in_fork(work: Callable[[int], None]) -> dict[str, Any]:
    """What a fork tells, and the CPU time that it takes."""
    reader, answer = os.pipe()

    def run() -> None:
        os.close(reader)
        _silence()
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
        with contextlib.suppress(BaseException):
            work(answer)
            _tell(answer, "lives", "")
        _tell(answer, "died", "the run of the tests")

    child = forked(run)
    os.close(answer)
    with os.fdopen(reader) as message:
        content = message.read()
    _, _, usage = os.wait4(child, 0)
    found: dict[str, Any] = (
        json.loads(content) if content else {"outcome": "died", "by": "a crash", "why": ""}
    )
    return found | {"cpu": round(usage.ru_utime + usage.ru_stime, 2)}


def _silence() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nothing, stream)
