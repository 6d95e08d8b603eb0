"""The public addresses in mails that tell of opening and of pressed links."""

from __future__ import annotations

import base64

from addons.messaging.choices import MESSAGE
from core.api import Env, NotFound
from core.web_api import Gate, Request, Response

from . import tracking
from .routes import pages

PICTURE = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
CALLS = Gate(600)


@pages.route("/o/<token>.gif", public=True, csrf=False, writes=True)
def opened(env: Env, request: Request, token: str) -> Response:
    """The picture, whoever asks; that a person read the mail is kept."""
    if CALLS.lets_in(request.ip or ""):
        key = tracking.opened(env, token, tracking.is_machine(request.raw.method, dict(request.raw.headers)))
        if key is not None:
            request.count(MESSAGE, "opens", key)
    response = request.text("")
    response.set_data(PICTURE)
    response.content_type = "image/gif"
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.route("/c/<token>", public=True, csrf=False, writes=True)
def clicked(env: Env, request: Request, token: str) -> Response:
    """On to where a link leads: only there, for its target is signed."""
    if not CALLS.lets_in(request.ip or ""):
        return request.text("", 429)
    target, key = tracking.clicked(env, token, tracking.is_machine(request.raw.method, dict(request.raw.headers)))
    if any(c in target for c in "\r\n\0"):
        raise NotFound
    if key is not None:
        request.count(MESSAGE, "clicks", key)
    response = request.text("", 303)
    response.headers["Location"] = target
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
