"""A second installation beside the first, to move packages to."""

from collections.abc import Iterator

import pytest

from core.installation import Installation
from core.testing.plugin import Templates, shipped_addons


@pytest.fixture
def other(database: str, templates: Templates, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """Another installation with the same addons and people."""
    mark = request.node.get_closest_marker("addons")
    loan = templates.lend(database, tuple(mark.args) if mark else shipped_addons())
    yield loan.inst
    templates.take_back(loan)
