"""A shop with people in it, visited over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id
from core.web.host import Host

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled templates are kept for all tests, since compiling them takes longer than a test."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def host(installation: Installation, compiled_templates: Path) -> Host:
    """The web application of the installation, requests not counted."""
    cache = installation.settings.data / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "templates").symlink_to(compiled_templates)
    made = Host(installation)
    made.gate.limit = 0
    return made


@pytest.fixture
def visit(installation: Installation, host: Host) -> Visit:
    """`visit("sara")` is Sara's browser, `visit()` a stranger's."""
    def make(login: str = "") -> Visitor:
        return Visitor(installation, user_id(installation, login) if login else None, host)
    return make


@pytest.fixture
def order(installation: Installation, visit: Visit) -> int:
    """An order of Sara's."""
    with installation.env(SYSTEM) as env:
        return int(env.create("shop.order", {"name": "سفارش نخست", "amount": "1250.5", "owner": user_id(installation, "sara")}))
