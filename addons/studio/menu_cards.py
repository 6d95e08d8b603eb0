"""A menu while it is arranged, as its page shows it."""

from __future__ import annotations

import json
from typing import Any

from core.api import Env, _
from core.web_api import FieldView, Section

from . import menu_draft
from .fields_typed import languages, text_in


def drawn(env: Env, draft: dict[str, Any], items: dict[str, Any], opened: str) -> dict[str, Any]:
    """What the template draws: a card for each entry, and the inputs of the one that is open."""
    cards = []
    for entry in draft["entries"]:
        item = items.get(entry["id"])
        if entry["kind"] == "entry" and item is None:
            continue  # of an addon that is not enabled now: it comes back with it
        cards.append(_card(env, entry, item))
    entry = menu_draft.entry(draft, opened) if opened else None
    return {"cards": cards, "draft": json.dumps(draft, ensure_ascii=False), "open": opened if entry is not None else "",
            "section": _section(env, entry) if entry is not None else None}


def _card(env: Env, entry: dict[str, Any], item: Any) -> dict[str, Any]:
    kind, shipped = entry["kind"], env.t(item.label) if item is not None else ""
    title = text_in(env, entry.get("label"), shipped or entry["id"])
    kinds = {"entry": shipped if title != shipped else "", "group": env.t(_("Group", context="menu")),
             "link": entry.get("href") or env.t(_("Link"))}
    icon = entry.get("icon") or (item.icon if item is not None else "folder" if kind == "group" else "link-45deg")
    return {"id": entry["id"], "title": title, "level": entry["level"], "hidden": bool(entry.get("hidden")), "kind": kinds[kind],
            "own": kind != "entry", "top": kind == "group", "icon": icon}


def _section(env: Env, entry: dict[str, Any]) -> Section:
    words, name = entry.get("label") or {}, env.t(_("Name"))
    fields = [FieldView(f"label.{lang}", f"{name} ({word})", value=words.get(lang, ""), attrs={"lang": lang, "maxlength": "120"})
              for lang, word in languages(env)]
    fields.append(FieldView("icon", env.t(_("Icon")), value=entry.get("icon", ""), attrs={"dir": "ltr", "maxlength": "60"},
                            help=env.t(_("A name of Bootstrap Icons, such as star or graph-up."))))
    if entry["kind"] == "link":
        fields.append(FieldView("href", env.t(_("Address")), value=entry.get("href", ""), required=True, attrs={"dir": "ltr"},
                                help=env.t(_("A page of this site such as /r/leads.lead, or https://…"))))
    return Section("entry", columns=2, fields=fields)
