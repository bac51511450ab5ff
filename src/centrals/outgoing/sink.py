"""The sink of the demo: an endpoint in the server itself that takes every message and keeps none."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from centrals.demo.mark import demo_ids

SINK_PATH = "/demo/sink"
SINK_URL = f"http://127.0.0.1:8000{SINK_PATH}"
"""Its address, which only the demo itself can give an endpoint: others cannot be in a private network."""


async def _sink(_request: Request) -> Response:
    return Response(status_code=204 if await demo_ids() else 404)


SINK = Route(SINK_PATH, _sink, methods=["POST"])
