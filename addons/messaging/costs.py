"""What a sending will cost: parts times the price that the account names, before anything is queued.

    estimate(env, "sms", account, [("+98912…", "سلام …"), ("+90532…", "Merhaba …")], kind="commercial")
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.api import Env

from . import accounts
from .choices import COMMERCIAL
from .contract import Measure
from .queueing import with_closing


@dataclass(frozen=True)
class Estimate:
    """`messages` and their `parts` together (messages again in a channel without parts); `encodings`: how many messages go in which;
    `most`: parts of the longest. `cost`: None where the account names no price; in `currency`."""

    messages: int = 0
    parts: int = 0
    most: int = 0
    encodings: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal | None = None
    currency: str = ""


def estimate(env: Env, channel: str, account: int | None, texts: Iterable[str | tuple[str, str]], *, kind: str = "service",
             lang: str = "") -> Estimate:
    """What texts cost by an account of a channel (None: the first that the acting person may write from). A text may come with its
    number, as (number, text): then what commercial ones end in is counted, too, as queueing will add it. ValidationFailed when the
    channel is not there; an account that the person may not use costs nothing known."""
    way = accounts.channel(env, channel)
    rows = [r for r in accounts.usable(env, channel, commercial=kind == COMMERCIAL) if account is None or r["id"] == account]
    price = rows[0]["price"] if rows else None
    counted: Counter[tuple[int, str]] = Counter()
    known: dict[str, Measure] = {}
    for one in texts:
        to, text = one if isinstance(one, tuple) else ("", one)
        text = with_closing(env, way, kind, text, to, lang) if to else text
        if text not in known:
            known[text] = way.measure(text) if way.measure is not None else Measure(1)
        counted[known[text].parts, known[text].encoding] += 1
    parts = sum(each * count for (each, _encoding), count in counted.items())
    encodings: Counter[str] = Counter()
    for (_each, encoding), count in counted.items():
        encodings[encoding] += count
    return Estimate(sum(counted.values()), parts, max((each for each, _encoding in counted), default=0), dict(encodings),
                    None if price is None else Decimal(price) * parts, (rows[0]["price_currency"] or "") if rows else "")
