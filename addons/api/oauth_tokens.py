"""Codes and tokens of applications: kept as digests, used once, ended together."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import Any

from core.api import AccessDenied, Env, F, Job, NotFound, _, forget
from core.web_api import Request

from . import tokens, tokens_memory
from .oauth_rules import CLIENT, CONSENT, COUNTER, CREDENTIAL
from .rest_auth import Caller, refused

MARK, REFRESH_MARK = "sno_", "snr_"
LIVES = {"code": dt.timedelta(minutes=5), "access": dt.timedelta(hours=1), "refresh": dt.timedelta(days=60)}
PATHS = ("consent", "consent.client", "consent.user", "consent.revoked_at", "consent.client.active", "consent.client.name",
         "consent.last_used_at", "kind", "family", "scopes", "expires_at", "used_at", "redirect", "challenge")


def issue(sudo: Env, kind: str, consent: int, scopes: Iterable[str], family: str, *, text: str = "", **more: Any) -> str:
    """A new code or token (`text`: one that was made already), for the only time in the clear."""
    text = text or {"access": MARK, "refresh": REFRESH_MARK}[kind] + secrets.token_urlsafe(36)
    sudo.create(CREDENTIAL, {"kind": kind, "consent": consent, "digest": tokens.digest(text), "family": family, "scopes": list(scopes),
                             "expires_at": sudo.now + LIVES[kind], **more})
    return text


def find(sudo: Env, text: str, *kinds: str) -> dict[str, Any] | None:
    """What is known of a code or token that is not cut off; used and outlived ones are found, too."""
    rows = sudo.query(CREDENTIAL).holding("digest", [tokens.digest(text)]).select(*PATHS).rows(1) if text else []
    if not rows or (kinds and rows[0]["kind"] not in kinds) or rows[0]["consent.revoked_at"] or not rows[0]["consent.client.active"]:
        return None
    return rows[0]


def use(sudo: Env, row: dict[str, Any]) -> bool:
    """Use up a code or refresh token; False when it was used before. Then somebody has a copy of it, and all that came of it ends."""
    if row["expires_at"] <= sudo.now:
        return False
    if sudo.claim(sudo.query(CREDENTIAL).with_ids([row["id"]]).where(F.used_at.is_null()), {"used_at": sudo.now}):
        return True
    again = sudo.query(CREDENTIAL).with_ids([row["id"]]).where(~F.used_at.is_null()).exists()
    if again:  # else another request uses it at this very moment, which is no theft
        end_family(sudo, row["family"])
        sudo.log("oauth_reuse", record=CONSENT, record_id=row["consent"].id)
    return False


def end_family(sudo: Env, family: str) -> None:
    """End all tokens that came of one code."""
    _end(sudo, sudo.query(CREDENTIAL).where(F.family == family))


def _end(sudo: Env, which: Any) -> None:
    ids = which.archived(None).ids()
    if ids:
        sudo.derive(CREDENTIAL, dict.fromkeys(ids, {"expires_at": sudo.now, "used_at": sudo.now}))
    sudo.changed(COUNTER)


def consent_for(sudo: Env, client: int, user: int, scopes: Iterable[str]) -> int:
    """The line that says that a person let an application in; a new one when there is none that counts."""
    live = sudo.query(CONSENT).where((F.client == client) & (F.user == user) & F.revoked_at.is_null()).order("id").select("scopes").rows(1)
    asked = sorted(scopes)
    if live:
        wider = sorted({*(live[0]["scopes"] or ()), *asked})
        if wider != sorted(live[0]["scopes"] or ()):
            sudo.update(CONSENT, live[0]["id"], {"scopes": wider})
        return int(live[0]["id"])
    made: int = sudo.create(CONSENT, {"client": client, "user": user, "scopes": asked})
    return made


def cut_off(env: Env, consent: int) -> None:
    """End what an application was given, at once and everywhere: by the person themselves, or by who looks after applications."""
    row = env.get(CONSENT, consent, "user", "revoked_at")
    if row.user is None or (row.user.id != env.actor.id and not env.can("update", CLIENT)) or env.actor.bounds is not None:
        raise AccessDenied(_("Only people themselves cut off what they connected."))
    if row.revoked_at is not None:
        raise NotFound
    with env.elevated("an application is cut off") as sudo:
        sudo.update(CONSENT, consent, {"revoked_at": env.now})
        _end(sudo, sudo.query(CREDENTIAL).where(F.consent == consent))
    env.log("oauth_cut_off", record=CONSENT, record_id=consent)


def verify(env: Env, request: Request, token: str) -> Caller | None:
    """Who a token of an application acts for; None when it is none, `Unauthorised` when it is not good (any more)."""
    if not token.startswith(MARK):
        return None
    held = tokens.digest(token)
    row = tokens_memory.known(env, CREDENTIAL, COUNTER, held, lambda trusted: find(trusted, token, "access"))
    if row is None or row["expires_at"] <= env.now:
        raise refused(_("This token is unknown, was revoked, or has run out."))
    tokens_memory.used(env, request, held, row["consent.last_used_at"], CONSENT, row["consent"].id)
    return Caller(row["consent.user"].id, frozenset(row["scopes"] or ()), f"application {row['consent'].id}", row["consent.client.name"])


def forget_old(env: Env, work: Job) -> dict[str, int]:
    """Delete what ran out. Used refresh tokens stay until then: whoever shows one again gives a theft away."""
    return {"gone": forget(env, CREDENTIAL, F.expires_at < env.now - dt.timedelta(days=1), work)}
