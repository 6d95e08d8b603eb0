"""Codes by SMS: made, sent, and compared.

A code has six digits, is kept as a slow salted digest, holds five minutes and five tries, and is good once. How many are sent is
limited by person, network address and range of numbers: whoever asks for codes costs us money (and earns some, with numbers of a
kind that pays for being called). Nothing an outsider gets to see depends on whether a person has a number: neither answers, nor
limits, nor the time that a comparison takes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from addons.messaging.queueing import Draft, queue
from core.api import Env, F, Message, SarnakhError, _, forget, latin_digits

from . import setup

NUMBER, REQUEST, TOPIC = "sms.code_number", "sms.code_request", "sms.send_code"
SIGN_IN, CONFIRM = "sign_in", "confirm"
DIGITS, TRIES, MINUTES = 6, 5, 5
HOUR, KEPT = dt.timedelta(hours=1), dt.timedelta(days=1)
PER_PERSON, PER_ADDRESS, PER_RANGE = 5, 20, 20
"""Most codes an hour."""
RANGE = 4
"""Numbers that differ in their last digits only are one range."""
TOO_MANY = _("Too many codes were asked for. Try again in an hour, or use another way.")
_NOTHING = "00" * 16


# ---------------------------------------------------------------- asking for one
def ask(env: Env, user: int, purpose: str, ip: str) -> None:
    """Have a code sent soon, by a job: the request is the same for everybody. SarnakhError when too many were asked for."""
    lately = env.query(REQUEST).where(F.at > env.now - HOUR)
    if lately.where(F.user == user).count(PER_PERSON) >= PER_PERSON or (
            ip and lately.where(F.address == ip[:64]).count(PER_ADDRESS) >= PER_ADDRESS):
        raise SarnakhError(TOO_MANY)
    request = env.create(REQUEST, {"user": user, "at": env.now, "address": ip[:64] or None})
    env.enqueue(TOPIC, {"user": user, "purpose": purpose, "request": request})


def send(env: Env, user: int, purpose: str, request: int) -> bool:
    """Make a code and queue it; False when the person has no number, or its range had too many. One job at a time does this, so
    that the limits hold whatever is asked for at once."""
    lately = env.query(REQUEST).where(F.at > env.now - HOUR)
    before = lately.where((F.user == user) & (F.id < request)).count(PER_PERSON)
    rows = env.query(NUMBER).where(F.user == user).records("number", "pending", limit=1)
    to = (rows[0].pending if purpose == CONFIRM else rows[0].number) if rows else None
    if not to or before >= PER_PERSON:
        return False
    begin = to[:-RANGE]
    if lately.where(F.prefix == begin).count(PER_RANGE) >= PER_RANGE:
        env.installation.log.warning("too many codes to a range of numbers", range=begin)
        return False
    env.derive(REQUEST, {request: {"prefix": begin}})
    code = f"{secrets.randbelow(10 ** DIGITS):0{DIGITS}}"
    env.derive(NUMBER, {rows[0].id: {"digest": _digest(code, purpose, secrets.token_hex(16)), "purpose": purpose, "tries": 0,
                                     "expires_at": env.now + dt.timedelta(minutes=MINUTES)}})
    queue(env, [_draft(env, to, user, code)])
    return True


def _draft(env: Env, to: str, user: int, code: str) -> Draft:
    """The message: as the approved text that the settings name, else in plain words."""
    lang = str(env.get("base.user", user, "language").language)
    text = _("Your code is {code}. It is good for {minutes} minutes. Tell it to nobody.", code=code, minutes=MINUTES)
    chosen = setup.chosen(env)
    approved = {"template": chosen.template, "parameters": {chosen.parameter: code}} if chosen.template else {}
    return Draft("sms", to, env.installation.catalogs.translate(text, lang), account=chosen.account, kind="code", private=True,
                 automatic=True, language=lang, **approved)  # type: ignore[arg-type]


# ---------------------------------------------------------------- comparing
def right(env: Env, user: int, purpose: str, typed: str) -> bool:
    """Whether it is the code that was sent last, for this purpose; it is worth nothing afterwards. Each try is counted before it is
    looked at, and of two at the same moment one is refused."""
    code = "".join(latin_digits(typed).split())[:20]
    rows = env.query(NUMBER).where(F.user == user).records("digest", "purpose", "expires_at", "tries", limit=1)
    row = rows[0] if rows else None
    stored = row.digest if row is not None and row.digest and row.purpose == purpose else ""
    same = hmac.compare_digest(_digest(code, purpose, stored.partition("$")[0] or _NOTHING), stored)
    if row is None or not stored or row.tries >= TRIES or row.expires_at < env.now:
        return False
    mine = env.claim(env.query(NUMBER).with_ids([row.id]).where((F.tries == row.tries) & (F.digest == stored)),
                     {"tries": row.tries + 1, "digest": None if same else stored})
    return bool(mine) and same


def _digest(code: str, purpose: str, salt: str) -> str:
    made = hashlib.scrypt(f"{purpose}:{code}".encode(), salt=bytes.fromhex(salt), n=1 << 12, r=8, p=1, dklen=32)
    return f"{salt}${made.hex()}"


# ---------------------------------------------------------------- numbers
def note(env: Env, user: int, number: str) -> None:
    """A number that somebody wants to use; it counts when they confirm it."""
    known = env.query(NUMBER).where(F.user == user).ids(limit=1) or [env.create(NUMBER, {"user": user})]
    env.derive(NUMBER, {known[0]: {"pending": number, "digest": None}})


def confirm(env: Env, user: int) -> None:
    """The number that waited is theirs."""
    row = env.query(NUMBER).where(F.user == user).records("pending", limit=1)[0]
    env.derive(NUMBER, {row.id: {"number": row.pending, "pending": None, "confirmed_at": env.now}})


def number_of(env: Env, user: int) -> str:
    """The confirmed number of somebody, "" when there is none."""
    rows = env.query(NUMBER).where(F.user == user).select("number").rows(1)
    return str(rows[0]["number"] or "") if rows else ""


def forget_number(env: Env, user: int) -> None:
    """No number, no code."""
    empty = dict.fromkeys(("number", "pending", "digest", "purpose", "confirmed_at", "expires_at"))
    env.derive(NUMBER, dict.fromkeys(env.query(NUMBER).where(F.user == user).ids(), empty))


def sweep(env: Env) -> int:
    """Requests of yesterday are counted no more."""
    return forget(env, REQUEST, F.at < env.now - KEPT)


def refusal(error: ValueError) -> SarnakhError:
    """Why a number cannot be used, as people are told."""
    reason = error.args[0] if error.args else ""
    return SarnakhError(reason if isinstance(reason, Message) else _("This is no address."))
