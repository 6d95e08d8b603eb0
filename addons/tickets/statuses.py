"""Statuses by their categories, and the whole names of ticket categories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.api import Change, Env, F, Invalid, SarnakhError, _, n_

from .choices import CATEGORY, DONE, LIVE, OPEN, STATES, STATUS, TICKET

COUNTER = "tickets.status"
SEPARATOR = " / "
DEEPEST = 20


def known(env: Env) -> dict[int, dict[str, Any]]:
    """All statuses by number in their order: name, category, active. Kept until one changes."""
    kept = env.kept("tickets.statuses", COUNTER)
    if "all" not in kept:
        with env.elevated("statuses of tickets, for everybody") as sudo:
            rows = sudo.query(STATUS).archived(None).deleted(None).order("position", "id").select(
                "name", "category", "active", "colour", "reopen_days", "archived", "deleted_at").rows()
        kept["all"] = {row["id"]: row for row in rows}
    return kept["all"]  # type: ignore[no-any-return]


def usable(row: dict[str, Any]) -> bool:
    """Whether tickets may be put there."""
    return bool(row["active"]) and not row["archived"] and row["deleted_at"] is None


def first_of(env: Env, category: str) -> int | None:
    """The first status of a category that is in use."""
    return next((key for key, row in known(env).items() if row["category"] == category and usable(row)), None)


def first(env: Env) -> int | None:
    """Where new tickets begin."""
    return first_of(env, OPEN)


def needed(env: Env, category: str) -> int:
    """As :func:`first_of`; an error that says what to do where there is none."""
    found = first_of(env, category)
    if found is None:
        name = next(label for value, label, _colour in STATES if value == category)
        raise SarnakhError(_("There is no status of the category “{category}” in use: an admin adds one under Ticket statuses.",
                             category=env.t(name)))
    return found


def carry_over(env: Env, change: Change) -> None:
    """Tickets take the category of their status; every process learns of a change."""
    env.changed(COUNTER)
    if change.action != "update":
        return
    for record in change.changed("category"):
        with env.elevated("category of a ticket status changed") as sudo:
            sudo.update(TICKET, sudo.query(TICKET).archived(None).where(F.status == record.id), {
                "state": record.category, "live": record.category in LIVE})


def problems(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Nothing to begin with any more, or tickets that would be closed or opened by the change of a status."""
    rows = {key: row for key, row in known(env).items() if usable(row)}
    after = {key: row["category"] for key, row in rows.items()}
    moved = []
    for record in records:
        key = record.get("id")
        if key and key in known(env) and (known(env)[key]["category"] in DONE) != (record.category in DONE):
            moved.append(record)
        if key:
            after.pop(key, None)
            if record.active:
                after[key] = record.category
    if rows and OPEN not in after.values() and any(r.get("id") for r in records):
        yield Invalid(records[0], "category", _("New tickets need a status to begin with: keep one of the category “Open” in use."))
    if moved:
        with env.elevated("whether tickets stand in a status") as sudo:
            used = {r["status"].id: r["count"] for r in sudo.query(TICKET).archived(None).where(
                F.status.isin(tuple(r.id for r in moved))).aggregate(["status"])}
        for record in moved:
            if used.get(record.id):
                yield Invalid(record, "category", n_("{count} ticket has this status and would be opened or closed by it. Move it first.",
                                                     "{count} tickets have this status and would be opened or closed by it. Move them "
                                                     "first.", used[record.id]))


# ---------------------------------------------------------------- the tree of categories
def circles(env: Env, records: Sequence[Any]) -> Iterator[Invalid]:
    """Categories that would be under themselves."""
    parents = {r["id"]: r["parent"].id if r["parent"] else None for r in env.query(CATEGORY).archived(None).select("parent").rows()}
    parents |= {r.id: r.parent.id if r.parent else None for r in records if r.get("id")}
    for record in records:
        own, at = record.get("id"), record.parent.id if record.parent else None
        for _step in range(DEEPEST):
            if at is None or at == own:
                break
            at = parents.get(at)
        if at is not None:
            yield Invalid(record, "parent", _("A category cannot be under itself."))


def name_paths(env: Env) -> None:
    """Bring the whole names of all categories up to date."""
    with env.elevated("whole names of ticket categories") as sudo:
        rows = {r["id"]: r for r in sudo.query(CATEGORY).archived(None).deleted(None).select("name", "parent", "path").rows()}
        changed = {key: {"path": path} for key, row in rows.items() if (path := _path(rows, row)) != row["path"]}
        sudo.update_each(CATEGORY, changed)


def _path(rows: dict[int, dict[str, Any]], row: dict[str, Any]) -> str:
    names = [row["name"]]
    while row["parent"] is not None and row["parent"].id in rows and len(names) < DEEPEST:
        row = rows[row["parent"].id]
        names.append(row["name"])
    return SEPARATOR.join(reversed(names))[-500:]
