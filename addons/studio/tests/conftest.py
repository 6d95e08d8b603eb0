"""People who may and may not arrange pages."""

from __future__ import annotations

import pytest

from core.api import Installation
from core.security.actor import SYSTEM
from core.testing.browser import Visitor
from core.testing.plugin import user_id


@pytest.fixture
def boss(installation: Installation) -> Visitor:
    """The Director, with the profile Administrator."""
    return Visitor(installation, user_id(installation, "boss"))


@pytest.fixture
def sara(installation: Installation) -> Visitor:
    """A seller."""
    return Visitor(installation, user_id(installation, "sara"))


@pytest.fixture
def standard(installation: Installation) -> int:
    """The number of the profile that sellers have."""
    with installation.env(SYSTEM, write=False) as env:
        return int(env.query("base.profile").where('name == "Standard"').ids()[0])
