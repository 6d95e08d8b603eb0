"""Papers as PDF."""

from __future__ import annotations

import hashlib

from core.api import Env, F, keep_files, render_document

from . import letters, paper
from .lines import LINES


def pdf(env: Env, record: str, key: int) -> tuple[bytes, str]:
    """The PDF of a paper and the name of its file."""
    template, data = ("trade", paper.sheet(env, record, key)) if record in LINES else letters.sheet(env, record, key)
    name = " ".join(part for part in (data["title"], data["file"]) if part)
    return render_document(env, template, data, at=env.get(record, key, "created_at").created_at), f"{name}.pdf"


def kept(env: Env, record: str, key: int) -> tuple[int, str]:
    """The file of a paper's PDF, kept with it, and its name. A paper that says what it said before has one file."""
    content, name = pdf(env, record, key)
    digest = hashlib.sha256(content).hexdigest()
    known = env.query("base.file").holding("about", [key], record).where((F.digest == digest) & (F.name == name)).ids(limit=1)
    return known[0] if known else keep_files(env, [(name, content, (record, key))])[0], name
