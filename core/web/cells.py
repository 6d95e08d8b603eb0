"""Values as cells: formatted for the reader, once per column what depends on the column, per cell the least possible.

A list page has hundreds of cells. `column_cells` works out everything that is the same for a column (labels of options,
formats, addresses) and returns a function from a row to its cell; cells that repeat (choices, people, empty ones) are
made once and shared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import nh3
from markupsafe import Markup

from core.env import Env
from core.i18n.catalogs import LANGUAGES
from core.i18n.messages import _
from core.records.fields import USER, ChoiceField, Field
from core.registry.compose import RecordType
from core.web.money import base_currency, currency_path
from core.web.people import person
from core.web.showing import kind_of
from core.web.viewmodels import Badge, Cell

Row = dict[str, Any]
Maker = Callable[[Any, Row], Cell]
LTR = frozenset({"email", "phone", "url", "autonumber"})
EXCERPT = 200
WEEK = dt.timedelta(days=6)
"""Within it moments are told relative to now."""


def value_cell(env: Env, field: Field, value: Any, row: Row | None = None, path: str = "") -> Cell:
    """The cell of a single value, which stands at a path of the row where it is another record's."""
    return maker_for(env, field, path)(value, row or {})


def column_cells(env: Env, rtype: RecordType, path: str, field: Field, *, title: bool = False,
                 suffix: str = "") -> Callable[[Row], Cell]:
    """A function from a row to the cell of one column. `suffix` is the query that record addresses carry."""
    make = maker_for(env, field, path)
    base = f"/r/{rtype.name}/"
    if title:
        return _title_cells(make, path, base, suffix)
    return lambda row: make(row[path], row)


def _title_cells(make: Maker, path: str, base: str, suffix: str) -> Callable[[Row], Cell]:
    return lambda row: title_cell(make(row[path], row).text, row, base, suffix)


def title_cell(text: str, row: Row, base: str, suffix: str = "") -> Cell:
    """The cell of a record's name: a link to the record."""
    return Cell("title", text, f"{base}{row['id']}{suffix}")


def maker_for(env: Env, field: Field, path: str = "") -> Maker:
    """A function from a value (and its row) to a cell, for one field and one reader; `path` leads to it from the row's record."""
    builder = BUILDERS.get(kind_of(field), _text)
    return _money(env, field, path) if builder is _money else builder(env, field)


# ---------------------------------------------------------------- plain values
def _names(env: Env, field: Field) -> Maker:
    empty = Cell("names", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        said = [f"{LANGUAGES.get(lang, lang)}: {text}" for lang, text in (value or {}).items()]
        return Cell("longtext", "\n".join(said), dir="auto", name=field.name) if said else empty
    return make


def _text(env: Env, field: Field) -> Maker:
    kind, direction = field.type_name, "ltr" if field.type_name in LTR else "auto"
    empty = Cell(kind, name=field.name)

    def make(value: Any, row: Row) -> Cell:
        return Cell(kind, value if type(value) is str else str(value), dir=direction, name=field.name) if value else empty
    return make


def _longtext(env: Env, field: Field) -> Maker:
    empty = Cell("longtext", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        return Cell("longtext", value, dir="auto", name=field.name) if value else empty
    return make


def _richtext(env: Env, field: Field) -> Maker:
    empty = Cell("richtext", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if not value:
            return empty
        text = " ".join(field.text_of(value).split())
        return Cell("richtext", text[:EXCERPT], name=field.name, html=Markup(nh3.clean(value)))  # noqa: S704 - cleaned
    return make


def _number(env: Env, field: Field) -> Maker:
    kind, show, places = kind_of(field), env.format.number, getattr(field, "places", None)
    empty = Cell(kind, name=field.name)
    plain = kind == "integer" and field.name == "id"

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        return Cell(kind, str(value) if plain else show(value, None if kind == "integer" else places), raw=str(value),
                    dir="ltr", name=field.name)
    return make


def _percent(env: Env, field: Field) -> Maker:
    show = env.format.percent
    empty = Cell("percent", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        return Cell("percent", show(value), raw=str(value), name=field.name,
                    number=float(value) if 0 <= value <= 100 else None)
    return make


def _money(env: Env, field: Field, path: str = "") -> Maker:
    show, exact = env.format.money, env.format.money_exact
    link = currency_path(path or field.name, field)
    fallback = base_currency(env)
    toman = env.format.toman
    empty = Cell("money", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        found = row.get(link)
        code = getattr(found, "label", None) or fallback
        return Cell("money", show(value, code), title=exact(value, code) if toman and code == "IRR" else "",
                    raw=str(value), name=field.name)
    return make


def _flag(env: Env, field: Field) -> Maker:
    yes = Cell("flag", env.t(_("Yes")), name=field.name, checked=True)
    no = Cell("flag", env.t(_("No")), name=field.name)
    return lambda value, row: yes if value else no


def _date(env: Env, field: Field) -> Maker:
    show = env.format.date
    empty = Cell("date", name=field.name)
    known: dict[dt.date, Cell] = {}

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        cell = known.get(value)
        if cell is None:
            cell = known[value] = Cell("date", show(value), raw=value.isoformat(), name=field.name)
        return cell
    return make


def _datetime(env: Env, field: Field) -> Maker:
    told, now, today = env.format.told, env.now, env.today
    empty = Cell("datetime", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        near, exact = told(value, today)
        if -WEEK < value - now < WEEK:
            return Cell("datetime", near, title=exact, raw=value.isoformat(), name=field.name)
        return Cell("datetime", exact, raw=value.isoformat(), name=field.name)
    return make


def _duration(env: Env, field: Field) -> Maker:
    show = env.format.duration
    empty = Cell("duration", name=field.name)
    return lambda value, row: empty if value is None else Cell("duration", show(value), name=field.name)


def _email(env: Env, field: Field) -> Maker:
    empty = Cell("email", name=field.name)
    return lambda value, row: Cell("email", value, f"mailto:{value}", dir="ltr", name=field.name) if value else empty


def _phone(env: Env, field: Field) -> Maker:
    show = env.format.phone
    empty = Cell("phone", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        return Cell("phone", show(value), f"tel:{value.partition(';')[0]}", dir="ltr", raw=value,
                    name=field.name) if value else empty
    return make


def _url(env: Env, field: Field) -> Maker:
    empty = Cell("url", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if not value:
            return empty
        return Cell("url", value.partition("://")[2].rstrip("/"), value, dir="ltr", raw=value, name=field.name)
    return make


# ---------------------------------------------------------------- choices and links


def _choice(env: Env, field: Field) -> Maker:
    options = field.offered(env) if isinstance(field, ChoiceField) else ()
    known: dict[Any, Cell] = {o.value: Cell("choice", env.t(o.label), colour=o.colour, raw=o.value, name=field.name)
                              for o in options}
    known[None] = Cell("choice", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        return known.get(value) or Cell("choice", str(value), colour="grey", name=field.name)
    return make


def _multichoice(env: Env, field: Field) -> Maker:
    options = field.offered(env) if isinstance(field, ChoiceField) else ()
    known = {o.value: Badge(env.t(o.label), o.colour) for o in options}
    empty = Cell("multichoice", name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if not value:
            return empty
        badges = [known.get(v) or Badge(str(v)) for v in value]
        return Cell("multichoice", env.format.list(b.label for b in badges), name=field.name, badges=badges)
    return make


def _link(env: Env, field: Field) -> Maker:
    target = field.target  # type: ignore[attr-defined]
    kind = "user" if target == USER else field.type_name
    empty, hidden = Cell(kind, name=field.name), Cell(kind, name=field.name, restricted=True)
    readable = env.can("read", target)
    known: dict[int, Cell] = {}

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        if value.label is None:
            return hidden
        cell = known.get(value.id)
        if cell is None:
            if target == USER:
                cell = Cell("user", value.label, name=field.name, person=person(value.id, value.label))
            else:
                cell = Cell(kind, value.label, f"/r/{target}/{value.id}" if readable else "", dir="auto", name=field.name,
                            card=f"{target}/{value.id}")
            known[value.id] = cell
        return cell
    return make


def _file(env: Env, field: Field) -> Maker:
    kind = field.type_name
    empty, hidden = Cell(kind, name=field.name), Cell(kind, name=field.name, restricted=True)

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        if value.label is None:
            return hidden
        shown = f"/files/{value.id}" + ("?inline=1" if kind == "image" else "")
        return Cell(kind, value.label, shown, dir="auto", name=field.name)
    return make


def _anylink(env: Env, field: Field) -> Maker:
    empty, hidden = Cell("anylink", name=field.name), Cell("anylink", name=field.name, restricted=True)

    def make(value: Any, row: Row) -> Cell:
        if value is None:
            return empty
        if value.label is None:
            return hidden
        rtype = env.registry.records.get(value.record)
        return Cell("anylink", value.label, f"/r/{value.record}/{value.id}", dir="auto", name=field.name,
                    card=f"{value.record}/{value.id}", icon=rtype.icon if rtype else "")
    return make


def _many(env: Env, field: Field) -> Maker:
    empty = Cell(field.type_name, name=field.name)

    def make(value: Any, row: Row) -> Cell:
        if not value:
            return empty
        badges = [Badge(link.label or "", "grey") for link in value]
        return Cell(field.type_name, env.format.list(b.label for b in badges), name=field.name, badges=badges)
    return make


BUILDERS: dict[str, Callable[[Env, Field], Maker]] = {
    "longtext": _longtext, "richtext": _richtext, "integer": _number, "decimal": _number, "percent": _percent,
    "money": _money, "flag": _flag, "date": _date, "datetime": _datetime, "duration": _duration, "email": _email,
    "phone": _phone, "url": _url, "choice": _choice, "multichoice": _multichoice, "link": _link, "file": _file,
    "image": _file, "anylink": _anylink, "many": _many, "tags": _many, "names": _names}
