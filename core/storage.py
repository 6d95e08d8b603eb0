"""Stored files: named by the digest of their content, so the same content is kept once and never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from core.errors import NotFound, SarnakhError
from core.i18n.messages import _

CHUNK = 1 << 20


class Storage:
    """A folder of files by digest, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, chunks: Iterable[bytes], limit: int | None = None) -> tuple[str, int]:
        """Keep a file; returns its digest and size. Refuses one larger than `limit` bytes and keeps nothing of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise SarnakhError(_("The file is larger than {limit} megabytes.", limit=limit // (1 << 20)))
                    digest.update(chunk)
                    file.write(chunk)
            target = self.path(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return digest.hexdigest(), size

    def path(self, digest: str) -> Path:
        """Where a digest's file is."""
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise NotFound(_("There is no such file."))
        return self.folder / digest[:2] / digest[2:4] / digest

    def open(self, digest: str) -> BinaryIO:
        """Read a file; NotFound when it is not there."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound(_("There is no such file.")) from None
