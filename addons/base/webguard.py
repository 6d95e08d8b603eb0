"""Forms that strangers fill in on web sites: the stamp, the guards, who may embed them. What a sending becomes is the addon's.

    stamp (signed moment + nonce)  ->  honeypot? too fast? too old? sent twice? too many?  ->  accepted, or quarantine

No captcha: people never notice the guards, and whatever is held back can be released. A form is a record with `token`, `name`,
`origins`, `redirect_url`, `consent`, `shown`, `needed` and `per_hour`; its sendings are records of another type with `form`,
`ip_hash`, `nonce`, `verdict`, `reason`, `summary` and `payload`, which `keep` writes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from core.api import Change, Env, F, Invalid, Message, NotFound, SarnakhError, ValidationFailed, _

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


def problems(records: Sequence[Any], reach: Collection[str]) -> Iterator[Invalid]:
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
        if not set(reach) & set(record.shown or ()):
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


def find(env: Env, record: str, token: str) -> Any:
    """The active form of a type with this token; NotFound otherwise."""
    with env.elevated("web form shown to a visitor") as sudo:
        found = sudo.query(record).where(F.active & (F.token == token[:64])).records(limit=1)
    if not found:
        raise NotFound(_("This form does not exist any more."))
    return found[0]


def embed_code(base_url: str, path: str, form: Any) -> str:
    """What goes into a web site's page."""
    title = (form.title or form.name).replace("&", "&amp;").replace('"', "&quot;")
    return (f'<iframe src="{base_url}{path}/{form.token}" title="{title}" '
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
    """What to tell the visitor: `state` is thanks, again (with `errors` by field and `message`) or too_many; `made`: the number
    of what was made."""

    state: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    message: str = ""
    made: int | None = None


@dataclass
class Sent:
    """One sending: cleaned values, where it came from, and its nonce."""

    form: Any
    values: dict[str, str]
    extra: dict[str, str]
    ip_hash: str
    nonce: str | None = None


class Maker(Protocol):
    """What an addon's form is for. `names`: all fields a form may ask for; `submission`: the record type of sendings; `extra`:
    further names that a page may send along."""

    submission: str
    names: Sequence[str]
    extra: Sequence[str]

    def make(self, sudo: Env, form: Any, values: Mapping[str, str], extra: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Make the record of an accepted sending: its number, and what its submission remembers of it."""
        ...

    def made(self, sudo: Env, form: Any, number: int) -> None:
        """After it was kept: events."""
        ...

    def summary(self, values: Mapping[str, str]) -> str:
        """Who sent it, in a line."""
        ...


def submit(env: Env, maker: Maker, form: Any, posted: Mapping[str, str], ip: str,
           attempt: Callable[[], AbstractContextManager[None]]) -> Answer:
    """Judge one sending of a form and accept it, or hold it back. `attempt` gives a savepoint."""
    values = {n: posted.get(n, "").strip()[:MOST_TEXT] for n in form.shown or () if n in maker.names}
    extra = {n: posted.get(n, "").strip()[:160] for n in maker.extra}
    if form.consent and posted.get("consent") == "1":
        extra["consent"] = form.consent
    sent = Sent(form, {n: v for n, v in values.items() if v}, extra, _digest(env, f"address {ip}")[:32])
    stamp = read_stamp(env, form, posted.get("stamp", ""))
    with env.elevated(f"web form “{form.name}”") as sudo:
        recent = sudo.query(maker.submission).where(
            (F.form == form.id) & (F.ip_hash == sent.ip_hash) & (F.created_at > env.now - dt.timedelta(hours=1)))
        count = recent.count(cap=form.per_hour * 2)
        if count >= form.per_hour:
            if count < form.per_hour * 2:
                keep(sudo, maker, sent, "too_many", sudo.t(_("Too many from one address")))
            return Answer("too_many", message=env.t(_("Too many messages from your network. Please try again in an hour.")))
        spam = _suspicion(env, stamp, posted)
        if stamp is not None and env.now - stamp[0] > OLDEST and not spam:
            again = _("This page was open for long. Please check your entries and send again.")
            return Answer("again", message=env.t(again))
        sent.nonce = stamp[1] if stamp else None
        if sent.nonce and sudo.query(maker.submission).where(F.nonce == sent.nonce).exists():
            return Answer("thanks")
        if spam:
            keep(sudo, maker, sent, "spam", sudo.t(spam))
            return Answer("thanks")
        return _accept(env, sudo, maker, sent, attempt)


def _suspicion(env: Env, stamp: tuple[dt.datetime, str] | None, posted: Mapping[str, str]) -> Message | None:
    if posted.get(TRAP, ""):
        return _("Filled in the field that people do not see")
    if stamp is None:
        return _("Without a genuine stamp")
    if env.now - stamp[0] < FASTEST:
        return _("Faster than people write")
    return None


def _accept(env: Env, sudo: Env, maker: Maker, sent: Sent, attempt: Callable[[], AbstractContextManager[None]]) -> Answer:
    errors = {n: [env.t(_("Please fill this in."))] for n in sent.form.needed or () if n not in sent.values}
    if sent.form.consent and "consent" not in sent.extra:
        errors["consent"] = [env.t(_("We need your consent."))]
    if errors:
        return Answer("again", errors)
    try:
        with attempt():
            number, more = maker.make(sudo, sent.form, sent.values, sent.extra)
    except ValidationFailed as failed:
        found = {n or "": [env.t(m) for m in messages] for n, messages in failed.by_field().items()}
        hidden = [m for n, messages in found.items() if n not in sent.form.shown for m in messages]
        return Answer("again", {n: m for n, m in found.items() if n in sent.form.shown}, " ".join(hidden))
    keep(sudo, maker, sent, "accepted", "", more)
    maker.made(sudo, sent.form, number)
    return Answer("thanks", made=number)


def keep(sudo: Env, maker: Maker, sent: Sent, verdict: str, reason: str, more: Mapping[str, Any] | None = None) -> None:
    """Remember a sending: those that were accepted without their text, which their record has."""
    sudo.create(maker.submission, {
        "form": sent.form.id, "verdict": verdict, "reason": reason[:255] or None, "summary": maker.summary(sent.values)[:255] or None,
        "ip_hash": sent.ip_hash, "nonce": sent.nonce, "payload": None if more else {"values": sent.values, "extra": sent.extra},
        **(more or {})})


def release(env: Env, maker: Maker, form_record: str, records: Sequence[Any]) -> None:
    """Accept sendings that were held back wrongly; the actor must see their forms. The caller asks for the right to make of them
    what they become."""
    forms = {f.id: f for f in env.browse(form_record, {r.form.id for r in records})}
    with env.elevated("submissions released from the quarantine of web forms") as sudo:
        for record in records:
            form, payload = forms.get(record.form.id), record.payload or {}
            if form is None:
                raise SarnakhError(_("You may not see the form of “{name}”.", name=record.summary or f"#{record.id}"))
            _number, more = maker.make(sudo, form, payload.get("values", {}), payload.get("extra", {}))
            sudo.update(maker.submission, record.id, {**more, "verdict": "released", "payload": None})
