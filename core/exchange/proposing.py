"""What is proposed for a file before anybody says anything: its columns by their names and contents, and the options.

What this person settled the last time for records of the type comes first, or what they settled in one earlier import
that they want to repeat. Only what still holds is proposed: fields that are there, mapped and open to the person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import Invalid, ValidationFailed
from core.exchange.converting import parse_options, settings_of
from core.exchange.mapping import SURE, Guess, guess_mapping, semantic_of, squeeze
from core.exchange.matching import can_match
from core.exchange.offered import NUMBER, import_fields
from core.exchange.plan import CREATE, RESTORE, SKIP, Import, Options, Target
from core.exchange.tables import TABLES
from core.i18n.messages import _
from core.records.fields import ChoiceField

if TYPE_CHECKING:
    from core.env import Env

MOST_HEADERS = 500


@dataclass(frozen=True, slots=True)
class Memory:
    """What a person settled: the field of each (squeezed) header ("" for none), and the options if there were some."""

    columns: Mapping[str, str] = field(default_factory=dict)
    options: Options | None = None


def recall(env: Env, record: str) -> Memory:
    """What this person settled when they last imported such records."""
    table = TABLES.memory
    data = env.execute(select(table.c.data).where(table.c.record == record, table.c.user_id == (env.actor.id or 0)))
    found = data.scalar_one_or_none() or {}
    options = found.get("options")
    return Memory(found.get("columns") or {}, Options(**options) if options else None)


def remember(env: Env, plan: Import, options: Options | None = None) -> None:
    """Keep which field each header of an import went to (at most the latest 500), and the options once they are settled."""
    known = recall(env, plan.record)
    columns = dict(list((dict(known.columns) | _columns_of(plan)).items())[-MOST_HEADERS:])
    kept = options or known.options
    data = {"columns": columns, "options": dataclasses.asdict(kept) if kept else None}
    statement = env.insert_for(TABLES.memory).values(record=plan.record, user_id=env.actor.id or 0, data=data)
    env.execute(statement.on_conflict_do_update(index_elements=["record", "user_id"], set_={"data": data}))


def _columns_of(plan: Import) -> dict[str, str]:
    return {squeeze(plan.headers[target.column]): target.field for target in plan.mapping}


def proposal(env: Env, record: str, headers: list[str], sample: list[list[Any]], like: Import | None = None) -> dict[str, Any]:
    """The mapping and the options to begin with, those of the import `like` where it is to be repeated."""
    memory = recall(env, record) if like is None else Memory(
        dict.fromkeys(map(squeeze, like.headers), "") | _columns_of(like), like.options)
    guesses = guesses_for(env, record, headers, sample, memory)
    options = memory.options or Options()
    targets = targets_for(env, record, {g.column: g.field for g in guesses if g.confidence >= SURE}, sample, options)
    fitted = fitting(env, record, options, targets, memory.options is not None)
    return {"mapping": [dataclasses.asdict(target) for target in targets], "options": dataclasses.asdict(fitted)}


def guesses_for(env: Env, record: str, headers: list[str], sample: list[list[Any]], memory: Memory | None = None) -> list[Guess]:
    """The likely fields of the columns, what this person chose the last time first."""
    columns = (memory or recall(env, record)).columns
    settled = {header: name for header, name in columns.items() if name}
    found = guess_mapping(headers, sample[:200], import_fields(env, record), settled)
    return [guess for guess in found if columns.get(squeeze(headers[guess.column])) != ""]


def targets_for(env: Env, record: str, mapping: Mapping[int, str], sample: list[list[Any]], options: Options) -> list[Target]:
    """The columns with what their cells prove. Raises ValidationFailed for fields that are not open to the person."""
    offered = {one.name: one for one in import_fields(env, record)}
    parsing = parse_options(env, options)
    targets = []
    for column, name in sorted(mapping.items()):
        found = offered.get(name)
        if found is None:
            label = env.registry.record(record).label
            raise ValidationFailed([Invalid(None, None, _("{record} has no field “{field}” that you may import into.",
                                                          record=label, field=name))])
        cells = [row[column] for row in sample if column < len(row)]
        targets.append(Target(column, name, settings_of(found, cells, parsing)))
    return targets


def keys_for(env: Env, record: str, targets: Iterable[Target]) -> list[list[str]]:
    """The mapped fields that tell people and things apart: those that the type names (`record_match`), else what is likely.
    A landline does only where there is nothing better: colleagues share it."""
    offered = {one.name: one for one in import_fields(env, record)}
    fields = env.registry.record(record).fields
    names = [t.field for t in targets if t.field in fields and t.field != NUMBER]
    said = [list(one) for one in env.registry.record(record).cls.record_match if set(one) <= set(names)]
    if said:
        return said
    phones = [name for name in names if fields[name].type_name == "phone"]
    sure = [name for name in names if fields[name].unique or fields[name].type_name == "email"
            or (name in phones and semantic_of(offered[name]) == "mobile")]
    return [[name] for name in sure or phones]


def fitting(env: Env, record: str, options: Options, targets: Iterable[Target], settled: bool = False) -> Options:
    """What of the options holds for these columns; the policy is proposed where nobody `settled` it with keys."""
    columns = list(targets)
    keys = keys_for(env, record, columns)
    mapped = {target.field for target in columns}
    fields, offered = env.registry.record(record).fields, {one.name for one in import_fields(env, record)}
    kept = [list(names) for names in options.keys if set(names) <= mapped and all(can_match(fields.get(n)) for n in names)]
    keys = kept or keys
    policy = options.duplicates if (options.keys or settled) and keys else SKIP if keys else CREATE
    return dataclasses.replace(
        options, duplicates=policy, keys=keys, empty_links=[name for name in options.empty_links if name in mapped],
        create_links=[name for name in options.create_links if name in env.registry.records and env.can("create", name)],
        deleted=options.deleted if env.can("delete", record) or options.deleted != RESTORE else SKIP,
        choices={name: known for name, said in options.choices.items()
                 if name in mapped and (known := _still_options(fields[name], said))},
        defaults={name: text for name, text in options.defaults.items() if name in offered - mapped})


def _still_options(field: Any, said: Mapping[str, str]) -> dict[str, str]:
    """The texts that stand for nothing, or for an option that is still there."""
    labels = field.labels if isinstance(field, ChoiceField) else {}
    return {text: value for text, value in said.items() if not value or value in labels}
