"""Keeping what the editor sends: the text of a language, its design, its files. All with the acting person's rights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import LANGUAGES, Env, F, NotFound, _

from . import template_design
from .template_choices import HTML_CHANNELS, TEMPLATE, VERSION
from .templating import Text

FIELDS = ("language", "subject", "body", "design", "files", "approved", "parameters", "version", "updated_at", "updated_by")


def head_of(env: Env, key: int) -> Any:
    """A template; NotFound when it may not be seen."""
    return env.get(TEMPLATE, key, "name", "record_type", "channel", "kind", "purpose", "folder", "active", "tags", "version")


def versions_of(env: Env, key: int) -> dict[str, Any]:
    """Its texts by language."""
    rows = env.query(VERSION).where(F.template == key).select(*FIELDS).rows()
    return {row["language"]: row for row in rows}


def language_of(env: Env, wanted: str, versions: Mapping[str, Any]) -> str:
    """The language that is shown: the one asked for, else one there is, else that of the installation."""
    usual = env.installation.settings.locale.default_language
    if wanted in LANGUAGES:
        return wanted
    return env.lang if env.lang in versions else next((lang for lang in (usual, *sorted(versions)) if lang in versions), usual)


def posted_text(channel: str, lang: str, given: Mapping[str, str]) -> tuple[Text, list[dict[str, str]] | None]:
    """The text that the editor sent, and its design when it came from the visual editor."""
    design = template_design.blocks_of(given.get("design", "")) if channel in HTML_CHANNELS and given.get("mode") == "visual" else None
    body = given.get("body", "") if design is None else template_design.to_html(design, lang)
    text = Text(given.get("subject", "").strip(), body.replace("\r\n", "\n"), approved=given.get("approved", "").strip(),
                parameters=given.get("parameters", "").replace("\r\n", "\n").strip())
    return text, design


def save(env: Env, key: int, lang: str, text: Text, design: list[dict[str, str]] | None, version: int | None = None) -> int:
    """Write the text of a language, begun where there is none; its number. Raises Conflict and ValidationFailed."""
    values = {"subject": text.subject or None, "body": text.body or None, "design": design, "approved": text.approved or None,
              "parameters": text.parameters or None}
    found = env.query(VERSION).where((F.template == key) & (F.language == lang)).ids(1)
    if not found:
        return int(env.create(VERSION, {"template": key, "language": lang, **values}))
    env.update(VERSION, found[0], values, versions=None if version is None else {found[0]: version})
    return found[0]


def open_version(env: Env, key: int, lang: str) -> int:
    """The number of the text in a language, begun empty where there is none: files hang on it."""
    env.require("update", VERSION)
    found = env.query(VERSION).for_operation("update").where((F.template == key) & (F.language == lang)).ids(1)
    return found[0] if found else save(env, key, lang, Text(), None)


def remove(env: Env, key: int, lang: str) -> None:
    """Delete the text of one language."""
    found = env.query(VERSION).where((F.template == key) & (F.language == lang)).ids(1)
    if not found:
        raise NotFound(_("There is no text in this language."))
    env.delete(VERSION, found)


def attach(env: Env, version: int, file: int) -> None:
    """Let a file go along with the messages."""
    row = env.get(VERSION, version, "files")
    env.update(VERSION, version, {"files": list(dict.fromkeys([*(f.id for f in row.files), file]))})


def detach(env: Env, version: int, file: int) -> None:
    """Take a file away from them."""
    row = env.get(VERSION, version, "files")
    env.update(VERSION, version, {"files": [f.id for f in row.files if f.id != file]})
