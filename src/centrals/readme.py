"""What is written from the schema: the README's table of grants, and the keys for graphcache."""

from collections import defaultdict
from pathlib import Path

from graphql import is_introspection_type

from authz.catalog import groups, label, presets
from authz.gates import grants_in
from authz.grant import Grant
from centrals.printed import cache_keys
from engine.scope.schema import Gates, gate_of
from graph.schema import full_schema

OPENS, CLOSES = "<!-- grants: written by `make schema` -->", "<!-- /grants -->"
README, KEYS = Path("README.md"), Path("docs/graphcache-keys.js")


def opened() -> dict[Grant, list[str]]:
    """What each grant opens in the schema, by coordinate. A type stands for all its fields."""
    schema = full_schema()._schema
    gates = Gates(schema)
    found: dict[Grant, list[str]] = defaultdict(list)
    for name, kind in schema.type_map.items():
        if not is_introspection_type(kind):
            for grant in grants_in(gate_of(kind)):
                found[grant].append(name)
    for (owner, name), bit in gates.members.items():
        for grant in grants_in(bit):
            found[grant].append(f"{owner}.{name}")
    return found


def grants_table() -> str:
    """The table: each grant that opens something, what that is, and the presets that hold it."""
    opens = opened()
    preset_names = {
        grant: [preset.labels["en"] for preset in presets().values() if grant in preset.grants]
        for grant in Grant
    }
    lines = ["| grant | opens | presets |", "| --- | --- | --- |"]
    for group, grants in groups().items():
        opening = [grant for grant in grants if opens.get(grant)]
        if opening:
            lines.append(f"| **{label(group, 'en')}** | | |")
        for grant in opening:
            coordinates = ", ".join(f"`{coordinate}`" for coordinate in opens[grant])
            lines.append(f"| `{grant.value}` | {coordinates} | {', '.join(preset_names[grant])} |")
    return "\n".join(lines)


def with_table(text: str) -> str:
    """A README with an updated table."""
    before, _, rest = text.partition(OPENS)
    _, _, after = rest.partition(CLOSES)
    return f"{before}{OPENS}\n{grants_table()}\n{CLOSES}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
    KEYS.write_text(cache_keys())
