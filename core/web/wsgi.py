"""The entry for gunicorn and other WSGI servers: `gunicorn core.web.wsgi:application`.

Settings come from `var/sarnakh.toml`, from the file named in SARNAKH_CONFIG, and from SARNAKH_… variables.
"""

from __future__ import annotations

import os
from pathlib import Path

from core import settings as settings_module
from core.installation import Installation
from core.logs import setup_logs
from core.web.host import Host


def make() -> Host:
    """The application of the settings in the environment."""
    environ = {k: v for k, v in os.environ.items() if k != "SARNAKH_CONFIG"}
    files = [Path(p) for p in (os.environ.get("SARNAKH_CONFIG"), "var/sarnakh.toml") if p and Path(p).is_file()]
    settings = settings_module.load(files[:1], environ)
    setup_logs(settings.log)
    return Host(Installation.open(settings))


application = make()
