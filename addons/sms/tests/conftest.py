"""An SMS provider that stays in this process, and people with passwords."""

import re

import pytest

from addons.messaging import accounts
from addons.messaging.tests.conftest import Loopback
from core.api import SYSTEM, hookimpl
from core.testing.jobs import run_jobs
from tests.core.web_admin.conftest import browser, cheap_hashing, host, visit, with_password

__all__ = ["browser", "cheap_hashing", "host", "visit", "with_password"]


class Plugin:
    def __init__(self):
        self.provider = Loopback()
        self.provider.channel = "sms"

    def register(self, installation):
        """Take part; once more after customising was changed, which compiles the registry anew."""
        if not installation.registry.plugins.is_registered(self):
            installation.registry.plugins.register(self)
        installation.registry.memo.clear()

    @hookimpl
    def providers(self, kind):
        return [self.provider] if kind == "sms" else []


@pytest.fixture
def line(installation):
    """A provider of SMS with an account; `line.provider.taken` has what was sent."""
    made = Plugin()
    made.register(installation)
    with installation.env(SYSTEM) as env:
        made.account = accounts.save(env, None, made.provider, {"name": "Line", "sender": "3000", "price": "2", "price_currency": "IRR"},
                                     {"secret": "s3"})
    yield made
    if installation.registry.plugins.is_registered(made):
        installation.registry.plugins.unregister(made)
    installation.registry.memo.clear()


@pytest.fixture
def code_of(installation, line):
    """The code that was sent last, and how many were."""
    def last():
        run_jobs(installation)
        sent = [m for m in line.provider.taken if m.kind == "code"]
        return (re.search(r"\d{6}", sent[-1].text)[0] if sent else ""), len(sent)
    return last
