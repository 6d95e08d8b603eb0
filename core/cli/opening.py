"""Opening the installation a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.cli.common import Workplace
from core.installation import Installation
from core.logs import setup_logs


@contextmanager
def installation(place: Workplace, **flags: Any) -> Iterator[Installation]:
    """The installation of the workplace, made where there is none and brought up to date; closed at the end."""
    settings = place.settings(**flags)
    setup_logs(settings.log)
    found = Installation.open(settings)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def untouched(place: Workplace) -> Iterator[Installation]:
    """The installation as it is, its addons found but nothing brought up to date; to look before leaping."""
    settings = place.settings()
    setup_logs(settings.log)
    settings.data.mkdir(parents=True, exist_ok=True)
    found = Installation(settings)
    try:
        found.discover()
        yield found
    finally:
        found.close()
