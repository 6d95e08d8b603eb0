"""The OpenAPI 3.1 document: made from the registry for whoever asks, kept until definitions or rights change."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from core.api import Env, _

from .openapi_paths import general_paths, record_paths
from .openapi_schemas import common, record_schemas
from .rest_meta import types_of

SCHEMES: dict[str, dict[str, Any]] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of a person or an integration."}}
"""The ways to be known; a part that adds another way puts it here."""


def document(env: Env) -> dict[str, Any]:
    """The document for the acting person: types, fields and operations that they have no right to are not in it."""
    records = types_of(env)
    schemas, paths = common(env), general_paths(env, records)
    for record in records:
        schemas.update(record_schemas(env, record))
        paths.update(record_paths(env, record))
    public = env.installation.settings.server.public_url.rstrip("/")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sarnakh", "version": "1", "description": env.t(_("Records of this installation, as far as you may see them."))},
        "servers": [{"url": f"{public}/api/v1"}], "security": [{name: []} for name in SCHEMES],
        "tags": [{"name": "general"}, *({"name": r, "description": env.t(env.registry.record(r).plural)} for r in records)],
        "paths": {(path or "/"): item for path, item in paths.items()},
        "components": {"schemas": schemas, "securitySchemes": SCHEMES}}


def text(env: Env) -> tuple[str, str]:
    """The document as JSON and its digest. Those with the same rights share one text in memory."""
    slot = env.registry.memo.slot(("openapi", env.actor.id, env.actor.bounds, env.lang), env.actor)
    if "text" not in slot:
        made = json.dumps(document(env), ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(made.encode()).hexdigest()[:24]
        texts = env.registry.memo.slot(("openapi texts",), None)
        slot["text"] = texts.setdefault(digest, made), digest
    return slot["text"]  # type: ignore[no-any-return]
