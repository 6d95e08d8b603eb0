"""Pages of messaging, and the secret addresses that providers call."""

from __future__ import annotations

from core.api import Env, NotFound
from core.web_api import Pages, Request, Response

from . import callbacks

pages = Pages("messaging")


@pages.route("/in/<token>", methods=("GET", "POST"), public=True, csrf=False, writes=True, max_bytes=1 << 20)
def incoming(env: Env, request: Request, token: str) -> Response:
    """A provider reports, or brings a message. The address is secret; who does not know it learns nothing."""
    if not callbacks.CALLS.lets_in(request.ip or ""):
        return request.text("", 429)
    answer = callbacks.called(env, token, callbacks.call_of(request))
    if answer is None:
        raise NotFound
    response = request.text(answer)
    if answer.startswith("<"):
        response.content_type = "text/xml; charset=utf-8"  # as plain text some providers send it on to the person
    return response
