"""How one setting is declared, and how texts from files, environment and flags become checked values."""

from __future__ import annotations

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import available_timezones

from core.errors import SettingsError
from core.i18n.messages import _

PREFIX = "SARNAKH_"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
# Variables with our prefix that are not settings: which files to read, and what the tests run against.
OTHER_VARIABLES = frozenset({"SARNAKH_DATA", "SARNAKH_CONFIG"})
TEST_PREFIX = "SARNAKH_TEST_"


@dataclass(frozen=True, slots=True)
class Option:
    """One declared setting. `key` is "group.name"; `least`/`most` bound numbers, `allowed`/`pattern` bound texts;
    `form` says the pattern in words."""

    key: str
    type: type
    default: Any
    help: str
    allowed: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    form: str = ""
    check: str = ""
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.key.replace(".", "_").upper()

    def limits(self) -> str:
        """What is allowed, for people."""
        if self.allowed:
            return ", ".join(value or '""' for value in self.allowed)
        if self.least is not None or self.most is not None:
            return f"a whole number from {self.least} to {self.most}"
        if self.check == "time_zone":
            return "a time zone of the IANA database, such as Asia/Tehran"
        names = {bool: "true or false", int: "a whole number", str: "a text", tuple: "a list of texts"}
        return self.form or names[self.type]


def option(default: Any, help: str, **limits: Any) -> Any:  # noqa: A002  (the word the readers know)
    """Declare a setting as a dataclass field; a secret one is left out of the group's repr."""
    return dataclasses.field(default=default, repr=not limits.get("secret"), metadata={"help": help, **limits})


def options_of(group: str, declared: type) -> Iterator[Option]:
    """The settings a group's dataclass declares."""
    hints = get_type_hints(declared)
    for field in dataclasses.fields(declared):
        kind = hints[field.name]
        yield Option(f"{group}.{field.name}", tuple if kind not in (str, int, bool) else kind, field.default,
                     **field.metadata)


class Overlay:
    """Values from one source after another, each checked when it comes, so that an error can name its source."""

    def __init__(self, options: Iterable[Option]) -> None:
        self._options = {found.key: found for found in options}
        self.values: dict[str, Any] = {}

    def put(self, key: str, value: Any, source: str, textual: bool = False) -> None:
        """Take one value; `textual` when the source knows texts only. Raises `SettingsError`."""
        found = self._options.get(key)
        if found is None:
            raise unknown(key, self._options, source)
        self.values[key] = checked(found, value, source, textual)


def unknown(key: str, known: Iterable[str], source: str) -> SettingsError:
    """The error for a key that is not declared, with the nearest ones."""
    group = key.split(".")[0]
    names = list(known)
    near = difflib.get_close_matches(key, names, n=3, cutoff=0.6)
    near = near or [name for name in names if name.startswith(group + ".")]
    if near:
        return SettingsError(_("{source}: there is no setting “{key}”. Did you mean {near}?"),
                             source=source, key=key, near=", ".join(near))
    groups = sorted({name.split(".")[0] for name in names})
    return SettingsError(_("{source}: there is no setting “{key}”. There are the groups {groups}."),
                         source=source, key=key, groups=", ".join(groups))


def checked(found: Option, value: Any, source: str, textual: bool = False) -> Any:
    """The value as the option's type, or `SettingsError` naming source, key and what is allowed."""
    try:
        result = _from_text(found, value) if textual else _from_toml(found, value)
    except (ValueError, TypeError) as error:
        raise _refused(found, value, source) from error
    if found.type is int and not (found.least or 0) <= result <= (found.most if found.most is not None else result):
        raise _refused(found, value, source)
    if found.allowed and result not in found.allowed:
        raise _refused(found, value, source)
    if found.pattern and not re.fullmatch(found.pattern, result):
        raise _refused(found, value, source)
    if found.check == "time_zone" and result not in available_timezones():
        raise _refused(found, value, source)
    return result


def _refused(found: Option, value: Any, source: str) -> SettingsError:
    shown = "•••" if found.secret else value
    return SettingsError(_("{source}: “{value}” is not allowed for {key}; it takes {allowed}."),
                         source=source, key=found.key, value=shown, allowed=found.limits())


def _from_text(found: Option, value: str) -> Any:
    if found.type is bool:
        if value.lower() in TRUE | FALSE:
            return value.lower() in TRUE
        raise ValueError(value)
    if found.type is int:
        return int(value)
    if found.type is tuple:
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _from_toml(found: Option, value: Any) -> Any:
    if found.type is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
            raise ValueError(value)
        return tuple(value)
    if type(value) is not found.type:
        raise ValueError(value)
    return value


def read_toml(path: Path) -> Iterator[tuple[str, Any]]:
    """Keys ("group.name") and values of a file. Raises `SettingsError` where it can't be read."""
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise SettingsError(_("{source} cannot be read: {reason}"), source=str(path),
                            reason=error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(_("{source} is not valid TOML: {reason}"), source=str(path), reason=str(error)) from error
    for group, values in content.items():
        if not isinstance(values, dict):
            yield group, values
            continue
        for name, value in values.items():
            yield f"{group}.{name}", value


def split_environ(options: Iterable[Option], environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(key, value, variable) for each of our variables; a misspelt one is an error like a misspelt key."""
    by_variable = {found.variable: found.key for found in options}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES or variable.startswith(TEST_PREFIX):
            continue
        if variable not in by_variable:
            raise unknown(variable, by_variable, _("environment").english())
        yield by_variable[variable], value, variable


def group_values(values: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The values of one group by their short names."""
    return {key.partition(".")[2]: value for key, value in values.items() if key.startswith(group + ".")}


def reference(groups: Mapping[str, str], options: Iterable[Option]) -> str:
    """The Markdown page that lists every setting."""
    lines = ["# Settings", "",
             "Made from the declarations in `core/settings.py`. A later source wins: the default here, "
             "`config/default.toml`, the file named by `--config` or `SARNAKH_CONFIG` (else `sarnakh.toml` in the data "
             "folder, when there is one), the environment variable, the flag.", ""]
    found = list(options)
    for group, text in groups.items():
        lines += [f"## [{group}]", "", text.strip(), "", "| Setting | Default | Takes | What it does |",
                  "|---|---|---|---|"]
        lines += [_row(each) for each in found if each.key.startswith(group + ".")]
        lines.append("")
    return "\n".join(lines)


def _row(found: Option) -> str:
    name = found.key.partition(".")[2]
    default = {True: "true", False: "false"}.get(found.default, found.default) if found.type is bool else found.default
    shown = "" if default in ("", ()) else f"`{default}`"
    cells = [f"`{name}`<br>`{found.variable}`", shown, found.limits(), found.help]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
