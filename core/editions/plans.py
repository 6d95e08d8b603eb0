"""Reading the files of editions: names, texts by language, addons by pattern, limits. A wrong one is refused with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import SettingsError
from core.i18n.messages import _

if TYPE_CHECKING:
    from core.installation import Installation

SHIPPED = Path(__file__).resolve().parents[2] / "config" / "editions"
FOLDER = "editions"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_KEYS = frozenset({"order", "title", "summary", "addons", "allowed", "limits"})
_LIMITS = frozenset({"users", "storage_mb", "records"})


@dataclass(frozen=True)
class Plan:
    """One edition. `addons` are enabled with it, those that fit a pattern of `allowed` may be enabled besides. A limit of None is
    none."""

    name: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str] = field(default_factory=dict)
    addons: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    users: int | None = None
    storage_mb: int | None = None
    records: Mapping[str, int] = field(default_factory=dict)
    order: int = 100

    def title(self, lang: str) -> str:
        """Its name in a language."""
        return self.titles.get(lang) or self.titles.get("en") or self.name

    def summary(self, lang: str) -> str:
        """What it is for, in a language."""
        return self.summaries.get(lang) or self.summaries.get("en") or ""

    def has(self, addon: str) -> bool:
        """Whether an addon is one of it."""
        return addon in self.addons or any(fnmatchcase(addon, pattern) for pattern in self.allowed)


def plans(inst: Installation) -> dict[str, Plan]:
    """All editions there are, the smallest first."""
    read = [_read(path, path.stat().st_mtime_ns) for path in _files(inst).values()]
    return {plan.name: plan for plan in sorted(read, key=lambda p: (p.order, p.name))}


def found(inst: Installation, name: str) -> Plan | None:
    """One edition, of which no file but its own is read; None when there is none of the name."""
    path = _files(inst).get(name)
    return None if path is None else _read(path, path.stat().st_mtime_ns)


def named(inst: Installation, name: str) -> Plan:
    """One edition; SettingsError for a name that there is none of."""
    plan = found(inst, name)
    if plan is None:
        raise SettingsError(_("There is no edition “{name}”. There are: {names}."), name=name, names=", ".join(_files(inst)) or "-")
    return plan


def _files(inst: Installation) -> dict[str, Path]:
    """The file of each edition; one in the data folder goes before a shipped one."""
    return {path.stem: path for folder in (SHIPPED, inst.settings.data / FOLDER) if folder.is_dir()
            for path in sorted(folder.glob("*.toml"))}


@lru_cache(maxsize=64)
def _read(path: Path, stamp: int) -> Plan:
    """A file's edition, read again when it was changed."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(_("{file}: {reason}"), file=str(path), reason=str(error)) from error
    limits = data.get("limits", {})
    _refuse_unless(path, "name", NAME.fullmatch(path.stem) is not None)
    _refuse_unless(path, "keys", set(data) <= _KEYS and isinstance(limits, dict) and set(limits) <= _LIMITS)
    for key in ("title", "summary"):
        _refuse_unless(path, key, _is_texts(data.get(key, {})))
    addons, allowed, records = data.get("addons", []), data.get("allowed", []), limits.get("records", {})
    for key, value in (("addons", addons), ("allowed", allowed)):
        _refuse_unless(path, key, isinstance(value, list) and all(isinstance(a, str) and a for a in value))
    _refuse_unless(path, "limits.records", isinstance(records, dict) and _are_counts(records.values()))
    _refuse_unless(path, "limits", _are_counts(limits[k] for k in ("users", "storage_mb") if k in limits))
    _refuse_unless(path, "order", type(data.get("order", 100)) is int)
    return Plan(path.stem, data.get("title", {}), data.get("summary", {}), tuple(addons), tuple(allowed), limits.get("users"),
                limits.get("storage_mb"), records, data.get("order", 100))


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


def _are_counts(values: Iterable[Any]) -> bool:
    return all(type(v) is int and v >= 0 for v in values)


def _refuse_unless(path: Path, key: str, fits: bool) -> None:
    if not fits:
        raise SettingsError(_("{file}: “{key}” is not right; docs/admin/editions.md says what an edition may hold."), file=str(path),
                            key=key)
