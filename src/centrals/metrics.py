"""Metrics for Prometheus: every process publishes its own, and each can show the sums."""

import asyncio
import atexit
import contextlib
import hmac
import logging
import os
import socket
import threading
import time
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from centrals.observation import ObservationSettings
from centrals.server import BoundedProtocol
from engine.execute import Engine
from models import database
from telemetry import figures
from telemetry.exposition import MEDIA_TYPE, exposition
from telemetry.sharing import SharedFolder

EVERY_SECONDS = 1.0
_OUTBOX_EVERY_SECONDS = 10.0
_SCRAPER_SECONDS = 5
_log = logging.getLogger("centrals.metrics")
_OUTBOX = (
    "SELECT count(CASE WHEN dead_at IS NULL THEN 1 END) AS waiting, count(dead_at) AS failed,"
    " min(CASE WHEN dead_at IS NULL THEN created_at END) AS oldest"
    " FROM outbox_messages WHERE sent_at IS NULL"
)


class Publisher:
    """Reads the metrics of this process that are not counted as they happen, and publishes all metrics."""

    def __init__(self, engine: Engine, shared: SharedFolder) -> None:
        self._engine = engine
        self._shared = shared
        self._outbox_at = 0.0
        self._publishes = True

    async def run(self) -> None:
        """Publish every second while the process serves."""
        due = time.monotonic()
        while True:
            figures.LOOP_LAG.set(max(0.0, time.monotonic() - due))
            await self.publish()
            due = time.monotonic() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)

    async def publish(self) -> None:
        """Publish now."""
        await self._look_at_outbox()
        self.take()
        try:
            self._shared.publish()
            self._publishes = True
        except OSError as error:
            if self._publishes:
                _log.warning("metrics not published", extra={"kind": type(error).__name__})
            self._publishes = False

    def take(self) -> None:
        """Read the current metrics of the process, its caches and its pools."""
        figures.PROCESSES.set(1)
        figures.BUILD.set(1, version("centrals"))
        figures.CPU_SECONDS.cell()[0] = time.process_time()
        figures.MEMORY_BYTES.set(_resident_bytes())
        figures.CONNECTIONS.set(len(BoundedProtocol.bounds))
        for cache, size in self._engine.cache_sizes().items():
            figures.CACHE_BYTES.set(size, cache)
        for (pool, state), connections in database.pool_sizes().items():
            figures.POOL_CONNECTIONS.set(connections, pool, state)

    async def _look_at_outbox(self) -> None:
        if time.monotonic() < self._outbox_at:
            return
        self._outbox_at = time.monotonic() + _OUTBOX_EVERY_SECONDS
        try:
            (row,) = await database.read(_OUTBOX)
        except Exception:
            # the database is unavailable: earlier values about it are no longer true
            figures.OUTBOX_MESSAGES.clear()
            figures.OUTBOX_AGE.clear()
            return
        figures.OUTBOX_MESSAGES.set(row["waiting"], "waiting")
        figures.OUTBOX_MESSAGES.set(row["failed"], "failed")
        age = database.now() - row["oldest"] if row["oldest"] else 0
        figures.OUTBOX_AGE.set(max(0, age) / 1000)


@contextlib.asynccontextmanager
async def publishing(publisher: Publisher | None) -> AsyncIterator[None]:
    """Publish during the block, and once more at its end."""
    if publisher is None:
        yield
        return
    task = asyncio.create_task(publisher.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await publisher.publish()


def metrics_route(observation: ObservationSettings, publisher: Publisher, shared: SharedFolder) -> Route:
    """The route of `/metrics`, for callers with the token. Without a token, it does not exist."""

    async def show(request: Request) -> Response:
        if not observation.metrics_token:
            raise HTTPException(404)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(token.strip().encode(), observation.metrics_token.encode())
        if scheme.lower() != "bearer" or not right:
            return Response(status_code=401, headers={"www-authenticate": "Bearer"})
        publisher.take()
        content = exposition(shared.of_all())
        return Response(content, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})

    return Route("/metrics", show, methods=["GET"])


class MetricsServer(ThreadingHTTPServer):
    """Shows the metrics on a separate port, in threads of the parent process."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(self, host: str, port: int, shared: SharedFolder) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.shared = shared
        super().__init__((host, port), _Handler)

    def start(self) -> None:
        """Serve until the process ends."""
        atexit.register(self.server_close)
        threading.Thread(target=self.serve_forever, name="metrics", daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A scraper that disconnects early is not an error."""


class _Handler(BaseHTTPRequestHandler):
    server: MetricsServer
    timeout = _SCRAPER_SECONDS
    server_version = "centrals"
    sys_version = ""

    def do_GET(self) -> None:
        """Show the metrics."""
        found = self.path.partition("?")[0] == "/metrics"
        content = exposition(self.server.shared.of_all(own=False)) if found else b""
        self.send_response(200 if found else 404)
        self.send_header("content-type", MEDIA_TYPE)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """A scrape is not logged."""


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
