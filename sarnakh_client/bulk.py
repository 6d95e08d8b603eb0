"""Many records in one request, with a result for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from .errors import Problem, problem
from .transport import Transport
from .values import Record, values_out

MOST = 1000
"""Rows that one request takes."""
Operation = Literal["create", "update", "upsert", "delete", "restore"]
Mode = Literal["all", "each"]


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    row: int
    status: int
    id: int | None = None
    version: int | None = None
    problem: Problem | None = None

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.problem is None


class Results(list[Result]):
    """The results in the order of the rows."""

    @property
    def ids(self) -> list[int]:
        """The numbers of the records that it was done with."""
        return [one.id for one in self if one.id is not None]

    @property
    def failed(self) -> list[Result]:
        """The rows that were refused."""
        return [one for one in self if not one.ok]

    def raise_first(self) -> None:
        """Raise the reason of the first refusal, if there is one."""
        for one in self.failed:
            if one.problem is not None:
                raise one.problem


def send(transport: Transport, record: str, operation: Operation, rows: Iterable[Mapping[str, Any] | int], mode: Mode,
         key: str) -> Iterator[Result]:
    """Send rows, a thousand at a time; in mode `all` they have to fit into one request, which is done as a whole or not at all."""
    coming, at = iter(rows), 0
    while part := list(islice(coming, MOST)):
        if mode == "all" and (at or next(coming, None) is not None):
            raise ValueError(f"All or nothing holds within one request of at most {MOST} rows; choose mode='each' for more.")
        asked = {"operation": operation, "mode": mode, "rows": [one_row(operation, row) for row in part], **({"key": key} if key else {})}
        answer = transport.json("POST", f"/records/{record}/bulk", body=asked)
        for place, one in enumerate(answer["results"], at):
            wrong = one.get("problem")
            yield Result(place, int(one["status"]), one.get("id"), one.get("version"),
                         None if wrong is None else problem(int(one["status"]), wrong))
        at += len(part)


def one_row(operation: Operation, row: Mapping[str, Any] | int) -> dict[str, Any]:
    """A row as it is sent: of records that are deleted or restored only what names them."""
    if isinstance(row, int):
        return {"id": row}
    if operation in ("delete", "restore"):
        return {"id": row["id"]}
    if isinstance(row, Record) and operation == "update":
        raise ValueError("Give the values that change, with the record's id (and version): {'id': lead.id, 'city': …}.")
    return values_out(row)
