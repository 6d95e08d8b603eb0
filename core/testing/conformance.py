"""What every addon keeps to, in three lines of its tests:

    @pytest.mark.addons("visits")
    def test_conformance(installation):
        conformance.check(installation, "visits")

The installation should have the addon and what it depends on, nothing else: a dependency that was not declared is then
missed at once. Nothing of the addon's own tests is assumed; records are made from what the registry knows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.addons import lifecycle
from core.addons.manifest import Manifest
from core.env import Env
from core.errors import ValidationFailed
from core.i18n import extract
from core.i18n.catalogs import direction
from core.i18n.messages import Message
from core.installation import ROOT, Installation
from core.records.fields import ChoiceField
from core.registry.compose import RecordType
from core.security.actor import SYSTEM
from core.security.grants import NOBODY
from core.testing.browser import Visitor
from core.testing.factories import make

LANGUAGES = ("en", *extract.TRANSLATED)
PUBLIC = ("core.api", "core.web_api")
LOGIN = "conformance"
"""The person who looks at the pages: every permission set, but no super-administrator."""


def check(installation: Installation, addon: str) -> None:
    """AssertionError listing everything in which an enabled addon falls short."""
    found = problems(installation, addon)
    assert not found, f"{addon}:\n  " + "\n  ".join(found)


def problems(installation: Installation, addon: str) -> list[str]:
    """Everything in which an enabled addon falls short, as sentences; empty for a good one."""
    manifest = installation.registry.addons[addon].manifest
    found: list[str] = []
    for part in (dependencies, translations, labels, grants, layouts, pages, demo, coming_back):
        found.extend(part(installation, manifest))
    return found


def own_records(installation: Installation, addon: str) -> dict[str, RecordType]:
    """The record types that an addon declares."""
    return {name: rtype for name, rtype in installation.registry.records.items() if rtype.addon == addon}


# ---------------------------------------------------------------- what can be read off the sources
def dependencies(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Imports of the core that are not public, and of addons that `depends` does not name."""
    others = {m.package: m.name for m in installation.manifests.values() if m.name != manifest.name}
    needed = {requirement.name for requirement in manifest.requirements}
    for file in sorted(manifest.path.rglob("*.py")):
        place = file.relative_to(manifest.path)
        if "tests" in place.parts or place.name == "testing.py":
            continue
        companion = place.parts[0].removeprefix("with_")
        for name in _imports(file):
            other = next((o for package, o in others.items() if name == package or name.startswith(f"{package}.")), "")
            if (name == "core" or name.startswith("core.")) and name not in PUBLIC:
                yield f"{place} imports {name}; an addon imports {' and '.join(PUBLIC)} only"
            elif other and other not in needed and not (companion == other and other in manifest.with_):
                yield f"{place} imports the addon {other}, which is not in depends"


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def translations(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Texts without a translation into a language of the manifest, and translations whose placeholders do not fit."""
    for lang in (one for one in extract.TRANSLATED if one in manifest.languages):
        missing, wrong = extract.missing(manifest.path, lang), extract.mistakes(manifest.path, lang)
        if missing:
            yield f"{len(missing)} texts are not in {lang}: {', '.join(missing[:5])} ..."
        for text in wrong:
            yield f"the translation into {lang} has other placeholders: {text}"


def labels(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Record types, fields, options and actions without a label, or with one that no catalogue can know."""
    rooms = [ROOT / "core", *(m.path for m in installation.registry.manifests)]
    known = {extract.parts(text)[1] for room in rooms for text in _texts(room)}

    def wrong(what: str, label: str) -> Iterator[str]:
        if not label.strip():
            yield f"{what} has no label"
        elif not isinstance(label, Message) or str(label) not in known:
            yield f"the label of {what} is not marked with _(): {label}"

    for name, rtype in installation.registry.records.items():
        if rtype.addon == manifest.name:
            yield from wrong(name, rtype.label)
            yield from wrong(f"the plural of {name}", rtype.plural)
        for field in rtype.fields.values():
            if field.addon == manifest.name and not field.system and not _secret(installation, name, field.name):
                yield from wrong(f"{name}.{field.name}", field.label)
                if isinstance(field, ChoiceField):
                    yield from (f"the option {o.value} of {name}.{field.name} has no label" for o in field.options if not o.label)
        if rtype.addon == manifest.name:
            for action in rtype.actions.values():
                yield from wrong(f"{name}.{action.name}()", action.label)


@cache
def _texts(room: Path) -> tuple[extract.Found, ...]:
    """The texts of the program in a folder; its sources do not change while tests run."""
    return tuple(extract.collect(room))


def _secret(installation: Installation, record: str, field: str) -> bool:
    """Whether a field is for elevated code only, so that nobody ever reads its label."""
    return any(g.set == NOBODY and field in g.fields for g in installation.registry.field_grants.get(record, ()))


def grants(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Record types that nobody but a super-administrator could ever see."""
    for name in own_records(installation, manifest.name):
        if not any(g.set is not None and "read" in g.names for g in installation.registry.grants.get(name, ())):
            yield f"no grant lets anybody read {name}"


def layouts(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Page layouts in which something is not found."""
    for (record, kind), found in lifecycle_problems(installation):
        for problem in found:
            if problem.owner == manifest.name or installation.registry.record(record).addon == manifest.name:
                yield f"{kind} of {record}: {problem.message.english()}"


def lifecycle_problems(installation: Installation) -> list[tuple[tuple[str, str], list[Any]]]:
    """Problems of every layout of every record type, by (record, kind)."""
    registry = installation.registry
    return [((record, kind), list(registry.layout(record, kind).problems))
            for record in registry.records for kind in ("form", "list", "card", "search", "kanban", "calendar", "quick")]


# ---------------------------------------------------------------- what must be tried
def pages(installation: Installation, manifest: Manifest, languages: Sequence[str] = LANGUAGES) -> Iterator[str]:
    """Pages of the addon's record types that do not come, in every language, for somebody who manages everything."""
    visitor = _visitor(installation)
    records = own_records(installation, manifest.name)
    with installation.env(SYSTEM) as env:
        made = {name: _made(env, name, rtype) for name, rtype in records.items()}
    for lang in languages:
        with installation.env(SYSTEM) as env:
            env.update("base.user", _person(env), {"language": lang})
        for path in [p for name, key in made.items() for p in _paths(installation, name, key)]:
            answer = visitor.get(path)
            text = answer.get_data(as_text=True)
            if answer.status_code != 200:
                yield f"{path} in {lang} answers {answer.status_code}"
            elif "<html" in text and f'lang="{lang}"' not in text or f'dir="{direction(lang)}"' not in text:
                yield f"{path} in {lang} is in another language or direction"


def _made(env: Env, name: str, rtype: RecordType) -> int:
    """A record to look at: the person's own where there are owners, else one that was shipped, else a new one.

    0 for types whose values are too particular to be made up (the name of a record type, say).
    """
    if rtype.owned:
        return make(env, name, "Conform", owner=_person(env))
    shipped = env.query(name).archived(None).ids(limit=1)
    try:
        return shipped[0] if shipped else make(env, name, "Conform")
    except ValidationFailed:
        return 0


def _paths(installation: Installation, name: str, key: int) -> list[str]:
    """The addresses of a record type that the person may open."""
    with installation.env(SYSTEM, write=False) as env:
        person = _person(env)
    with installation.env(installation.load_actor(person), write=False) as env:
        if not env.can("read", name):
            return []
        visible = key > 0 and bool(env.visible_ids(name, [key]))
        return [f"/r/{name}", *([f"/r/{name}/new"] if env.can("create", name) else []),
                *([f"/r/{name}/{key}"] if visible else []),
                *([f"/r/{name}/{key}/edit"] if visible and key in env.allowed_ids("update", name, [key]) else [])]


def _visitor(installation: Installation) -> Visitor:
    with installation.env(SYSTEM) as env:
        if not _person(env):
            profile = env.create("base.profile", {"name": LOGIN, "sets": sorted(env.registry.permission_sets), "areas": ["*"]})
            env.create("base.user", {"login": LOGIN, "name": "Conformance", "email": "conformance@example.com", "profile": profile})
        person = _person(env)
    return Visitor(installation, person)


def _person(env: Env) -> int:
    return next(iter(env.query("base.user").where(f'login == "{LOGIN}"').ids()), 0)


def demo(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """A demo company that cannot be loaded, or that doubles when it is loaded twice."""
    for each in installation.registry.manifests:
        _load_demo(installation, each.name)
    before = _counts(installation)
    _load_demo(installation, manifest.name)
    after = _counts(installation)
    yield from (f"loading the demo data twice makes {after[n] - before[n]} more of {n}" for n in after if after[n] != before[n])


def _load_demo(installation: Installation, addon: str) -> None:
    plugins = installation.registry.plugins
    others = [plugin for name, plugin in plugins.list_name_plugin() if name.partition("+")[0] != addon]
    with installation.env(SYSTEM) as env:
        plugins.subset_hook_caller("demo_data", remove_plugins=others)(env=env)


def _counts(installation: Installation) -> dict[str, int]:
    with installation.env(SYSTEM, write=False) as env:
        return {name: env.query(name).archived(None).deleted(None).count() for name in env.registry.records}


def coming_back(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Values that are not what they were after the addon was disabled and enabled again."""
    dependants = [m.name for m in installation.registry.manifests if manifest.name in {r.name for r in m.requirements}]
    if manifest.name == "base" or dependants:
        return
    before = _rows(installation, manifest)
    lifecycle.disable(installation, manifest.name)
    if manifest.name in installation.registry.addons or set(own_records(installation, manifest.name)):
        yield "it is still there after it was disabled"
    lifecycle.enable(installation, [manifest.name])
    after = _rows(installation, manifest)
    yield from (f"{name}: {len(rows)} rows before disabling, {len(after.get(name, []))} after enabling again, or other values"
                for name, rows in before.items() if rows != [row for row in after.get(name, []) if row[0] in {r[0] for r in rows}])


def _rows(installation: Installation, manifest: Manifest) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables in which the addon has columns, in order of their numbers."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with installation.env(SYSTEM, write=False) as env:
        for name, rtype in env.registry.records.items():
            own: Callable[[Any], bool] = lambda field: field.addon == manifest.name and field.stored  # noqa: E731
            columns = [rtype.table.c[f.column_name] for f in rtype.fields.values() if own(f)]
            if columns:
                statement = select(rtype.table.c.id, *columns).order_by(rtype.table.c.id)
                found[name] = [tuple(row) for row in env.execute(statement)]
    return found
