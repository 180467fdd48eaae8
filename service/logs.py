"""The service's log: to standard error, one line an event, as text or as JSON. Knows no HTTP.

What callers send is not logged; what of it gets into a message all the same can't forge a line.
"""

import json
import logging
import re
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The id of the request that is being answered; None outside of one."""

REQUESTS = "service.requests"
"""The logger that gets one line a request."""

# C0 and C1 control characters, and the separators that some readers take for line ends.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(log_format: Literal["text", "json"] | None) -> None:
    """Log warnings and what is worse; with a format named, a line a request as well."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(REQUESTS).setLevel(logging.WARNING if log_format is None else logging.INFO)
    threading.excepthook = _log_thread


def _log_thread(ended: threading.ExceptHookArgs) -> None:
    """What ended a thread that nobody else tells of."""
    error = ended.exc_value
    logging.getLogger("service").error("a thread broke off", exc_info=error)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """What was logged with `extra={"fields": …}`, and the id of the request, if there is one."""
    fields: dict[str, object] = dict(getattr(record, "fields", {}))
    request_id = REQUEST_ID.get()
    if request_id is not None:
        fields.setdefault("request_id", request_id)
    return fields


class JsonLines(logging.Formatter):
    """An object a line: time, level, logger, message, the fields, and an exception's traceback."""

    def format(self, record: logging.LogRecord) -> str:
        shown: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info:
            shown["exception"] = self.formatException(record.exc_info)
        # In ASCII: JSON then escapes whatever could end a line.
        return json.dumps(shown, default=str)


class TextLines(logging.Formatter):
    """`TIME LEVEL logger: message name=value …`; of a traceback each line is set in."""

    def format(self, record: logging.LogRecord) -> str:
        told = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        line = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}{told}"
        lines = [_one_line(line)]
        if record.exc_info:
            traceback = self.formatException(record.exc_info).split("\n")
            lines += [f"    {_one_line(each)}" for each in traceback]
        return "\n".join(lines)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _one_line(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
