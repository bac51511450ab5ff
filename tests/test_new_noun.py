"""A noun is added by a folder of its own and one line: no file of another noun changes."""

import shutil
import subprocess
import sys
from pathlib import Path

import graph

NOUN = '''
from collections.abc import AsyncIterator

import strawberry

from authz.gates import needs, signed_in
from authz.grant import Grant
from graph.kit.noun import AccountPart, Noun


@strawberry.type
class Weather:
    """The weather."""

    sky: str
    """How the sky looks."""


@strawberry.type
class WeatherQuery:
    """What anyone may ask about the weather."""

    @strawberry.field
    def weather(self) -> Weather:
        """The weather now."""
        return Weather(sky="clear")


@strawberry.type
class WeatherOfAccount(AccountPart):
    """The weather at the account."""

    @needs(Grant.SEARCH_SALES)
    def weather(self) -> Weather:
        """The weather at the account."""
        return Weather(sky="clear")


@strawberry.type
class WeatherMutations:
    """Changing the weather."""

    @signed_in()
    def clear_sky(self) -> Weather:
        """Clear the sky."""
        return Weather(sky="clear")


@strawberry.type
class WeatherSubscription:
    """Following the weather."""

    @needs(Grant.SEARCH_SALES, is_subscription=True)
    async def weather_changed(self) -> AsyncIterator[Weather]:
        """The weather after each change."""
        for sky in ("clear", "cloudy"):
            yield Weather(sky=sky)


NOUN = Noun(
    query=WeatherQuery,
    account=WeatherOfAccount,
    mutations=(WeatherMutations,),
    subscription=WeatherSubscription,
    messages={"storm": ("Storm.", "Tormenta.", "Orage.", "عاصفة.", "Tempestade.")},
)
'''
USE = """
import asyncio
from types import SimpleNamespace
import graph.schema
from authz.gates import grant_bit
from authz.grant import Grant
from engine.scope.schema import Scopes
from graph.kit.messages import message
schema = graph.schema.full_schema()
scopes = Scopes(schema)
bit = grant_bit(Grant.SEARCH_SALES)
async def follow(mask):
    context = SimpleNamespace(viewer=SimpleNamespace(mask=mask))
    found = await schema.subscribe("subscription { weatherChanged { sky } }", context_value=context)
    return [one.data and one.data["weatherChanged"]["sky"] async for one in found]
print(schema.execute_sync("{ weather { sky } }").data)
print(message("storm", "pt"))
fields = schema._schema.type_map
print("weather" in fields["Account"].fields, "clearSky" in fields["Mutation"].fields)
print(fields["Account"].fields["weather"].description)
print(scopes.scoped(0)._schema.subscription_type, "weatherChanged" in scopes.scoped(bit)._schema.subscription_type.fields)
print(fields["Subscription"].fields["weatherChanged"].description)
print(asyncio.run(follow(bit)), asyncio.run(follow(0)))
"""


def test_a_noun_is_added_by_its_folder_and_one_line(tmp_path: Path) -> None:
    source = Path(graph.__file__).parent
    shutil.copytree(source, tmp_path / "graph", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "graph" / "weather"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "noun.py").write_text(NOUN)
    nouns = tmp_path / "graph" / "nouns.py"
    nouns.write_text(nouns.read_text().replace('    "audit",\n', '    "audit",\n    "weather",\n'))

    done = subprocess.run(
        [sys.executable, "-c", USE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "{'weather': {'sky': 'clear'}}",
        "Tempestade.",
        "True True",
        "The weather at the account. Needs the grant SEARCH_SALES.",
        "None True",
        "The weather after each change. Needs the grant SEARCH_SALES.",
        "['clear', 'cloudy'] [None]",
    ]
