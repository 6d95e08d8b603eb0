"""What an older version kept is carried over."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
import sqlalchemy as sa

from addons.leads import transitions
from addons.leads.migrations.s0001_moves_in_base import carry_over
from addons.leads.migrations.s0002_drop_transitions import drop_transitions
from core.api import SYSTEM, ValidationFailed
from core.errors import UpgradeError
from core.schema.operations import Ops

MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
STAMPS = ("created_at", "created_by_id", "updated_at", "updated_by_id", "version", "archived", "deleted_at")
pytestmark = pytest.mark.addons("leads")


def test_allowed_moves_become_rules_and_their_table_goes(installation, env_as, lead, tmp_path):
    with installation.env(SYSTEM) as env:
        env.purge("base.move", _deleted(env))
        assert transitions.moves(env) == {}
    like = installation.registry.record("base.move").table
    old = sa.Table("leads_transition", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("from_status", sa.Text),
                   sa.Column("to_status", sa.Text), *(sa.Column(n, like.c[n].type) for n in STAMPS))
    stamps = dict.fromkeys(("created_at", "updated_at"), MOMENT) | {"version": 1, "archived": False}
    with installation.engine.connect() as connection:
        connection = connection.execution_options(sarnakh_write=True)
        old.create(connection)
        connection.execute(old.insert(), [
            {"id": i, "from_status": a, "to_status": b, "deleted_at": gone, **stamps}
            for i, (a, b, gone) in enumerate([(None, "new", None), ("new", "contacted", None), ("new", "ready", MOMENT)], 1)])
        carry_over(Ops(connection, installation.registry.metadata, "data"))
        with pytest.raises(UpgradeError):
            drop_transitions(Ops(connection, installation.registry.metadata, "data", kept=tmp_path))
        for _twice in range(2):
            drop_transitions(Ops(connection, installation.registry.metadata, "contract", kept=tmp_path))
        assert not sa.inspect(connection).has_table("leads_transition")
        connection.commit()
    with gzip.open(next(tmp_path.glob("leads_transition-*.jsonl.gz")), "rt") as kept:
        rows = [json.loads(line) for line in kept]
    assert [(r["from_status"], r["to_status"]) for r in rows] == [(None, "new"), ("new", "contacted"), ("new", "ready")]
    with env_as("mina") as env:
        assert transitions.moves(env) == {transitions.NEW: {"new"}, "new": {"contacted"}}
    key = lead()
    with env_as("sara") as env:
        with pytest.raises(ValidationFailed):
            env.update("leads.lead", key, {"status": "ready"})
        env.update("leads.lead", key, {"status": "contacted"})
    with env_as("admin") as env:  # new rules get numbers of their own
        assert transitions.replace(env, transitions.defaults()) > 10


def _deleted(env):
    keys = env.query("base.move").ids()
    env.delete("base.move", keys)
    return keys
