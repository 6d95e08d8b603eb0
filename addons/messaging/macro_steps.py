"""What macros and rules may do: send a message by a template to the people behind records."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Env, F, MacroStep, SarnakhError, _

from . import accounts, mass, reach
from .mass import Content
from .queueing import queue
from .template_choices import TEMPLATE


def steps(env: Env, record: str) -> list[MacroStep]:
    """For record types that lead to people in a channel that is there."""
    if record.startswith("messaging.") or not env.can("read", TEMPLATE) or not any(
            reach.ways(env, record, c) for c in accounts.channels(env).values()):
        return []
    return [MacroStep("message", _("Send a message"), send, lambda own: offered(own, record))]


def offered(env: Env, record: str) -> list[tuple[str, str]]:
    """Templates about such records, in the channels that there are."""
    known = accounts.channels(env)
    rows = env.query(TEMPLATE).where((F.record_type == record) & F.active).order("name").select("name", "channel").rows(500)
    return [(str(r["id"]), f"{r['name']} ({env.t(known[r['channel']].label)})") for r in rows if r["channel"] in known]


def send(env: Env, record: str, ids: Sequence[int], value: str) -> None:
    """A message for each record, as the acting person. Nothing is sent when nobody can be reached."""
    key = int(value) if value.isdecimal() and len(value) < 18 else 0
    query = env.query(TEMPLATE).with_ids([key]).where((F.record_type == record) & F.active)
    found = query.select("channel", "kind", "purpose", "name").rows(1)
    if not found:
        raise SarnakhError(_("The template of this step does not exist any more, or is not for you."))
    template = found[0]
    channel = accounts.channel(env, template["channel"])
    people, _left = mass.firsts(reach.recipients(env, record, ids, channel), set())
    texts = mass.texts(env, record, channel, Content(key), people, template["purpose"] or "")
    made = [mass.draft_of(template, channel, record, k, one, texts[k]) for k, one in people.items()
            if k in texts and not texts[k].problem]
    if not made:
        raise SarnakhError(_("None of these records leads to somebody who can be reached by {channel}.", channel=channel.label))
    queue(env, made)

