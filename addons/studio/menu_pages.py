"""Menus: for whom there is one of its own, and arranging its apps, entries, groups and links."""

from __future__ import annotations

from typing import Any

from core.api import LANGUAGES, ActionLink, Conflict, Env, SarnakhError, _
from core.web_api import (
    Action,
    Request,
    Response,
    admin_page,
    menu_as_shipped,
    menu_faults,
)

from . import menu_draft
from .arranged_list import listed
from .keeping import keep, owner_label, stamp, stored
from .menu_cards import drawn
from .site import LINKS, pages

KIND = "menu"
BASE = "/x/studio/menus"
LINKS.append(("layouts", ActionLink(_("Menus"), BASE, "menu-button-wide", help=_("Apps and entries by profile, groups and links."))))
CHANGES = ("up", "down", "in", "out", "hide", "show", "remove")


@pages.route("/menus", area="layouts")
def menus(env: Env, request: Request) -> Response:
    """Everybody's menu and those of profiles."""
    page = listed(env, KIND, BASE, head=_("Menu"), caption=_("Menus"), intro=_(
        "Which apps people find at the side, and what stands under them. What somebody may not use is never shown; hidden entries stay "
        "reachable by their address."))
    return admin_page(env, request, _("Menus"), page)


@pages.route("/menus/<owner>", methods=("GET", "POST"), area="layouts")
def menu(env: Env, request: Request, owner: str) -> Response:
    """Arrange one menu. The draft travels with the form; only saving keeps it."""
    label, kept, url = owner_label(env, owner), stored(env, KIND, owner), f"{BASE}/{owner}"
    items = {i.name: i for i in env.registry.collected("menus", env=env)}
    shipped = menu_as_shipped(items.values(), env.registry.customising.of("navigation").get("main"))
    draft, opened = menu_draft.begun(kept, shipped), ""
    errors: list[str] = []
    seen, status = request.value("seen") if request.posted else stamp(kept), 200
    if request.posted:
        do = request.value("do")
        if do != "reset":
            draft, opened, errors = _act(env, request, do)
            status = 422 if errors else 200
        if do in ("save", "reset") and not errors:
            try:
                with request.attempt():
                    keep(env, KIND, owner, None if do == "reset" else draft, seen)
                request.flash(env.t(_("The menu is as it was before.") if do == "reset" else _("Saved.")))
                return request.redirect(url)
            except Conflict as error:  # what was arranged stands there still
                errors, seen, status = [env.t(error.message)], stamp(kept), 409
    back = Action(env.t(_("Back to before")), url, "arrow-counterclockwise", kind="post", fields={"do": "reset", "seen": stamp(kept)},
                  confirm=env.t(_("Take this arrangement away?")))
    page = drawn(env, draft, items, opened) | {
        "title": env.t(_("Menu: {name}", name=label)), "url": url, "back": BASE, "errors": errors, "changed": request.posted,
        "seen": seen, "reset": back if kept is not None else None}
    script, styles = (request.static_url("studio", f"editor/arrange.{kind}") for kind in ("js", "css"))
    return request.render("studio/menu.html", page, title=page["title"], active="/admin", script=script, styles=styles,
                          status=status)


def _act(env: Env, request: Request, do: str) -> tuple[dict[str, Any], str, list[str]]:
    """The draft after what a button says (a word, and after a colon the entry), the entry that is open, what is wrong."""
    draft = menu_draft.read(request.value("draft"))
    if draft is None:
        raise SarnakhError(_("The page was sent without what it holds. Open it again."))
    _take_open(request, draft)
    word, _colon, name = do.partition(":")
    if word == "add" and name in ("group", "link"):
        return draft, menu_draft.add(draft, name), []
    if word == "open":
        return draft, name, []
    if word in CHANGES:
        menu_draft.change(draft, name, word)
        return draft, "", []
    errors = [env.t(m) for m in menu_faults(draft)]
    return draft, request.value("open") if errors else "", errors


def _take_open(request: Request, draft: dict[str, Any]) -> None:
    """What was typed for the entry that was open goes into the draft."""
    entry = menu_draft.entry(draft, request.value("open")) if request.value("open") else None
    if entry is None:
        return
    words = {lang: request.value(f"label.{lang}").strip()[:120] for lang in LANGUAGES}
    entry["label"] = {k: v for k, v in words.items() if v}
    entry["icon"] = request.value("icon").strip()[:60]
    for name in ("label", "icon"):
        if not entry[name] and (entry["kind"] == "entry" or name == "icon"):
            entry.pop(name)
    if entry["kind"] == "link":
        entry["href"] = request.value("href").strip()[:2000]
