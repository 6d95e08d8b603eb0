"""The document over the API, and for people in the product."""

from __future__ import annotations

from core.api import Env
from core.web_api import Request, Response

from .openapi_document import text
from .rest_pages import VERSION, api, known_parameters


@api.route(f"{VERSION}/openapi.json")
def openapi(env: Env, request: Request) -> Response:
    """The document for the caller."""
    known_parameters(request)
    return answer_document(env, request)


def answer_document(env: Env, request: Request) -> Response:
    """The document, or that it is the one the reader has."""
    found, digest = text(env)
    tag = f'"{digest}"'
    if tag in request.raw.headers.get("If-None-Match", ""):
        return Response(b"", 304, headers={"ETag": tag})
    return Response(found, content_type="application/json", headers={"ETag": tag, "Cache-Control": "private, no-cache"})
