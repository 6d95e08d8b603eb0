"""Invitations leave by e-mail."""

from __future__ import annotations

from addons.activities.doing import ACTIVITY
from addons.activities.invitations import CANCEL, EVENT
from addons.messaging import accounts
from addons.messaging.queueing import Draft, queue
from core.api import Env, Job, _, on_event


@on_event(EVENT)
def send(env: Env, work: Job) -> dict[str, int]:
    """A mail to each guest in the name of whoever invited, which their calendars understand. Without an account to write from the file
    is still there to be handed over."""
    told = work.payload
    if not accounts.usable(env, "mail"):
        return {"queued": 0}
    with env.elevated("what guests are invited to") as sudo:
        rows = sudo.query(ACTIVITY).archived(None).deleted(None).with_ids([told["activity"]]).select(
            "subject", "starts_at", "first_day", "location", "online_url").rows(1)
    if not rows:
        return {"queued": 0}
    row = rows[0]
    name = row["subject"]
    title = _("Cancelled: {subject}", subject=name) if told["method"] == CANCEL else _("Invitation: {subject}", subject=name)
    when = env.format.datetime(row["starts_at"]) if row["starts_at"] else env.format.date(row["first_day"]) if row["first_day"] else ""
    text = "\n".join(part for part in (env.t(title), when, row["location"], row["online_url"]) if part)
    about = [(ACTIVITY, told["activity"])] if env.visible_ids(ACTIVITY, [told["activity"]]) else []
    ids = queue(env, [Draft("mail", to, text, env.t(title), about=about, details={"calendar": told["file"], "untracked": True})
                      for to in dict.fromkeys(told["to"])], strict=False)
    return {"queued": len(ids)}
