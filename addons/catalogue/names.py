"""What follows from what: base units, default units, codes of prices, and names in the languages of readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.api import Change, Env, F, Invalid, _

PRODUCT, UNIT, TRANSLATION, PRICE = "catalogue.product", "catalogue.unit", "catalogue.translation", "catalogue.price"


def key(link: Any) -> int | None:
    """The number a link holds."""
    return None if link is None else int(link.id)


def first_unit_group(env: Env) -> int | None:
    """The unit group of a new product: the oldest there is."""
    return next(iter(env.query("catalogue.unit_group").order("id").ids(1)), None)


def default_tax_class(env: Env) -> int | None:
    """The tax class of a new product."""
    return next(iter(env.query("catalogue.tax_class").where(F.is_default).order("id").ids(1)), None)


def keep_base_units(env: Env, change: Change) -> None:
    """Each unit group has its base unit, called as the group says."""
    if change.action not in ("create", "update") or not change.touches("base_unit"):
        return
    wanted = {r.id: r.base_unit for r in change.records}
    with env.elevated(_("Base units of unit groups")) as sudo:
        rows = sudo.query(UNIT).holding("unit_group", list(wanted)).where(F.is_base).archived(None).select("unit_group", "name").rows()
        known = {row["unit_group"].id: row for row in rows}
        new = [{"unit_group": group, "name": name, "factor": 1, "is_base": True} for group, name in wanted.items() if group not in known]
        if new:
            sudo.create(UNIT, new)
        sudo.update_each(UNIT, {row["id"]: {"name": wanted[group]} for group, row in known.items() if row["name"] != wanted[group]})


def follow_base_units(env: Env, change: Change) -> None:
    """A base unit that is renamed renames it in its group. It cannot be thrown away alone (see the hook `validate_changes`)."""
    if change.action != "update" or not change.touches("name"):
        return
    renamed = {r.unit_group.id: r.name for r in change.changed("name") if r.is_base}
    if renamed:
        with env.elevated(_("Base units of unit groups")) as sudo:
            rows = sudo.query("catalogue.unit_group").with_ids(renamed).archived(None).select("base_unit").rows()
            sudo.update_each("catalogue.unit_group", {r["id"]: {"base_unit": renamed[r["id"]]} for r in rows
                                                      if r["base_unit"] != renamed[r["id"]]})


def lost_base_units(env: Env, change: Change) -> Iterator[Invalid]:
    """A base unit is only thrown away with its group."""
    groups = {r.unit_group.id for r in change.records if r.is_base and r.unit_group is not None}
    live = set(env.query("catalogue.unit_group").with_ids(groups).archived(None).ids()) if groups else set()
    for record in change.records:
        if record.is_base and record.unit_group is not None and record.unit_group.id in live:
            yield Invalid(record, None, _("The base unit “{unit}” stays as long as its group is there.", unit=record.name))


def base_units(env: Env, groups: Iterable[int]) -> dict[int, int]:
    """The base unit of each unit group."""
    rows = env.query(UNIT).holding("unit_group", set(groups)).where(F.is_base).archived(None).select("unit_group").rows()
    return {row["unit_group"].id: row["id"] for row in rows}


def fill_units(env: Env, change: Change) -> None:
    """Products without a default unit get the base unit of their group."""
    if not change.touches("unit", "unit_group") and change.action != "create":
        return
    bare = [r for r in change.records if r.unit is None and r.unit_group is not None]
    if bare:
        base = base_units(env, {r.unit_group.id for r in bare})
        for record in bare:
            change.set(record, "unit", base.get(record.unit_group.id))


def fill_prices(env: Env, change: Change) -> None:
    """A price takes its unit and code from its product and its currency from its list."""
    if not change.touches("product", "price_list", "unit") and change.action != "create":
        return
    with env.elevated(_("Units and codes of products")) as sudo:
        ids = {r.product.id for r in change.records if r.product is not None}
        products = {p["id"]: p for p in sudo.query(PRODUCT).with_ids(ids).archived(None).select("unit", "code").rows()}
        ids = {r.price_list.id for r in change.records if r.price_list is not None}
        lists = {p["id"]: key(p["currency"]) for p in
                 sudo.query("catalogue.price_list").with_ids(ids).archived(None).select("currency").rows()}
    for record in change.records:
        product = products.get(key(record.product) or 0)
        if product is not None:
            change.set(record, "code", product["code"])
            if record.unit is None:
                change.set(record, "unit", key(product["unit"]))
        change.set(record, "currency", lists.get(key(record.price_list) or 0))


def follow_code(env: Env, change: Change) -> None:
    """Prices are found by the product's code, also after it was changed."""
    changed = {r.id: r.code for r in change.changed("code")} if change.action == "update" and change.touches("code") else {}
    if changed:
        with env.elevated(_("Codes of products in their prices")) as sudo:
            rows = sudo.query(PRICE).holding("product", list(changed)).archived(None).select("product").rows()
            sudo.update_each(PRICE, {row["id"]: {"code": changed[row["product"].id]} for row in rows})


def gather(env: Env, change: Change) -> None:
    """The names of products in other languages, kept where the search looks."""
    column = change.rtype.field("product").column_name
    products = {r.__dict__.get(column) for r in change.records} | {old.get(column) for old in change.old.values()}
    found: dict[int, list[str]] = {p: [] for p in products if p is not None}
    spoken: dict[int, dict[str, str]] = {p: {} for p in found}
    with env.elevated(_("Names of products in other languages")) as sudo:
        for row in sudo.query(TRANSLATION).holding("product", list(found)).order("id").select("product", "language", "name", "code").rows():
            spoken[row["product"].id][row["language"]] = row["name"]
            found[row["product"].id].extend(t for t in (row["name"], row["code"]) if t)
        sudo.update_each(PRODUCT, {p: {"further_names": "\n".join(texts) or None, "other_names": spoken[p] or None}
                                     for p, texts in found.items()})


def texts(env: Env, products: Iterable[int], lang: str) -> dict[int, dict[str, str]]:
    """Code, name and description of products in a language, each in the main language where there is no other.

    What documents print and screens show: one statement for the products, one for what is translated.
    """
    ids = set(products)
    rows = env.query(PRODUCT).with_ids(ids).archived(None).select("code", "name", "description").rows()
    found = {r["id"]: {n: r[n] or "" for n in ("code", "name", "description")} for r in rows}
    translated = env.query(TRANSLATION).holding("product", list(found)).where(F.language == lang)
    for row in translated.select("product", "code", "name", "description").rows():
        found[row["product"].id].update({n: row[n] for n in ("code", "name", "description") if row[n]})
    return found
