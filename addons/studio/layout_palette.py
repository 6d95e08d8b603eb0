"""What can be put on a page: fields, related lists, buttons, and parts of the page itself."""

from __future__ import annotations

from typing import Any

from core.api import Env, _
from core.web_api import kinds_of_blocks

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


def groups(env: Env, record: str, kind: str) -> list[Group]:
    """The palette of a layout, by heading. What is on the page already is left out by the editor."""
    able = NODES[kind]
    found: list[Group] = [("fields", env.t(_("Fields")), fields(env, record, kind))]
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
    rtype = env.registry.record(record)
    flat = kind in ("list", "card", "kanban", "calendar")
    never = {"children", "names", "secret"} | ({"longtext", "richtext"} if flat else set())
    made = [item(f.name, "field", env.t(f.label), ICONS.get(f.type_name, "input-cursor"), type=f.type_name)
            for f in rtype.fields.values() if is_offered(f) and f.type_name not in (never - {"children"} if kind == "form" else never)]
    return sorted(made, key=lambda one: env.sort_key(one["name"]))


def parts(env: Env, kind: str) -> list[Item]:
    """A new section, tab or link; the editor gives it a name of its own."""
    made = [item("section", "section", env.t(_("Section")), PART_ICONS["section"], {"columns": 2}, fresh=True)]
    if kind == "form":
        made.append(item("tab", "tab", env.t(_("Tab")), PART_ICONS["tab"], fresh=True))
        made.append(item("link", "link", env.t(_("Custom link")), PART_ICONS["link"], {"href": "https://"}, fresh=True))
    return made


def related(env: Env, record: str) -> list[Item]:
    """Lists of what points here: children and many-to-many fields, and links of any other record type."""
    fields = env.registry.record(record).fields
    own = [f for f in fields.values() if f.type_name in ("children", "many") and is_offered(f)]
    known = {(getattr(f, "target", ""), getattr(f, "by", "")) for f in own}
    made = [item(f.name, "related", env.t(f.label), PART_ICONS["related"], target=getattr(f, "target", "")) for f in own]
    for other in env.registry.records.values():
        for f in other.fields.values():
            points = f.type_name == "link" and not f.system and getattr(f, "target", "") == record
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
