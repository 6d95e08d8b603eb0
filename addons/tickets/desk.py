"""The agents' desk: the list of tickets and one conversation side by side. A fixed number of statements, whatever there is.

The address is that of a list (filters, search, a saved view), with `v` for one of the desk's own views and `t` for the ticket.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from addons.base import macros
from core.api import ME, Env, F, NotFound, _
from core.web_api import Action, Badge, EmptyState, Option, Request, Response, Tab, listed, person, record_url, saved_views, with_query

from . import canned, conversation, statuses
from .choices import IN, LANGUAGES, OPEN, PRIORITIES, PUBLIC, QUEUE, SLA_STATES, TICKET

URL = "/x/tickets/desk"
SHOWN = 40
CAP = 99
VIEWS = {
    "mine": (_("Mine"), (F.owner == ME) & F.live),
    "answer": (_("To answer"), ((F.owner == ME) | F.owner.is_null()) & (F.state == OPEN)),
    "nobodys": (_("Nobody's"), F.owner.is_null() & F.live),
    "live": (_("All live ones"), F.live),
}
COUNTED = ("mine", "nobodys")
PATHS = ("subject", "number", "requester", "requester_name", "requester_email", "account", "status", "state", "priority", "owner",
         "last_message_at", "last_from", "created_at")
OPENED = (*PATHS, "queue", "category", "channel", "language", "severity", "description", "tags", "merged_into", "continues", "split_from",
          "resolution_due", "first_response_due", "first_responded_at", "sla_state", "satisfaction", "satisfaction_comment",
          "requester.email", "requester.mobile", "requester.job_title", "requester.preferred_language", "version")
COLOURS = {value: colour for value, _label, colour in PRIORITIES}


@dataclass
class Line:
    """One ticket in the list."""

    id: int
    url: str
    subject: str
    number: str
    who: str
    when: str
    exact: str
    status: Badge
    priority: Badge | None = None
    owner: Any = None
    waits: bool = False
    current: bool = False


@dataclass
class Said:
    """One message, or what the ticket began with."""

    id: int
    kind: str
    who: Any
    name: str
    when: str
    exact: str
    html: Markup
    files: list[tuple[str, str]] = field(default_factory=list)
    from_customer: bool = False
    elsewhere: str = ""


@dataclass
class Opened:
    """The ticket whose conversation is shown."""

    id: int
    url: str
    subject: str
    number: str
    who: str
    address: str
    badges: list[Badge]
    said: list[Said]
    earlier_url: str = ""
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    blocks: list[Any] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    menu: list[Action] = field(default_factory=list)
    macros: list[Action] = field(default_factory=list)
    may: bool = False
    statuses: list[Option] = field(default_factory=list)
    after: list[Option] = field(default_factory=list)
    priorities: list[Option] = field(default_factory=list)
    queues: list[Option] = field(default_factory=list)
    canned: list[Any] = field(default_factory=list)
    articles: bool = False
    previous: str = ""
    next: str = ""
    notice: str = ""


@dataclass
class DeskPage:
    """Everything the template draws."""

    title: str
    tabs: list[Tab]
    lines: list[Line]
    here: str
    search: str
    hidden: list[tuple[str, str]]
    problems: list[str]
    more: str = ""
    first: str = ""
    opened: Opened | None = None
    empty: EmptyState | None = None
    new: Action | None = None


def show(env: Env, request: Request) -> Response:
    """The desk, with or without an open ticket."""
    env.require("read", TICKET)
    pairs = [(k, v) for k, v in request.args() if k not in ("t", "after")]
    name = request.arg("v")
    if name not in VIEWS and not any(k in ("view", "criteria", "q") or k.startswith("filter.") for k, _v in pairs):
        name = "mine"
    query, problems = listed(env, TICKET, [("s", "1") if k == "v" else (k, v) for k, v in pairs])
    query = query.where(VIEWS[name][1]) if name in VIEWS else query
    kept = [(k, v) for k, v in pairs if k != "v"] + ([("v", name)] if name in VIEWS else [])
    page = query.order("-last_message_at", "-id").select(*PATHS).page(SHOWN, request.arg("after") or None)
    here = with_query(URL, kept)
    key = request.arg_int("t")
    lines = [_line(env, row, kept, key) for row in page.rows]
    model = DeskPage(env.t(_("Desk", context="of agents")), _tabs(env, name, request.arg_int("view")), lines, here, request.arg("q"),
                     [(k, v) for k, v in kept if k != "q"], problems)
    model.more = with_query(URL, [*kept, ("after", page.next)]) if page.next else ""
    model.first = lines[0].url if lines else ""
    if key:
        model.opened = opened(env, key, here)
        at = next((i for i, line in enumerate(lines) if line.id == key), None)
        if at is not None:
            model.opened.previous = lines[at - 1].url if at else ""
            model.opened.next = lines[at + 1].url if at + 1 < len(lines) else ""
        else:
            model.opened.next = model.first
    if env.can("create", TICKET):
        model.new = Action(env.t(_("New ticket")), with_query(f"/r/{TICKET}/quick", {"next": here}), "plus-lg", kind="sheet",
                           style="primary", shortcut="c")
    if not lines:
        model.empty = EmptyState(env.t(_("No tickets here")), env.t(_("Choose another view, or enjoy the quiet.")), "inbox")
    if request.fragment == "desk":
        return request.render_fragment("tickets/desk_body.html", model)
    return request.render("tickets/desk.html", model, title=model.title, active=URL)


def _tabs(env: Env, name: str, view: int) -> list[Tab]:
    made = []
    for key, (label, condition) in VIEWS.items():
        count = ""
        if key in COUNTED:
            found = env.query(TICKET).where(condition).count(cap=CAP + 1)
            count = env.format.number(found) if found <= CAP else env.t(_("{count}+", count=env.format.number(CAP)))
        made.append(Tab(key, env.t(label), count, with_query(URL, {"v": key}), active=key == name and not view))
    for saved in saved_views(env, TICKET):
        made.append(Tab(f"view{saved.id}", saved.name, "", with_query(URL, {"view": str(saved.id)}), active=saved.id == view))
    return made


def _badge(env: Env, link: Any) -> Badge:
    row = statuses.known(env).get(link.id) if link else None
    return Badge(row["name"], row["colour"]) if row else Badge("—", "grey")


def _line(env: Env, row: dict[str, Any], kept: list[tuple[str, str]], current: int) -> Line:
    high = row["priority"] in ("high", "urgent")
    at = row["last_message_at"] or row["created_at"]
    owner = row["owner"]
    return Line(row["id"], with_query(URL, [*kept, ("t", str(row["id"]))]), row["subject"], row["number"] or "", _who(row),
                env.format.relative(at, env.now), env.format.datetime(at), _badge(env, row["status"]),
                Badge(env.t(dict((v, t) for v, t, _c in PRIORITIES)[row["priority"]]), COLOURS[row["priority"]]) if high else None,
                person(owner.id, owner.label) if owner and owner.label else None, row["last_from"] == IN and row["state"] == OPEN,
                row["id"] == current)


def _who(row: dict[str, Any]) -> str:
    for name in ("requester", "account"):
        if row[name] is not None and row[name].label:
            return str(row[name].label)
    return str(row["requester_name"] or row["requester_email"] or "")


# ---------------------------------------------------------------- one ticket
def opened(env: Env, key: int, here: str) -> Opened:
    """One ticket with its conversation; NotFound when it may not be seen."""
    rows = env.query(TICKET).archived(None).with_ids([key]).select(*OPENED).rows(1)
    if not rows:
        raise NotFound(_("There is no such ticket, or you may not see it."))
    row = rows[0]
    said, earlier = conversation.thread(env, key)
    may = env.allowed_ids("update", TICKET, [key]) == {key}
    made = Opened(key, record_url(TICKET, key), row["subject"], row["number"] or "", _who(row),
                  row["requester.email"] or row["requester_email"] or "", [_badge(env, row["status"])], _messages(env, row, said), may=may)
    made.earlier_url = record_url(TICKET, key) + "?t=ticket" if earlier else ""
    if row["priority"] in ("high", "urgent"):
        made.badges.append(Badge(env.t(dict((v, t) for v, t, _c in PRIORITIES)[row["priority"]]), COLOURS[row["priority"]]))
    if row["sla_state"] not in (None, "none"):
        made.badges.append(next(Badge(env.t(t), c) for v, t, c in SLA_STATES if v == row["sla_state"]))
    made.facts = _facts(env, row)
    account, contact = (row[n].id if row[n] is not None else None for n in ("account", "requester"))
    made.blocks = env.registry.record(TICKET).cls.history(env, account, contact, key)  # type: ignore[attr-defined]
    made.articles = "knowledge" in env.registry.addons
    if row["merged_into"] is not None:
        made.notice = env.t(_("Merged into {name}.", name=row["merged_into"].label or "—"))
    if may:
        _tools(env, made, row, here)
    made.menu.append(_watch(env, made, here))
    return made


def _watch(env: Env, made: Opened, here: str) -> Action:
    """Being told of what is said, or not any more: for readers as well."""
    watches = env.query("base.follow").holding("about", [made.id], TICKET).where(F.user == env.actor.id).exists()
    return Action(env.t(_("Stop watching") if watches else _("Watch")), f"{made.url}/follow", "bell-fill" if watches else "bell",
                  kind="post", fields={"next": here_of(here, made)}, active=watches)


def _tools(env: Env, made: Opened, row: dict[str, Any], here: str) -> None:
    base, back = f"{URL}/{made.id}", {"next": here_of(here, made)}
    usable = [(k, s) for k, s in statuses.known(env).items() if statuses.usable(s)]
    now = row["status"].id
    made.statuses = [Option(str(k), s["name"], selected=k == now) for k, s in usable]
    made.after = [Option("", env.t(_("and leave the status")))] + [
        Option(str(k), env.t(_("and set to “{status}”", status=s["name"]))) for k, s in usable if k != now]
    made.priorities = [Option(v, env.t(t), selected=v == row["priority"]) for v, t, _c in PRIORITIES]
    queues = env.query(QUEUE).where(F.active).order("position", "name").select("name").rows(100)
    made.queues = [Option("", env.t(_("No queue")), selected=row["queue"] is None)] + [
        Option(str(q["id"]), q["name"], selected=row["queue"] is not None and row["queue"].id == q["id"]) for q in queues]
    made.canned = canned.offered(env, row["language"] or row["requester.preferred_language"], row["category"] and row["category"].id)
    if env.can("transfer", TICKET):
        mine = row["owner"] is not None and row["owner"].id == env.actor.id
        if not mine:
            made.actions.append(Action(env.t(_("Take")), f"{base}/take", "hand-index-thumb", kind="post", fields=back))
        made.actions.append(Action(env.t(_("Assign")), with_query(f"{made.url}/owner", back), "person-check",
                                   kind="dialog", shortcut="a"))
    made.actions.append(Action(env.t(_("Edit")), with_query(f"{made.url}/edit", back), "pencil", kind="sheet",
                               shortcut="e"))
    made.menu = [Action(env.t(_("Merge…")), with_query("/x/tickets/merge", {"kept": str(made.id), **back}), "intersect",
                        kind="sheet"),
                 Action(env.t(_("Split…")), f"/x/tickets/{made.id}/split", "signpost-split", kind="sheet")]
    made.macros = [Action(m["name"], f"/macros/{TICKET}", "lightning-charge", kind="post", name="macro", value=str(m["id"]),
                          fields={"ids": str(made.id), **back}) for m in macros.usable(env, TICKET)]
    if row["merged_into"] is not None:
        made.menu = [Action(env.t(_("Take out again")), f"/x/tickets/{made.id}/unmerge", "arrow-counterclockwise", kind="post")]
    made.menu.append(Action(env.t(_("Link to rate")), f"/x/tickets/{made.id}/rating", "star", kind="dialog"))


def here_of(here: str, made: Opened) -> str:
    """The address of the desk with this ticket open."""
    return f"{here}{'&' if '?' in here else '?'}t={made.id}"


def _messages(env: Env, row: dict[str, Any], said: list[dict[str, Any]]) -> list[Said]:
    made = []
    if row["description"]:
        begun = Markup(conversation.as_html(row["description"]))  # noqa: S704 - escaped there
        made.append(Said(0, PUBLIC, None, _who(row), env.format.relative(row["created_at"], env.now),
                         env.format.datetime(row["created_at"]), begun, from_customer=True))
    for one in said:
        author, contact = one["author"], one["contact"]
        outside = (contact.label if contact else "") or one["sender"] or _who(row)
        name = (author.label or env.t(_("Somebody"))) if author else outside
        made.append(Said(one["id"], one["kind"], person(author.id, name) if author else None, name,
                         env.format.relative(one["at"], env.now), env.format.datetime(one["at"]),
                         Markup(one["body"] or ""),  # noqa: S704 - cleaned by its field
                         [(f"/files/{f.id}", f.label or f"#{f.id}") for f in one["files"]], one["direction"] == IN,
                         one["moved_from"].label or "" if one["moved_from"] else ""))
    return made


def _facts(env: Env, row: dict[str, Any]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for name, record in (("requester", "contacts.contact"), ("account", "contacts.account"), ("category", ""), ("owner", "")):
        if row[name] is not None and row[name].label:
            field_ = env.registry.record(TICKET).fields[name]
            found.append((env.t(field_.label), row[name].label, record_url(record, row[name].id) if record else ""))
    if row["requester.mobile"]:
        found.append((env.t(_("Mobile")), env.format.phone(row["requester.mobile"]), f"tel:{row['requester.mobile']}"))
    language = dict(LANGUAGES).get(row["language"] or row["requester.preferred_language"] or "")
    if language:
        found.append((env.t(_("Language")), language, ""))
    for name in ("first_response_due", "resolution_due"):
        if row[name] is not None and not (name == "first_response_due" and row["first_responded_at"]):
            found.append((env.t(env.registry.record(TICKET).fields[name].label), env.format.datetime(row[name]), ""))
    if row["satisfaction"]:
        found.append((env.t(_("Satisfaction")), env.t(_("{score} of 5", score=row["satisfaction"])), ""))
    return found
