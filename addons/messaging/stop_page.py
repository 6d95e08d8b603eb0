"""The public page on which somebody withdraws consent; mail programs post to it without showing it (RFC 8058)."""

from __future__ import annotations

from core.api import Env, _
from core.web_api import Request, Response

from . import accounts, consents, purposes, unsubscribing


def show(env: Env, request: Request, token: str) -> Response:
    """What one would withdraw; a POST withdraws it. A one-click POST needs nothing but the link."""
    wish = unsubscribing.read(env, token)
    done = False
    if request.posted:
        unsubscribing.withdraw(env, wish, all_purposes=request.value("what") == "all")
        done = True
        if request.value("List-Unsubscribe") == "One-Click":
            return request.text(env.t(_("You will get no more of these messages.")))
    channel = accounts.channels(env).get(wish.channel)
    purpose = purposes.names(env, [wish.purpose or consents.ALL])[wish.purpose or consents.ALL]
    response = request.render("messaging/stop.html", None, title=env.t(_("No more messages")), address=wish.address,
                              channel=env.t(channel.label) if channel else wish.channel, purpose=purpose, single=bool(wish.purpose),
                              done=done)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
