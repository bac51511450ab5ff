"""A schema as text (SDL), as the command line, the API and the documentation print it."""

import asyncio
import re
from weakref import WeakKeyDictionary

import strawberry
from cachetools import LRUCache
from graphql.utilities.print_schema import print_schema_definition
from strawberry.printer import print_schema

MOST_TEXTS = 16
"""The most texts that a process caches. The full one has half a megabyte."""
_BROKEN_LIST = re.compile(r"(?<=: )\[\n((?:  [A-Z_]+\n)+)\]")  # the printer breaks lists that are long
_texts: LRUCache[strawberry.Schema, str] = LRUCache(MOST_TEXTS)
_printing: "WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]" = WeakKeyDictionary()


def printed(schema: strawberry.Schema) -> str:
    """The SDL of a schema, with its gates as directives."""
    # Strawberry's printer leaves out the description of the schema itself
    text = f"{print_schema_definition(schema._schema)}\n\n{print_schema(schema)}\n"
    return _BROKEN_LIST.sub(lambda found: f"[{', '.join(found.group(1).split())}]", text)


async def sdl_of(schema: strawberry.Schema) -> str:
    """The same, from the cache or printed in a thread: one at a time, since it takes up to two seconds."""
    loop = asyncio.get_running_loop()
    async with _printing.setdefault(loop, asyncio.Lock()):
        if schema not in _texts:
            _texts[schema] = await asyncio.to_thread(printed, schema)
        return _texts[schema]
