"""Pages about people and what they may do: users, profiles, roles, sharing."""

from __future__ import annotations

from core.api import ActionLink, Env, _
from core.web_api import Pages

from . import fieldrights, macros, moves, notices, profiles, roles, sharing, sharingrules, users

PAGES = Pages("base", [*users.pages.routes, *profiles.pages.routes, *fieldrights.pages.routes, *roles.pages.routes,
                       *sharing.pages.routes, *sharingrules.pages.routes, *moves.pages.routes, *notices.pages.routes,
                       *macros.pages.routes])
"""Mounted at the root, as the core's own pages are: this addon belongs to every installation."""

_LINKS = (
    ("users", ActionLink(_("Users"), "/admin/users", "person", help=_("Who signs in, with which rights."))),
    ("profiles", ActionLink(_("Profiles"), "/admin/profiles", "shield-check", help=_("What people may do and see."))),
    ("roles", ActionLink(_("Roles"), "/admin/roles", "diagram-2", help=_("Who stands above whom."))),
    ("teams", ActionLink(_("Teams"), "/r/base.team", "people", help=_("Groups that share records and work."))),
    ("layouts", ActionLink(_("Rules of moves"), "/admin/moves", "signpost-2",
                           help=_("Which moves of a status or stage are allowed, and what they ask for."))),
    ("layouts", ActionLink(_("Macros"), "/admin/macros", "lightning-charge", help=_("Several changes of a record in one click."))),
    ("settings", ActionLink(_("Exchange rates"), "/r/base.rate", "currency-exchange",
                            help=_("What foreign money is worth, day by day."))),
    ("sharing", ActionLink(_("Sharing"), "/admin/sharing", "share", help=_("How far records are open, and to whom."))),
    ("sharing", ActionLink(_("Why can they see it?"), "/admin/access", "question-circle",
                           help=_("Each reason, for one person and record."))),
)


def admin_links(env: Env) -> list[ActionLink]:
    """The links of these pages that a person may follow."""
    return [link for area, link in _LINKS if env.access.area(area)]
