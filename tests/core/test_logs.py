"""What the server writes about itself."""

import io
import logging

import structlog

from core.logs import setup_logs
from core.settings import Log


def test_tracebacks_show_no_local_variables():
    """One of them may be a password."""
    root, before, level = logging.getLogger(), logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    try:
        setup_logs(Log(), stream)
        password = "".join(["hunter", "2", "secret"])
        try:
            raise RuntimeError("broken")
        except RuntimeError:
            structlog.get_logger("test").exception("went wrong", length=len(password))
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()
    assert "RuntimeError: broken" in stream.getvalue()
    assert "hunter2secret" not in stream.getvalue()
