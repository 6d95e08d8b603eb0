"""From a template and data to a PDF, by Typst, in a folder of its own out of which nothing can be read."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core import themes
from core.errors import SarnakhError
from core.i18n.messages import _
from core.lazy import Later

if TYPE_CHECKING:
    import typst

    from core.env import Env
else:
    typst = Later("typst")  # ten megabytes that a process without documents does not need

FONTS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "vazirmatn" / "ttf"
FOLDER = "documents"
STANDARD: Final = "a-2b"


def render(env: Env, template: str, data: Mapping[str, Any], at: dt.datetime | None = None) -> bytes:
    """The PDF (PDF/A) of a template's name (`trade`, or `trade` of an addon: theme first, then addons) with this data.

    Values that are paths of pictures are copied beside the template; all else must be JSON. `at`: when the document says it was
    made; one that says the same as before is then the same file, byte for byte.
    """
    with tempfile.TemporaryDirectory(prefix="sarnakh-document-") as name:
        folder = Path(name)
        for source in reversed(_folders(env)):
            for file in source.iterdir():
                if file.is_file():
                    shutil.copyfile(file, folder / file.name)
        main = folder / f"{template}.typ"
        if not template.isidentifier() or not main.is_file():
            raise SarnakhError(_("There is no template “{name}” for documents.", name=template))
        values = {key: _beside(folder, value) for key, value in data.items()}
        try:
            made = typst.compile(str(main), root=str(folder), font_paths=_fonts(), ignore_system_fonts=True,
                                 sys_inputs={"data": json.dumps(values, ensure_ascii=False)}, pdf_standards=[STANDARD],
                                 timestamp=int((at or env.now).timestamp()))
        except typst.TypstError as error:
            env.installation.log.error("document", template=template, reason=error.message)
            raise SarnakhError(_("The document could not be made: {reason}", reason=error.message)) from error
    assert isinstance(made, bytes)  # noqa: S101 - typst gives bytes for a PDF, a list for pictures only
    return made


def _folders(env: Env) -> list[Path]:
    """Where templates are, the theme first."""
    found = [folder / FOLDER for folder in themes.folders(themes.chosen(env))]
    found += [manifest.path / FOLDER for manifest in reversed(env.registry.manifests)]
    return [folder for folder in found if folder.is_dir()]


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Vazirmatn, read once: Arabic and Latin letters, so that a document looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _beside(folder: Path, value: Any) -> Any:
    if not isinstance(value, Path):
        return value
    kind = _suffix(value)
    shutil.copyfile(value, folder / f"picture{kind}")
    return f"picture{kind}"


def _suffix(path: Path) -> str:
    """Typst tells pictures by their names, the storage names files by their digests: the first bytes say what it is."""
    with path.open("rb") as file:
        head = file.read(12)
    return next((end for start, end in ((b"\x89PNG", ".png"), (b"\xff\xd8", ".jpg"), (b"GIF8", ".gif"), (b"RIFF", ".webp"))
                 if head.startswith(start)), ".png")
