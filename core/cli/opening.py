"""Opening the installation a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.cli.common import Workplace
from core.installation import Installation
from core.logs import setup_logs
from core.settings import Settings


@contextmanager
def installation(place: Workplace, **flags: Any) -> Iterator[Installation]:
    """The installation of the workplace, made where there is none and brought up to date; closed at the end."""
    found = Installation.open(prepared(place, **flags))
    try:
        yield found
    finally:
        found.close()


@contextmanager
def untouched(place: Workplace) -> Iterator[Installation]:
    """The installation as it is, its addons found but nothing brought up to date; to look before leaping."""
    found = Installation(prepared(place))
    try:
        found.discover()
        yield found
    finally:
        found.close()


def prepared(place: Workplace, **flags: Any) -> Settings:
    """The settings, with logging set up and the data folder made for nobody else to read."""
    settings = place.settings(**flags)
    setup_logs(settings.log)
    if not settings.data.is_dir():
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings
