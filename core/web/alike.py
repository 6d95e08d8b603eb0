"""While a record is typed in, a word when another one has the same already: in fields that its type tells records apart by."""

from __future__ import annotations

from core.env import Env
from core.errors import NotFound
from core.expressions import F
from core.i18n.messages import _
from core.records.value_fields import TextField
from core.registry.compose import RecordType
from core.web.lists import record_type
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.urls import list_url, record_url, with_query

pages = Pages("alike")


def check_url(env: Env, rtype: RecordType, name: str, key: int | None) -> str:
    """Where to ask about a field while it is typed in; "" for fields that say nothing by themselves."""
    if (name,) not in {tuple(names) for names in rtype.cls.record_match} or not isinstance(rtype.fields[name], TextField):
        return ""
    if not (env.access.readable(rtype.name, name) and env.access.readable(rtype.name, rtype.title)):
        return ""
    url = f"{list_url(rtype.name)}/alike"
    return with_query(url, {"id": str(key)}) if key else url


@pages.route("/r/<record>/alike")
def alike(env: Env, request: Request, record: str) -> Response:
    """Another record that the person may see with this value, as `{"message", "url"}`; nothing when there is none."""
    rtype, name = record_type(env, record), request.arg("name")
    if name not in rtype.fields or not check_url(env, rtype, name, None):
        raise NotFound
    try:
        value = rtype.fields[name].clean(request.arg("value")[:500], env)
    except ValueError:
        value = None
    if not value:
        return request.json({})
    same = env.query(record).where((F[name] == value) & (F.id != (request.arg_int("id") or 0)))
    rows = same.order("-id").select(rtype.title).rows(limit=1)
    if not rows:
        return request.json({})
    called = str(rows[0][rtype.title] or f"#{rows[0]['id']}")
    return request.json({"message": env.t(_("“{record}” has this already.", record=called)), "url": record_url(record, rows[0]["id"]),
                         "level": "warning"})
