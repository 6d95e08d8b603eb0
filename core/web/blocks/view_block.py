"""A list of records in a page: those for which an expression holds, with columns, an order and pages of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import text_in
from core.records.fields import MoneyField
from core.ui import BlockKind, OptionSpec
from core.web.blocks.shown import Shown, bound
from core.web.cells import column_cells
from core.web.links import list_link
from core.web.list_parts import label_of
from core.web.lists import ALIGN_END
from core.web.showing import layout_for, listable, resolve
from core.web.urls import record_url, with_query
from core.web.viewmodels import Column, EmptyState, Panel, Row, SimpleTable

if TYPE_CHECKING:
    from core.env import Env
    from core.registry.compose import RecordType

ROWS = 8
COLUMNS = 5


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """A page of the list, with the addresses of its neighbours."""
    options = block["options"]
    rtype = env.registry.records[options["record"]]
    where = bound(shown, options.get("where"))
    query = env.query(rtype.name).where(where).spoken()
    order = [p for p in options.get("order") or () if resolve(env, rtype, p.removeprefix("-"))]
    columns = _columns(env, rtype, options)
    currencies = [f.currency for p, f in columns if isinstance(f, MoneyField) and f.currency and "." not in p
                  and resolve(env, rtype, f.currency)]
    query = (query.order(*order) if order else query).select(*dict.fromkeys([*(p for p, _f in columns), *currencies]))
    page = query.page(int(options.get("limit") or ROWS), shown.token or None)
    makers = [column_cells(env, rtype, p, f, title=i == 0) for i, (p, f) in enumerate(columns)]
    title = text_in(block.get("label"), env.lang, env.t) or env.t(rtype.plural)
    made = Panel(title, icon=block.get("icon") or rtype.icon, url=list_link(env, rtype.name, where, order=tuple(order)))
    if not page.rows and not shown.token:
        made.empty = EmptyState(env.t(_("No {records}", records=env.t(rtype.plural))), icon=rtype.icon)
        return made
    made.table = SimpleTable(
        [Column(p, label_of(env, rtype, p), f.type_name, align="end" if f.type_name in ALIGN_END else "start") for p, f in columns],
        [Row(row["id"], record_url(rtype.name, row["id"]), [make(row) for make in makers]) for row in page.rows], caption=title,
        next_url=with_query(shown.url, {"after": page.next}) if shown.url and page.next else "",
        previous_url=with_query(shown.url, {"after": page.previous}) if shown.url and page.previous else "")
    return made


def _columns(env: Env, rtype: RecordType, options: Mapping[str, Any]) -> list[tuple[str, Any]]:
    wanted = list(options.get("columns") or layout_for(env, rtype, "list").field_names()[:COLUMNS])
    if rtype.title not in wanted:
        wanted.insert(0, rtype.title)
    found = [(p, known[1]) for p in wanted if (known := resolve(env, rtype, p)) and listable(known[1])]
    found.sort(key=lambda pair: pair[0] != rtype.title)
    return found or [("id", rtype.fields["id"])]


KIND = BlockKind("view", _("List of records"), draw, icon="table", help=_("Records for which an expression holds, with chosen columns."),
                 lazy=True, options=(
    OptionSpec("record", _("Record type"), "record", required=True),
    OptionSpec("where", _("Only records for which"), "where"),
    OptionSpec("columns", _("Columns"), "fields", help=_("Names of fields with commas between; empty: those of its list.")),
    OptionSpec("order", _("Order", context="sorting"), "order",
               help=_("Names of fields with commas between; a minus sign turns one around.")),
    OptionSpec("limit", _("Rows"), "number", least=1, most=50)))
