"""The collections of a running service and who asks for them. Knows no route and no model."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from fastapi import Request

from indexer.errors import (
    CollectionNotFound,
    DocumentNotFound,
    IndexMissing,
    InvalidRequest,
    WenjuError,
)
from service.access.audit import Noted
from service.access.principal import ANYONE, Principal, Role
from service.api.problems import Forbidden, InternalError, NotReady

if TYPE_CHECKING:
    from service.archive import Archive

DEFAULT = "default"
"""The collection that is meant where none is named."""

Loader = Callable[[], "Archive"]
Settled = Callable[[WenjuError | None], None]

log = logging.getLogger("service.api")


class ArchiveHolder:
    """Loads an archive once, in a thread of its own, and hands it out when it is there.

    The server answers from the first moment, so that whoever waits can see that it is alive.
    `settled` is told when the loading has ended, with the error if there was one.
    """

    def __init__(self, loader: Loader, settled: Settled) -> None:
        self._loader = loader
        self._settled = settled
        self._archive: Archive | None = None
        self._error: WenjuError | None = None
        self._loading = threading.Lock()

    def start(self) -> None:
        # A daemon: whoever ends the process doesn't wait for a model to load.
        threading.Thread(target=self._start, name="load-archive", daemon=True).start()

    def _start(self) -> None:
        with self._loading:
            if self._archive is None:
                self._load()
        self._settled(self._error)

    def _load(self) -> None:
        self._error = None
        try:
            self._archive = self._loader()
        except IndexMissing as error:
            hint = f"upload documents with POST /v1/documents, or {error.hint}"
            self._error = IndexMissing(error.message, hint=hint)
        except WenjuError as error:
            self._error = error
        except Exception:  # the edge of this thread: logged, and shown by every route
            log.exception("the archive can't be opened")
            self._error = InternalError(
                "the archive can't be opened", hint="the server's log says why"
            )

    def opened(self) -> "Archive":
        """The archive, loaded now if there was no index before. Raises: the loader's own error."""
        with self._loading:
            if self._archive is None:
                self._load()
        return self.get()

    def get(self) -> "Archive":
        """The archive. Raises: NotReady while it loads, the loader's own error if that failed."""
        if self._archive is not None:
            return self._archive
        if self._error is not None:
            raise self._error.with_traceback(None)  # else every request would lengthen it
        raise NotReady("the index is being loaded", hint="ask again in a moment")


class Collections:
    """The archives of a service by name, each with an index folder of its own.

    `settled` is told once, when all have been tried: with None if any of them opened, else with
    the error of the first.
    """

    def __init__(self, loaders: Mapping[str, Loader], settled: Settled = lambda _: None) -> None:
        self._settled = settled
        self._outcomes: dict[str, WenjuError | None] = {}
        self._lock = threading.Lock()
        self._holders = {
            name: ArchiveHolder(loader, self._counting(name)) for name, loader in loaders.items()
        }

    def start(self) -> None:
        for holder in self._holders.values():
            holder.start()

    def _counting(self, name: str) -> Settled:
        def counted(error: WenjuError | None) -> None:
            with self._lock:
                self._outcomes[name] = error
                errors = [self._outcomes.get(each) for each in self._holders]
                if len(self._outcomes) < len(self._holders):
                    return
            if error is not None and len(self._holders) > 1:
                log.warning("the collection %s can't be opened: %s", name, error.message)
            self._settled(None if None in errors else errors[0])

        return counted

    def problem(self, principal: Principal) -> WenjuError | None:
        """None if any collection that a caller may see is usable now, else what is wrong with the
        first.
        """
        first: WenjuError | None = None
        for name in self.visible(principal):
            try:
                self.get(name, principal).reader.select()
            except WenjuError as error:
                first = first or error
            else:
                return None
        return first or NotReady("the key sees no collection", hint="use a key that sees one")

    def visible(self, principal: Principal) -> list[str]:
        """The names that a caller may see, in the order of the settings."""
        return [name for name in self._holders if principal.may_see(name)]

    def get(self, name: str, principal: Principal) -> "Archive":
        """A collection's archive.

        Raises: CollectionNotFound, in the same words for one that the caller may not see as for
        one that is not there; and as `ArchiveHolder.get`.
        """
        self.check(name, principal)
        return self._holders[name].get()

    def check(self, name: str, principal: Principal) -> None:
        """See that a caller may see a collection, usable or not. Raises: CollectionNotFound."""
        if name not in self._holders or not principal.may_see(name):
            raise CollectionNotFound(
                f"there is no collection {name!r}", hint="GET /v1/collections lists them"
            )

    def opened(self, name: str) -> "Archive":
        """The archive of a collection as soon as it can be had: waits while it loads.

        Raises: as `ArchiveHolder.get`, but NotReady.
        """
        return self._holders[name].opened()


def principal_of(request: Request) -> Principal:
    """Who sent a request, as authentication found out; anyone where the service has no keys."""
    principal: Principal = getattr(request.state, "principal", ANYONE)
    return principal


def require(request: Request, role: Role) -> Principal:
    """The caller, if it may act in a role. Raises: Forbidden."""
    principal = principal_of(request)
    if not principal.role.covers(role):
        raise Forbidden(
            f"this needs the role {role}, and the key has the role {principal.role}",
            hint="use a key with that role",
        )
    return principal


def noted_of(request: Request) -> Noted:
    """What the audit log will have of a request, for its route to fill in."""
    noted: Noted = request.state.noted
    return noted


def collections_of(request: Request) -> Collections:
    collections: Collections = request.app.state.collections
    return collections


def archive_of(request: Request, collection: str = DEFAULT) -> "Archive":
    """The archive of a collection, for the caller of a request. Raises: as `Collections.get`.

    The audit log will have the request under this collection, also where it is refused.
    """
    noted_of(request).collection = collection
    return collections_of(request).get(collection, principal_of(request))


def archive_with(request: Request, document_id: str, collection: str | None) -> "Archive":
    """The archive that `collection_with` names. Raises: as that does."""
    return archive_of(request, collection_with(request, document_id, collection))


def collection_with(request: Request, document_id: str, collection: str | None) -> str:
    """The collection that holds a document: the named one, or the first that the caller may see.

    Raises: DocumentNotFound, in the same words for one that the caller may not see as for one that
    is not there; IndexMissing where there is no index to look in; and as `Collections.get`.
    """
    noted_of(request).documents.append(document_id)
    if collection is not None:
        return collection
    missing: list[IndexMissing] = []
    names = collections_of(request).visible(principal_of(request))
    for name in names:
        try:
            archive_of(request, name).reader.document(document_id)
        except DocumentNotFound:
            continue
        except IndexMissing as error:
            missing.append(error)
            continue
        return name
    noted_of(request).collection = None
    if missing and len(missing) == len(names):
        raise missing[0]
    raise DocumentNotFound(
        f"there is no document {document_id[:200]!r}", hint="GET /v1/documents lists them"
    )


def only_collection_with(request: Request, document_id: str, collection: str | None) -> str:
    """The collection that holds a document: the named one, or the only one that the caller may see.

    Raises: as `collection_with`; InvalidRequest where several hold one of this id.
    """
    archive_with(request, document_id, collection).reader.document(document_id)
    if collection is not None:
        return collection
    collections, principal = collections_of(request), principal_of(request)
    names = []
    for name in collections.visible(principal):
        try:
            collections.get(name, principal).reader.document(document_id)
        except (DocumentNotFound, IndexMissing):
            continue
        names.append(name)
    if len(names) > 1:
        raise InvalidRequest(
            f"several collections have this document: {', '.join(names)}",
            hint="name one: ?collection=",
        )
    return names[0]


def see_collection(request: Request, name: str) -> None:
    """See that the caller may see a collection, usable or not. Raises: CollectionNotFound."""
    noted_of(request).collection = name
    collections_of(request).check(name, principal_of(request))
