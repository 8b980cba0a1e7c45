"""Log records in, one JSON object per line on stdout out, each with its request's correlation id."""

import json
import logging
import sys
import time
from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")

# What `extra=` may add; any other attribute of a record stays out of the log.
FIELDS = (
    "added",
    "removed",
    "error",
    "failures",
    "reason",
    "kid",
    "client",
    "user",
    "method",
    "path",
    "status",
    "milliseconds",
    "environment",
    "issuer",
    "expected",
)


class JsonLines(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        """Render the record."""
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "correlationId": correlation_id.get() or None,
            **{name: getattr(record, name, None) for name in FIELDS},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value is not None})


def configure(level: str) -> None:
    """Send all logs of the process, uvicorn's too, to stdout as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    # httpx logs each request at INFO.
    logging.getLogger("httpx").setLevel(logging.WARNING)
