"""Invitations and answers leave by e-mail, and answers that come are noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addons.activities.doing import ACTIVITY
from addons.activities.invitations import CANCEL, EVENT, REPLY
from addons.messaging import accounts
from addons.messaging.queueing import Draft, queue
from addons.messaging.receiving import TAKEN
from core.api import Env, Job, Message, _, on_event

from . import answers


@on_event(EVENT)
def send(env: Env, work: Job) -> dict[str, int]:
    """A mail to each guest, or to whoever invited one, which their calendars understand, in the name of whoever acted. Without an
    account to write from the file is still there to be handed over."""
    told = work.payload
    if not accounts.usable(env, "mail"):
        return {"queued": 0}
    with env.elevated("what guests are invited to") as sudo:
        rows = sudo.query(ACTIVITY).archived(None).deleted(None).with_ids([told["activity"]]).select(
            "subject", "starts_at", "first_day", "location", "online_url").rows(1)
    if not rows:
        return {"queued": 0}
    row = rows[0]
    title = _title(told, row["subject"])
    when = env.format.datetime(row["starts_at"]) if row["starts_at"] else env.format.date(row["first_day"]) if row["first_day"] else ""
    text = "\n".join(part for part in (env.t(title), when, row["location"], row["online_url"]) if part)
    about = [(ACTIVITY, told["activity"])] if env.visible_ids(ACTIVITY, [told["activity"]]) else []
    ids = queue(env, [Draft("mail", to, text, env.t(title), about=about, details={"calendar": told["file"], "untracked": True})
                      for to in dict.fromkeys(told["to"])], strict=False)
    return {"queued": len(ids)}


def _title(told: Mapping[str, Any], name: str) -> Message:
    if told["method"] == REPLY:
        return {"accepted": _("Accepted: {subject}", subject=name), "tentative": _("Maybe: {subject}", subject=name),
                "declined": _("Declined: {subject}", subject=name)}[told["answer"]]
    return _("Cancelled: {subject}", subject=name) if told["method"] == CANCEL else _("Invitation: {subject}", subject=name)


@on_event(TAKEN, as_actor="system")
def note_answers(env: Env, work: Job) -> dict[str, int]:
    """What guests answer by e-mail stands beside their names."""
    return {"noted": answers.note(env, work.payload["messages"])}
