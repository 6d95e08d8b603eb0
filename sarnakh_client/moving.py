"""Files in and out: whole lists as CSV or JSON."""

from __future__ import annotations

import csv
import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import tee
from typing import Any, TextIO

from . import output
from .bulk import Result
from .bulk import send as send_rows
from .client import Sarnakh
from .commands import choice, connected
from .errors import Invalid, SarnakhError
from .texts import from_text, guarded, to_text, unguarded

PAGE = 1000


def export_file(options: Namespace) -> int:
    """Write every record of a choice, a page at a time."""
    form = options.format or ("json" if options.output.endswith(".json") else "csv")
    with ExitStack() as stack:
        crm = stack.enter_context(connected(options))
        rows = crm[options.type].list(page=PAGE, **choice(options))
        out: TextIO = sys.stdout if options.output == "-" else stack.enter_context(_writing(options.output))
        count = output.write(rows, form, out, [name for name in options.fields.split(",") if name])
    print(f"{count} records.", file=sys.stderr)
    return 0


def import_file(options: Namespace) -> int:
    """Create (or with a key change) a record for each row, a thousand in each request; what is refused is told and left out."""
    with ExitStack() as stack:
        crm = stack.enter_context(connected(options))
        rows, again = tee(_rows(crm, options, stack))
        results = send_rows(crm.transport, options.type, "upsert" if options.key else "create", rows, "each", options.key)
        done, refused = _tell(results, again, options.rejected)
    print(f"{done} records, {refused} refused.", file=sys.stderr)
    return 1 if refused else 0


def _writing(name: str) -> TextIO:
    try:
        return open(name, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise SarnakhError(f"{name} cannot be written: {error.strerror}") from error


def _unguarded(rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {name: unguarded(text) if isinstance(text, str) else text for name, text in row.items()}


def _opened(name: str) -> TextIO:
    return open(name, encoding="utf-8-sig", newline="")


def _rows(crm: Sarnakh, options: Namespace, stack: ExitStack) -> Iterator[dict[str, Any]]:
    """The rows of a file as values; what the CRM works out itself, such as when a record was made, is left out."""
    known = crm.schema.fields(options.type)
    written = {name for name, field in known.items() if field["writable"]}
    try:
        file: TextIO = sys.stdin
        if options.file != "-":
            file = stack.enter_context(_opened(options.file))
        given = json.load(file) if options.file.endswith(".json") else _unguarded(csv.DictReader(file))
        for row in given:
            yield {name: from_text(name, known[name]["values"], value) if name in known and isinstance(value, str) else value
                   for name, value in row.items() if name and (name in written or name not in known)}
    except (OSError, ValueError) as error:
        raise SarnakhError(f"{options.file} cannot be read: {error}") from error


def _tell(results: Iterable[Result], rows: Iterator[dict[str, Any]], rejected: str) -> tuple[int, int]:
    """Count, and say of each refused row why; `rejected` names a CSV file that takes these rows."""
    done = refused = 0
    with ExitStack() as stack:
        out = None
        for result, row in zip(results, rows, strict=False):
            if result.problem is None:
                done += 1
                continue
            refused += 1
            reason = _reason(result)
            print(f"Row {result.row + 1}: {reason}", file=sys.stderr)
            if rejected:
                if out is None:
                    out = csv.DictWriter(stack.enter_context(_writing(rejected)), [*row, "reason"], extrasaction="ignore")
                    out.writeheader()
                out.writerow({**{name: guarded(to_text(value)) for name, value in row.items()}, "reason": reason})
    return done, refused


def _reason(result: Result) -> str:
    wrong = result.problem
    if isinstance(wrong, Invalid) and wrong.fields:
        return "; ".join(f"{field}: {' '.join(words)}" if field else " ".join(words) for field, words in wrong.fields.items())
    return str(wrong)
