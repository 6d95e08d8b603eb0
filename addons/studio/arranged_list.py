"""The page that lists for whom something is arranged: everybody and the profiles, each with its state."""

from __future__ import annotations

from core.api import Env, _
from core.web_api import AdminPage, Badge, Cell, Column, Row, SimpleTable

from .keeping import EVERYBODY, owners


def listed(env: Env, kind: str, base: str, *, intro: str, head: str, caption: str) -> AdminPage:
    """Everybody's arrangement of a kind and those of profiles, each leading to where it is changed."""
    own = env.registry.customising.of(kind)
    rows = []
    for i, (owner, label) in enumerate(owners(env)):
        state = Badge(env.t(_("Arranged")), "teal") if owner in own else Badge(
            env.t(_("As shipped")) if owner == EVERYBODY or EVERYBODY not in own else env.t(_("As everybody's")), "grey")
        rows.append(Row(i, "", [Cell("title", label, f"{base}/{owner}"), Cell(badges=[state])]))
    page = AdminPage("", intro=env.t(intro))
    page.table = SimpleTable([Column("for", env.t(_("For"))), Column("state", env.t(head))], rows, caption=env.t(caption))
    return page
