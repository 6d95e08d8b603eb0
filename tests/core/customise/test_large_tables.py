"""A table with many rows gets a field while people work: nothing is rewritten, nobody is locked out for long."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text

from core.customise import Piece, apply_pieces, preparing
from core.errors import UpgradeError, ValidationFailed
from core.installation import Installation
from core.security.actor import SYSTEM

from .conftest import LEAD, field

pytestmark = [pytest.mark.addons("leads"), pytest.mark.database("postgresql")]

ROWS = 3000


@pytest.fixture
def large(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Leads enough for what counts as large here."""
    monkeypatch.setattr(preparing, "LARGE", ROWS // 2)
    with installation.engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO leads_lead (last_name, created_at, updated_at, version, archived, owner_id) SELECT 'L' || n, now(), now(), 1,"
            f" false, (SELECT min(id) FROM base_user) FROM generate_series(1, {ROWS}) n"))
    return installation


def node(installation: Installation) -> int:
    """The file in which PostgreSQL keeps the table; another one after a rewrite."""
    with installation.engine.connect() as connection:
        return connection.scalar(text("SELECT pg_relation_filenode('leads_lead')"))


def indexes(installation: Installation) -> dict[str, bool]:
    with installation.engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = 'leads_lead'::regclass"))}


def test_fields_do_not_rewrite_the_table(large: Installation) -> None:
    before = node(large)
    apply_pieces(large, SYSTEM, [
        field("x_text", "text", unique=True), field("x_day", "date", index=True), field("x_boss", "link", target="base.user"),
        field("x_kind", "choice", options=[{"value": "a"}], required=True, default={"constant": "a"}),
        field("x_flag", "flag", default={"constant": True}), field("x_sum", "decimal")])
    assert node(large) == before
    made = {name: valid for name, valid in indexes(large).items() if "_x_" in name}
    assert made == {"uq_leads_lead_x_text": True, "ix_leads_lead_x_day": True, "ix_leads_lead_x_boss": True}
    with large.engine.connect() as connection:
        found = connection.execute(text("SELECT DISTINCT x_kind, x_flag, x_text FROM leads_lead")).all()
        assert [tuple(row) for row in found] == [("a", True, None)]
        links = connection.execute(text("SELECT conname, convalidated FROM pg_constraint WHERE conname LIKE '%x_boss%'"))
        assert [tuple(row) for row in links] == [("fk_leads_lead_x_boss", True)]


def test_readers_and_writers_are_not_kept_waiting(large: Installation) -> None:
    """Somebody holds the table for a while: others go on reading it, and the change waits its turn."""
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with large.engine.begin() as connection:
            connection.execute(text("UPDATE leads_lead SET last_name = 'held' WHERE id = (SELECT min(id) FROM leads_lead)"))
            held.set()
            go.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    done = threading.Thread(target=lambda: apply_pieces(large, SYSTEM, [field("x_a", "text", index=True)]))
    done.start()
    slowest = 0.0
    for _turn in range(12):
        begun = time.monotonic()
        with large.engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM leads_lead")).scalar()
        slowest = max(slowest, time.monotonic() - begun)
        time.sleep(0.25)
    go.set()
    holder.join(30)
    done.join(60)
    assert "x_a" in large.registry.records[LEAD].fields and slowest < 4


def test_what_was_prepared_goes_when_the_change_fails(large: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.customise import applying

    def fail(*_given: object) -> None:
        raise UpgradeError("no")

    monkeypatch.setattr(applying, "_write", fail)
    before = set(indexes(large))
    with pytest.raises(UpgradeError):
        apply_pieces(large, SYSTEM, [field("x_a", "text", index=True)])
    monkeypatch.undo()
    with large.engine.connect() as connection:
        columns = connection.execute(text("SELECT attname FROM pg_attribute WHERE attrelid = 'leads_lead'::regclass AND attname = 'x_a'"
                                          " AND NOT attisdropped")).all()
    assert set(indexes(large)) == before and columns == [] and "x_a" not in large.registry.records[LEAD].fields
    with pytest.raises(ValidationFailed):
        apply_pieces(large, SYSTEM, [Piece("field", f"{LEAD}.x_a", {"type": "text", "required": True})])
