"""Taking a calendar file: a preview of what is new, changed or unreadable first, then the writing; answers at once."""

from __future__ import annotations

import base64
import zlib

from core.api import Env, SarnakhError, _, n_
from core.web_api import Action, AdminPage, Badge, Cell, Column, FieldView, Flash, FormPage, Request, Response, Row, Section, SimpleTable

from . import ical_import, ical_read, invitations, rule_words
from .doing import ACTIVITY, URL
from .ical_import import BAD, CHANGED, LABELS, NEW, SAME, Found
from .ical_read import MOST_BYTES, BadFile, File

PAGE = f"{URL}/import"
COLOURS = {NEW: "green", CHANGED: "amber", SAME: "grey", BAD: "red"}
SHOWN = 300


def show(env: Env, request: Request) -> Response:
    """The question for a file, what is in it, or what became of it."""
    page = AdminPage(env.t(_("Take a calendar file")), env.t(_(
        "Files of other calendar programs (.ics): events are taken as your activities, answers to your invitations are noted. "
        "Taking the same file again changes only what is different.")))
    try:
        content = _content(request)
        if content is None:
            page.form = _ask(env)
            return _page(env, request, page)
        file = ical_read.read(content, env.tz)
        if file.method == "REPLY":
            return _answers(env, request, page, file)
        if file.method == "CANCEL":
            return _cancelled(env, request, page, file)
        found = ical_import.plan(env, file.entries)
        if request.has("go"):
            with request.attempt():
                counts = ical_import.take(env, found)
            request.flash(_counted(env, counts), undo=env.batch)
            return request.redirect("/r/" + ACTIVITY)
        _preview(env, page, found, content)
        return _page(env, request, page)
    except SarnakhError as error:
        page.notices, page.form, page.table = [Flash(env.t(error.message), "error")], _ask(env), None
        return _page(env, request, page, 422)


def _page(env: Env, request: Request, page: AdminPage, status: int = 200) -> Response:
    return request.render("admin/page.html", page, title=page.title, status=status, active=PAGE)


def _content(request: Request) -> bytes | None:
    """The file that was sent, or the one of the preview."""
    if not request.posted:
        return None
    if uploads := request.uploads():
        return uploads[0].stream.read(MOST_BYTES + 1)
    packed = request.value("content")
    if not packed:
        raise BadFile(_("Choose a file."))
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error):
        raise BadFile(_("Choose the file again.")) from None


def _ask(env: Env) -> FormPage:
    field = FieldView("file", env.t(_("Calendar file")), "file", required=True, attrs={"accept": ".ics,text/calendar"})
    return FormPage("", PAGE, [Section("main", columns=1, fields=[field])], multipart=True,
                    actions=[Action(env.t(_("Look at it")), kind="submit", style="primary")])


def _preview(env: Env, page: AdminPage, found: list[Found], content: bytes) -> None:
    counts = {state: sum(f.state == state for f in found) for state in LABELS}
    page.intro = _counted(env, counts)
    order = {BAD: 0, CHANGED: 1, NEW: 2, SAME: 3}
    shown = sorted(found, key=lambda f: order[f.state])[:SHOWN]
    page.table = SimpleTable([Column("state", env.t(_("State"))), Column("title", env.t(_("Subject"))), Column("when", env.t(_("When"))),
                              Column("why", env.t(_("Remark")))], [Row(i, "", _cells(env, one)) for i, one in enumerate(shown)])
    if counts[NEW] or counts[CHANGED]:
        packed = base64.b64encode(zlib.compress(content)).decode()
        page.form = FormPage("", PAGE, [], hidden={"content": packed}, cancel_url=PAGE, actions=[
            Action(env.t(_("Take what is new and changed")), kind="submit", style="primary", name="go", value="1")])
    else:
        page.actions = [Action(env.t(_("Another file")), PAGE)]


def _cells(env: Env, one: Found) -> list[Cell]:
    values = one.entry.values
    when = env.format.date(values["first_day"]) if values.get("all_day") else env.format.datetime(values.get("starts_at"))
    if one.entry.rule is not None:
        when = f"{when}: {rule_words.of(env, one.entry.rule)}"
    return [Cell("choice", badges=[Badge(env.t(LABELS[one.state]), COLOURS[one.state])]), Cell(text=one.entry.title, dir="auto"),
            Cell(text=when), Cell(text=env.t(one.why) if one.why else "")]


def _counted(env: Env, counts: dict[str, int]) -> str:
    return env.t(_("{new} new, {changed} changed, {same} unchanged, {bad} that cannot be read.", **{
        state: env.format.number(count) for state, count in counts.items()}))


def _answers(env: Env, request: Request, page: AdminPage, file: File) -> Response:
    """Answers are noted at once: they change nothing else."""
    with request.attempt():
        taken = [invitations.answered(env, entry) for entry in file.entries]
    if not taken:
        raise SarnakhError(_("The file holds no answer."))
    request.flash(env.t(n_("The answer of {names} was noted.", "The answers of {names} were noted.", len(taken),
                           names=env.format.list(name for _key, name, _answer in taken))))
    return request.redirect(f"/r/{ACTIVITY}/{taken[0][0]}")


def _cancelled(env: Env, request: Request, page: AdminPage, file: File) -> Response:
    keys = [key for entry in file.entries if not entry.error and (key := invitations.called_off(env, entry))]
    if not keys:
        raise SarnakhError(_("Nothing of yours is cancelled by this file."))
    request.flash(env.t(n_("{count} activity cancelled.", "{count} activities cancelled.", len(keys))), undo=env.batch)
    return request.redirect(f"/r/{ACTIVITY}/{keys[0]}")
