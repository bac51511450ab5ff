"""What is written from the schema: the README's table of grants, and the keys for graphcache."""

from collections import defaultdict
from pathlib import Path

from graphql import is_introspection_type

from authz.catalog import groups, label, presets
from authz.gates import grants_in
from authz.grant import Grant
from centrals.printed import cache_keys
from engine.scope.gates import Gates, gate_of
from graph.schema import full_schema

OPENS, CLOSES = "<!-- grants: written by `make schema` -->", "<!-- /grants -->"
README, KEYS, DESK = Path("README.md"), Path("docs/graphcache-keys.js"), Path("docs/desk.md")
_CELLS = 5


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


def shown(desk: str) -> dict[str, str]:
    """The figures of the demo for each grant, from the table of the page about the desk."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in desk.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split(" | ")]
        if line.startswith("| `") and len(cells) == _CELLS:
            grant, _opens, who, selection, figure = cells
            field = selection.removeprefix("reports { ").partition("(")[0].split()[0]
            found[grant].append(f"{figure} in `{field}` as `{who.partition('@')[0]}@`")
    return {grant: ", ".join(figures) for grant, figures in found.items()}


def grants_table(desk: str) -> str:
    """The table: each grant that opens something, what that is, the presets that hold it, and the demo."""
    figures = shown(desk)
    opens = opened()
    preset_names = {
        grant: [preset.labels["en"] for preset in presets().values() if grant in preset.grants]
        for grant in Grant
    }
    lines = ["| grant | opens | presets | in the demo |", "| --- | --- | --- | --- |"]
    for group, grants in groups().items():
        opening = [grant for grant in grants if opens.get(grant)]
        if opening:
            lines.append(f"| **{label(group, 'en')}** | | | |")
        for grant in opening:
            coordinates = ", ".join(f"`{coordinate}`" for coordinate in opens[grant])
            cells = (coordinates, ", ".join(preset_names[grant]), figures.get(grant.value, ""))
            lines.append(f"| `{grant.value}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def with_table(text: str, desk: str) -> str:
    """A README with an updated table."""
    before, _, rest = text.partition(OPENS)
    _, _, after = rest.partition(CLOSES)
    return f"{before}{OPENS}\n{grants_table(desk)}\n{CLOSES}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(), DESK.read_text()))
    KEYS.write_text(cache_keys())
