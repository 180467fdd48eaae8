"""Pages of other sites may not write here. Knows no route.

A browser sends a form to any address, with no leave asked: what a form can send must be told apart
by where it comes from. JSON, and methods such as DELETE, it sends only after asking.
"""

from urllib.parse import urlsplit

from fastapi import Request

from service.api.problems import Forbidden


def same_origin(request: Request) -> None:
    """Check that no page of another site sent a request. Raises: Forbidden."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        is_foreign = site not in ("same-origin", "none")
    else:
        is_foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if is_foreign:
        raise Forbidden(
            "a page of another site sent this", hint="use the page of this service, or a program"
        )
