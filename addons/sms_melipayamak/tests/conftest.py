"""Melipayamak as a server on loopback, and an account there."""

from __future__ import annotations

import pytest

from addons.sms_melipayamak.tests.server import KEY, LINE, USER, Server


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
    return {"username": USER, "key": KEY, "lines": LINE, "address": server.address}


@pytest.fixture
def account(server, settings):
    return server.account(settings)
