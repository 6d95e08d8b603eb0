"""Sessions of a person as a table with a button on each."""

from __future__ import annotations

from collections.abc import Sequence

from core.env import Env
from core.i18n.messages import _
from core.security.sessions import Session
from core.web.viewmodels import Action, Badge, Cell, Column, EmptyState, Row, SimpleTable

BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


def sessions_table(env: Env, found: Sequence[Session], url: str, own: str = "") -> SimpleTable:
    """The table; its buttons post `session` to `url`. `own` is the digest of the session of who looks."""
    columns = [Column("where", env.t(_("Device"))), Column("ip", env.t(_("Address"))),
               Column("since", env.t(_("Signed in")), "datetime"), Column("last", env.t(_("Last used")), "datetime")]
    rows, actions = [], {}
    for i, one in enumerate(found):
        device = Cell(text=device_name(one.agent) or env.t(_("Unknown")), title=one.agent[:200])
        last = Cell(text=env.format.relative(one.last_seen_at, env.now))
        if one.token_hash == own:
            last = Cell(badges=[Badge(env.t(_("this one")), "green")])
        rows.append(Row(i, "", [device, Cell(text=one.ip, dir="ltr"), Cell(text=env.format.datetime(one.created_at)),
                                last]))
        if one.token_hash != own:
            actions[i] = [Action(env.t(_("End")), url, kind="post", fields={"session": one.token_hash})]
    return SimpleTable(columns, rows, actions, env.t(_("Sessions")), EmptyState(env.t(_("Signed in nowhere")), icon="laptop"))


def device_name(agent: str) -> str:
    """Browser and system out of a browser's description of itself."""
    browser = next((NAMES.get(b, b) for b in BROWSERS if b in agent), "")
    system = next((s for s in SYSTEMS if s in agent), "")
    return " · ".join(p for p in (browser, system) if p)
