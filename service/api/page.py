"""The page at `/`, its modules under `/page/`, and the API's documentation at `/docs`."""

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from indexer.text.normalise import han_spellings
from service.api.problems import KINDS

PAGE_DIR = Path(__file__).parent.parent / "page"
DOCS_DIR = Path(__file__).parent / "docs"


class Revalidated(StaticFiles):
    """Files that a browser asks after each time, so that an upgrade shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        return _html(PAGE_DIR / "index.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return _html(DOCS_DIR / "index.html")

    @app.get("/docs/problems.json", include_in_schema=False)
    async def problems(request: Request) -> Response:  # noqa: ARG001
        return JSONResponse({"problems": problem_list()})

    @app.get("/page/spellings.json", include_in_schema=False)
    def spellings() -> Response:
        written, folded = han_spellings()
        return JSONResponse(
            {"written": written, "folded": folded}, headers={"Cache-Control": "no-cache"}
        )

    app.mount("/page", Revalidated(directory=PAGE_DIR))
    app.mount("/docs", Revalidated(directory=DOCS_DIR))


def problem_list() -> list[dict[str, str | int]]:
    """Every error code that a caller can meet, for the documentation."""
    return [
        {
            "code": error.code,
            "status": kind.status,
            "title": kind.title,
            "title_zh": kind.title_zh,
        }
        for error, kind in KINDS.items()
    ]


def _html(path: Path) -> Response:
    return FileResponse(
        path, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
