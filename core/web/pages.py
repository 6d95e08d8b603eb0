"""Registering pages: inert lists of routes that the application factory mounts.

    pages = Pages("settings")

    @pages.route("/me/password", methods=("GET", "POST"))
    def password(env, request):
        ...
        return request.render("admin/page.html", AdminPage(...), title=env.t(_("Password")))

See :mod:`core.web.request` for what a view gets and may answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.web.doors import Door

View = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """One page. See :meth:`Pages.route` for the options."""

    rule: str
    view: View
    name: str
    methods: tuple[str, ...] = ("GET",)
    area: str = ""
    public: bool = False
    csrf: bool = True
    framed_by: str = ""
    stage: str = ""
    writes: bool = False
    max_bytes: int | None = None
    door: Door | None = None


@dataclass
class Pages:
    """A set of routes of one part of the program. Addons' routes are mounted under `/x/<name>`, or under a `prefix` of their
    own (`/api/v1`). Through a `door` come programs instead of people: see :mod:`core.web.doors`."""

    name: str
    routes: list[Route] = field(default_factory=list)
    prefix: str = ""
    door: Door | None = None

    def route(self, rule: str, *, methods: Sequence[str] = ("GET",), area: str = "", public: bool = False, csrf: bool = True,
              framed_by: str = "", stage: str = "", writes: bool = False, max_bytes: int | None = None) -> Callable[[View], View]:
        """Make a function the view of a rule in Flask's syntax (`/convert/<int:key>`).

        `area`: part of the administration the person must have ("users", "addons", "audit" ...). `public`: also for
        visitors who are not signed in. `csrf=False`: posts need no token (web hooks, embedded forms; guard them
        otherwise). `framed_by`: sites that may show the page in a frame. `stage`: the session may be at this stage of
        signing in. `writes`: GET writes too (rare). `max_bytes`: largest request; by default the upload limit.
        """
        def register(view: View) -> View:
            self.routes.append(Route(rule, view, f"{self.name}.{view.__name__}", tuple(methods), area, public, csrf,
                                     framed_by, stage, writes, max_bytes, self.door))
            return view
        return register
