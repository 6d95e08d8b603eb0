"""Messages as a provider gets them, with the content of their files; and what a refusal teaches about an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Env, StoredFile, read_files

from . import consents
from .choices import MESSAGE, WITHDRAWN
from .contract import File, Outgoing, Sent
from .queueing import opened_text

PATHS = ("key", "recipient", "counterpart", "sender", "subject", "body", "html", "sealed", "kind", "files", "details", "template",
         "attempts", "segments", "at", "due_at")


def build(env: Env, ids: Sequence[int]) -> tuple[list[Outgoing], dict[int, dict[str, Any]]]:
    """Messages for a call, and their rows by number; elevated code only."""
    rows = {r["id"]: r for r in env.query(MESSAGE).archived(None).with_ids(ids).select(*PATHS).rows()}
    files = read_files(env, {f.id for r in rows.values() for f in r["files"] or ()})
    made = []
    for key in ids:
        row = rows[key]
        details = row["details"] or {}
        text, parameters = row["body"] or "", dict(details.get("parameters") or ())
        if row["sealed"] is not None:
            text, parameters = opened_text(env.unseal(row["sealed"]) or "")
        made.append(Outgoing(
            key, row["key"], row["counterpart"], text, row["sender"] or "", row["kind"], row["subject"] or "", row["html"] or "",
            _inside(files, row["files"] or (), details.get("inline") or {}), row["template"] or "", parameters,
            details.get("consent") or {},
            {k: v for k, v in details.items() if k not in ("parameters", "consent")}))
    return made, rows


def _inside(files: Mapping[int, StoredFile], wanted: Sequence[Any], inline: Mapping[str, int]) -> list[File]:
    """A message's files; pictures that stand inside its text know the name by which the text calls them."""
    names = {number: cid for cid, number in inline.items()}
    return [File(files[f.id].name, files[f.id].content, files[f.id].media_type, names.get(f.id, "")) for f in wanted if f.id in files]


def learn(env: Env, refused: Sequence[tuple[Outgoing, Sent]], channel: str) -> None:
    """Whoever is on a provider's list of those who want nothing is in the ledger, too."""
    entries = [{"address": m.to, "channel": channel, "state": WITHDRAWN, "source": "provider",
                "proof": f"{sent.code} {sent.reason}".strip()}
               for m, sent in refused if sent.unwanted]
    if entries:
        consents.record(env, entries)
