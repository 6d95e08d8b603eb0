"""The bell: what the person is told, following a line to what it is about, and how many are unread."""

from __future__ import annotations

from typing import Any

from core.api import Env, F, _
from core.web_api import Action, Notification, NotificationsPage, Pages, Request, Response, is_local, record_url, with_query

from ..notices import NOTICE, read

pages = Pages("notices")
PAGE, IN_DIALOG, MOST = 40, 12, 99


@pages.route("/notifications")
def notifications(env: Env, request: Request) -> Response:
    """All lines, the newest first; in a dialog the first of them."""
    short = request.fragment in ("dialog", "sheet")
    query = env.query(NOTICE).select("text", "about", "icon", "read_at", "created_at")
    page = query.page(IN_DIALOG if short else PAGE, request.arg("after") or None)
    items = [Notification(_text(env, r), f"/notifications/{r['id']}", env.format.relative(r["created_at"], env.now), r["icon"] or "bell",
                          r["read_at"] is None) for r in page.rows]
    made = NotificationsPage(items)
    if any(i.unread for i in items):
        made.actions.append(Action(env.t(_("Mark all as read")), "/notifications/read", "check2-all", kind="post"))
    if short:
        made.actions.append(Action(env.t(_("Show all")), "/notifications", "bell"))
        return request.render_fragment("fragments/notifications.html", made)
    if page.next:
        made.next_url = with_query("/notifications", {"after": page.next})
    return request.render("notifications.html", made, title=env.t(_("Notifications")))


def _text(env: Env, row: dict[str, object]) -> str:
    """The line, with the name of its record for those who may see it."""
    about = row["about"]
    label = getattr(about, "label", None)
    return env.t(_("{text}: {name}", text=row["text"], name=label)) if label else str(row["text"])


@pages.route("/notifications/<int:key>")
def follow(env: Env, request: Request, key: int) -> Response:
    """To what a line is about. Reading it is all that this changes, so a plain link may do it."""
    row = env.get(NOTICE, key, "about", "url")
    read(env, [key])
    target = row.url if row.url and is_local(row.url) else record_url(row.about.record, row.about.id) if row.about else "/notifications"
    return request.redirect(target)


@pages.route("/notifications/count")
def count(env: Env, request: Request) -> Response:
    """How many lines are unread, and what else is new: asked by pages that stay open, in one request for all of it."""
    found = env.query(NOTICE).where(F.read_at.is_null()).count(MOST + 1)
    text = env.t(_("{count}+", count=env.format.number(MOST))) if found > MOST else env.format.number(found) if found else ""
    live: dict[str, Any] = {}
    for one in env.registry.plugins.hook.live_counts(env=env):
        live |= one or {}
    return request.json({"count": found, "text": text, "live": live})


@pages.route("/notifications/read", methods=("POST",))
def read_all(env: Env, request: Request) -> Response:
    """Mark all as read."""
    read(env)
    return request.redirect("/notifications")
