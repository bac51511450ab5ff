"""Under `@whenGranted`, what a viewer lacks is left out exactly as what never existed.

Each probe of something hidden is sent with every selection marked, beside a twin that names something nobody has:
the answers agree to the byte, with their cost and what they left out, and run the same statements.
"""

import json
import re
from typing import Any

import httpx
import pytest
from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    parse,
    print_ast,
)
from graphql.language import Visitor, visit

import extent
import pruned
from client import Client
from doorstep import visiting
from engine.execute import Engine
from gates.test_hidden_is_unknown import STANDS, USER, Asker, _asker, _chosen
from models import database
from probes import Probe, twin
from pruned import Stand

MARK = DirectiveNode(name=NameNode(value="whenGranted"), arguments=())
SUGGESTION = re.compile(r"(?:\. Did you mean [^?]*\? Found|, found)(?=: )| Did you mean .*\?$")
"""What graphql-core suggests instead of an unknown name, and the sentence that it breaks."""
NOT_SELECTED = ("variable of a type", "variable of a list", "__type", "id of", "variable of")
"""Channels that no mark stands at: a variable that nothing uses, and values that are sent."""


class _Marker(Visitor):
    def leave(self, node: Any, *_args: Any) -> Any:
        if isinstance(node, FieldNode | FragmentSpreadNode | InlineFragmentNode):
            changed: Any = type(node)(**{key: getattr(node, key) for key in node.keys})
            object.__setattr__(changed, "directives", (*(node.directives or ()), MARK))
            return changed
        return None


def marked(text: str) -> str:
    """A document with every selection marked."""
    return print_ast(visit(parse(text), _Marker()))


async def _sent(asker: Asker, probe: Probe, name: str) -> tuple[httpx.Response, list[str], str]:
    text, variables = probe.write(name)
    body = {
        "query": marked(text),
        "variables": variables,
        "extensions": {"absent": True, "cost": True},
    }
    headers = {"accept": "application/graphql-response+json"}
    if "token" in asker.who:
        headers["authorization"] = f"Bearer {asker.who['token']}"
    if "account" in asker.who:
        headers["x-central"] = f"central_{asker.who['account']['id']}"
    with database.observed() as statements:
        answer = await asker.client.http.post("/graphql", json=body, headers=headers)
    plain = answer.json()
    plain.get("extensions", {}).get("cost", {}).pop("left", None)
    for error in plain.get("errors", ()):
        error["message"] = SUGGESTION.sub("", error["message"])
    result = json.dumps(plain)
    # in both answers, since a hidden name may be a word of every answer, as "message" is
    own, other_name = probe.name, twin(probe.name)
    for item, other in ((own, other_name), (own.lower(), other_name.lower())):
        result = re.sub(rf"\b{item}\b", other, result)
    return answer, list(statements), result


def _is_left_empty(stand: Stand, probe: Probe) -> bool:
    """Whether a probe is a subscription that is left out with what is hidden: its one field, or in its arguments."""
    if probe.coordinate.startswith("Subscription.") or "of Subscription." in probe.channel:
        return True
    found = re.match(r"subscription[^{]*\{ (\w+)", probe.write(probe.name)[0])
    visible = pruned.coordinates(pruned.schema_for(stand.mask))
    return found is not None and f"Subscription.{found[1]}" not in visible


async def _differences(client: Client, stand: Stand, step: int) -> tuple[int, list[Any]]:
    """How many probes left something out, and those that differ from their twins or were refused."""
    asker = await _asker(client, stand)
    left_out, found = 0, []
    for probe in _chosen(stand, everything=extent.ALL)[::step]:
        if probe.write(probe.name)[0].startswith("mutation"):  # what is run for the first time counts tries
            await _sent(asker, probe, twin(probe.name))
        hidden, unknown = [await _sent(asker, probe, name) for name in (probe.name, twin(probe.name))]
        left_out += bool(json.loads(hidden[2]).get("extensions", {}).get("absent"))
        refused = hidden[0].status_code != 200 and not (
            probe.channel.startswith(NOT_SELECTED)
            or _is_left_empty(stand, probe)
            or "subscription operation is not supported" in unknown[2]  # nor where there is none at all
        )
        if refused or hidden[1:] != unknown[1:] or hidden[0].status_code != unknown[0].status_code:
            found.append((probe.coordinate, probe.channel, hidden[2], unknown[2]))
    return left_out, found


@pytest.mark.parametrize("stand", extent.by_turns(STANDS, 4), ids=str)
async def test_what_is_hidden_is_left_out_as_what_never_existed(client: Client, stand: Stand) -> None:
    left_out, differences = await _differences(client, stand, extent.extent(2, 1))

    print(f"{left_out} left out")
    assert left_out
    assert not differences


async def test_this_test_notices_a_document_pruned_for_another_viewer(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = Engine._granted
    monkeypatch.setattr(Engine, "_granted", lambda self, document, mask: granted(self, document, ~0))

    async with visiting(apart=True) as fresh:
        _, differences = await _differences(fresh, USER, 4)

    assert differences
