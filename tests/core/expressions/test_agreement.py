"""Python, SQLite and PostgreSQL give the same answers for any well-typed expression about any row."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.expressions import ast
from core.expressions.check import check
from core.expressions.parse import parse, to_text
from core.expressions.to_json import from_json, to_json
from core.expressions.to_python import record_getter, to_python
from core.expressions.to_sql import to_sql
from core.expressions.types import Context
from tests.core.expressions.maker import Maker
from tests.core.expressions.world import TableResolver, database, deals, schema, store

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
EXAMPLES = int(os.environ.get("EXPRESSION_EXAMPLES", "40"))
LARGEST = 10**11


@pytest.fixture(scope="module")
def connections() -> Iterator[list[sa.Connection]]:
    """Both databases at once."""
    with database("sqlite") as one, database("postgresql") as other, one.connect() as first, other.connect() as second:
        yield [first, second]


def within_64_bits(node: ast.Node, getter: Any, context: Context) -> bool:
    """Whether no number on the way is beyond what SQLite holds exactly (the documented limit)."""
    for found in ast.walk(node):
        if isinstance(found, ast.Over):
            return within_64_bits_of_children(found, getter, context)
        if isinstance(found, (ast.Binary, ast.Call, ast.Unary)):
            value = to_python(found)(getter, context)
            if not isinstance(value, (str, bool)) and hasattr(value, "as_tuple") and abs(value) > LARGEST:
                return False
    return True


def within_64_bits_of_children(node: ast.Over, getter: Any, context: Context) -> bool:
    """The same for what is computed inside of a collection."""
    children = [record_getter(child) for child in getter(node.path) or ()]
    return node.body is None or all(within_64_bits(node.body, child, context) for child in children)


def run(nodes: list[ast.Node], values: dict[str, Any], context: Context, connections: list[sa.Connection]) -> None:
    """Ask all three and compare."""
    getter = record_getter(values)
    nodes = [node for node in nodes if check(node, "deal", schema) and within_64_bits(node, getter, context)]
    expected = [to_python(node)(getter, context) for node in nodes]
    for connection in connections:
        resolver = TableResolver("deal", deals)
        columns = [to_sql(node, resolver, context).label(f"c{index}") for index, node in enumerate(nodes)]
        store(connection, values)
        query = sa.select(deals.c.id, *columns).select_from(resolver.from_).where(deals.c.id == values["id"])
        found = list(connection.execute(query).one())[1:]
        connection.rollback()
        wrong = [(to_text(node), connection.dialect.name, want, got)
                 for node, want, got in zip(nodes, expected, found, strict=True)
                 if want != got or (want is None) != (got is None)]
        assert not wrong


@settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**64))
def test_same_answer(connections: list[sa.Connection], seed: int) -> None:
    maker = Maker(seed)
    run([maker.expression() for _ in range(12)], maker.row(), maker.context(), connections)


@settings(max_examples=EXAMPLES, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**64))
def test_round_trips(seed: int) -> None:
    node = Maker(seed).expression()
    assert from_json(to_json(node)) == node
    assert parse(to_text(node)) == node
