"""What the server writes about itself: one line an event, for people or as JSON, with the request it belongs to."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import structlog

from core.settings import Log

HIDDEN = ("password", "secret", "token", "cookie", "authorization", "session_key", "encryption_key")


def setup_logs(settings: Log, stream: TextIO | None = None) -> None:
    """Send our events and those of the standard logging module to `stream` (default: stderr), in the format set."""
    target = stream or sys.stderr
    level = getattr(logging, settings.level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _without_secrets,
    ]
    if settings.format == "json":
        last: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # The plain traceback: the rich one shows local variables, and one of them may be a password.
        last = [structlog.dev.ConsoleRenderer(colors=target.isatty(), pad_event_to=0, timestamp_key="at",
                                              exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
                        wrapper_class=structlog.make_filtering_bound_logger(level),
                        logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=False)
    handler = logging.StreamHandler(target)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These tell at "info" about each step, request or task; our own line about the work is enough.
    for name in ("huey", "waitress", "werkzeug"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("alembic").setLevel(logging.ERROR)  # it warns of indexes that core.schema compares itself


def logger(name: str) -> Any:
    """A logger: `logger("core.jobs").info("job done", job=7)`."""
    return structlog.get_logger(name)


def new_request_id() -> str:
    """A short id that ties an error page shown to a person to the lines in the log."""
    return secrets.token_hex(6)


@contextmanager
def log_context(**values: Any) -> Iterator[None]:
    """Put values (request=…, user=…, job=…) on every line written within."""
    with structlog.contextvars.bound_contextvars(**values):
        yield


def _without_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    for key in event:
        if any(word in key.lower() for word in HIDDEN):
            event[key] = "•••"
    return event
