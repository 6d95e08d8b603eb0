"""A list of records in a page: those for which an expression holds, with columns, an order and pages of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.i18n.messages import _
from core.layouts import text_in
from core.ui import BlockKind, OptionSpec
from core.web.blocks.shown import Shown, bound
from core.web.links import list_link
from core.web.small_tables import ROWS, chosen_columns, heads, ordered, read, rows
from core.web.urls import with_query
from core.web.viewmodels import EmptyState, Panel, SimpleTable

if TYPE_CHECKING:
    from core.env import Env


def draw(env: Env, block: Mapping[str, Any], shown: Shown) -> Panel | None:
    """A page of the list, with the addresses of its neighbours."""
    options = block["options"]
    rtype = env.registry.records[options["record"]]
    where = bound(shown, options.get("where"))
    order = ordered(env, rtype, options.get("order"))
    columns = chosen_columns(env, rtype, options.get("columns"))
    query = env.query(rtype.name).where(where)
    page = read(query.order(*order) if order else query, columns, int(options.get("limit") or ROWS), shown.token or None)
    title = text_in(block.get("label"), env.lang, env.t) or env.t(rtype.plural)
    made = Panel(title, icon=block.get("icon") or rtype.icon, url=list_link(env, rtype.name, where, order=tuple(order)))
    if not page.rows and not shown.token:
        made.empty = EmptyState(env.t(_("No {records}", records=env.t(rtype.plural))), icon=rtype.icon)
        return made
    made.table = SimpleTable(
        heads(env, rtype, columns), rows(env, rtype, columns, page.rows), caption=title,
        next_url=with_query(shown.url, {"after": page.next}) if shown.url and page.next else "",
        previous_url=with_query(shown.url, {"after": page.previous}) if shown.url and page.previous else "")
    return made


KIND = BlockKind("view", _("List of records"), draw, icon="table", help=_("Records for which an expression holds, with chosen columns."),
                 lazy=True, options=(
    OptionSpec("record", _("Record type"), "record", required=True),
    OptionSpec("where", _("Only records for which"), "where"),
    OptionSpec("columns", _("Columns"), "fields", help=_("Names of fields with commas between; empty: those of its list.")),
    OptionSpec("order", _("Order", context="sorting"), "order",
               help=_("Names of fields with commas between; a minus sign turns one around.")),
    OptionSpec("limit", _("Rows"), "number", least=1, most=50)))
