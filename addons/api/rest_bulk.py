"""Up to a thousand records in one request: all or nothing, or each that can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.api import AccessDenied, Conflict, Env, Invalid, NotFound, SarnakhError, ValidationFailed, _
from core.web_api import BadRequest, Request, Response

from . import rest_keys
from .rest_once import once
from .rest_pages import VERSION, answer, api, known_parameters, object_body, type_of
from .rest_problems import described
from .rest_write import read_rows

MOST = 1000
Rows = list[tuple[int, dict[str, Any]]]
Done = dict[int, tuple[int, int]]
"""What became of rows: (status, number of the record) by the row's place."""


@api.route(f"{VERSION}/records/<record>/bulk", methods=("POST",))
@once
def bulk(env: Env, request: Request, record: str) -> Response:
    """Create, update, upsert, delete or restore many records."""
    known_parameters(request)
    type_of(env, record)
    asked = object_body(request)
    if set(asked) - {"operation", "mode", "key", "rows"}:
        raise BadRequest(_("Send “operation”, “mode”, “rows” and, to upsert, “key”."))
    operation, mode, rows = asked.get("operation"), asked.get("mode", "all"), asked.get("rows")
    if not isinstance(operation, str) or operation not in OPERATIONS or mode not in ("all", "each"):
        raise BadRequest(_("“operation” is create, update, upsert, delete or restore, “mode” all or each."))
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST or not all(isinstance(row, dict) for row in rows):
        raise BadRequest(_("“rows” is a list of 1 to {most} objects.", most=MOST))
    work = Work(env, record, operation, rest_keys.key_named(env, record, str(asked.get("key") or "")) if operation == "upsert" else None)
    failed: dict[int, SarnakhError] = {}
    if mode == "all":
        done = work.run(list(enumerate(rows)))
    else:
        done = _each(env, work.run, list(enumerate(rows)), failed)
    results = _results(env, record, len(rows), done, failed)
    return answer({"succeeded": len(done), "failed": len(failed), "batch": env.batch, "results": results})


def _each(env: Env, run: Callable[[Rows], Done], rows: Rows, failed: dict[int, SarnakhError]) -> Done:
    """Do what can be done: all together first, then without the rows that are named as wrong, else by halves."""
    if not rows:
        return {}
    try:
        with env.attempt():
            return run(rows)
    except SarnakhError as error:
        if len(rows) == 1:
            failed[rows[0][0]] = error
            return {}
        wrong = _blamed(error, {at for at, _row in rows})
        failed.update(wrong)
        rest = [(at, row) for at, row in rows if at not in wrong]
        if wrong:
            return _each(env, run, rest, failed)
        half = len(rows) // 2
        return {**_each(env, run, rows[:half], failed), **_each(env, run, rows[half:], failed)}


def _blamed(error: SarnakhError, places: set[int]) -> dict[int, SarnakhError]:
    """The errors of each row that a refusal names; none unless it names a row for every reason."""
    if not isinstance(error, ValidationFailed) or any(e.index not in places for e in error.errors):
        return {}
    by_row: dict[int, list[Invalid]] = {}
    for each in error.errors:
        by_row.setdefault(each.index or 0, []).append(each)
    return {at: ValidationFailed(errors) for at, errors in by_row.items()}


def _results(env: Env, record: str, count: int, done: Done, failed: dict[int, SarnakhError]) -> list[dict[str, Any]]:
    ids = [key for _status, key in done.values()]
    rows = env.query(record).with_ids(ids).archived(None).deleted(None).select("version").order("id").rows() if ids else []
    versions = {row["id"]: row["version"] for row in rows}
    found: list[dict[str, Any]] = []
    for at in range(count):
        if at in done:
            status, key = done[at]
            found.append({"status": status, "id": key, "version": versions.get(key)})
        else:
            error = failed[at]
            if isinstance(error, ValidationFailed):
                for each in error.errors:
                    each.index = None
            status = next((code for kind, code in STATUS if isinstance(error, kind)), 422)
            found.append({"status": status, "problem": described(env, status, error)})
    return found


STATUS: tuple[tuple[type[SarnakhError], int], ...] = ((NotFound, 404), (AccessDenied, 403), (Conflict, 409))


class Work:
    """One operation on any part of the rows; refusals name rows by their place in the whole request."""

    def __init__(self, env: Env, record: str, operation: str, key: rest_keys.Key | None) -> None:
        self.env, self.record, self.key = env, record, key
        self._do = OPERATIONS[operation]

    def run(self, rows: Rows) -> Done:
        """Do it with these rows, or raise and leave nothing."""
        try:
            return self._do(self, rows)
        except ValidationFailed as error:
            for each in error.errors:
                each.index = rows[each.index][0] if each.index is not None and each.index < len(rows) else None
            raise

    def create(self, rows: Rows) -> Done:
        """New records, in one batch."""
        self.env.require("create", self.record)
        made = self.env.create(self.record, read_rows(self.env, self.record, [row for _at, row in rows]), source="api")
        return {at: (201, key) for (at, _row), key in zip(rows, made, strict=True)}

    def update(self, rows: Rows) -> Done:
        """Each record its own values; with `version` in a row, nobody's change is overwritten."""
        given = [dict(row) for _at, row in rows]
        ids = [_taken_key(row, i) for i, row in enumerate(given)]
        _refuse_twice(ids)
        return self._update(rows, ids, given)

    def _update(self, rows: Rows, ids: Sequence[int], given: list[dict[str, Any]]) -> Done:
        versions = {key: _version(row.pop("version"), i) for i, (key, row) in enumerate(zip(ids, given, strict=True)) if "version" in row}
        values = read_rows(self.env, self.record, given)
        order = sorted(range(len(ids)), key=ids.__getitem__)  # the record layer counts rows by number
        try:
            self.env.update_each(self.record, {ids[i]: values[i] for i in order}, versions, source="api")
        except ValidationFailed as error:
            for each in error.errors:
                each.index = order[each.index] if each.index is not None else None
            raise
        return {at: (200, key) for (at, _row), key in zip(rows, ids, strict=True)}

    def upsert(self, rows: Rows) -> Done:
        """Change the records whose keys are there, create the others."""
        key = self.key
        assert key is not None
        given = [row for _at, row in rows]
        found = rest_keys.find(self.env, key, given)
        old = [i for i, number in enumerate(found) if number is not None]
        new = [i for i, number in enumerate(found) if number is None]
        done = self._part(rows, new, lambda part: self._create_keyed(key, part)) if new else {}
        ids = [number for number in found if number is not None]
        _refuse_twice(ids)
        if old:
            done |= self._part(rows, old, lambda part: self._update(part, ids, [rest_keys.without_key(key, row) for _at, row in part]))
        return done

    @staticmethod
    def _part(rows: Rows, chosen: Sequence[int], run: Callable[[Rows], Done]) -> Done:
        """Run with some of the rows; what is refused is counted among all of them again."""
        try:
            return run([rows[i] for i in chosen])
        except ValidationFailed as error:
            for each in error.errors:
                each.index = chosen[each.index] if each.index is not None else None
            raise

    def _create_keyed(self, key: rest_keys.Key, rows: Rows) -> Done:
        done = self.create([(at, rest_keys.without_key(key, row)) for at, row in rows])
        rest_keys.remember(self.env, key, [row for _at, row in rows], [done[at][1] for at, _row in rows])
        return done

    def delete(self, rows: Rows) -> Done:
        """Into the recycle bin."""
        ids = [_taken_key(dict(row), i) for i, (_at, row) in enumerate(rows)]
        self.env.delete(self.record, ids)
        return {at: (204, key) for (at, _row), key in zip(rows, ids, strict=True)}

    def restore(self, rows: Rows) -> Done:
        """Back from the recycle bin."""
        ids = [_taken_key(dict(row), i) for i, (_at, row) in enumerate(rows)]
        self.env.restore(self.record, ids)
        return {at: (200, key) for (at, _row), key in zip(rows, ids, strict=True)}


def _taken_key(row: dict[str, Any], index: int) -> int:
    """The number of the record that a row is about, taken out of it."""
    key = row.pop("id", None)
    if type(key) is not int or not 0 < key < 2**62:
        raise ValidationFailed([Invalid(index, "id", _("Give a record by its number."))])
    return key


def _version(given: Any, index: int) -> int:
    if type(given) is not int:
        raise ValidationFailed([Invalid(index, "version", _("Write a whole number."))])
    return given


def _refuse_twice(ids: Sequence[int]) -> None:
    seen: set[int] = set()
    for i, key in enumerate(ids):
        if key in seen:
            raise ValidationFailed([Invalid(i, "id", _("Another row is about the same record."))])
        seen.add(key)


OPERATIONS: dict[str, Callable[[Work, Rows], Done]] = {
    "create": Work.create, "update": Work.update, "upsert": Work.upsert, "delete": Work.delete, "restore": Work.restore}
