"""What no longer fits in customised layouts after an upgrade, each with a suggestion that is one click away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from core.api import Env, Message, NotFound, _, change_customising, layouts
from core.web_api import Action, AdminPage, Badge, Cell, Column, EmptyState, Request, Response, Row, SimpleTable, admin_page, with_query

from .layout_owners import Place, owners
from .layout_pages import BASE
from .layout_panel import KINDS
from .layout_saving import problems
from .layout_words import Names, told
from .site import pages

URL = f"{BASE}/problems"
WAYS: dict[str, tuple[Message, str]] = {
    "accept": (_("Accept as it stands now"), "check2"), "back": (_("Put it back where it was meant"), "arrow-90deg-left"),
    "keep": (_("Keep mine"), "person-check"), "theirs": (_("Take the addon's"), "box-arrow-in-down"),
    "rename": (_("It is called “{node}” now"), "input-cursor-text"), "drop": (_("Remove the change"), "trash")}
DANGEROUS = frozenset(("drop", "theirs"))
MOST = 300


@dataclass(frozen=True)
class Found:
    """A problem of one layer; `key` names it from one page to the next."""

    place: Place
    problem: layouts.Problem

    @property
    def key(self) -> str:
        """A digest of where it is and what it is about."""
        text = "|".join((self.place.target, self.problem.kind, self.problem.node, self.problem.message.english()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def found(env: Env) -> Iterator[Found]:
    """All problems of customised layouts."""
    for target in sorted(env.registry.customising.of("layout")):
        record, kind, owner = [*target.split("|", 2), "", ""][:3]
        if record in env.registry.records and kind in KINDS:
            at = Place(record, kind, owner)
            yield from (Found(at, problem) for problem in problems(env, at))


@pages.route("/layout/problems", methods=("GET", "POST"), area="layouts")
def layout_problems(env: Env, request: Request) -> Response:
    """The list; a POST mends one."""
    listed = list(found(env))[:MOST]
    if request.posted:
        chosen = next((one for one in listed if one.key == request.value("key")), None)
        if chosen is None:
            raise NotFound(_("This was mended meanwhile."))
        mended(env, chosen, request.value("way"))
        request.flash(env.t(_("Mended.")))
        return request.redirect(URL)
    page = AdminPage("", intro=env.t(_("Upgrades go on beneath what was customised here. What an upgrade moved, renamed or took away is "
                                       "listed with a suggestion; until then the pages are drawn as well as they can be.")))
    if listed:
        page.table = _table(env, listed)
    else:
        page.empty = EmptyState(env.t(_("Everything fits")), env.t(_("No layout was customised in a way that the addons have outgrown.")),
                                "check2-circle")
    page.actions = [Action(env.t(_("Page layouts")), BASE, "layout-text-window-reverse")]
    return admin_page(env, request, _("What no longer fits"), page, active=BASE)


def mended(env: Env, chosen: Found, way: str) -> None:
    """Mend one problem; DefinitionError for a way that does not fit it."""
    at = chosen.place
    before = at.stored(env)
    made = layouts.mend(env.registry.base_layout(at.record, at.kind), at.below(env), at.change(env), chosen.problem, way, at.owner)
    data = layouts.dump_changes(made)
    change_customising(env, "layout", at.target, data if data["changes"] or data.get("aliases") else None, expected=before)


def _table(env: Env, listed: list[Found]) -> SimpleTable:
    rows, actions = [], {}
    labels: dict[tuple[str, str], dict[str, str]] = {}
    names: dict[Place, Names] = {}
    for number, one in enumerate(listed):
        at = one.place
        if at not in names:
            names[at] = Names(env, at, at.change(env))
        who = labels.setdefault((at.record, at.kind), dict(owners(env, at.record, at.kind)))
        where = f"{env.t(env.registry.record(at.record).plural)}: {env.t(KINDS[at.kind][0])}"
        rows.append(Row(number, "", [Cell("title", where, with_query(at.url(), {"for": at.owner})),
                                     Cell(badges=[Badge(who.get(at.owner, at.owner), "grey")]),
                                     Cell("longtext", told(env, names[at], one.problem), dir="auto")]))
        actions[number] = list(_actions(env, one, names[at].page))
    heads = [Column("where", env.t(_("Page"))), Column("who", env.t(_("For"))), Column("what", env.t(_("What no longer fits")))]
    return SimpleTable(heads, rows, actions, caption=env.t(_("What no longer fits")))


def _actions(env: Env, one: Found, page: layouts.Layout) -> Iterator[Action]:
    for way in layouts.ways(one.problem, page):
        label, icon = WAYS[way]
        text = env.t(_(label, node=layouts.nearest(one.problem, page)) if way == "rename" else label)
        yield Action(text, URL, icon, kind="post", fields={"key": one.key, "way": way},
                     confirm=env.t(_("Take this change of the layout away?")) if way in DANGEROUS else "")
