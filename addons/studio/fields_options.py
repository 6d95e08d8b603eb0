"""Options of a choice as lines of a form: words in each language, colour, order, in use or retired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from core.api import LANGUAGES, Env, SarnakhError, _
from core.web_api import FieldView, LineFields, Option

from .fields_kinds import COLOURS
from .fields_typed import Typed, languages

VALUE = re.compile(r"[a-z0-9][a-z0-9_]{0,62}")
SPARE, MOST = 3, 500
FRESH = ("blue", "violet", "teal", "green", "orange", "pink", "yellow", "grey", "red")
"""Colours of new options, one after the other: a first stage is no warning."""
USES = {"1": _("In use"), "0": _("Retired")}


def table(env: Env, typed: Typed, stored: Sequence[Mapping[str, Any]], name: str = "options", label: str = "", help: str = "") -> FieldView:  # noqa: A002
    """The lines, with some empty ones for new options."""
    count = len(stored) + SPARE
    if typed.posted:
        count = max((index + 1 for index in range(MOST) if typed.has(f"{name}-{index}-value")), default=0)
    lines = [_line(env, typed, name, i, stored[i] if i < len(stored) and not typed.posted else None,
                   known=i < len(stored)) for i in range(count)]
    return FieldView(name, env.t(label or _("Options")), "children", columns=_line(env, typed, name, "__", None), lines=LineFields(lines),
                     width=2, help=env.t(help or _("One line each, in their order. A value left empty is made from the words.")))


def _line(env: Env, typed: Typed, name: str, index: int | str, option: Mapping[str, Any] | None, known: bool = False) -> list[FieldView]:
    labels = (option or {}).get("labels") or {}
    values = {"value": (option or {}).get("value", ""), "active": "1" if option is None or option.get("active", True) else "0",
              "colour": (option or {}).get("colour", "") or FRESH[index % len(FRESH) if isinstance(index, int) else 0],
              **{f"label_{lang}": labels.get(lang, "") for lang in LANGUAGES}}
    if typed.posted and isinstance(index, int):
        values = {key: typed.value(f"{name}-{index}-{key}", value) for key, value in values.items()}

    def one(key: str, label: str, kind: str = "text", **more: Any) -> FieldView:
        attrs = {"aria-label": f"{label} {env.format.number(index + 1) if isinstance(index, int) else ''}".strip(), **more.pop("attrs", {})}
        return FieldView(f"{name}-{index}-{key}", label, kind, values[key], attrs=attrs, **more)

    said = [one(f"label_{lang}", title, attrs={"lang": lang, "maxlength": "120"}) for lang, title in languages(env)]
    return [*said, one("colour", env.t(_("Colour")), "select", required=True,
                       options=[Option(c, env.t(t), selected=c == values["colour"]) for c, t in COLOURS.items()]),
            one("active", env.t(_("Offered")), "select", required=True,
                options=[Option(v, env.t(t), selected=v == values["active"]) for v, t in USES.items()]),
            one("value", env.t(_("Value")), readonly=known and bool(values["value"]), attrs={"dir": "ltr", "maxlength": "63"})]


def read(env: Env, typed: Typed, stored: Sequence[Mapping[str, Any]], name: str = "options") -> list[dict[str, Any]]:
    """The options that were typed. Those in use before that were taken out of the form stay as retired."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    known = {one["value"]: one for one in stored}
    for index in range(MOST):
        prefix = f"{name}-{index}-"
        if not typed.has(prefix + "value"):
            continue
        value = typed.value(prefix + "value").lower()
        labels = typed.words(f"{prefix}label", stored=known.get(value, {}).get("labels"))
        value = value or (made_up(labels, seen | set(known)) if labels else "")
        if not value:
            continue
        if not VALUE.fullmatch(value):
            raise SarnakhError(_("“{value}”: a value has small Latin letters, digits and _ only.", value=value[:60]))
        if value in seen:
            raise SarnakhError(_("The value “{value}” is there twice.", value=value))
        seen.add(value)
        colour = typed.value(prefix + "colour")
        found.append({"value": value, "labels": labels, "colour": colour if colour in COLOURS else "grey",
                      "active": typed.value(prefix + "active", "1") == "1"})
    return found + [{**one, "active": False} for value, one in known.items() if value not in seen]


def made_up(labels: Mapping[str, str], taken: set[str], otherwise: str = "option") -> str:
    """A value out of words, such as `on_hold`; `option_2` where they are not Latin."""
    plain = unicodedata.normalize("NFKD", (labels.get("en") or labels.get("tr") or "").replace("ı", "i"))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    base = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:30].strip("_") or otherwise
    made, number = base, 2
    while made in taken:
        made, number = f"{base}_{number}", number + 1
    return made
