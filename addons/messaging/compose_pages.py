"""The composer: a side sheet (or a page, without scripts) in which a message is written, measured, planned and sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from markupsafe import Markup

from core.api import LANGUAGES, Env, Invalid, NotFound, SarnakhError, ValidationFailed, _
from core.web_api import (
    Action,
    FieldView,
    Flash,
    FormPage,
    Option,
    Request,
    Response,
    Section,
    flag,
    record_url,
    select,
    shown_when,
    store_file,
    text,
    with_query,
)

from . import accounts, composing, queueing
from .choices import BLOCKED, COMMERCIAL, MESSAGE, SERVICE
from .composing import Writing
from .routes import pages

URL = "/x/messaging/compose"
OTHER = "other"
MOST_FILES = 20
METER = Markup('<div class="msg-meter" data-meter="{}" role="status" aria-live="polite"><span data-parts>{}</span><span data-cost>{}</span>'
               '<p data-consent class="msg-consent level-{}"{}>{}</p><p data-waits{}>{}</p></div>')


# ---------------------------------------------------------------- what is asked for
def _about(request: Request) -> tuple[str, int] | None:
    name = request.value("record") or request.arg("record")
    key = request.value_int("id") or request.arg_int("id")
    return (name[:120], key) if name and key else None


def _writing(env: Env, request: Request) -> Writing:
    answers = request.value_int("answers") or request.arg_int("answers")
    name = request.value("channel") or request.arg("channel")
    if not name and not answers:
        name = next((n for n in accounts.channels(env) if accounts.usable(env, n)), "")
        if not name:
            raise SarnakhError(_("There is no account that you may write from. Somebody who looks after messaging has to set one up."))
    return composing.begin(env, name, _about(request), answers or None)


def _to(request: Request, made: Writing) -> str:
    """The address written to: one of the recipients offered, or what was typed."""
    if not request.posted:
        return request.arg("to")[:320] or composing.to_of(made)
    chosen = request.value("recipient")
    return request.value("to").strip()[:320] if chosen in ("", OTHER) else chosen[:320]


# ---------------------------------------------------------------- the page
@pages.route("/compose", methods=("GET", "POST"))
def compose(env: Env, request: Request) -> Response:
    """Write a message, and send it."""
    env.require("read", MESSAGE)
    made = _writing(env, request)
    errors: dict[str, list[str]] = {}
    warning = ""
    typed: dict[str, str] = {}
    if request.posted and request.value("do") == "template":
        typed, warning = _templated(env, request, made)
    elif request.posted:
        try:
            with request.attempt():
                sent = _send(env, request, made)
            return _sent(env, request, made, sent)
        except Missing as error:
            warning = env.t(error.message)
        except ValidationFailed as failed:
            for name, messages in failed.by_field().items():
                errors.setdefault(str(name or ""), []).extend(env.t(m) for m in messages)
        except ValueError as error:
            errors.setdefault("file", []).append(env.t(error.args[0]))
    page = _page(env, request, made, typed, errors, warning)
    status = 422 if request.posted else 200
    if request.fragment in ("sheet", "dialog"):
        return request.render_fragment("fragments/form.html", page, status=status)
    return request.render("form.html", page, title=page.title, status=status, active="/x/messaging/inbox")


class Missing(SarnakhError):
    """A text with values that are not there: sent only when its writer says so."""


def _templated(env: Env, request: Request, made: Writing) -> tuple[dict[str, str], str]:
    """A template's text in the place of what was typed, and what is missing in it."""
    try:
        found = composing.from_template(env, made.about, request.value_int("template"), request.value("language"))
    except NotFound:
        return {}, env.t(_("Choose a template first."))
    return {"subject": found.subject, "body": found.html or found.text}, missing_text(env, found)


def missing_text(env: Env, found: Any) -> str:
    """What is missing in a text, in words."""
    if found.problem:
        return env.t(found.problem)
    return env.t(_("Without a value: {fields}. Look at the text before you send it.", fields=env.format.list(found.missing))) if (
        found.missing) else ""


def _send(env: Env, request: Request, made: Writing) -> int:
    """Queue the message; returns its number."""
    lang = request.value("language")
    subject, body = request.value("subject"), request.value("body")
    found = composing.filled_in(env, made.channel, made.about, subject, body, lang)
    template: dict[str, Any] = {}
    chosen = request.value_int("template")
    if chosen and made.about:
        from_it = composing.from_template(env, made.about, chosen, lang)
        if from_it.text.strip() == found.text.strip():  # as the template has it: its files and approval go with it
            found = from_it
            template = {"template": from_it.template, "parameters": dict(from_it.parameters)}
    wrong = [Invalid(None, name, message) for name, message in _problems(made, found, _to(request, made))]
    at = _moment(env, request, wrong)
    if wrong:
        raise ValidationFailed(wrong)
    if (found.missing or found.problem) and request.value("go") != "anyway":
        raise Missing(_("Without a value: {fields}. Look at the text before you send it.", fields=env.format.list(found.missing)))
    to = _to(request, made)
    who = composing.with_opt_out(made.recipients, to)
    uploads = uploaded(env, request, made)
    known = {key for key, _name in made.files}
    files = [*uploads, *(int(v) for v in request.values("files") if v.isdecimal() and len(v) < 18 and int(v) in known), *found.files]
    return composing.send(env, queueing.Draft(
        made.channel.name, to, found.text, found.subject if made.formatted else "", found.html if made.formatted else "",
        about=[made.about] if made.about else [], person=who.record, account=request.value_int("account") or None,
        kind=COMMERCIAL if request.value("kind") == COMMERCIAL else SERVICE, at=at, files=files, opted_out=who.opted_out,
        answers=made.answered["id"] if made.answered else None, private=request.value("private") == "1", language=lang,
        details=_details(env, request, made), **template), uploads)


def uploaded(env: Env, request: Request, made: Writing) -> list[int]:
    """Files that were uploaded with a message; what has no subject takes none."""
    return [store_file(env, u) for u in request.uploads("file")[:MOST_FILES] if u.filename] if made.formatted else []


def _problems(made: Writing, found: Any, to: str) -> list[tuple[str, Any]]:
    wrong: list[tuple[str, Any]] = []
    if not to:
        wrong.append(("to", _("Say who it goes to.")))
    if not found.text.strip() and "<img" not in found.html:
        wrong.append(("body", _("Write something first.")))
    if made.formatted and not found.subject:
        wrong.append(("subject", _("Give it a subject.")))
    return wrong


def _moment(env: Env, request: Request, wrong: list[Invalid]) -> dt.datetime | None:
    """When it is to leave; None for now."""
    typed = request.value("at").strip()
    if not typed:
        return None
    try:
        found = env.format.parse_datetime(typed)
    except ValueError:
        wrong.append(Invalid(None, "at", _("Choose a date and a time.")))
        return None
    if found < env.now - dt.timedelta(minutes=5):
        wrong.append(Invalid(None, "at", _("This moment has passed.")))
    return found


def _details(env: Env, request: Request, made: Writing) -> dict[str, Any]:
    """What only the channel understands: its switches, and further recipients of a formatted message, each a good address."""
    found: dict[str, Any] = {s.name: True for s in made.switches if request.value(s.name) == "1"}
    for name in ("cc", "bcc") if made.formatted else ():
        typed = [p.strip() for p in request.value(name).replace(";", ",").replace("،", ",").split(",") if p.strip()]
        good = [accounts.normal_of(env, made.channel, one) for one in typed[:50]]
        bad = next((one for one, address in zip(typed, good, strict=False) if not address), None)
        if bad is not None:
            raise ValidationFailed([Invalid(None, name, _("“{text}” is no address.", text=bad))])
        if good:
            found[name] = [["", address] for address in good]
    return found


def _sent(env: Env, request: Request, made: Writing, key: int) -> Response:
    row = env.query(MESSAGE).with_ids([key]).select("state", "reason", "due_at", "thread").rows(1)
    state, due = (row[0]["state"], row[0]["due_at"]) if row else ("", None)
    if state == BLOCKED:
        request.flash(env.t(_("It was not sent: {reason}", reason=row[0]["reason"] or "")), "warning")
    elif due is not None and due > env.now + dt.timedelta(minutes=2):
        request.flash(env.t(_("It is planned and leaves {when}.", when=env.format.datetime(due))))
    else:
        request.flash(env.t(_("The message is on its way.")))
    home = f"/x/messaging/thread/{row[0]['thread'].id}" if row and row[0]["thread"] is not None else "/x/messaging/inbox"
    return request.redirect(request.next_url(record_url(*made.about) if made.about else home))


# ---------------------------------------------------------------- the form
def _page(env: Env, request: Request, made: Writing, typed: dict[str, str], errors: dict[str, list[str]], warning: str) -> FormPage:
    fields = [*_who(env, request, made), *_text(env, request, made, typed)]
    later = [FieldView("at", env.t(_("Send at")), "datetime", request.value("at"), help=env.t(_("Empty: as soon as possible.")))]
    more = [*later, flag(env, request, "private", _("Private"), bool(made.answered and made.answered["private"]),
                         help=_("Only you, and people you share it with, see it.")),
            *(flag(env, request, s.name, s.label, help=s.help) for s in made.switches)]
    for view in (*fields, *more):
        view.errors = errors.pop(view.name, [])
    hidden = {"record": made.about[0], "id": str(made.about[1])} if made.about else {}
    hidden |= {"channel": made.channel.name, "next": request.next_url("")}
    if made.answered:
        hidden["answers"] = str(made.answered["id"])
    again = Action(env.t(_("Send anyway")), kind="submit", name="go", value="anyway", icon="send")
    send = Action(env.t(_("Send")), kind="submit", style="primary", name="go", value="1", icon="send", id="msg-send",
                  title=env.t(_("Ctrl+Enter")))
    use = Action(env.t(_("Use template")), kind="submit", style="quiet", name="do", value="template", id="msg-use-template")
    title = env.t(_("Reply by {channel}", channel=made.channel.label) if made.answered else _("New message: {channel}",
                                                                                           channel=made.channel.label))
    page = FormPage(title, URL, [Section("message", columns=1, fields=fields), Section("meter", html=_meter(env, request, made, typed)),
                                 Section("more", columns=2, fields=more, label=env.t(_("When and for whom")),
                                         collapsed=not any(f.errors or f.value for f in more))],
                    errors=[text for texts in errors.values() for text in texts], hidden=hidden, multipart=made.formatted,
                    icon=made.channel.icon, cancel_url=request.next_url("/x/messaging/inbox"),
                    actions=[send, *([again] if warning and request.posted and request.value("do") != "template" else []),
                             *([use] if made.templates else [])])
    page.draft_key = f"message:{made.channel.name}:{':'.join(map(str, made.about or ()))}:{made.answered['id'] if made.answered else ''}"
    if warning:
        page.warnings.append(Flash(warning, "warning"))
    if not made.accounts:
        page.warnings.append(Flash(env.t(_("There is no account for {channel} that you may write from.",
                                           channel=made.channel.label)), "warning"))
    return page


def _who(env: Env, request: Request, made: Writing) -> list[FieldView]:
    to = _to(request, made)
    found = []
    if made.recipients:
        options = [(r.address, _recipient_label(env, made, r)) for r in made.recipients] + [(OTHER, env.t(_("Somebody else…")))]
        chosen = to if any(to == r.address for r in made.recipients) else OTHER if to else made.recipients[0].address
        found.append(select(env, request, "recipient", _("To", context="message"), options, chosen))
        typed = text(env, request, "to", _("Number or address"), to if chosen == OTHER else "", dir="ltr", autocomplete="off")
        found.append(shown_when(typed, "recipient", OTHER))
    else:
        found.append(text(env, request, "to", _("To", context="message"), to, required=True, dir="ltr", autocomplete="off"))
    if made.formatted:
        copies = (("cc", _("Copy to"), _("Several with commas between them.")), ("bcc", _("Hidden copy to"), ""))
        found += [text(env, request, name, label, request.arg(name), dir="ltr", autocomplete="off", help=told) for name, label,
                  told in copies]
    account = composing.account_of(made, request.value_int("account") or None)
    if len(made.accounts) > 1:
        found.append(select(env, request, "account", _("From", context="message"), [(str(r["id"]),
                                                                                     _account_label(r)) for r in made.accounts],
                            str(account["id"]) if account else ""))
    elif account:
        found.append(FieldView("account", "", "hidden", str(account["id"])))
    return found


def _recipient_label(env: Env, made: Writing, one: Any) -> str:
    address = env.format.phone(one.address) if one.address.startswith("+") else one.address
    return env.t(_("{name} ({address})", name=one.name, address=f"\u2066{address}\u2069")) if one.name else f"\u2066{address}\u2069"


def _account_label(row: dict[str, Any]) -> str:
    return f"{row['name']} (\u2066{row['sender']}\u2069)" if row["sender"] else str(row["name"])


def _text(env: Env, request: Request, made: Writing, typed: dict[str, str]) -> list[FieldView]:
    found = []
    if made.templates:
        template = select(env, request, "template", _("Template"), [("", env.t(_("None"))), *((str(k), n) for k, n in made.templates)],
                          request.arg("template"), required=False)
        language = select(env, request, "language", _("Language"), [("", env.t(_("As the recipient prefers"))), *LANGUAGES.items()], "",
                          required=False)
        template.options = [o for o in template.options if o.value]
        template.placeholder = env.t(_("No template"))
        language.options = [o for o in language.options if o.value]
        language.placeholder = env.t(_("As the recipient prefers"))
        found += [template, language]
    if made.formatted:
        subject = request.arg("subject")[:255] or composing.reply_subject(made.answered)
        found.append(text(env, request, "subject", _("Subject"), subject, required=True, maxlength="255"))
    body = text(env, request, "body", _("Text"), request.arg("text")[:2000], "richtext" if made.formatted else "longtext", required=True,
                **({} if made.formatted else {"rows": "5"}))
    found.append(body)
    for view in found:
        if view.name in typed:
            view.value = typed[view.name]
    kind = select(env, request, "kind", _("Kind"), [(SERVICE, _("Service: about an order, a question, an appointment")),
                                                    (COMMERCIAL, _("Commercial: only to those who agreed"))], SERVICE)
    found.append(kind)
    if made.formatted:
        found.append(FieldView("file", env.t(_("Attachments")), "file", multiple=True))
        if made.files:
            chosen = request.values("files") if request.posted else request.arg("files").split(",")
            found.append(FieldView("files", env.t(_("Files of the record")), "multichoice", options=[
                Option(str(k), n, selected=str(k) in chosen) for k, n in made.files]))
    return found


def _meter(env: Env, request: Request, made: Writing, typed: dict[str, str]) -> Markup:
    to = _to(request, made)
    account = composing.account_of(made, request.value_int("account") or None)
    body = typed.get("body") or (request.value("body") if request.posted else request.arg("text"))
    told = composing.measure(env, made.channel, account, to, body, request.value("kind", SERVICE),
                             composing.with_opt_out(made.recipients, to).opted_out)
    where = with_query("/x/messaging/measure", {"channel": made.channel.name, **({"record": made.about[0], "id": str(made.about[1])}
                                                                               if made.about else {})})
    off = Markup(" hidden")
    return METER.format(where, told.parts, told.cost, told.level or "info", "" if told.consent else off, told.consent,
                        "" if told.waits else off, told.waits)


# ---------------------------------------------------------------- asked while typing
@pages.route("/measure", methods=("POST",))
def measure(env: Env, request: Request) -> Response:
    """Parts, cost and consent of what is being typed. Posted, for texts are in no log."""
    env.require("read", MESSAGE)
    made = composing.begin(env, request.arg("channel"), _about(request), None)
    to = _to(request, made)
    told = composing.measure(env, made.channel, composing.account_of(made, request.value_int("account") or None), to,
                             request.value("body"), request.value("kind", SERVICE), composing.with_opt_out(made.recipients, to).opted_out)
    return request.json({"parts": told.parts, "cost": told.cost, "consent": told.consent or told.problem,
                         "level": told.level or ("error" if told.problem else "info"), "waits": told.waits})


@pages.route("/compose/text", methods=("POST",))
def template_text(env: Env, request: Request) -> Response:
    """A template's text for the record that is written about."""
    env.require("read", MESSAGE)
    about = _about(request)
    if about is not None and (about[0] not in env.registry.records or not env.can("read", about[0])):
        raise NotFound
    found = composing.from_template(env, about, request.value_int("template"), request.value("language"))
    return request.json({"subject": found.subject, "body": found.html or found.text, "missing": missing_text(env, found)})
