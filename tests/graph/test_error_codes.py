"""Every error code that a mutation declares stands in code that the mutation can reach."""

import ast
from functools import cache
from pathlib import Path

import models
from authz.refusal import ErrorCode
from graph.kit.mutation import DECLARED
from graph.schema import full_schema

SOURCE = Path(models.__file__).parents[1]
Place = tuple[str, str]


class Module:
    """The names at the top of a module: what they stand for here, or where they come from."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.nodes: dict[str, ast.AST] = {}
        self.imports: dict[str, Place] = {}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.nodes[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                self.nodes |= {target.id: node for target in targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = (node.module, alias.name)


@cache
def modules() -> dict[str, Module]:
    found = {}
    for room in ("graph", "actions", "authz"):
        for file in (SOURCE / room).rglob("*.py"):
            name = ".".join(file.relative_to(SOURCE).with_suffix("").parts)
            found[name] = Module(name, ast.parse(file.read_text()))
    return found


def _resolved(module: str, name: str) -> Place | None:
    """The place that a name of a module stands for: a definition, or a module with an empty name."""
    known = modules()[module]
    if name in known.nodes:
        return module, name
    if name in known.imports:
        owner, inner = known.imports[name]
        if f"{owner}.{inner}" in modules():
            return f"{owner}.{inner}", ""
        if owner in modules():
            return _resolved(owner, inner)
    return None


def _references(module: str, node: ast.AST) -> set[Place]:
    found = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name):
            place = _resolved(module, item.value.id)
            if place is not None and place[1] == "":
                found.add(_resolved(place[0], item.attr))
        elif isinstance(item, ast.Name):
            found.add(_resolved(module, item.id))
    return {place for place in found if place is not None and place[1]}


def _is_declaration(node: ast.Assign) -> bool:
    call = node.value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Mutation"


def _codes(node: ast.AST) -> set[str]:
    """The codes in a definition; a declaration of a mutation only says which there are."""
    if isinstance(node, ast.Assign) and _is_declaration(node):
        return set()
    return {
        item.attr
        for item in ast.walk(node)
        if isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id == "ErrorCode"
    }


@cache
def _read(place: Place) -> tuple[frozenset[str], frozenset[Place]]:
    """The codes in a definition, and what it refers to."""
    module, name = place
    node = modules()[module].nodes[name]
    return frozenset(_codes(node)), frozenset(_references(module, node))


@cache
def reachable(place: Place) -> frozenset[str]:
    """The codes in what a definition refers to, at any depth."""
    codes: set[str] = set()
    found, rest = {place}, [place]
    while rest:
        own, references = _read(rest.pop())
        codes |= own
        rest += references - found
        found |= references
    return frozenset(codes)


def _declarations() -> dict[str, Place]:
    """Where each mutation is declared, by its name."""
    return {
        str(node.value.args[0].value): (module, name)  # type: ignore[attr-defined]
        for module, known in modules().items()
        for name, node in known.nodes.items()
        if isinstance(node, ast.Assign) and _is_declaration(node)
    }


def _resolvers() -> dict[Place, tuple[str, ast.AST]]:
    """The method of each declared mutation, with its module."""
    return {
        place: (module, method)
        for module, known in modules().items()
        for node in known.nodes.values()
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.AsyncFunctionDef)
        for decorator in method.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Name)
        and decorator.func.id == "mutation"
        for place in _references(module, decorator.args[0])
    }


def test_every_declared_code_stands_in_what_its_mutation_can_reach() -> None:
    full_schema()
    resolvers, undue = _resolvers(), {}
    declarations = _declarations()
    for name in DECLARED.keys() & declarations.keys():
        place = declarations[name]
        module, method = resolvers[place]
        codes = _codes(method).union(*(reachable(reference) for reference in _references(module, method)))
        if surplus := {code.value for code in DECLARED[name].codes} - codes:
            undue[name] = surplus

    assert undue == {}
    by_http = {"exportAuditLog", "exportReport", "exportRows", "signInWithProvider"}
    assert declarations.keys() - DECLARED.keys() == by_http
    # the mutations of tools are made of their declarations, and share their codes
    assert {name.removeprefix("save").removeprefix("restore") for name in DECLARED.keys() - declarations} == {
        "Distribution",
        "SubscriptionRules",
        "TrackingPixels",
    }


def test_a_code_is_found_where_it_stands_and_nowhere_else() -> None:
    found = reachable(("actions.commerce.sales.buyer_email", "change_buyer_email"))

    assert {"RATE_LIMITED", "BAD_EMAIL", "NOT_FOUND"} <= found
    assert not {"EDITION", "CODE_TAKEN"} & found


def test_every_code_is_declared_by_a_mutation() -> None:
    full_schema()

    declared = {code for item in DECLARED.values() for code in item.error_codes}
    assert declared == set(ErrorCode)
