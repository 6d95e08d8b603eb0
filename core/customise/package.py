"""Customisation packages as files: a folder or a zip that people read, compare and keep in git.

    package.toml                     name, version, title, description, what it was made with, the addons it needs
    custom/field/leads.lead.x_code.json      one file for each piece of customising: kind, target, data
    records/base.profile/Standard.json       one for each configuration record: record, key, values

Pieces are JSON with sorted keys, one value on a line: TOML knows no null and no mixed lists, both of which customising
holds, and Python writes JSON by itself. What a file says counts, not its name, so that files may be renamed. Nothing of a
package is ever unpacked to disk; how much is read is limited, whatever an archive claims about itself.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import SarnakhError
from core.i18n.messages import _
from core.records import portable

MANIFEST = "package.toml"
FORMAT = 1
MOST_FILES = 5000
MOST_BYTES = 2 << 20
"""Of one file."""
MOST_TOTAL = 32 << 20
NAME = re.compile(r"[a-z][a-z0-9_]{1,58}[a-z0-9]")
VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){1,3}")
KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
OURS = frozenset({"package"})
"""Kinds that say what was applied here, which no package may claim."""


class PackageError(SarnakhError):
    """Something is no package, or not one of ours."""


@dataclass
class Package:
    """What a package holds. `items` are data by name: "field leads.lead.x_code", "@base.profile(name=Standard)"."""

    name: str
    version: str = "1.0"
    title: str = ""
    description: str = ""
    made_with: str = ""
    needs: dict[str, str] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Equal for packages with the same content."""
        return hashlib.sha256("\0".join(f"{n}\0{t}" for n, t in sorted(files_of(self).items())).encode()).hexdigest()[:16]


def split(item: str) -> tuple[str, str]:
    """Kind and target of an item of customising."""
    kind, _space, target = item.partition(" ")
    return kind, target


def is_record(item: str) -> bool:
    """Whether an item is a configuration record."""
    return item.startswith("@")


# ---------------------------------------------------------------- writing
def files_of(package: Package) -> dict[str, str]:
    """The texts of the package's files by path."""
    found = {MANIFEST: _manifest(package)}
    taken: set[str] = set()
    for item in sorted(package.items):
        data = package.items[item]
        if is_record(item):
            record, key = portable.read(item)
            path, content = f"records/{record}", {"record": record, "key": key, "values": data}
            word = ", ".join(_plain(value) for value in key.values())
        else:
            kind, word = split(item)
            path, content = f"custom/{kind}", {"kind": kind, "target": word, "data": data}
        found[f"{path}/{_file_name(word, item, taken, path)}.json"] = json.dumps(
            content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return found


def _plain(value: str) -> str:
    """A key's value for the name of a file: of a name of another record, what that one is called."""
    return " ".join(_plain(v) for v in portable.read(value)[1].values()) if portable.is_name(value) else value


def _file_name(word: str, item: str, taken: set[str], path: str) -> str:
    """A readable name that is a file's name everywhere; a few digits are added where it is not the item's own."""
    name = re.sub(r"[^\w.,@ -]+", "-", word).strip(" .-")[:60]
    if name != word or f"{path}/{name}".casefold() in taken:
        name = f"{name}-{hashlib.sha256(item.encode()).hexdigest()[:6]}".lstrip("-")
    taken.add(f"{path}/{name}".casefold())
    return name


def _manifest(package: Package) -> str:
    lines = ["# A customisation package of Sarnakh: sarnakh customise --help", f"format = {FORMAT}"]
    lines += [f"{name} = {_quoted(getattr(package, name))}" for name in ("name", "version", "title", "description", "made_with")]
    lines += ["", "[needs]", *(f"{name} = {_quoted(version)}" for name, version in sorted(package.needs.items()))]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string; JSON's is one, but for DEL."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def write_folder(package: Package, folder: Path) -> None:
    """Write the package into a folder; files of items that are gone are removed, whatever else is there stays."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise PackageError(_("The folder {folder} holds something else.", folder=str(folder)))
    files = files_of(package)
    for sort in ("custom", "records"):
        for old in sorted((folder / sort).rglob("*.json")) if (folder / sort).is_dir() else ():
            if old.relative_to(folder).as_posix() not in files:
                old.unlink()
                if not any(old.parent.iterdir()):
                    old.parent.rmdir()
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")


def to_zip(package: Package) -> bytes:
    """The package as one file, the same bytes for the same content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files_of(package).items()):
            archive.writestr(zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


# ---------------------------------------------------------------- reading
def read(source: Path) -> Package:
    """A package from a folder or a zip file."""
    if source.is_dir():
        return read_files(_of_folder(source))
    try:
        with source.open("rb") as stream:
            content = stream.read(MOST_TOTAL + 1)
    except OSError as error:
        raise PackageError(_("{path} cannot be read: {reason}", path=str(source), reason=error.strerror or "")) from None
    return from_zip(content)


def from_zip(content: bytes) -> Package:
    """A package from the bytes of a zip file."""
    if len(content) > MOST_TOTAL:
        raise PackageError(_("The package is larger than {limit} megabytes.", limit=MOST_TOTAL >> 20))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return read_files(_of_zip(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise PackageError(_("This is not a zip file that can be read.")) from error


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in [folder / MANIFEST, *(p for sort in ("custom", "records") for p in sorted((folder / sort).rglob("*")))]:
        if path.is_symlink():
            raise PackageError(_("{file} leads out of the package.", file=path.name))
        if path.is_file():
            with path.open("rb") as stream:
                yield path.relative_to(folder).as_posix(), stream.read(MOST_BYTES + 1)


def _of_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > MOST_FILES:
        raise PackageError(_("The package holds more than {limit} files.", limit=MOST_FILES))
    top = _common_top(entries)
    for one in entries:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in one.filename or stat.S_ISLNK(one.external_attr >> 16):
            raise PackageError(_("{file} leads out of the package.", file=path.name[:80]))
        with archive.open(one) as stream:
            yield path.as_posix().removeprefix(top), stream.read(MOST_BYTES + 1)


def _common_top(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder that everything is in, as archives made from a repository have it."""
    tops = {one.filename.partition("/")[0] for one in entries if "/" in one.filename}
    inside = all("/" in one.filename for one in entries)
    return f"{tops.pop()}/" if inside and len(tops) == 1 and not tops & {"custom", "records"} else ""


def read_files(files: Iterator[tuple[str, bytes]]) -> Package:
    """A package from its files as (path, content), of which no more than allowed is taken."""
    package: Package | None = None
    items: dict[str, Any] = {}
    total = 0
    for count, (path, content) in enumerate(files, 1):
        total += len(content)
        if len(content) > MOST_BYTES or total > MOST_TOTAL or count > MOST_FILES:
            raise PackageError(_("The package is larger than {limit} megabytes.", limit=MOST_TOTAL >> 20))
        if path == MANIFEST:
            package = _read_manifest(content)
        elif path.startswith(("custom/", "records/")) and path.endswith(".json"):
            item, data = _read_item(path, content)
            if item in items:
                raise PackageError(_("{file}: {item} is in the package twice.", file=path[:200], item=item))
            items[item] = data
    if package is None:
        raise PackageError(_("There is no {file}: this is not a customisation package.", file=MANIFEST))
    package.items = items
    return package


def _read_manifest(content: bytes) -> Package:
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackageError(_("{file} cannot be read: {reason}", file=MANIFEST, reason=str(error)[:200])) from None
    texts = {name: data.get(name, "") for name in ("name", "version", "title", "description", "made_with")}
    needs = data.get("needs", {})
    if data.get("format") != FORMAT:
        raise PackageError(_("This package is of another format; it was made with version {version}.",
                             version=str(data.get("made_with", ""))[:40]))
    if not isinstance(needs, dict) or any(not isinstance(t, str) or len(t) > 4000 for t in (*texts.values(), *needs.values())):
        raise PackageError(_("{file} cannot be read: {reason}", file=MANIFEST, reason="needs"))
    return checked(Package(**texts, needs=needs))


def checked(package: Package) -> Package:
    """The package, when its name and version can be used."""
    if not NAME.fullmatch(package.name):
        raise PackageError(_("“{name}” cannot be a package's name: use lower-case letters, digits and underscores.",
                             name=package.name[:60]))
    if not VERSION.fullmatch(package.version):
        raise PackageError(_("“{version}” is no version: write numbers with points, such as 1.0.", version=package.version[:40]))
    return package


def _read_item(path: str, content: bytes) -> tuple[str, Any]:
    try:
        data = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise PackageError(_("{file} is not valid JSON.", file=path[:200])) from None
    found = _record_item(data) if path.startswith("records/") else _custom_item(data)
    if found is None:
        raise PackageError(_("{file} is not in the form of a package's file.", file=path[:200]))
    return found


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _custom_item(data: Any) -> tuple[str, Any] | None:
    if not isinstance(data, dict) or set(data) != {"kind", "target", "data"}:
        return None
    kind, target = data["kind"], data["target"]
    if not isinstance(kind, str) or not KIND.fullmatch(kind) or kind in OURS:
        return None
    if not isinstance(target, str) or not target or len(target) > 1000 or not target.isprintable():
        return None
    return f"{kind} {target}", data["data"]


def _record_item(data: Any) -> tuple[str, Any] | None:
    if not isinstance(data, dict) or set(data) != {"record", "key", "values"}:
        return None
    record, key, values = data["record"], data["key"], data["values"]
    if not isinstance(record, str) or not isinstance(key, Mapping) or not isinstance(values, Mapping):
        return None
    if any(not isinstance(v, str) for v in key.values()):
        return None
    try:
        name = portable.written(record, key)
        return (name, dict(values)) if portable.read(name) == (record, dict(key)) else None
    except ValueError:
        return None
