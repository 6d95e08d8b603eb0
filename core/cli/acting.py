"""For whom a command works: imports and exports go by somebody's permissions."""

from __future__ import annotations

from core.errors import NotFound
from core.expressions import F
from core.i18n.messages import _
from core.installation import Installation
from core.records.fields import USER
from core.security.actor import SYSTEM, Actor


def acting(found: Installation, login: str | None) -> Actor:
    """The user with that login name; without one the first super-administrator. NotFound when there is nobody."""
    with found.env(SYSTEM, write=False) as env:
        wanted = F.is_super if login is None else F.login == login.strip().lower()
        ids = env.query(USER).where(wanted & F.active).order("id").ids(limit=1)
    if ids:
        return found.load_actor(ids[0])
    if login is not None:
        raise NotFound(_("There is no active user “{login}”.", login=login))
    raise NotFound(_("Nobody can sign in yet. Add an administrator first: user add NAME --super"))
