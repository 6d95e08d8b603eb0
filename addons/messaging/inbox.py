"""The inbox: conversations at one side, the chosen one at the other. A fixed number of statements, whatever there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.api import ME, Env, F, NotFound, Tile, _
from core.web_api import Action, EmptyState, FormPage, Option, Person, Request, Tab, listed, person, record_url, with_query

from . import accounts, inbox_person, rendering, showing, threads
from .choices import ACCOUNT, IN, MESSAGE, THREAD
from .showing import Shown

URL = "/x/messaging/inbox"
SHOWN, SAID, CAP = 40, 50, 99
OPEN = ~F.done
VIEWS = {
    "open": (_("Open", context="conversations"), OPEN),
    "unread": (_("Unread"), OPEN & F.unread),
    "mine": (_("Mine"), OPEN & (F.owner == ME)),
    "nobodys": (_("Nobody's"), OPEN & F.owner.is_null()),
    "done": (_("Done"), F.done),
}
WAITING = OPEN & F.unread & ((F.owner == ME) | F.owner.is_null())
"""What waits for the reader: unread and theirs, or nobody's."""
PATHS = ("subject", "channel", "account", "counterpart", "person", "private", "last_at", "last_from", "unread", "done", "owner")
ROWS = 5


@dataclass
class Line:
    """One conversation in the list."""

    id: int
    url: str
    who: str
    text: str
    when: str
    exact: str
    icon: str
    channel: str
    owner: Person | None = None
    unread: bool = False
    current: bool = False
    answered: bool = False
    private: bool = False


@dataclass
class Opened:
    """The conversation that is shown."""

    id: int
    title: str
    address: str
    icon: str
    channel: str
    account: str
    said: list[Shown]
    url: str
    formatted: bool
    earlier_url: str = ""
    may: bool = False
    can_reply: bool = False
    closed: str = ""
    subject: str = ""
    reply_url: str = ""
    unread: bool = False
    done: bool = False
    private: bool = False
    owner: Person | None = None
    actions: list[Action] = field(default_factory=list)
    menu: list[Action] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    people: list[Action] = field(default_factory=list)
    found: list[Action] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    newest: int = 0
    meter_url: str = ""


@dataclass
class InboxPage:
    """Everything the template draws."""

    title: str
    tabs: list[Tab]
    lines: list[Line]
    here: str
    search: str
    hidden: list[tuple[str, str]]
    channels: list[Option]
    more: str = ""
    first: str = ""
    opened: Opened | None = None
    empty: EmptyState | None = None
    new: list[Action] = field(default_factory=list)
    reply: FormPage | None = None
    problems: list[str] = field(default_factory=list)


# ---------------------------------------------------------------- the list
def page(env: Env, request: Request, key: int) -> InboxPage:
    """The inbox, with or without an open conversation."""
    env.require("read", THREAD)
    name = request.arg("v") if request.arg("v") in VIEWS else "open"
    place, words = request.arg("in")[:40], request.arg("q")[:200]
    kept = [(k, v) for k, v in (("v", name if name != "open" else ""), ("in", place), ("q", words)) if v]
    query, problems = listed(env, THREAD, [("q", words), ("s", "1")] if words else [("s", "1")])
    query = query.where(VIEWS[name][1], _within(place))
    found = query.order("-last_at", "-id").select(*PATHS).page(SHOWN, request.arg("after") or None)
    texts = _last_texts(env, found.rows)
    lines = [_line(env, row, kept, key, texts) for row in found.rows]
    model = InboxPage(env.t(_("Inbox")), _tabs(env, name, kept), lines, with_query(URL, kept), words,
                      [(k, v) for k, v in kept if k in ("v", "in")], _places(env, place), problems=problems)
    model.more = with_query(URL, [*kept, ("after", found.next)]) if found.next else ""
    model.first = lines[0].url if lines else ""
    model.new = writing(env, model.here)
    if key:
        model.opened = opened(env, request, key, kept)
        at = next((i for i, line in enumerate(lines) if line.id == key), None)
        if at is None:
            model.opened.next = model.first
        else:
            model.opened.previous = lines[at - 1].url if at else ""
            model.opened.next = lines[at + 1].url if at + 1 < len(lines) else ""
            lines[at].unread = lines[at].unread and not model.opened.may
    if not lines:
        model.empty = _empty(env, bool(words or place), name)
    return model


def thread_url(key: int, kept: list[tuple[str, str]]) -> str:
    """The inbox with a conversation open."""
    return with_query(f"/x/messaging/thread/{key}", kept)


def _within(place: str) -> Any:
    """Conversations of a channel ("sms") or of one account ("7")."""
    if place.isdecimal() and len(place) < 18:
        return F.account == int(place)
    return F.channel == place if place else None


def _places(env: Env, chosen: str) -> list[Option]:
    """Channels and accounts to choose among."""
    rows = env.query(ACCOUNT).order("channel", "position", "id").select("name", "channel").rows(100)
    known = accounts.channels(env)
    found = [Option("", env.t(_("All channels")), selected=not chosen)]
    for name in dict.fromkeys(r["channel"] for r in rows):
        found.append(Option(name, env.t(known[name].label) if name in known else name, selected=chosen == name))
        found += [Option(str(r["id"]), f"– {r['name']}", selected=chosen == str(r["id"])) for r in rows if r["channel"] == name]
    return found if len(found) > 1 else []


def _tabs(env: Env, chosen: str, kept: list[tuple[str, str]]) -> list[Tab]:
    count = env.query(THREAD).where(WAITING).count(cap=CAP + 1)
    further = [(k, v) for k, v in kept if k == "in"]
    return [Tab(name, env.t(label), number(env, count) if name == "unread" and count else "", with_query(URL, [("v", name), *further]),
                active=name == chosen) for name, (label, _condition) in VIEWS.items()]


def number(env: Env, count: int) -> str:
    """A number that is capped."""
    return env.format.number(count) if count <= CAP else env.t(_("{count}+", count=env.format.number(CAP)))


def _last_texts(env: Env, rows: list[dict[str, Any]]) -> dict[int, str]:
    """How the last message of each conversation begins: of channels without subjects, read by their moments in one statement."""
    known = accounts.channels(env)
    moments = {r["id"]: r["last_at"] for r in rows if r["channel"] in known and not known[r["channel"]].formatted}
    if not moments:
        return {}
    query = env.query(MESSAGE).holding("thread", list(moments)).where(F.at >= min(moments.values()))
    found = query.order("-at", "-id").select("thread", "body").rows(SHOWN * 3)
    texts: dict[int, str] = {}
    for row in found:
        texts.setdefault(row["thread"].id, rendering.beginning(row["body"] or "", 90))
    return texts


def _line(env: Env, row: dict[str, Any], kept: list[tuple[str, str]], current: int, texts: dict[int, str]) -> Line:
    channel = accounts.channels(env).get(row["channel"])
    owner = row["owner"]
    return Line(row["id"], thread_url(row["id"], kept), who(env, row),
                texts.get(row["id"]) or rendering.beginning(row["subject"] or "", 90),
                env.format.relative(row["last_at"], env.now), env.format.datetime(row["last_at"]),
                channel.icon if channel else "chat-text", env.t(channel.label) if channel else row["channel"],
                person(owner.id, owner.label) if owner and owner.label else None, bool(row["unread"]), row["id"] == current,
                row["last_from"] != IN, bool(row["private"]))


def who(env: Env, row: dict[str, Any]) -> str:
    """With whom a conversation is."""
    label = row["person"].label if row["person"] is not None else ""
    return label or showing.address(env, row["counterpart"]) or "—"


def _empty(env: Env, filtered: bool, view: str) -> EmptyState:
    if filtered:
        return EmptyState(env.t(_("Nothing found")), env.t(_("No conversation fits the search and the filter.")), reason="filtered")
    if view == "open" and not env.query(ACCOUNT).exists():
        made = EmptyState(env.t(_("No account yet")), env.t(_("Messages leave and come in through accounts: a line at an SMS provider, a "
                                                              "mail box. Set one up, then write from any lead, contact or deal.")),
                          "broadcast-pin")
        if env.can("create", ACCOUNT):
            made.actions = [Action(env.t(_("New account")), "/x/messaging/account/new", "plus-lg", style="primary")]
        return made
    texts = {"unread": _("Everything is read."), "mine": _("No open conversation is yours."), "done": _("Nothing is marked as done yet.")}
    return EmptyState(env.t(_("No conversations here")), env.t(texts.get(view, _("What people write to you comes here."))), "inbox")


def writing(env: Env, back: str) -> list[Action]:
    """A new message in each channel in which the reader has an account."""
    rows = env.query(ACCOUNT).where(F.active).order("position", "id").select("channel", "provider").rows(100)
    there = {r["channel"] for r in rows if r["provider"] in accounts.providers(env, r["channel"])}
    return [Action(env.t(channel.label), with_query("/x/messaging/compose", {"channel": name, "next": back}), channel.icon, kind="sheet")
            for name, channel in accounts.channels(env).items() if name in there]


# ---------------------------------------------------------------- one conversation
def opened(env: Env, request: Request, key: int, kept: list[tuple[str, str]]) -> Opened:
    """One conversation; NotFound when it may not be seen. Whoever may answer it has read it now."""
    rows = env.query(THREAD).archived(None).with_ids([key]).select(*PATHS).rows(1)
    if not rows:
        raise NotFound(_("There is no such conversation, or you may not see it."))
    row = rows[0]
    channel = accounts.channels(env).get(row["channel"])
    back = thread_url(key, kept)
    found = env.query(MESSAGE).where(F.thread == key).order("-at", "-id").select(*showing.paths(env, "html")).page(
        SAID, request.arg("before") or None)
    may = env.allowed_ids("update", THREAD, [key]) == {key}
    deciding = showing.deciding(env, found.rows)
    said = [showing.shown(env, one, back, whole=True, may=one["id"] in deciding) for one in reversed(found.rows)]
    for one, message in zip(said, reversed(found.rows), strict=True):
        one.actions = showing.menu(env, message, one, back)
    usable = accounts.usable(env, row["channel"]) if channel else []
    made = Opened(key, who(env, row), showing.address(env, row["counterpart"]), channel.icon if channel else "chat-text",
                  env.t(channel.label) if channel else row["channel"], row["account"].label or "" if row["account"] else "", said,
                  back, bool(channel and channel.formatted), may=may, unread=bool(row["unread"]), done=bool(row["done"]),
                  private=bool(row["private"]), subject=row["subject"] if channel and channel.formatted else "")
    if channel is not None and channel.measure is not None:
        made.meter_url = with_query("/x/messaging/measure", {"channel": channel.name})
    made.newest = found.rows[0]["id"] if found.rows else 0
    made.earlier_url = with_query(f"/x/messaging/thread/{key}", [*kept, ("before", found.next)]) if found.next else ""
    mine = next((r for r in usable if row["account"] is not None and r["id"] == row["account"].id), None)
    if row["account"] is None and usable:  # what was brought from elsewhere is answered from the first
        mine = usable[0]
    made.can_reply = may and bool(found.rows) and mine is not None
    made.closed = "" if made.can_reply else env.t(_("You may read this conversation, and not answer it: its account is not open to you.")
                                                  if found.rows else _("There is nothing in this conversation that you may see."))
    made.owner = person(row["owner"].id, row["owner"].label or env.t(_("Somebody"))) if row["owner"] else None
    inbox_person.beside(env, made, row, channel, back)
    if may:
        _tools(env, made, row, back)
        threads.seen(env, [key])
    return made


def _tools(env: Env, made: Opened, row: dict[str, Any], back: str) -> None:
    base, fields = f"/x/messaging/thread/{made.id}", {"next": back}
    mine = row["owner"] is not None and row["owner"].id == env.actor.id
    if not mine:
        made.actions.append(Action(env.t(_("Take")), f"{base}/take", "hand-index-thumb", kind="post", fields=fields, shortcut="t"))
    made.actions.append(Action(env.t(_("Open again") if made.done else _("Done", context="button")), f"{base}/mark",
                               "arrow-counterclockwise" if made.done else "check2-circle", kind="post", shortcut="e",
                               fields={**fields, "as": "open" if made.done else "done"}))
    made.menu = [Action(env.t(_("Mark as unread")), f"{base}/mark", "envelope", kind="post", fields={"as": "unread", "next": back}),
                 Action(env.t(_("Assign…")), with_query(f"{base}/assign", {"next": back}), "person-check", kind="dialog"),
                 Action(env.t(_("Link to a record…")), with_query(f"{base}/link", {"next": back}), "link-45deg", kind="sheet"),
                 Action(env.t(_("All about the conversation")), record_url(THREAD, made.id), "card-list")]


# ---------------------------------------------------------------- elsewhere
def live(env: Env) -> dict[str, Any]:
    """How many conversations wait, and when the last one changed: cheap, asked by every page that stays open."""
    if env.actor.id is None or not env.can("read", THREAD):
        return {}
    count = env.query(THREAD).where(WAITING).count(cap=CAP + 1)
    last = env.query(THREAD).order("-last_at", "-id").select("last_at").rows(1)
    return {"messaging": {"count": count, "text": number(env, count) if count else "",
                          "stamp": f"{last[0]['id']}:{last[0]['last_at'].isoformat()}" if last else ""}}


def tiles(env: Env) -> list[Tile]:
    """Conversations that wait for the reader."""
    if env.actor.id is None or not env.can("read", THREAD):
        return []
    rows = env.query(THREAD).where(WAITING).order("-last_at").select("person", "counterpart", "last_at").rows(ROWS)
    if not rows:
        return []
    told = [(who(env, r), f"/x/messaging/thread/{r['id']}", env.format.relative(r["last_at"], env.now)) for r in rows]
    return [Tile(_("Unread conversations"), rows=told, url=with_query(URL, {"v": "unread"}), icon="chat-text", order=28)]
