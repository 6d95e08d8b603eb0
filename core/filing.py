"""Files below the web: kept by the storage under a `base.file` record, and their content.

What a file is is found out from its content, never believed from its name.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import filetype

from core.editions import limits
from core.records import locks

if TYPE_CHECKING:
    from core.env import Env

Place = tuple[str, int]
FILE = "base.file"
HEAD = 8192


def sniff(head: bytes, name: str) -> str:
    """The type of a file by its first bytes; by its name only for types that cannot hurt."""
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    guessed = mimetypes.guess_type(name)[0] or ""
    if guessed.startswith("text/") and b"\x00" not in head:
        return "text/csv" if guessed == "text/csv" else "text/plain"
    return "application/octet-stream"


def clean_name(name: str) -> str:
    """A file's name without folders and control characters."""
    name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable()).strip(" .")[:200] or "file"


@dataclass(frozen=True)
class StoredFile:
    """A file with its content."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


def keep_stream(env: Env, name: str, media: str, chunks: Iterable[bytes], about: Place | None = None) -> int:
    """Store content and return the number of its record; `about` is a record that the acting person may see. SarnakhError when it is
    larger than uploads may be."""
    return _written(env, [(_saved(env, name, media, chunks), about)])[0]


def keep_files(env: Env, files: Sequence[tuple[str, bytes, Place | None]]) -> list[int]:
    """Store files at hand (attachments that came, documents that were made), each a name, its content and the record it is about;
    returns the numbers of their records, in order."""
    return _written(env, [(_saved(env, name, sniff(content[:HEAD], name), [content]), about) for name, content, about in files])


def read_files(env: Env, ids: Iterable[int]) -> dict[int, StoredFile]:
    """The files with these numbers that the acting person may read, by number."""
    wanted = list(ids)
    rows = env.query(FILE).archived(None).with_ids(wanted).select("name", "digest", "media_type").rows() if wanted else []
    return {r["id"]: StoredFile(r["name"], _content(env, r["digest"]), r["media_type"] or StoredFile.media_type) for r in rows}


def _saved(env: Env, name: str, media: str, chunks: Iterable[bytes]) -> dict[str, Any]:
    digest, size = env.installation.storage.save(chunks, env.installation.settings.security.max_upload_mb << 20)
    return {"name": clean_name(name), "digest": digest, "size": size, "media_type": media}


def _written(env: Env, files: Sequence[tuple[dict[str, Any], Place | None]]) -> list[int]:
    limits.require_storage(env, sum(values["size"] or 0 for values, _about in files))
    for record, key in dict.fromkeys(about for _values, about in files if about is not None):
        env.get(record, key, "id")
        locks.refuse_files(env, env.registry.record(record), key)
    with env.elevated("stored file") as trusted:
        made: list[int] = trusted.create(FILE, [{**values, "about": about} for values, about in files]) if files else []
    return made


def _content(env: Env, digest: str) -> bytes:
    with env.installation.storage.open(digest) as stream:
        return stream.read()
