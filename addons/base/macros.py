"""Macros: several changes of a record in one click, on one record or on chosen ones of a list.

A macro does what the person who starts it may do, and nothing else; all of it or nothing, in one batch that is undone at once.
Its steps are kept as data, each a dict with what to `do`:

    {"do": "set", "field": "status", "value": "3"}          a value as it is typed, "me" and "today" among them
    {"do": "set", "field": "due_on", "value": "=add_days(today(), 3)"}      after "=", an expression
    {"do": "tag", "value": "urgent, printer"}               tags are added
    {"do": "note", "value": "Called {{requester}}"}         a note, with placeholders
    {"do": "action", "value": "take"}                       an action of the record type
    {"do": "step:reply", "value": "7"}                      what an addon contributes (hook macro_steps)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from core.api import ActionLink, Env, ExpressionError, F, Link, MacroStep, Message, NotFound, SarnakhError, _, parse, to_python

from . import placeholders

MACRO = "base.macro"
SET, TAG, NOTE, ACTION, STEP = "set", "tag", "note", "action", "step:"
MOST_STEPS = 20
MOST_RECORDS = 1000
NOT_SET = ("children", "data", "secret", "file", "image", "many", "anylink", "names", "formula", "rollup", "richtext")


def contributed(env: Env, record: str) -> dict[str, MacroStep]:
    """What addons let macros of a record type do, by name."""
    return {step.name: step for step in env.registry.collected("macro_steps", env=env, record_name=record)}


def settable(env: Env, record: str) -> list[Any]:
    """The fields that a macro of the acting person may set."""
    rtype = env.registry.record(record)
    return [f for n, f in rtype.fields.items() if not f.system and env.access.writable(record, n) and f.type_name not in NOT_SET
            and f.type_name != "tags"]


def tags_of(env: Env, record: str) -> str:
    """The field of tags that the acting person may change, or nothing."""
    fields = env.registry.record(record).fields.items()
    return next((n for n, f in fields if f.type_name == "tags" and env.access.writable(record, n)), "")


def problems(env: Env, record: str, steps: Sequence[Any]) -> Iterator[Message]:
    """What is wrong with the steps of a macro, for its writer."""
    if record not in env.registry.records or not env.can("update", record):
        yield _("Choose a record type that you may change.")
        return
    if not steps or len(steps) > MOST_STEPS:
        yield _("A macro has between 1 and {count} steps.", count=MOST_STEPS)
    fields = {f.name: f for f in settable(env, record)}
    known = contributed(env, record)
    for step in steps:
        do, value = (step.get("do"), step.get("value")) if isinstance(step, Mapping) else (None, None)
        if not isinstance(do, str) or not isinstance(value, str):
            yield _("The steps are not in the form that is expected.")
        elif do == SET:
            yield from _wrong_value(env, record, fields.get(step.get("field", "")), value)
        elif do == NOTE and "noted" in env.registry.record(record).traits:
            yield from placeholders.problems(env, record, value) if value.strip() else [_("Write the text of the note.")]
        elif do == ACTION:
            if value not in env.registry.record(record).actions:
                yield _("There is no action “{name}” of this record type.", name=value)
        elif not (do == TAG and tags_of(env, record)) and do.removeprefix(STEP) not in known:
            yield _("There is no step “{name}” for this record type.", name=do)


def _wrong_value(env: Env, record: str, field: Any, value: str) -> Iterator[Message]:
    if field is None:
        yield _("A macro sets only fields that you may change.")
        return
    try:
        if value.startswith("="):
            _reads(env, record, value[1:])
        elif value:
            field.clean(_typed(env, field, value), env)
        elif field.required:
            yield _("“{field}” must not be empty.", field=field.label)
    except ExpressionError as error:
        yield _("{field}: {reason}", field=field.label, reason=error.message)
    except ValueError as error:
        yield _("{field}: {reason}", field=field.label, reason=error.args[0])


def _typed(env: Env, field: Any, value: str) -> Any:
    if field.type_name == "link" and value == "me":
        return env.actor.id
    if value == "today" and field.type_name == "date":
        return env.today
    return int(value) if field.type_name == "link" and value.isdecimal() and len(value) < 18 else value


def _reads(env: Env, record: str, text: str) -> list[str]:
    """The fields that an expression reads; ExpressionError for one that the acting person does not read."""
    paths = sorted(env.registry.paths(record, parse(text)))
    for path in paths:
        if placeholders.field_of(env, record, path) is None:
            raise ExpressionError(_("There is no field “{path}” for an expression.", path=path))
    return paths


# ---------------------------------------------------------------- which, and running them
def usable(env: Env, record: str) -> list[dict[str, Any]]:
    """The macros of a record type that the acting person may start: one's own, and the shared ones for their profile and teams."""
    if MACRO not in env.registry.records or not env.can("read", MACRO) or not env.can("update", record):
        return []
    with env.elevated("for whom macros are") as sudo:  # profiles are not for everybody to read
        rows = sudo.query(MACRO).where((F.record_type == record) & F.active & (F.user.is_null() | (F.user == env.actor.id))).order(
            "position", "name").select("name", "steps", "profiles", "teams").rows(200)
        own = sudo.query("base.user").with_ids([env.actor.id or 0]).select("profile").rows(1) if rows else []
    profile = own[0]["profile"].id if own and own[0]["profile"] else None
    teams = set(env.actor.team_ids)
    return [r for r in rows if (not r["profiles"] or profile in {p.id for p in r["profiles"]})
            and (not r["teams"] or teams & {t.id for t in r["teams"]})]


def _kept_types(env: Env) -> set[str]:
    """The record types that have macros: asked for with every list, so it is kept until a macro is written."""
    kept = env.kept("macros", "macros")
    if "types" not in kept:
        with env.elevated("which record types have macros") as sudo:
            kept["types"] = {r["record_type"] for r in sudo.query(MACRO).where(F.active).aggregate(["record_type"])}
    return kept["types"]  # type: ignore[no-any-return]


def buttons(env: Env, record: str, key: int = 0) -> list[ActionLink]:
    """The button that offers the macros, where there are any."""
    if record == MACRO or record not in _kept_types(env) or not usable(env, record):
        return []
    if key:
        return [ActionLink(_("Macros"), f"/macros/{record}?ids={key}", icon="lightning-charge", sheet=True)]
    return [ActionLink(_("Macros"), f"/macros/{record}", icon="lightning-charge", bulk=True, sheet=True)]


def run(env: Env, record: str, macro: int, ids: Sequence[int]) -> int:
    """Do all steps of a macro with records as the acting person; returns how many records. Raises, and then the caller takes all of
    it back (a savepoint: `request.attempt()`)."""
    found = next((m for m in usable(env, record) if m["id"] == macro), None)
    if found is None:
        raise NotFound(_("There is no such macro."))
    keys = list(dict.fromkeys(ids))
    if not keys or len(keys) > MOST_RECORDS:
        raise SarnakhError(_("Choose records first, at most {count}.", count=MOST_RECORDS))
    if env.allowed_ids("update", record, keys) != set(keys):
        raise SarnakhError(_("You may change only some of these records, so nothing was done."))
    known = contributed(env, record)
    for step in found["steps"] or ():
        _do(env, record, keys, step, known)
    return len(keys)


def _do(env: Env, record: str, keys: Sequence[int], step: Mapping[str, Any], known: Mapping[str, MacroStep]) -> None:
    do, value = str(step.get("do")), str(step.get("value") or "")
    simple: dict[str, Callable[[], Any]] = {
        SET: lambda: _set(env, record, keys, str(step.get("field")), value), TAG: lambda: _tag(env, record, keys, value),
        NOTE: lambda: _note(env, record, keys, value), ACTION: lambda: _action(env, record, keys, value)}
    if do in simple:
        simple[do]()
    elif do.removeprefix(STEP) in known:
        known[do.removeprefix(STEP)].run(env, record, keys, value)
    else:
        raise SarnakhError(_("There is no step “{name}” for this record type.", name=do))


def _set(env: Env, record: str, keys: Sequence[int], name: str, value: str) -> None:
    field = env.registry.record(record).fields.get(name)
    if field is None:
        raise SarnakhError(_("The field “{field}” does not exist any more.", field=name))
    if not value.startswith("="):
        env.update(record, list(keys), {name: _typed(env, field, value) if value else None})
        return
    paths = _reads(env, record, value[1:])
    rows = env.query(record).archived(None).with_ids(list(keys)).select(*(paths or ("id",))).rows()
    compiled = to_python(parse(value[1:]))

    def worked_out(row: Mapping[str, Any]) -> Any:
        found = compiled(lambda path: _plain(row[".".join(path)]), env.context)
        return found.date() if field.type_name == "date" and hasattr(found, "date") else found

    env.update_each(record, {row["id"]: {name: worked_out(row)} for row in rows})


def _plain(value: Any) -> Any:
    return value.id if isinstance(value, Link) else value


def _tag(env: Env, record: str, keys: Sequence[int], value: str) -> None:
    field = tags_of(env, record)
    names = [n.strip() for n in value.replace("،", ",").split(",") if n.strip()]
    if not field or not names:
        return
    there = {r["name"]: r["id"] for r in env.query("base.tag").where(F.name.isin(tuple(names))).select("name").rows()}
    names = list(dict.fromkeys(names))
    new = [n for n in names if n not in there]
    there |= dict(zip(new, env.create("base.tag", [{"name": n} for n in new]), strict=True)) if new else {}
    wanted = [there[n] for n in names]
    rows = env.query(record).archived(None).with_ids(list(keys)).select(field).rows()
    env.update_each(record, {r["id"]: {field: [*dict.fromkeys([*(t.id for t in r[field]), *wanted])]} for r in rows})


def _note(env: Env, record: str, keys: Sequence[int], value: str) -> None:
    filled = placeholders.fill_each(env, record, keys, placeholders.escaped(value))
    env.create("base.note", [{"about": (record, key), "body": f"<p>{filled[key]}</p>"} for key in keys])


def _action(env: Env, record: str, keys: Sequence[int], value: str) -> None:
    found = env.run_action(record, value, keys)
    if isinstance(found, str) and not isinstance(found, Message):
        label = env.registry.record(record).actions[value].label
        raise SarnakhError(_("“{name}” asks something first, so a macro cannot do it.", name=label))
