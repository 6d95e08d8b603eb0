"""What is dropped for good is written to a file first, so that somebody can still look at it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, or_, select


def keep_rows(connection: Connection, table: str, folder: Path, columns: Sequence[str] = ()) -> Path:
    """Write a table's rows (of `columns`: their values with the rows' numbers) as JSON lines; gives the file.

    Rows are written one by one, so the size of the table does not matter. Only this system's user may read the file.
    """
    found = Table(table, MetaData(), autoload_with=connection, resolve_fks=False)
    chosen = [found.c[name] for name in columns]
    statement = select(found) if not chosen else select(found.c.id, *chosen).where(or_(*(c.is_not(None) for c in chosen)))
    folder.mkdir(parents=True, exist_ok=True)
    moment = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
    path = folder / f"{'.'.join((table, *columns))[:150]}-{moment}.jsonl.gz"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as lines:
            for row in connection.execute(statement.execution_options(yield_per=1000)).mappings():
                lines.write(json.dumps(dict(row), ensure_ascii=False, default=str) + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    return path
