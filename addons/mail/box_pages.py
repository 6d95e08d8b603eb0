"""Setting up where the mail of an account comes in: the server, its folders, a test, how it goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from addons.messaging.contract import Later, Refused
from core.api import Env, F, Invalid, Message, NotOutside, ValidationFailed, _, n_
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Crumb,
    FieldView,
    Flash,
    Request,
    Response,
    flag,
    form,
    list_link,
    select,
    text,
)

from . import boxes, presets
from .choices import AFTERWARDS, DELETE, ENCRYPTION, IMAP, OFFERED, PROTOCOLS, SEEN, STATES, WORKING
from .jobs import FETCH
from .routes import pages

ACCOUNTS = "/x/messaging/account"
LABELS = {value: (label, colour) for value, label, colour in STATES}


def crumbs(env: Env, account: int) -> list[Crumb]:
    """Back to the account."""
    return [Crumb(env.labels("messaging.account", [account]).get(account, ""), f"{ACCOUNTS}/{account}")]


@pages.route("/box/<int:account>", methods=("GET", "POST"))
def box(env: Env, request: Request, account: int) -> Response:
    """The box of an account."""
    row = boxes.of_account(env, account)
    errors: dict[str | None, list[str]] = {}
    if request.posted:
        try:
            with request.attempt():
                boxes.save(env, account, _values(env, request), request.value("password"))
            request.flash(env.t(_("Saved. Press “Check” to see whether the server lets us in.")))
            return request.redirect(f"/x/mail/box/{account}")
        except ValidationFailed as failed:
            errors = {name: [env.t(m) for m in found] for name, found in failed.by_field().items()}
    fields = _fields(env, request, row, account)
    for field in fields:
        field.errors = errors.pop(field.name, [])
    page = AdminPage(env.t(_("Incoming mail")), env.t(_(
        "Mail that comes to this box becomes messages: on the timeline of whoever wrote it, and in the inbox.")))
    page.form = form(env, f"/x/mail/box/{account}", fields, columns=2, errors=[t for found in errors.values() for t in found])
    if row is not None:
        page.facts, page.notices = _facts(env, row), _notices(env, row)
        page.actions = [Action(env.t(_("Check")), f"/x/mail/box/{account}/check", "activity", kind="post"),
                        Action(env.t(_("Fetch now")), f"/x/mail/box/{account}/fetch", "arrow-repeat", kind="post"),
                        Action(env.t(_("Fetched mail")), list_link(env, OFFERED, F.mailbox == row["id"]), "journal-check")]
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, account), active="messaging.account",
                          status=422 if request.posted else 200)


def _fields(env: Env, request: Request, row: dict[str, Any] | None, account: int) -> list[FieldView]:
    known = row or {"protocol": IMAP, "encryption": "tls", "active": True, "afterwards": "keep",
                    "since": env.today - dt.timedelta(days=boxes.FIRST_DAYS)}
    password = text(env, request, "password", _("Password"), kind="password", help=_("Empty: as for sending."), autocomplete="new-password")
    if row is not None and row["secret"] is not None:
        password.placeholder = env.t(_("stored; leave empty to keep it"))
    since = known.get("since")
    return [
        select(env, request, "protocol", _("Protocol"), PROTOCOLS, known["protocol"]),
        text(env, request, "host", _("Server"), known.get("host") or "", required=True, dir="ltr", autocomplete="off"),
        select(env, request, "encryption", _("Encryption"), ENCRYPTION, known["encryption"]),
        text(env, request, "port", _("Port"), str(known.get("port") or ""), help=_("Empty: the usual one."), dir="ltr",
             inputmode="numeric"),
        text(env, request, "user", _("User name"), known.get("user") or "", help=_("Empty: as for sending."), dir="ltr",
             autocomplete="off"),
        password,
        text(env, request, "folders", _("Folders"), ", ".join(boxes.folders_of(known | {"folders": known.get("folders")})), dir="auto",
             help=_("Separated by commas; only IMAP has further ones. “Check” lists them.")),
        text(env, request, "sent_folder", _("Folder of sent mail"), known.get("sent_folder") or "", dir="auto",
             help=_("A copy of what is sent goes there. Empty: no copies.")),
        text(env, request, "since", _("Mail since"), env.format.date(since, "short") if since else "", kind="date",
             help=_("Older mail stays on the server and is not taken over.")),
        select(env, request, "afterwards", _("After it was read"), AFTERWARDS, known["afterwards"]),
        text(env, request, "certificate", _("Certificate of the server"), known.get("certificate") or "", kind="longtext", rows="3",
             dir="ltr", help=_("PEM, only for a server with a certificate of its own.")),
        flag(env, request, "active", _("Fetch mail"), bool(known["active"])),
    ]


def _values(env: Env, request: Request) -> dict[str, Any]:
    port, since = request.value("port").strip(), request.value("since").strip()
    try:
        day = env.format.parse_date(since) if since else None
    except ValueError as error:
        raise ValidationFailed([Invalid(None, "since", _("Choose a date."))]) from error
    return {"protocol": request.value("protocol"), "host": request.value("host").strip()[:255], "encryption": request.value("encryption"),
            "port": int(port) if port.isdecimal() and len(port) < 8 else None if not port else 0,
            "user": request.value("user").strip()[:320] or None,
            "folders": [f.strip()[:255] for f in request.value("folders").replace("،", ",").split(",") if f.strip()],
            "sent_folder": request.value("sent_folder").strip()[:255] or None, "since": day,
            "afterwards": request.value("afterwards") if request.value("afterwards") in (SEEN, DELETE) else "keep",
            "certificate": request.value("certificate").strip()[:20000] or None, "active": request.value("active") == "1"}


def _facts(env: Env, row: dict[str, Any]) -> list[tuple[str, Cell]]:
    label, colour = LABELS[row["state"] or WORKING]
    when = env.format.relative(row["success_at"], env.now) if row["success_at"] else env.t(_("not yet"))
    return [(env.t(_("State")), Cell("choice", badges=[Badge(env.t(label), colour)])), (env.t(_("Last worked")), Cell(text=when)),
            (env.t(_("Mails taken over")), Cell(text=env.format.number(row["taken"] or 0)))]


def _notices(env: Env, row: dict[str, Any]) -> list[Flash]:
    if not row["problem"]:
        return []
    since = env.format.datetime(row["problem_since"]) if row["problem_since"] else ""
    return [Flash(env.t(_("It has not worked since {when}: {problem}", when=since, problem=row["problem"])), "error")]


# ---------------------------------------------------------------- tests
@pages.route("/box/<int:account>/check", methods=("POST",))
def check(env: Env, request: Request, account: int) -> Response:
    """Connect, sign in, look."""
    try:
        count, folders = boxes.check(env, account)
    except (Later, Refused, NotOutside) as error:
        said = env.t(error.message) if isinstance(error.message, Message) else str(error)
        request.flash(env.t(_("It does not work: {reason}", reason=said)), "error")
        return request.redirect(f"/x/mail/box/{account}")
    names = env.format.list([f.name for f in folders if f.selectable][:50])
    request.flash(env.t(n_("It works: {count} mail there.", "It works: {count} mails there.", count)))
    if names:
        request.flash(env.t(_("Folders: {names}", names=names)), "info")
    return request.redirect(f"/x/mail/box/{account}")


@pages.route("/box/<int:account>/fetch", methods=("POST",))
def fetch(env: Env, request: Request, account: int) -> Response:
    """Fetch at once instead of within a minute."""
    row = boxes.of_account(env, account)
    if row is not None:
        env.enqueue(FETCH, {"mailbox": row["id"]}, dedupe=str(row["id"]))
        request.flash(env.t(_("Mail is being fetched.")))
    return request.redirect(f"/x/mail/box/{account}")


@pages.route("/preset/<int:account>", methods=("GET", "POST"))
def preset(env: Env, request: Request, account: int) -> Response:
    """Fill in the servers of a well-known company, for sending and for fetching."""
    row = boxes.of_account(env, account)
    chosen = presets.PRESETS.get(request.value("preset"))
    if request.posted and chosen is not None:
        with env.elevated("the address of an account") as sudo:
            settings = sudo.query("messaging.account").archived(None).with_ids([account]).select("settings").rows()[0]["settings"] or {}
        there = presets.filled(chosen, str(settings.get("from_address") or ""))
        host, port, encryption = there["smtp"]
        boxes.keep(env, account, {"host": host, "port": str(port), "encryption": encryption})
        host, port, encryption = there["imap"]
        known = {k: row[k] for k in ("user", "folders", "sent_folder", "since", "afterwards", "active")} if row else {}
        boxes.save(env, account, {**known, "protocol": IMAP, "host": host, "port": port, "encryption": encryption}, well_known=True)
        request.flash(env.t(_("The servers are filled in.")))
        if chosen.note:
            request.flash(env.t(chosen.note), "info")
        return request.redirect(f"/x/mail/box/{account}")
    options = [(one.name, one.label) for one in presets.PRESETS.values()]
    page = AdminPage(env.t(_("Server of a known company")), env.t(_(
        "Fills in the servers for sending and for fetching. User name and password stay as they are.")))
    page.form = form(env, f"/x/mail/preset/{account}", [select(env, request, "preset", _("Company"), options)], submit=_("Fill in"))
    return request.render("admin/page.html", page, title=page.title, crumbs=crumbs(env, account), active="messaging.account")
