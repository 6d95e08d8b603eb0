"""What the page of a mass sending shows: how far it is, what became of the messages, what it cost, and the result as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from core.api import Env, F, Panel, _, guarded
from core.web_api import Progress, Request, Response, list_link
from core.web_api import Tile as PageTile

from . import mass
from .choices import (
    BATCH,
    BLOCKED,
    BOUNCED,
    CANCELLED,
    DELIVERED,
    FAILED,
    MESSAGE,
    PREPARING,
    QUEUED,
    READ,
    RUNNING,
    SENDING,
    SENT,
    UNKNOWN,
)

PATHS = ("name", "state", "total", "prepared", "content")
FIGURES = ((_("Waiting"), (QUEUED, SENDING)), (_("Sent"), (SENT, DELIVERED, READ)), (_("Delivered"), (DELIVERED, READ)),
           (_("Failed"), (FAILED, BOUNCED)), (_("Blocked"), (BLOCKED,)), (_("Unknown"), (UNKNOWN,)), (_("Cancelled"), (CANCELLED,)))
SHOWN_ALWAYS = 3
"""How many of the figures stand there even as zeros."""
BYTES_MARK = "\ufeff"


def counted(env: Env, key: int) -> tuple[dict[str, int], dict[str, Decimal]]:
    """Messages of a mass sending by state, and what they cost by currency, as far as the person sees them: one statement."""
    rows = env.query(MESSAGE).where(F.batch == key).aggregate(["state", "cost_currency"], sums=["cost"])
    states: dict[str, int] = {}
    costs: dict[str, Decimal] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + row["count"]
        if row["sum:cost"]:
            currency = row["cost_currency"] or ""
            costs[currency] = costs.get(currency, Decimal(0)) + row["sum:cost"]
    return states, costs


def progress(env: Env, key: int) -> Progress:
    """How far a mass sending is; NotFound when it may not be seen."""
    batch = env.get(BATCH, key, *PATHS)
    states, costs = counted(env, key)
    number = env.format.number
    total, prepared = batch.total or 0, batch.prepared or 0
    waiting = states.get(QUEUED, 0) + states.get(SENDING, 0)
    written = sum(states.values())
    if batch.state == PREPARING:
        percent, text = _share(prepared, total), env.t(_("{done} of {total} prepared", done=number(prepared), total=number(total)))
    else:
        percent = _share(written - waiting, written)
        text = env.t(_("{done} of {total} dealt with", done=number(written - waiting), total=number(written)))
    figures = [PageTile(env.t(label), number(count), url=list_link(env, MESSAGE, F.batch == key, F.state.isin(chosen)))
               for n, (label, chosen) in enumerate(FIGURES) if (count := sum(states.get(s, 0) for s in chosen)) or n < SHOWN_ALWAYS]
    figures += [PageTile(env.t(_("Cost so far")), env.format.money(amount, currency) if currency else number(amount))
                for currency, amount in costs.items()]
    field: Any = env.registry.record(BATCH).field("state")
    live = batch.state in (PREPARING, RUNNING)
    return Progress(env.t(field.labels[batch.state]), percent, text, state="running" if live else "done",
                    url=f"/x/messaging/mass/{key}/progress" if live else "", figures=figures)


def _share(part: int, whole: int) -> int:
    return min(100, part * 100 // whole) if whole else 100


def panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """The panel on the record's page."""
    if record_name != BATCH:
        return []
    content: Mapping[str, Any] = env.get(BATCH, record.id, "content").content or {}
    html = Markup()
    if content.get("problem"):
        html += Markup('<div class="alert-line level-error" role="alert"><i class="bi bi-exclamation-octagon" aria-hidden="true"></i>'
                       '<div class="grow" dir="auto">{}</div></div>').format(content["problem"])
    html += _drawn(progress(env, record.id))
    left = [(env.t(mass.LEFT[name]), env.format.number(count)) for name, count in (content.get("left") or {}).items()
            if name in mass.LEFT and count]
    if left:
        lines = Markup().join(Markup('<li><span>{}</span> <span class="num strong">{}</span></li>').format(*line) for line in left)
        html += Markup('<h3>{}</h3><ul class="mass-lines">{}</ul>').format(env.t(_("Left out while it was prepared")), lines)
    html += Markup('<div class="line"><a class="btn btn-sm" href="{}">{}</a><a class="btn btn-sm" href="{}" download>{}</a></div>').format(
        list_link(env, MESSAGE, F.batch == record.id), env.t(_("All messages")), f"/x/messaging/mass/{record.id}/result.csv",
        env.t(_("Result as a file")))
    return [Panel(env.t(_("Progress")), html, icon="send", order=1)]


def _drawn(shown: Progress) -> Markup:
    """As the theme draws progress; while it runs the page asks for it again (fragments/progress.html)."""
    live = Markup(''' hx-get="{}" hx-headers='{{"X-Fragment": "progress"}}' hx-trigger="load delay:1500ms" hx-swap="outerHTML"''').format(
        shown.url) if shown.url else ""
    inner = '<span class="tile-label">{}</span><span class="tile-value">{}</span>'
    linked, plain = Markup(f'<a class="tile" href="{{}}">{inner}</a>'), Markup(f'<div class="tile"{{}}>{inner}</div>')  # noqa: S704
    tiles = Markup().join((linked if t.url else plain).format(t.url, t.label, t.value) for t in shown.figures)
    return Markup('<div class="progress-box" id="progress"{}><div class="progress-line"><span class="strong">{}</span>'
                  '<span class="muted num">{}</span></div><progress max="100" value="{}" aria-label="{}"></progress>'
                  '<div class="tiles">{}</div></div>').format(
        live, shown.label, shown.text, shown.percent, shown.label, tiles)


# ---------------------------------------------------------------- the result
def result(env: Env, request: Request, key: int) -> Response:
    """A file with a line for each message that the person may see."""
    name = env.get(BATCH, key, "name").name
    env.require("export", MESSAGE)
    return request.stream(lambda own: _lines(own, key), f"{name}.csv", "text/csv; charset=utf-8")


def _lines(env: Env, key: int) -> Iterator[bytes]:
    field: Any = env.registry.record(MESSAGE).field("state")
    heads = (_("Number or address"), _("Name"), _("State"), _("Code"), _("Reason"), _("Date and time"), _("Parts"), _("Cost"),
             _("Currency of the cost"))
    yield _written([env.t(h) for h in heads], BYTES_MARK)
    query = env.query(MESSAGE).where(F.batch == key).order("id").select(
        "counterpart", "person", "state", "code", "reason", "at", "segments", "cost", "cost_currency")
    for row in query.stream():
        name = row["person"].label or "" if row["person"] else ""
        at = row["at"].isoformat(timespec="seconds") if row["at"] else ""
        yield _written([guarded(row["counterpart"] or "", "phone"), guarded(name), env.t(field.labels[row["state"]]),
                        guarded(row["code"] or ""), guarded(row["reason"] or ""), at, row["segments"] or "",
                        "" if row["cost"] is None else row["cost"], row["cost_currency"] or ""])


def _written(cells: list[Any], mark: str = "") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return (mark + out.getvalue()).encode()

