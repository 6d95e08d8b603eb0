"""Files: taken in, kept by the storage under a `base.file` record, given out again under that record's permissions.

What a file is is found out from its content, never believed from its name. Only pictures and PDFs are shown in the
browser, and even these in a sandbox; everything else is a download.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
from werkzeug.datastructures import FileStorage

from core.env import Env
from core.errors import NotFound, SarnakhError
from core.expressions import F
from core.filing import FILE, HEAD, clean_name, keep_stream, sniff
from core.i18n.messages import _
from core.web.pages import Pages
from core.web.request import Request, Response, disposition

pages = Pages("files")

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
CHUNK = 1 << 16
ICONS = {"image": "file-earmark-image", "application/pdf": "file-earmark-pdf", "text": "file-earmark-text",
         "audio": "file-earmark-music", "video": "file-earmark-play", "application/zip": "file-earmark-zip"}


def store(env: Env, upload: FileStorage, *, about: tuple[str, int] | None = None, image: bool = False) -> int:
    """Keep an uploaded file and return the number of its record. ValueError when it is no picture but must be."""
    head = upload.stream.read(HEAD)
    name = clean_name(upload.filename or "")
    media = sniff(head, name)
    if image and not (media.startswith("image/") and media in SHOWN):
        raise ValueError(_("This is not a picture (PNG, JPEG, GIF or WebP)."))

    def chunks() -> Iterator[bytes]:
        yield head
        while piece := upload.stream.read(CHUNK):
            yield piece

    try:
        return keep_stream(env, name, media, chunks(), about)
    except SarnakhError as error:
        raise ValueError(error.message) from error


def icon_of(media: str) -> str:
    """The icon for a type."""
    return ICONS.get(media) or ICONS.get(media.partition("/")[0]) or "file-earmark"


@pages.route("/files/<int:key>")
def download(env: Env, request: Request, key: int) -> Response:
    """A file's content; `?inline=1` shows pictures and PDFs."""
    return send(env, readable(env, key), request.arg("inline") == "1")


def readable(env: Env, key: int) -> Any:
    """The file's record when the reader may see it, or may see a record whose field holds it."""
    if FILE not in env.registry.records:
        raise NotFound
    try:
        return env.get(FILE, key, "name", "digest", "size", "media_type")
    except NotFound:
        if not _held_by_visible(env, key):
            raise
    with env.elevated("file of a record that the reader sees") as trusted:
        return trusted.get(FILE, key, "name", "digest", "size", "media_type")


def _held_by_visible(env: Env, key: int) -> bool:
    for name, link in env.registry.record(FILE).inbound:
        field = env.registry.record(name).fields[link]
        if field.system or not env.can("read", name) or not env.access.readable(name, link):
            continue
        if env.query(name).archived(None).where(F[link] == key).exists():
            return True
    return False


def send(env: Env, file: Any, inline: bool) -> Response:
    """The answer with a stored file."""
    path = env.installation.storage.path(file.digest)
    if not path.is_file():
        raise NotFound(_("There is no such file."))
    shown = inline and file.media_type in SHOWN
    response = flask.send_file(path, mimetype=file.media_type if shown else "application/octet-stream", conditional=True,
                               etag=file.digest)
    response.headers["Content-Disposition"] = disposition(file.name, inline=shown)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=600"
    return response
