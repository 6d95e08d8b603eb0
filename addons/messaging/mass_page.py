"""The page on which a mass sending is put together, checked and started."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from core.api import LANGUAGES, Env, F, Message, NotFound, SarnakhError, _, n_
from core.web_api import Action, Crumb, FieldView, FormPage, Request, Response, Section, list_url, record_url, select, shown_when, text

from . import accounts, mass, mass_check, purposes, reach
from .choices import BATCH, COMMERCIAL, SERVICE
from .contract import Channel
from .mass import Content
from .template_choices import TEMPLATE

URL = "/x/messaging/mass"
CARRIED = ("csrf_token", "action", "do", "ids", "all", "chosen", "checked", "after", "before")


@dataclass
class Wanted:
    """What the form says."""

    record: str
    chosen: dict[str, Any]
    channels: dict[str, Channel]
    channel: Channel
    accounts: list[dict[str, Any]]
    account: dict[str, Any] | None
    content: Content
    kind: str
    purpose: str
    name: str
    at: Any = None
    errors: list[str] = field(default_factory=list)

    def digest(self) -> str:
        """Whether what is started is what was checked."""
        said = [self.record, self.chosen, self.channel.name, self.account and self.account["id"], self.content.kept(), self.kind,
                self.purpose]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def channels_for(env: Env, record: str) -> dict[str, Channel]:
    """Channels by which people behind records of a type are reached, and that the person may send through."""
    return {name: c for name, c in accounts.channels(env).items() if reach.ways(env, record, c) and accounts.usable(env, name)}


def show(env: Env, request: Request, record: str) -> Response:
    """The form, with what the check found, or on to the mass sending that was started."""
    env.require("create", BATCH)
    wanted = _read(env, request, record)
    do = request.value("do")
    findings = None
    if do in ("check", "start"):
        wanted.errors += mass_check.problems(env, wanted.record, wanted.channel, wanted.content)
        if wanted.account is None:
            wanted.errors.append(env.t(_("Choose an account.")))
        if not wanted.errors and do == "start" and request.value("checked") == wanted.digest():
            return _start(env, request, wanted)
        if not wanted.errors and wanted.account is not None:
            if do == "start":
                wanted.errors.append(env.t(_("Something was changed after the check. Look at it once more.")))
            findings = mass_check.examine(env, wanted.record, wanted.chosen, wanted.channel, wanted.account, wanted.content, wanted.kind,
                                          wanted.purpose)
            wanted.errors += findings.problems
    title = env.t(_("Send a message to many"))
    count = findings.total if findings else mass.query_of(env, wanted.record, wanted.chosen).count(None)
    page = _form(env, request, wanted, count)
    crumbs = [Crumb(env.t(env.registry.record(wanted.record).plural), list_url(wanted.record))]
    status = 422 if wanted.errors else 200
    return request.render("messaging/mass.html", page, title=title, crumbs=crumbs, active=wanted.record, status=status, found=findings,
                          shown=_shown(env, findings) if findings else None,
                          ready=bool(findings and findings.sent and not findings.problems), most=mass_check.MOST_WRITTEN)


# ---------------------------------------------------------------- reading
def _read(env: Env, request: Request, record: str) -> Wanted:
    if record not in env.registry.records or not env.can("read", record):
        raise NotFound
    chosen = mass.chosen_from(request.value("chosen")) if request.has("chosen") else _first_choice(env, request)
    if not mass.query_of(env, record, chosen).exists():
        raise SarnakhError(_("Choose records first."))
    known = channels_for(env, record)
    if not known:
        raise SarnakhError(_("There is no account that you may write to these people from. Ask your administrator to add one."))
    channel = known.get(request.value("channel")) or next(iter(known.values()))
    kind = SERVICE if request.value("kind") == SERVICE else COMMERCIAL
    usable = mass_check.usable(env, channel.name, kind)
    account = next((a for a in usable if str(a["id"]) == request.value("account")), usable[0] if usable else None)
    errors: list[str] = []
    name = request.value("name").strip()[:120] or env.t(_("{records}, {day}", records=env.registry.record(record).plural,
                                                          day=env.format.date(env.today)))
    at = None
    if request.value("scheduled_at").strip():
        try:
            at = mass.planned(env.format.parse_datetime(request.value("scheduled_at"), env.now), env.now)
        except ValueError as error:
            errors.append(env.t(error.args[0]) if error.args else env.t(_("This is no date and time.")))
    offered = {key for key, _label in purposes.options(env, channel.name)}
    purpose = request.value("purpose") if request.value("purpose") in offered else next(iter(offered - {"*"}), "*")
    if not request.has("purpose"):
        purpose = next((key for key, _label in purposes.rows(env, channel.name)), "*")
    return Wanted(record, chosen, known, channel, usable, account, _content(env, request, record, channel), kind, purpose, name, at, errors)


def _first_choice(env: Env, request: Request) -> dict[str, Any]:
    """What a list's bar sends: the ticked records, or all that meet the list's conditions."""
    if request.value("all") == "1":
        return mass.chosen_from(json.dumps({"pairs": [[k, v] for k, v in request.posted_pairs() if k not in CARRIED]}))
    return {"ids": request.ids()[:mass.MOST_TICKED]}


def _content(env: Env, request: Request, record: str, channel: Channel) -> Content:
    chosen = request.value("template")
    if chosen and chosen in dict(templates(env, record, channel.name)):
        return Content(int(chosen))
    return Content(None, request.value("subject").strip()[:255], request.value("text").replace("\r\n", "\n")[:20_000])


def templates(env: Env, record: str, channel: str) -> list[tuple[str, str]]:
    """Templates about records of a type in a channel."""
    query = env.query(TEMPLATE).where((F.record_type == record) & F.active)
    rows = query.order("name").select("name", "channel").rows(500)
    return [(str(r["id"]), r["name"]) for r in rows if r["channel"] == channel]


# ---------------------------------------------------------------- showing
def _form(env: Env, request: Request, wanted: Wanted, count: int) -> FormPage:
    record = env.registry.record(wanted.record)
    offered = templates(env, wanted.record, wanted.channel.name)
    template = str(wanted.content.template or "")
    typed = [] if not wanted.channel.formatted else [text(env, request, "subject", _("Subject"), wanted.content.subject)]
    typed.append(text(env, request, "text", _("Text"), wanted.content.text, "longtext", rows="5", dir="auto", help=_(
        "Fields in double braces are filled in for each: {example}.", example=_example(env, wanted.record))))
    chosen_template = [select(env, request, "template", _("Template"), [("", env.t(_("No template: write a text"))), *offered], template,
                              required=False)] if offered else []
    if offered:
        typed = [shown_when(one, "template", "") for one in typed]
    how = [select(env, request, "channel", _("Channel"), [(n, env.t(c.label)) for n, c in wanted.channels.items()], wanted.channel.name),
           select(env, request, "account", _("Account", context="messaging"), [(str(a["id"]), a["name"]) for a in wanted.accounts],
                  str(wanted.account["id"]) if wanted.account else ""),
           select(env, request, "kind", _("Kind"), [(COMMERCIAL, env.t(_("Commercial"))), (SERVICE, env.t(_("Service")))], wanted.kind,
                  help=_("Commercial messages go only to people who agreed to them.")),
           select(env, request, "purpose", _("Purpose"), purposes.options(env, wanted.channel.name), wanted.purpose),
           text(env, request, "name", _("Name of the campaign"), wanted.name, required=True, maxlength="120"),
           text(env, request, "scheduled_at", _("Not before"), "", "datetime", help=_("Empty: as soon as it is started."))]
    for one in (how[0], how[2]):
        one.attrs["data-mass-reload"] = "1"
    hidden = [FieldView(k, "", "hidden", v) for k, v in (
        ("chosen", json.dumps(wanted.chosen)), ("checked", wanted.digest()))]
    intro = env.t(n_("To {shown} record of “{records}”.", "To {shown} records of “{records}”.", count, shown=env.format.number(count),
                     records=record.plural))
    return FormPage(env.t(_("Send a message to many")), f"{URL}/{wanted.record}", [
        Section("how", env.t(_("How")), columns=2, fields=how),
        Section("what", env.t(_("What")), columns=1, fields=[*chosen_template, *typed, *hidden])], errors=wanted.errors, intro=intro,
        cancel_url=list_url(wanted.record), actions=[Action(env.t(_("Check")), kind="submit", style="primary", name="do", value="check")])


def _example(env: Env, record: str) -> str:
    """A placeholder that this kind of record has."""
    meant = reach.fields_by_meaning(env, record)
    name = meant.get("full_name") or env.registry.record(record).title
    return f"{{{{ {name} }}}}"


def _shown(env: Env, found: mass_check.Findings) -> dict[str, Any]:
    """Figures as the reader writes them."""
    number = env.format.number
    names = LANGUAGES
    amount = found.cost
    cost = "" if amount is None else env.format.money(amount, found.currency) if found.currency else number(amount)
    return {"sent": number(found.sent), "left": number(found.total - found.sent), "parts": number(found.parts), "cost": cost,
            "reasons": [(reason, number(count)) for reason, count in found.left],
            "languages": [(names.get(lang, lang) or env.t(_("Not known: the usual one")), number(count))
                          for lang, count in found.languages],
            "missing": [(name, number(count)) for name, count in found.missing],
            "estimated": found.written < found.sent, "written": number(found.written),
            "samples": [(one, names.get(one.language, one.language)) for one in found.samples],
            "start": env.t(n_("Send to {shown} person", "Send to {shown} people", found.sent, shown=number(found.sent)))}


# ---------------------------------------------------------------- starting
def _start(env: Env, request: Request, wanted: Wanted) -> Response:
    key = mass.start(env, wanted.record, wanted.chosen, {
        "name": wanted.name, "channel": wanted.channel.name, "account": wanted.account["id"] if wanted.account else None,
        "kind": wanted.kind, "purpose": wanted.purpose, "scheduled_at": wanted.at, "content": wanted.content.kept()})
    request.flash(env.t(_("It is being prepared. This page shows how far it is.")))
    return request.redirect(record_url(BATCH, key))


def offered(env: Env, record: str) -> bool:
    """Whether a list of such records offers mass sending."""
    return not record.startswith("messaging.") and env.can("create", BATCH) and bool(channels_for(env, record))


LABEL: Message = _("Send a message")
