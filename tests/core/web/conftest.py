"""A shop with people in it, visited over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.installation import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor, host_of
from core.testing.plugin import user_id
from core.web.host import Host

Visit = Callable[..., Visitor]


@pytest.fixture
def host(installation: Installation) -> Host:
    """The web application of the installation, requests not counted."""
    return host_of(installation)


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
