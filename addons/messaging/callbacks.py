"""Providers that call us: found by the secret in the address, believed as far as their signature goes."""

from __future__ import annotations

import hmac

from core.api import Env, F
from core.web_api import Gate, Request

from . import accounts, receiving, reporting
from .contract import CALLBACK, STATUS, Call, Forged, Incoming, Report

CALLS = Gate(3000)
MOST = 100


def call_of(request: Request) -> Call:
    """A request as providers get it."""
    raw = request.raw
    body = raw.get_data(cache=True)
    return Call(raw.method, raw.url, {k.lower(): v for k, v in raw.headers.items()}, raw.args.to_dict(), raw.form.to_dict(), body,
                raw.get_json(silent=True) if raw.is_json else None)


def called(env: Env, token: str, call: Call) -> str | None:
    """Take over what a provider tells; what it is answered, or None when there is no such address or the call is forged."""
    if not 20 <= len(token) <= 64:
        return None
    with env.elevated("a provider calls") as sudo:
        found = accounts.rows(sudo, None, F.active & (F.token == token))
        if not found or not hmac.compare_digest(found[0]["token"], token):
            return None
        row = found[0]
        provider = accounts.provider_of(sudo, row)
        if provider is None or CALLBACK not in provider.can:
            return None
        account = accounts.opened(sudo, row)
        try:
            told = provider.callback(account, call)
        except Forged:
            sudo.installation.log.warning("forged call of a provider", account=row["id"], provider=row["provider"])
            return None
        finally:
            account.http.close()
        reports = [one for one in told if isinstance(one, Report)]
        if reports and not provider.signed and STATUS in provider.can:
            sudo.enqueue("messaging.verify", {"account": row["id"], "ids": [one.id for one in reports if one.id][:MOST]})
        else:
            reporting.apply(sudo, row["id"], reports)
        receiving.receive(sudo, row, [one for one in told if isinstance(one, Incoming)])
        return provider.answer(account, call)
