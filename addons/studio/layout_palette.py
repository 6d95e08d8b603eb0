"""What can be put on a page: fields, related lists, buttons, and parts of the page itself."""

from __future__ import annotations

from typing import Any

from core.api import Env, _
from core.web_api import kind_of, kinds_of_blocks

from .layout_panel import NODES

Item = dict[str, Any]
Group = tuple[str, str, list[Item]]
ICONS = {"text": "fonts", "longtext": "text-paragraph", "richtext": "text-paragraph", "integer": "123", "decimal": "123", "money": "cash",
         "percent": "percent", "flag": "toggle-on", "date": "calendar3", "datetime": "clock", "choice": "list-check",
         "multichoice": "list-check", "email": "envelope", "phone": "telephone", "url": "globe", "link": "link-45deg",
         "anylink": "link-45deg", "many": "diagram-3", "children": "list-nested", "tags": "tags", "file": "paperclip", "image": "image",
         "autonumber": "hash", "formula": "calculator", "rollup": "calculator"}
PART_ICONS = {"section": "layout-text-window", "tab": "folder", "related": "list-nested", "button": "play-btn",
              "link": "box-arrow-up-right", "block": "puzzle", "columns": "layout-three-columns", "column": "layout-sidebar"}


THROUGH = "through-"
"""Begins the names of groups of fields that are reached through a link; the editor shows them folded."""
FLAT = frozenset({"list", "card", "kanban", "calendar"})
LONG = frozenset({"longtext", "richtext"})
SEVERAL = frozenset({"children", "many", "tags"})


def groups(env: Env, record: str, kind: str) -> list[Group]:
    """The palette of a layout, by heading. What is on the page already is left out by the editor."""
    able = NODES[kind]
    found: list[Group] = [("fields", env.t(_("Fields")), fields(env, record, kind)), *through_links(env, record, kind)]
    if "section" in able:
        found.insert(0, ("parts", env.t(_("Parts of the page")), parts(env, kind)))
    if "related" in able:
        found.append(("related", env.t(_("Related lists")), related(env, record)))
    if "button" in able:
        found.append(("buttons", env.t(_("Buttons")), buttons(env, record)))
    if "block" in able:
        found.append(("blocks", env.t(_("Blocks")), blocks(env)))
    return [group for group in found if group[2]]


def item(node_id: str, kind: str, name: str, icon: str, values: dict[str, Any] | None = None, **more: Any) -> Item:
    """A thing to put on the page."""
    return {"id": node_id, "kind": kind, "name": name, "icon": icon, "set": values or {}, "base": {}, "own": True, "children": [], **more}


def is_offered(field: Any) -> bool:
    """Whether pages may show a field at all."""
    return not (field.sensitive and field.readonly) and field.type_name != "data" and (
        not field.system or field.name in ("created_at", "created_by", "updated_at", "updated_by"))


def fields(env: Env, record: str, kind: str) -> list[Item]:
    """The fields of a record type."""
    never = {"names", "secret"} | (LONG if kind in FLAT else set()) | (set() if kind == "form" else {"children"})
    made = [item(f.name, "field", env.t(f.label), icon_of(f)) for f in env.registry.record(record).fields.values()
            if is_offered(f) and f.type_name not in never]
    return sorted(made, key=lambda one: env.sort_key(one["name"]))


def through_links(env: Env, record: str, kind: str) -> list[Group]:
    """What the records that a link leads to show, a group for each link: to be read only, and where people fill in something new
    there is nothing to read yet."""
    if kind == "quick":
        return []
    never = {"names", "secret"} | SEVERAL | (LONG if kind in FLAT else set())
    made: list[Group] = []
    for link in env.registry.record(record).fields.values():
        target = env.registry.records.get(getattr(link, "target", "")) if link.type_name == "link" and is_offered(link) else None
        if target is None or not env.can("read", target.name):
            continue
        head = env.t(link.label)
        items = sorted((item(f"{link.name}.{f.name}", "field", f"{head} › {env.t(f.label)}", icon_of(f)) for f in target.fields.values()
                        if is_offered(f) and f.type_name not in never), key=lambda one: env.sort_key(one["name"]))
        made.append((f"{THROUGH}{link.name}", env.t(_("Through “{link}”", link=head)), items))
    return sorted(made, key=lambda group: env.sort_key(group[1]))


def icon_of(field: Any) -> str:
    """The icon of a field, by the type of its values."""
    return ICONS.get(kind_of(field)) or ICONS.get(field.type_name, "input-cursor")


def fields_along(env: Env, record: str, path: str) -> list[Any]:
    """The fields that a path names one after another, [] where it leads nowhere."""
    found: list[Any] = []
    at = env.registry.records.get(record)
    for name in path.split("."):
        field = at.fields.get(name) if at is not None else None
        if field is None:
            return []
        found.append(field)
        at = env.registry.records.get(getattr(field, "target", "")) if field.type_name == "link" else None
    return found


def parts(env: Env, kind: str) -> list[Item]:
    """A new section, tab or link; the editor gives it a name of its own."""
    made = [item("section", "section", env.t(_("Section")), PART_ICONS["section"], {"columns": 2}, fresh=True)]
    if kind == "form":
        made.append(item("tab", "tab", env.t(_("Tab")), PART_ICONS["tab"], fresh=True))
        made.append(item("link", "link", env.t(_("Custom link")), PART_ICONS["link"], {"href": "https://"}, fresh=True))
    return made


def related(env: Env, record: str) -> list[Item]:
    """Lists of what points here: children and many-to-many fields, and links of any other record type, to one or to several."""
    fields = env.registry.record(record).fields
    own = [f for f in fields.values() if f.type_name in ("children", "many") and is_offered(f)]
    known = {(getattr(f, "target", ""), getattr(f, "by", "")) for f in own}
    made = [item(f.name, "related", env.t(f.label), PART_ICONS["related"], target=getattr(f, "target", "")) for f in own]
    for other in env.registry.records.values():
        for f in other.fields.values():
            points = f.type_name in ("link", "many") and not f.system and getattr(f, "target", "") == record
            if points and (other.name, f.name) not in known:
                made.append(item(f"{other.name.replace('.', '_')}_{f.name}", "related", f"{env.t(other.plural)} ({env.t(f.label)})",
                                 PART_ICONS["related"], {"record": other.name, "by": f.name}, target=other.name))
    return sorted(made, key=lambda one: env.sort_key(one["name"]))


def blocks(env: Env) -> list[Item]:
    """Charts, lists, texts and whatever else addons supply for pages of records."""
    return [item(kind.name, "block", env.t(kind.label), kind.icon, {"widget": kind.name, "options": {}}, fresh=True)
            for kind in kinds_of_blocks(env.registry, "record").values()]


def buttons(env: Env, record: str) -> list[Item]:
    """The actions of a record type."""
    return [item(a.name, "button", env.t(a.label), a.icon or PART_ICONS["button"], {"action": a.name})
            for a in env.registry.record(record).actions.values()]
