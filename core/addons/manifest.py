"""The manifest of an addon: `addon.toml` read as data, never executed, every key checked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.addons.versions import Requirement, version_key
from core.errors import DefinitionError
from core.i18n.messages import _

MANIFEST_FILE = "addon.toml"
#: The version of `core.api` that this program offers; an addon names the one it was written for.
API_VERSION = "1"
QUALITIES = ("", "bronze", "silver", "gold")

#: How an addon, a record type or a field may be called.
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*$")
_TEXTS = ("name", "version", "title", "summary", "description", "category", "icon", "api", "quality", "author",
          "licence", "website")
_LISTS = ("depends", "with", "languages", "python")
_FLAGS = ("auto",)
_REQUIRED = ("name", "version", "title")
ALLOWED_KEYS = tuple(sorted((*_TEXTS, *_LISTS, *_FLAGS)))


@dataclass(frozen=True)
class Manifest:
    """What an addon says about itself. `path` is its folder, `package` the name under which Python imports it."""

    name: str
    version: str
    title: str
    path: Path
    package: str
    summary: str = ""
    description: str = ""
    category: str = ""
    icon: str = "puzzle"
    depends: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    auto: bool = False
    api: str = API_VERSION
    languages: tuple[str, ...] = ()
    quality: str = ""
    python: tuple[str, ...] = ()
    author: str = ""
    licence: str = ""
    website: str = ""

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """`depends`, parsed."""
        return tuple(Requirement.parse(text) for text in self.depends)

    @property
    def migrations(self) -> Path:
        """Folder of the migration steps; need not exist."""
        return self.path / "migrations"

    def as_dict(self) -> dict[str, Any]:
        """The manifest as plain JSON values, as kept in `sys_addon` (without the folder)."""
        values = {key: getattr(self, "with_" if key == "with" else key) for key in ALLOWED_KEYS}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def load_manifest(path: Path, package: str | None = None) -> Manifest:
    """Read the manifest in a folder (or the file itself).

    `package` defaults to the folder's name. Raises DefinitionError naming the file, the key and what is allowed.
    """
    file = path / MANIFEST_FILE if path.is_dir() else path
    try:
        with file.open("rb") as stream:
            values = tomllib.load(stream)
    except OSError as error:
        raise DefinitionError(_("{file} cannot be read: {reason}"), file=str(file),
                              reason=error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(_("{file} is not valid TOML: {reason}"), file=str(file), reason=str(error)) from error
    _check(values, str(file))
    fields: dict[str, Any] = {("with_" if key == "with" else key): tuple(value) if isinstance(value, list) else value
                              for key, value in values.items()}
    return Manifest(path=file.parent, package=package or file.parent.name, **fields)


def _check(values: dict[str, Any], file: str) -> None:
    for key in values:
        if key not in ALLOWED_KEYS:
            raise DefinitionError(_("{file}: unknown key “{key}”. Allowed are: {allowed}."), file=file, key=key,
                                  allowed=", ".join(ALLOWED_KEYS))
    for key in _REQUIRED:
        if not values.get(key):
            raise DefinitionError(_("{file}: the key “{key}” is required."), file=file, key=key)
    for key, value in values.items():
        _check_kind(key, value, file)
    _check_words(values, file)


def _check_kind(key: str, value: Any, file: str) -> None:
    if key in _TEXTS:
        right, allowed = isinstance(value, str), _("a text in quotes")
    elif key in _FLAGS:
        right, allowed = isinstance(value, bool), _("true or false")
    else:
        right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        allowed = _("a list of texts")
    if not right:
        raise DefinitionError(_("{file}: “{key}” has a wrong value. Allowed is {allowed}."), file=file, key=key,
                              allowed=allowed)


def _check_words(values: dict[str, Any], file: str) -> None:
    if not NAME.match(values["name"]):
        raise _wrong(file, "name", values["name"], "lower-case letters, digits and single underscores")
    try:
        version_key(values["version"])
    except ValueError as error:
        raise _wrong(file, "version", values["version"], "1.4.0, 1.4.0rc1") from error
    if values.get("quality", "") not in QUALITIES:
        raise _wrong(file, "quality", values["quality"], ", ".join(QUALITIES[1:]))
    for key in ("depends", "python"):
        for text in values.get(key, ()):
            try:
                Requirement.parse(text)
            except ValueError as error:
                raise _wrong(file, key, text, "name, name>=1.0, name>=1.0,<2") from error
    for text in values.get("with", ()):
        if not NAME.match(text):
            raise _wrong(file, "with", text, "name")


def _wrong(file: str, key: str, value: str, allowed: str) -> DefinitionError:
    return DefinitionError(_("{file}: “{key}” cannot be “{value}”. Allowed is, for example: {allowed}."), file=file,
                           key=key, value=value, allowed=allowed)
