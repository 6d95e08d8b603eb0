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
        owner, digest = request.kept["caller"].key, _digest(request)
        earlier = replay_begin(env, owner, key, digest)
        if earlier is not None:
            return _again(earlier, digest)
        response = view(env, request, **arguments)
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        replay_keep(env, owner, key, {"status": response.status_code, "body": response.get_data(as_text=True),
                                      "type": response.content_type, "headers": headers})
        return response
    return run


def _digest(request: Request) -> str:
    """What was asked, so that a key that is used for something else is found out."""
    parts = (request.method.encode(), request.full_path.encode(), request.raw.get_data())
    found = hashlib.sha256(b"\n".join(parts))
    for name, value in sorted(request.raw.form.items(multi=True)):  # of a form in parts the body was read already
        found.update(f"\n{name}\n{value}".encode())
    for name, file in request.raw.files.items(multi=True):
        found.update(f"\n{name}\n{file.filename}\n".encode())
        while piece := file.stream.read(1 << 16):
            found.update(piece)
        file.stream.seek(0)
    return found.hexdigest()


def _again(earlier: Any, digest: str) -> Response:
    if earlier.digest != digest:
        raise SarnakhError(_("This idempotency key was used for another request."))
    if earlier.answer is None:
        raise Conflict(_("The first request with this idempotency key is still being worked on."))
    kept = earlier.answer
    response = Response(kept["body"], kept["status"], content_type=kept["type"], headers=kept["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
