"""What happens by itself each night: invoices become overdue, quotes expire, contracts end or go on, owners are reminded of them."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, Job, Schedule, _, job

from . import contracts, settling, telling

DAILY = Schedule("sales.daily", "10 2 * * *", "sales.daily", tz="Asia/Tehran")


@job("sales.daily", retries=3, concurrency=1)
def daily(env: Env, work: Job) -> dict[str, Any]:
    """See the module's text. Safe to do twice."""
    with env.elevated("the day of papers") as sudo:
        late = settling.age(sudo)
        over = sudo.query("sales.quote").where((F.status == "sent") & (F.valid_until < sudo.today)).order("id").ids()
        sudo.update("sales.quote", over, {"status": "expired"})
        renewed, ended = contracts.go_on(sudo)
        reminded = remind(sudo)
    return {"overdue": late, "expired": len(over), "reminded": reminded, "renewed": renewed, "ended": ended}


def remind(sudo: Env) -> int:
    """A note on each contract whose last day for a notice is near, and its owner is told; once."""
    due = contracts.due(sudo)
    notes = []
    for row in due:
        text = sudo.t(_("The last day for a notice is {day}; the contract ends on {end}.", day=sudo.format.date(row["notice_on"]),
                        end=sudo.format.date(row["ends"])))
        notes.append({"about": ("sales.contract", row["id"]), "body": f"<p>{text}</p>", "pinned": True})
    if notes:
        sudo.create("base.note", notes)
        telling.contracts(sudo, due)
        sudo.update("sales.contract", [r["id"] for r in due], {"reminded_at": sudo.now})
    return len(due)
