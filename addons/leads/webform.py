"""Web-to-lead: what a visitor's form asks for, and how what comes back is judged before it becomes a raw lead.

    stamp (signed moment + nonce)  ->  honeypot? too fast? too old? sent twice? too many?  ->  lead, or quarantine

No captcha: people never notice the guards, and whatever is held back can be released by a manager.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.api import Change, Env, F, Invalid, Message, NotFound, SarnakhError, ValidationFailed, _, n_

FIELDS = [
    ("first_name", _("First name")), ("last_name", _("Last name")), ("company", _("Company")), ("job_title", _("Job title")),
    ("email", _("E-mail")), ("mobile", _("Mobile")), ("phone", _("Phone")), ("website", _("Website")), ("city", _("City")),
    ("industry", _("Industry")), ("employees", _("Employees")), ("description", _("Message")),
]
_NAMES = tuple(name for name, _label in FIELDS)
_REACH = frozenset({"email", "mobile", "phone"})
TRAP = "homepage_url"
"""The honeypot: people do not see it, programs fill it in."""

FASTEST = dt.timedelta(seconds=3)
OLDEST = dt.timedelta(hours=24)
MOST_TEXT = 5000
MOST_ORIGINS = 20


# ---------------------------------------------------------------- the form itself
def give_tokens(change: Change) -> None:
    """An unguessable address for each new form."""
    if change.action == "create":
        for record in change.records:
            change.set(record, "token", secrets.token_urlsafe(18))


def problems(records: Sequence[Any]) -> Iterator[Invalid]:
    """What is wrong with forms: sites that are no origins, nothing by which a person could be reached."""
    for record in records:
        lines = [line.strip() for line in (record.origins or "").splitlines() if line.strip()]
        if len(lines) > MOST_ORIGINS:
            yield Invalid(record, "origins", _("At most {count} sites.", count=MOST_ORIGINS))
        for line in lines:
            if not origin_of(line) or line.rstrip("/").count("/") != 2 or "@" in line:
                yield Invalid(record, "origins", _("“{line}” is not a site such as https://www.example.com.", line=line[:100]))
        if record.redirect_url and not origin_of(record.redirect_url):
            yield Invalid(record, "redirect_url", _("This is not a web address."))
        if not _REACH & set(record.shown or ()):
            yield Invalid(record, "shown", _("Ask for an e-mail address or a phone number."))
        if set(record.needed or ()) - set(record.shown or ()):
            yield Invalid(record, "needed", _("A required field must be among the fields."))


def origin_of(url: str) -> str:
    """Scheme and host of a web address ("" when it has none); nothing that could break out of a header."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or not all(c.isalnum() or c in ".-" for c in host):
        return ""
    return f"{parts.scheme}://{host}{port}"


def origins(form: Any) -> list[str]:
    """The sites that may embed a form."""
    return [o for o in (origin_of(line) for line in (form.origins or "").splitlines()) if o]


def policy(form: Any) -> str:
    """The content security policy of the form's page: framed by the allowed sites, sends to us and the thank-you page."""
    targets = " ".join(["'self'", *([origin_of(form.redirect_url)] if form.redirect_url else [])])
    frames = " ".join(["'self'", *origins(form)])
    return ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            f"connect-src 'self'; base-uri 'none'; object-src 'none'; form-action {targets}; "
            f"frame-ancestors {frames}")


def find(env: Env, token: str) -> Any:
    """The active form with this token; NotFound otherwise."""
    with env.elevated("web form shown to a visitor") as sudo:
        found = sudo.query("leads.web_form").where(F.active & (F.token == token[:64])).records(limit=1)
    if not found:
        raise NotFound(_("This form does not exist any more."))
    return found[0]


def embed_code(base_url: str, form: Any) -> str:
    """What goes into a web site's page."""
    title = (form.title or form.name).replace("&", "&amp;").replace('"', "&quot;")
    return (f'<iframe src="{base_url}/x/leads/form/{form.token}" title="{title}" '
            'style="width:100%;max-width:640px;height:760px;border:0" loading="lazy"></iframe>')


# ---------------------------------------------------------------- the stamp
def make_stamp(env: Env, form: Any) -> str:
    """The moment and a nonce, signed for this form."""
    body = f"{int(env.now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{body}.{_sign(env, form, body)}"


def read_stamp(env: Env, form: Any, text: str) -> tuple[dt.datetime, str] | None:
    """(moment, nonce) of a genuine stamp of this form, else None."""
    body, _dot, mac = text[:200].rpartition(".")
    moment, _dot, nonce = body.partition(".")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12 or \
            not hmac.compare_digest(mac.encode(), _sign(env, form, body).encode()):
        return None
    return dt.datetime.fromtimestamp(int(moment), dt.UTC), nonce


def _sign(env: Env, form: Any, body: str) -> str:
    return _digest(env, f"web form {form.token} {body}")[:32]


def _digest(env: Env, text: str) -> str:
    key = env.installation.secrets.session_key.encode()
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


# ---------------------------------------------------------------- judging
@dataclass
class Answer:
    """What to tell the visitor: `state` is thanks, again (with `errors` by field and `message`) or too_many."""

    state: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    message: str = ""
    lead: int | None = None


@dataclass
class _Sent:
    """One sending: cleaned values, where it came from, and the verdict so far."""

    form: Any
    values: dict[str, str]
    extra: dict[str, str]
    ip_hash: str
    nonce: str | None = None


def submit(env: Env, form: Any, posted: Mapping[str, str], ip: str,
           attempt: Callable[[], AbstractContextManager[None]]) -> Answer:
    """Judge one sending of a form and make a raw lead of it, or hold it back. `attempt` gives a savepoint."""
    values = {n: posted.get(n, "").strip()[:MOST_TEXT] for n in form.shown or () if n in _NAMES}
    extra = {n: posted.get(n, "").strip()[:160] for n in ("campaign", "detail")}
    sent = _Sent(form, {n: v for n, v in values.items() if v}, extra, _digest(env, f"address {ip}")[:32])
    stamp = read_stamp(env, form, posted.get("stamp", ""))
    with env.elevated(f"web form “{form.name}”") as sudo:
        recent = sudo.query("leads.submission").where(
            (F.form == form.id) & (F.ip_hash == sent.ip_hash) & (F.created_at > env.now - dt.timedelta(hours=1)))
        count = recent.count(cap=form.per_hour * 2)
        if count >= form.per_hour:
            if count < form.per_hour * 2:
                _keep(sudo, sent, "too_many", sudo.t(_("Too many from one address")))
            return Answer("too_many", message=env.t(_("Too many messages from your network. Please try again in an hour.")))
        spam = _suspicion(env, stamp, posted)
        if stamp is not None and env.now - stamp[0] > OLDEST and not spam:
            again = _("This page was open for long. Please check your entries and send again.")
            return Answer("again", message=env.t(again))
        sent.nonce = stamp[1] if stamp else None
        if sent.nonce and sudo.query("leads.submission").where(F.nonce == sent.nonce).exists():
            return Answer("thanks")
        if spam:
            _keep(sudo, sent, "spam", sudo.t(spam))
            return Answer("thanks")
        return _accept(env, sudo, sent, attempt)


def _suspicion(env: Env, stamp: tuple[dt.datetime, str] | None, posted: Mapping[str, str]) -> Message | None:
    if posted.get(TRAP, ""):
        return _("Filled in the field that people do not see")
    if stamp is None:
        return _("Without a genuine stamp")
    if env.now - stamp[0] < FASTEST:
        return _("Faster than people write")
    return None


def _accept(env: Env, sudo: Env, sent: _Sent, attempt: Callable[[], AbstractContextManager[None]]) -> Answer:
    errors = {n: [env.t(_("Please fill this in."))] for n in sent.form.needed or () if n not in sent.values}
    if errors:
        return Answer("again", errors)
    try:
        with attempt():
            lead = _make_lead(sudo, sent.form, sent.values, sent.extra)
    except ValidationFailed as failed:
        found = {n or "": [env.t(m) for m in messages] for n, messages in failed.by_field().items()}
        hidden = [m for n, messages in found.items() if n not in sent.form.shown for m in messages]
        return Answer("again", {n: m for n, m in found.items() if n in sent.form.shown}, " ".join(hidden))
    _keep(sudo, sent, "accepted", "", lead)
    sudo.emit("leads.web_lead", {"lead": lead, "form": sent.form.id})
    return Answer("thanks", lead=lead)


def _make_lead(sudo: Env, form: Any, values: Mapping[str, str], extra: Mapping[str, str]) -> int:
    return int(sudo.create("leads.lead", {
        **values, "status": "raw", "owner": form.owner.id, "source": form.source.id if form.source else None,
        "source_detail": extra.get("detail") or form.name, "campaign": extra.get("campaign") or form.campaign,
        "first_touch_channel": "web", "preferred_language": form.language}, source="web form"))


def _keep(sudo: Env, sent: _Sent, verdict: str, reason: str, lead: int | None = None) -> None:
    """Remember a sending: those that became leads without their text, which the lead has."""
    who = [sent.values.get(n, "") for n in ("first_name", "last_name", "company", "email", "mobile", "phone")]
    sudo.create("leads.submission", {
        "form": sent.form.id, "lead": lead, "verdict": verdict, "reason": reason[:255] or None,
        "summary": " ".join(w for w in who if w)[:255] or None, "ip_hash": sent.ip_hash, "nonce": sent.nonce,
        "payload": None if lead else {"values": sent.values, "extra": sent.extra}})


def release(env: Env, records: Sequence[Any]) -> Message:
    """Make leads of sendings that were held back wrongly."""
    env.require("create", "leads.lead")
    forms = {f.id: f for f in env.browse("leads.web_form", {r.form.id for r in records})}
    with env.elevated("submissions released from the quarantine of web forms") as sudo:
        for record in records:
            form, payload = forms.get(record.form.id), record.payload or {}
            if form is None:
                raise SarnakhError(_("You may not see the form of “{name}”.", name=record.summary or f"#{record.id}"))
            lead = _make_lead(sudo, form, payload.get("values", {}), payload.get("extra", {}))
            sudo.update("leads.submission", record.id, {"lead": lead, "verdict": "released", "payload": None})
    return n_("{count} lead made.", "{count} leads made.", len(records))
