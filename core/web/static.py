"""Files for the browser: the theme's, the core's libraries, the addons', and the installation's own look.

Their addresses hold a digest of the folder, so a browser may keep them for ever and an upgrade is seen at once.
"""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

import flask
from werkzeug.exceptions import NotFound as HttpNotFound
from werkzeug.security import safe_join

from core.registry.registry import Registry
from core.web import brand
from core.web.theme import Themes

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
         ".woff2": "font/woff2", ".json": "application/json", ".map": "application/json"}


def digest_of(folder: Path) -> str:
    """Changes when a file of the folder does (by path, size and time: reading megabytes at each start would cost)."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else ():
        stat = path.stat()
        total.update(f"{path.relative_to(folder)}|{stat.st_size}|{stat.st_mtime_ns}".encode())
    return total.hexdigest()[:10]


class StaticFiles:
    """Where the files of one registry are. Kinds: "vendor", "theme-<name>", "addon-<name>"; "brand-<theme>" has no folder but what
    customising holds."""

    def __init__(self, registry: Registry, themes: Themes) -> None:
        self.folders: dict[str, list[Path]] = {"vendor": [VENDOR]}
        for name in themes.names():
            self.folders[f"theme-{name}"] = [f / "static" for f in themes.folders(name)]
        for manifest in registry.manifests:
            folder = manifest.path / "static"
            if folder.is_dir():
                self.folders[f"addon-{manifest.name}"] = [folder]
        own = themes.names() if brand.look(registry) else []
        self.made = {f"brand-{name}": brand.files(registry, themes.folders(name)) for name in own}
        self.versions = {kind: hashlib.sha256("".join(map(digest_of, folders)).encode()).hexdigest()[:10]
                         for kind, folders in self.folders.items()} | {kind: brand.version(files) for kind, files in self.made.items()}

    def url(self, kind: str) -> str:
        """The prefix of the addresses of a kind."""
        return f"/static/{kind}/{self.versions.get(kind, '0')}"

    def brand(self, theme: str) -> dict[str, str]:
        """Addresses of the installation's own look over a theme, by name without its ending: brand, logo, logo_dark."""
        kind = f"brand-{theme}"
        return {name.partition(".")[0]: f"{self.url(kind)}/{name}" for name in self.made.get(kind, ())}

    def serve(self, kind: str, version: str, path: str) -> flask.Response:
        """One file; 404 for whatever is not inside its folder."""
        if "\x00" in path or "\x00" in kind:
            raise HttpNotFound
        if path in self.made.get(kind, ()):
            content, media = self.made[kind][path]
            return self._headed(flask.Response(content, content_type=media), fresh=version == self.versions[kind])
        for folder in self.folders.get(kind, ()):
            found = safe_join(str(folder), path)
            if found is not None and Path(found).is_file():
                return self._answer(Path(found), fresh=version == self.versions[kind])
        raise HttpNotFound

    @staticmethod
    def _answer(path: Path, fresh: bool) -> flask.Response:
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return StaticFiles._headed(flask.send_file(path, mimetype=kind, conditional=True, etag=True), fresh)

    @staticmethod
    def _headed(response: flask.Response, fresh: bool) -> flask.Response:
        response.headers["Cache-Control"] = FOR_EVER if fresh else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response
