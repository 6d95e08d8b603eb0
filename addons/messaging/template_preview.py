"""A text as its recipient gets it, on a real record: the document inside the editor's sandboxed frame."""

from __future__ import annotations

import base64
import re
from typing import Any

from core.api import Env, NotFound, _, direction

from . import templating_html
from .template_choices import HTML_CHANNELS
from .templating import Rendered, Text, render_versions
from .templating_fields import label_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"
SAMPLES = {"unsubscribe_url": "https://example.com/unsubscribe", "code": "482913"}
MOST_PICTURE = 2 << 20


def preview_record(env: Env, record: str, wanted: int) -> int | None:
    """The record to preview on: the one asked for when it may be seen, else the latest; None when there is none."""
    if record not in env.registry.records or not env.can("read", record):
        return None
    if wanted:
        found = env.visible_ids(record, [wanted])
        if not found:
            raise NotFound
        return found[0]
    return next(iter(env.query(record).order("-id").ids(1)), None)


def rendered(env: Env, record: str, key: int, text: Text, channel: str, lang: str) -> Rendered | None:
    """The text for one record, what is missing shown in it."""
    return render_versions(env, record, [key], {lang: text}, channel, {key: lang}, SAMPLES, mark=True).get(key)


def page_of(env: Env, record: str, made: Rendered | None, text: Text, channel: str, lang: str) -> dict[str, Any]:
    """What the frame shows."""
    is_html = channel in HTML_CHANNELS
    shown = made or Rendered()
    files = env.query("base.file").with_ids(text.files).select("name").rows() if text.files else []
    return {"empty": made is None, "lang": lang, "dir": direction(lang), "is_html": is_html, "subject": shown.subject, "text": shown.text,
            "html": _with_pictures(env, shown) if is_html else "", "style": templating_html.STYLE,
            "problem": env.t(shown.problem) if shown.problem else "", "files": [f["name"] for f in files],
            "missing": [label_of(env, record, path) for path in shown.missing],
            "missing_subject": env.t(_("No value on this record:"))}


def _with_pictures(env: Env, made: Rendered) -> str:
    """The frame has no session, so pictures stand in the document itself."""
    rows = env.query("base.file").with_ids(made.pictures).select("digest", "media_type", "size").rows() if made.pictures else []
    known = {r["id"]: r for r in rows if r["size"] <= MOST_PICTURE and (r["media_type"] or "").startswith("image/")}

    def put(found: Any) -> str:
        row = known.get(int(found[1]))
        path = env.installation.storage.path(row["digest"]) if row is not None else None
        if row is None or path is None or not path.is_file():
            return ""
        data = f"data:{row['media_type']};base64,{base64.b64encode(path.read_bytes()).decode()}"
        return re.sub(r' src="[^"]*"', f' src="{data}"', found[0], count=1)
    return templating_html.PICTURE.sub(put, made.html)
