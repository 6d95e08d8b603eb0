"""A field for a large table while people work: how long it takes, and how long the slowest reader and writer wait meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from sqlalchemy import text

from core.customise import Piece, apply_pieces
from core.installation import Installation
from core.security.actor import SYSTEM
from tests.bench.measure import Figure, figure

MANY, FEWER = 1_000_000, 200_000
LEAD = "leads.lead"
ROWS = """INSERT INTO leads_lead (last_name, created_at, updated_at, version, archived, owner_id, status)
 SELECT 'L' || n, created_at, created_at, 1, archived, owner_id, status FROM
 (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) SELECT n FROM numbers) AS made,
 (SELECT created_at, archived, owner_id, status FROM leads_lead WHERE deleted_at IS NULL AND NOT archived LIMIT 1) AS one"""
FIELDS = [
    Piece("field", f"{LEAD}.x_reference", {"type": "text", "labels": {"en": "Reference"}, "index": True}),
    Piece("field", f"{LEAD}.x_visited", {"type": "flag", "labels": {"en": "Visited"}, "default": {"constant": False}}),
    Piece("field", f"{LEAD}.x_partner", {"type": "link", "labels": {"en": "Partner"}, "target": "contacts.account"})]


class _Meanwhile(threading.Thread):
    """Does something again and again until it is told to end; `slowest` is the longest time that it took, in seconds."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.slowest, self.turns, self.ended = act, 0.0, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            before = time.perf_counter()
            self.act()
            self.slowest = max(self.slowest, time.perf_counter() - before)
            self.turns += 1
            self.ended.wait(0.02)


def fields(inst: Installation, database: str, quick: bool) -> Iterator[Figure]:
    """Three fields, one with an index and one a link, on a table of a million rows."""
    with inst.env(SYSTEM) as env:
        count = (FEWER if quick else MANY) - env.query(LEAD).count(cap=None)
        env.execute(text(ROWS.format(count=max(count, 1))))
        key = env.query(LEAD).order("id").ids(1)[0]

    def read() -> None:
        with inst.env(SYSTEM, write=False) as env:
            env.query(LEAD).order("-id").select("last_name", "status").rows(limit=80)

    def write() -> None:
        with inst.env(SYSTEM) as env:
            env.update(LEAD, key, {"last_name": f"L{time.perf_counter()}"})

    others = [_Meanwhile(read), _Meanwhile(write)]
    for one in others:
        one.start()
    before = time.perf_counter()
    apply_pieces(inst, SYSTEM, FIELDS)
    taken = time.perf_counter() - before
    for one in others:
        one.ended.set()
        one.join(60)
    rows = FEWER if quick else MANY
    yield figure("field_added", database, taken, "s", rows=rows)
    yield figure("field_added_reader_waits", database, others[0].slowest * 1000, "ms", turns=others[0].turns)
    yield figure("field_added_writer_waits", database, others[1].slowest * 1000, "ms", turns=others[1].turns)
