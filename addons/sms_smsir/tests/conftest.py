"""SMS.ir as a server on loopback, and an account there."""

from __future__ import annotations

import pytest

from addons.sms_smsir.tests.server import KEY, LINE, Server


@pytest.fixture(scope="module")
def running():
    with Server() as one:
        yield one


@pytest.fixture
def server(running):
    running.reset()
    return running


@pytest.fixture
def settings(server):
    return {"key": KEY, "lines": str(LINE), "address": server.address}


@pytest.fixture
def account(server, settings):
    return server.account(settings)
