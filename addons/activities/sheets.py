"""The small sheets: done with outcome and follow-up, logging, snoozing, moving, planning for many records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from core.api import Env, Link, NotFound, SarnakhError, ValidationFailed, _, n_
from core.web_api import (
    Action,
    Dialog,
    FieldView,
    FormPage,
    RecordForm,
    Request,
    Response,
    Section,
    chosen_ids,
    dialog,
    select,
    shown_when,
    text,
)

from . import finishing, shifting
from .choices import CALL, EMAIL, ICONS, KINDS, MEETING, TASK
from .doing import ACTIVITY, URL
from .finishing import AFTER, AUTO, NONE, ON_DAY, FollowUp

HOME = f"{URL}/today"
MANY = 1000
BUTTONS = Markup('<div class="outcomes"><button class="visually-hidden" tabindex="-1" aria-hidden="true"></button>{}</div>')
BUTTON = Markup('<button class="btn outcome" name="outcome" value="{}"{}><span class="outcome-dot tint-{}"></span>{}</button>')


def linked(env: Env, record: str, ids: Sequence[int]) -> list[Link]:
    """Records that activities may be about, with their names; NotFound when one may see none of them."""
    rtype = env.registry.records.get(record)
    if rtype is None or "noted" not in rtype.traits or record == ACTIVITY:
        raise NotFound
    env.require("read", record)
    keys = env.visible_ids(record, ids[:MANY])
    if not keys:
        raise NotFound
    names = env.labels(record, keys)
    return [Link(key, names.get(key, f"#{key}"), record) for key in keys]


def about(env: Env, request: Request) -> list[Link]:
    """What a page is asked about: `about=leads.lead:5`, or the records chosen in a list with their `record`; nothing at all."""
    told = request.value("about") or request.arg("about")
    if told:
        record, _colon, key = told.partition(":")
        return linked(env, record, [int(key)] if key.isdecimal() and len(key) < 18 else [])
    record = request.value("record") or request.arg("record")
    if record not in env.registry.records:
        return []
    return linked(env, record, chosen_ids(env, request, env.registry.record(record), "read") if request.posted else request.ids())


def attempt(request: Request, env: Env, work: Callable[[], Any]) -> list[str]:
    """Do something; what is wrong with it otherwise, in words."""
    try:
        with request.attempt():
            work()
    except ValidationFailed as error:
        return list(dict.fromkeys(env.t(e.message) for e in error.errors))
    except SarnakhError as error:
        return [env.t(error.message)]
    return []


def show(request: Request, title: str, fields: Sequence[FieldView], *, url: str, submit: str, hidden: Sequence[tuple[str, str]] = (),
         errors: Sequence[str] = (), intro: str = "", top: str = "", go: str = "1") -> Response:
    """A sheet with one form; the hidden inputs go along, what was wrong is on top."""
    kept = [FieldView(name, "", "hidden", value) for name, value in (*hidden, ("next", request.next_url(HOME)))]
    sections = [Section("top", html=top)] if top else []
    form = FormPage(title, url, [*sections, Section("main", columns=1, fields=[*fields, *kept])], errors=list(errors),
                    actions=[Action(submit, kind="submit", style="primary", name="go", value=go)])
    return dialog(request, Dialog(title, intro, form=form), 422 if errors else 200)


def back(env: Env, request: Request, message: str, undo: bool = True) -> Response:
    """Where one came from, with a way back."""
    request.flash(env.t(message), undo=env.batch if undo else "")
    return request.redirect(request.next_url(HOME))


# ---------------------------------------------------------------- outcome and follow-up
def _outcome_buttons(env: Env, kinds: set[str]) -> str:
    """A button for each outcome, where all activities are of one kind: pressing it is all there is to do."""
    rows = finishing.outcomes(env, kinds.pop()) if len(kinds) == 1 else []
    return BUTTONS.format(Markup("").join(BUTTON.format(r["id"], Markup(" data-focus") if i == 0 else "", r["colour"], r["name"])
                                          for i, r in enumerate(rows))) if rows else ""


def _follow_fields(env: Env, request: Request, kind: str, outcomes: bool) -> list[FieldView]:
    first = (AUTO, _("As the outcome says")) if outcomes else (NONE, _("Nothing"))
    options = [first, *([(NONE, _("Nothing"))] if outcomes else []), *((k, t) for k, (t, _days) in AFTER.items()), (ON_DAY, _("On a day"))]
    day = FieldView("follow_day", env.t(_("On")), "date", request.value("follow_day"))
    return [select(env, request, "follow", _("What follows"), options, first[0]), shown_when(day, "follow", ON_DAY),
            select(env, request, "follow_kind", _("As"), [(o.value, o.label) for o in KINDS], CALL if kind == CALL else TASK)]


def _follow_of(env: Env, request: Request) -> FollowUp:
    when, kind = request.value("follow", NONE), request.value("follow_kind", TASK)
    day: dt.date | None = None
    if when == ON_DAY:
        day = _day(env, request.value("follow_day"))
    if kind not in ICONS:
        raise SarnakhError(_("There is no such kind of activity."))
    return FollowUp(when, kind, day)


def _day(env: Env, typed: str) -> dt.date:
    try:
        return env.format.parse_date(typed)
    except ValueError:
        raise SarnakhError(_("Choose a day.")) from None


def done(env: Env, request: Request) -> Response:
    """Done, with what came of it and what follows."""
    ids = request.ids()
    errors: list[str] = []
    if request.posted and (request.has("go") or request.has("outcome")):
        count: list[int] = []
        errors = attempt(request, env, lambda: count.append(finishing.finish(
            env, ids, request.value_int("outcome") or None, request.value("outcome_text").strip()[:4000], _follow_of(env, request))))
        if not errors:
            return back(env, request, finishing.told(count[0]))
    rows = shifting.planned(env, ids)
    top = _outcome_buttons(env, {r["kind"] for r in rows})
    name = rows[0]["subject"] if len(rows) == 1 else env.t(n_("{count} activity", "{count} activities", len(rows)))
    fields = [*_follow_fields(env, request, rows[0]["kind"], bool(top)), text(
        env, request, "outcome_text", _("What came of it"), kind="longtext", rows="2")]
    return show(request, env.t(_("Done: {name}", name=name)), fields, url=f"{URL}/done", submit=env.t(_("Done", context="button")),
                errors=errors, top=top, hidden=[("ids", str(r["id"])) for r in rows])


def log(env: Env, request: Request, kind: str) -> Response:
    """Something that was done already, with what came of it and what follows: two clicks, and it is written down."""
    env.require("create", ACTIVITY)
    links = about(env, request)
    names = [*(["direction"] if kind in (CALL, EMAIL) else []), *(["duration"] if kind in (CALL, MEETING) else []),
             "outcome_text", "subject"]
    form = RecordForm(env, request, ACTIVITY, names).begin({"kind": kind, "direction": "out" if kind in (CALL, EMAIL) else None})
    errors: list[str] = []
    if request.posted and (request.has("go") or request.has("outcome")):
        values = form.values()
        errors = [] if form.errors else attempt(request, env, lambda: finishing.log(
            env, kind, links, {k: v for k, v in values.items() if v not in (None, "")}, request.value_int("outcome") or None,
            _follow_of(env, request)))
        if not errors and not form.errors:
            return back(env, request, finishing.logged(max(len(links), 1)))
    top = _outcome_buttons(env, {kind})
    fields = form.fields()
    for field in fields:
        if field.name == "subject":
            field.required, field.placeholder = False, finishing.subject_of(env, kind, links[0] if len(links) == 1 else None)
    shown = fields[:-2] + _follow_fields(env, request, kind, bool(top)) + fields[-2:]
    label = env.t(next(o.label for o in KINDS if o.value == kind))
    who = links[0].label if len(links) == 1 else env.t(n_("{count} record", "{count} records", len(links))) if links else ""
    title = env.t(_("Log: {kind}, {name}", kind=label, name=who)) if who else env.t(_("Log: {kind}", kind=label))
    return show(request, title, shown, url=f"{URL}/log/{kind}", submit=env.t(_("Log without an outcome")) if top else env.t(_("Log")),
                errors=[*errors, *(m for found in form.errors.values() for m in found)], top=top, hidden=_told(links))


def _told(links: Sequence[Link]) -> list[tuple[str, str]]:
    if not links:
        return []
    return [("record", links[0].record), *(("ids", str(link.id)) for link in links)]


# ---------------------------------------------------------------- moving
def snooze(env: Env, request: Request) -> Response:
    """Put activities off."""
    errors: list[str] = []
    if request.posted and request.has("to"):
        count: list[int] = []
        errors = attempt(request, env, lambda: count.append(shifting.snooze(env, request.ids(), request.value("to"))))
        if not errors:
            return back(env, request, shifting.told(count[0]))
    rows = shifting.planned(env, request.ids())
    buttons = Markup("").join(Markup('<button class="btn outcome" name="to" value="{}"{}>{}</button>').format(
        name, Markup(" data-focus") if i == 0 else "", env.t(label)) for i, (name, label) in enumerate(shifting.offered(env).items()))
    title = env.t(_("Snooze"))
    form = FormPage(title, f"{URL}/snooze", [Section("top", html=Markup('<div class="outcomes">{}</div>').format(buttons)),
                    Section("main", columns=1, fields=[FieldView("next", "", "hidden", request.next_url(HOME)),
                                                       *(FieldView("ids", "", "hidden", str(r["id"])) for r in rows)])], errors=errors,
                    actions=[Action(env.t(_("Another day…")), f"{URL}/reschedule", kind="submit", name="more", value="1")])
    return dialog(request, Dialog(title, _named(env, rows), form=form), 422 if errors else 200)


def _named(env: Env, rows: Sequence[dict[str, Any]]) -> str:
    return rows[0]["subject"] if len(rows) == 1 else env.t(n_("{count} activity", "{count} activities", len(rows)))


def reschedule(env: Env, request: Request) -> Response:
    """To a day, or by some days."""
    errors: list[str] = []
    if request.posted and request.has("go"):
        count: list[int] = []

        def work() -> None:
            if request.value("how") == "by":
                count.append(shifting.by_days(env, request.ids(), request.value_int("days")))
            else:
                count.append(shifting.to_day(env, request.ids(), _day(env, request.value("day"))))
        errors = attempt(request, env, work)
        if not errors:
            return back(env, request, shifting.told(count[0]))
    rows = shifting.planned(env, request.ids())
    day = FieldView("day", env.t(_("Day")), "date", request.value("day") or (env.today + dt.timedelta(days=1)).isoformat())
    days = text(env, request, "days", _("Days"), "1", "integer", min="-3650", max="3650", help=_("With a minus sign: earlier."))
    fields = [select(env, request, "how", _("Move"), [("to", _("To a day")), ("by", _("By some days"))], "to", kind="radio"),
              shown_when(day, "how", "to"), shown_when(days, "how", "by")]
    return show(request, env.t(_("Reschedule")), fields, url=f"{URL}/reschedule", submit=env.t(_("Move")), errors=errors,
                intro=_named(env, rows), hidden=[("ids", str(r["id"])) for r in rows])


# ---------------------------------------------------------------- planning for many
def plan(env: Env, request: Request, record: str, ids: Sequence[int]) -> Response:
    """The same activity about each of the records chosen in a list."""
    env.require("create", ACTIVITY)
    if len(ids) > MANY:
        raise SarnakhError(_("Choose at most {most} records at a time.", most=env.format.number(MANY)))
    links = linked(env, record, ids)
    form = RecordForm(env, request, ACTIVITY, ["kind", "subject", "first_day", "starts_at", "priority", "description"]).begin(
        {"first_day": env.today + dt.timedelta(days=1)})
    errors: list[str] = []
    if request.posted and request.has("go"):
        values = form.values()
        values["all_day"] = values.get("starts_at") is None
        owned = "owner" in env.registry.record(record).fields and request.value("whose") == "owner"
        owners = {r["id"]: r["owner"].id for r in env.query(record).archived(None).with_ids([link.id for link in links]).select(
            "owner").rows() if r["owner"]} if owned and env.can("read", record, "owner") else {}
        errors = [] if form.errors else attempt(request, env, lambda: finishing.plan(env, links, owners, values))
        if not errors and not form.errors:
            return back(env, request, n_("{count} activity was planned.", "{count} activities were planned.", len(links)))
    fields = form.fields()
    for field in fields:
        if field.name == "subject":
            field.required, field.placeholder = False, env.t(_("Kind and name of the record"))
        if field.name == "starts_at":
            field.help = env.t(_("Only if it is at a certain time."))
    if "owner" in env.registry.record(record).fields:
        fields.insert(4, select(env, request, "whose", _("For"), [("me", _("Me")), ("owner", _("The owner of each record"))], "me"))
    count = env.t(n_("{count} record", "{count} records", len(links)))
    return show(request, env.t(_("Plan an activity")), fields, url=f"{URL}/plan", submit=env.t(_("Plan")), intro=count,
                errors=[*errors, *(m for found in form.errors.values() for m in found)],
                hidden=[*_told(links)])
