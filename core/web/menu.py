"""Menus arranged by hand: which apps and entries stand where, groups and links of one's own, for everybody or a profile.

    {"entries": [{"id": "leads", "kind": "entry", "level": 0}, {"id": "reports", "kind": "group", "level": 0, "label": {...}},
                 {"id": "wiki", "kind": "link", "level": 1, "label": {...}, "href": "https://..."}]}

It is a flat list: an entry of level 1 stands under the nearest one of level 0 before it. What a later addon or release brings
is not in it and stands where it was shipped. They are customising of the kind "menu", beside which "navigation" (an order
for all) counts only where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.arrangements import ENTRIES
from core.layouts import text_in
from core.layouts.links import is_safe
from core.ui import MenuItem
from core.web.urls import list_url
from core.web.viewmodels import NavApp, NavItem

if TYPE_CHECKING:
    from core.env import Env

KIND = "menu"


def url_of(item: MenuItem) -> str:
    """Where an entry leads."""
    return item.url or (list_url(item.record) if item.record else "")


def entries_of(data: Any) -> list[Mapping[str, Any]]:
    """The entries of an arrangement; none of what is not understood."""
    found = data.get("entries") if isinstance(data, Mapping) else None
    return [e for e in found if isinstance(e, Mapping) and e.get("kind") in ENTRIES] if isinstance(found, list) else []


def arranged(env: Env, items: Sequence[MenuItem], data: Any) -> list[NavApp]:
    """The apps as an arrangement says, of the entries that its reader may use."""
    known = {i.name: i for i in items}
    entries = entries_of(data)
    named = {str(e.get("id")): e for e in entries if e["kind"] == "entry"}
    apps: list[NavApp] = []
    under: NavApp | None = None
    for entry in entries:
        item = known.get(str(entry.get("id"))) if entry["kind"] == "entry" else None
        if not entry.get("level"):
            under = None if entry.get("hidden") else _app(env, entry, item)
            apps += [under] if under is not None else []
        elif under is not None and not entry.get("hidden"):
            under.items += _item(env, entry, item)
    _put_new(env, apps, items, named)
    for app in apps:
        app.url = app.url or (app.items[0].url if app.items else "")
    return [a for a in apps if a.url]


def _app(env: Env, entry: Mapping[str, Any], item: MenuItem | None) -> NavApp | None:
    label = text_in(entry.get("label"), env.lang, env.t)
    icon = str(entry.get("icon") or "")
    name = str(entry.get("id"))
    if entry["kind"] == "link":
        return NavApp(name, label or str(entry.get("href")), icon or "link-45deg", _href(entry)) if _href(entry) else None
    if item is not None:
        return NavApp(name, label or env.t(item.label), icon or item.icon, url_of(item))
    return NavApp(name, label or name, icon or "folder", "")  # a group, or an app that is closed: it stays for what stands under it


def _item(env: Env, entry: Mapping[str, Any], item: MenuItem | None) -> list[NavItem]:
    label = text_in(entry.get("label"), env.lang, env.t)
    if entry["kind"] == "link":
        return [NavItem(label or str(entry.get("href")), _href(entry), str(entry.get("icon") or "link-45deg"))] if _href(entry) else []
    if item is None or not url_of(item):
        return []
    return [NavItem(label or env.t(item.label), url_of(item), str(entry.get("icon") or item.icon), live=item.live)]


def _href(entry: Mapping[str, Any]) -> str:
    href = str(entry.get("href") or "")
    return href if is_safe(href) else ""


def _put_new(env: Env, apps: list[NavApp], items: Sequence[MenuItem], named: Mapping[str, Any]) -> None:
    """What the arrangement does not know yet stands where it was shipped."""
    for item in items:
        if item.name not in named and not item.app:
            apps.append(NavApp(item.name, env.t(item.label), item.icon, url_of(item)))
    by_name = {a.name: a for a in apps}
    for item in items:
        if item.name not in named and item.app in by_name:
            by_name[item.app].items.append(NavItem(env.t(item.label), url_of(item), item.icon, live=item.live))


def as_shipped(items: Iterable[MenuItem], stored: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The arrangement that changes nothing, which one begins with; `stored` is the order for all and what it hides."""
    order = {name: i for i, name in enumerate((stored or {}).get("order", []))}
    hidden = set((stored or {}).get("hidden", []))
    sequence = sorted(items, key=lambda i: (order.get(i.name, len(order)), i.order))
    found = []
    for app in (i for i in sequence if not i.app):
        for item, level in ((app, 0), *((i, 1) for i in sequence if i.app == app.name)):
            found.append({"id": item.name, "kind": "entry", "level": level, **({"hidden": True} if item.name in hidden else {})})
    return {"entries": found}
