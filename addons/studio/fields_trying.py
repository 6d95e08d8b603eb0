"""Trying an expression on real records while it is written: for scripts, which ask for JSON. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.api import Env, ExpressionError, SarnakhError, _, n_, preview, to_python
from core.web_api import Request, Response, record_url

from .site import pages
from .types_info import known_type, many

MOST_LETTERS = 4000
SHOWN = 5


@pages.route("/types/<record>/try", area="layouts")
def trying(env: Env, request: Request, record: str) -> Response:
    """What a formula, roll-up, default or rule comes to, or what is wrong with it and where."""
    rtype = known_type(env, record)
    kind, text = request.arg("kind"), request.arg("text")[:MOST_LETTERS].strip()
    asked = {name: request.arg(name)[:MOST_LETTERS].strip() for name in ("result", "children", "operation", "rolled", "where")}
    if not text and not (kind == "rollup" and asked["children"]):
        return request.json({})
    try:
        if kind == "rule":
            found = _rule(env, rtype, text)
        elif kind == "default":
            found = _default(env, rtype, text)
        else:
            found = _worked_out(env, rtype, kind, text, asked)
    except ExpressionError as error:
        return request.json({"error": env.t(error.message), "position": min(max(error.position, 0), len(text)), "of": text})
    except SarnakhError as error:
        return request.json({"error": env.t(error.message)})
    return request.json(found)


def _worked_out(env: Env, rtype: Any, kind: str, text: str, asked: Mapping[str, str]) -> dict[str, Any]:
    if kind == "rollup":
        field = {"type": "rollup", "children": asked["children"], "operation": asked["operation"] or "count"}
        field |= {"expression": asked["rolled"]} if field["operation"] != "count" and asked["rolled"] else {}
        field |= {"where": asked["where"]} if asked["where"] else {}
        if field["operation"] != "count" and not asked["rolled"]:
            return {}
    else:
        env.registry.node(rtype.name, text)  # tells the place of a mistake, and compiles nothing
        field = {"type": "formula", "expression": text} | ({"result": asked["result"]} if asked["result"] else {})
    rows = preview(env, rtype.name, field)[:SHOWN]
    if not rows:
        return {"text": env.t(_("It can be worked out. There is no record yet to show it on."))}
    return {"text": env.t(_("On the latest records:")), "rows": [
        [row["title"], record_url(rtype.name, row["id"]), shown(env, row["value"])] for row in rows]}


def _default(env: Env, rtype: Any, text: str) -> dict[str, Any]:
    node = env.registry.node(rtype.name, text)
    if env.registry.paths(rtype.name, text):
        raise ExpressionError(_("A new record has no values yet: a default reads no fields."))
    value = to_python(node)(lambda _path: None, env.context)
    return {"text": env.t(_("A record made now begins with: {value}", value=shown(env, value) or "—"))}


def _rule(env: Env, rtype: Any, text: str) -> dict[str, Any]:
    """How many records that the person may see break the rule, and some of them."""
    env.registry.node(rtype.name, text, "flag")
    broken = env.query(rtype.name).where(f"not ({text})")
    count = broken.count()
    if not count:
        return {"text": env.t(_("Every record that you may see keeps to it.")), "good": True}
    rows = broken.order("-id").select(rtype.title).rows(SHOWN)
    said = n_("{shown} record that you may see breaks it. It stays as it is until it is changed.",
              "{shown} records that you may see break it. They stay as they are until they are changed.", count, shown=many(env, count))
    return {"text": env.t(said), "rows": [
        [str(row[rtype.title] or f"#{row['id']}"), record_url(rtype.name, row["id"]), ""] for row in rows]}


def shown(env: Env, value: Any) -> str:
    """A value as it is read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return env.t(_("Yes") if value else _("No"))
    if isinstance(value, (int, Decimal)):
        return env.format.number(value)
    if isinstance(value, dt.datetime):
        return env.format.datetime(value, "short")
    if isinstance(value, dt.date):
        return env.format.date(value, "short")
    if isinstance(value, dt.timedelta):
        return env.format.duration(value)
    return str(value)[:200]
