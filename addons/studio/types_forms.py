"""The form of an own record type: words, icon, what names a record, owner, board, calendar, duplicates, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.api import LANGUAGES, Env, Message, Piece, _
from core.web_api import FieldView, Option, Request, Section, flag, text

from . import fields_options
from .fields_applying import Refused
from .fields_options import made_up
from .fields_typed import Typed, choice, words
from .types_info import OWN

ICONS = (
    "card-list", "box", "box-seam", "geo-alt", "house", "building", "bank", "shop", "tools", "wrench", "truck", "car-front", "airplane",
    "bicycle", "calendar-check", "clock", "clipboard-check", "journal-text", "file-earmark-text", "receipt", "cash-stack", "cart", "bag",
    "gift", "people", "person-badge", "briefcase", "award", "trophy", "star", "heart", "flag", "bell", "book", "mortarboard", "hospital",
    "lightning", "cpu", "phone", "camera", "map", "globe", "tree", "cup-hot", "key", "shield-check", "graph-up", "pie-chart", "chat-dots",
    "megaphone", "palette", "table", "puzzle")
NAME, NUMBER = "name", "number"
TITLES = ("text", "email", "phone", "url", "autonumber")
MATCHED = ("text", "email", "phone", "autonumber")
TRAITS: dict[str, tuple[Message, Message]] = {
    "owned": (_("Records have an owner"), _("Colleagues see them by the tree of roles and by sharing. Without it everybody sees all.")),
    "noted": (_("Notes and files can be added"), _("On the record's page, beside its history."))}
CALENDARS = {"": _("None"), "date": _("Of days"), "datetime": _("Of hours")}


def sections(env: Env, request: Request, typed: Typed, record: str, data: Mapping[str, Any]) -> list[Section]:
    """The form; a new type's also makes the fields that its board and calendar need."""
    new = not record
    made = [Section("words", env.t(_("Name")), columns=2, fields=_words(env, typed, data, new)), _icons(env, request, typed, data),
            Section("records", env.t(_("Its records")), columns=2, fields=_records(env, typed, record, data))]
    if new:
        made += _starting(env, typed)
    else:
        made.append(Section("views", env.t(_("Board, calendar, duplicates")), columns=2, fields=_views(env, typed, record, data)))
    return made


def _words(env: Env, typed: Typed, data: Mapping[str, Any], new: bool) -> list[FieldView]:
    made = [words(env, typed, "label", _("One record is called"), data.get("labels"), required=True),
            words(env, typed, "plural", _("Several are called"), data.get("plurals"), required=True)]
    for view in made:
        view.width = 1
    if new:
        made.append(FieldView("name", env.t(_("Name for programs")), "text", typed.value("name"), width=2, help=env.t(_(
            "In formulas, imports and the API: small Latin letters, digits and _. Left empty it is made from the label. It stays as it is "
            "afterwards.")), attrs={"dir": "ltr", "maxlength": "40", "autocomplete": "off", "spellcheck": "false",
                                         "data-studio-name": "x."}))
    return made


def _icons(env: Env, request: Request, typed: Typed, data: Mapping[str, Any]) -> Section:
    chosen = typed.value("icon") if typed.posted else data.get("icon", ICONS[0])
    icons = ICONS if chosen in ICONS else (chosen, *ICONS)
    return Section("icon", env.t(_("Icon")), html=Markup(request.render_text("studio/types_icons.html", icons=icons, chosen=chosen)))


def _records(env: Env, typed: Typed, record: str, data: Mapping[str, Any]) -> list[FieldView]:
    traits = data.get("traits", ["owned", "noted"])
    made = [flag(env, typed.request, f"trait_{name}", label, name in traits, help=note) for name, (label, note) in TRAITS.items()]
    titles = [(NAME, env.t(_("A field “Name” of its own"))), (NUMBER, env.t(_("Its number")))]
    if record:
        fields = env.registry.records[record].fields if record in env.registry.records else {}
        titles += [(f.name, env.t(f.label)) for f in fields.values() if f.type_name in TITLES and f.name.startswith("x_")]
    made.append(choice(env, typed, "title", _("A record is named by"), titles, data.get("title", NAME), required=True))
    made.append(text(env, typed.request, "number", _("Numbers"), data.get("number", ""), dir="ltr", maxlength="60", help=_(
        "Such as {example} for V-00001, V-00002 …; empty: no numbers.", example="V-{number:05}")))
    return made


def _starting(env: Env, typed: Typed) -> list[Section]:
    """What a new type begins with."""
    stages = fields_options.table(env, typed, [], "stages", _("Stages"), _(
        "Each stage is a column of the board. Without any there is no board; it can be added later."))
    kinds = [(k, label) for k, label in CALENDARS.items() if k]
    dates = choice(env, typed, "calendar", _("Stands in a calendar"), kinds, none=CALENDARS[""], help=_(
        "Makes fields for the beginning and the end, by which records stand in a calendar."))
    return [Section("board", env.t(_("Board")), columns=2, fields=[stages]),
            Section("calendar", env.t(_("Calendar")), columns=2, fields=[dates])]


def _views(env: Env, typed: Typed, record: str, data: Mapping[str, Any]) -> list[FieldView]:
    fields = list(env.registry.records[record].fields.values()) if record in env.registry.records else []
    own = [f for f in fields if not f.system]
    choices = [(f.name, env.t(f.label)) for f in own if f.type_name == "choice"]
    days = [(f.name, env.t(f.label)) for f in own if f.type_name in ("date", "datetime")]
    dates = data.get("dates") or {}
    matched = {names[0] for names in data.get("match") or () if len(names) == 1}
    chosen = set(typed.values("match")) if typed.posted else matched
    match = FieldView("match", env.t(_("Alike when these are equal")), "multichoice", list(chosen), width=2, multiple=True, help=env.t(_(
        "Any one of them is enough: whoever enters such a record is told, and imports can go by it.")), options=[
            Option(f.name, env.t(f.label), selected=f.name in chosen) for f in own if f.type_name in MATCHED])
    made = [choice(env, typed, "status", _("Columns of the board"), choices, data.get("status", ""), none=_("No board"), width=2),
            choice(env, typed, "start", _("Begins"), days, dates.get("start", ""), none=_("No calendar")),
            choice(env, typed, "end", _("Ends"), days, dates.get("end", ""), none=_("With its beginning"))]
    return [*made, match]


def read(env: Env, typed: Typed, record: str, data: Mapping[str, Any]) -> tuple[str, list[Piece]]:
    """The name of the type, and the pieces that make it what was typed; Refused with what is wrong, by input."""
    errors: dict[str, list[str]] = {}
    labels, plurals = typed.words("label", stored=data.get("labels")), typed.words("plural", stored=data.get("plurals"))
    if not labels:
        errors["label"] = [env.t(_("Give it a name in at least one language."))]
    if not plurals:
        errors["plural"] = [env.t(_("Say what several are called in at least one language."))]
    known = {name.removeprefix(f"{OWN}.") for name in env.registry.records}
    wanted = typed.value("name").lower().removeprefix("x.").removeprefix("x_")
    if not record and wanted in known:
        errors["name"] = [env.t(_("There is a record type of this name already."))]
    if errors:
        raise Refused(errors)
    name = record or f"{OWN}.{wanted or made_up(labels, known, 'type')}"
    kept = [t for t in data.get("traits", ()) if t not in TRAITS]
    made: dict[str, Any] = {
        "labels": labels, "plurals": plurals, "icon": typed.value("icon") or ICONS[0], "title": typed.value("title") or NAME,
        "traits": [*(t for t in TRAITS if typed.on(f"trait_{t}")), *kept], "number": typed.value("number"),
        "status": typed.value("status"), "active": data.get("active", True), "match": [
            *([one] for one in typed.values("match")), *(names for names in data.get("match") or () if len(names) > 1)]}
    made["dates"] = {"start": typed.value("start"), "end": typed.value("end")} if typed.value("start") else None
    made |= {key: data[key] for key in ("parent", "help") if key in data}
    further = [] if record else _begin(env, typed, name, made)
    return name, [Piece("record", name, made), *further]


def _words_of(env: Env, message: Message) -> dict[str, str]:
    return {lang: env.installation.catalogs.translate(message, lang) for lang in LANGUAGES}


def _begin(env: Env, typed: Typed, name: str, made: dict[str, Any]) -> list[Piece]:
    """The fields that a new type's board and calendar go by."""
    found = []
    stages = fields_options.read(env, typed, [], "stages")
    if stages:
        made["status"] = "x_status"
        first = next((one["value"] for one in stages if one["active"]), stages[0]["value"])
        found.append(Piece("field", f"{name}.x_status", {
            "type": "choice", "labels": _words_of(env, _("Status")), "options": stages, "required": True, "index": True,
            "default": {"constant": first}}))
    kind = typed.value("calendar")
    if kind in ("date", "datetime"):
        made["dates"] = {"start": "x_starts", "end": "x_ends"}
        starts, ends = _words_of(env, _("Begins")), _words_of(env, _("Ends"))
        found += [Piece("field", f"{name}.x_starts", {"type": kind, "labels": starts, "required": True, "index": True}),
                  Piece("field", f"{name}.x_ends", {"type": kind, "labels": ends, "index": True}),
                  Piece("rule", f"{name}|ends_after_it_begins", {
                      "where": "x_ends >= x_starts", "fields": ["x_ends"], "active": True,
                      "message": _words_of(env, _("It cannot end before it begins."))})]
    return found
