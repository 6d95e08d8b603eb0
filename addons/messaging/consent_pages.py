"""Consents of a person: the panel on their page, and the form for an entry made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from core.api import Env, F, NotFound, Panel, ValidationFailed, _
from core.web_api import Dialog, FieldView, Request, Response, dialog, form, list_link, record_url, select, text

from . import accounts, choices, consents, purposes, reach
from .choices import CONSENT, GIVEN, MESSAGE, WITHDRAWN
from .contract import Channel

BY_HAND = ("verbal", "written", "contract", "person")
MOST = 12


@dataclass(frozen=True)
class Way:
    """An address of the person in a channel."""

    channel: Channel
    address: str


def ways_of(env: Env, record: str, key: int) -> list[Way]:
    """The numbers and addresses on a person's record, as far as they may be read, each channel's best first."""
    meant = reach.fields_by_meaning(env, record)
    known = [c for c in accounts.channels(env).values() if any(s in meant for s in c.semantics)]
    names = sorted({meant[s] for c in known for s in c.semantics if s in meant})
    rows = env.query(record).archived(None).with_ids([key]).select(*names).rows() if known else []
    found: dict[tuple[str, str], Way] = {}
    for channel in known if rows else ():
        for semantic in channel.semantics:
            value = rows[0].get(meant.get(semantic, "")) if semantic in meant else None
            address = accounts.normal_of(env, channel, str(value)) if value else ""
            if address:
                found.setdefault((channel.name, address), Way(channel, address))
    return list(found.values())


# ---------------------------------------------------------------- the panel
def panels(env: Env, record_name: str, record: Any) -> list[Panel]:
    """What the ledger says of the person, and what it said before."""
    rtype = env.registry.records.get(record_name)
    if rtype is None or "noted" not in rtype.traits or not env.can("read", MESSAGE):
        return []
    ways = ways_of(env, record_name, record.id)
    if not ways:
        return []
    with env.elevated("consents of somebody whose numbers and addresses the person reads") as sudo:
        query = sudo.query(CONSENT).holding("address", sorted({w.address for w in ways}))
        rows = query.order("-id").select("address", "channel", "purpose", "state", "source", "at", "proof", "iys_type").rows(200)
    by_way: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_way.setdefault((row["channel"], row["address"]), []).append(row)
    called = purposes.names(env, {r["purpose"] for r in rows})
    html = Markup('<ul class="consent-lines">{}</ul>').format(Markup().join(
        _drawn(env, way, by_way.get((way.channel.name, way.address), []), called) for way in ways))
    past = [(way, row) for way in ways for row in by_way.get((way.channel.name, way.address), [])[:MOST]]
    if len(past) > 1:
        lines = Markup().join(_entry(env, way, row, called, proof=True) for way, row in past)
        html += Markup('<details><summary>{}</summary><ul class="consent-lines">{}</ul></details>').format(env.t(_("History")), lines)
    html += _buttons(env, record_name, record.id, ways)
    return [Panel(env.t(_("Consents")), html, icon="person-check", order=60)]


def _drawn(env: Env, way: Way, rows: list[dict[str, Any]], called: Mapping[str, str]) -> Markup:
    """What counts now for one address."""
    if not rows:
        return Markup('<li>{} <span class="badge dot tint-grey">{}</span></li>').format(_head(env, way), env.t(_("Never asked")))
    return Markup().join(_entry(env, way, row, called) for row in _latest(rows))


def _head(env: Env, way: Way) -> Markup:
    return Markup('<i class="bi bi-{}" aria-hidden="true"></i><bdi class="strong">{}</bdi> <bdi class="ltr num">{}</bdi>').format(
        way.channel.icon, env.t(way.channel.label), way.address)


def _entry(env: Env, way: Way, row: Mapping[str, Any], called: Mapping[str, str], proof: bool = False) -> Markup:
    """One entry of the ledger."""
    rtype = env.registry.record(CONSENT)
    state: Any = rtype.field("state")
    source: Any = rtype.field("source")
    iys: Any = rtype.field("iys_type")
    told = [env.t(source.labels.get(row["source"], row["source"])), env.format.datetime(row["at"]),
            *([env.t(iys.labels[row["iys_type"]])] if row["iys_type"] else [])]
    words = Markup(' <q class="detail" dir="auto">{}</q>').format(row["proof"][:300]) if proof and row["proof"] else ""
    return Markup('<li>{} <span class="badge dot tint-{}">{}</span> <span dir="auto">{}</span> <span class="detail num">{}</span>{}'
                  '</li>').format(
        _head(env, way), "green" if row["state"] == GIVEN else "red", env.t(state.labels[row["state"]]), called[row["purpose"]],
        " · ".join(told), words)


def _buttons(env: Env, record: str, key: int, ways: list[Way]) -> Markup:
    enter = f"/x/messaging/consent/{record}/{key}"
    made = Markup()
    if env.can("read", CONSENT):
        link = list_link(env, CONSENT, F.address.isin(tuple(sorted({w.address for w in ways}))))
        made = Markup('<a class="btn btn-quiet btn-sm" href="{}">{}</a>').format(link, env.t(_("In the ledger")))
    if env.can("create", CONSENT):
        made = Markup('<a class="btn btn-sm" href="{0}?state=given" data-open="sheet">{1}</a>'
                      '<a class="btn btn-sm" href="{0}?state=withdrawn" data-open="sheet">{2}</a>').format(
            enter, env.t(_("Consent given")), env.t(_("Withdrawn"))) + made
    return Markup('<div class="line">{}</div>').format(made) if made else made


def _latest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries that count: the last of each purpose, but none that an entry for everything came after."""
    found: list[dict[str, Any]] = []
    for row in rows:  # the newest first
        if all(row["purpose"] != one["purpose"] for one in found):
            found.append(row)
        if row["purpose"] == consents.ALL:
            break
    return found


# ---------------------------------------------------------------- an entry
def enter(env: Env, request: Request, record: str, key: int) -> Response:
    """The form for consent that was given or withdrawn otherwise than by a message or form."""
    env.require("create", CONSENT)
    if record not in env.registry.records or not env.can("read", record):
        raise NotFound
    env.get(record, key, "id")
    ways = ways_of(env, record, key)
    if not ways:
        raise NotFound(_("There is no number or address to enter a consent for."))
    errors: list[str] = []
    if request.posted:
        try:
            with request.attempt():
                _write(env, request, ways, (record, key))
            request.flash(env.t(_("The entry stands in the ledger.")))
            return request.redirect(request.next_url(record_url(record, key)))
        except ValidationFailed as error:
            errors = [env.t(e.message) for e in error.errors]
    return dialog(request, Dialog(env.t(_("Consent")), form=_form(env, request, ways, f"/x/messaging/consent/{record}/{key}", errors)),
                  422 if errors else 200)


def _form(env: Env, request: Request, ways: list[Way], url: str, errors: list[str]) -> Any:
    state = request.value("state") or request.arg("state") or GIVEN
    sources = [(v, label) for v, label in choices.SOURCES if v in BY_HAND]
    fields: list[FieldView] = [
        select(env, request, "way", _("Number or address"), [(f"{w.channel.name} {w.address}", f"{env.t(w.channel.label)}: {w.address}")
                                                              for w in ways], f"{ways[0].channel.name} {ways[0].address}"),
        select(env, request, "state", _("Consent"), [(v, label) for v, label, _colour in choices.CONSENTS], state, kind="radio"),
        select(env, request, "purpose", _("Purpose"), purposes.options(env), consents.ALL),
        select(env, request, "source", _("Source"), sources, "verbal"),
        select(env, request, "iys_type", _("İYS type"), [("", "—"), *choices.IYS], required=False, help=_("Needed for Turkish numbers.")),
        text(env, request, "proof", _("Proof"), "", "longtext", rows="3", dir="auto", maxlength="4000",
             help=_("The text they agreed to, or when and to whom they said so."))]
    return form(env, url, fields, submit=_("Enter"), errors=errors, hidden={"next": request.next_url("")} if request.next_url("") else {})


def _write(env: Env, request: Request, ways: list[Way], person: tuple[str, int]) -> None:
    """As the acting person, so that what the ledger asks for is asked of them; the address is one of the record's."""
    chosen = next((w for w in ways if f"{w.channel.name} {w.address}" == request.value("way")), ways[0])
    source = request.value("source")
    env.create(CONSENT, {
        "address": chosen.address, "channel": chosen.channel.name, "purpose": request.value("purpose") or consents.ALL,
        "state": WITHDRAWN if request.value("state") == WITHDRAWN else GIVEN, "source": source if source in BY_HAND else "person",
        "iys_type": request.value("iys_type") or None, "proof": request.value("proof").strip()[:4000] or None, "person": person})
