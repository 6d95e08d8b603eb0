"""Values of frequent kinds straight to HTML, without a `Cell` between.

A list page has close to a thousand cells. What a cell looks like is decided in `core/web/cells.py` and by the theme's
macro; the kinds that fill lists are written out here once more for speed, and a test holds both to each other. Values
that repeat in a column (choices, people, days) are drawn once, all other kinds go through their cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from core.env import Env
from core.records.fields import Field, LinkField
from core.web.cells import LTR, WEEK, Maker, maker_for, title_cell
from core.web.money import base_currency, currency_path
from core.web.quick_rows import Draw, escape, value_html
from core.web.showing import kind_of

Row = dict[str, Any]
Write = Callable[[Any, Row], str]
REPEATED = frozenset({"choice", "flag", "date"})
MOST_KNOWN = 1000


def cell_writer(env: Env, path: str, field: Field, draw: Draw, known: dict[Any, str]) -> Write:
    """A function from a value and its row to the inside of a cell; `known` keeps what repeats, from page to page."""
    make, kind = maker_for(env, field, path), kind_of(field)
    if kind == "money":
        return _money(env, field, path)
    build = WRITERS.get(kind)
    if build is not None:
        return build(env, field)
    if kind in REPEATED or isinstance(field, LinkField):
        return _once(_drawn(make, draw), known)
    return _drawn(make, draw)


def title_writer(env: Env, field: Field, draw: Draw, base: str, suffix: str) -> Write:
    """The column of the record's name: a link to the record."""
    make = maker_for(env, field)
    plain = field.type_name == "text"
    start, middle = f'<a class="title-link" href="{escape(base)}', f'{escape(suffix)}" dir="auto">'
    nameless = _drawn(lambda _value, row: title_cell("", row, base, suffix), draw)

    def write(value: Any, row: Row) -> str:
        text = value if plain else make(value, row).text
        return f"{start}{row['id']}{middle}{escape(text)}</a>" if text else nameless(value, row)
    return write


def _drawn(make: Maker, draw: Draw) -> Write:
    return lambda value, row: value_html(make(value, row), draw)


def _once(write: Write, known: dict[Any, str]) -> Write:
    if len(known) > MOST_KNOWN:
        known.clear()

    def remembered(value: Any, row: Row) -> str:
        found = known.get(value)
        if found is None:
            found = known[value] = write(value, row)
        return found
    return remembered


def _text(_env: Env, field: Field) -> Write:
    start = '<span class="ltr num">' if field.type_name in LTR else '<span dir="auto">'
    return lambda value, row: f"{start}{escape(value if type(value) is str else str(value))}</span>" if value else ""


def _email(_env: Env, _field: Field) -> Write:
    def write(value: Any, row: Row) -> str:
        text = escape(value) if value else ""
        return f'<a href="mailto:{text}" class="ltr">{text}</a>' if text else ""
    return write


def _phone(env: Env, _field: Field) -> Write:
    show = env.format.phone

    def write(value: Any, row: Row) -> str:
        if not value:
            return ""
        return f'<a href="tel:{escape(value.partition(";")[0])}" class="ltr">{escape(show(value))}</a>'
    return write


def _money(env: Env, field: Field, path: str) -> Write:
    show, exact, toman = env.format.money, env.format.money_exact, env.format.toman
    link = currency_path(path, field)
    fallback = base_currency(env)

    def write(value: Any, row: Row) -> str:
        if value is None:
            return ""
        code = getattr(row.get(link), "label", None) or fallback
        title = f' title="{escape(exact(value, code))}"' if toman and code == "IRR" else ""
        return f'<span{title} data-raw="{value}">{escape(show(value, code))}</span>'
    return write


def _datetime(env: Env, _field: Field) -> Write:
    told, day_and_time, now, today = env.format.told, env.format.datetime, env.now, env.today
    first, last = now - WEEK, now + WEEK
    known: dict[dt.datetime, str] = {}  # what was made together (an import) has one moment; only for this page: it names days

    def write(value: dt.datetime | None, row: Row) -> str:
        if value is None:
            return ""
        found = known.get(value)
        if found is None:
            if first < value < last:
                near, exact = told(value, today)
                shown = f' title="{escape(exact)}" data-raw="{value.isoformat()}">{escape(near)}'
            else:
                shown = f' data-raw="{value.isoformat()}">{escape(day_and_time(value))}'
            found = known[value] = f"<span{shown}</span>"
        return found
    return write


WRITERS: dict[str, Callable[[Env, Field], Write]] = {
    "text": _text, "autonumber": _text, "email": _email, "phone": _phone, "datetime": _datetime}
