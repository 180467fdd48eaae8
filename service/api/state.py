"""Whether the archive is there yet: loading, ready or failed. Knows no route and no model."""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import Request

from indexer.errors import WenjuError
from service.api.problems import InternalError, NotReady

if TYPE_CHECKING:
    from service.archive import Archive

log = logging.getLogger("service.api")


class ArchiveHolder:
    """Loads the archive once, in a thread of its own, and hands it out when it is there.

    The server answers from the first moment, so that whoever waits can see that it is alive.
    `settled` is told when the loading has ended, with the error if there was one.
    """

    def __init__(
        self,
        loader: Callable[[], "Archive"],
        settled: Callable[[WenjuError | None], None] = lambda _: None,
    ) -> None:
        self._loader = loader
        self._settled = settled
        self._archive: Archive | None = None
        self._error: WenjuError | None = None

    def start(self) -> None:
        # A daemon: whoever ends the process doesn't wait for a model to load.
        threading.Thread(target=self._load, name="load-archive", daemon=True).start()

    def _load(self) -> None:
        try:
            self._archive = self._loader()
        except WenjuError as error:
            self._error = error
        except Exception:  # the edge of this thread: logged, and shown by every route
            log.exception("the archive can't be opened")
            self._error = InternalError(
                "the archive can't be opened", hint="the server's log says why"
            )
        self._settled(self._error)

    def get(self) -> "Archive":
        """The archive. Raises: NotReady while it loads, the loader's own error if that failed."""
        if self._archive is not None:
            return self._archive
        if self._error is not None:
            raise self._error.with_traceback(None)  # else every request would lengthen it
        raise NotReady("the index is being loaded", hint="ask again in a moment")


def archive_of(request: Request) -> "Archive":
    """The archive of the application that a request came to. Raises: as `ArchiveHolder.get`."""
    holder: ArchiveHolder = request.app.state.holder
    return holder.get()
