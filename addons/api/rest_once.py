"""`Idempotency-Key`: a write that is sent again under the same key is done once, and answered as it was the first time.

The answer is kept for a day in the transaction of the write. What was refused is not kept: it may be mended and sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from core.api import Conflict, Env, SarnakhError, _, replay_begin, replay_keep
from core.web_api import BadRequest, Request, Response

View = Callable[..., Response]
KEPT = ("Location", "ETag", "Preference-Applied")
LONGEST = 200


def once(view: View) -> View:
    """Let the calls of a view that carry a key be done once."""
    @wraps(view)
    def run(env: Env, request: Request, **arguments: Any) -> Response:
        key = request.raw.headers.get("Idempotency-Key", "").strip()
        if not key:
            return view(env, request, **arguments)
        if len(key) > LONGEST:
            raise BadRequest(_("An idempotency key has at most {count} characters.", count=LONGEST))
        owner = request.kept["caller"].key
        earlier = replay_begin(env, owner, key, _digest(request))
        if earlier is not None:
            return _again(request, earlier)
        response = view(env, request, **arguments)
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        replay_keep(env, owner, key, {"status": response.status_code, "body": response.get_data(as_text=True),
                                      "type": response.content_type, "headers": headers})
        return response
    return run


def _digest(request: Request) -> str:
    """What was asked, so that a key that is used for something else is found out."""
    parts = (request.method.encode(), request.full_path.encode(), request.raw.get_data())
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def _again(request: Request, earlier: Any) -> Response:
    if earlier.digest != _digest(request):
        raise SarnakhError(_("This idempotency key was used for another request."))
    if earlier.answer is None:
        raise Conflict(_("The first request with this idempotency key is still being worked on."))
    kept = earlier.answer
    response = Response(kept["body"], kept["status"], content_type=kept["type"], headers=kept["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
