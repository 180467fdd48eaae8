"""GET /v1/reports: how well this service answers, as the evaluation measured it."""

from dataclasses import asdict
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from indexer.errors import ReportNotFound
from service.api.openapi import problems
from service.api.state import principal_of
from service.reports import report_page, reports_in
from service.settings import Settings

router = APIRouter(tags=["reports"])

# A report has a style and plots of its own, as SVG; nothing in it runs, whoever wrote it.
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class ReportFigureOut(BaseModel):
    name: str
    value: float = Field(description="a share or mean from 0 to 1")
    interval: tuple[float, float] | None = Field(description="where it lies with 95 %")


class ReportOut(BaseModel):
    name: str = Field(description="of the report's file")
    run: str
    started_at: str
    questions: int
    figures: list[ReportFigureOut]


class ReportsResponse(BaseModel):
    reports: list[ReportOut]


@router.get("/v1/reports", response_model=ReportsResponse, summary="List reports")
def list_reports(request: Request) -> Response:
    """The newest run first. None for a key that covers some collections alone: reports quote."""
    return JSONResponse({"reports": [asdict(each) for each in reports_in(_folder(request))]})


@router.get(
    "/v1/reports/{report}",
    response_class=Response,
    responses=problems(ReportNotFound) | {200: {"content": {"text/html": {}}}},
    summary="Read a report",
)
def read_report(request: Request, report: str) -> Response:
    """The report as a web page, in which no script runs."""
    return Response(
        report_page(_folder(request), report),
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": _POLICY},
    )


def _folder(request: Request) -> Path | None:
    """Where the caller may look for reports: they quote from every collection."""
    settings: Settings = request.app.state.settings
    return settings.reports if principal_of(request).collections is None else None
