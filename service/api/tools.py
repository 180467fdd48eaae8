"""The Model Context Protocol's address in an application, whether or not its extra is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec

from fastapi import FastAPI, Response

from service.api.problems import MissingExtra

PATH = "/mcp"


@asynccontextmanager
async def tools(app: FastAPI) -> AsyncIterator[None]:
    """The tools at `/mcp` while this is entered; without the extra the address says how to get it.

    The engine takes half a second to import: here that passes while the archive is loaded.
    """
    if find_spec("mcp") is None:
        app.add_api_route(
            PATH, _not_installed, methods=["GET", "POST", "DELETE"], include_in_schema=False
        )
        yield
        return
    from service.api.mcp import routes, server

    served = server()
    app.router.routes.extend(routes(served, PATH))
    async with served.session_manager.run():
        yield


async def _not_installed() -> Response:
    raise MissingExtra(
        "the Model Context Protocol needs the extra mcp", hint="pip install 'wenju[mcp]'"
    )
