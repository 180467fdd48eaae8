"""The application factory: settings and an archive in, an ASGI application out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from service.access.audit import AuditLog
from service.api import (
    ask,
    audit,
    documents,
    errors,
    feedback,
    health,
    jobs,
    metrics,
    openai,
    page,
    pages,
    reports,
    search,
    session,
    suggestions,
    uploads,
)
from service.api.audit import Audited
from service.api.authentication import Authentication, access_in
from service.api.errors import CatchUnexpected
from service.api.head import HeadAsGet
from service.api.headers import SecurityHeaders
from service.api.hosts import KnownCallers, origin_name
from service.api.limits import BodyLimit, BodyTimeout, ConnectionLimit
from service.api.metrics import Metrics
from service.api.observe import Observe
from service.api.openapi import DescribedApi
from service.api.rates import RateLimit
from service.api.running import Runner
from service.api.slots import Slots
from service.api.state import Collections, Loader, Settled
from service.api.strict import known_parameters
from service.api.tools import tools
from service.api.uploads import desk_for
from service.feedback import FeedbackLog
from service.settings import Settings

DESCRIPTION = """\
Ask an archive, get an answer with its proof.

Offsets count Unicode code points in the document's stored text, `start` inclusive, `end`
exclusive; times are in milliseconds, sizes in bytes. Errors are RFC 9457 problem details."""


def create_app(
    loaders: Mapping[str, Loader],
    settings: Settings,
    settled: Settled = lambda _: None,
) -> FastAPI:
    """The service. `loaders` open the collections once the server runs; until then it isn't ready.

    `settled` is told, from a loading thread, when that has ended: see `Collections`.
    """
    collections = Collections(loaders, settled)
    desk = desk_for(settings, collections)

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        collections.start()
        desk.start()
        async with tools(served):
            yield
        await run_in_threadpool(desk.stop)

    app = DescribedApi(
        title="Wenju 问据",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # the stock page loads its scripts from elsewhere; ours is at /docs
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(known_parameters)],
    )
    app.state.collections = collections
    app.state.desk = desk
    app.state.feedback = FeedbackLog(settings.state / "feedback.jsonl", settings.max_feedback_bytes)
    app.state.settings = settings
    app.state.receiving = 0  # uploads
    app.state.suggestions = {}
    app.state.metrics = measured = Metrics()
    app.state.runner = runner_for(settings, measured)
    app.state.access = access_in(settings.state)
    managing = (uploads, jobs, feedback, session, audit, health, metrics)
    for module in (ask, search, documents, pages, reports, openai, suggestions, *managing):
        app.include_router(module.router)
    page.install(app)
    errors.install(app)
    guard(app, settings, measured)
    return app


def guard(app: FastAPI, settings: Settings, measured: Metrics) -> None:
    """What each request passes on its way in, and each response on its way out."""
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes, streamed=[uploads.PLACE])
    app.add_middleware(BodyTimeout, timeout_s=settings.body_timeout_s)
    app.add_middleware(RateLimit, rate=settings.rate_limit, rejected=measured.rejected)
    app.add_middleware(Authentication, access=app.state.access)
    app.add_middleware(HeadAsGet)
    app.add_middleware(ConnectionLimit, rejected=measured.rejected)
    app.add_middleware(CatchUnexpected)
    app.add_middleware(
        Audited,
        audit_log=AuditLog(settings.state, settings.audit_max_bytes),
        questions=settings.audit_questions,
    )
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=[origin_name(origin) for origin in settings.allowed_origins],
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Accept-Language", "Authorization", "Content-Type", "X-API-Key"],
        )
    app.add_middleware(
        KnownCallers,
        hosts=(settings.host, *settings.allowed_hosts),
        origins=settings.allowed_origins,
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observe, metrics=measured)


def runner_for(settings: Settings, measured: Metrics) -> Runner:
    """What works on answers, with gauges that tell how busy it is."""
    slots = Slots(
        settings.answers_at_once, settings.max_waiting, settings.max_wait_s, measured.rejected
    )
    for name, description, now in (
        ("running", "Answers and searches in work.", lambda: slots.running),
        ("waiting", "Answers and searches that wait for their turn.", lambda: slots.waiting),
        ("abandoned", "Answers in work that nobody waits for any more.", lambda: slots.strays),
    ):
        measured.watch(f"wenju_answers_{name}", description, now)
    return Runner(slots, settings.answer_timeout_s, settings.stage_timeout_s)
