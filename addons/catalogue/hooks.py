"""What the catalogue answers when the core asks."""

from __future__ import annotations

from typing import Any

from core.api import ActionLink, ChangeSet, Env, Installation, Invalid, MenuItem, _, hookimpl

from . import check_page, compare_page, configure_page, configuring, currencies, demo, names, seeds
from .menu import MENU


@hookimpl
def menus(env: Env) -> list[MenuItem]:
    """The Catalogue app."""
    needs = {"catalogue_compare": ("create", "catalogue.price_list"), "catalogue_check": ("read", "catalogue.product"),
             "catalogue_configure": ("read", "catalogue.product")}
    return [item for item in MENU if item.name not in needs or env.can(*needs[item.name])]


@hookimpl
def blueprints(installation: Installation) -> list[Any]:
    """Pages under /x/catalogue."""
    return [check_page.pages, compare_page.pages, configure_page.pages]


@hookimpl
def record_actions(env: Env, record_name: str, record: Any) -> list[ActionLink]:
    """From a product to its price, its options and its suppliers; from a line to its configuration."""
    if record_name == "catalogue.product":
        links = [ActionLink(_("Price check"), f"/x/catalogue/check?product={record.id}", icon="tag")]
        if configuring.questions(env, record.id):
            links.append(ActionLink(_("Configure"), f"/x/catalogue/configure?product={record.id}", icon="sliders"))
        if env.can("create", "catalogue.price_list"):
            links.append(ActionLink(_("Suppliers' prices"), f"/x/catalogue/compare?product={record.id}", icon="bar-chart-steps"))
        return links
    return [ActionLink(label, url, icon="sliders") for label, url in configure_page.line_links(env, record_name, record)]


@hookimpl
def validate_changes(env: Env, changes: ChangeSet) -> list[Invalid]:
    """A unit group keeps its base unit; what holds prices keeps its currency."""
    return [*(e for c in changes.of("catalogue.unit", "delete") for e in names.lost_base_units(env, c)), *currencies.kept(env, changes)]


@hookimpl
def after_changes(env: Env, changes: ChangeSet) -> None:
    """Edited ceilings hold at once."""
    if any(c.record == "catalogue.ceiling" for c in changes.changes):
        env.cache.pop("catalogue.ceiling", None)


@hookimpl
def addon_enabled(env: Env, addon: str) -> None:
    """Ship units and taxes; give the first profiles their sets."""
    if addon == "catalogue":
        seeds.create(env)


@hookimpl
def demo_data(env: Env) -> None:
    """What a wholesaler of technology sells."""
    demo.create(env)


@hookimpl
def language_chosen(env: Env, lang: str) -> None:
    """What was shipped before follows."""
    seeds.translate(env, lang)
