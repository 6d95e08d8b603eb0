"""What is wrong with templates, for their writers: many at once, with a fixed number of statements for each kind of template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.api import LANGUAGES, Env, F, Invalid, Message, _

from . import templating
from .template_choices import TEMPLATE, VERSION
from .templating_syntax import Problem, parse


def of_templates(env: Env, records: list[Any]) -> Iterator[Invalid]:
    """The record type is there, and texts written so far fit it."""
    for record in records:
        if not _known(env, record.record_type):
            yield Invalid(record, "record_type", _("There is no kind of record “{name}”.", name=record.record_type or ""))
    changed = {r.id: r for r in records if r.__dict__.get("id") and _known(env, r.record_type)}
    if not changed:
        return
    texts = env.query(VERSION).where(F.template.isin(list(changed)))
    rows = texts.select("template", "language", "subject", "body", "parameters").rows()
    for row in rows:
        record = changed[row["template"].id]
        parts = (row[name] or "" for name in ("subject", "body", "parameters"))
        problems = templating.check(env, record.record_type, record.channel, *parts)
        for found in problems[:1]:
            yield Invalid(record, "record_type", _("The text in “{language}” does not fit: {reason}",
                                                   language=LANGUAGES.get(row["language"], row["language"]), reason=found))


def _known(env: Env, name: str | None) -> bool:
    rtype = env.registry.records.get(name or "")
    return rtype is not None and env.can("read", rtype.name)


def of_versions(env: Env, records: list[Any]) -> Iterator[Invalid]:
    """Texts name what there is and what the writer may read."""
    keys = {r.template.id for r in records if r.template}
    heads = {r["id"]: r for r in env.query(TEMPLATE).archived(None).with_ids(keys).select("record_type", "channel").rows()} if keys else {}
    for record in records:
        head = heads.get(record.template.id) if record.template else None
        if head is None:
            continue
        for name, parts in (("subject", (record.subject or "", "", "")), ("body", ("", record.body or "", "")),
                            ("parameters", ("", "", record.parameters or ""))):
            yield from (Invalid(record, name, found) for found in templating.check(env, head["record_type"], head["channel"], *parts))


def of_blocks(records: list[Any]) -> Iterator[Invalid]:
    """The text of a block can be read; its fields are checked where it is used."""
    for record in records:
        found = unreadable(record.body or "")
        if found is not None:
            yield Invalid(record, "body", found)


def unreadable(source: str) -> Message | None:
    """Why a text cannot be read at all, None when it can."""
    try:
        parse(source, True)
    except Problem as error:
        return error.told()
    return None
