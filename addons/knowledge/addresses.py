"""Addresses of the help centre: one for each article and language, readable, and the same for ever by its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from core.api import Env

from .texts import slug

HELP = "/x/help"


def home(lang: str) -> str:
    """The first page in a language."""
    return f"{HELP}/{lang}"


def article(row: Mapping[str, Any]) -> str:
    """The page of an article, from its id, language, slug and title."""
    name = row.get("slug") or slug(row.get("title") or "")
    return f"{HELP}/{row['language']}/{row['id']}" + (f"/{quote(name)}" if name else "")


def category(lang: str, key: int, name: str) -> str:
    """The page of a category."""
    short = slug(name)
    return f"{HELP}/{lang}/c/{key}" + (f"/{quote(short)}" if short else "")


def file(article_key: int, number: int) -> str:
    """A file of a published article."""
    return f"{HELP}/files/{article_key}/{number}"


def absolute(env: Env, path: str) -> str:
    """The whole address, where the settings say at which address the site is reached; else the path."""
    return env.installation.settings.server.public_url.rstrip("/") + path
