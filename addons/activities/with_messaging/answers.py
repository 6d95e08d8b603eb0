"""Answers of guests that come by e-mail: a file that calendar programs send, taken in without anybody's doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from addons.activities import ical_read, invitations
from addons.messaging.choices import IN, MESSAGE
from core.api import Env, F, SarnakhError, read_files


def note(env: Env, ids: Sequence[int]) -> int:
    """Note what guests answer in mails that came; returns how many answers counted. Elevated code only.

    An answer counts from the address that was invited alone: the mail and the file must both be its. All else is left as a mail
    that somebody reads.
    """
    query = env.query(MESSAGE).with_ids(ids).where((F.direction == IN) & (F.channel == "mail"))
    rows = [r for r in query.order("id").select("counterpart", "details", "files").rows() if _replies(r)]
    sent = [(row["counterpart"] or "", file.id) for row in rows for file in row["files"] or () if str(file.label).endswith(".ics")]
    kept = read_files(env, {file for _sender, file in sent})
    return sum(_noted(env, sender, kept[file].content) for sender, file in sent if file in kept)


def _replies(row: Mapping[str, Any]) -> bool:
    """Whether a mail holds an answer."""
    return any(one.get("method") == invitations.REPLY for one in (row["details"] or {}).get("calendar") or ())


def _noted(env: Env, sender: str, content: bytes) -> bool:
    try:
        file = ical_read.read(content, env.tz)
        entries = [e for e in file.entries if file.method == invitations.REPLY and [who for who, _answer in e.answers] == [sender.lower()]]
        for entry in entries[:1]:
            invitations.answered(env, entry)
    except SarnakhError as refused:
        env.installation.log.info("answer to an invitation", refused=str(refused))
        return False
    return bool(entries)
