"""What a provider's answer means for messages: tables of result codes, whole calls that are refused, entries for each message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from addons.messaging.contract import ACCEPTED, REJECTED, UNCERTAIN, Later, Outgoing, Refused, Sent, Unclear
from core.api import _

from .gateway_numbers import international


@dataclass(frozen=True)
class Fault:
    """What a result code of a provider means; with no more than a text it is about this one message.

    `later`: seconds after which the provider may be asked again. `account`: nothing works until somebody mends it. `line`: the
    same when the line is the account's own, else about the message. The others as in :class:`Sent`."""

    text: str
    later: float = 0
    account: bool = False
    line: bool = False
    elsewhere: bool = False
    address_bad: bool = False
    unwanted: bool = False


def judge(faults: Mapping[str, Fault], code: object, said: str = "", own_line: bool = False) -> Sent:
    """What a result code means for a message: a rejected one, or Later or Refused. An unknown code rejects it with what was
    `said`. `own_line`: the message came with a line of its own."""
    fault = faults.get(str(code)) or Fault(said.strip()[:500] or _("The provider refused it with code {code}.", code=str(code)))
    if fault.later:
        raise Later(fault.text, fault.later)
    if fault.account or (fault.line and not own_line):
        raise Refused(fault.text, str(code))
    return Sent(REJECTED, code=str(code), reason=fault.text, elsewhere=fault.elsewhere or fault.line,
                address_bad=fault.address_bad, unwanted=fault.unwanted)


class Together(Exception):  # noqa: N818 - not an error: how a call ended
    """A call with several messages was refused as a whole, perhaps because of one of them; `sent` is what it came to."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent.code)
        self.sent = sent


def hand_over(parts: Iterable[Sequence[Outgoing]], send: Callable[[Sequence[Outgoing]], Sequence[Sent]]) -> dict[int, Sent]:
    """Send parts one after the other; what became of each message, by our number.

    A part that `send` refuses by :class:`Together` is tried in halves, so that one bad number does not cost the others their
    message. Once something was taken, trouble is no longer raised (the caller would forget what was taken): the rest is uncertain.
    """
    waiting = [list(part) for part in parts if part]
    done: dict[int, Sent] = {}
    while waiting:
        part = waiting.pop(0)
        try:
            done.update((message.number, one) for message, one in zip(part, send(part), strict=True))
        except Together as end:
            if len(part) == 1:
                done[part[0].number] = end.sent
            else:
                waiting[:0] = [part[:len(part) // 2], part[len(part) // 2:]]
        except (Later, Refused, Unclear) as trouble:
            if not any(one.state != REJECTED for one in done.values()):
                raise
            rest = [message for one in (part, *waiting) for message in one]
            done.update((message.number, Sent(UNCERTAIN, reason=trouble.message)) for message in rest)
            break
    return done


def matched(messages: Sequence[Outgoing], entries: Sequence[Mapping[str, Any]], name: str, ours: Callable[[Outgoing], str],
            receiver: str = "receptor") -> list[Mapping[str, Any] | None]:
    """Each message's entry of an answer, None where there is none: by what we called it (`name` in the entry, `ours` of the
    message), and entries that do not repeat that by their receiver, in turn."""
    called = {str(entry[name]): entry for entry in entries if entry.get(name)}
    others: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        if not entry.get(name):
            others.setdefault(international(entry.get(receiver)), []).append(entry)
    found: list[Mapping[str, Any] | None] = []
    for message in messages:
        left = others.get(message.to)
        found.append(called.get(ours(message)) or (left.pop(0) if left else None))
    return found


def accepted(identifier: object, **kw: Any) -> Sent:
    """A message that the provider has; uncertain if it gave no number for it."""
    known = str(identifier or "").strip()
    return Sent(ACCEPTED, id=known, **kw) if known and known != "0" else Sent(
        UNCERTAIN, reason=_("The provider took the message but gave it no number."))
