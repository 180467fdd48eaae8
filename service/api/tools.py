"""The Model Context Protocol's address in an application, whether or not its extra is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from fastapi import FastAPI, Response

from service.api.problems import MissingExtra

PATH = "/mcp"


class Tools:
    """The tools at `/mcp`; without the extra `mcp` the address says how to get it."""

    def __init__(self) -> None:
        if find_spec("mcp") is None:
            self._server = None
            return
        from service.api.mcp import server

        self._server = server()

    def install(self, app: FastAPI) -> None:
        if self._server is None:
            app.add_api_route(
                PATH, _not_installed, methods=["GET", "POST", "DELETE"], include_in_schema=False
            )
            return
        from service.api.mcp import routes

        app.router.routes.extend(routes(self._server, PATH))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """To be entered while the application runs."""
        if self._server is None:
            yield
            return
        async with self._server.session_manager.run():
            yield


async def _not_installed() -> Response:
    raise MissingExtra(
        "the Model Context Protocol needs the extra mcp", hint="pip install 'wenju[mcp]'"
    )
