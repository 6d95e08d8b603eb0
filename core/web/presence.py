"""Who else looks at a record, and who is writing: told by pages that are open, every few seconds, and forgotten soon after.

Three statements a beat, whatever there is: whether the record may be seen (or nothing is told and nothing kept), one row
written, the rows of others read. People whom the reader may not see are not among them.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select

from core.env import Env
from core.i18n.messages import _, n_
from core.web.pages import Pages
from core.web.people import person
from core.web.request import Request, Response

pages = Pages("presence")

FRESH = dt.timedelta(seconds=45)
"""How long a beat counts; open pages beat every 18 seconds (themes/default/static/js/presence.js)."""

SHOWN = 10


@pages.route("/r/<record>/<int:key>/presence", methods=("POST",))
def beat(env: Env, request: Request, record: str, key: int) -> Response:
    """This person's page is open (`typing=1`: and they write; `gone=1`: not any more, perhaps because they deleted the record);
    answers with the others."""
    table = env.registry.system.presence
    mine = (table.c.user_id == env.actor.id) & ((table.c.at < env.now - FRESH) | ((table.c.record == record) & (table.c.record_id == key)))
    if request.value("gone") == "1":
        env.execute(delete(table).where(mine))
        return request.empty()
    env.get(record, key, "id")
    statement = env.insert_for(table).values(user_id=env.actor.id, record=record, record_id=key, typing=request.value("typing") == "1",
                                             at=env.now)
    env.execute(statement.on_conflict_do_update(index_elements=["user_id", "record", "record_id"],
                                                set_={"typing": statement.excluded.typing, "at": statement.excluded.at}))
    rows = env.execute(select(table.c.user_id, table.c.typing).where(
        table.c.record == record, table.c.record_id == key, table.c.at > env.now - FRESH,
        table.c.user_id != env.actor.id).order_by(table.c.at.desc()).limit(SHOWN)).all()
    names = env.labels("base.user", [r.user_id for r in rows]) if rows else {}
    people = [(person(r.user_id, names[r.user_id]), r.typing) for r in rows if names.get(r.user_id)]
    writing = [who.name for who, typing in people if typing]
    text = ""
    if writing:
        text = env.t(n_("{names} is writing", "{names} are writing", len(writing), names=env.format.list(writing)))
    elif people:
        text = env.t(_("Also here: {names}", names=env.format.list(who.name for who, _typing in people)))
    return request.json({"text": text, "writing": bool(writing), "people": [
        {"name": who.name, "initials": who.initials, "colour": who.colour, "typing": typing} for who, typing in people]})
