"""Mutants of `authz`: one small wrong change at a time, which its tests must notice.

`make mutants` takes a sample of 60, MUTANTS=all every one, and MUTANTS=reach those of a module. The judges are the
tests that `support/judges.py` names. They run once without a mutant, to tell which of
them run which lines. Then each mutant meets those that run its function, the quickest first, until one fails:
in a fork of a process that has imported everything, where the function is exchanged; or, where the change is
outside of functions or runs as the package is imported, in a fork that imports it so. What none of them notices
meets all the others. With `--keep FOLDER` a run goes on where the last one stopped; after a change of `authz` or
of its tests it judges every mutant again, first by the test that noticed it last.
"""

import argparse
import contextlib
import hashlib
import importlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import judging
import postgres
from planted import Mutant, mutants

ROOT = Path(__file__).parents[2]
JUDGED = ("src/authz", "tests/authz")
LEAST = 0.98
_Verdicts = dict[str, dict[str, Any]]


def _digest(*folders: str) -> str:
    """Tells one state of folders from another."""
    found = hashlib.sha256()
    for folder in folders:
        for file in sorted((ROOT / folder).glob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()


def _record(folder: Path) -> dict[str, Any]:
    """Which test runs which lines: found by running them all, unless that was done."""
    file, digest = folder / "record.json", _digest(*JUDGED)
    if file.exists():
        found: dict[str, Any] = json.loads(file.read_text())
        if found["digest"] == digest:
            return found
    os.waitpid(judging.forked(lambda: judging.record(file, digest)), 0)
    return json.loads(file.read_text())  # type: ignore[no-any-return]


def _warm(modules: list[str]) -> None:
    """Import what is not the project's own, for all forks."""
    own = ("pytest", "_pytest", "xdist", "__")
    for name in modules:
        if not name.startswith(own):
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def _is_done(verdict: dict[str, Any] | None) -> bool:
    """Whether a mutant died, or lived before all tests."""
    return verdict is not None and (verdict["outcome"] != "lives" or verdict["all"])


def _judge(court: judging.Court, share: list[tuple[int, Mutant]], folder: Path, known: _Verdicts) -> None:
    """Judge a share of the mutants, first by the tests that run them, and write down each result at once."""
    with (folder / "results.jsonl").open("a", buffering=1) as results:
        for by_all in (False, True):
            for number, mutant in share:
                if by_all and known[mutant.key]["outcome"] != "lives":
                    continue
                verdict = court.verdict(number, mutant, by_all=by_all)
                known[mutant.key] = verdict | {"mutant": mutant.key, "all": by_all}
                results.write(json.dumps(known[mutant.key]) + "\n")


def _results(folder: Path) -> _Verdicts:
    file, about, digest = folder / "results.jsonl", folder / "digest", _digest(*JUDGED)
    if not about.exists() or about.read_text() != digest:
        if file.exists():
            with (folder / "earlier.jsonl").open("a") as earlier:
                earlier.write(file.read_text())
            file.unlink()
        about.write_text(digest)
    return {verdict["mutant"]: verdict for verdict in _read(file)}


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _noticed(folder: Path) -> dict[str, str]:
    """The test that noticed each change before `authz` or its tests changed, by the module and the change."""
    found = {}
    for verdict in _read(folder / "earlier.jsonl"):
        place, change = verdict["mutant"].split("  ", maxsplit=1)
        found[place.split(":")[0] + change] = verdict["by"]
    return found


def _run(sample: list[Mutant], folder: Path, workers: int) -> _Verdicts:
    with postgres.server() as address, tempfile.TemporaryDirectory() as shared:
        os.environ |= {"TEST_DATABASE_URL": f"{address}/tests", "TESTS_SHARED_FOLDER": shared}
        record = _record(folder)
        for failed in record["failed"]:
            print("fails without a mutant, and judges none:", failed)
        _warm(record["modules"])
        known = _results(folder)
        noticed = _noticed(folder)
        left = [
            (number, mutant) for number, mutant in enumerate(sample) if not _is_done(known.get(mutant.key))
        ]
        afresh = [judging.Afresh(sample) for _ in range(workers)]

        def work(session: pytest.Session) -> None:
            def judge(number: int) -> None:
                os.environ["PYTEST_XDIST_WORKER"] = f"mutants{number}"  # names its database
                court = judging.Court(record, afresh[number], session, noticed)
                _judge(court, left[number::workers], folder, known)

            for number in range(workers):
                judging.forked(partial(judge, number))
            for _ in range(workers):
                os.wait()

        _wait(judging.forked(lambda: judging.warm(work)), folder, len(known))
        return _results(folder)


def _wait(child: int, folder: Path, printed: int) -> None:
    """Until a process ends; print the results meanwhile."""
    while True:
        ended, _ = os.waitpid(child, os.WNOHANG)
        file = folder / "results.jsonl"
        found = _read(file)
        for verdict in found[printed:]:
            print(
                f"{verdict['outcome']:8} {verdict['cpu']:6.1f} s  {verdict['mutant']}  {verdict['by']}",
                flush=True,
            )
        printed = len(found)
        if ended:
            return
        time.sleep(1)


def _sum(sample: list[Mutant], verdicts: _Verdicts, seconds: float) -> int:
    """Print what is found; the exit code."""
    judged = [(mutant, verdicts[mutant.key]) for mutant in sample if mutant.key in verdicts]
    outcomes = Counter(verdict["outcome"] for _, verdict in judged)
    living = [mutant for mutant, verdict in judged if verdict["outcome"] == "lives"]
    for mutant in living:
        print("LIVES", mutant.key)
    died = len(judged) - len(living)
    cpu = sum(verdict["cpu"] for _, verdict in judged)
    print(f"{len(judged)} of {len(sample)} judged: {dict(outcomes)}.")
    print(f"{cpu / max(1, len(judged)):.1f} s of CPU for each, {seconds:.0f} s in all.")
    share = died / max(1, len(judged))
    print(f"{share:.1%} died.")
    return 0 if len(judged) == len(sample) and share >= LEAST else 1


def main() -> int:
    """Judge a sample and tell which mutants live."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="?", default="60", help="how many, `all`, or the name of a module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print them and judge none")
    parser.add_argument("--keep", type=Path, help="a folder for the results, to go on from")
    chosen = parser.parse_args()
    started = time.monotonic()
    every = mutants()
    sample = random.Random(chosen.seed).sample(every, len(every))
    if chosen.which.isdigit():
        sample = sample[: int(chosen.which)]
    elif chosen.which != "all":
        sample = [mutant for mutant in sample if mutant.module == f"{chosen.which}.py"]
    if chosen.list:
        print(*(mutant.key for mutant in sample), sep="\n")
        return 0
    with contextlib.ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        folder.mkdir(exist_ok=True)
        verdicts = _run(sample, folder.resolve(), chosen.workers)
    return _sum(sample, verdicts, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
