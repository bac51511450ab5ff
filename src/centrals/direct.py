"""Starlette's application, with a direct way to the API."""

from collections.abc import Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(Starlette):
    """An application whose requests to the API pass its middleware, but no router or handler of exceptions.

    The outermost middleware handles what the API raises, and the API needs nothing that a router finds out.
    """

    def __init__(self, api: Route, routes: Sequence[BaseRoute], **options: Any) -> None:
        super().__init__(routes=[api, *routes], **options)
        self._api = api

    def build_middleware_stack(self) -> ASGIApp:
        """The layers around the routes, beside those around the API alone."""
        whole, path = super().build_middleware_stack(), self._api.path
        methods = frozenset(self._api.methods or ())
        direct = self._api.app
        for factory, args, kwargs in reversed(self.user_middleware):
            direct = factory(direct, *args, **kwargs)

        async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
            api = scope["type"] == "http" and scope["path"] == path and scope["method"] in methods
            # below another path, the router knows what is left of a request's own
            await (direct if api and not scope.get("root_path") else whole)(scope, receive, send)

        return chosen
