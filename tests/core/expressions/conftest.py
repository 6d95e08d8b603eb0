"""Databases of the language's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.core.expressions.world import database


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """Each database in turn."""
    with database(request.param) as found:
        yield found


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is rolled back."""
    with engine.connect() as found:
        yield found
        found.rollback()
