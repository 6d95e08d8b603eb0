"""The frame round every page: apps and menus the reader may use, recent records, person, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.env import Env
from core.i18n.catalogs import direction
from core.i18n.messages import _
from core.query.titles import titles
from core.ui import MenuItem
from core.web import menu
from core.web.blocks.arranged import chosen
from core.web.people import person
from core.web.showing import create_url
from core.web.urls import list_url, record_url
from core.web.viewmodels import Action, NavApp, NavItem, Person, Shell

if TYPE_CHECKING:
    from core.web.app import Site
    from core.web.request import Request

RECENT = 6
NOTICE = "base.notification"
AREAS_URL = "/admin"


def bare(site: Site, request: Request) -> Shell:
    """Language, looks and addresses of files: what fragments, sign-in and error pages need."""
    env = request.env
    actor = env.actor
    settings = actor.settings
    theme = site.theme_name(env)
    brand = site.static.brand(theme)
    return Shell(
        brand_url=brand.get("brand", ""), logo_url=brand.get("logo", ""), logo_dark_url=brand.get("logo_dark", ""),
        app_name=str(site.registry.customising.of("setting").get("app_name") or env.t(_("Sarnakh"))), lang=env.lang,
        dir=direction(env.lang), theme=_one_of(settings.get("theme"), "auto", "light", "dark"),
        density=_one_of(settings.get("density"), "comfortable", "compact"), digits=actor.digits, calendar=actor.calendar,
        today=env.today.isoformat(), vendor_url=site.static.url("vendor"),
        theme_url=site.static.url(f"theme-{theme}"), csrf_token=request.csrf_token)


def _one_of(value: object, *allowed: str) -> str:
    return value if isinstance(value, str) and value in allowed else allowed[0]


def full(site: Site, request: Request, active: str) -> Shell:
    """The whole frame, with the entry of `active` (an address or a record type) marked; for visitors it is the bare one
    with messages."""
    env = request.env
    made = bare(site, request)
    made.flashes = request.flashes()
    if env.actor.id is None:
        made.styles = site.styles_of(request.route.name.partition(".")[0])
        return made
    made.recent = recent(request)
    slot = _slot(made, env, active)
    if not slot:
        slot.update(nav=navigation(env, active), user=me(env), user_menu=_user_menu(env), create_menu=creatable(env), kept={})
        slot["go_to"] = {"h": "/", **{label: url for label, url in _letters(slot["nav"])}}
    for name, value in slot.items():
        setattr(made, name, value)
    if NOTICE in env.registry.records and env.can("read", NOTICE):
        made.bell_url = "/notifications"
    made.search_url, made.palette_url = "/search", "/palette"
    made.preferences_url, made.card_url = "/me/preferences", "/card/"
    made.styles, made.scripts = list(site.addon_styles), list(site.addon_scripts)
    if site.installation.broken and env.access.area("addons"):
        made.notice = env.t(_("Switched off because they do not work: {addons}.",
                              addons=", ".join(sorted(site.installation.broken))))
    return made


def _slot(made: Shell, env: Env, active: str) -> dict[str, Any]:
    """Where the frame is kept for this person and this entry of the navigation, while all that it shows is the same."""
    stamp = (made.theme_url, made.vendor_url, made.theme, made.density, made.app_name, made.recent)
    return env.registry.memo.slot(("frame", env.actor.id, made.csrf_token, env.lang, active), env.actor, stamp)


def _letters(nav: list[NavApp]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for app in nav:
        letter = app.name[:1].lower()
        if letter.isascii() and letter.isalpha() and letter != "h":
            found.setdefault(letter, app.url)
    return list(found.items())


def me(env: Env) -> Person:
    """The acting person."""
    made = person(env.actor.id or 0, env.actor.name)
    made.detail = env.actor.login
    return made


def _user_menu(env: Env) -> list[Action]:
    made = [Action(env.t(_("My settings")), "/me", "gear")]
    if env.access.unlimited or env.actor.profile.areas:
        made.append(Action(env.t(_("Administration")), AREAS_URL, "sliders"))
    made += [Action(env.t(_("Recycle bin")), "/bin", "trash"), Action("", kind="divider"),
             Action(env.t(_("Sign out")), "/logout", "box-arrow-right", kind="post")]
    return made


# ---------------------------------------------------------------- navigation
def navigation(env: Env, active: str = "") -> list[NavApp]:
    """Apps with their entries, those the reader may use, in the administrator's order; those of `active` marked."""
    items = [i for i in env.registry.collected("menus", env=env) if _is_open(env, i)]
    own = chosen(env, menu.KIND)
    found = menu.arranged(env, sorted(items, key=lambda i: i.order), own) if own is not None else _in_order(env, items)
    _mark(found, active)
    return found


def _in_order(env: Env, items: list[MenuItem]) -> list[NavApp]:
    """As the addons ship it, in the order for all."""
    stored = env.registry.customising.of("navigation").get("main") or {}
    order = {name: i for i, name in enumerate(stored.get("order", []))}
    hidden = set(stored.get("hidden", []))
    items = sorted((i for i in items if i.name not in hidden), key=lambda i: (order.get(i.name, len(order)), i.order))
    apps: dict[str, NavApp] = {}
    for item in items:
        if not item.app:
            apps[item.name] = NavApp(item.name, env.t(item.label), item.icon, menu.url_of(item))
    for item in items:
        if item.app in apps:
            apps[item.app].items.append(NavItem(env.t(item.label), menu.url_of(item), item.icon, live=item.live))
    for item in items:
        app = apps.get(item.name)
        if app is not None and not app.url:
            app.url = app.items[0].url if app.items else ""
    return [a for a in apps.values() if a.url]


def _is_open(env: Env, item: MenuItem) -> bool:
    if item.record and (item.record not in env.registry.records or not env.can("read", item.record)):
        return False
    return not item.area or env.access.area(item.area)


def _mark(apps: list[NavApp], active: str) -> None:
    address = active if active.startswith("/") else list_url(active)

    def fits(url: str) -> bool:
        return bool(url) and url != "/" and (address == url or address.startswith(url + "/"))

    for app in apps:
        for item in app.items:
            item.active = fits(item.url.partition("?")[0])
        app.active = fits(app.url.partition("?")[0]) or any(i.active for i in app.items)


def creatable(env: Env) -> list[Action]:
    """What the + button offers: the record types of the navigation that the reader may create."""
    made: dict[str, Action] = {}
    for item in env.registry.collected("menus", env=env):
        name = item.record
        rtype = env.registry.records.get(name) if name and name not in made else None
        url = create_url(env, rtype) if rtype is not None else ""
        if rtype is not None and url:
            made[name] = Action(env.t(rtype.label), url, rtype.icon)
    return list(made.values())


def recent(request: Request, count: int = RECENT) -> list[NavItem]:
    """Records this person looked at last and may still see."""
    env = request.env
    if request.session is None:
        return []
    wanted = [(r[0], r[1]) for r in request.session.data.get("recent", []) if isinstance(r, list) and len(r) == 2]
    found = titles(env, wanted[:count])
    return [NavItem(found[key], record_url(*key), env.registry.record(key[0]).icon) for key in wanted if key in found]
