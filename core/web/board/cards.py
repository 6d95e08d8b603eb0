"""The board of a record type: from the address to columns of cards.

The same filters, saved views and search as its list. A fixed number of statements, however many columns: counts and sums
of all columns are one, the first cards of all columns are one (core/query/parts.py), and a link that makes the columns
takes one for its records and one for each choice over the board.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from core.env import Env
from core.errors import ExpressionError, NotFound
from core.expressions import ast, to_python
from core.i18n.messages import _, n_
from core.layouts.conditions import tree
from core.query.plan import Page
from core.query.query import Query
from core.records.fields import ChoiceField, Field, Link, MoneyField
from core.registry.compose import RecordType
from core.web import list_parts, lists, listviews
from core.web.board.columns import EMPTY, OTHER, TINTS, Axis, Division, axis_of, is_movable, sum_field
from core.web.cells import Maker, maker_for, value_cell
from core.web.criteria import EMPTY as NO_VALUE
from core.web.formlayout import Values
from core.web.lists import Listing
from core.web.liststate import BOARD, FACE
from core.web.money import base_currency, with_currencies
from core.web.people import person
from core.web.request import Request
from core.web.showing import create_url, kind_of, label_of, layout_for, resolve
from core.web.urls import with_query
from core.web.viewmodels import BarPart, Board, BoardCard, BoardColumn, ListPage

MOST_GROUPS = 20_000
"""Days of a board by months are counted apart."""
FOLDED = "folded"
LISTS_ONLY: dict[str, Any] = {"group_options": [], "all_columns": [], "page_sizes": [], "bulk_actions": []}
"""Tools that a board has no use for."""


@dataclass
class Boarding:
    """A board being made."""

    made: Listing
    axis: Axis
    query: Query
    limit: int

    @property
    def env(self) -> Env:
        """Whose board it is."""
        return self.made.env

    @property
    def rtype(self) -> RecordType:
        """What stands on it."""
        return self.made.rtype


def prepare(env: Env, rtype: RecordType, pairs: Sequence[tuple[str, str]]) -> Boarding:
    """The board that an address means; NotFound when the type has none."""
    layout = layout_for(env, rtype, "kanban")
    names = {k for k, _v in pairs}
    own = [("order", ",".join(layout.get("order") or ()))] if not names & {"s", "order", "view"} else []
    views = listviews.views_of(env, rtype.name)
    made = lists.listing(env, rtype, [*pairs, *own, (FACE, BOARD)], views)
    if own and own[0][1]:
        made.base = {**made.base, "order": list(made.state.order)}
    axis = axis_of(env, rtype, made.state)
    if axis is None:
        raise NotFound(_("There is no board of these records."))
    query = made.query if axis.condition is None else made.query.where(axis.condition)
    return Boarding(made, axis, query, int(layout.get("limit") or 20))


def page(env: Env, request: Request, rtype: RecordType) -> ListPage:
    """The view model of a board."""
    board = prepare(env, rtype, request.args())
    made = board.made
    model = ListPage(rtype.name, env.t(rtype.plural), made.state.path, icon=rtype.icon)
    model.create_url = create_url(env, rtype)
    model.can_create = bool(model.create_url)
    model.can_edit = is_movable(env, rtype, board.axis.by) and made.state.show != "archived"
    slot = lists.slot_of(made, request)
    if "tools" not in slot:
        slot["tools"] = {**list_parts.tools(made), **LISTS_ONLY}
        slot["html"] = {}
    for name, value in slot["tools"].items():
        setattr(model, name, value)
    model.kept = slot["html"]
    counted = heads(board)
    folded = folded_columns(made, board.axis.by)
    shown = [d for d in board.axis.divisions if d.kept or counted.get(d.key)]
    opened = [d for d in shown if d.key not in folded]
    pages = _pages(board, opened, counted)
    draw = card_maker(board)
    columns = [_column(board, d, counted.get(d.key), pages.get(d.key), d.key in folded, draw, model) for d in shown]
    model.board = Board(columns, _url(board, "move"), _url(board, "moves"), _url(board, "fold"), model.can_edit,
                        board.axis.pickers, board.axis.by.name)
    total = sum(c.count for c in counted.values())
    model.count_text = env.t(n_("{shown} record", "{shown} records", total, shown=env.format.number(total)))
    model.chips = list_parts.chips(made)
    model.clear_url = made.state.url(q="", criteria="", filters={}, show="") if model.chips or made.state.q else ""
    model.notice = " · ".join(made.problems)
    if not total:
        model.empty = lists.empty_state(made, model)
    return model


def _url(board: Boarding, what: str) -> str:
    return with_query(f"{board.made.state.path}/{what}", board.made.state.pairs())


# ---------------------------------------------------------------- heads
@dataclass
class Head:
    """Count, sums (by currency, "" for none) and how many have each value of the bar's field."""

    count: int = 0
    sums: dict[str, Any] | None = None
    bar: dict[Any, int] | None = None


def heads(board: Boarding) -> dict[str, Head]:
    """Counts and sums of all columns that hold something, by one statement."""
    one, added = board.axis.by, sum_field(board.env, board.rtype)
    currency, bar = _currency_of(board, added), _bar_field(board)
    groups = [one.name, *([currency] if currency else []), *([bar.name] if bar and bar is not one else [])]
    rows = board.query.aggregate(groups, [added.name] if added else [], limit=MOST_GROUPS)
    known = {d.key for d in board.axis.divisions}
    found: dict[str, Head] = {}
    for row in rows:
        key = board.axis.key_of(row[one.name])
        head = found.setdefault(key if key in known else OTHER, Head(sums={}, bar={}))
        head.count += row["count"]
        if bar and head.bar is not None:
            head.bar[row[bar.name]] = head.bar.get(row[bar.name], 0) + row["count"]
        amount = row.get(f"sum:{added.name}") if added else None
        if amount is not None and head.sums is not None:
            code = (row[currency].label or "" if row[currency] else "") if currency else ""
            head.sums[code] = amount + head.sums[code] if code in head.sums else amount
    return found


def _currency_of(board: Boarding, added: Field | None) -> str:
    """The field with the currency of what is added up: amounts of several currencies are never mixed."""
    name = added.currency if isinstance(added, MoneyField) else None
    return name if name and resolve(board.env, board.rtype, name) else ""


def _bar_field(board: Boarding) -> ChoiceField | None:
    """The choice whose values make the bar of a head."""
    name = layout_for(board.env, board.rtype, "kanban").get("bar")
    found = resolve(board.env, board.rtype, name) if isinstance(name, str) and "." not in name else None
    return found[1] if found is not None and isinstance(found[1], ChoiceField) and found[1].filterable else None


def bar_parts(board: Boarding, head: Head | None) -> list[BarPart]:
    """The stretches of a head's bar, in the order of the choice's options."""
    one = _bar_field(board)
    if one is None or head is None or not head.bar or not head.count:
        return []
    made: list[BarPart] = []
    start = 0.0
    for option in one.options:
        count = head.bar.get(option.value, 0)
        if count:
            label = board.env.t(_("{label}: {count}", label=board.env.t(option.label), count=board.env.format.number(count)))
            made.append(BarPart(label, option.colour, round(start, 2), round(100 * count / head.count, 2)))
            start += 100 * count / head.count
    return made


def total_texts(board: Boarding, head: Head | None) -> tuple[str, str]:
    """The sums of a column, short and exact."""
    added = sum_field(board.env, board.rtype)
    if added is None or head is None or not head.sums:
        return "", ""
    show, short, exact = board.env.format, [], []
    for code, amount in head.sums.items():
        if kind_of(added) == "money":
            short.append(show.short_money(Decimal(amount), code or base_currency(board.env)))
            exact.append(show.money_exact(Decimal(amount), code or base_currency(board.env)))
        else:
            short.append(value_cell(board.env, added, amount).text)
            exact.append(short[-1])
    return " + ".join(short), " + ".join(exact)


def head_json(board: Boarding, key: str, head: Head | None) -> dict[str, Any]:
    """What a script writes into the head of a column."""
    short, exact = total_texts(board, head)
    return {"count": board.env.format.number(head.count if head else 0), "total": short, "exact": exact,
            "bar": [asdict(part) for part in bar_parts(board, head)]}


# ---------------------------------------------------------------- columns
def _pages(board: Boarding, opened: Sequence[Division], counted: dict[str, Head]) -> dict[str, Page]:
    full = [d for d in opened if counted.get(d.key)]
    return dict(zip((d.key for d in full), cards_pages(board, full), strict=True))


def cards_pages(board: Boarding, divisions: Sequence[Division]) -> list[Page]:
    """The first cards of columns, by one statement."""
    return board.query.select(*paths(board)).first_pages([d.condition for d in divisions], board.limit)


def _column(board: Boarding, one: Division, head: Head | None, found: Page | None, folded: bool,
            draw: Callable[[dict[str, Any]], BoardCard], model: ListPage) -> BoardColumn:
    env, state = board.env, board.made.state
    count = head.count if head else 0
    made = BoardColumn(one.key, one.label, env.format.number(count), colour=one.colour, folded=folded, fixed=one.fixed,
                       figures=list(one.figures))
    made.count_label = env.t(n_("{shown} record", "{shown} records", count, shown=env.format.number(count)))
    made.total, made.total_exact = total_texts(board, head)
    made.bar = bar_parts(board, head)
    made.cards = [draw(row) for row in found.rows] if found else []
    made.cards_url = with_query(state.path, [*state.pairs(), ("column", one.key)])
    if found and found.next:
        made.more_url = with_query(state.path, [*state.pairs(), ("column", one.key), ("after", found.next)])
    made.url = _list_of(board, one)
    return made


def _list_of(board: Boarding, one: Division) -> str:
    """The list of a column's records."""
    field = board.axis.by
    text = NO_VALUE if one.key == EMPTY else f"#{one.value}" if field.type_name == "link" else str(one.value)
    if field.type_name == "date" and one.key != EMPTY:
        text = one.key[1:] + f"..{one.value}" if isinstance(one.value, dt.date) else ""
    state = replace(board.made.state, face="", extra=())
    return state.url(filters=state.with_filter(field.name, text).filters, order=()) if one.key != OTHER and text else ""


def more(board: Boarding, key: str, token: str) -> BoardColumn:
    """Cards of one column from a place on."""
    one = board.axis.division(key)
    if one is None:
        raise NotFound
    found = board.query.select(*paths(board)).where(one.condition).page(board.limit, token or None)
    draw = card_maker(board)
    made = BoardColumn(key, one.label, cards=[draw(row) for row in found.rows])
    state = board.made.state
    if found.next:
        made.more_url = with_query(state.path, [*state.pairs(), ("column", key), ("after", found.next)])
    return made


# ---------------------------------------------------------------- cards
def paths(board: Boarding) -> list[str]:
    """What cards need: their lines, title, owner, colour, and what says whether they are stale."""
    env, rtype, layout = board.env, board.rtype, layout_for(board.env, board.rtype, "kanban")
    wanted = [_title(board), *layout.field_names(), board.axis.by.name, layout.get("colour"), "version", "archived"]
    if rtype.owned:
        wanted.append("owner")
    wanted += with_currencies(env, rtype, layout.field_names())
    wanted += sorted(_stale_paths(board))
    return [p for p in dict.fromkeys(w for w in wanted if w) if p in ("version", "archived") or (
        (found := resolve(env, rtype, p)) and found[1].type_name != "children")]


def _title(board: Boarding) -> str:
    chosen = layout_for(board.env, board.rtype, "kanban").get("title")
    return str(chosen or board.rtype.title)


def _stale(board: Boarding) -> ast.Node | None:
    try:
        found = tree(layout_for(board.env, board.rtype, "kanban").get("stale"))
        return board.env.registry.node(board.rtype.name, found, "flag") if found is not None else None
    except ExpressionError:
        return None


def _stale_paths(board: Boarding) -> frozenset[str]:
    node = _stale(board)
    return ast.paths(node) if node is not None else frozenset()


def card_maker(board: Boarding) -> Callable[[dict[str, Any]], BoardCard]:
    """A function from a row to its card."""
    env, rtype, layout = board.env, board.rtype, layout_for(board.env, board.rtype, "kanban")
    title, base, suffix = _title(board), f"/r/{rtype.name}/", list_parts.context_suffix(board.made)
    lines: list[tuple[str, str, Maker]] = []
    for name in layout.field_names():
        found = resolve(env, rtype, name)
        if found and name not in (title, "owner", board.axis.by.name) and found[1].type_name not in ("children", "richtext"):
            lines.append((name, label_of(env, rtype, name), maker_for(env, found[1], name)))
    tint = _tints(board)
    is_stale = _stale_test(board)
    said = env.t(_("Left alone for too long"))
    has_owner = rtype.owned and "owner" in rtype.fields

    def make(row: dict[str, Any]) -> BoardCard:
        cells = [(label, cell) for name, label, cell in ((n, text, draw(row[n], row)) for n, text, draw in lines)
                 if cell.text or cell.badges or cell.restricted]
        who = row.get("owner") if has_owner else None
        face = person(who.id, who.label) if isinstance(who, Link) and who.label else None
        return BoardCard(row["id"], f"{base}{row['id']}{suffix}", str(row.get(title) or f"#{row['id']}"), row["version"], cells,
                         face, tint(row), said if is_stale(row) else "")
    return make


def _tints(board: Boarding) -> Callable[[dict[str, Any]], str]:
    name = layout_for(board.env, board.rtype, "kanban").get("colour")
    found = resolve(board.env, board.rtype, name) if isinstance(name, str) else None
    if found is None:
        return lambda row: ""
    options = {o.value: o.colour for o in found[1].options} if isinstance(found[1], ChoiceField) else {t: t for t in TINTS}
    return lambda row: options.get(str(row.get(name)), "")


def _stale_test(board: Boarding) -> Callable[[dict[str, Any]], bool]:
    node = _stale(board)
    if node is None:
        return lambda row: False
    run, context = to_python(node), board.env.context
    return lambda row: bool(run(Values(row), context))


# ---------------------------------------------------------------- folding
def folded_columns(made: Listing, one: Field) -> frozenset[str]:
    """The keys of columns that this person folded."""
    own = listviews.own_columns(made.views)
    stored = own.settings.get(FOLDED) if own is not None and isinstance(own.settings, dict) else None
    keys = stored.get(one.name) if isinstance(stored, dict) else None
    return frozenset(str(k) for k in keys) if isinstance(keys, list) else frozenset()


def fold(board: Boarding, key: str, folded: bool) -> None:
    """Remember for this person that a column is folded, or not any more."""
    made, one = board.made, board.axis.by
    if board.axis.division(key) is None:
        raise NotFound
    own = listviews.own_columns(made.views)
    stored = dict(own.settings.get(FOLDED) or {}) if own is not None and isinstance(own.settings, dict) else {}
    keys = (folded_columns(made, one) - {key}) | ({key} if folded else set())
    known = {d.key for d in board.axis.divisions}
    stored[one.name] = sorted(keys & known)
    listviews.keep_columns(board.env, board.rtype.name, 0, {FOLDED: stored})
