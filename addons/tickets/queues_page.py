"""How the queues stand now: what waits and for how long, what was missed, who is there and how much they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from addons.worktime import service as worktime
from core.api import NOW, Env, F, _, n_
from core.web_api import Badge, Cell, Column, EmptyState, Flash, Panel, ReportPage, Row, SimpleTable, Tile, list_link, record_url

from . import assigning
from .service_tabs import HEALTH, tabs
from .sla_choices import AGENT, BY_HAND, LIVE, METHODS, QUEUE, TICKET

OPEN = F.state.isin(LIVE)
FACTS: dict[str, tuple[Any, ...]] = {"open": (OPEN,), "unowned": (OPEN, F.owner.is_null()), "soon": (OPEN, F.sla_state == "due_soon"),
                                     "late": (OPEN, F.breach_at <= NOW)}


def page(env: Env) -> ReportPage:
    """Every queue with its figures, and the people of all queues with theirs: a fixed number of statements."""
    counts = {name: {r["queue"].id if r["queue"] else 0: r["count"] for r in env.query(TICKET).where(*which).aggregate(
        ["queue"], limit=2000)} for name, which in FACTS.items()}
    queues = env.query(QUEUE).where(F.active).order("position", "name").select("name", "method", "on_duty_only").rows(500)
    of = assigning.people(env, [q["id"] for q in queues])
    oldest = _oldest(env)
    people: set[int] = set().union(*of.values())
    names = {r["id"]: r["name"] for r in env.query("base.user").with_ids(people).where(F.active).select("name").rows()} if people else {}
    there = worktime.on_duty(env, names, env.now) if names else set()
    loads = assigning.load(env, names)
    agents = {r["user"].id: r for r in env.query(AGENT).where(F.user.isin(sorted(names))).select(
        "user", "most_open", "takes", "skills").rows()}
    made = ReportPage(env.t(_("Queues now")), tabs=tabs(env, HEALTH), tiles=_tiles(env, counts))
    made.notices = [Flash(text, "warning") for text in _warnings(env, queues, counts, of, there)]
    made.panels = [_queues(env, queues, counts, oldest, of, there), _people(env, names, there, loads, agents)]
    return made


def _oldest(env: Env) -> dict[int, Any]:
    """For each queue how long its oldest ticket without an owner has waited: the longest first, one statement."""
    found: dict[int, Any] = {}
    rows = env.query(TICKET).where(*FACTS["unowned"]).order("created_at").select("queue", "created_at").rows(2000)
    for row in rows:
        found.setdefault(row["queue"].id if row["queue"] else 0, row["created_at"])
    return found


def _tiles(env: Env, counts: Mapping[str, Mapping[int, int]]) -> list[Tile]:
    labels = {"open": (_("Open", context="ticket"), "inboxes"),
              "unowned": (_("Without an owner"), "person-x"), "soon": (_("Due soon"), "hourglass-split"),
              "late": (_("Missed and open"), "alarm")}
    return [Tile(env.t(label), env.format.number(sum(counts[name].values())), url=list_link(env, TICKET, *FACTS[name]), icon=icon)
            for name, (label, icon) in labels.items()]


def _warnings(env: Env, queues: list[dict[str, Any]], counts: Mapping[str, Mapping[int, int]], of: Mapping[int, set[int]],
              there: set[int]) -> list[str]:
    made = []
    for queue in queues:
        people = of[queue["id"]]
        waits = counts["unowned"].get(queue["id"], 0)
        if waits and queue["method"] != BY_HAND and not people:
            made.append(env.t(n_("{queue}: {count} ticket waits and nobody belongs to the queue.",
                                 "{queue}: {count} tickets wait and nobody belongs to the queue.", waits, queue=queue["name"])))
        elif waits and queue["method"] != BY_HAND and queue["on_duty_only"] and not people & there:
            made.append(env.t(n_("{queue}: {count} ticket waits, and nobody is on duty.",
                                 "{queue}: {count} tickets wait, and nobody is on duty.", waits, queue=queue["name"])))
    return made


def _queues(env: Env, queues: list[dict[str, Any]], counts: Mapping[str, Mapping[int, int]], oldest: Mapping[int, Any],
            of: Mapping[int, set[int]], there: set[int]) -> Panel:
    labels = {m[0]: m[1] for m in METHODS}
    rows = [{"id": 0, "name": env.t(_("Without a queue")), "method": ""}, *queues] if counts["open"].get(0) else queues
    made = []
    for queue in rows:
        key = queue["id"]
        own = F.queue == key if key else F.queue.is_null()
        people = of.get(key, set())
        on_duty = env.t(_("{there} of {people}", there=env.format.number(len(people & there)), people=env.format.number(len(people))))
        made.append(Row(key, "", [
            Cell(text=queue["name"], dir="auto", url=record_url(QUEUE, key) if key else ""),
            Cell(text=env.t(labels[queue["method"]]) if queue["method"] else ""), Cell(text=on_duty if people else "–"),
            *(Cell(text=env.format.number(counts[n].get(key, 0)), url=list_link(env, TICKET, own, *FACTS[n]) if counts[n].get(key) else "")
              for n in FACTS),
            Cell(text=env.format.relative(oldest[key], env.now) if key in oldest else "–",
                 title=env.format.datetime(oldest[key]) if key in oldest else "")]))
    headings = ((_("Handed out"), ""), (_("On duty"), "end"), (_("Open", context="ticket"), "end"),
                (_("Without an owner"), "end"), (_("Due soon"), "end"),
                (_("Missed"), "end"), (_("Oldest without an owner"), ""))
    columns = [Column("name", env.t(_("Queue"))), *(Column(f"c{i}", env.t(h), align=a or "start") for i, (h, a) in enumerate(headings))]
    return Panel(env.t(_("Queues")), wide=True, icon="inboxes", table=SimpleTable(columns, made) if made else None,
                 empty=EmptyState(env.t(_("No queues yet")), env.t(_(
                     "Make a queue, give it members, and choose how it hands out its tickets.")), "inboxes"))


def _people(env: Env, names: Mapping[int, str], there: set[int], loads: Mapping[int, int], agents: Mapping[int, Any]) -> Panel:
    made = []
    for user in sorted(names, key=lambda u: (u not in there, -loads.get(u, 0), names[u])):
        agent = agents.get(user)
        takes = agent is None or agent["takes"]
        state = Badge(env.t(_("On duty")), "green") if user in there and takes else Badge(
            env.t(_("Takes none")), "amber") if not takes else Badge(env.t(_("Away")), "grey")
        most = agent["most_open"] if agent else None
        load = env.format.number(loads.get(user, 0))
        made.append(Row(user, "", [
            Cell(text=names[user], dir="auto"), Cell(kind="choice", badges=[state]),
            Cell(text=env.t(_("{load} of {most}", load=load, most=env.format.number(most))) if most else load,
                 url=list_link(env, TICKET, OPEN, F.owner == user) if loads.get(user) else ""),
            Cell(text=", ".join(s.label or "" for s in agent["skills"]) if agent else "", dir="auto")]))
    columns = [Column("name", env.t(_("Agent"))), Column("c0", env.t(_("Now"))), Column("c1", env.t(_("Open tickets")), align="end"),
               Column("c2", env.t(_("Skills")))]
    return Panel(env.t(_("People of the queues")), wide=True, icon="headset", table=SimpleTable(columns, made) if made else None,
                 empty=EmptyState(env.t(_("Nobody yet")), env.t(_("Give the queues members or a team.")), "headset"))
