"""HEAD wherever GET works: the same head, and no body. Knows no route."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadAsGet:
    """ASGI middleware: routes see a GET, and end where they would begin to send a body.

    What follows the head may be a stream without an end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        sent = asyncio.Event()

        async def headless(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                sent.set()

        got = asyncio.ensure_future(self._app({**scope, "method": "GET"}, receive, headless))
        told = asyncio.ensure_future(sent.wait())
        try:
            await asyncio.wait({got, told}, return_when=asyncio.FIRST_COMPLETED)
            if got.done():
                got.result()
        finally:
            told.cancel()
            got.cancel()
