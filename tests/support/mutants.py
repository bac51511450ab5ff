"""Mutants of `authz`: one small wrong change at a time, which its tests must notice.

`make mutants` takes a sample of 60, MUTANTS=all every one, and MUTANTS=reach those of a module. Each is a copy of
the package with the change, imported in place of the package, and judged by the tests that measure its branches,
which `support/judges.py` names: its own first, and then the acts that it lets through or not.
"""

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from judges import ACTS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "authz"
LEAST = 0.98
OWN_TESTS = ("tests/authz", "tests/gates/test_decided.py")
# the quickest first; locks are taken on PostgreSQL alone
STAGES = (("not postgres", OWN_TESTS), ("not postgres", ACTS), ("postgres", OWN_TESTS))
_SECONDS = 900

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_NAMES = {
    "OWNER": "ADMIN", "ADMIN": "LEAD", "LEAD": "ADMIN", "IN_CENTRAL": "SIGNED_IN", "SIGNED_IN": "IN_CENTRAL",
    "SESSION": "SIGNED_IN", "SEAT": "IN_CENTRAL", "NO_TOKEN": "SIGNED_IN", "TEAM_LEAD": "USER", "USER": "TEAM_LEAD",
    "OWN": "SHARED", "SHARED": "OWN", "ALL_GRANTS": "EVERYTHING",
    "SEARCH_SALES": "VIEW_PRODUCTS", "VIEW_PRODUCTS": "SEARCH_SALES",
    "ACCESS_COLLABORATORS_CENTER": "SEARCH_SALES",
    "_own": "_everyone", "own": "led", "led": "own", "shared_with": "led", "teams_led": "led",
}  # fmt: skip
_SQL = [
    (r" > \?", " >= ?"), (r" <= \?", " < ?"), (r" < \?", " <= ?"), (r" >= \?", " > ?"), (r"IS NULL", "IS NOT NULL"),
    (r"IS NOT NULL", "IS NULL"), (r"\bAND\b", "OR"), (r"\bOR\b", "AND"), (r"NOT EXISTS", "EXISTS"), (r"LEFT JOIN", "JOIN"),
    (r"\.account_id = \?", ".account_id <> ?"),
]  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A wrong change: the module's text with it, and where and what it is."""

    module: str
    line: int
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}  {self.change}"


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(file.read_text())
    for number, node in enumerate(_judging(tree)):
        for way, changed in enumerate(_changes(node)):
            copied = copy.deepcopy(tree)
            target = list(_judging(copied))[number]
            new = list(_changes(target))[way]
            _replace(copied, target, new)
            text = ast.unparse(ast.fix_missing_locations(copied))
            before, after = ast.unparse(node), ast.unparse(ast.fix_missing_locations(changed))
            if before != after:
                yield Mutant(file.name, node.lineno, f"{_short(before)}  ->  {_short(after)}", text)


def _short(code: str) -> str:
    return code if len(code) < 90 else f"{code[:43]}...{code[-43:]}"


def _judging(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes of a tree that decide something: no imports, annotations, docstrings, assertions or messages."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(
                child, ast.Import | ast.ImportFrom | ast.Raise | ast.Assert
            ):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            yield from _judging(child)


def _changes(node: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    """What a node is turned into, each time in one way."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        yield _with(node, ops=[_COMPARISONS[type(node.ops[0])]()])
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for at in range(len(node.values)):
            left = [value for number, value in enumerate(node.values) if number != at]
            yield left[0] if len(left) == 1 else _with(node, values=left)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield _with(node, op=_OPERATORS[type(node.op)]())
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield _with(node, attr=_NAMES[node.attr])
    elif isinstance(node, ast.Name) and node.id in _NAMES and isinstance(node.ctx, ast.Load):
        yield _with(node, id=_NAMES[node.id])
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.If):
        yield _with(node, test=ast.Constant(value=False))
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield _with(node, value=ast.Constant(value=None))


def _constants(node: ast.Constant) -> Iterator[ast.Constant]:
    if isinstance(node.value, bool):
        yield ast.Constant(value=not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(value=node.value + 1)
    elif isinstance(node.value, str):
        for pattern, instead in _SQL:
            for found in re.finditer(pattern, node.value):
                yield ast.Constant(value=node.value[: found.start()] + instead + node.value[found.end() :])


def _with(node: ast.AST, **changed: object) -> ast.expr:
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    assert isinstance(new, ast.expr | ast.stmt)
    return new  # type: ignore[return-value]


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list):
                value[:] = [new if child is old else child for child in value]


def survives(mutant: Mutant, shared: Path) -> bool:
    """Whether no test notices."""
    folder = Path(tempfile.mkdtemp(dir=shared))
    shutil.copytree(PACKAGE, folder / "authz", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "authz" / mutant.module).write_text(mutant.text)
    return all(_passes(folder, shared, databases, tests) for databases, tests in STAGES)


def _passes(folder: Path, shared: Path, databases: str, tests: tuple[str, ...]) -> bool:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:cov",
    ]
    command += ["-k", databases, *tests]
    environment = os.environ | {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TESTS_SHARED_FOLDER": str(shared),
    }
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    """Judge a sample and tell which mutants live."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="?", default="60", help="how many, `all`, or the name of a module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="print them and judge none")
    chosen = parser.parse_args()
    every = [mutant for file in sorted(PACKAGE.glob("*.py")) for mutant in mutants_of(file)]
    sample = every
    if chosen.which.isdigit():
        sample = random.Random(chosen.seed).sample(every, min(int(chosen.which), len(every)))
    elif chosen.which != "all":
        sample = [mutant for mutant in every if mutant.module == f"{chosen.which}.py"]
    if chosen.list:
        print(*sample, sep="\n")
        return 0
    started, living = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="mutants-") as name, ThreadPoolExecutor(chosen.workers) as pool:
        unchanged = Mutant("refusal.py", 0, "nothing", (PACKAGE / "refusal.py").read_text())
        if not survives(unchanged, Path(name)):
            print("The tests fail without a mutant.")
            return 2
        for mutant, lives in zip(
            sample, pool.map(lambda planted: survives(planted, Path(name)), sample), strict=True
        ):
            print("LIVES" if lives else "dies ", mutant, flush=True)
            living += [mutant] if lives else []
    died = len(sample) - len(living)
    print(
        f"{died} of {len(sample)} died, of {len(every)} there are, in {time.monotonic() - started:.0f} seconds."
    )
    return 0 if died >= LEAST * len(sample) else 1


if __name__ == "__main__":
    sys.exit(main())
