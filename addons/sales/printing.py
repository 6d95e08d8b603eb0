"""Papers as PDF."""

from __future__ import annotations

from core.api import Env, render_document

from . import letters, paper
from .lines import LINES


def pdf(env: Env, record: str, key: int) -> tuple[bytes, str]:
    """The PDF of a paper and the name of its file."""
    template, data = ("trade", paper.sheet(env, record, key)) if record in LINES else letters.sheet(env, record, key)
    name = " ".join(part for part in (data["title"], data["file"]) if part)
    return render_document(env, template, data), f"{name}.pdf"
