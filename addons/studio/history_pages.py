"""Everything that was customised, newest first: who, when, the difference, and the way back."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from core.api import CUSTOM_KINDS, ActionLink, Env, HistoryRow, NotFound, SarnakhError, ValidationFailed, _, history, n_, revert
from core.web_api import (
    Action,
    AdminPage,
    Badge,
    Cell,
    Column,
    EmptyState,
    Panel,
    Request,
    Response,
    Row,
    SimpleTable,
    admin_page,
    with_query,
)

from .fields_applying import told
from .history_diff import lines, subject
from .site import LINKS, pages
from .types_info import BASE
from .types_pages import tabs

HISTORY = "/x/studio/history"
PAGE, READ, MOST_PIECES = 30, 400, 40
LINKS.append(("layouts", ActionLink(_("Changes of the studio"), HISTORY, "arrow-counterclockwise", help=_(
    "What was customised, by whom, with the difference and the way back."))))


@pages.route("/history", area="layouts")
def changes(env: Env, request: Request) -> Response:
    """One line for each change, however many pieces it had."""
    record = request.arg("record")[:120]
    rtype = env.registry.records.get(record)
    rows = history(env, about=record, until=_moment(request.arg("until")), limit=READ)
    batches = [list(group) for _batch, group in groupby(rows, lambda row: row.batch)]
    if len(rows) == READ and len(batches) > 1:
        batches.pop()  # there may be more of it than was read
    shown = batches[:PAGE]
    people = env.labels("base.user", {row.who for batch in shown for row in batch if row.who})
    page = AdminPage("", tabs=tabs(env, record, "history") if rtype is not None else [], intro=env.t(_(
        "Every change of fields, record types, rules and layouts. Each can be looked at and taken back.")))
    page.table = SimpleTable(
        [Column("when", env.t(_("When")), "datetime"), Column("who", env.t(_("Who"))), Column("what", env.t(_("What"))),
         Column("kinds", env.t(_("Kind")))], [_row(env, i, batch, people) for i, batch in enumerate(shown)],
        caption=env.t(_("Changes of the studio")),
        empty=EmptyState(env.t(_("Nothing was changed yet")), env.t(_("As soon as something is customised it stands here.")),
                         "clock-history", actions=[Action(env.t(_("Fields and record types")), BASE)]))
    if len(batches) > PAGE or len(rows) == READ:
        page.table.next_url = with_query(HISTORY, {"record": record, "until": shown[-1][-1].at.isoformat()})
    return admin_page(env, request, rtype.plural if rtype is not None else _("Changes of the studio"), page,
                      active=BASE if rtype is not None else HISTORY)


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text.replace(" ", "+")) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=dt.UTC)


def _row(env: Env, index: int, batch: list[HistoryRow], people: dict[int, str]) -> Row:
    first = _leading(batch)
    url = f"{HISTORY}/{first.batch}"
    said = title(env, batch)
    kinds = dict.fromkeys(row.kind for row in batch)
    return Row(index, url, [Cell("datetime", env.format.relative(first.at), title=env.format.datetime(first.at)),
                            Cell(text=people.get(first.who or 0, "")), Cell("title", said, url),
                            Cell(badges=[_what(env, first), *(Badge(_kind(env, kind)) for kind in kinds)])])


def _leading(batch: list[HistoryRow]) -> HistoryRow:
    """The piece that a change is called by: the one its note names, a record type before its fields, these before layouts."""
    order = {"record": 0, "field": 1, "rule": 2}
    return min(batch, key=lambda row: (row.target != row.note.removeprefix("↶ "), order.get(row.kind, 3)))


def title(env: Env, batch: list[HistoryRow]) -> str:
    """What a change was about, in one line."""
    first = _leading(batch)
    said = subject(env, first.kind, first.target, first.after or first.before)
    if first.note.startswith("↶"):
        said = env.t(_("Taken back: {what}", what=said))
    more = len(batch) - 1
    return env.t(n_("{what} and {count} more", "{what} and {count} more", more, what=said)) if more else said


def _what(env: Env, row: HistoryRow) -> Badge:
    if row.before is None:
        return Badge(env.t(_("New")), "green")
    return Badge(env.t(_("Deleted")), "red") if row.after is None else Badge(env.t(_("Changed")), "blue")


def _kind(env: Env, kind: str) -> str:
    return env.t(CUSTOM_KINDS[kind].label) if kind in CUSTOM_KINDS else kind


@pages.route("/history/<batch>", methods=("GET", "POST"), area="layouts")
def change(env: Env, request: Request, batch: str) -> Response:
    """One change with its differences; taking it back."""
    rows = history(env, batch=batch[:40], limit=MOST_PIECES + 1)
    if not rows:
        raise NotFound(_("There is no such change."))
    url = f"{HISTORY}/{batch}"
    if request.posted:
        return _take_back(env, request, batch, url)
    people = env.labels("base.user", {row.who for row in rows if row.who})
    page = AdminPage("", intro=f"{people.get(rows[0].who or 0, '')} · {env.format.datetime(rows[0].at)}".strip(" ·"))
    page.actions = [Action(env.t(_("Take it back")), url, "arrow-counterclockwise", kind="post", confirm=env.t(_(
        "Put everything back to what it was before this change? That is a change of its own and can be taken back as well.")))]
    for row in sorted(rows[:MOST_PIECES], key=lambda one: one is not _leading(rows)):
        page.panels.append(_panel(env, row))
    if len(rows) > MOST_PIECES:
        page.intro += " · " + env.t(_("The first {count} pieces are shown.", count=MOST_PIECES))
    return admin_page(env, request, title(env, rows), page, active=HISTORY)


def _panel(env: Env, row: HistoryRow) -> Panel:
    found = lines(env, row.before, row.after)
    columns = [Column("where", env.t(_("What"))), Column("before", env.t(_("Before", context="difference"))),
               Column("after", env.t(_("After", context="difference")))]
    table = SimpleTable(columns, [
        Row(i, "", [Cell(text=where), Cell(text=before or "—", dir="auto"), Cell(text=after or "—", dir="auto")])
        for i, (where, before, after) in enumerate(found)])
    said = f"{_what(env, row).label} · {_kind(env, row.kind)}: {subject(env, row.kind, row.target, row.after or row.before)}"
    return Panel(said, table=table)


def _take_back(env: Env, request: Request, batch: str, url: str) -> Response:
    env.commit()
    try:
        made = revert(env.installation, env.actor, batch)
    except ValidationFailed as error:
        request.flash(" ".join(told(env, error.errors)), "error")
        return request.redirect(url)
    except NotFound:
        raise
    except SarnakhError as error:
        request.flash(env.t(error.message), "error")
        return request.redirect(url)
    request.flash(env.t(_("Everything is as it was before.")))
    return request.redirect(f"{HISTORY}/{made}")
