"""Packages: exporting chosen parts, comparing with what is here, checking, applying, and the way back.

What a package said when it was applied is kept as digests in a row of customising (kind "package"), so that the next
version knows what people changed here since. See :mod:`core.customise.package_diff` for how three states are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, tuple_

from core.addons.versions import compare as compare_versions
from core.customise import package_here
from core.customise.applying import apply_pieces, plan_pieces, run
from core.customise.history import reversed_pieces, rows_of, unchanged
from core.customise.package import MOST_TOTAL, Package, PackageError, checked, from_zip, is_record, read, split, to_zip, write_folder
from core.customise.package_diff import ABSENT, HERE, PACKAGE, Base, Change, Value, base_of, compare, summary
from core.customise.package_here import PROFILE, Part, group_label, group_of, label_of, needed_along, parts, type_label
from core.customise.package_names import Names, NotHere
from core.customise.package_records import write_records
from core.customise.pieces import Piece, pieces_of, require
from core.customise.words import speaks_of_own
from core.errors import Conflict, Invalid, NotFound, SarnakhError, ValidationFailed
from core.i18n.messages import Message, _
from core.records import portable
from core.security.actor import Actor
from core.version import VERSION

if TYPE_CHECKING:
    from core.env import Env
    from core.installation import Installation

__all__ = ["ABSENT", "HERE", "MOST_TOTAL", "PACKAGE", "Applied", "Change", "Comparison", "Package", "PackageError", "Part", "Value",
           "apply", "check", "export", "from_zip", "group_label", "group_of", "label_of", "look", "needed_along", "parts", "read",
           "settle_in", "take_back", "to_zip", "type_label", "write_folder"]
KIND = "package"
KEPT = ("field", "record")
"""Kinds that a package only ever switches off: what people wrote into them stays."""


@dataclass
class Comparison:
    """A package beside what is here: every item, what stands against applying it, and what the database would do."""

    package: Package
    changes: list[Change]
    problems: list[Invalid] = field(default_factory=list)
    steps: tuple[Message, ...] = ()
    last: str = ""
    """The version that was applied here last."""
    pieces: list[Piece] = field(default_factory=list)
    later: list[Change] = field(default_factory=list)
    """Pieces for a profile that the package brings along."""

    @property
    def summary(self) -> dict[str, int]:
        """How many items there are of each state."""
        return summary(self.changes)

    @property
    def writes(self) -> list[Change]:
        """The items that would become different."""
        return [change for change in self.changes if change.writes]


@dataclass(frozen=True)
class Applied:
    """What applying did: the batch in history ("" when nothing had to be changed) and the comparison it followed."""

    batch: str
    comparison: Comparison


# ---------------------------------------------------------------- out
def export(env: Env, chosen: Iterable[str], name: str, *, version: str = "1.0", title: str = "", description: str = "") -> Package:
    """A package of chosen items. Needs the area "layouts"; records are exported as far as the actor reads them."""
    require(env)
    wanted = set(chosen)
    found = {item: data for item, data in package_here.everything(env, Names(env)).items() if item in wanted}
    missing = sorted(wanted - set(found))
    if missing:
        raise NotFound(_("“{item}” is not here.", item=missing[0][:200]))
    if not found:
        raise SarnakhError(_("Choose something to export."))
    return checked(Package(name, version, title, description, VERSION, package_here.addons_needed(env, found), found))


# ---------------------------------------------------------------- looking
def look(env: Env, package: Package, decisions: Mapping[str, str] | str = "") -> Comparison:
    """Compare a package with what is here, without checking whether it could be applied. Needs the area "layouts"."""
    return _look(env, Names(env), package, decisions)


def _look(env: Env, names: Names, package: Package, decisions: Mapping[str, str] | str) -> Comparison:
    require(env)
    state = env.registry.customising.of(KIND).get(package.name) or {}
    base: Base = state.get("items") or {}
    known = {item: data for item, data in package.items.items() if package_here.travels(env, item)}
    present = package_here.here(env, names, {*known, *base})
    for item in list(present):  # gone from the package and switched off here already
        if item not in known and split(item)[0] in KEPT and present[item].get("active") is False:
            del present[item]
    made = Comparison(package, compare(known, present, base, decisions), last=str(state.get("version") or ""))
    for change in made.changes:
        if change.state == "removed" and change.result is ABSENT and split(change.item)[0] in KEPT:
            change.result = {**change.here, "active": False}
    return made


def check(env: Env, package: Package, decisions: Mapping[str, str] | str = "") -> Comparison:
    """:func:`look`, and everything that stands against applying the package; writes nothing."""
    names = Names(env)
    made = _look(env, names, package, decisions)
    made.problems = [*_missing_addons(env, package), *(
        Invalid(item, None, _("This kind of thing does not travel in packages.")) for item in package.items
        if not package_here.travels(env, item) and not _waits_for_addon(env, package, item))]
    if made.problems:
        return made
    made.problems += [Invalid(c.item, None, _("It was changed here and in the package: say which one holds."))
                      for c in made.changes if c.open]
    try:
        _set_pieces(names, made)
        plan = plan_pieces(env, made.pieces)
        made.problems += [Invalid(_item_at(made.pieces, e), e.field, e.message) for e in plan.errors]
        made.steps = () if made.problems else plan.steps
        made.problems += [] if made.problems else _tried(env, made)
    except SarnakhError as error:
        made.problems.append(Invalid(None, None, error.message))
    return made


def _waits_for_addon(env: Env, package: Package, item: str) -> bool:
    """Whether the addon that declares an item's records is not enabled, which is said once for all."""
    addon = portable.read(item)[0].partition(".")[0] if is_record(item) else ""
    return bool(addon) and addon not in env.registry.addons


def _missing_addons(env: Env, package: Package) -> list[Invalid]:
    have = {m.name: m.version for m in env.registry.manifests}
    wanted = dict(package.needs)
    for item in package.items:
        if is_record(item):
            wanted.setdefault(portable.read(item)[0].partition(".")[0], "")
    found = []
    for name, version in sorted(wanted.items()):
        if name not in have:
            found.append(Invalid(None, name, _("The addon “{addon}” is needed and is not enabled here.", addon=name)))
        elif _older(have[name], version):
            found.append(Invalid(None, name, _("The addon “{addon}” is needed in version {version}; here it is {own}.", addon=name,
                                               version=version, own=have[name])))
    return found


def _older(have: str, wanted: str) -> bool:
    try:
        return bool(wanted) and compare_versions(have, wanted) < 0
    except (SarnakhError, ValueError):
        return False


def _set_pieces(names: Names, comparison: Comparison) -> None:
    """The pieces to apply, and the changes whose target is a profile that the package brings along."""
    for change in comparison.writes:
        if is_record(change.item):
            continue
        try:
            comparison.pieces.append(package_here.piece(names, change.item, None if change.result is ABSENT else change.result))
        except NotHere as error:
            if error.name not in comparison.package.items:
                raise
            comparison.later.append(change)


def _item_at(pieces: Sequence[Piece], error: Invalid) -> Any:
    if isinstance(error.record, int) and error.record < len(pieces):
        return f"{pieces[error.record].kind} {pieces[error.record].target}"
    return error.record


def _tried(env: Env, comparison: Comparison) -> list[Invalid]:
    """Try to write the records, and take it back: their own rules say what is wrong with them."""
    if not any(is_record(c.item) for c in comparison.writes):
        return []
    try:
        with env.attempt():
            write_records(env, [c for c in comparison.writes if _now(c)], coming=comparison.package.items)
            raise _TakeBack
    except _TakeBack:
        return []
    except ValidationFailed as failed:
        return [Invalid(None, e.field, e.message) for e in failed.errors]
    except SarnakhError as error:
        return [Invalid(None, None, error.message)]


class _TakeBack(Exception):
    """Ends a trial."""


def _now(change: Change) -> bool:
    """Whether a record can be tried before the package's own fields are there."""
    return is_record(change.item) and not speaks_of_own([change.item, change.result])


# ---------------------------------------------------------------- in
def apply(installation: Installation, actor: Actor, package: Package, decisions: Mapping[str, str] | str = "") -> Applied:
    """Apply a package as the actor, all or nothing; applied again it changes nothing. ValidationFailed says all that stands against it.

    It works in transactions of its own, like :func:`apply_pieces`.
    """
    with installation.env(actor) as env:
        installation.refresh(env.connection)
        registry = env.registry = installation.registry
        found = check(env, package, decisions)
        env.connection.rollback()
    if found.problems:
        raise ValidationFailed(found.problems)
    state = {"version": package.version, "title": package.title, "items": base_of(package.items)}
    if registry.customising.of(KIND).get(package.name) == state and not found.writes:
        return Applied("", found)
    profiles = [c for c in found.writes if is_record(c.item) and portable.read(c.item)[0] == PROFILE]
    others = [c for c in found.writes if is_record(c.item) and c not in profiles]

    def first(env: Env) -> list[Piece]:
        _unchanged(env, package, decisions, found)
        write_records(env, profiles)
        names = Names(env)
        return [package_here.piece(names, c.item, c.result) for c in found.later]

    batch = apply_pieces(installation, actor, [*found.pieces, Piece(KIND, package.name, state)], first=first,
                         then=lambda env: write_records(env, others), note=f"{package.name} {package.version}")
    return Applied(batch, found)


def _unchanged(env: Env, package: Package, decisions: Mapping[str, str] | str, found: Comparison) -> None:
    """With the lock held: nobody changed anything since it was looked at."""
    now = look(env, package, decisions)
    if [(c.item, c.here, c.result) for c in now.changes] != [(c.item, c.here, c.result) for c in found.changes]:
        raise Conflict(_("Something was changed here in the meantime. Look at the difference again."))


def settle_in(env: Env, folder: Path) -> None:
    """Of a package that an addon ships in its `customising` folder: the part that the registry does not read by itself.

    For the hook `addon_enabled` of such an addon. Records that are not here yet are made, those that are stay as they are. What
    was applied as a package before and is the same becomes the addon's, so that its next versions arrive.
    """
    package, table = read(folder), env.registry.system.custom
    env.installation.bump(env, "registry")  # first of all: whoever else changes customising is through, or waits for us
    names = Names(env)
    held = [row.key for row in pieces_of(env) if row.key in env.registry.shipped and env.registry.shipped[row.key][1] == row.data]
    if held:
        env.execute(delete(table).where(tuple_(table.c.kind, table.c.target).in_(held)))
    records = {item: data for item, data in package.items.items() if is_record(item)}
    changes = compare(records, package_here.here(env, names, records), {})
    write_records(env, [c for c in changes if c.state == "added"])
    names, known = Names(env), env.installation.customising(env.connection).rows
    pieces = [package_here.piece(names, item, data) for item, data in package.items.items() if not is_record(item) and "@" in item]
    rows = [{"kind": p.kind, "target": p.target, "data": p.data, "updated_at": env.now, "updated_by_id": env.actor.id}
            for p in pieces if p.key not in known]
    if rows:
        env.execute(insert(table), rows)


def take_back(installation: Installation, actor: Actor, batch: str) -> str:
    """Take an applied package back: its pieces and its records become what they were. Refused when one was changed since."""
    with installation.env(actor, write=False) as env:
        rows = rows_of(env, batch)
        audit = env.registry.system.audit
        touched = env.execute(select(audit.c.id).where(audit.c.batch == batch, audit.c.record.in_(
            [t.name for t in env.registry.records.values()])).limit(1)).first() is not None
    pieces, note, back = reversed_pieces(installation, rows)

    def first(env: Env) -> tuple[Piece, ...]:
        unchanged(env, rows)
        result = env.undo(batch) if touched else None
        if result is not None and result.left:
            raise Conflict(_("{count} records were changed again since: they cannot be taken back.", count=result.left))
        return ()

    return run(installation, actor, pieces, note, back, first=first)
