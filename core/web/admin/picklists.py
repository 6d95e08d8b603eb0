"""Options of choices: words in each language, colour, order, retired or in use, and new ones. Stored values stay.

An option's label is either the addon's own (translated by its catalogue) or this installation's, a text for each
language with the reader's language first.
"""

from __future__ import annotations

import re
from typing import Any

from core.addons.lifecycle import change_customising
from core.env import Env
from core.errors import NotFound, SarnakhError
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import Message, _
from core.i18n.text import clean
from core.records.fields import ChoiceField, Option
from core.records.name_fields import NameField
from core.registry.compose import RecordType
from core.web.admin.frame import admin_page
from core.web.pages import Pages
from core.web.request import Request, Response
from core.web.viewmodels import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    FieldView,
    FormPage,
    LineFields,
    Row,
    Section,
    SimpleTable,
)
from core.web.viewmodels import Option as Choice

pages = Pages("picklists")

COLOURS: dict[str, Message] = {
    "grey": _("Grey"), "red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow"), "green": _("Green"), "teal": _("Teal"),
    "blue": _("Blue"), "violet": _("Violet"), "pink": _("Pink")}
USES: dict[str, Message] = {"1": _("In use"), "0": _("Retired")}
VALUE = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
FIXED = frozenset({"base.user.language", "base.user.calendar", "base.user.digits", "base.user.theme", "base.user.density",
                   "base.sharing_rule.access", "base.access_default.access"})
"""Choices whose meaning is in the program: other options would mean nothing."""
SPARE = 3
"""Empty lines offered for new options."""


def editable(env: Env) -> list[tuple[RecordType, ChoiceField]]:
    """The choices an administrator may edit."""
    return [(rtype, f) for rtype in env.registry.records.values() for f in rtype.fields.values()
            if isinstance(f, ChoiceField) and not isinstance(f, NameField) and f"{rtype.name}.{f.name}" not in FIXED and not f.system]


@pages.route("/admin/picklists", area="layouts")
def picklists(env: Env, request: Request) -> Response:
    """All choices, by record type."""
    columns = [Column("record", env.t(_("Record type"))), Column("field", env.t(_("Field"))),
               Column("options", env.t(_("Options")))]
    rows = [Row(i, "", [Cell(text=env.t(rtype.plural)),
                        Cell("title", env.t(f.label), f"/admin/picklists/{rtype.name}.{f.name}"),
                        Cell(badges=[Badge(shown(env, o), o.colour) for o in f.options if o.active][:12])])
            for i, (rtype, f) in enumerate(editable(env))]
    page = AdminPage("", intro=env.t(_(
        "What can be chosen in fields. Records keep their values when an option is renamed or retired.")),
                     table=SimpleTable(columns, rows, caption=env.t(_("Picklists"))))
    return admin_page(env, request, _("Picklists"), page)


@pages.route("/admin/picklists/<target>", methods=("GET", "POST"), area="layouts")
def picklist(env: Env, request: Request, target: str) -> Response:
    """The options of one choice as lines of a form."""
    found = {f"{r.name}.{f.name}": (r, f) for r, f in editable(env)}
    if target not in found:
        raise NotFound(_("There is no such picklist."))
    rtype, field = found[target]
    errors: list[str] = []
    if request.posted:
        if request.value("do") == "reset":
            change_customising(env, "choice", target, None)
            request.flash(env.t(_("The options are as the addon ships them; values in use are kept.")))
            return request.redirect(f"/admin/picklists/{target}")
        try:
            change_customising(env, "choice", target, _posted(env, request, field))
            request.flash(env.t(_("Saved.")))
            return request.redirect(f"/admin/picklists/{target}")
        except SarnakhError as error:
            errors = [env.t(error.message)]
    title = _("{record}: {field}", record=env.t(rtype.plural), field=env.t(field.label))
    page = AdminPage("", form=_form(env, request, target, field, errors))
    if target in env.registry.customising.of("choice"):
        page.actions = [Action(env.t(_("As shipped")), f"/admin/picklists/{target}", kind="post", fields={"do": "reset"},
                               confirm=env.t(_("Take back all changes of these options?")))]
    return admin_page(env, request, title, page, active="/admin/picklists", status=422 if errors else 200)


def shown(env: Env, option: Option) -> str:
    """An option's label in the reader's language."""
    return env.t(option.label)


def _form(env: Env, request: Request, target: str, field: ChoiceField, errors: list[str]) -> FormPage:
    stored = {o["value"]: o for o in env.registry.customising.of("choice").get(target, [])}
    lines = [_line(env, request, i, option, stored.get(option.value, {})) for i, option in enumerate(field.options)]
    lines += [_line(env, request, len(lines) + i, None, {}) for i in range(SPARE)]
    table = FieldView("options", env.t(_("Options")), "children", columns=_line(env, request, "__", None, {}), lines=LineFields(lines),
                      width=2,
                      help=env.t(_(
                          "Without a word the addon's own is used. Retired options stay on records but are no longer offered.")))
    return FormPage("", f"/admin/picklists/{target}", [Section("options", columns=1, fields=[table])], errors=errors)


def _line(env: Env, request: Request, index: int | str, option: Option | None,
          stored: dict[str, Any]) -> list[FieldView]:
    labels = stored.get("labels") or {}
    values = {"position": str((index + 1) * 10) if isinstance(index, int) else "", "value": option.value if option else "",
              "colour": option.colour if option else "grey", "active": "1" if option is None or option.active else "0",
              **{f"label_{lang}": labels.get(lang, "") for lang in LANGUAGES}}
    if request.posted and request.has(f"options-{index}-value"):
        values = {k: request.value(f"options-{index}-{k}", v) for k, v in values.items()}

    def one(name: str, label: str, kind: str = "text", **more: Any) -> FieldView:
        attrs = {"aria-label": f"{option.value if option else ''} {env.t(label)}".strip(), **more.pop("attrs", {})}
        return FieldView(f"options-{index}-{name}", env.t(label), kind, values[name], attrs=attrs, **more)

    words = [one(f"label_{lang}", label, placeholder=_translated(env, option, lang), attrs={"lang": lang, "maxlength": "120"})
             for lang, label in LANGUAGES.items()]
    return [one("position", _("Position"), "integer", attrs={"size": "4"}),
            one("value", _("Value"), readonly=option is not None, attrs={"dir": "ltr", "maxlength": "63"}), *words,
            one("colour", _("Colour"), "select", required=True,
                options=[Choice(c, env.t(t), selected=c == values["colour"]) for c, t in COLOURS.items()]),
            one("active", _("Offered"), "select", required=True,
                options=[Choice(v, env.t(t), selected=v == values["active"]) for v, t in USES.items()])]


def _translated(env: Env, option: Option | None, lang: str) -> str:
    return env.installation.catalogs.translate(option.label, lang) if option is not None else ""


def _posted(env: Env, request: Request, field: ChoiceField) -> list[dict[str, Any]]:
    """The options as customising keeps them, in their order. Known values stay, those taken out of the form as retired."""
    known = {o.value: o for o in field.options}
    found: list[tuple[int, int, dict[str, Any]]] = []
    seen: set[str] = set()
    for index in range(len(known) + SPARE + 200):
        prefix = f"options-{index}-"
        if not request.has(prefix + "value"):
            continue
        labels = {lang: clean(request.value(f"{prefix}label_{lang}"))[:120] for lang in LANGUAGES}
        labels = {lang: text for lang, text in labels.items() if text}
        value = clean(request.value(prefix + "value")).lower()
        if not value and labels:
            value = _made_up(labels, seen | set(known))
        if not value:
            continue
        if not VALUE.fullmatch(value) and value not in known:
            raise SarnakhError(_("“{value}”: a value has small Latin letters, digits and _ only.", value=value))
        if value in seen:
            raise SarnakhError(_("The value “{value}” is there twice.", value=value))
        if value not in known and not labels:
            raise SarnakhError(_("Give “{value}” a word in at least one language.", value=value))
        seen.add(value)
        colour = request.value(prefix + "colour")
        found.append((request.value_int(prefix + "position", 9999), index, {
            "value": value, "labels": labels, "colour": colour if colour in COLOURS else "grey",
            "active": request.value(prefix + "active") == "1"}))
    kept = {o["value"]: o for o in env.registry.customising.of("choice").get(f"{field.record}.{field.name}", [])}
    missing = [{"value": v, "labels": kept.get(v, {}).get("labels") or {}, "colour": o.colour, "active": False}
               for v, o in known.items() if v not in seen]
    if not any(one["active"] for _position, _index, one in found):
        raise SarnakhError(_("At least one option must be in use."))
    return [one for _position, _index, one in sorted(found, key=lambda f: f[:2])] + missing


def _made_up(labels: dict[str, str], taken: set[str]) -> str:
    """A value for a new option out of its words, such as `on_hold`; `option_2` where they are not Latin."""
    base = re.sub(r"[^a-z0-9]+", "_", (labels.get("en") or labels.get("tr") or "").lower()).strip("_")[:40] or "option"
    made, number = base, 2
    while made in taken:
        made, number = f"{base}_{number}", number + 1
    return made
