"""Importing a file step by step; what the pages, the command line and the background job have in common.

    key = receive(env, "leads.lead", "leads.xlsx", stream)    # kept, opened, columns guessed
    set_mapping(env, key, {0: "name", 3: "email"})            # what the person settled
    set_options(env, key, Options("update", [["email"]]))
    preview(env, key)                                         # the first rows with their reasons; writes nothing
    start(env, key) / start(env, key, check=True)             # in the background; a check takes everything back
    cancel(env, key), undo(env, key)

Each step needs the right to import such records; reading, creating and changing go by the person's own permissions.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Invalid, NotFound, SarnakhError, ValidationFailed
from core.exchange import plan as plans
from core.exchange import rejected
from core.exchange.batches import Outcome, Writer
from core.exchange.converting import Column, Converters, Row
from core.exchange.detect import Reading, Table, open_table
from core.exchange.headers import is_blank_row
from core.exchange.limits import Limits, too_big
from core.exchange.matching import can_match
from core.exchange.plan import CREATE, FILE, POLICIES, Import, Options, Target
from core.exchange.proposing import fitting, proposal, remember, targets_for
from core.exchange.savepoints import tried
from core.exchange.tables import TABLES
from core.exchange.values import as_text, nearest_choice
from core.i18n.messages import _
from core.jobs import admin
from core.records.fields import ChoiceField

if TYPE_CHECKING:
    from core.env import Env

TOPIC, UNDO_TOPIC = "core.import", "core.import.undo"
SAMPLE = 2000
PREVIEWED = 20
_CHUNK = 1 << 20


def receive(env: Env, record: str, file_name: str, chunks: Iterable[bytes], limit: int | None = None, *,
            like: int | None = None, header_row: int | None = None) -> int:
    """Keep a file, find out how it is to be read and guess its columns; returns the import's number.

    `like` is an earlier import of the person whose columns and options are taken over.
    The file is taken in and opened before anything is written, so a large one keeps nobody waiting. Raises BadFile for
    what cannot be read, AccessDenied without the right to import.
    """
    env.require("import", record)
    before = None if like is None else plans.load(env, like)
    if before is not None and before.record != record:
        raise NotFound(_("There is no such import."))
    place = Path(env.installation.settings.data) / "imports"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Nothing was written yet: ending the transaction here gives its lock back while the file is read.
    env.commit()
    incoming = Path(tempfile.mkdtemp(dir=place, prefix="new-"))
    try:
        digest, size = _keep(incoming / FILE, chunks, limit or env.installation.settings.security.max_upload_mb << 20)
        with open_table(incoming / FILE, limits=limits(env), spool_dir=incoming, header_row=header_row) as table:
            total, sample = table.count(), table.sample(SAMPLE)
            values: dict[str, Any] = {
                "record": record, "file_name": file_name[:300], "file_digest": digest, "file_size": size, "total": total,
                "reading": dataclasses.asdict(table.reading), "headers": table.headers, "batch": uuid.uuid4().hex,
                "undo_batch": uuid.uuid4().hex, "options": {}}
            values |= proposal(env, record, table.headers, sample, before)
        key = plans.add(env, values)
        shutil.rmtree(plans.folder(env, key), ignore_errors=True)
        os.replace(incoming, plans.folder(env, key))
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    return key


def _keep(path: Path, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise too_big(size, limit)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest(), size


def file_chunks(stream: Any) -> Iterable[bytes]:
    """The content of an open file, piece by piece."""
    return iter(lambda: stream.read(_CHUNK), b"")


def limits(env: Env) -> Limits:
    """What a file may be; its size is bounded when it is taken in."""
    return Limits(max_bytes=max(Limits().max_bytes, env.installation.settings.security.max_upload_mb << 20))


def table_of(env: Env, plan: Import, reading: Reading | None = None) -> Table:
    """The file of an import, opened as it was settled (or in another `reading`). Use it in a `with`."""
    folder = plans.folder(env, plan.id)
    if not (folder / FILE).exists():
        raise SarnakhError(_("The file of this import is not kept any more. Import it again."))
    return open_table(folder / FILE, limits=limits(env), spool_dir=folder, reading=reading or plan.reading)


# -------------------------------------------------------------------------------------------------- what the person settles
def open_draft(env: Env, key: int) -> Import:
    """An import that nothing was done with yet. Raises Conflict when it runs or has run."""
    plan = plans.load(env, key)
    env.require("import", plan.record)
    if plan.state not in ("draft", "ready"):
        raise SarnakhError(_("This import has begun; its settings cannot be changed any more."))
    return plan


def reread(env: Env, key: int, **reading: Any) -> None:
    """Read the file in another way: `encoding`, `delimiter`, `sheet`, `header_row`; columns are guessed anew."""
    plan = open_draft(env, key)
    with table_of(env, plan, dataclasses.replace(plan.reading, **reading)) as table:
        total, sample = table.count(), table.sample(SAMPLE)
        found = proposal(env, plan.record, table.headers, sample)
        plans.save(env, key, states=("draft", "ready"), state="draft", total=total, headers=table.headers,
                   reading=table.reading, mapping=[Target(**t) for t in found["mapping"]], options=found["options"],
                   checked=None)


def set_mapping(env: Env, key: int, mapping: Mapping[int, str]) -> None:
    """Settle which column goes to which field; remembered for this person's next file. Raises ValidationFailed."""
    plan = open_draft(env, key)
    _check_mapping(plan, mapping)
    with table_of(env, plan) as table:
        sample = table.sample(SAMPLE)
    plan.mapping = targets_for(env, plan.record, mapping, sample, plan.options)
    plan.options = fitting(env, plan.record, plan.options, plan.mapping)
    plan.options = dataclasses.replace(plan.options, choices=_with_nearest(env, plan, sample))
    plans.save(env, key, states=("draft", "ready"), state="ready", mapping=plan.mapping, options=plan.options, checked=None)
    remember(env, plan)


def _check_mapping(plan: Import, mapping: Mapping[int, str]) -> None:
    errors = []
    if not mapping:
        errors.append(Invalid(None, None, _("Choose a field for at least one column.")))
    names = list(mapping.values())
    for name in sorted({n for n in names if names.count(n) > 1}):
        errors.append(Invalid(None, name, _("Two columns go to the same field: {field}.", field=name)))
    if any(not 0 <= column < len(plan.headers) for column in mapping):
        errors.append(Invalid(None, None, _("The file has no such column.")))
    if errors:
        raise ValidationFailed(errors)


def set_options(env: Env, key: int, options: Options, keep: bool = True) -> None:
    """Settle what to do with duplicates, empty cells and fields without a column; remembered for the next file (`keep`).

    Raises ValidationFailed."""
    plan = open_draft(env, key)
    _check_options(env, plan, options)
    parsing = ("date_order", "decimal", "calendar")
    targets = plan.mapping
    if any(getattr(options, name) != getattr(plan.options, name) for name in parsing):
        with table_of(env, plan) as table:
            mapping = {t.column: t.field for t in targets}
            targets = targets_for(env, plan.record, mapping, table.sample(SAMPLE), options)
    plan.options = options
    Converters(env, plan)  # refuses defaults that cannot be read
    plans.save(env, key, states=("draft", "ready"), options=options, mapping=targets, checked=None)
    if keep:
        remember(env, plan, options)


def _check_options(env: Env, plan: Import, options: Options) -> None:
    errors = []
    rtype = env.registry.record(plan.record)
    mapped = {t.field for t in plan.mapping}
    if options.duplicates not in POLICIES:
        errors.append(Invalid(None, None, _("Choose what to do with duplicates.")))
    if options.duplicates != CREATE and not options.keys:
        errors.append(Invalid(None, None, _("Choose the fields by which duplicates are found.")))
    if options.deleted not in plans.DELETED or (options.deleted == plans.RESTORE and not env.can("delete", plan.record)):
        errors.append(Invalid(None, None, _("Choose what to do with records in the recycle bin.")))
    if options.date_order not in ("", "DMY", "MDY", "YMD"):
        errors.append(Invalid(None, None, _("Choose the order of day, month and year.")))
    for name in {name for names in options.keys for name in names}:
        if name not in mapped or not can_match(rtype.fields.get(name)) or not env.access.readable(plan.record, name):
            errors.append(Invalid(None, None, _("Duplicates cannot be found by “{field}”: no column goes to it.", field=name)))
    for name, said in options.choices.items():
        field = rtype.fields.get(name)
        if name not in mapped or not isinstance(field, ChoiceField) or any(v and v not in field.labels for v in said.values()):
            errors.append(Invalid(None, None, _("A text cannot stand for this option of “{field}”.", field=name)))
    for target in options.create_links:
        if target not in env.registry.records or not env.can("create", target):
            errors.append(Invalid(None, None, _("You may not create {record}.", record=target)))
    if errors:
        raise ValidationFailed(errors)


def unknown_choices(env: Env, plan: Import, most: int = 30) -> dict[str, dict[str, int]]:
    """By field, the texts in its column that are no option (and nothing was said about), with how often they occur.

    Looks at the first 2,000 rows; at most `most` texts a field, the commonest first.
    """
    columns = _choice_columns(env, plan)
    if not columns:
        return {}
    with table_of(env, plan) as table:
        sample = table.sample(SAMPLE)
    found = {column.field.name: _unknown_texts(column, sample) for column in columns}
    return {name: dict(texts.most_common(most)) for name, texts in found.items() if texts}


def _choice_columns(env: Env, plan: Import) -> list[Column]:
    return [column for column in Converters(env, plan).columns if column.field.type == "choice"]


def _unknown_texts(column: Column, sample: list[list[Any]]) -> Counter[str]:
    cells = Counter(row[column.index] for row in sample if column.index < len(row))
    return Counter({as_text(cell): count for cell, count in cells.items() if not _is_option(column, cell)})


def _with_nearest(env: Env, plan: Import, sample: list[list[Any]]) -> dict[str, dict[str, str]]:
    """What texts stand for, with a proposal for those that are all but an option's label; shown before anything runs."""
    said = {name: dict(texts) for name, texts in plan.options.choices.items()}
    for column in _choice_columns(env, plan):
        for text in _unknown_texts(column, sample):
            if (value := nearest_choice(column.field, text)) is not None:
                said.setdefault(column.field.name, {})[text] = value
    return said


def _is_option(column: Column, cell: Any) -> bool:
    try:
        column.convert(cell)
    except ValueError:
        return False
    return True


# -------------------------------------------------------------------------------------------------- looking before leaping
@dataclass(frozen=True, slots=True)
class Previewed:
    """A row of the file as it would be imported: `state` is new, update, skip or error."""

    row: Row
    number: int
    state: str


def preview(env: Env, key: int, count: int = PREVIEWED) -> list[Previewed]:
    """The first rows, run through everything that an import does, and taken back."""
    plan = open_draft(env, key)
    converters = Converters(env, plan)
    with table_of(env, plan) as table:
        chosen = [(i, row) for i, row in zip(range(count * 3), table.rows(), strict=False) if not is_blank_row(row)][:count]
        number = table.row_number
        rows = converters.convert(chosen)
        with tried(env):
            outcome = Writer(env, plan, converters, dry=True).write(rows, number)
    states = _states(outcome)
    return [Previewed(row, number(row.index), states[row.index]) for row in rows]


def _states(outcome: Outcome) -> dict[int, str]:
    return {row.index: name for name, rows in (("new", outcome.made), ("update", outcome.changed), ("skip", outcome.known),
                                               ("error", outcome.bad)) for row in rows}


# -------------------------------------------------------------------------------------------------- running
def start(env: Env, key: int, check: bool = False, background: bool = True) -> None:
    """Begin (or go on with) an import or a check of all rows; in the background unless the caller runs it."""
    plan = plans.load(env, key)
    env.require("import", plan.record)
    states = ("ready",) if check else ("ready", "failed", "cancelled", "running")
    fresh = plan.state == "ready"
    values: dict[str, Any] = {"state": "checking" if check else "running", "error": None, "finished_at": None}
    if fresh:
        plans.forget_rows(env, key)
        values |= {"counts": {}, "position": 0}
    if background:
        values["job_id"] = env.enqueue(TOPIC, {"import": key}, dedupe=f"import:{key}")
    plans.save(env, key, states=states, **values)


def resume(env: Env, key: int, background: bool = True) -> None:
    """Go on with whatever was interrupted: an import, a check, or an undo."""
    plan = plans.load(env, key)
    if plan.state == "undoing":
        undo(env, key, background)
    elif plan.state == "checking":
        plans.save(env, key, states=("checking",), state="ready", counts={}, position=0)
        start(env, key, check=True, background=background)
    else:
        start(env, key, background=background)


def cancel(env: Env, key: int) -> None:
    """Stop an import before its next batch; what is done stays until it is undone. A check ends without a result."""
    plan = plans.load(env, key)
    if plan.state == "checking":
        plans.save(env, key, states=("checking",), state="ready", counts={}, position=0)
        plans.forget_rows(env, key)
    else:
        plans.save(env, key, states=("running",), state="cancelled", finished_at=env.now)
    if plan.job_id:
        admin.cancel(env.connection, [plan.job_id])


def undo(env: Env, key: int, background: bool = True) -> None:
    """Take the whole import back, as far as nobody touched its records since."""
    plan = plans.load(env, key)
    values: dict[str, Any] = {"state": "undoing", "error": None, "finished_at": None}
    if plan.state != "undoing":
        values |= {"position": 0, "counts": {**plan.counts, "undone": 0, "left": 0}}
    if background:
        values["job_id"] = env.enqueue(UNDO_TOPIC, {"import": key}, dedupe=f"undo:{key}")
    plans.save(env, key, states=(*plans.UNDOABLE, "undoing"), **values)


def again(env: Env, key: int) -> int:
    """A new import of the rows that were not imported, with the same columns and options; returns its number."""
    plan = plans.load(env, key)
    if not plans.rows_aside(env, key, limit=1):
        raise SarnakhError(_("There are no rows left that could be imported again."))
    name = env.t(_("{file}, remaining rows", file=plan.file_name))
    made = receive(env, plan.record, name, rejected.pieces(env, plan, bare=True), like=key, header_row=0)
    # The few rows prove less about dates and numbers than the whole file did: what was found then still holds.
    plans.save(env, made, state="ready", mapping=plan.mapping, options=plan.options)
    return made


def discard(env: Env, key: int) -> None:
    """Forget an import that was not begun, with its file."""
    plan = open_draft(env, key)
    env.execute(TABLES.imports.delete().where(TABLES.imports.c.id == plan.id))
    plans.forget_rows(env, key)
    folder = plans.folder(env, key)
    env.on_commit.append(lambda: shutil.rmtree(folder, ignore_errors=True))


def rows_set_aside(env: Env, key: int) -> set[int]:
    """The row numbers (from 0) that had no effect."""
    return set(env.execute(select(TABLES.rows.c.row).where(TABLES.rows.c.import_id == key)).scalars())
