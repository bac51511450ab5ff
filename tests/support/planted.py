"""What `authz` is turned into, one small wrong change at a time.

The text keeps its lines, so that a function of a mutant is found in place of the right one by its name and line.
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

PACKAGE = Path(__file__).parents[2] / "src" / "authz"
# whether a row that is read by place is handed over with names, too: which costs time, and changes no answer
BY_NAME = "named"
_FUNCTION = 0x1  # of the flags of code: CO_OPTIMIZED, which modules and classes lack

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
    """A wrong change, compiled, and where and what it is."""

    module: str
    change: str
    lines: range
    """Those of the statement."""
    body: range
    """Those of the function around it; empty where it stands in none."""
    code: CodeType
    functions: dict[tuple[str, int], CodeType] | None
    """The changed functions by name and line; None if what is outside of functions changes."""

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.module}:{self.lines.start}  {self.change}"


def mutants() -> list[Mutant]:
    """Every mutant of the package."""
    return [mutant for file in sorted(PACKAGE.glob("*.py")) for mutant in _mutants_of(file)]


def _compare(right: CodeType, wrong: CodeType, found: dict[tuple[str, int], CodeType]) -> bool:
    """Whether a module or class differs in functions alone, which are collected."""
    if (right.co_code, right.co_names, len(right.co_consts)) != (
        wrong.co_code,
        wrong.co_names,
        len(wrong.co_consts),
    ):
        return False
    for before, after in zip(right.co_consts, wrong.co_consts, strict=True):
        if type(before) is not type(after):
            return False
        if not isinstance(before, CodeType):
            if before != after:
                return False
        elif not before.co_flags & _FUNCTION:
            if not _compare(before, after, found):
                return False
        elif before != after:
            found[after.co_qualname, after.co_firstlineno] = after
    return True


def _mutants_of(file: Path) -> Iterator[Mutant]:
    tree = ast.parse(file.read_text())
    parents = {child: above for above in ast.walk(tree) for child in ast.iter_child_nodes(above)}
    right = compile(tree, str(file), "exec")
    numbers: dict[str, int] = {}
    for number, node in enumerate(_judging(tree)):
        for way, changed in enumerate(_changes(node)):
            copied = copy.deepcopy(tree)
            target = list(_judging(copied))[number]
            new = list(_changes(target))[way]
            _replace(copied, target, new)
            ast.fix_missing_locations(copied)
            before, after = ast.unparse(node), ast.unparse(ast.fix_missing_locations(changed))
            if before == after:
                continue
            change = f"{_short(before)}  ->  {_short(after)}"
            again = numbers[change] = numbers.get(change, 0) + 1
            wrong, functions = compile(copied, str(file), "exec"), {}
            yield Mutant(
                file.name,
                change + f" ({again})" * (again > 1),
                *_around(parents, node),
                wrong,
                functions if _compare(right, wrong, functions) else None,
            )


def _around(parents: dict[ast.AST, ast.AST], node: ast.AST) -> tuple[range, range]:
    """The lines of the smallest statement around a node, and those of the body of the outermost function."""
    statement, body = range(0), range(0)
    child: ast.AST | None = node
    while child is not None:
        if isinstance(child, ast.stmt) and not statement:
            head = (
                child.body[0].lineno if isinstance(child, ast.If) else (child.end_lineno or child.lineno) + 1
            )
            statement = range(child.lineno, max(head, child.lineno + 1))
        above = parents.get(child)
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef) and child in above.body:
            body = range(above.body[0].lineno, (above.end_lineno or above.lineno) + 1)
        child = above
    return statement, body


def _short(code: str) -> str:
    line = " ".join(code.split())
    return line if len(line) < 120 else f"{line[:58]}...{line[-58:]}"


def _judging(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes of a tree that decide something: no imports, annotations, docstrings, assertions or messages."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        if name == "keywords" and isinstance(tree, ast.ClassDef):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(
                child, ast.Import | ast.ImportFrom | ast.Raise | ast.Assert
            ):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.keyword) and child.arg == BY_NAME:
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
